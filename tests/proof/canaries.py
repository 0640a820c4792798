"""C3: marked words of marked people go through parole libre; then every file is searched for them."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from copbot.adapters.console import GROUP, Console
from copbot.core.house import House
from copbot.core.sealing import Keyring
from copbot.engine import perform
from copbot.features.parole.vault import Vault
from copbot.rehearsal import Rehearsal
from copbot.store import schema
from copbot.store.apart import open_apart
from copbot.store.base import open_database, sweep
from copbot.vocabulary import Chose, Joined, Outgoing, Person, Place, Said
from tests.postgres import Postgres
from tests.proof.channel import CHEAP, code_in
from tests.proof.rules import PLENTY, config
from tests.proof.scanning import scan
from tests.proof.scenarios import WORDS
from tests.proof.town import BEGINS

#: Begins every marked word, so that a file is searched once for all of them.
STEM = "Zquixombrelante"

#: Ids such as platforms have, so large that they are in no file by chance.
IDS = [7_351_942_816_443 + 7_919_777_333 * number for number in range(12)]


@dataclass
class Files:
    """A copbot on real files (or on a server), and those who write to it."""

    folder: Path
    main: sa.Engine
    apart: sa.Engine
    offers: dict[str, list[Outgoing]] = field(default_factory=dict)
    codes: list[tuple[int, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        (self.folder / "exports").mkdir(exist_ok=True)
        keyring = Keyring.at(self.folder / "parole.key")
        vault = Vault(self.apart, keyring, cost=CHEAP)
        house = House(chance=random.Random(1), ask_consent=False, demo=True, strict=True, config=config(PLENTY), vault=vault)
        self.rehearsal = Rehearsal(self.main, house, Noting(self), BEGINS)
        self.rehearsal.open_demo("fr", "Europe/Paris")
        for id in IDS:
            self.number += 1
            self.rehearsal.happens(Joined(f"j{self.number}", GROUP, person(id)))
        perform(self.main, [_listen])

    def writes(self, id: int, text: str) -> None:
        """In private."""
        self.number += 1
        said = Said(f"e{self.number}", Place("console", str(id), "private"), person(id), f"m{self.number}", text)
        self.rehearsal.happens(said)

    def presses(self, id: int, key: str) -> None:
        """The newest button with this key."""
        tokens = [choice.token for offer in self.offers.get(str(id), []) for choice in offer.choices]
        token = next(token for token in reversed(tokens) if token.rpartition(".")[2] == key)
        self.number += 1
        self.rehearsal.happens(Chose(f"c{self.number}", Place("console", str(id), "private"), person(id), token))


class Noting(Console):
    """The terminal, with files kept and buttons remembered."""

    def __init__(self, files: Files) -> None:
        super().__init__(
            files.heard.append, save=lambda file: (files.folder / "exports" / file.name).write_bytes(file.content) and None
        )
        self._files = files
        self.facilitators.add(str(IDS[0]))

    async def send(self, outgoing: Outgoing) -> str:
        """Say it; keep a code."""
        if isinstance(outgoing.to, Person):
            if outgoing.choices:
                self._files.offers.setdefault(outgoing.to.id, []).append(outgoing)
            if code := code_in(outgoing.text):
                self._files.codes.append((int(outgoing.to.id), code))
        return await super().send(outgoing)


def person(id: int) -> Person:
    """Somebody with this id."""
    return Person("console", str(id), f"Personne {IDS.index(id)}")


def _listen(tx: "sa.orm.Session") -> None:
    """The last two listen."""
    query = """INSERT INTO listeners (member_id, community_id, accepted_at, key)
        SELECT members.id, members.community_id, :at, '' FROM members
        JOIN accounts ON accounts.id = members.account_id WHERE accounts."user" IN (:one, :other)"""
    tx.execute(sa.text(query), {"at": BEGINS, "one": str(IDS[-1]), "other": str(IDS[-2])})


def written(number: int, chance: random.Random) -> str:
    """A text with a marked word in the middle."""
    around = [chance.choice(WORDS) for _word in range(chance.randrange(4, 60))]
    around.insert(len(around) // 2, f"{STEM}{number}")
    return " ".join(around)


def played(files: Files, texts: int, look: "Look") -> None:
    """So many texts through five stages; `look` searches after each."""
    chance = random.Random(texts)
    authors = IDS[1:-2]
    for number in range(texts):
        id = authors[number % len(authors)]
        files.writes(id, f"/parole {written(number, chance)}")
        if number % 25 == 0:
            look("card")
        if number % 10 == 9:
            files.presses(id, "cancel")
        else:
            files.presses(id, "listeners" if number % 5 == 4 else "group")
    look("waiting")
    files.writes(authors[0], "/mesdonnees")
    files.rehearsal.passes(timedelta(hours=4))
    look("released")
    for id, code in files.codes[: max(6, texts // 20)]:
        files.writes(id, f"/relire {code}")
    look("read again")
    for id, code in files.codes[: max(6, texts // 20)]:
        files.writes(id, f"/retirer {code}")
    files.rehearsal.passes(timedelta(days=20))
    sweep(files.main)
    look("over")


class Look:
    """Searches the files at each stage, and remembers what was found."""

    def __init__(self, files: Files, folders: list[Path], without_ids: list[str]) -> None:
        self._files, self._folders, self._without_ids = files, folders, without_ids
        self.ids = IDS
        self.hits: list[tuple[str, ...]] = []
        self.stages: list[str] = []

    def __call__(self, stage: str) -> None:
        self.stages.append(stage)
        backup = self._files.folder / "exports" / "backup.db"
        if self._files.main.dialect.name == "sqlite":
            backup.unlink(missing_ok=True)
            with sqlite3.connect(str(self._files.main.url.database)) as source, sqlite3.connect(backup) as copy:
                source.backup(copy)
        self.hits += [(stage, *hit) for hit in scan([STEM], self.ids, *self._folders) if _counts(hit, self._without_ids)]


def _counts(hit: tuple[str, str, str], without_ids: list[str]) -> bool:
    """Ids of members are in the database of members; anywhere else they are a hit, as marked words are everywhere."""
    return hit[1] == STEM or not any(hit[0].startswith(name) for name in without_ids)


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Files]:
    """On two SQLite files."""
    main, apart = open_database(f"sqlite:///{folder / 'copbot.db'}"), open_apart(f"sqlite:///{folder / 'parole.db'}")
    schema.upgrade(main)
    try:
        yield Files(folder, main, apart)
    finally:
        main.dispose()
        apart.dispose()


@contextmanager
def on_postgres(folder: Path, server: Postgres) -> Iterator[tuple[Files, Path]]:
    """On two databases of a real PostgreSQL; and where its files are."""
    with server.fresh() as main, server.fresh("template1") as empty:
        apart = open_apart(empty.url)
        with main.connect() as connection:
            data = Path(connection.scalar(sa.text("SHOW data_directory")) or "")
        try:
            yield Files(folder, main, apart), data
        finally:
            apart.dispose()


__all__ = ["IDS", "STEM", "Files", "Look", "on_postgres", "on_sqlite", "played"]
