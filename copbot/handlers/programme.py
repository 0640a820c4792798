"""/meeting add: a meeting comes into the programme, in one line or in a short conversation."""

import re
from datetime import time

from copbot.calendar import dates, times
from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import step
from copbot.core.words import Text, _, lines
from copbot.features import agenda, programme
from copbot.features.agenda import Agenda
from copbot.store import checkins, meetings, questions
from copbot.store.meetings import Meeting
from copbot.store.questions import Question

_EXAMPLE = _("For example: 14 April 14:00. If you do not know yet: /skip")

#: The hours offered where none was said.
_HOURS = (agenda.MORNING, time(14), time(18))

#: A number alone is an hour from here on.
_EARLIEST = 7

_HOUR = re.compile(r"(?:(?:à|at)\s)?(\d{1,2})(?:\s?[h:.]\s?(\d{2})?)?\s?(am|pm)?", re.IGNORECASE)


@command(
    "meeting add",
    "rencontre ajouter",
    help=_("Puts a meeting into the programme."),
    examples=[_("/meeting add"), _("/meeting add 14 April 14:00, Retention of staff, in Nantes")],
    role="facilitator",
)
def add(talk: Conversation, words: Rest = "") -> None:
    """In one line, or question by question in private."""
    questions.close(talk.tx, talk.member.id, "programme.")
    if not words:
        _aside(talk).ask(
            lines(
                _("When is the meeting? For example: 14 April 14:00"),
                _("Any question may be skipped: /skip"),
            ),
            day,
        )
        return
    found = _read(talk, words)
    _refuse_double(talk, found)
    meeting = meetings.add(talk.tx, talk.community, talk.now)
    _take(talk, meeting, found)
    if found.day is None:
        _ask_day(_aside(talk), meeting, found.odd)
    elif not found.day.has_hour:
        _ask_hour(_aside(talk), meeting)
    else:
        talk.reply(lines(_noted(talk, meeting), agenda.doubt(found.day)))


@step
def day(talk: Conversation, answer: Answer, number: int = 0, *, further: bool = True) -> None:
    """Take the date; with it may come the theme and the place."""
    meeting = meetings.numbered(talk.tx, talk.community, number)
    if not answer.skipped:
        found = _read(talk, answer.text)
        if found.day is None:
            raise Refusal(lines(agenda.odd_date(answer.text), _EXAMPLE))
        _refuse_double(talk, found, number)
        meeting = _draft(talk, number)
        _take(talk, meeting, found)
        if not found.day.has_hour:
            _ask_hour(talk, meeting, further=further)
            return
    _go_on(talk, meeting, "theme" if further else "")


@step
def hour(talk: Conversation, answer: Answer, number: int, *, further: bool = False) -> None:
    """Take the hour of a meeting whose day is known."""
    meeting = _draft(talk, number)
    if not answer.skipped and meeting.starts_at:
        zone = talk.community.zone
        chosen = _read_hour(answer.choice or answer.text)
        meeting.starts_at = times.at(times.to_wall(meeting.starts_at, zone).date(), chosen, zone)
        checkins.plan_after_meeting(talk.tx, talk.community, meeting)
    _go_on(talk, meeting, "theme" if further else "")


@step
def which_hour(talk: Conversation, _answer: Answer, number: int) -> None:
    """Ask for the hour of a meeting that was given a day."""
    _ask_hour(talk, _draft(talk, number))


@step
def theme(talk: Conversation, answer: Answer, number: int = 0) -> None:
    """Take the theme."""
    meeting = meetings.numbered(talk.tx, talk.community, number)
    if not answer.skipped:
        meeting = _draft(talk, number)
        meeting.theme = agenda.short(answer.text)
    _go_on(talk, meeting, "place")


@step
def place(talk: Conversation, answer: Answer, number: int = 0) -> None:
    """Take the place; that was the last question."""
    meeting = meetings.numbered(talk.tx, talk.community, number)
    if not answer.skipped:
        meeting = _draft(talk, number)
        meeting.place = agenda.tidy_place(answer.text)
    _go_on(talk, meeting, "")


