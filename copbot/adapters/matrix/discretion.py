"""What may be logged while something is said: of what is confidential nothing, neither by copbot nor by nio below it.

A line has a date, and whoever reads it later knows when somebody was spoken with. What is asked of the homeserver for a message
is asked by others along the way, so they learn from the context whether they may tell.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from copbot.vocabulary import Outgoing

_SILENT = ContextVar("silent", default=False)


@contextmanager
def discreetly(outgoing: Outgoing) -> Iterator[None]:
    """Log nothing meanwhile, nor in the tasks begun meanwhile, where it would tell when something confidential was said.

    Messages are removed and keys dropped where something was said in confidence, and nowhere else.
    """
    before = _SILENT.set(outgoing.confidential or outgoing.act in ("remove", "forget"))
    try:
        yield
    finally:
        _SILENT.reset(before)


def may_tell(_record: object = None) -> bool:
    """Whether a line may be logged now."""
    return not _SILENT.get()


#: nio warns of devices whose keys are not in order, and names them.
for _name in ("nio.crypto.log", "nio.responses"):
    logging.getLogger(_name).addFilter(may_tell)
