"""How long copbot takes to start, and a tick to find nothing due, with 100,000 reminders waiting on a SQLite file."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot import handlers, jobs
from copbot.core import due
from copbot.core.house import House
from copbot.engine import perform
from copbot.rehearsal import demo
from copbot.store import outbox, people, schedules, schema
from copbot.store.base import open_database
from copbot.store.reminders import FIRE, Reminder
from copbot.store.schedules import Schedule
from copbot.vocabulary import Person

COUNT = 100_000
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def fill(tx: Session, count: int) -> None:
    """So many reminders of one member, none of them due before tomorrow."""
    community = demo(tx, NOW, "fr", "Europe/Paris")
    member = people.join(tx, community, Person("console", "bo", "bo"), NOW)
    whose = {
        "community_id": community.id,
        "member_id": member.id,
        "rule": "FREQ=WEEKLY;BYDAY=TU",
        "starts": "2026-03-03T18:30:00",
    }
    set_by = {"author_id": member.id, "text": "préparer la séance", "created_at": NOW}
    rows = [{"id": number, "number": number, **set_by, **whose} for number in range(1, count + 1)]
    waiting = [
        {
            "key": f"reminder:{number}",
            "kind": FIRE,
            "subject": number,
            "state": {},
            "zone": "Europe/Paris",
            "next_at": NOW + timedelta(days=1, seconds=number),
            **whose,
        }
        for number in range(1, count + 1)
    ]
    if count:
        tx.execute(sa.insert(Reminder), rows)
        tx.execute(sa.insert(Schedule), waiting)


def start(url: str) -> sa.Engine:
    """What a start does with the database: open it, look at its version, at what waits and at what is due."""
    database = open_database(url)
    schema.upgrade(database)
    perform(database, [outbox.waiting, schedules.next_due])
    perform(database, [lambda tx: due.tick(tx, NOW, House())])
    return database


def median_ms(what: Callable[[], object], runs: int) -> float:
    """Median milliseconds, after one run that does not count."""
    took = []
    for _run in range(runs + 1):
        begins = time.perf_counter()
        what()
        took.append(1000 * (time.perf_counter() - begins))
    return statistics.median(took[1:])


def times_with(folder: Path, count: int) -> tuple[float, float]:
    """Milliseconds of a start and of an idle tick with so many reminders waiting."""
    url = f"sqlite:///{folder / f'{count}.db'}"
    database = open_database(url)
    schema.upgrade(database)
    perform(database, [partial(fill, count=count)])
    database.dispose()
    starting = median_ms(lambda: start(url).dispose(), 9)
    database = start(url)
    ticking = median_ms(lambda: perform(database, [lambda tx: due.tick(tx, NOW, House())]), 200)
    database.dispose()
    return starting, ticking


def measure() -> dict[str, dict[str, object]]:
    """The figures of this module."""
    handlers.load()
    jobs.load()
    with tempfile.TemporaryDirectory() as name:
        empty_start, empty_tick = times_with(Path(name), 0)
        full_start, full_tick = times_with(Path(name), COUNT)
    return {
        "idle_tick_ms_100k": _figure(full_tick, empty_tick, "a tick with no reminder"),
        "start_ms_100k": _figure(full_start, empty_start, "a start with no reminder"),
    }


def _figure(value: float, bare: float, against: str) -> dict[str, object]:
    return {"value": round(value, 2), "unit": "ms", "against": against, "ratio": round(value / bare, 2)}
