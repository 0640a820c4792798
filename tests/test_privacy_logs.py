"""Logs tell what went wrong, and nothing of anybody."""

import asyncio
import io
import logging
import random
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from copbot import logs
from copbot.adapters.console import GROUP, Console
from copbot.app import App, clock
from copbot.core.house import House
from copbot.engine import perform
from copbot.rehearsal import demo
from copbot.vocabulary import Batch, Chose, Edited, Incoming, Joined, Outgoing, Person, Place, Quoted, Reacted, Removed, Said

WORD, NAME, ID = "Flummoxatron", "Quizzaciously", "jumbuckthorn77"

BO = Person("console", ID, NAME)
PRIVATE = Place("console", ID, "private")

COMMANDS = [
    "/help",
    "/me",
    "/me zone {word}",
    "/checkin",
    "/checkin open {word}?",
    "1",
    "{word} a bit",
    "/skip",
    "/remind tomorrow 9:00 {word}",
    "/share {word} by the door",
    "/find {word}",
    "/facilitator add {word}",
    "/consent",
    "/mydata",
    "/forget",
    "2",
    "/privacy",
    "/setup",
    "/{word}",
    "{word} for nobody",
]


class Fault:
    """Makes the statement that comes next but so many fail, with all it knows in the message."""

    def __init__(self, database: sa.Engine, chance: random.Random) -> None:
        self.left = -1
        self.raised = 0
        self._chance = chance
        sa.event.listen(database, "before_cursor_execute", self._before)

    def _before(self, _c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        self.left -= 1
        if self.left == 0:
            self.raised += 1
            kind = self._chance.choice([RuntimeError, KeyError, ValueError, sqlite3.OperationalError, sqlite3.IntegrityError])
            raise kind(f"{WORD} {NAME} {ID} {statement} {parameters}")


class Failing(Console):
    """A platform that fails now and then, with the text of the message in the exception."""

    failures = 0

    async def send(self, outgoing: Outgoing) -> str:
        self.failures += 1
        if self.failures % 50 == 1:
            raise OSError(f"could not send {outgoing}")
        return await super().send(outgoing)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged, at the most talkative level there is."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    root.handlers.clear()
    logs.set_up(verbose=True)
    yield written
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:] = before


def _events(chance: random.Random) -> Iterator[Incoming]:
    number = 0
    while True:
        number += 1
        text = chance.choice(COMMANDS).format(word=WORD)
        place = chance.choice([GROUP, PRIVATE, PRIVATE])
        said = Said(f"e{number}", place, BO, f"m{number}", text, mentioned=chance.random() < 0.3)
        token = f"{chance.randrange(1, 60)}.{chance.randrange(3)}"
        yield Joined(f"j{number}", GROUP, BO)
        yield said
        yield chance.choice(
            [
                said,
                Chose(f"c{number}", place, BO, token),
                Edited(f"x{number}", GROUP, BO, f"m{number}", WORD),
                Removed(f"r{number}", GROUP, BO, f"m{number}"),
                Reacted(f"k{number}", GROUP, BO, "📌", Quoted(f"m{number}", BO, WORD)),
            ]
        )


def test_three_hundred_failures_log_no_words_no_names_and_no_ids(database: sa.Engine, logged: io.StringIO) -> None:
    chance = random.Random(5)
    house = House(chance=random.Random(1), ask_consent=False)
    console = Failing(lambda _line: None)
    console.facilitators.add(ID)

    async def play() -> int:
        async with App(database, house, [console]) as app:
            await app.engine.do(lambda tx: demo(tx, clock(), "en", "Europe/Paris"))
            fault = Fault(database, chance)
            for event in _events(chance):
                fault.left = chance.randrange(1, 25)
                await app.take("console", Batch([event], ""))
                if fault.raised >= 300:
                    return fault.raised
        raise AssertionError

    assert asyncio.run(play()) == 300
    written = logged.getvalue()
    assert written.count("error=") >= 300, "failures are logged"
    for secret in (WORD, NAME, ID, WORD.lower(), WORD[3:], ID[3:], "INSERT", "SELECT"):
        assert secret not in written


def test_libraries_may_log_what_they_like(logged: io.StringIO) -> None:
    library = logging.getLogger("some.library")
    library.error("token %s of %s", WORD, NAME)
    try:
        raise ValueError(WORD)
    except ValueError:
        library.exception("with %s", NAME)
    structlog.get_logger().error("our own", text=WORD, member=NAME, error="ValueError")
    written = logged.getvalue()
    assert WORD not in written
    assert NAME not in written
    assert written.count("logger=some.library") == 2
    assert "error=ValueError" in written


def test_a_database_error_hides_its_parameters(both: sa.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError) as problem:
        perform(both, [lambda tx: tx.execute(sa.text("insert into cursors values (:a, null)"), {"a": WORD})])
    assert "parameters hidden" in str(problem.value)
