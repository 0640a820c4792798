"""/remind: reminders for oneself and for the group, set and changed in people's own words."""

import re
from datetime import timedelta

from copbot.calendar import dates, moments, times
from copbot.calendar.moments import Moment
from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import NotAnAnswer, Refusal
from copbot.core.steps import step
from copbot.core.words import Text, Words, _, lines
from copbot.features import reminding
from copbot.letters import fold
from copbot.store import reminders, schedules
from copbot.store.reminders import Reminder
from copbot.store.schedules import Schedule

#: After so long, words in private no longer change the reminder that was set last.
_STILL_MEANT = timedelta(minutes=10)

#: What people say who have nothing to change.
_FINE = {"ok", "merci", "thanks", "thank you", "oui", "yes", "parfait", "perfect", "d'accord", "fine", "good", "super"}

#: What people say before they say it better: no part of the reminder.
_RATHER = re.compile(
    r"(?:(?:no|non|rather|plut[oô]t|finalement|instead|in fact|en fait|make it|mets|pardon|sorry)\b[\s,:]*)+", re.IGNORECASE
)


@command(
    "remind",
    "rappel",
    help=_("Reminds you of something; written in the group, it reminds the group."),
    examples=[
        _("/remind in 2 hours take the cake out"),
        _("/remind every second Tuesday of the month 18:30, prepare the meeting"),
        _("/remind tomorrow 9:00 call Ana"),
    ],
    consent="reminders",
)
def remind(talk: Conversation, words: Rest = "") -> None:
    """For oneself in private, for the group in the group."""
    _start(talk, words, mine=talk.is_private, quoted=_quoted(talk))


@command(
    "remind me",
    "rappel moi",
    help=_("Reminds you alone, in private, wherever you write it."),
    examples=[_("/remind me Friday 20:00 to water the plants")],
    consent="reminders",
    also=["rappelle-moi", "rappelez-moi", "rappelle moi", "rappelez moi"],
)
def remind_me(talk: Conversation, words: Rest = "") -> None:
    """For oneself, wherever it is written."""
    _start(talk.in_private(), words, mine=True, quoted=_quoted(talk))


@command(
    "remind group",
    "rappel groupe",
    help=_("Reminds the group, even when you write it to me in private."),
    examples=[_("/remind group 12 May at 14:00, meeting at the town hall")],
    consent="reminders",
)
def remind_group(talk: Conversation, words: Rest = "") -> None:
    """For the group, wherever it is written; from private by facilitators, who need not show how it came about."""
    if talk.is_private and not talk.is_facilitator():
        raise Refusal(_("From here only facilitators remind the group. Anybody can in the group: /remind Friday 9:00 sign up"))
    _start(talk, words, mine=False, quoted=_quoted(talk))


def _quoted(talk: Conversation) -> str:
    """The words of the message that is answered with /remind tomorrow 9:00."""
    return talk.quoted.text[: reminding.LONGEST] if talk.quoted else ""


# Setting


def _start(talk: Conversation, words: str, *, mine: bool, quoted: str = "") -> None:
    """Set it if the words say what and when; ask for what they do not say."""
    if not words:
        example = _("For example: tomorrow 9:00 call Ana, or every Friday 15:00 send the news.")
        talk.ask(lines(_("What shall I say, and when?"), example), both, mine=mine)
        return
    try:
        moment = _read(talk, words, mine=mine)
    except moments.NoDate:
        reminding.check_length(words)
        example = _("For example: tomorrow 9:00, or every Friday 15:00.")
        talk.ask(lines(_("“{text}”: when shall I say it?", text=words[:200]), example), when, words=words, mine=mine)
        return
    if text := moment.rest or quoted:
        _set(talk, moment, text, mine=mine)
    else:
        talk.ask(_("What shall I say then, in a few words?"), what, words=words, mine=mine)


@step
def both(talk: Conversation, answer: Answer, *, mine: bool) -> None:
    """What to be reminded of, and when."""
    if not _skipped(talk, answer):
        _start(talk, answer.text, mine=mine)


@step
def when(talk: Conversation, answer: Answer, *, words: str, mine: bool) -> None:
    """The date, where only words were given."""
    if _skipped(talk, answer):
        return
    try:
        moment = _read(talk, answer.text, mine=mine)
    except moments.NoDate:
        if talk.question and talk.now - talk.question.asked_at > _STILL_MEANT:
            raise NotAnAnswer from None
        raise Refusal(reminding.not_understood(answer.text)) from None
    _set(talk, moment, words, mine=mine)


@step
def what(talk: Conversation, answer: Answer, *, words: str, mine: bool) -> None:
    """The words, where only a date was given."""
    if not _skipped(talk, answer):
        _set(talk, _read(talk, words, mine=mine), answer.text, mine=mine)


def _skipped(talk: Conversation, answer: Answer) -> bool:
    if answer.skipped:
        talk.reply(_("All right, nothing is set."))
    return answer.skipped


