"""What those who hand over what happens share, whether they ask Telegram or are told by it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from copbot.adapters.telegram.incoming import Me, Raw
from copbot.vocabulary import Incoming


class News:
    """What is learnt otherwise than from updates, such as by sending. `came` is set while there is some."""

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self._events: list[Incoming] = []

    def tell(self, event: Incoming) -> None:
        """Hand this over as well."""
        self._events.append(event)
        self.came.set()

    def taken(self) -> list[Incoming]:
        """All there is; it is told only once."""
        events, self._events = self._events, []
        self.came.clear()
        return events


@dataclass(frozen=True)
class Ears:
    """Who listens, and what they do on hearing.

    `heard` is called whenever Telegram answered, `answer` with every update that is new, before it is handled. At the very
    first contact, what was said before `start`, in seconds since 1970, is passed over.
    """

    me: Me
    news: News
    start: int
    heard: Callable[[], None]
    answer: Callable[[Raw], None]
