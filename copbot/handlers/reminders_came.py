"""What people make of a reminder that has come: done, or once more, in an hour, tomorrow or when they say."""

import re
from datetime import datetime, timedelta

from copbot.calendar import moments
from copbot.core.context import Answer, Conversation
from copbot.core.errors import NotAnAnswer, Refusal
from copbot.core.steps import step
from copbot.core.words import Words, _
from copbot.features import reminding
from copbot.letters import fold
from copbot.store import reminders, schedules
from copbot.store.reminders import Reminder

_DONE = {"done", "fait", "c'est fait", "termine", "finished", "it is done", "it's done", "ok", "vu", "oui", "yes"}
_THANKS = {"merci", "merci beaucoup", "thanks", "thank you"}
_POLITE = _THANKS | {"", "please", "stp", "svp", "s'il te plait", "s'il vous plait"}
_LATER = {"plus tard", "later", "tout a l'heure", "pas maintenant", "not now"}
#: "14h" is an hour of the day, "2h" is in two hours.
_CLOCK = re.compile(r"(?:[7-9]|1[0-9]|2[0-4]) ?h(?:eures?)?(?: ?[0-9]{2})?")


@step
def fired(talk: Conversation, answer: Answer, *, id: int) -> None:
    """Done, or to come again: in an hour, tomorrow, or when the words say."""
    reminder = reminders.meant(talk.tx, talk.member, id)
    if reminder is None:
        raise Refusal(_("I no longer have this reminder. To set another: /remind tomorrow 9:00 call Ana"))
    if reminder.member_id and not talk.member.allows("reminders"):
        raise Refusal(_("You took back your agreement to reminders. To give it again: /consent"))
    zone = talk.member.zone if reminder.member_id else talk.community.zone
    if answer.choice == "hour" or fold(answer.text).strip(" .!") in _LATER:
        at = talk.now + timedelta(hours=1)
    elif answer.choice == "tomorrow":
        at = reminding.same_hour_tomorrow(reminder.starts, zone, talk.now)
    elif answer.choice == "done" or answer.skipped or _says_done(talk, answer.text):
        _finish(talk, reminder, zone)
        return
    else:
        at = _later(talk, reminder, answer.text, zone)
    reminding.bring_again(talk.tx, reminder, at, zone)
    talk.reply(_("All right, again {when}.", when=str(Words(talk.reader.locale, zone, talk.now).write(at))))


def _says_done(talk: Conversation, words: str) -> bool:
    """Thanks mean that it is done, but in a group they are said among people."""
    said = fold(words).strip(" .!")
    return said in _DONE or (talk.is_private and said in _THANKS)


def _finish(talk: Conversation, reminder: Reminder, zone: str) -> None:
    """It is done with; one that repeats comes again by its rule."""
    schedules.cancel(talk.tx, reminder.again_key)
    schedule = schedules.keyed(talk.tx, reminder.key)
    if schedule and reminder.rule:
        talk.reply(_("Noted. Next time: {when}.", when=str(Words(talk.reader.locale, zone, talk.now).write(schedule.next_at))))
    else:
        reminders.close(talk.tx, reminder, talk.now)
        talk.reply(_("Noted."))


def _later(talk: Conversation, reminder: Reminder, words: str, zone: str) -> datetime:
    """The moment that was answered. Raises NotAnAnswer where the words are about something else."""
    clock = _CLOCK.fullmatch(fold(words).strip(" .!"))
    if not clock and (span := moments.read_span(words, now=talk.now)):
        return span
    try:
        moment = reminding.read(words, now=talk.now, zone=zone, language=talk.reader.language)
    except moments.NoDate:
        raise NotAnAnswer from None
    except Refusal:
        if reminding.is_beside(words):
            raise NotAnAnswer from None
        raise
    if moment.rule or fold(moment.rest).strip(" .!") not in _POLITE:
        raise NotAnAnswer
    if not moment.has_hour:
        return reminding.completed(moment, reminder, talk.now, zone).first(zone)
    return moment.first(zone)
