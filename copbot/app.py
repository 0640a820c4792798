"""The composition root: adapters, database thread, delivery and the beat of the clock, put together and run."""

import asyncio
import itertools
import signal
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from copbot.core import door, due
from copbot.core.dispatch import Dispatch
from copbot.core.errors import AskPlatform, AskWork
from copbot.core.house import House
from copbot.core.menus import menus
from copbot.core.running import Known
from copbot.delivery import Delivery
from copbot.engine import Engine
from copbot.journal import Journal
from copbot.store import inbox, outbox, posted
from copbot.store.outbox import Letter
from copbot.store.transactions import savepoint
from copbot.vocabulary import Adapter, Batch, Chose, Person, Place, Refused, Said

log = structlog.get_logger()

#: Seconds between two looks at what is due.
_BEAT = 1.0

#: Seconds between two tries at a platform that fails, at most.
_LONGEST_PATIENCE = 60.0

#: Seconds after which people are shown that copbot is at work.
_NOTICEABLE = 1.0

#: Seconds without a word from a platform after which the log says so, and how often it does.
_SILENCE = 60.0

#: Turns of the event loop that an answer takes to be on its way: what comes next is asked for only then.
_TURNS = 4

#: Deals with a batch inside a transaction.
Handle = Callable[..., None]


def clock() -> datetime:
    """The time it is. Everything else is told."""
    return datetime.now(UTC)


