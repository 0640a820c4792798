"""C5: where words cannot be sealed or kept, they are refused, nothing of them stays, and their author is told."""

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from tests.proof.lasting import stage
from tests.proof.observing import dump, raw
from tests.proof.scenarios import Step, sentence
from tests.proof.world import World


@contextmanager
def _key_file(world: World, content: str, mode: int) -> Iterator[None]:
    """The key file is no good."""
    kept = world.channel.ring
    with TemporaryDirectory() as folder:
        path = Path(folder, "parole.key")
        path.write_text(content, encoding="ascii")
        path.chmod(mode)
        world.channel.ring = path
        world.take(Step("", "restarts"))
        yield
    world.channel.ring = kept
    world.take(Step("", "restarts"))


@contextmanager
def _disk_full(world: World) -> Iterator[None]:
    """No page more."""
    connection = raw(world.channel.database)
    connection.execute("VACUUM")
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    yield
    connection.execute("PRAGMA max_page_count = 1000000").fetchall()


@contextmanager
def _breaks(world: World, after: int) -> Iterator[None]:
    """The statement that comes next but so many breaks."""
    left = [after]

    def fail(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        left[0] -= not statement.startswith(("SELECT", "PRAGMA"))
        if left[0] == 0:
            raise sqlite3.OperationalError("disk I/O error")

    sa.event.listen(world.channel.database, "before_cursor_execute", fail)
    yield
    sa.event.remove(world.channel.database, "before_cursor_execute", fail)


@contextmanager
def _bad_recipient(world: World) -> Iterator[None]:
    """The key of a listener is none."""
    connection = raw(world.main)
    kept = connection.execute("SELECT member_id, key FROM listeners").fetchall()
    connection.execute("UPDATE listeners SET key = 'age1nothing'")
    yield
    connection.executemany("UPDATE listeners SET key = ? WHERE member_id = ?", [(key, member) for member, key in kept])


#: A key file as it is written.
_KEYS = json.dumps({"release": "A" * 43 + "=", "salt": "A" * 22 + "=="})

Fault = Callable[[World], Any]

FAULTS: dict[str, tuple[Fault, str]] = {
    "key file that others can read": (lambda world: _key_file(world, _KEYS, 0o644), "posts"),
    "key file that holds no keys": (lambda world: _key_file(world, "", 0o600), "posts"),
    "key file cut short": (lambda world: _key_file(world, _KEYS.replace("AAAA", "", 1), 0o600), "posts"),
    "disk full": (_disk_full, "posts"),
    "breaks at once": (lambda world: _breaks(world, 1), "posts"),
    "breaks later": (lambda world: _breaks(world, 3), "posts"),
    "bad recipient": (_bad_recipient, "posts to listeners"),
}


def refused(fault: str, seed: int) -> list[str]:
    """What is wrong with how this fault is met."""
    chance = random.Random(seed)
    world = stage(1, seed)
    make, what = FAULTS[fault]
    world.take(Step("maia", "thinks better of it", sentence(chance)))
    before = _threads(world)
    with make(world):
        world.take(Step("nour", what, text := sentence(chance, 3000)))
        heard = [outgoing.text for outgoing in world.own]
    found = []
    if _threads(world) != before:
        found.append("something was kept")
    if not heard or not any("cannot keep this" in one or "ne peux pas garder" in one for one in heard):
        found.append(f"the author was not told: {heard}")
    if any(text in heard.text for heard in world.observed.heard):
        found.append("somebody else heard it")
    world.take(Step("otto", "posts", sentence(chance)))
    if len(_threads(world)) <= len(before):
        found.append("it does not work again afterwards")
    return found


def _threads(world: World) -> list[object]:
    return [row for row in dump(world.channel.database) if row[0] in ("parole_threads", "parole_messages")]
