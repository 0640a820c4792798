"""Every night: what has been kept long enough goes, and those whose charter has changed are asked again in their own hours."""

from datetime import datetime, timedelta

from copbot.calendar import times
from copbot.core import door
from copbot.core.context import Context
from copbot.core.due import job
from copbot.features import keeping
from copbot.store import outbox, people, retention, schedules
from copbot.store.people import Member
from copbot.store.schedules import Schedule

#: A command that waits for somebody's agreement is not kept longer.
_UNDECIDED = timedelta(days=1)

#: How soon to look again whether the last message to somebody has gone out, and for how long to wait for it.
_SOON = timedelta(minutes=1)
_PATIENCE = timedelta(days=1)


@job("retention.purge")
def purge(context: Context, _schedule: Schedule) -> datetime | None:
    """Clean the house. Every community has its night; one of them does it for all."""
    _ask_again(context)
    if people.is_oldest(context.tx, context.community):
        retention.drop_questions(context.tx, "welcome.agreed", context.now - _UNDECIDED)
        keeping.purge(context.tx, context.now, context.house)
    return None


def _ask_again(context: Context) -> None:
    """Whoever agreed to an earlier charter hears of the new one once."""
    newest = door.charter(context)
    for member in people.members(context.tx, context.community):
        if member.consented_at and (member.charter_asked or member.charter or 0) < newest:
            hours = member.account.hours_from, member.account.hours_to
            schedules.put(
                context.tx,
                Schedule(
                    key=f"charter:{member.id}",
                    kind="retention.renew",
                    community_id=context.community.id,
                    member_id=member.id,
                    zone=member.zone,
                    next_at=times.within_hours(context.now, member.zone, *hours),
                ),
            )


@job("retention.renew")
def renew(context: Context, schedule: Schedule) -> datetime | None:
    """Ask one member again, unless they have left, paused or decided meanwhile."""
    member = context.tx.get_one(Member, schedule.member_id)
    newest = door.charter(context)
    if member.left_at is None and not member.is_paused(context.now) and (member.charter or 0) < newest:
        member.charter_asked = newest
        context.begin(member, "welcome.renew")
    return None


@job("retention.farewell")
def farewell(context: Context, schedule: Schedule) -> datetime | None:
    """Forget the last message to somebody who asked to be forgotten, as soon as it has gone out."""
    letter = context.tx.get(outbox.Letter, schedule.subject)
    if letter and letter.state == "waiting" and context.now < letter.created_at + _PATIENCE:
        return context.now + _SOON
    retention.drop_letter(context.tx, letter)
    return None