class App:
    """One copbot at work. `async with App(...) as app`: on leaving, what is under way is finished and the rest kept."""

    def __init__(self, database: sa.Engine, house: House, adapters: Sequence[Adapter]) -> None:
        self._house = house
        self._adapters = {adapter.platform: adapter for adapter in adapters}
        self._database = database
        self._tasks: list[asyncio.Task[None]] = []
        self._at_work = asyncio.Lock()

    async def __aenter__(self) -> "App":
        """Start everything, with what was left unsent."""
        loop = asyncio.get_running_loop()
        vault = self._house.vault
        apart = vault.ready if vault else list
        self.engine = Engine(self._database, lambda letters: _hand_over(loop, self.delivery, letters), apart)
        self._journal = Journal(_beside(self._database))
        self.delivery = Delivery(self.engine, self._adapters, clock, lambda: self._house, self._journal)
        await self.engine.do(partial(posted.found_sent, taken=self._journal.read(), now=clock()))
        self._journal.clear()
        self.delivery.resume(await self.engine.do(outbox.stubs))
        if vault:
            self.delivery.take(await self.engine.do(lambda _tx: vault.start(clock())))
            await self.engine.do(lambda tx: door.keep_every_house(tx, clock(), self._house))
        self._tasks = [asyncio.create_task(self._listen(adapter)) for adapter in self._adapters.values()]
        self._tasks += [asyncio.create_task(self._beat()), asyncio.create_task(self._watch())]
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Stop listening, then finish."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.delivery.finish()
        await asyncio.gather(*(adapter.close() for adapter in self._adapters.values()), return_exceptions=True)
        await asyncio.to_thread(self.engine.close)
        self._journal.close()

    async def take(self, platform: str, batch: Batch) -> None:
        """Deal with a batch of events: all of it is kept together with its cursor, or it is dealt with again."""
        known: dict[Hashable, Any] = {}
        with self._typing(platform, batch):
            try:
                await self._keep(platform, batch, known, self._handle)
            except Exception as problem:
                log.error("batch set apart", platform=platform, error=type(problem).__name__, count=len(batch.events))
                await self._keep(platform, batch, known, self._handle_one_by_one)

    @contextmanager
    def _typing(self, platform: str, batch: Batch) -> Iterator[None]:
        """Where the answer takes a while, show those who spoke to copbot that it is coming."""
        places = {event.place for event in batch.events if isinstance(event, Said | Chose) and event.place.kind == "private"}

        def show() -> None:
            shown.extend(asyncio.create_task(self._adapters[platform].typing(place)) for place in places)

        shown: list[asyncio.Task[None]] = []
        timer = asyncio.get_running_loop().call_later(_NOTICEABLE, show)
        try:
            yield
        finally:
            timer.cancel()
            for task in shown:
                task.add_done_callback(lambda task: task.cancelled() or task.exception())  # a hint may fail

    async def _keep(self, platform: str, batch: Batch, known: dict[Hashable, Any], handle: Handle) -> None:
        """Keep all of it or nothing, asking the platform on the way what must be known of who administers what."""
        while True:
            try:
                await self.engine.do(partial(handle, platform=platform, batch=batch, known=known))
                return
            except AskPlatform as asked:
                if known.keys() & asked.questions:
                    raise  # whoever does not listen to the answer would ask for ever
                answers = await asyncio.gather(*(self._administers(place, person) for place, person in asked.questions))
                known.update(zip(asked.questions, answers, strict=True))
            except AskWork as asked:
                if asked.key in known:
                    raise
                known[asked.key] = await self._work(asked)

    async def _work(self, asked: AskWork) -> object:
        """Something slow on purpose: one at a time, on a thread of its own, and as long whatever comes of it."""
        async with self._at_work:
            began = time.monotonic()
            result: object
            try:
                result = await asyncio.to_thread(asked.work)
            except Exception as problem:  # such as too little memory: the handler says so, and the others go on
                log.error("work failed", error=type(problem).__name__)
                result = problem
            await asyncio.sleep(max(0.0, began + asked.at_least - time.monotonic()))
            return result

    async def _administers(self, place: Place, person: Person) -> bool:
        """What the platform says; where it cannot say, nobody is an administrator, and nothing waits for it."""
        try:
            return await self._adapters[place.platform].administers(place, person)
        except Exception as problem:
            log.error("asking for rights failed", platform=place.platform, error=type(problem).__name__)
            return False

    def _handle(self, tx: Session, platform: str, batch: Batch, known: Known) -> None:
        dispatch = Dispatch(tx, clock(), self._house, known)
        for event in batch.events:
            dispatch.handle(event)
        if batch.cursor:
            inbox.advance(tx, platform, batch.cursor)

    def _handle_one_by_one(self, tx: Session, platform: str, batch: Batch, known: Known) -> None:
        """Save what can be saved of a batch in which one event breaks everything: that one is passed over, loudly.

        Still in one transaction with the cursor: where the database itself is at fault, the whole batch comes again.
        """
        for event in batch.events:
            try:
                with savepoint(tx, careful=True):
                    self._handle(tx, platform, Batch([event], ""), known)
            except AskPlatform as asked:
                if not known.keys() & asked.questions:
                    raise
                log.error("event passed over", platform=platform, error=type(asked).__name__)
            except AskWork as asked:
                if asked.key not in known:
                    raise
                log.error("event passed over", platform=platform, error=type(asked).__name__)
            except Exception as problem:
                log.error("event passed over", platform=platform, error=type(problem).__name__)
        if batch.cursor:
            inbox.advance(tx, platform, batch.cursor)

    async def _listen(self, adapter: Adapter) -> None:
        """Take what the platform hands over, from where the database says; if it breaks, loudly and with growing patience."""
        await self._open(adapter)
        for patience in (min(2.0**failures, _LONGEST_PATIENCE) for failures in itertools.count()):
            try:
                cursor = await self.engine.do(partial(inbox.position, platform=adapter.platform))
                async for batch in adapter.receive(cursor):
                    await self.take(adapter.platform, batch)
                    for _turn in range(_TURNS):
                        await asyncio.sleep(0)
                return
            except Exception as problem:
                _tell("listening failed", adapter, problem, patience)
            await asyncio.sleep(patience)

    async def _open(self, adapter: Adapter) -> None:
        """Get the platform ready, however long that takes; then what is to be said there can go."""
        for patience in (min(2.0**failures, _LONGEST_PATIENCE) for failures in itertools.count()):
            try:
                await adapter.open(menus())
                break
            except Exception as problem:
                _tell("opening failed", adapter, problem, patience)
            await asyncio.sleep(patience)
        self._house = replace(self._house, doors={**self._house.doors, adapter.platform: adapter.door})
        self.delivery.opened(adapter.platform)

    async def _watch(self) -> None:
        """Say so, once a minute, where a platform has not been heard for too long."""
        while True:
            await asyncio.sleep(_SILENCE)
            for adapter in self._adapters.values():
                if (silence := adapter.silent_for()) > _SILENCE:
                    log.error("platform silent", platform=adapter.platform, seconds=round(silence))

    async def _beat(self) -> None:
        while True:
            try:
                while await self.engine.do(lambda tx: due.tick(tx, clock(), self._house)):
                    pass
                if vault := self._house.vault:
                    await self.engine.do(lambda _tx, vault=vault: vault.sweep(clock()))  # type: ignore[misc]
            except Exception as problem:
                log.error("tick failed", error=type(problem).__name__)
            await asyncio.sleep(_BEAT)


async def serve(app: App) -> None:
    """Be at work until the machine asks to stop."""
    stop = asyncio.Event()
    for signalled in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signalled, stop.set)
    async with app:
        await stop.wait()


def _beside(database: sa.Engine) -> Path | None:
    """The journal's place: beside the database, if that is a file."""
    name = database.url.database if database.dialect.name == "sqlite" else None
    return Path(f"{name}.taken") if name and name != ":memory:" else None


def _tell(event: str, adapter: Adapter, problem: Exception, patience: float) -> None:
    reason = problem.reason if isinstance(problem, Refused) else ""
    log.error(event, platform=adapter.platform, error=type(problem).__name__, reason=reason, seconds=patience)


def _hand_over(loop: asyncio.AbstractEventLoop, delivery: Delivery, letters: list[Letter]) -> None:
    loop.call_soon_threadsafe(delivery.take, letters)
