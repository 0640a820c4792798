"""Reminders on time: each comes once, where copbot was away late and marked so, and never to somebody who wants quiet."""

from datetime import datetime, time, timedelta

from copbot.calendar import times
from copbot.core import due
from copbot.core.context import Context
from copbot.core.due import job
from copbot.core.words import Text, Words, _, lines
from copbot.features import reminding
from copbot.store import questions
from copbot.store.people import Member
from copbot.store.reminders import FIRE, Reminder
from copbot.store.schedules import Schedule

#: While somebody wants quiet, this is how often it is looked whether they are back.
_HELD = timedelta(hours=1)

#: What repeats and is late is left out where the next one is as near as this.
_SOON = timedelta(hours=1)

#: Later than this, a reminder to the group is only told to whoever set it.
_TOO_LATE = timedelta(days=1)

#: When a group may be written to late, or every hour.
_GROUP_HOURS = (time(8), time(21))


@job(FIRE)
def fire(context: Context, schedule: Schedule) -> datetime | None:
    """Bring it to the member or to the group."""
    reminder = context.tx.get(Reminder, schedule.subject)
    if reminder is None or reminder.closed_at is not None or (reminder.member and reminder.member.left_at):
        schedule.rule = ""
        return None
    held = _wait_until(context, schedule, reminder.member)
    if held is None and not _is_passed_over(context, schedule, reminder.member):
        _say(context, schedule, reminder)
    if held is None:
        _finish(context, schedule, reminder)
    return held


def _due(schedule: Schedule) -> datetime:
    """When it was to come at first, before it was held."""
    return datetime.fromisoformat(schedule.state["due"]) if "due" in schedule.state else schedule.next_at


def _is_late(context: Context, schedule: Schedule) -> bool:
    return context.now - _due(schedule) > due.LATE


# Whether it comes now


def _wait_until(context: Context, schedule: Schedule, member: Member | None) -> datetime | None:
    """Until when it is held: somebody wants quiet, or it is late and not the hour for it."""
    now, hours = context.now, _hours(member)
    until = now
    if member and member.paused_until and member.is_paused(now):
        if schedule.rule:
            return None
        until = min(member.paused_until, now + _HELD)
        schedule.state = {**schedule.state, "quiet": True}
    elif _is_late(context, schedule):
        until = times.within_hours(now, schedule.zone, *hours)
    following = due.next_after(schedule, now)
    if until <= now or (following and following <= until):
        return None
    schedule.state = {**schedule.state, "due": _due(schedule).isoformat()}
    return until


def _is_passed_over(context: Context, schedule: Schedule, member: Member | None) -> bool:
    """Tell whether it is not said this time: no agreement, quiet, a night of hourly ones, or the next one is near."""
    now = context.now
    if member and (not member.allows("reminders") or member.is_paused(now)):
        return True
    if reminding.is_hourly(schedule.rule) and times.within_hours(now, schedule.zone, *_hours(member)) > now:
        return True
    following = due.next_after(schedule, now)
    if following and _is_late(context, schedule):
        return following - now < _SOON or (
            member is None and now - reminding.last_due(schedule, _due(schedule), now) > _TOO_LATE
        )
    return False


def _hours(member: Member | None) -> tuple[time, time]:
    return (member.account.hours_from, member.account.hours_to) if member else _GROUP_HOURS


# Saying it


def _say(context: Context, schedule: Schedule, reminder: Reminder) -> None:
    missed = reminding.last_due(schedule, _due(schedule), context.now) if _is_late(context, schedule) else None
    if reminder.member:
        _to_member(context, schedule, reminder, reminder.member, missed)
    elif missed is None or context.now - missed <= _TOO_LATE:
        _to_group(context, schedule, reminder, missed)
    elif reminder.author and not reminder.author.left_at:
        context.tell(reminder.author, _("I was away and did not remind the group in time: {text}", text=reminder.text))


def _to_member(context: Context, schedule: Schedule, reminder: Reminder, member: Member, missed: datetime | None) -> None:
    # What was asked about it before is settled: the same words now answer this one.
    questions.close(context.tx, member.id, "reminders", id=reminder.id)
    context.tell(
        member,
        lines(_("Reminder: {text}", text=reminder.text), _excuse(context.words_for(member), schedule, missed)),
        choices={"done": _("Done"), "hour": _("In an hour"), "tomorrow": _("Tomorrow")},
        then="reminders_came.fired",
        state={"id": reminder.id},
        free=True,
        about=reminder.key,
        dedupe=f"{schedule.key}:{_due(schedule):%Y%m%dT%H%M%S}",
    )


def _to_group(context: Context, schedule: Schedule, reminder: Reminder, missed: datetime | None) -> None:
    """No choices: in a group they would only be noise. A reply brings it again all the same."""
    author = reminder.author
    said = (
        _("Reminder from {name}: {text}", name=author.name, text=reminder.text)
        if author and not author.left_at
        else _("Reminder: {text}", text=reminder.text)
    )
    context.announce(
        lines(said, _excuse(context.words, schedule, missed)),
        then="reminders_came.fired",
        state={"id": reminder.id},
        about=reminder.key,
        expires_at=context.now + _TOO_LATE,
    )


def _excuse(words: Words, schedule: Schedule, missed: datetime | None) -> Text | None:
    """For when it was, and why it comes only now."""
    if missed is None:
        return None
    when = str(Words(words.locale, schedule.zone, words.now).write(missed))
    if schedule.state.get("quiet"):
        return _("This was for {when}; you wanted quiet then.", when=when)
    return _("This was for {when}; I was away.", when=when)


def _finish(context: Context, schedule: Schedule, reminder: Reminder) -> None:
    """What has come for the last time is closed; what comes every few hours counts on from here."""
    schedule.state = {name: value for name, value in schedule.state.items() if name == "exact"}
    if due.next_after(schedule, context.now) is None:
        if schedule.key == reminder.key:
            reminder.closed_at = context.now
    elif reminding.is_hourly(schedule.rule):
        schedule.starts = times.to_wall(schedule.next_at, schedule.zone).isoformat()
