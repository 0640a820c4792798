"""/checkin every, after, off: when check-ins open by themselves."""

from datetime import timedelta
from itertools import pairwise

from copbot.calendar import moments, times
from copbot.calendar.moments import Moment
from copbot.core.commands import COMMANDS, Rest, command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import _, _n, lines
from copbot.store import checkins, meetings, schedules
from copbot.store.schedules import Schedule

#: Check-ins that come more often than this leave no time to try anything.
_SELDOM = timedelta(days=6)

_EXAMPLES = _("For example: /checkin every 2 weeks, or /checkin every first Monday")


@command(
    "checkin every",
    "bilan tous",
    help=_("Has check-ins open by themselves in a rhythm."),
    examples=[_("/checkin every 2 weeks"), _("/checkin every first Monday 9:00")],
    role="facilitator",
)
def every(talk: Conversation, rhythm: Rest) -> None:
    """Open a round by a rule; it replaces the rhythm there was."""
    found = _read(talk, rhythm)
    zone = talk.community.zone
    dates = times.next_times(found.wall, found.rule, zone, talk.now, 3)
    if any(after - before < _SELDOM for before, after in pairwise(dates)):
        raise Refusal(lines(_("That is often: give people a week at least to try something."), _EXAMPLES))
    checkins.unplan(talk.tx, talk.community)
    schedules.put(
        talk.tx,
        Schedule(
            key=f"checkins.every:{talk.community.id}",
            kind="checkins.open",
            community_id=talk.community.id,
            starts=found.wall.isoformat(),
            rule=found.rule,
            zone=zone,
            next_at=dates[0],
        ),
    )
    talk.reply(
        lines(
            _("Noted. The next check-ins open:"),
            *(_("{when}", when=date) for date in dates),
            _("To stop this: /checkin off"),
        )
    )


# French says "tous les mois", "toutes les semaines", "chaque lundi".
COMMANDS.update({(head, word): COMMANDS["checkin", "every"] for head in ("checkin", "bilan") for word in ("toutes", "chaque")})


@command(
    "checkin after",
    "bilan après",
    help=_("Has a check-in open so many days after each meeting."),
    examples=[_("/checkin after 7")],
    role="facilitator",
)
def after(talk: Conversation, days: int, _unit: Rest = "") -> None:
    """Hang the rounds on the programme; it replaces the rhythm there was."""
    if not 1 <= days <= 90:
        raise Refusal(_("Between 1 and 90 days after each meeting. For example: /checkin after 7"))
    checkins.unplan(talk.tx, talk.community)
    talk.community.settings = {**talk.community.settings, "checkin_after_days": days}
    last = meetings.last(talk.tx, talk.community, talk.now)
    recent = [last] if last and last.starts_at and last.starts_at + timedelta(days=days) > talk.now else []
    for meeting in [*recent, *meetings.upcoming(talk.tx, talk.community, talk.now)]:
        checkins.plan_after_meeting(talk.tx, talk.community, meeting)
    coming = checkins.next_opening(talk.tx, talk.community)
    talk.reply(
        lines(
            _n(
                "Noted: a check-in opens {count} day after each meeting.",
                "Noted: a check-in opens {count} days after each meeting.",
                days,
            ),
            _("The next one opens on {when}.", when=coming)
            if coming
            else _("No date is set yet. To add a meeting: {example}", example=_("/meeting add 14 April 14:00")),
            _("To stop this: /checkin off"),
        )
    )


@command(
    "checkin off",
    "bilan non",
    help=_("No check-in opens by itself any more."),
    examples=[_("/checkin off")],
    role="facilitator",
)
def off(talk: Conversation) -> None:
    """End the rhythm; a round that is open stays open."""
    checkins.unplan(talk.tx, talk.community)
    talk.reply(_("Noted: check-ins no longer open by themselves. To open one: /checkin open"))


def _read(talk: Conversation, rhythm: str) -> Moment:
    """The rhythm, in whichever language the first word of it was. Raises Refusal."""
    for opening in ("every", "tous", "toutes", "chaque"):
        try:
            found = moments.read(f"{opening} {rhythm}", now=talk.now, zone=talk.community.zone, language=talk.reader.language)
        except ValueError:
            continue
        if found.rule and not found.rest:
            return found
    raise Refusal(lines(_("I did not understand this rhythm: “{text}”.", text=rhythm[:60]), _EXAMPLES))
