"""The same two months, on either database, in every word the same."""

import random
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from copbot.adapters.console import Console
from copbot.calendar import times
from copbot.core.house import House
from copbot.rehearsal import Rehearsal
from tests.postgres import Postgres

SCRIPTS = Path(__file__).parent / "scripts"


def played(database: sa.Engine, language: str) -> tuple[list[str], dict[str, bytes]]:
    """What is said and which files are handed over."""
    said: list[str] = []
    files: dict[str, bytes] = {}
    console = Console(said.append, save=lambda file: files.__setitem__(file.name, file.content))
    house = House(chance=random.Random(0), ask_consent=False, strict=True)
    start = times.to_instant(datetime.fromisoformat("2026-02-02T09:00"), "Europe/Paris")
    rehearsal = Rehearsal(database, house, console, start)
    rehearsal.open_demo(language, "Europe/Paris")
    for line in (SCRIPTS / f"two-months.{language}.txt").read_text(encoding="utf-8").splitlines():
        rehearsal.line(line)
    return said, files


@pytest.mark.parametrize("language", ["fr", "en"])
def test_two_months_are_the_same_on_sqlite_and_on_postgresql(database: sa.Engine, postgres: Postgres, language: str) -> None:
    with postgres.fresh() as server:
        there = played(server, language)
    here = played(database, language)
    assert here == there
    assert len(here[0]) > 200
    assert here[1]
