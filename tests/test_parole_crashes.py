"""Intake is exactly once, whenever copbot stops, though nothing tells which event it was."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from copbot.core.dispatch import Dispatch
from copbot.core.errors import AskWork
from copbot.core.sealing import Cost
from copbot.engine import perform
from copbot.features.parole.vault import Vault
from copbot.rehearsal import Rehearsal
from copbot.vocabulary import Incoming
from tests.conftest import Bot
from tests.parole import Circle

CHEAP = Cost(memory=8192, passes=1)

#: What the author does; the process is killed while each of them is dealt with.
STEPS = ("/freespeech", "Nobody helps me at night", "1")


class Killed(Exception):
    """The process is gone before the main transaction was kept."""


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Callable[[], Vault]]:
    """A new process finds the database and the key file, and nothing else."""
    opened: list[Vault] = []

    def start() -> Vault:
        opened.append(Vault(f"sqlite:///{tmp_path}/freespeech.db", tmp_path / "freespeech.key", cost=CHEAP))
        return opened[-1]

    yield start
    for vault in opened:
        vault.engine.dispose()


def restarted(bot: Bot, vault: Vault) -> None:
    """The same copbot, with nothing of its memory left."""
    before = bot.rehearsal
    house = replace(before.house, vault=vault)
    bot.rehearsal = Rehearsal(bot.database, house, before.console, before.now)


def killed_while(bot: Bot, event: Incoming) -> None:
    """The vault has committed what the event did; the main transaction, with the platform's cursor, has not."""
    known: dict[Any, Any] = {}

    def work(tx: sa.orm.Session) -> None:
        Dispatch(tx, bot.now, bot.rehearsal.house, known).handle(event)
        raise Killed

    while True:
        try:
            perform(bot.database, [work])
        except AskWork as asked:
            known[asked.key] = asked.work()
        except Killed:
            return


@pytest.mark.parametrize("sent", [False, True], ids=["before anything was sent", "after it was sent"])
@pytest.mark.parametrize("fatal", range(len(STEPS)))
def test_a_kill_between_the_two_commits_neither_loses_nor_doubles(
    database: sa.Engine, fresh: Callable[[], Vault], fatal: int, *, sent: bool
) -> None:
    bot = Bot(database, vault=fresh())
    circle = Circle(bot)
    for number, line in enumerate(STEPS):
        events = bot.rehearsal.console.read(f"cy@bot: {line}")
        for event in events:
            if number == fatal:
                killed_while(bot, event)  # type: ignore[arg-type]
                restarted(bot, fresh())
                if sent:
                    bot.rehearsal._deliver()
            bot.rehearsal.happens(event)  # type: ignore[arg-type]
    circle.vault = bot.rehearsal.house.vault  # type: ignore[assignment]
    assert circle.rows()["parole_messages"] == 1
    assert circle.rows()["parole_threads"] == 1
    codes = {line for text in circle["cy"].heard() for line in text.splitlines() if line.startswith("Your code: ")}
    assert len(codes) == 1, "the same code, however often it is said"
    code = codes.pop().removeprefix("Your code: ")
    circle["cy"].writes(f"/reread {code}")
    circle["cy"].hears("waits to go out")


def test_the_exchange_goes_on_after_a_stop(database: sa.Engine, fresh: Callable[[], Vault]) -> None:
    bot = Bot(database, vault=fresh())
    circle = Circle(bot)
    circle["cy"].writes("/freespeech Nobody helps me at night")
    restarted(bot, fresh())
    circle["cy"].writes("1")
    circle["cy"].hears("Your code")


def test_files_of_parole_libre_are_readable_by_nobody_else(
    database: sa.Engine, fresh: Callable[[], Vault], tmp_path: Path
) -> None:
    circle = Circle(Bot(database, vault=fresh()))
    circle.confides("cy", "Nobody helps me at night")
    found = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("freespeech*")}
    assert set(found) >= {"freespeech.db", "freespeech.key", "freespeech.key.passing"}
    assert set(found.values()) == {0o600}


def test_a_key_that_others_can_read_is_refused_and_nothing_kept(
    database: sa.Engine, fresh: Callable[[], Vault], tmp_path: Path
) -> None:
    bot = Bot(database, vault=fresh())
    circle = Circle(bot)
    circle.confides("cy", "Nobody helps me at night")
    (tmp_path / "freespeech.key").chmod(0o644)
    restarted(bot, fresh())
    circle["dee"].writes("/freespeech Neither me")
    circle["dee"].hears("cannot keep this safely")


def test_where_the_disk_is_full_nothing_is_kept_and_the_author_knows(database: sa.Engine, fresh: Callable[[], Vault]) -> None:
    vault = fresh()
    circle = Circle(Bot(database, vault=vault))
    with vault.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")  # holds for this connection, which the pool hands on
    circle["cy"].writes("/freespeech " + "Nobody helps me at night. " * 100)
    circle["cy"].hears("cannot keep this safely")
    assert set(circle.rows().values()) == {0}
