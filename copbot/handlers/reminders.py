"""/remind: reminders for oneself and for the group, set in people's own words, changed in their own words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from copbot.core import dates, moments, reminding, times
from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation, step
from copbot.core.errors import NotAnAnswer, Refusal
from copbot.core.moments import Moment
from copbot.core.words import Sentence, Text, _, fold, lines
from copbot.store import questions, reminders
from copbot.store.reminders import Reminder
from copbot.store.schedules import Schedule

#: After so long, words in private no longer change the reminder that was set last.
_STILL_MEANT = timedelta(hours=1)

#: What people say before they say it better: no part of the reminder.
_RATHER = {"no", "non", "rather", "plutot", "finalement", "instead", "in fact", "en fait", "make it", "mets", "pardon", "sorry"}


@command(
    "remind",
    "rappel",
    help=_("Reminds you in private, or the group where you write it there."),
    examples=[
        _("/remind tomorrow 9:00 call Ana"),
        _("/remind in 2 hours take the cake out"),
        _("/remind every second Tuesday of the month 18:30, prepare the meeting"),
    ],
    consent="reminders",
)
def remind(talk: Conversation, words: Rest = "") -> None:
    """For oneself in private, for the group in the group."""
    _start(talk, words, mine=talk.is_private)


@command(
    "remind me",
    "rappel moi",
    help=_("Reminds you alone, in private, wherever you write it."),
    examples=[_("/remind me Friday 20:00 to water the plants")],
    consent="reminders",
)
def remind_me(talk: Conversation, words: Rest = "") -> None:
    """For oneself, wherever it is written."""
    _start(talk.in_private(), words or _quoted(talk), mine=True)


@command(
    "remind group",
    "rappel groupe",
    help=_("Reminds the group, written to me in private."),
    examples=[_("/remind group 12 May at 14:00, meeting at the town hall")],
    role="facilitator",
    consent="reminders",
)
def remind_group(talk: Conversation, words: Rest = "") -> None:
    """For the group, wherever it is written."""
    _start(talk, words, mine=False)


def _quoted(talk: Conversation) -> str:
    return talk.quoted.text[: reminding.LONGEST] if talk.quoted else ""


# Setting


def _start(talk: Conversation, words: str, *, mine: bool) -> None:
    """Set it if the words say what and when; ask for what they do not say."""
    if not words:
        example = _("For example: tomorrow 9:00 call Ana, or every Friday 15:00 send the news.")
        talk.ask(lines(_("What shall I say, and when?"), example), both, mine=mine)
        return
    try:
        moment = _read(talk, words, mine=mine)
    except moments.NoDate:
        _check_length(words)
        example = _("For example: tomorrow 9:00, or every Friday 15:00.")
        talk.ask(lines(_("When shall I say it: “{text}”?", text=words[:200]), example), when, text=words, mine=mine)
        return
    if not (moment.rest or _quoted(talk)):
        talk.ask(_("What shall I say then, in a few words?"), what, words=words, mine=mine)
        return
    _set(talk, moment, moment.rest or _quoted(talk), mine=mine)


@step
def both(talk: Conversation, answer: Answer, mine: bool) -> None:  # noqa: FBT001
    """What to be reminded of, and when."""
    if not _skipped(talk, answer):
        _start(talk, answer.text, mine=mine)


@step
def when(talk: Conversation, answer: Answer, text: str, mine: bool, id: int = 0) -> None:  # noqa: FBT001
    """The date, where only words were given. Answered a second time, it changes the reminder."""
    if _skipped(talk, answer):
        return
    try:
        moment = _read(talk, answer.text, mine=mine)
    except moments.NoDate:
        raise Refusal(_not_understood(answer.text)) from None
    _set(talk, moment, text, mine=mine, id=id)


@step
def what(talk: Conversation, answer: Answer, words: str, mine: bool, id: int = 0) -> None:  # noqa: FBT001
    """The words, where only a date was given. Answered a second time, it changes the reminder."""
    if not _skipped(talk, answer):
        _set(talk, _read(talk, words, mine=mine), answer.text, mine=mine, id=id)


def _skipped(talk: Conversation, answer: Answer) -> bool:
    if answer.skipped:
        talk.reply(_("All right, nothing is set."))
    return answer.skipped


def _set(talk: Conversation, moment: Moment, text: str, *, mine: bool, id: int = 0) -> None:
    """Keep it, at once: silence means yes."""
    _check_length(text)
    reminder = talk.tx.get(Reminder, id) if id else None
    member = talk.member if mine else None
    if reminder is None or reminder.closed_at:
        if reminders.count(talk.tx, talk.community.id, member.id if member else None) >= reminding.MOST:
            raise Refusal(_("{most} reminders are waiting already. To take one back: /reminders", most=reminding.MOST))
        reminder = reminders.add(talk.tx, talk.community, member, talk.member, text, talk.now)
    reminder.text = text
    schedule = reminding.set_time(talk.tx, reminder, moment, _zone(talk, mine=mine))
    if talk.question:
        talk.question.state = {**talk.question.state, "id": reminder.id}
    _confirm(talk, reminder, schedule, _("Noted: {when} ({zone})."), doubt=moment.doubt)


def _check_length(text: str) -> None:
    if len(text) > reminding.LONGEST:
        raise Refusal(
            _("That is too long for a reminder: {longest} characters at most. Nothing is set.", longest=reminding.LONGEST)
        )


def _zone(talk: Conversation, *, mine: bool) -> str:
    return talk.member.zone if mine else talk.community.zone


def _read(talk: Conversation, words: str, *, mine: bool) -> Moment:
    """The moment that the words say. Raises NoDate where they say none, Refusal where it cannot be."""
    try:
        return moments.read(words, now=talk.now, zone=_zone(talk, mine=mine), language=talk.reader.language)
    except moments.NoDate:
        raise
    except ValueError as problem:
        raise Refusal(_cannot_be(words, problem)) from None


def _cannot_be(words: str, problem: ValueError) -> Sentence:
    """Why it cannot be, with two examples of what can."""
    match problem:
        case moments.TooOften():
            return _("I remind once an hour at most. For example: every hour, or every day at 8:00.")
        case moments.Past():
            return _("That moment is over. For example: tomorrow 9:00, or 12 May at 14:00.")
        case moments.Never():
            return _("That day never comes. For example: every month on the 12th, or every last Friday of the month.")
        case _:
            return _not_understood(words)


def _not_understood(words: str) -> Sentence:
    return _("I did not understand the date in “{words}”. For example: Friday 20:00, or 12 May at 9:00.", words=words[:80])


# Saying what was understood, and changing it


def _confirm(
    talk: Conversation, reminder: Reminder, schedule: Schedule, opening: Callable[[], Sentence] | Sentence, *, doubt: bool
) -> None:
    raise NotImplementedError
