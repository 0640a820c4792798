"""Looking for words in files, however they are written there; and filling every table with somebody's words."""

import base64
import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.engine import perform
from copbot.store import people, privacy
from copbot.store.base import Base, Instant


def writings(word: str) -> dict[str, bytes]:
    """The ways in which a word may lie in a file."""
    plain = word.encode()
    found = {
        "utf-8": plain,
        "less its first three letters": word[3:].encode(),
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "json": json.dumps(word)[1:-1].encode(),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
    }
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + plain + b"\0\0\0")
        found[f"base64 at {offset}"] = encoded[(offset * 8 + 5) // 6 : (offset + len(plain)) * 8 // 6]
    return found


def traces(folder: Path, *words: str) -> list[tuple[str, str, str]]:
    """Where in the files of this folder the words are: file, word, writing."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for word in words:
            found += [(path.name, word, how) for how, written in writings(word).items() if written in content]
    return found


def fill(tx: Session, words: dict[int, str], community_id: int, turn: int = 0) -> None:
    """Put one row about each of these members (number, word) into every table that is about people, their word in every text.

    What a new table needs it gets: values by type, foreign keys to the same person's rows.
    """
    rows: dict[tuple[str, int], int] = {}
    for table in privacy.tables():
        if privacy.is_about(table, 0) is None or table.name in ("accounts", "members"):
            continue
        for member_id, word in words.items():
            account = tx.get_one(people.Member, member_id).account_id
            own = {"members": member_id, "accounts": account, "communities": community_id} | {
                name: key for (name, owner), key in rows.items() if owner == member_id
            }
            values = {
                column.name: _value(column, f"{word} {turn}", own, member_id + 1000 * turn)
                for column in table.columns
                if column.foreign_keys or not column.primary_key
            }
            key = tx.execute(sa.insert(table).values(values)).inserted_primary_key
            rows[table.name, member_id] = key[0]


#: What tables would not take, or what copbot would act on, if it were filled by type alone.
_PARTICULAR = {"state": "waiting", "act": "say", "next_at": datetime(2100, 1, 1, tzinfo=UTC), "rule": ""}


def _value(column: sa.Column[Any], word: str, own: dict[str, int], number: int) -> object:
    for key in column.foreign_keys:
        return own.get(key.column.table.name)
    if isinstance(column.type, sa.JSON):
        return {"note": word} if column.name in _MAPPINGS else [word]
    if column.name in _PARTICULAR:
        return _PARTICULAR[column.name]
    if isinstance(column.type, Instant):
        return datetime(2026, 3, 1, 9, tzinfo=UTC)
    values = {str: f"{word} {column.name}", int: number, bool: False, bytes: word.encode(), time: time(9)}
    return values[column.type.python_type]


#: Columns that hold a mapping; the other JSON columns hold a list.
_MAPPINGS = {
    name
    for mapper in Base.registry.mappers
    for name, annotation in mapper.class_.__annotations__.items()
    if "dict" in str(annotation)
}


def member(tx: Session, user: str) -> people.Member:
    """Somebody on the stage."""
    return tx.scalars(sa.select(people.Member).join(people.Account).where(people.Account.user == user)).one()


def fill_for(database: sa.Engine, **words: str) -> None:
    """Rows about each of these people (user and word) in every table there is."""

    def work(tx: Session) -> None:
        found = {member(tx, user).id: word for user, word in words.items()}
        fill(tx, found, member(tx, next(iter(words))).community_id)

    perform(database, [work])


def sizes(database: sa.Engine) -> dict[str, int]:
    """How many rows each table holds."""

    def count(tx: Session) -> dict[str, int]:
        return {table.name: tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in privacy.tables()}

    return dict(perform(database, [count])[0][0])


def tables_with(database: sa.Engine, word: str) -> set[str]:
    """The tables that hold this word."""

    def look(tx: Session) -> set[str]:
        return {table.name for table in privacy.tables() if word in str(tx.execute(sa.select(table)).all())}

    return set(perform(database, [look])[0][0])
