"""Asking Telegram what happened: the long poll, whose offset is kept in the transaction of what was done.

Telegram forgets what is below the offset of a poll. So the next poll goes out only once everything from the last is kept.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from copbot.adapters.telegram import faults
from copbot.adapters.telegram.albums import Albums
from copbot.adapters.telegram.incoming import ALLOWED, PLATFORM, Raw, album_of, is_history, safely, to_album, to_incoming
from copbot.adapters.telegram.listening import Ears
from copbot.adapters.telegram.marks import Mark
from copbot.adapters.telegram.request import Api
from copbot.vocabulary import Batch, Incoming, Refused

log = structlog.get_logger()

#: Seconds that Telegram keeps a poll open when nothing happens, and that the answer may take besides.
_OPEN = 25
_GRACE = 10.0

#: So many updates come with one poll at most; fewer mean that there were no more.
_MOST = 100

#: Seconds between two polls while an album may still grow.
_GLANCE = 0.2

#: Seconds between two tries at a poll that fails.
_SHORTEST, _LONGEST = 1.0, 60.0


class Poll:
    """One reader of what happens."""

    def __init__(self, api: Api, ears: Ears) -> None:
        self._api = api
        self._ears = ears
        self._albums = Albums()
        self._failures = 0

    async def batches(self, cursor: str) -> AsyncIterator[Batch]:
        """What happened after the cursor, for ever. Raises Refused."""
        mark = Mark.read(cursor)
        if not cursor:
            async for first in self._first():
                mark = Mark.read(first.cursor)
                yield first
        while True:
            asking = asyncio.ensure_future(self._ask(mark.offset, 0 if self._albums.numbers else _OPEN))
            try:
                async for told in self._meanwhile(asking, mark):
                    yield told
                updates = await asking
            finally:
                asking.cancel()
            events, after = self._read(updates, mark)
            if events or after != mark:
                yield Batch(events, str(after))
            mark = after
            if self._albums.numbers:
                await asyncio.sleep(_GLANCE)

    async def _first(self) -> AsyncIterator[Batch]:
        """At the very first start: pass over what was said before anybody was there to hear it."""
        mark = Mark()
        while True:
            updates = await self._ask(mark.offset, 0)
            events, mark = self._read(updates, mark, self._ears.start)
            yield Batch(events, str(mark))
            if len(updates) < _MOST:
                return

    async def _meanwhile(self, asking: "asyncio.Future[list[Raw]]", mark: Mark) -> AsyncIterator[Batch]:
        """What is learnt by other ways until the poll is answered."""
        while not asking.done():
            told = asyncio.ensure_future(self._ears.news.came.wait())
            either: set[asyncio.Future[Any]] = {asking, told}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            told.cancel()
            if events := self._ears.news.taken():
                yield Batch(events, str(mark))

    def _read(self, updates: list[Raw], mark: Mark, start: int = 0) -> tuple[list[Incoming], Mark]:
        """What these updates say, each read by itself, and the mark behind them. An album waits until it is whole.

        What was said before `start` is passed over.
        """
        now = time.monotonic()
        events: list[Incoming] = []
        fresh = [(number, update) for update in updates if not mark.has(number := update["update_id"])]
        for number, update in fresh:
            self._ears.answer(update)
            if start and is_history(update, start):
                continue
            if album := safely(album_of, update):
                self._albums.add(album, number, update, now)
            else:
                events += safely(to_incoming, update, self._ears.me) or []
        for parts in self._albums.whole(now):
            events += safely(to_album, list(parts.values()), self._ears.me) or []
        return events, mark.after((number for number, _update in fresh), self._albums.numbers)

    async def _ask(self, offset: int, seconds: int) -> list[Raw]:
        """The next updates, however long they take to come. Raises Refused."""
        while True:
            try:
                updates = _sound(await self._poll(offset, seconds))
            except (InvalidToken, Conflict) as problem:
                raise Refused("token refused" if isinstance(problem, InvalidToken) else "another reader") from None
            except RetryAfter as problem:
                await asyncio.sleep(faults.seconds_of(problem))
            except TelegramError as problem:
                await self._recover(problem)
            else:
                self._failures = 0
                self._ears.heard()
                return updates

    async def _poll(self, offset: int, seconds: int) -> Any:
        return await self._api.call(
            "getUpdates", within=seconds + _GRACE, offset=offset, timeout=seconds, limit=_MOST, allowed_updates=ALLOWED
        )

    async def _recover(self, problem: TelegramError) -> None:
        seconds = min(_SHORTEST * 2**self._failures, _LONGEST)
        self._failures = min(self._failures + 1, 10)
        log.warning("poll failed", platform=PLATFORM, error=type(problem).__name__, seconds=seconds)
        await asyncio.sleep(seconds)


def _sound(updates: Any) -> list[Raw]:
    """Those that bear a number. Raises TelegramError if none of them does: nothing could ever be got past them."""
    if not isinstance(updates, list):
        raise TelegramError("not a list")
    sound = [one for one in updates if isinstance(one, dict) and isinstance(one.get("update_id"), int)]
    if updates and not sound:
        raise TelegramError("no number")
    return sound
