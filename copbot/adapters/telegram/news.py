"""What is learnt of Telegram otherwise than from its updates, on its way to those who hand over what happens."""

import asyncio

from copbot.vocabulary import Incoming


class News:
    """`came` is set while there is some."""

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
