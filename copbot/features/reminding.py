"""Reminders and their clocks: setting one, having it come again later, moving it with the member to another zone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from copbot.calendar import moments, times
from copbot.calendar.moments import Moment
from copbot.core.errors import Refusal
from copbot.core.words import Sentence, _
from copbot.store import reminders, schedules
from copbot.store.people import Account, Community
from copbot.store.reminders import FIRE, Reminder
from copbot.store.schedules import Schedule

#: Longer ones are turned down.
LONGEST = 500

#: So many may wait for one member, and so many for a group.
MOST = 100


def read(words: str, *, now: datetime, zone: str, language: str) -> Moment:
    """The moment that the words say. Raises NoDate where they say none, and Refusal, with two examples, where it cannot be."""
    try:
        return moments.read(words, now=now, zone=zone, language=language)
    except moments.NoDate:
        raise
    except ValueError as problem:
        raise Refusal(_cannot_be(words, problem)) from None


def not_understood(words: str) -> Sentence:
    """What to say of words that are no date."""
    return _("I did not understand the date in “{words}”. For example: Friday 20:00, or 12 May at 9:00.", words=words[:80])


def _cannot_be(words: str, problem: ValueError) -> Sentence:
    match problem:
        case moments.TooOften():
            return _("I remind once an hour at most. For example: every hour, or every day at 8:00.")
        case moments.Past():
            return _("That moment is over. For example: tomorrow 9:00, or 12 May at 14:00.")
        case moments.Never():
            return _("That day never comes. For example: every month on the 12th, or every last Friday of the month.")
        case _:
            return not_understood(words)


def is_beside(words: str) -> bool:
    """Tell whether these are more words than a mere date has: then they are about something else."""
    return len(words.split()) > 4


def check_length(text: str) -> None:
    """Raises Refusal for words that are too long to be a reminder."""
    if len(text) > LONGEST:
        raise Refusal(_("That is too long for a reminder: {longest} characters at most. Nothing is set.", longest=LONGEST))


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


def completed(moment: Moment, reminder: Reminder, now: datetime, zone: str) -> Moment:
    """Where only the hour or only the day was said anew, the other stays as it was."""
    old = datetime.fromisoformat(reminder.starts)
    if not moment.has_day and not moment.rule and not moment.exact:
        wall = datetime.combine(old.date(), moment.wall.time())
        rule = "" if "BYHOUR" in reminder.rule else reminder.rule
        first = times.next_wall(wall, rule, zone, now) if rule else wall
        return replace(moment, wall=first, rule=rule) if first and times.to_instant(first, zone) > now else moment
    if moment.has_day and not moment.has_hour:
        wall = datetime.combine(moment.wall.date(), old.time())
        return replace(moment, wall=wall) if times.to_instant(wall, zone) > now else moment
    return moment


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
        before, schedule.zone = schedule.zone, zone
        # "In two hours" is two hours everywhere, and what is due comes now.
        if "exact" not in schedule.state and schedule.next_at > now:
            schedule.next_at = max(_moved(schedule, before, now), now)


def _moved(schedule: Schedule, before: str, now: datetime) -> datetime:
    """When it comes in the new zone; an hour on the wall that has struck in the zone before does not strike again."""
    starts, rule, zone = datetime.fromisoformat(schedule.starts), schedule.rule, schedule.zone
    wall = times.next_wall(starts, rule, before, now) if rule and not is_hourly(rule) else None if rule else starts
    moment = times.to_instant(wall, zone) if wall else None
    if rule and (moment is None or moment <= now):
        moment = times.next_time(starts, rule, zone, now)
    return moment or schedule.next_at


def is_hourly(rule: str) -> bool:
    """Tell whether it counts hours rather than days."""
    return rule.startswith(("FREQ=HOURLY", "FREQ=MINUTELY"))


def next_dates(schedule: Schedule, after: datetime, count: int) -> list[datetime]:
    """When it comes after that moment, as often as asked; nothing where it does not repeat."""
    if not schedule.rule:
        return []
    return times.next_times(datetime.fromisoformat(schedule.starts), schedule.rule, schedule.zone, after, count)


def last_due(schedule: Schedule, since: datetime, now: datetime) -> datetime:
    """The latest of the times missed from `since` on: for what repeats, only this one is worth mentioning."""
    latest = since
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


def _schedule(reminder: Reminder, key: str, at: datetime, zone: str, state: Mapping[str, bool]) -> Schedule:
    return Schedule(
        key=key,
        kind=FIRE,
        community_id=reminder.community_id,
        member_id=reminder.member_id,
        subject=reminder.id,
        state=dict(state),
        starts=reminder.starts,
        rule=reminder.rule,
        zone=zone,
        next_at=at,
    )