def _set(talk: Conversation, moment: Moment, text: str, *, mine: bool) -> None:
    """Keep it, at once: silence means yes."""
    reminding.check_length(text)
    _check_rhythm(moment, mine=mine)
    member = talk.member if mine else None
    if reminders.count(talk.tx, talk.community.id, member.id if member else None) >= reminding.MOST:
        raise Refusal(_("{most} reminders are waiting already. To take one back: /reminders", most=reminding.MOST))
    reminder = reminders.add(talk.tx, talk.community, member, talk.member, text, talk.now)
    schedule = reminding.set_time(talk.tx, reminder, moment, _zone(talk, mine=mine))
    _confirm(talk, reminder, schedule, doubt=moment.doubt)


def _check_rhythm(moment: Moment, *, mine: bool) -> None:
    """In a group copbot is a guest: it does not come every hour."""
    often = reminding.is_hourly(moment.rule) or ("BYHOUR" in moment.rule and "COUNT" not in moment.rule)
    if often and not mine:
        raise Refusal(_("To the group I speak once a day at most. For example: every day at 9:00, or every Friday 15:00."))


def _read(talk: Conversation, words: str, *, mine: bool) -> Moment:
    return reminding.read(words, now=talk.now, zone=_zone(talk, mine=mine), language=talk.reader.language)


def _zone(talk: Conversation, *, mine: bool) -> str:
    return talk.member.zone if mine else talk.community.zone


# Saying what was understood, and changing it


def _confirm(talk: Conversation, reminder: Reminder, schedule: Schedule, *, doubt: bool = False, anew: bool = False) -> None:
    there = Words(talk.reader.locale, schedule.zone, talk.now)
    said = {"when": str(there.write(schedule.next_at)), "zone": dates.write_zone(schedule.zone, there.language)}
    talk.reply(
        lines(
            _("Changed: {when} ({zone}).", **said) if anew else _("Noted: {when} ({zone}).", **said),
            _("You wrote another day of the week: please check the date.") if doubt else None,
            _("I will say: {text}", text=reminder.text)
            if reminder.member_id
            else _("I will tell the group: {text}", text=reminder.text),
            _following(there, schedule),
        ),
        choices={"ok": _("OK"), "change": _("Change")},
        then=confirmed,
        state={"id": reminder.id},
        free=True,
        before=None,  # silence means yes: it is not asked again
    )


def _following(there: Words, schedule: Schedule) -> Text | None:
    """The next three dates, with their hours where these differ from the first one's."""
    found = reminding.next_dates(schedule, schedule.next_at, 3)
    if not found:
        return None
    walls = [times.to_wall(moment, schedule.zone) for moment in (schedule.next_at, *found)]
    alike = len({wall.time() for wall in walls}) == 1
    written = [str(there.write(wall.date() if alike else moment)) for wall, moment in zip(walls[1:], found, strict=True)]
    return _("Then: {dates}.", dates=there.list(written))


@step
def confirmed(talk: Conversation, answer: Answer, *, id: int) -> None:
    """Well understood, or not: then in other words, here or in the next message."""
    if answer.choice == "ok" or answer.skipped or fold(answer.text).strip(" .!") in _FINE:
        if talk.is_private:
            talk.reply(_("All right."))
    elif answer.choice == "change":
        talk.ask(
            lines(_("How should it be? Write the date, the words, or both anew."), _("For example: Thursday 18:00 call Ana")),
            changed,
            id=id,
        )
    elif talk.question and talk.now - talk.question.asked_at <= _STILL_MEANT:
        _change_by_the_way(talk, _waiting(talk, id), answer.text)
    else:
        raise NotAnAnswer


@step
def changed(talk: Conversation, answer: Answer, *, id: int) -> None:
    """The reminder said anew: another date, other words, or both."""
    if answer.skipped:
        talk.reply(_("All right, it stays as it was."))
    else:
        _change(talk, _waiting(talk, id), answer.text)


def _waiting(talk: Conversation, id: int) -> Reminder:
    reminder = reminders.meant(talk.tx, talk.member, id)
    if reminder is None or reminder.closed_at or schedules.keyed(talk.tx, reminder.key) is None:
        raise Refusal(_("This reminder has come already, or was taken back. To set another: /remind tomorrow 9:00 call Ana"))
    return reminder


def _change_by_the_way(talk: Conversation, reminder: Reminder, words: str) -> None:
    """Another date right after the first is a correction. Words without one, or many with a wrong one, are meant otherwise."""
    words = _RATHER.sub("", words, count=1) if _RATHER.match(words) else words
    try:
        _read(talk, words, mine=reminder.member_id is not None)
    except moments.NoDate:
        raise NotAnAnswer from None
    except Refusal:
        if reminding.is_beside(words):
            raise NotAnAnswer from None
        raise
    _change(talk, reminder, words)


def _change(talk: Conversation, reminder: Reminder, words: str) -> None:
    """Take over what was said anew and leave the rest."""
    mine = reminder.member_id is not None
    schedule, doubt = schedules.keyed(talk.tx, reminder.key), False
    try:
        moment = reminding.completed(_read(talk, words, mine=mine), reminder, talk.now, _zone(talk, mine=mine))
        _check_rhythm(moment, mine=mine)
        schedule, doubt = reminding.set_time(talk.tx, reminder, moment, _zone(talk, mine=mine)), moment.doubt
        words = moment.rest
    except moments.NoDate:
        pass  # other words at the same time
    reminding.check_length(words)
    reminder.text = words or reminder.text
    if schedule:
        _confirm(talk, reminder, schedule, doubt=doubt, anew=True)
