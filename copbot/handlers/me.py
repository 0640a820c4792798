"""/me: the language, zone, hours and ease of reading somebody chose, and what copbot holds about them, in one screen."""

import re
from datetime import time
from zoneinfo import ZoneInfo

from copbot.calendar import dates, times
from copbot.core.commands import Rest, command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, _, lines
from copbot.features import belongings, keeping, reminding
from copbot.letters import fold
from copbot.store import privacy
from copbot.store.people import NO_END

_LANGUAGES = {"fr": "fr", "francais": "fr", "french": "fr", "en": "en", "english": "en", "anglais": "en"}
_ON = {"on", "oui", "yes", "active"}
_OFF = {"off", "non", "no", "desactive"}
_HOURS = re.compile(r"(\d{1,2})\s*(?:h|:)?\s*(\d{2})?\D+(\d{1,2})\s*(?:h|:)?\s*(\d{2})?\s*$", re.IGNORECASE)


@command("me", "moi", help=_("Shows your choices and what I hold about you."), examples=[_("/me")])
def me(talk: Conversation) -> None:
    """One screen about the speaker, in private."""
    talk = talk.in_private()
    member, account, words = talk.member, talk.member.account, talk.reader
    language = {"fr": "français", "en": "English"}[words.language]
    talk.reply(
        lines(
            _("{name}, here is what I know of your choices.", name=account.name),
            _("Language: {language}. Easy reading: yes.", language=language)
            if account.easy
            else _("Language: {language}. Easy reading: no.", language=language),
            _("Your zone: {zone}", zone=dates.write_zone(member.zone, words.language)),
            _("I write to you between {start} and {end}.", start=account.hours_from, end=account.hours_to),
            _pause(talk),
            _("I hold about you: {rows}.", rows=_counted(talk)),
            _("To change: {example}", example=_("/me hours 9 to 20")),
            _("All of it: /mydata. To erase it: /forget"),
        )
    )


def _pause(talk: Conversation) -> Text | None:
    until = talk.member.paused_until
    if until is None or until <= talk.now:
        return None
    if until >= NO_END:
        return _("Paused until you write /resume.")
    return _("Paused until {day}.", day=times.to_wall(until, talk.member.zone).date())


def _counted(talk: Conversation) -> Text:
    mine = privacy.count(talk.tx, talk.member.account, keeping.touched(talk.house))
    return belongings.counted(talk.house, talk.reader, mine) or _("your name and these choices")


@command("me language", "moi langue", help=_("Chooses the language I write to you in."), examples=[_("/me language fr")])
def language(talk: Conversation, name: str) -> None:
    """Change the member's language; it is confirmed in the new one."""
    chosen = _LANGUAGES.get(fold(name))
    if chosen is None:
        raise Refusal(_("I speak French and English: /me language fr or /me language en"))
    talk.member.account.language = chosen
    talk.whisper(_("From now on I write to you in English."))


@command("me zone", "moi fuseau", help=_("Says which time zone you live in."), examples=[_("/me zone Europe/Paris")])
def zone(talk: Conversation, name: Rest) -> None:
    """Change the member's zone, by IANA name or by city."""
    chosen = times.find_zone(name)
    if chosen is None:
        raise Refusal(_("I do not know this zone. For example: /me zone Europe/Paris, or /me zone Montreal"))
    talk.member.account.zone = chosen
    reminding.follow_member(talk.tx, talk.member.account, chosen, talk.now)
    shown = dates.write_zone(chosen, talk.reader.language)
    talk.whisper(_("Noted: {zone}. It is now {time} for you.", zone=shown, time=talk.now.astimezone(ZoneInfo(chosen)).time()))


@command(
    "me hours", "moi heures", help=_("Says between which hours I may write to you first."), examples=[_("/me hours 9 to 20")]
)
def hours(talk: Conversation, hours: Rest) -> None:
    """Change the member's own hours; they may span midnight."""
    match = _HOURS.search(hours)
    try:
        if match is None:
            raise ValueError
        start, end = (time(int(hour) % 24, int(minute or 0)) for hour, minute in (match.group(1, 2), match.group(3, 4)))
    except ValueError:
        raise Refusal(_("I did not understand these hours. For example: /me hours 9 to 20, or /me hours 7:30 to 22")) from None
    account = talk.member.account
    account.hours_from, account.hours_to = start, end
    talk.whisper(_("Noted: I write to you first between {start} and {end} only.", start=start, end=end))


@command("me easy", "moi facile", help=_("Turns easy reading on or off."), examples=[_("/me easy on")])
def easy(talk: Conversation, state: str = "on") -> None:
    """Switch to the easy-to-read catalogue, or back."""
    if fold(state) not in _ON | _OFF:
        raise Refusal(_("Write /me easy on, or /me easy off."))
    talk.member.account.easy = fold(state) in _ON
    talk.whisper(
        _("I now write to you in short, simple sentences.") if talk.member.account.easy else _("I now write as usual.")
    )
