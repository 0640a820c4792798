"""What can be observed of a copbot: its databases, its log, its files, and what it says to whom."""

import hashlib
import itertools
import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog

from copbot.engine import Work, perform
from copbot.logs import allowed_only

#: One line of a dump: table and row. Ciphertext is there as its length.
Row = tuple[object, ...]


def raw(database: sa.Engine) -> sqlite3.Connection:
    """The connection to an SQLite database in memory."""
    connection: Any = database.raw_connection().driver_connection
    return connection  # type: ignore[no-any-return]


def dump(database: sa.Engine) -> tuple[Row, ...]:
    """Every row of every table in the order in which they lie, the counters of SQLite among them.

    Each time in other words: statements that the driver remembers from before a database in memory was written anew do not
    see all that came since.
    """
    connection, anew = raw(database), f"-- {next(_TIMES)}"
    tables = connection.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name {anew}").fetchall()
    readable = [name for name, sql in tables if "VIRTUAL" not in (sql or "")]
    return tuple((name, *map(_seen, row)) for name in readable for row in connection.execute(f'SELECT * FROM "{name}" {anew}'))


_TIMES = itertools.count()


def size(database: sa.Engine) -> tuple[int, int]:
    """Pages of the file, and how many of them are free."""
    connection = raw(database)
    return (connection.execute("PRAGMA page_count").fetchone()[0], connection.execute("PRAGMA freelist_count").fetchone()[0])


def pages(database: sa.Engine) -> str:
    """A digest of the very bytes of the file, freed space included."""
    return hashlib.sha256(raw(database).serialize()).hexdigest()


def _seen(value: object) -> object:
    return ("ciphertext", len(value)) if isinstance(value, bytes) else value


def files(folder: Path) -> tuple[Row, ...]:
    """Names, sizes and modes of the files."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((str(path.relative_to(folder)), path.stat().st_size, oct(path.stat().st_mode & 0o777)) for path in found)


@dataclass(frozen=True)
class Heard:
    """A message as the one who gets it sees it, and as the platform does."""

    to: str
    when: str
    id: int
    text: str
    choices: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, object], ...]
    act: str
    confidential: bool

    def renamed(self, names: Mapping[str, str]) -> "Heard":
        """The same with names that were drawn by chance called otherwise, and no order of choices that comes from them."""

        def rename(text: str) -> str:
            for name, other in names.items():
                text = text.replace(name, other)
            return text

        choices = tuple(sorted((rename(label), token) for label, token in self.choices))
        return replace(self, text=rename(self.text), choices=choices, files=((rename(repr(self.files)), None),))

    def without(self, texts: list[str]) -> "Heard":
        """The same where what was said in confidence is not told from anything else."""
        text = self.text
        for one in texts:
            text = text.replace(one, "…")
        return replace(self, text=text)


@contextmanager
def logged() -> Iterator[list[Row]]:
    """Our own log, at its most talkative, as it would be written, in a list."""
    lines: list[Row] = []

    def keep(_logger: object, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        lines.append((method, *sorted((name, str(value)) for name, value in event.items())))
        raise structlog.DropEvent

    before = structlog.get_config()
    talkative = structlog.make_filtering_bound_logger(logging.DEBUG)
    structlog.configure(processors=[allowed_only, keep], wrapper_class=talkative, cache_logger_on_first_use=False)
    try:
        yield lines
    finally:
        structlog.configure(**before)


def do(database: sa.Engine, *works: Work) -> list[Any]:
    """Work on a database in one transaction, as copbot does."""
    return perform(database, works)[0]
