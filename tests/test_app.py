"""What goes wrong around copbot costs nothing but time: no message, no work, no right; and its log tells nothing of anybody."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from copbot import logs
from copbot.adapters.console import GROUP, PLATFORM, Console
from copbot.app import App, clock
from copbot.core.context import Answer, Conversation
from copbot.core.due import JOBS, Job
from copbot.core.house import House
from copbot.core.steps import STEPS
from copbot.engine import Engine, perform
from copbot.rehearsal import demo
from copbot.store import schedules
from copbot.store.schedules import Schedule
from copbot.store.transactions import savepoint
from copbot.vocabulary import Batch, Incoming, Joined, Moved, Outgoing, Person, Place, Quoted, Said, TryLater
from tests.conftest import START

WORD, NAME, ID, TOKEN = "Flummoxatron", "Quizzaciously", "jumbuckthorn77", "110201543:AAHdqTcvCH1v"

BO = Person(PLATFORM, ID, NAME)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged, at the most talkative level there is."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    root.handlers.clear()
    logs.set_up(verbose=True)
    root.setLevel(logging.DEBUG)
    yield written
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:] = before
    root.setLevel(logging.WARNING)


def nothing_of_anybody(written: io.StringIO) -> bool:
    return not any(
        secret in written.getvalue() for secret in (WORD, NAME, ID, TOKEN, WORD.lower(), WORD[3:], ID[3:], TOKEN[12:])
    )


class Broken(Console):
    """A platform whose every call may fail, each time with all it knows in the exception."""

    def __init__(self, **trouble: Any) -> None:
        super().__init__(lambda _line: None)
        self.trouble = trouble
        self.calls = 0
        self.sent: list[str] = []

    async def _maybe(self, call: str, *known: object) -> None:
        self.calls += 1
        if wrong := self.trouble.get(call):
            raise wrong(f"{TOKEN} {WORD} {NAME} {ID} {known}")

    async def send(self, outgoing: Outgoing) -> str:
        await self._maybe("send", outgoing)
        self.sent.append(outgoing.text)
        return await super().send(outgoing)

    async def administers(self, place: Place, person: Person) -> bool:
        await self._maybe("administers", place, person)
        return True

    async def receive(self, cursor: str) -> AsyncIterator[Batch]:
        await self._maybe("receive", cursor)
        await asyncio.Event().wait()
        yield Batch([], "")


def said(number: int, text: str, **more: Any) -> Said:
    return Said(f"e{number}", GROUP, BO, f"m{number}", text, **more)


def run(database: sa.Engine, platform: Broken, *batches: Batch) -> None:
    async def work() -> None:
        async with App(database, House(ask_consent=False, language="en"), [platform]) as app:
            await app.engine.do(lambda tx: demo(tx, clock(), "en", "Europe/Paris"))
            for batch in batches:
                await app.take(PLATFORM, batch)
            await app.delivery.idle()

    asyncio.run(asyncio.wait_for(work(), 30))


def rows(database: sa.Engine, query: str) -> list[tuple[object, ...]]:
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def poison(event: str = "p") -> Incoming:
    """An event that breaks whatever handles it."""
    return Moved(event, GROUP, None)  # type: ignore[arg-type]


# Messages


def test_one_event_that_breaks_everything_costs_the_others_nothing(both: sa.Engine, logged: io.StringIO) -> None:
    events = [said(1, f"/share {WORD}: words"), poison(), said(2, "/checkin open"), said(3, "/remind Friday 9:00 x")]
    run(both, Broken(), Batch(events, "7"))
    assert rows(both, "select count(*) from practices") == [(1,)]
    assert rows(both, "select count(*) from checkin_rounds") == [(1,)], "rights are asked for as well"
    assert rows(both, "select count(*) from reminders") == [(1,)]
    assert rows(both, "select position from cursors") == [("7",)]
    assert "event passed over" in logged.getvalue()
    assert nothing_of_anybody(logged)


def test_a_database_that_fails_for_a_while_loses_no_message_and_doubles_none(
    database: sa.Engine, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [40]

    def fail(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        left[0] -= 1
        if -20 < left[0] < 0:
            raise sa.exc.OperationalError(f"{WORD} {ID}", {}, OSError(NAME))

    class Wire(Broken):
        async def receive(self, cursor: str) -> AsyncIterator[Batch]:
            for number in range(int(cursor or 0), 6):
                yield Batch([said(number, f"/share {'abcdef'[number] * 9}: {'abcdef'[number] * 12}")], str(number + 1))
            done.set()
            await asyncio.Event().wait()

    done = asyncio.Event()

    async def work() -> None:
        perform(database, [lambda tx: demo(tx, clock(), "en", "Europe/Paris")])
        sa.event.listen(database, "before_cursor_execute", fail)
        async with App(database, House(ask_consent=False), [Wire()]) as app:
            await done.wait()
            await app.delivery.idle()

    monkeypatch.setattr("copbot.app._LONGEST_PATIENCE", 0.01)
    asyncio.run(asyncio.wait_for(work(), 30))
    titles = [title for (title,) in rows(database, "select title from practices order by id")]
    assert titles == [letter * 9 for letter in "abcdef"]
    assert nothing_of_anybody(logged)


def test_a_platform_that_cannot_say_who_administers_holds_nothing_up(database: sa.Engine, logged: io.StringIO) -> None:
    platform = Broken(administers=ConnectionError)
    run(database, platform, Batch([said(1, "/checkin open"), said(2, "/help")], "2"))
    assert any("Only facilitators" in text for text in platform.sent)
    assert rows(database, "select position from cursors") == [("2",)]
    assert rows(database, "select count(*) from checkin_rounds") == [(0,)]
    assert nothing_of_anybody(logged)


def test_a_handler_whose_rows_are_refused_says_so_and_the_others_are_kept(
    both: sa.Engine, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    from copbot.core.commands import COMMANDS

    def double(talk: Conversation, **_words: Any) -> None:
        for _twice in range(2):
            talk.tx.add(Schedule(key=WORD, kind="never", subject=1, state={}, next_at=talk.now + timedelta(days=900)))

    monkeypatch.setitem(COMMANDS, ("help",), replace(COMMANDS["help",], run=double, parameters=()))
    platform = Broken()
    run(both, platform, Batch([said(1, "/share Pictures: words"), said(2, "/help"), said(3, "/remind Friday 9:00 x")], "3"))
    assert sum("Something went wrong on my side" in text for text in platform.sent) == 1
    assert rows(both, "select count(*) from practices") == rows(both, "select count(*) from reminders") == [(1,)]
    assert rows(both, "select count(*) from schedules where kind = 'never'") == [(0,)]
    assert nothing_of_anybody(logged)


# Scheduled work


def test_work_whose_rows_are_refused_holds_up_no_other(
    both: sa.Engine, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    from copbot.core import due

    done: list[int] = []

    def breaks(context: Any, schedule: Schedule) -> None:
        for _twice in range(2):
            context.tx.add(Schedule(key=WORD, kind="x", state={}, community_id=context.community.id, next_at=context.now))

    def works(_context: Any, schedule: Schedule) -> None:
        done.append(schedule.subject or 0)

    monkeypatch.setitem(JOBS, "x.breaks", Job("x.breaks", breaks, timedelta.max))
    monkeypatch.setitem(JOBS, "x.works", Job("x.works", works, timedelta.max))

    def put(tx: Session) -> None:
        community = demo(tx, START, "en", "UTC")
        for number in range(6):
            kind = "x.breaks" if number % 2 else "x.works"
            schedules.put(tx, Schedule(kind=kind, subject=number, state={}, community_id=community.id, next_at=START))

    perform(both, [put])
    perform(both, [lambda tx: due.tick(tx, START, House())])
    assert set(done) == {0, 2, 4}
    assert rows(both, "select count(*) from schedules where kind = 'x.breaks' and failures = 1") == [(3,)]
    assert rows(both, "select count(*) from schedules where kind = 'x.works'") == [(0,)]
    assert nothing_of_anybody(logged)


# Delivery


def test_what_was_sent_is_not_sent_again_because_the_database_was_busy(
    database: sa.Engine, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copbot.delivery._LONGEST_PATIENCE", 0.001)
    platform, left = Broken(), [0]

    def fail(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE outbox"):
            left[0] += 1
            if left[0] <= 12:
                raise RuntimeError(f"{WORD} {statement}")

    sa.event.listen(database, "before_cursor_execute", fail)
    run(database, platform, Batch([said(1, "/help"), said(2, "/me")], "2"))
    assert len(platform.sent) == len(set(platform.sent))
    assert len(platform.sent) >= 2
    assert left[0] > 12
    assert rows(database, "select count(*) from outbox where state <> 'sent'") == [(0,)]
    assert nothing_of_anybody(logged)


@pytest.mark.parametrize("seconds", [0, -5, 1e300, float("inf")])
def test_no_platform_asks_for_so_much_patience_that_a_chat_dies(
    database: sa.Engine, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr("copbot.delivery._LONGEST_OBEYED", 0.02)
    monkeypatch.setattr("copbot.delivery._SHORTEST_WAIT", 0.01)

    class Slow(Broken):
        async def send(self, outgoing: Outgoing) -> str:
            self.calls += 1
            if self.calls < 3:
                raise TryLater(seconds)
            return await super().send(outgoing)

    platform = Slow()
    run(database, platform, Batch([said(1, "/help"), said(2, "/me")], "2"))
    assert len(platform.sent) >= 2
    assert platform.calls < 12


@pytest.mark.parametrize("wrong", [OSError, KeyError, ValueError, asyncio.TimeoutError, UnicodeError, AssertionError])
def test_a_platform_that_fails_tells_the_log_nothing(
    database: sa.Engine, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch, wrong: type[Exception]
) -> None:
    monkeypatch.setattr("copbot.delivery._LONGEST_WAIT", 0.001)
    platform = Broken(send=wrong, administers=wrong, receive=wrong)
    run(database, platform, Batch([said(1, f"/share {WORD}: {TOKEN}"), said(2, f"/facilitator add {NAME}"), poison()], "2"))
    assert rows(database, "select count(*) from outbox where state <> 'failed'") == [(0,)]
    assert "error=" in logged.getvalue()
    assert "message given up" in logged.getvalue()
    assert nothing_of_anybody(logged)


def test_steps_that_fail_tell_the_log_nothing(
    database: sa.Engine, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(talk: Conversation, answer: Answer, **state: Any) -> None:
        raise RuntimeError(f"{WORD} {answer} {state} {talk.member.name}")

    for name in list(STEPS):
        monkeypatch.setitem(STEPS, name, breaks)
    private = Place(PLATFORM, ID, "private")
    words = ["/forget", "1", "/consent", "1", "/privacy", WORD, "/setup", NAME]
    events = [Said(f"e{n}", private, BO, f"m{n}", text, Quoted("1", BO, WORD)) for n, text in enumerate(words)]
    run(database, Broken(), *(Batch([event], str(n)) for n, event in enumerate([Joined("j", GROUP, BO), *events])))
    assert "handler failed" in logged.getvalue()
    assert nothing_of_anybody(logged)


def test_the_engine_tells_the_log_nothing_of_work_that_fails(database: sa.Engine, logged: io.StringIO) -> None:
    engine = Engine(database, lambda _letters: None)

    def breaks(tx: Session) -> None:
        with savepoint(tx):
            raise RuntimeError(f"{WORD} {NAME} {ID} {TOKEN}")

    futures = [engine.submit(breaks) for _ in range(20)]
    engine.close()
    assert all(future.exception() for future in futures)
    assert nothing_of_anybody(logged)
