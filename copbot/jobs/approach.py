"""Conversations that waited for somebody's own hours."""

from datetime import datetime, timedelta

from copbot.core.context import Context
from copbot.core.due import job
from copbot.features import approach
from copbot.store.people import Member
from copbot.store.schedules import Schedule


@job("approach.begin", useful_for=timedelta(days=30))
def begin(context: Context, schedule: Schedule) -> datetime | None:
    """Begin the conversation, unless the member left, or their hours changed or they paused meanwhile."""
    member = context.tx.get(Member, schedule.member_id)
    if member is None or member.left_at:
        return None
    if (moment := approach.moment_for(member, context.now)) > context.now:
        return moment
    context.begin(member, schedule.state["step"], **schedule.state["with"])
    return None
