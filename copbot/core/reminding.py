"""Reminders and their clocks: setting one, having it come again later, moving it with the member to another zone."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from copbot.core import times
from copbot.core.moments import Moment
from copbot.store import reminders, schedules
from copbot.store.people import Account, Community
from copbot.store.reminders import FIRE, Reminder
from copbot.store.schedules import Schedule

#: Longer ones are turned down.
LONGEST = 500

#: So many may wait for one member, and so many for a group.
MOST = 100


def set_time(tx: Session, reminder: Reminder, moment: Moment, zone: str) -> Schedule:
    """Have it come at this moment, in place of any other."""
    reminders.reopen(tx, reminder)
    reminder.starts, reminder.rule = moment.wall.isoformat(), moment.rule
    schedules.cancel(tx, reminder.again_key)
    state = {"exact": True} if moment.exact else {}
    return schedules.put(tx, _schedule(reminder, reminder.key, moment.first(zone), zone, state))


def bring_again(tx: Session, reminder: Reminder, at: datetime, zone: str) -> None:
    """Have it come once at this moment; a repeating one keeps its rule besides."""
    key = reminder.again_key if reminder.rule and not reminder.closed_at else reminder.key
    reminders.reopen(tx, reminder)
    schedule = _schedule(reminder, key, at, zone, {"exact": True})
    schedule.starts, schedule.rule = times.to_wall(at, zone).isoformat(), ""
    schedules.put(tx, schedule)


def put_back(tx: Session, reminder: Reminder, zone: str, now: datetime) -> datetime | None:
    """Set one that was taken back anew; answers when it comes, None where its time is over."""
    starts = datetime.fromisoformat(reminder.starts)
    first = times.to_instant(starts, zone)
    if first <= now:
        following = times.next_time(starts, reminder.rule, zone, now) if reminder.rule else None
        if following is None:
            return None
        first = following
    reminders.reopen(tx, reminder)
    schedules.put(tx, _schedule(reminder, reminder.key, first, zone, {}))
    return first


def follow_member(tx: Session, account: Account, zone: str, now: datetime) -> None:
    """Somebody lives in another zone now: their own reminders come at the same hour on the wall there."""
    _move(reminders.upcoming_of(tx, account.id), zone, now)


def follow_group(tx: Session, community: Community, zone: str, now: datetime) -> None:
    """A community lives in another zone now: the reminders to the group come at the same hour on the wall there."""
    _move(reminders.upcoming_of_group(tx, community.id), zone, now)


def _move(moved: list[Schedule], zone: str, now: datetime) -> None:
    for schedule in moved:
        schedule.zone = zone
        if "exact" in schedule.state or schedule.next_at <= now:  # "in two hours" is two hours everywhere
            continue
        starts = datetime.fromisoformat(schedule.starts)
        following = times.next_time(starts, schedule.rule, zone, now) if schedule.rule else times.to_instant(starts, zone)
        schedule.next_at = max(following or schedule.next_at, now)


def next_dates(schedule: Schedule, after: datetime, count: int) -> list[datetime]:
    """When it comes after that moment, as often as asked; nothing where it does not repeat."""
    if not schedule.rule:
        return []
    return times.next_times(datetime.fromisoformat(schedule.starts), schedule.rule, schedule.zone, after, count)


def last_due(schedule: Schedule, now: datetime) -> datetime:
    """The latest of the times that have been missed: for what repeats, only this one is worth mentioning."""
    latest = schedule.next_at
    for _missed in range(1000):
        following = next_dates(schedule, latest, 1)
        if not following or following[0] > now:
            break
        latest = following[0]
    return latest


def same_hour_tomorrow(starts: str, zone: str, now: datetime) -> datetime:
    """Tomorrow at the hour on the wall at which the reminder was to come."""
    hour = datetime.fromisoformat(starts).time()
    return times.at(times.to_wall(now, zone).date() + timedelta(days=1), hour, zone)


def _schedule(reminder: Reminder, key: str, at: datetime, zone: str, state: dict[str, object]) -> Schedule:
    return Schedule(
        key=key,
        kind=FIRE,
        community_id=reminder.community_id,
        member_id=reminder.member_id,
        subject=reminder.id,
        state=state,
        starts=reminder.starts,
        rule=reminder.rule,
        zone=zone,
        next_at=at,
    )
