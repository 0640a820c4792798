"""The communities in which scenarios happen: settled once, copied for every run."""

import random
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from copbot.adapters.console import Console
from copbot.core import sealing
from copbot.core.house import House
from copbot.rehearsal import Rehearsal
from copbot.store import schema
from copbot.store.apart import open_apart
from copbot.store.base import open_database
from tests.proof.observing import raw
from tests.proof.scenarios import EVERYBODY, LISTENERS, A, B

#: Monday 2 March 2026, 9:00 in Paris.
BEGINS = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Town:
    """A settled community: the bytes of its database, who is present, and the number of the last message."""

    content: bytes
    present: frozenset[str]
    last: int


@lru_cache(maxsize=16)
def town(number: int) -> Town:
    """The community with this number: A and B differ in what copbot knows of them, each time otherwise."""
    chance = random.Random(number)
    database = open_database("sqlite://")
    schema.upgrade(database)
    house = House(chance=random.Random(1), ask_consent=False, demo=True, strict=True)
    console = Console(lambda _line: None)
    rehearsal = Rehearsal(database, house, console, BEGINS)
    rehearsal.open_demo("fr", "Europe/Paris")
    for name in EVERYBODY:
        rehearsal.line(f"{name}: bonjour")
    _make_differ(raw(database), chance)
    _name_listeners(raw(database), number)
    return Town(raw(database).serialize(), frozenset(console._present), int(console.cursor))


def _make_differ(connection: sqlite3.Connection, chance: random.Random) -> None:
    """One of the two reads English, or easy words, lives elsewhere, facilitates, paused, joined long ago, allows less."""
    values: list[tuple[str, str, Any, Any]] = [
        ("accounts", "language", "en", None),
        ("accounts", "easy", 1, 0),
        ("accounts", "zone", "America/Cayenne", None),
        ("accounts", "hours_to", "19:00:00.000000", "21:00:00.000000"),
        ("members", "joined_at", "2020-01-01 00:00:00.000000", "2026-03-02 08:00:00.000000"),
        ("members", "consented_at", "2020-01-01 00:00:00.000000", "2026-03-02 08:00:00.000000"),
        ("members", "silent_rounds", 3, 0),
    ]
    if chance.randrange(2):
        values.append(("members", "facilitator", 1, 0))
    for table, column, one, another in values:
        for name, value in zip(chance.sample([A, B], 2), (one, another), strict=True):
            key = "account_id" if table == "members" else "id"
            which = f"{key} = (SELECT id FROM accounts WHERE user = ?)"
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {which}", (value, name))


def _name_listeners(connection: sqlite3.Connection, number: int) -> None:
    """Nobody listens; two do; two with keys of their own; A or B is one of them."""
    names = [(), LISTENERS, LISTENERS, (A, *LISTENERS), (B, *LISTENERS), LISTENERS, LISTENERS, (A, B)][number % 8]
    keys = {name: sealing.new_identity()[1] for name in names} if number % 4 == 2 else {}
    query = """INSERT INTO listeners (member_id, community_id, accepted_at, key)
        SELECT members.id, members.community_id, '2026-03-02 08:00:00.000000', ? FROM members
        JOIN accounts ON accounts.id = members.account_id WHERE accounts.user = ?"""
    for name in names:
        connection.execute(query, (keys.get(name, ""), name))


@lru_cache
def _main() -> sa.Engine:
    return open_database("sqlite://")


@lru_cache
def _apart() -> tuple[sa.Engine, bytes]:
    database = open_apart("sqlite://")
    return database, raw(database).serialize()


def main_with(content: bytes) -> sa.Engine:
    """The database in memory with this content. The one of the scenario before is gone: they come one by one."""
    return _anew(_main(), content)


def apart_empty() -> sa.Engine:
    """The database apart, in memory, as it is when nothing was ever said. The one of the scenario before is gone."""
    return _anew(*_apart())


def _anew(database: sa.Engine, content: bytes) -> sa.Engine:
    """The same engine, with what it knows of our statements, on a connection of its own.

    On the connection of before, the driver goes on with statements made for the tables of before, and what was planted in a
    table of its own is not found.
    """
    database.dispose()
    raw(database).deserialize(content)
    return database
