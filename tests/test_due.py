"""The tick: what is due is done, each thing on its own, once after an outage, and what keeps failing does not stop the rest."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.core import due
from copbot.core.context import Context
from copbot.core.house import House
from copbot.rehearsal import demo
from copbot.store import schedules
from copbot.store.schedules import Schedule
from copbot.store.transactions import Transaction
from tests.conftest import START


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[int | None, bool]]]:
    """What the test's jobs did: the subject, and whether it was late."""
    found: list[tuple[int | None, bool]] = []

    def note(context: Context, schedule: Schedule) -> None:
        found.append((schedule.subject, due.is_late(schedule, context.now)))

    def fail(context: Context, schedule: Schedule) -> None:
        raise ZeroDivisionError

    for kind, run, useful in (("note", note, timedelta.max), ("soon", note, timedelta(hours=1)), ("fail", fail, timedelta.max)):
        monkeypatch.setitem(due.JOBS, kind, due.Job(kind, run, useful))
    return found


@pytest.fixture
def tx(both: sa.Engine) -> Iterator[Session]:
    with Transaction(both) as tx, tx.begin():
        demo(tx, START, "en", "Europe/Paris")
        yield tx


def put(tx: Session, kind: str, subject: int, **more: object) -> Schedule:
    values = {"community_id": 1, "state": {}, "next_at": START, **more}
    return schedules.put(tx, Schedule(kind=kind, subject=subject, **values))


def tick(tx: Session, **later: float) -> int:
    return due.tick(tx, START + timedelta(**later), House())


def test_what_is_due_is_done_once_and_gone(tx: Session, done: list[tuple[int | None, bool]]) -> None:
    put(tx, "note", 1)
    put(tx, "note", 2, next_at=START + timedelta(minutes=1))
    assert tick(tx) == 1
    assert tick(tx) == 0
    assert tick(tx, minutes=1) == 1
    assert done == [(1, False), (2, False)]


def test_after_an_outage_a_repeating_thing_comes_once_marked_late(tx: Session, done: list[tuple[int | None, bool]]) -> None:
    again = put(tx, "note", 1, rule="FREQ=DAILY", starts="2026-03-02T09:00:00", zone="Europe/Paris")
    tick(tx, days=10, hours=2)
    assert done == [(1, True)]
    assert again.next_at == START + timedelta(days=11)


def test_what_is_of_no_more_use_is_passed_over(tx: Session, done: list[tuple[int | None, bool]]) -> None:
    put(tx, "soon", 1)
    assert tick(tx, hours=2) == 1
    assert done == []
    assert schedules.next_due(tx) != START


@pytest.mark.parametrize("kind", ["fail", "unknown"])
def test_what_fails_is_tried_again_and_stops_nothing(tx: Session, done: list[tuple[int | None, bool]], kind: str) -> None:
    put(tx, kind, 1)
    put(tx, "note", 2)
    tick(tx)
    assert done == [(2, False)]
    moment = START
    for _ in range(7):
        moment = max(moment, next(iter(schedules.due(tx, START + timedelta(days=1)))).next_at)
        due.tick(tx, moment, House())
    assert not [one for one in schedules.due(tx, START + timedelta(hours=20)) if one.kind == kind]


def test_over_summer_time_the_clock_on_the_wall_counts(tx: Session, done: list[tuple[int | None, bool]]) -> None:
    saturday = START + timedelta(days=26)
    again = put(tx, "note", 1, rule="FREQ=DAILY", starts="2026-03-02T09:00:00", zone="Europe/Paris", next_at=saturday)
    due.tick(tx, saturday, House())
    assert again.next_at == saturday + timedelta(hours=23)
