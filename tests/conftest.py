"""What every test stands on: a stage with a community, people who speak and hear, and a clock moved by hand."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from copbot import handlers, jobs, store
from copbot.adapters.console import Console
from copbot.calendar import times
from copbot.core.house import House
from copbot.core.sealing import Cost, Keyring
from copbot.engine import perform
from copbot.features.parole.vault import Vault
from copbot.rehearsal import Rehearsal
from copbot.store import schema
from copbot.store.base import open_database
from tests.matrix.at_work import copbot, copbots
from tests.matrix.loop import loop
from tests.matrix.members import people
from tests.matrix.other_client import others
from tests.matrix.stage import matrix_stage, town
from tests.matrix.synapse import synapse
from tests.postgres import Postgres, postgres
from tests.stages import Stage, console_stage, pytest_generate_tests, stage, telegram_stage

__all__ = [
    "console_stage",
    "copbot",
    "copbots",
    "loop",
    "matrix_stage",
    "others",
    "people",
    "postgres",
    "pytest_generate_tests",
    "stage",
    "synapse",
    "telegram_stage",
    "town",
]

store.load()
handlers.load()
jobs.load()

#: Monday 2 March 2026, 9:00 in Paris.
START = datetime(2026, 3, 2, 8, tzinfo=UTC)

_LINE = re.compile(r"(\d+) \[(group(?:#\w+)?|@[^]]+)\] (\S+): (.*)")


def cheap_vault(seed: int = 1) -> Vault:
    """Parole libre in memory, whose codes cost next to nothing, and whose chance is always the same."""
    return Vault("sqlite://", Keyring.fresh(), cost=Cost(memory=8192, passes=1), draw=random.Random(seed).randrange)


class Bot:
    """copbot on a stage: `bot.passes(days=7)`, `bot.last("group")`."""

    def __init__(
        self,
        database: sa.Engine,
        stage: Stage | None = None,
        *,
        language: str = "en",
        at: str = "2026-03-02T09:00",
        ask_consent: bool = False,
        vault: Vault | None = None,
    ) -> None:
        self.lines: list[str] = []
        self.files: dict[str, bytes] = {}
        self.database = database
        house = House(chance=random.Random(1), ask_consent=ask_consent, demo=True, strict=True, vault=vault or cheap_vault())
        stage = stage or Stage(lambda write, save: Console(write, save=save))
        console = stage.console(self._write, lambda file: self.files.__setitem__(file.name, file.content))
        begins = times.to_instant(datetime.fromisoformat(at), "Europe/Paris")
        self.rehearsal = Rehearsal(database, house, console, begins, stage.run)
        self.rehearsal.open_demo(language, "Europe/Paris")

    def _write(self, line: str) -> None:
        self.lines.append(line)

    @property
    def now(self) -> datetime:
        return self.rehearsal.now

    def line(self, line: str) -> None:
        self.rehearsal.line(line)

    def passes(self, **span: float) -> None:
        self.rehearsal.passes(timedelta(**span))

    def said(self, where: str) -> list[tuple[int, str]]:
        """All that copbot said in "group" or to "@name": numbers and whole texts."""
        found: list[tuple[int, str]] = []
        mine = False
        for line in self.lines:
            if match := _LINE.fullmatch(line):
                mine = match[2] == where and match[3] == "copbot"
                if mine:
                    found.append((int(match[1]), match[4]))
            elif mine:
                number, text = found[-1]
                found[-1] = (number, text + "\n" + line.removeprefix("    "))
        return found

    def last(self, where: str = "group") -> str:
        """The last that copbot said there, NBSP as plain spaces."""
        return (self.said(where) or [(0, "")])[-1][1].replace("\u00a0", " ")

    def number(self, where: str = "group") -> int:
        """The number of the last message copbot said there."""
        return self.said(where)[-1][0]

    def keeps(self, query: str) -> list[tuple[object, ...]]:
        """What the database holds."""
        return [tuple(row) for row in perform(self.database, [lambda tx: list(tx.execute(sa.text(query)))])[0][0]]


class Actor:
    """Somebody on the stage: `alice.says("/help")`, `alice.hears("…")`."""

    def __init__(self, bot: Bot, name: str) -> None:
        self.bot = bot
        self.name = name

    def says(self, text: str, *, to: int | None = None) -> None:
        """In the group; `to` is the number of the message answered."""
        self.bot.line(f"{self.name}{f'^{to}' if to else ''}: {text}")

    def writes(self, text: str, *, to: int | None = None) -> None:
        """To copbot, in private."""
        self.bot.line(f"{self.name}@bot{f'^{to}' if to else ''}: {text}")

    def reacts(self, emoji: str, to: int) -> None:
        self.bot.line(f"{self.name}!{to}: {emoji}")

    def edits(self, number: int, text: str) -> None:
        self.bot.line(f"{self.name}~{number}: {text}")

    def hears(self, *parts: str) -> str:
        """The last private message to this person holds each part; answers the message."""
        text = self.bot.last(f"@{self.name}")
        for part in parts:
            assert part in text, f"{part!r} is not in {text!r}"
        return text

    def heard(self) -> list[str]:
        """Every private message to this person."""
        return [text.replace("\u00a0", " ") for _number, text in self.bot.said(f"@{self.name}")]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite file at the newest schema, to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = open_database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.dispose()
    return path.read_bytes()


@pytest.fixture
def database(tmp_path: Path, template: bytes) -> Iterator[sa.Engine]:
    """An empty database on a SQLite file."""
    path = tmp_path / "copbot.db"
    path.write_bytes(template)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def both(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    """An empty database, once on a SQLite file and once on a real PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh() as database:
        yield database


@pytest.fixture
def bot(database: sa.Engine, stage: Stage) -> Bot:
    """copbot among English speakers, on Monday 2 March 2026 at 9:00 in Paris."""
    return Bot(database, stage)


@pytest.fixture
def french(database: sa.Engine, stage: Stage) -> Bot:
    """copbot among French speakers, the same day."""
    return Bot(database, stage, language="fr")


@pytest.fixture
def alice(bot: Bot) -> Actor:
    """The facilitator."""
    actor = Actor(bot, "alice")
    actor.says("Hello everybody")
    return actor


@pytest.fixture
def bo(bot: Bot, alice: Actor) -> Actor:
    """A member."""
    actor = Actor(bot, "bo")
    actor.says("Hello")
    return actor


@pytest.fixture
def cy(bot: Bot, bo: Actor) -> Actor:
    """Another member."""
    actor = Actor(bot, "cy")
    actor.says("Hello")
    return actor
