"""Bringing the outbox to the platforms: each chat in order, no chat waiting for another, nothing lost, no hot loop."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from copbot.core import outcomes
from copbot.core.house import House
from copbot.engine import Engine, Work
from copbot.journal import Journal
from copbot.lines import Chat, Line
from copbot.pacing import Pacer
from copbot.routes import Route
from copbot.store import outbox
from copbot.store.attachments import LARGEST
from copbot.store.outbox import MOST_ATTEMPTS, Letter, Stub
from copbot.vocabulary import Adapter, Outgoing, TryLater, Undeliverable, Unreachable

log = structlog.get_logger()

#: Seconds before a message is tried again: of our own accord, and at most where a platform asks for patience.
_SHORTEST_WAIT = 0.5
_LONGEST_WAIT = 3600.0
_LONGEST_OBEYED = 86_400.0

#: Seconds between two tries to note what became of one, at most.
_LONGEST_PATIENCE = 30.0

#: So many messages that wait are held in memory; of the others their numbers are, and they are read when their turn comes.
_MOST_HELD = 2000

#: More than so many at once are no answers: answers go before them.
_BULK = 20


class Delivery:
    """Brings each platform what waits for it, at the pace it asks for, several chats at once."""

    def __init__(
        self,
        engine: Engine,
        adapters: Mapping[str, Adapter],
        clock: Callable[[], datetime],
        house: Callable[[], House] = House,
        journal: Journal | None = None,
    ) -> None:
        """To be made where an event loop runs."""
        self._house = house
        self._journal = journal or Journal(None)
        self._engine = engine
        self._adapters = adapters
        self._clock = clock
        self._routes = {platform: Route(adapter, Line(Pacer(adapter.pace), _is_act)) for platform, adapter in adapters.items()}
        self._held = 0
        self._progress = asyncio.Event()
        self._taken: list[tuple[Letter, str, asyncio.Future[None]]] = []
        self._noting: asyncio.Task[None] | None = None
        self._drivers = [asyncio.create_task(self._drive(route)) for route in self._routes.values()]

    # What is to be said

    def take(self, letters: Sequence[Letter]) -> None:
        """Deliver these, after what already waits for the same chat."""
        many = {platform for platform, count in Counter(letter.platform for letter in letters).items() if count > _BULK}
        for letter in letters:
            route = self._routes.get(letter.platform)
            if route is None:
                continue
            later = self._later(letter.not_before) if letter.not_before else 0.0
            held = letter.apart or (not later and self._held < _MOST_HELD)  # what is kept apart cannot be read again
            self._held += held
            self._put(route, letter.chat, letter if held else letter.id, later, bulk=letter.platform in many)
        self._wake()

    def resume(self, stubs: Iterable[Stub]) -> None:
        """Deliver what an earlier copbot left unsent. What already failed holds up what was to be said after it."""
        for stub in stubs:
            route = self._routes.get(stub.platform)
            if route is None:
                continue
            later = self._later(stub.not_before) if stub.not_before and not stub.attempts else 0.0
            self._put(route, (stub.platform, stub.room, stub.private), stub.id, later, bulk=True)
        self._wake()

    def _put(self, route: Route, chat: Chat, item: Letter | int, later: float, *, bulk: bool) -> None:
        if later:
            route.line.plan(chat, item, _now() + later)
        else:
            route.line.put(chat, item, _now(), bulk=bulk)

    def _later(self, moment: datetime) -> float:
        return max(0.0, (moment - self._clock()).total_seconds())

    def opened(self, platform: str) -> None:
        """This platform takes messages from now on; what is for it has waited until now."""
        self._routes[platform].open.set()

    # When it is said

    async def idle(self) -> None:
        """Wait until nothing waits but what is planned for later."""
        await asyncio.sleep(0)
        while any(route.line for route in self._routes.values()):
            self._progress.clear()
            await self._progress.wait()

    async def finish(self, seconds: float = 5) -> None:
        """Give what is under way, and what could go at once, a little time; leave the rest for the next start."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while any(map(_is_at_work, self._routes.values())):
                    self._progress.clear()
                    await self._progress.wait()
        tasks = [*self._drivers, *(task for route in self._routes.values() for task in route.under_way)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._noting:
            await asyncio.wait([self._noting], timeout=seconds)

    def _wake(self) -> None:
        for route in self._routes.values():
            route.changed.set()

    async def _drive(self, route: Route) -> None:
        """Send off whatever may go, for ever."""
        await route.open.wait()
        while True:
            route.changed.clear()
            while not (full := route.full_until(_now())) and (chat := route.line.next(_now())):
                route.sending[chat] = _now()
                task = asyncio.create_task(self._serve(route, chat))
                route.under_way.add(task)
                task.add_done_callback(partial(self._served, route))
            wakes_at = full or route.line.wakes_at()
            timer = asyncio.get_running_loop().call_at(wakes_at, route.changed.set) if wakes_at is not None else None
            await route.changed.wait()
            if timer:
                timer.cancel()

    async def _serve(self, route: Route, chat: Chat) -> None:
        """Deal with the first of what waits for this chat, and let the next follow."""
        item = route.line.head(chat)
        stays: tuple[Letter | int, float] | None
        try:
            letter = await self._engine.do(partial(outbox.still_waiting, id=item)) if isinstance(item, int) else item
            stays = await self._deliver(route, letter) if letter else None
        except Exception as problem:
            log.error("delivery failed", platform=chat[0], error=type(problem).__name__)
            stays = (item if isinstance(item, int) or item.apart else item.id), _LONGEST_PATIENCE
        self._makes_room(route, chat)
        if isinstance(item, Letter) and (stays is None or stays[0] is not item):
            self._held -= 1
        if stays is None:
            route.line.done(chat, _now())
        else:
            route.line.again(chat, stays[0], _now(), stays[1])

    def _makes_room(self, route: Route, chat: Chat) -> None:
        route.sending.pop(chat, None)
        route.changed.set()

    def _served(self, route: Route, task: asyncio.Task[None]) -> None:
        """Look what may go now, and whether anything is left: the task counts as under way until here."""
        route.under_way.discard(task)
        route.in_a_row *= bool(route.line)
        route.changed.set()
        self._progress.set()

    # How it goes

    async def _deliver(self, route: Route, letter: Letter) -> tuple[Letter | int, float] | None:
        """Send it, or as much of it as fits in one message, or end it.

        None if it is over and done with; else what stays of it, and the seconds after which that is to be tried.
        """
        if letter.not_before and letter.attempts and (early := self._later(letter.not_before)):
            return letter if letter.apart else letter.id, early
        if letter.expires_at and letter.expires_at <= self._clock():
            await self._end(letter, "expired")
            return None
        try:
            part, rest = route.adapter.divide(await fetched(letter, self._adapters))
            message = await self._send(route, letter.chat, part)
        except TryLater as wait:
            seconds = max(_SHORTEST_WAIT, min(wait.seconds, _LONGEST_OBEYED))
            return await self._postpone(letter, seconds, max(letter.attempts, 1))
        except Unreachable as gone:
            _tell(log.warning, letter, "chat unreachable", reason=gone.reason)
            await self._note(partial(outcomes.lost, letter=letter, reason=gone.reason, **self._present()))
            return None
        except Undeliverable as refused:
            _tell(log.error, letter, "message given up", reason=refused.reason)
            await self._end(letter, "failed")
            return None
        except Exception as problem:
            return await self._failed(letter, problem)
        if rest is not None:
            await self._note(partial(outbox.shorten, id=letter.id, text=rest.text))
            outbox.shortened(letter, rest.text)
            return letter, 0.0
        await self._sent(letter, message)
        return None

    async def _send(self, route: Route, chat: Chat, part: Outgoing) -> str:
        begins = _now()
        try:
            message = await route.adapter.send(part)
            route.took.append(_now() - begins)
            route.in_a_row += 1
            return message
        finally:
            route.line.answered(chat, _now())
            self._makes_room(route, chat)

    async def _sent(self, letter: Letter, message: str) -> None:
        """Note that it is there; what arrives while a note is being kept shares the next."""
        if not (letter.apart or letter.confidential):  # of that not even a number is noted; a crash may repeat it
            self._journal.note(letter.id, letter.created_at, message)
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._taken.append((letter, message, kept))
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._note_all())
        await kept

    async def _note_all(self) -> None:
        while self._taken:
            taken, self._taken = self._taken, []
            letters = [(letter, message) for letter, message, _kept in taken]
            await self._note(partial(outcomes.sent, taken=letters, **self._present()))
            for _letter, _message, kept in taken:
                if not kept.done():
                    kept.set_result(None)
        self._journal.clear()

    async def _failed(self, letter: Letter, problem: Exception) -> tuple[Letter | int, float] | None:
        failures = letter.attempts + 1
        _tell(log.warning, letter, "sending failed", error=type(problem).__name__, attempts=failures)
        if failures >= MOST_ATTEMPTS:
            _tell(log.error, letter, "message given up", attempts=failures)
            await self._end(letter, "failed")
            return None
        return await self._postpone(letter, min(2.0**failures, _LONGEST_WAIT), failures)

    async def _postpone(self, letter: Letter, seconds: float, failures: int) -> tuple[Letter | int, float]:
        until = self._clock() + timedelta(seconds=seconds)
        if letter.apart:
            letter.attempts, letter.not_before = failures, until
            return letter, seconds
        began = _now()
        await self._note(partial(outbox.postpone, id=letter.id, until=until, failures=failures))
        return letter.id, max(0.0, seconds - (_now() - began))

    async def _end(self, letter: Letter, state: str) -> None:
        await self._note(partial(outcomes.given_up, letter=letter, state=state, **self._present()))

    def _present(self) -> dict[str, Any]:
        return {"now": self._clock(), "house": self._house()}

    async def _note(self, what: Work) -> None:
        """Keep what became of a message, however long the database takes: it must not go out again for that."""
        for patience in (min(2.0**failures, _LONGEST_PATIENCE) for failures in itertools.count()):
            try:
                await self._engine.do(what)
                return
            except Exception as problem:
                log.error("noting failed", error=type(problem).__name__, seconds=patience)
            await asyncio.sleep(patience)


def _tell(write: Callable[..., object], letter: Letter, event: str, **more: object) -> None:
    """Log it; nothing of what is confidential, for a line has a date."""
    if not letter.confidential:
        write(event, platform=letter.platform, **more)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _is_act(item: Letter | int) -> bool:
    return isinstance(item, Letter) and item.act != "say"


def _is_at_work(route: Route) -> bool:
    wakes_at = route.line.wakes_at()
    return bool(route.under_way) or (route.open.is_set() and wakes_at is not None and wakes_at <= _now())


async def fetched(letter: Letter, adapters: Mapping[str, Adapter]) -> Outgoing:
    """The message with its file, brought from the platform where it lies if that is another one; else with a sentence."""
    outgoing = letter.outgoing()
    if not letter.fetched_from or not outgoing.attachment:
        return outgoing
    try:
        content = await adapters[letter.fetched_from].fetch(outgoing.attachment.reference, LARGEST)
    except (KeyError, ValueError) as problem:
        log.warning("file not fetched", platform=letter.fetched_from, error=type(problem).__name__)
        return replace(outgoing, text=letter.otherwise, attachment=None)
    return replace(outgoing, attachment=replace(outgoing.attachment, content=content, reference=""))
