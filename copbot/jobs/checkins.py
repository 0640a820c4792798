"""Check-ins on time: rounds open and close, members are asked and reminded, and the long silent are left in peace."""

from datetime import datetime, timedelta

from copbot.core import due
from copbot.core.context import Context
from copbot.core.due import job
from copbot.core.words import _, lines
from copbot.features import approach, rounds
from copbot.store import rounds as kept
from copbot.store.people import Member
from copbot.store.rounds import Round
from copbot.store.schedules import Schedule


@job("checkins.open", useful_for=timedelta(days=3))
def open_(context: Context, schedule: Schedule) -> None:
    """Open a round, unless one is open."""
    if kept.running(context.tx, context.community.id) is None:
        new = rounds.open_round(context, before=due.next_after(schedule, context.now))
        rounds.ask_everybody(context, new)


@job("checkins.everybody")
def everybody(context: Context, schedule: Schedule) -> datetime | None:
    """Ask those who agreed to check-ins after the round opened."""
    round = context.tx.get(Round, schedule.subject)
    return rounds.ask_everybody(context, round) if round and round.closed_at is None else None


@job("checkins.ask")
def ask(context: Context, schedule: Schedule) -> datetime | None:
    """Ask one member, or remind them."""
    round = context.tx.get(Round, schedule.subject)
    member = context.tx.get(Member, schedule.member_id)
    return rounds.ask(context, round, member) if round and member else None


@job("checkins.close")
def close(context: Context, schedule: Schedule) -> None:
    """Close the round and tell the group what came of it."""
    round = context.tx.get(Round, schedule.subject)
    if round and round.closed_at is None:
        rounds.close_round(context, round)


@job("checkins.quiet")
def quiet(context: Context, schedule: Schedule) -> datetime | None:
    """Tell somebody who has been silent for long that copbot asks no more, unless they wish."""
    member = context.tx.get(Member, schedule.member_id)
    if member is None or member.left_at or not member.allows("checkins") or rounds.can_be_asked(member):
        return None
    moment = approach.moment_for(member, context.now)
    if moment > context.now:
        return moment
    context.tell(
        member,
        lines(
            _("This may not be the moment for check-ins, so I will keep quiet about them."),
            _("What would you like?"),
        ),
        then="pause.quieted",
        choices={"go_on": _("Go on asking me"), "month": _("Ask me again in a month"), "stop": _("Stop asking me")},
    )
    return None
