"""What attacks are made of: anybody saying or pressing anything anywhere, and all that the database holds, to compare."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.adapters.console import GROUP, PLATFORM
from copbot.core import door
from copbot.engine import perform
from copbot.store import people
from copbot.store.base import Base, open_database
from copbot.vocabulary import Chose, Joined, Person, Place, Quoted, Said
from tests.conftest import Bot

ELSEWHERE = Place(PLATFORM, "elsewhere", "group")

#: What every event leaves behind: messages, and what was asked.
_PASSING = {"outbox", "questions", "cursors"}

_numbers = count(1)


@pytest.fixture
def database(template: bytes) -> Iterator[sa.Engine]:
    """An empty database in memory: attacks are many, and none is on the disk."""
    database = open_database("sqlite://")
    raw: Any = database.raw_connection()
    raw.driver_connection.deserialize(template[:18] + b"\1\1" + template[20:])  # a write-ahead log has no place in memory
    raw.driver_connection.execute("PRAGMA foreign_keys=ON").close()
    raw.close()
    yield database
    database.dispose()


def person(id: str, name: str = "") -> Person:
    return Person(PLATFORM, id, name or id)


def private(id: str) -> Place:
    return Place(PLATFORM, id, "private")


def joins(bot: Bot, who: Person, place: Place = GROUP) -> None:
    bot.rehearsal.happens(Joined(f"j{next(_numbers)}", place, who))


def says(bot: Bot, who: Person, text: str, place: Place | None = None, quoted: Quoted | None = None) -> str:
    """Somebody writes: to copbot in private, or there. Answers all that copbot said to it, to anybody."""
    before, number = len(bot.lines), next(_numbers)
    bot.rehearsal.happens(Said(f"s{number}", place or private(who.id), who, f"s{number}", text, quoted))
    return "\n".join(bot.lines[before:]).replace("\u00a0", " ")


def presses(bot: Bot, who: Person, token: str, place: Place | None = None) -> str:
    before = len(bot.lines)
    bot.rehearsal.happens(Chose(f"c{next(_numbers)}", place or private(who.id), who, token))
    return "\n".join(bot.lines[before:]).replace("\u00a0", " ")


def found_elsewhere(bot: Bot, *ids: str) -> None:
    """Another community in the same database, with these members."""

    def work(tx: Session) -> None:
        other = people.found(tx, name="Elsewhere", language="en", zone="Europe/Paris", place=ELSEWHERE, now=bot.now)
        door.keep_house(tx, other, bot.now)

    perform(bot.database, [work])
    for id in ids:
        joins(bot, person(id), ELSEWHERE)


def tokens(bot: Bot, id: str) -> list[str]:
    """Every token on every button that this person was ever shown in private, and those under open questions in the group."""
    query = (
        "select q.id, q.choices from questions q left join members m on m.id = q.member_id "
        f"left join accounts a on a.id = m.account_id where a.user = '{id}' order by q.id"
    )
    return [f"{number}.{index}" for number, choices in bot.keeps(query) for index in range(len(json.loads(str(choices))))]


def held(bot: Bot, *, besides: set[str] | None = None) -> dict[str, list[Any]]:
    """All rows of all tables but those in passing."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in _PASSING | (besides or set())]

    def read(tx: Session) -> dict[str, list[Any]]:
        return {table.name: [tuple(row) for row in tx.execute(sa.select(table))] for table in tables}

    found: dict[str, list[Any]] = perform(bot.database, [read])[0][0]
    return found
