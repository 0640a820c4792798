"""copbot on a clock that is moved by hand, one thing after another: for scripts, and for tests of every feature."""

from collections.abc import Callable, Coroutine, Hashable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.adapters.console import GROUP, Console, Wait
from copbot.calendar import times
from copbot.core import door, due, outcomes
from copbot.core.dispatch import Dispatch
from copbot.core.errors import AskPlatform, AskWork
from copbot.core.house import House
from copbot.delivery import fetched
from copbot.engine import Performer, Work
from copbot.store import outbox, people, schedules
from copbot.store.outbox import Letter
from copbot.store.people import Community
from copbot.vocabulary import Adapter, Incoming, Place, Unreachable

T = TypeVar("T")


class Rehearsal:
    """One copbot, one console, no threads. What it does depends on nothing but its input.

    `run` waits for what an adapter does; a console that stands for a real platform needs an event loop.
    """

    def __init__(
        self,
        database: sa.Engine,
        house: House,
        console: Console,
        now: datetime,
        run: Callable[[Coroutine[Any, Any, Any]], Any] | None = None,
    ) -> None:
        self._run = run or at_once
        self.database = database
        self.house = house if house.doors else replace(house, doors={console.platform: console.door})
        self.console = console
        self.now = now
        self._adapters: Mapping[str, Adapter] = {console.platform: console}
        self._performer = Performer(database)
        self._held: list[Letter] = self.look(outbox.waiting)
        if house.vault:
            self._held += house.vault.start(now)
            self._performer.do([partial(door.keep_every_house, now=now, house=house)])

    def open_demo(self, language: str, zone: str) -> None:
        """Have a community to play with."""
        work = partial(demo, now=self.now, language=language, zone=zone, place=self.console.group, house=self.house)
        self._performer.do([work])

    def look(self, work: Callable[[Session], T]) -> T:
        """Read something from the database."""
        result: T = self._performer.do([work])[0][0]
        return result

    def line(self, line: str) -> None:
        """Do what one line of a script says. Raises Misread."""
        for event in self.console.read(line):
            if isinstance(event, Wait):
                self.wait(event)
            else:
                self.happens(event)

    def happens(self, event: Incoming) -> None:
        """Let something happen, and copbot say what it has to say to it."""
        known: dict[Hashable, Any] = {}
        while True:
            try:
                self._do(lambda tx: Dispatch(tx, self.now, self.house, known).handle(event))
                return
            except AskPlatform as asked:
                for place, person in asked.questions:
                    known[place, person] = self._run(self._adapters[place.platform].administers(place, person))
            except AskWork as asked:
                known[asked.key] = asked.work()

    def wait(self, wait: Wait) -> None:
        """Let time go by."""
        if wait.until:
            self.passes(times.to_instant(wait.until, self._zone()) - self.now)
        else:
            self.passes(wait.span or timedelta())

    def passes(self, span: timedelta) -> None:
        """Let time go by; everything that becomes due happens at its own moment, as it would have."""
        end = self.now + span
        while (moment := self._next_moment()) and moment <= end:
            self.now = max(self.now, moment)
            self._sweep()
            self._do(lambda tx: due.tick(tx, self.now, self.house))
        self.now = max(self.now, end)
        self._sweep()

    def _sweep(self) -> None:
        if vault := self.house.vault:
            self._do(lambda _tx: vault.sweep(self.now))

    def _next_moment(self) -> datetime | None:
        scheduled = self.look(schedules.next_due)
        return min([moment for moment in (scheduled, *(held.not_before for held in self._held)) if moment], default=None)

    def _zone(self) -> str:
        def zone(tx: Session) -> str:
            community = people.community_of(tx, self.console.group)
            return community.zone if community else "UTC"

        return self.look(zone)

    def _do(self, work: Work) -> None:
        self._perform(work)
        self._deliver()

    def _perform(self, work: Work) -> None:
        _results, letters = self._performer.do([work])
        self._held += letters
        if self.house.vault:
            self._held += self.house.vault.ready()

    def _deliver(self) -> None:
        """Send what can be sent, and what follows from that; what went together is noted together, as delivery does."""
        while due_now := [letter for letter in self._held if not letter.not_before or letter.not_before <= self.now]:
            self._held = [letter for letter in self._held if letter not in due_now]
            taken: list[tuple[Letter, str]] = []
            try:
                for letter in due_now:
                    self._send(letter, taken)
            finally:
                if taken:
                    self._perform(partial(outcomes.sent, taken=taken, now=self.now, house=self.house))

    def _send(self, letter: Letter, taken: list[tuple[Letter, str]]) -> None:
        if letter.expires_at and letter.expires_at <= self.now:
            self._perform(partial(outcomes.given_up, letter=letter, state="expired", now=self.now, house=self.house))
            return
        outgoing = self._run(fetched(letter, self._adapters))
        try:
            taken.append((letter, self._run(self._adapters[letter.platform].send(outgoing))))
        except Unreachable as gone:
            self._perform(partial(outcomes.lost, letter=letter, reason=gone.reason, now=self.now, house=self.house))


def at_once(answer: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that has nothing to wait for, as the console's have not."""
    try:
        answer.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise RuntimeError("the console never waits")


def demo(tx: Session, now: datetime, language: str, zone: str, place: Place = GROUP, house: House | None = None) -> Community:
    """The community of the terminal, made if it is not there."""
    community = people.community_of(tx, place)
    if community is None:
        name = "Communauté de démonstration" if language == "fr" else "Demonstration community"
        community = people.found(tx, name=name, language=language, zone=zone, place=place, now=now)
        door.keep_house(tx, community, now, house)
    return community


def parse_start(at: str, zone: str) -> datetime:
    """The moment that `--at` names: a time on the wall in the zone. Raises ValueError."""
    return times.to_instant(datetime.fromisoformat(at).replace(tzinfo=None), zone).astimezone(UTC)
