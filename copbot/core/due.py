"""The tick: what is due is done, each thing on its own, and comes again by its rule."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from copbot.calendar import times
from copbot.core.context import Context
from copbot.core.house import House
from copbot.store import keyboards, schedules
from copbot.store.people import Community
from copbot.store.schedules import Schedule
from copbot.store.transactions import savepoint

log = structlog.get_logger()

#: Later than this, something that comes is said to come late.
LATE = timedelta(minutes=5)

#: After so many failures in a row a schedule is dropped, loudly.
_MOST_FAILURES = 8

Run = Callable[[Context, Schedule], datetime | None]


@dataclass(frozen=True, slots=True)
class Job:
    """What is done when a schedule of this kind is due. Later than `useful_for`, it is passed over."""

    kind: str
    run: Run
    useful_for: timedelta


#: Every job by its kind. Filled by the decorator as jobs are imported.
JOBS: dict[str, Job] = {}


def job(kind: str, *, useful_for: timedelta = timedelta.max) -> Callable[[Run], Run]:
    """Declare a job: `def fire(context, schedule)`. Missed times come once; see `useful_for`.

    What the function returns is when the schedule comes again; None leaves it to the schedule's rule, or ends it.
    """

    def register(run: Run) -> Run:
        JOBS[kind] = Job(kind, run, useful_for)
        return run

    return register


def is_late(schedule: Schedule, now: datetime) -> bool:
    """Tell whether this comes later than it should have, because copbot was down."""
    return now - schedule.next_at > LATE


def tick(tx: Session, now: datetime, house: House) -> int:
    """Do what is due, up to 200 things; answer how many there were."""
    due = schedules.due(tx, now)
    for schedule in due:
        if schedule in tx:  # else what was done before it has erased whom it was for
            _do(tx, now, house, schedule)
    keyboards.tidy(tx, now)
    return len(due)


def _do(tx: Session, now: datetime, house: House, schedule: Schedule) -> None:
    again: datetime | None = None
    try:
        with savepoint(tx):
            job = JOBS[schedule.kind]
            if now - schedule.next_at <= job.useful_for:
                again = job.run(_context(tx, now, house, schedule), schedule)
            again = again or next_after(schedule, now)
            if again:
                schedule.next_at, schedule.failures = again, 0
            else:
                tx.delete(schedule)
    except Exception as problem:
        if house.strict:
            raise
        log.error("job failed", job=schedule.kind, error=type(problem).__name__)
        _fail(tx, now, schedule)


def _context(tx: Session, now: datetime, house: House, schedule: Schedule) -> Context:
    community = tx.get_one(Community, schedule.community_id)
    return Context(tx, now, community, house)


def next_after(schedule: Schedule, now: datetime) -> datetime | None:
    """When the schedule's rule comes next after now; None where it has no rule or the rule has ended."""
    if not schedule.rule:
        return None
    starts = datetime.fromisoformat(schedule.starts)
    return times.next_time(starts, schedule.rule, schedule.zone, max(now, schedule.next_at))


def _fail(tx: Session, now: datetime, schedule: Schedule) -> None:
    """Try again with growing patience; a schedule that keeps failing goes on with its next time, or ends."""
    schedule.failures += 1
    if schedule.failures < _MOST_FAILURES:
        schedule.next_at = now + timedelta(minutes=2**schedule.failures)
    elif again := next_after(schedule, now):
        schedule.next_at, schedule.failures = again, 0
    else:
        tx.delete(schedule)
