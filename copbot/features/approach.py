"""Writing to somebody first: at once in their own hours, else when these begin or their pause ends."""

from datetime import datetime
from typing import Any

from copbot.calendar import times
from copbot.core.context import Context
from copbot.store import schedules
from copbot.store.people import Member
from copbot.store.schedules import Schedule


def moment_for(member: Member, moment: datetime) -> datetime:
    """The first moment from this one on at which copbot may write to this member first."""
    awake = max(moment, member.paused_until) if member.paused_until else moment
    return times.within_hours(awake, member.zone, member.account.hours_from, member.account.hours_to)


def begin(context: Context, member: Member, step: str, *, key: str, **state: Any) -> None:
    """Begin a conversation at this step as soon as it suits the member. `key` makes it the same if it is begun twice."""
    moment = moment_for(member, context.now)
    if moment <= context.now:
        context.begin(member, step, **state)
        return
    schedules.put(
        context.tx,
        Schedule(
            key=key,
            kind="approach.begin",
            community_id=context.community.id,
            member_id=member.id,
            state={"step": step, "with": state},
            next_at=moment,
        ),
    )