def _aside(talk: Conversation) -> Conversation:
    """The conversation goes on in private: questions to one person are no business of the group."""
    talk.point(_("Let us go on in private."))
    return talk.in_private()


def _go_on(talk: Conversation, meeting: Meeting | None, wanted: str) -> None:
    """Ask what is wanted next, unless it came along with the date; at the end show what is noted."""
    number = meeting.number if meeting else 0
    if wanted == "theme" and not (meeting and meeting.theme):
        talk.ask(_("What is it about? A few words will do."), theme, number=number)
    elif wanted and not (meeting and meeting.place):
        talk.ask(_("Where? A town, a room, or online."), place, number=number)
    else:
        talk.reply(_noted(talk, meeting) if meeting else _("Nothing was added. The programme is as it was."))


def _ask_day(talk: Conversation, meeting: Meeting, odd: str) -> None:
    opening = agenda.odd_date(odd) if odd else _("Noted: {meeting}.", meeting=agenda.name(meeting))
    talk.ask(
        lines(opening, _("When is it? For example: 14 April 14:00. If you do not know yet: /skip")),
        day,
        number=meeting.number,
        further=False,
    )


def _ask_hour(talk: Conversation, meeting: Meeting, *, further: bool = False) -> None:
    on = times.to_wall(meeting.starts_at or talk.now, talk.community.zone).date()
    talk.reply(
        _("At what hour, on {day}?", day=on),
        choices={f"{hour:%H:%M}": dates.write_time(hour, talk.reader.language) for hour in _HOURS},
        free=True,
        then=hour,
        state={"number": meeting.number, "further": further},
    )


def _noted(talk: Conversation, meeting: Meeting) -> Text:
    return lines(
        _("Noted. {meeting}", meeting=agenda.line(meeting)),
        agenda.elsewhere(meeting, talk.reader, talk.community.zone),
        agenda.how_to_change(meeting),
    )


def _read(talk: Conversation, words: str) -> Agenda:
    return agenda.read(words, now=talk.now, zone=talk.community.zone, language=talk.reader.language)


def _read_hour(text: str) -> time:
    match = _HOUR.fullmatch(text.strip())
    number, minute, half = match.groups() if match else ("99", "", "")
    if text.strip().isdigit() and int(number) < _EARLIEST:
        number = "99"  # more likely a choice that was not offered
    shift = 12 if (half or "").lower() == "pm" and int(number) < 12 else 0
    try:
        return time(int(number) + shift, int(minute or 0))
    except ValueError:
        raise Refusal(
            _("I did not understand the hour “{text}”. For example: 14:00. If you do not know yet: /skip", text=text[:40])
        ) from None


def _take(talk: Conversation, meeting: Meeting, found: Agenda) -> None:
    """Put what was understood into the meeting."""
    meeting.theme = found.theme or meeting.theme
    meeting.place = found.place or meeting.place
    if found.day:
        meeting.starts_at = times.to_instant(found.day.wall, talk.community.zone)
    checkins.plan_after_meeting(talk.tx, talk.community, meeting)


def _draft(talk: Conversation, number: int) -> Meeting:
    """The meeting of this conversation, added at the first answer. Earlier questions learn its number: going back keeps it."""
    programme.only_facilitators(talk)
    meeting = meetings.numbered(talk.tx, talk.community, number) or meetings.add(talk.tx, talk.community, talk.now)
    question = talk.question
    while question and question.state.get("number", 0) != meeting.number:
        question.state = {**question.state, "number": meeting.number}
        question = talk.tx.get(Question, question.before) if question.before else None
    return meeting


def _refuse_double(talk: Conversation, found: Agenda, number: int = 0) -> None:
    """The same line sent twice is one meeting."""
    if found.day is None or not found.day.has_hour:
        return
    moment = times.to_instant(found.day.wall, talk.community.zone)
    for other in meetings.upcoming(talk.tx, talk.community, talk.now):
        if other.starts_at == moment and other.number != number:
            raise Refusal(
                lines(
                    _("There is a meeting at that time already. {meeting}", meeting=agenda.line(other)),
                    agenda.how_to_change(other),
                )
            )
