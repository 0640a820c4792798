"""What copbot holds about somebody, written for them: counted in a line, as a file they can read, and as JSON."""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from copbot.core.house import House
from copbot.core.words import Words
from copbot.store import privacy
from copbot.store.privacy import Rows


def counted(house: House, words: Words, numbers: Mapping[str, int]) -> str:
    """ "3 practices, a check-in and 12 messages": the tables that have a word for their rows."""
    tables = house.template("privacy", words.language)["tables"]
    return words.list(
        f"{numbers[name]} {table['one' if _is_one(numbers[name], words) else 'many']}"
        for name, table in tables.items()
        if "one" in table and name in numbers
    )


def _is_one(number: int, words: Words) -> bool:
    return number == 1 or (number == 0 and words.language == "fr")


def readable(house: House, words: Words, held: Mapping[str, Rows], communities: Mapping[int, str]) -> str:
    """A plain text with a part for each table; the columns in it are those that the template has a word for."""
    page = house.template("privacy", words.language)
    parts = []
    for name, table in page["tables"].items():
        if rows := held.get(name):
            shown = "\n\n".join("\n".join(_fields(page, table["columns"], row, words, communities)) for row in rows)
            parts.append(f"{table['title']} ({len(rows)})\n\n{shown}")
    return "\n\n\n".join(parts) + "\n"


def _fields(
    page: Mapping[str, Any], labels: Mapping[str, str], row: Mapping[str, Any], words: Words, communities: Mapping[int, str]
) -> Iterator[str]:
    colon = "\u00a0:" if words.language == "fr" else ":"
    for name, label in labels.items():
        value = communities.get(row[name]) if name == "community_id" else row.get(name)
        if written := _written(page, value, words):
            yield f"  {label}{colon} " + written.replace("\n", "\n    ")


def _written(page: Mapping[str, Any], value: object, words: Words) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return str(page["yes" if value else "no"])
        case list():
            return words.list(str(page["words"].get(one, one)) for one in value)
        case dict():
            return "; ".join(written for one in value.values() if isinstance(one, str) and (written := one.strip()))
        case _:
            return str(page["words"].get(value, words.write(value)))


def as_json(held: Mapping[str, Rows], now: datetime) -> bytes:
    """Every row with every column, and what tables and columns hold."""
    tables = {table.name: table for table in privacy.tables()}
    content = {
        "made_at": now,
        "tables": {
            name: {
                "holds": tables[name].comment,
                "columns": {column.name: column.comment for column in tables[name].columns},
                "rows": rows,
            }
            for name, rows in held.items()
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> str:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return str(value)
