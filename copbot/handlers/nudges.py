"""/nudge: the day and the hour of the weekly word to the group."""

from copbot.calendar import moments, times
from copbot.core.commands import Rest, command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import _, lines
from copbot.store import schedules
from copbot.store.schedules import Schedule

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EXAMPLE = _("For example: /nudge day tuesday 9:00")


@command(
    "nudge",
    "relance",
    help=_("Tells when my weekly word to the group comes."),
    examples=[_("/nudge")],
    role="facilitator",
)
def nudge(talk: Conversation, when: Rest = "") -> None:
    """When it comes next, and how to change that; with a day and an hour, change it."""
    if when:
        day(talk, when)
        return
    schedule = schedules.keyed(talk.tx, _key(talk))
    if schedule is None:
        talk.reply(lines(_("I do not write to the group every week so far."), _("To choose a day: /nudge day tuesday 9:00")))
        return
    talk.reply(
        lines(
            _("My next weekly word to the group comes on {when}.", when=schedule.next_at),
            _("To choose another day: /nudge day tuesday 9:00"),
            _("To stop it: /nudge off"),
        )
    )


@command(
    "nudge day",
    "relance jour",
    help=_("Chooses the day and hour of my weekly word to the group."),
    examples=[_("/nudge day tuesday 9:00")],
    role="facilitator",
)
def day(talk: Conversation, when: Rest) -> None:
    """Set the weekly word, on the community's wall clock."""
    zone = talk.community.zone
    try:
        found = moments.read(when, now=talk.now, zone=zone, language=talk.reader.language)
    except ValueError:
        raise Refusal(lines(_("I did not understand the day “{text}”.", text=when[:60]), _EXAMPLE)) from None
    if found.rest:
        raise Refusal(lines(_("I did not understand the day “{text}”.", text=when[:60]), _EXAMPLE))
    rule = f"FREQ=WEEKLY;BYDAY={_DAYS[found.wall.weekday()]}"
    first = times.next_time(found.wall, rule, zone, talk.now) or found.first(zone)
    schedules.put(
        talk.tx,
        Schedule(
            key=_key(talk),
            kind="nudges.weekly",
            community_id=talk.community.id,
            starts=found.wall.isoformat(),
            rule=rule,
            zone=zone,
            next_at=first,
        ),
    )
    talk.reply(
        lines(
            _("Noted. Each week I bring a question, a practice and the next date to the group."),
            _("First on {when}. To stop it: /nudge off", when=first),
        )
    )


@command(
    "nudge off",
    "relance non",
    help=_("Stops my weekly word to the group."),
    examples=[_("/nudge off")],
    role="facilitator",
    also=["relance arreter", "relance stop", "relance annuler", "nudge stop"],
)
def off(talk: Conversation) -> None:
    """Say nothing to the group by itself any more."""
    schedules.cancel(talk.tx, _key(talk))
    talk.reply(_("Noted: no weekly word to the group any more. To have it again: /nudge day tuesday 9:00"))


def _key(talk: Conversation) -> str:
    return f"nudges.weekly:{talk.community.id}"
