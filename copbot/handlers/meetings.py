"""/meetings, /meeting: the programme, one meeting of it, and what changes in it."""

from datetime import datetime, timedelta

from copbot.calendar import times
from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import step
from copbot.core.words import Text, _, lines
from copbot.features import agenda, programme
from copbot.letters import fold
from copbot.store import checkins, meetings, questions
from copbot.store.meetings import Meeting

#: What may be said of a meeting after its number, in either language, folded.
_FIELDS = {
    "theme": ("theme", "sujet", "subject", "topic"),
    "date": ("date", "quand", "when", "jour", "day"),
    "place": ("place", "lieu", "where", "ou"),
    "cancel": ("cancel", "annuler", "annulee", "annule"),
    "done": ("done", "faite", "fait"),
    "restore": ("restore", "retablir", "undo"),
}

#: Said before the new date.
_TO = ("au", "to")


@command("programme", "programme", help=_("Shows the programme of meetings."), examples=[_("/programme")])
@command("meetings", "rencontres", help=_("Shows the programme of meetings."), examples=[_("/meetings")])
def whole(talk: Conversation) -> None:
    """Past meetings in one line, then those to come, eight lines at most."""
    past = meetings.held(talk.tx, talk.community, talk.now)
    coming = meetings.upcoming(talk.tx, talk.community, talk.now) + meetings.undated(talk.tx, talk.community, talk.now)
    facilitator = talk.is_private and talk.is_facilitator()
    if not past and not coming:
        raise Refusal(
            lines(
                _("The programme is still empty."),
                _("To put a meeting into it: /meeting add") if facilitator else _("Your facilitators will set the first date."),
            )
        )
    talk.reply(lines(programme.overview(past, coming, talk.reader), _hint(coming, facilitator=facilitator)))


@command(
    "meeting",
    "rencontre",
    help=_("Shows a meeting; facilitators change it."),
    examples=[_("/meeting 3"), _("/meeting 3 theme Retention of staff"), _("/meeting 3 date 21 April 14:00")],
    also=[
        "rencontre deplacer",
        "rencontre reporter",
        "rencontre changer",
        "rencontre modifier",
        "meeting move",
        "meeting change",
    ],
)
def meeting(talk: Conversation, number: int = 0, field: str = "", value: Rest = "") -> None:
    """Show the meeting with this number (the next one without it), or change its theme, date or place, or cancel it."""
    if not number:
        _show_next(talk)
        return
    found = _numbered(talk, number)
    if not field:
        _show(talk, found)
        return
    programme.only_facilitators(talk)
    match _field(field):
        case "theme":
            found.theme = agenda.short(_given(value, _("/meeting {number} theme Retention of staff", number=number)))
            talk.reply(_noted(found))
        case "place":
            place = _given(value, _("/meeting {number} place Nantes", number=number))
            found.place = agenda.tidy_place(place)
            talk.reply(_noted(found))
        case "date":
            _move(talk, found, _given(value, _("/meeting {number} date 21 April 14:00", number=number)))
        case "cancel":
            _cancel(talk, found)
        case "done":
            _done(talk, found)
        case "restore":
            _restore(talk, found)
        case _ if any(letter.isdigit() for letter in field + value):
            _move(talk, found, value if fold(field) in _TO else f"{field} {value}")
        case _:
            raise Refusal(
                lines(
                    _("I can change its theme, its date or its place. For example:"),
                    _("/meeting {number} date 21 April 14:00", number=number),
                )
            )


@command(
    "meeting done",
    "rencontre faite",
    help=_("Says that a meeting took place."),
    examples=[_("/meeting done"), _("/meeting done 3")],
    role="facilitator",
    also=["rencontre terminee", "rencontre finie", "rencontre passee", "rencontre fait", "meeting over", "meeting finished"],
)
def done(talk: Conversation, number: int = 0) -> None:
    """The meeting with this number took place, or else the latest whose hour has come."""
    _done(talk, _numbered(talk, number) if number else _latest(talk))


@command(
    "meeting cancel",
    "rencontre annuler",
    help=_("Cancels a meeting."),
    examples=[_("/meeting cancel 3")],
    role="facilitator",
    also=["rencontre annulee", "rencontre supprimer", "rencontre effacer", "meeting delete", "meeting remove"],
)
def cancel(talk: Conversation, number: int) -> None:
    """Take a meeting out of the programme; its number stays its own."""
    _cancel(talk, _numbered(talk, number))


@step
def changed(talk: Conversation, answer: Answer, number: int, was: str | None) -> None:
    """After a move or a cancellation: tell the group, take it back, or leave it at that."""
    programme.only_facilitators(talk)
    found = _numbered(talk, number)
    if answer.choice == "group":
        if found.cancelled_at:
            talk.announce(lines(_("This meeting is cancelled."), agenda.line(found)))
        else:
            talk.announce(lines(_("This meeting has a new date."), agenda.line(found)))
        talk.reply(_("Done, the group knows."))
    elif answer.choice == "back":
        found.cancelled_at, found.starts_at = None, datetime.fromisoformat(was) if was else None
        checkins.plan_after_meeting(talk.tx, talk.community, found)
        talk.reply(_("As it was. {meeting}", meeting=agenda.line(found)))
    else:
        talk.reply(_("All right, I tell nobody."))


