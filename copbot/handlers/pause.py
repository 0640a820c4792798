"""/pause and /resume: how a member has copbot keep quiet, and come back; and what they answer to reminders of a check-in."""

import re
from datetime import datetime, time, timedelta

from copbot.calendar import moments, times
from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import step
from copbot.core.words import Text, _, lines
from copbot.store import checkins, rounds
from copbot.store.people import NO_END

_MONTH = timedelta(days=30)
_UNTIL = re.compile(r"(?:until|till|for|jusqu['’ ]?(?:au|à|a|en)?|pour|pendant)\s+", re.IGNORECASE)
_EXAMPLES = _("For example: /pause until 12 May, or /pause 2 weeks")


@command(
    "pause",
    "pause",
    help=_("Has me keep quiet: I no longer write to you first."),
    examples=[_("/pause"), _("/pause until 12 May")],
    also=["silence", "mute", "quiet"],
)
def pause(talk: Conversation, until: Rest = "") -> None:
    """Keep quiet until the day that is said, or until they come back."""
    if until:
        _rest(talk, _read(talk, until))
        return
    talk.member.paused_until = NO_END
    talk.whisper(_("All right, I do not write to you first any more. To come back: /resume"))


@command(
    "resume",
    "reprendre",
    help=_("Ends your pause: I write to you again."),
    examples=[_("/resume")],
    also=["reprise", "revenir", "je reviens", "pause fin", "pause off", "pause non", "unpause"],
)
def resume(talk: Conversation) -> None:
    """End the pause, and say what is open."""
    talk.member.paused_until, talk.member.silent_rounds = None, 0
    talk.whisper(lines(_("Good, your pause is over. I write to you again."), _what_is_open(talk)))


@step
def nudged(talk: Conversation, answer: Answer) -> None:
    """What a member makes of being reminded of a check-in."""
    if answer.choice == "now":
        talk.begin(talk.member, "checkins.begin")
    elif answer.choice == "pause":
        _rest(talk, talk.now + _MONTH)
    else:
        _pass(talk)


@step
def quieted(talk: Conversation, answer: Answer) -> None:
    """Whether copbot is to ask somebody again who had been silent for long."""
    if answer.choice == "go_on":
        talk.member.silent_rounds = 0
        talk.reply(lines(_("All right, I will ask you again next time."), _what_is_open(talk)))
    elif answer.choice == "month":
        talk.member.silent_rounds = 0
        _rest(talk, talk.now + _MONTH)
    else:
        talk.reply(_("All right, I no longer ask you. Whenever you like: /checkin"))


def _pass(talk: Conversation) -> None:
    round = rounds.running(talk.tx, talk.community.id)
    if round:
        checkins.current(talk.tx, talk.member, talk.now).passed = True
    talk.member.silent_rounds = 0
    talk.reply(_("All right, not this time. If you change your mind: /checkin"))


def _what_is_open(talk: Conversation) -> Text | None:
    round = rounds.running(talk.tx, talk.community.id)
    mine = checkins.in_round(talk.tx, round.id, talk.member) if round else None
    if round is None or (mine and mine.answered_at):
        return None
    return _("A check-in is open until {when}: /checkin", when=round.closes_at)


def _rest(talk: Conversation, until: datetime) -> None:
    talk.member.paused_until = until
    day = times.to_wall(until, talk.member.zone).date()
    talk.whisper(_("All right, I keep quiet until {day}. To come back sooner: /resume", day=day))


def _read(talk: Conversation, text: str) -> datetime:
    """The moment at which the pause ends: the beginning of a day, unless an hour is said."""
    text = _UNTIL.sub("", text.strip(), count=1)
    zone = talk.member.zone
    if end := moments.read_span(text, now=talk.now):
        return end
    try:
        found = moments.read(text, now=talk.now, zone=zone, language=talk.reader.language)
    except moments.Past:
        raise Refusal(lines(_("This date is over: “{text}”.", text=text[:60]), _EXAMPLES)) from None
    except ValueError:
        raise Refusal(lines(_("I did not understand the date “{text}”.", text=text[:60]), _EXAMPLES)) from None
    if found.rule or found.rest:
        raise Refusal(lines(_("I did not understand the date “{text}”.", text=text[:60]), _EXAMPLES))
    return found.first(zone) if found.has_hour else times.at(found.wall.date(), time(), zone)
