"""Bringing the outbox to the platforms: each chat in order, no chat waiting for another, nothing lost, no hot loop."""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from copbot.core.house import Confidant
from copbot.engine import Engine, Work
from copbot.store import outbox, posted
from copbot.store.outbox import MOST_ATTEMPTS, Letter
from copbot.vocabulary import Adapter, TryLater, Unreachable

log = structlog.get_logger()

#: Seconds before a message is tried again.
_LONGEST_WAIT = 3600.0
_SHORTEST_WAIT = 0.5

#: Seconds between two tries to note what became of one, at most.
_LONGEST_PATIENCE = 30.0

Chat = tuple[str, str, bool]


class Delivery:
    """One worker per chat that has something waiting."""

    def __init__(
        self,
        engine: Engine,
        adapters: Mapping[str, Adapter],
        clock: Callable[[], datetime],
        vault: Confidant | None = None,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._adapters = adapters
        self._clock = clock
        self._open = {platform: asyncio.Event() for platform in adapters}
        self._chats: dict[Chat, deque[Letter]] = {}
        self._workers: set[asyncio.Task[None]] = set()

    def take(self, letters: list[Letter]) -> None:
        """Deliver these, after what already waits for the same chat."""
        for letter in letters:
            if letter.platform not in self._adapters:
                continue
            if letter.chat in self._chats:
                self._chats[letter.chat].append(letter)
                continue
            self._chats[letter.chat] = deque([letter])
            worker = asyncio.create_task(self._work(letter.chat))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    def opened(self, platform: str) -> None:
        """This platform takes messages from now on; what is for it has waited until now."""
        self._open[platform].set()

    async def idle(self) -> None:
        """Wait until nothing waits but what has to."""
        await asyncio.sleep(0)
        while self._workers:
            await asyncio.wait(self._workers)

    async def finish(self, seconds: float = 5) -> None:
        """Give what is under way a little time, then leave the rest for the next start."""
        if self._workers:
            await asyncio.wait(self._workers, timeout=seconds)
        for worker in self._workers:
            worker.cancel()

    async def _work(self, chat: Chat) -> None:
        waiting = self._chats[chat]
        try:
            await self._open[chat[0]].wait()
            while waiting:
                await self._deliver(waiting[0])
                waiting.popleft()
        finally:
            del self._chats[chat]  # whatever happened, the next message finds a worker

    async def _deliver(self, letter: Letter) -> None:
        """Send it, however long it takes, or end it."""
        failures = letter.attempts
        while True:
            if letter.not_before and (early := (letter.not_before - self._clock()).total_seconds()) > 0:
                await asyncio.sleep(early)
            if letter.expires_at and letter.expires_at <= self._clock():
                await self._end(letter, "expired")
                return
            try:
                message = await self._adapters[letter.platform].send(letter.outgoing())
            except TryLater as wait:
                seconds = max(_SHORTEST_WAIT, min(wait.seconds, _LONGEST_WAIT))
                letter.not_before = self._clock() + timedelta(seconds=seconds)
            except Unreachable as gone:
                log.warning("chat unreachable", platform=letter.platform, reason=gone.reason)
                await self._end(letter, "unreachable")
                return
            except Exception as problem:
                failures += 1
                log.warning("sending failed", platform=letter.platform, error=type(problem).__name__, attempts=failures)
                if failures >= MOST_ATTEMPTS:
                    log.error("message given up", platform=letter.platform, attempts=failures)
                    await self._end(letter, "failed")
                    return
                letter.not_before = self._clock() + timedelta(seconds=min(2.0**failures, _LONGEST_WAIT))
            else:
                await self._note(partial(self._sent, letter=letter, message=message))
                return
            await self._note(partial(outbox.postpone, id=letter.id, until=letter.not_before, failures=failures))

    async def _end(self, letter: Letter, state: str) -> None:
        await self._note(partial(self._given_up, letter=letter, state=state))

    def _sent(self, tx: Session, letter: Letter, message: str) -> None:
        if letter.apart and self._vault:
            self._vault.ended(letter, message, self._clock())
        else:
            posted.sent(tx, letter, message, self._clock())

    def _given_up(self, tx: Session, letter: Letter, state: str) -> None:
        if letter.apart and self._vault:
            self._vault.ended(letter, "", self._clock())
        else:
            posted.given_up(tx, letter, state)

    async def _note(self, what: Work) -> None:
        """Keep what became of a message, however long the database takes: it must not go out again for that."""
        for patience in (min(2.0**failures, _LONGEST_PATIENCE) for failures in itertools.count()):
            try:
                await self._engine.do(what)
                return
            except Exception as problem:
                log.error("noting failed", error=type(problem).__name__, seconds=patience)
            await asyncio.sleep(patience)