# Showing


def _show_next(talk: Conversation) -> None:
    coming = meetings.upcoming(talk.tx, talk.community, talk.now) or meetings.undated(talk.tx, talk.community, talk.now)
    if coming:
        _show(talk, coming[0])
    else:
        whole(talk)


def _show(talk: Conversation, meeting: Meeting) -> None:
    how = _("To change it: /meeting {number} date, theme or place, and the new words", number=meeting.number)
    card = programme.card(meeting, talk.reader, talk.community.zone)
    talk.reply(lines(card, how if talk.is_facilitator() else None))


def _hint(coming: list[Meeting], *, facilitator: bool) -> Text:
    if not coming:
        return _("To put a meeting into it: /meeting add") if facilitator else _("Your facilitators will set it.")
    if facilitator:
        return agenda.how_to_change(coming[0])
    return _("To read more about one: /meeting {number}", number=coming[0].number)


# Changing


def _move(talk: Conversation, meeting: Meeting, words: str) -> None:
    """Give it another date; a day alone keeps the hour it had."""
    found = agenda.read_date(words, now=talk.now, zone=talk.community.zone, language=talk.reader.language)
    zone, was = talk.community.zone, meeting.starts_at
    keeps_hour = was and not found.has_hour and found.wall.time() == agenda.MORNING
    hour = times.to_wall(was, zone).time() if was and keeps_hour else found.wall.time()
    meeting.starts_at = times.to_instant(datetime.combine(found.wall.date(), hour), zone)
    meeting.cancelled_at = meeting.done_at = None
    checkins.plan_after_meeting(talk.tx, talk.community, meeting)
    if not found.has_hour and was is None:
        talk.begin(talk.member, "programme.which_hour", number=meeting.number)
    else:
        _say_changed(talk, lines(_noted(meeting), agenda.doubt(found)), meeting, was)


def _cancel(talk: Conversation, meeting: Meeting) -> None:
    if meeting.cancelled_at:
        raise Refusal(_("This meeting is cancelled already."))
    if meeting.held_at(talk.now):
        raise Refusal(lines(_("This meeting is behind us: it cannot be cancelled."), agenda.line(meeting)))
    meeting.cancelled_at = talk.now
    checkins.plan_after_meeting(talk.tx, talk.community, meeting)
    _say_changed(talk, lines(_("This meeting is cancelled."), agenda.line(meeting)), meeting, meeting.starts_at)


def _say_changed(talk: Conversation, text: Text, meeting: Meeting, was: datetime | None) -> None:
    """In the group all have read it now; in private the group may be told, or the change taken back."""
    questions.close(talk.tx, talk.member.id, "meetings.changed", number=meeting.number)
    if not talk.is_private or was is None:
        talk.reply(text)
        return
    talk.reply(
        text,
        choices={"group": _("Tell the group"), "back": _("Take it back"), "keep": _("Leave it at that")},
        then=changed,
        state={"number": meeting.number, "was": was.isoformat()},
    )


def _done(talk: Conversation, meeting: Meeting) -> None:
    if meeting.cancelled_at:
        raise Refusal(_("This meeting was cancelled. To take it up again: /meeting {number} restore", number=meeting.number))
    meeting.done_at = meeting.done_at or talk.now
    talk.reply(
        lines(
            _("Noted, this meeting took place. {meeting}", meeting=agenda.line(meeting)),
            _("What next? /checkin open asks everyone what they try; /recap prepares the news for the group."),
        )
    )


def _restore(talk: Conversation, meeting: Meeting) -> None:
    meeting.cancelled_at = meeting.done_at = None
    checkins.plan_after_meeting(talk.tx, talk.community, meeting)
    talk.reply(_("It is in the programme again. {meeting}", meeting=agenda.line(meeting)))


def _noted(meeting: Meeting) -> Text:
    return _("Noted. {meeting}", meeting=agenda.line(meeting))


# Finding


def _numbered(talk: Conversation, number: int) -> Meeting:
    found = meetings.numbered(talk.tx, talk.community, number)
    if found is None:
        raise Refusal(_("There is no meeting {number}. The programme: /meetings", number=number))
    return found


def _latest(talk: Conversation) -> Meeting:
    """The one that /meeting done means: the last one whose hour has come, else the one of today."""
    found = meetings.last(talk.tx, talk.community, talk.now)
    if found is None or found.done_at:
        soon = [one for one in meetings.upcoming(talk.tx, talk.community, talk.now) if _is_today(talk, one)]
        found = soon[0] if soon else found
    if found is None:
        raise Refusal(_("No meeting of the programme has begun yet. To say which one took place: /meeting done 3"))
    return found


def _is_today(talk: Conversation, meeting: Meeting) -> bool:
    return meeting.starts_at is not None and meeting.starts_at < talk.now + timedelta(hours=12)


def _field(word: str) -> str:
    word = fold(word).rstrip(":")
    return next((field for field, words in _FIELDS.items() if word in words), "")


def _given(value: str, example: Text) -> str:
    value = value.lstrip(" :")
    if not value:
        raise Refusal(lines(_("The new words were missing. For example:"), example))
    return value
