"""Meetings in words: reads "le 14 avril à 14h, Fidélisation des salariés, à Nantes", and writes the lines of a programme."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from copbot.calendar import dates, moments, times
from copbot.calendar.almanac import MONTHS, any_of
from copbot.calendar.moments import Moment
from copbot.core.errors import Refusal
from copbot.core.words import Sentence, Text, Words, _, lines
from copbot.letters import fold
from copbot.store.meetings import Meeting

#: The hour of a meeting whose hour nobody has said yet.
MORNING = time(9)

#: What is less than this ahead may be a mere hour.
_DAY = timedelta(days=1)

#: A theme or a place longer than this does not fit into a line of the programme.
_LONGEST = 200

#: Commas and new lines part date, theme and place; a theme may hold commas of its own.
_PARTS = re.compile(r"[,\n]")

#: What a place begins with: a small word of place, a way to meet from afar, a link, a kind of building.
_PLACE = re.compile(
    r"(?:a|au|aux|chez|dans|en|sur|at|in|on|by|par|visio|online|video)\b|@|https?://"
    r"|(?:salle|maison|mairie|locaux|siege|amphi|centre|espace|foyer|ccas|room|hall|office|center)\b"
)

#: A date stands in one of so many first parts, or nowhere.
_SEARCHED = 12

#: A month without its day.
_MONTH = re.compile(rf"(?:(?:en|in|debut|mi|fin|early|late)[ -])?{any_of(MONTHS)}\.?(?: \d{{4}})?")

#: Left out where a place stands on its own.
_AT = re.compile(r"(?:à|at|in)\s+(?=[A-ZÀ-Ý0-9])")

#: An hour on its own, behind a day.
_HOUR = re.compile(r"(?:à |at )?\d{1,2} ?(?:[h:] ?(?:\d{2})?|am|pm)", re.IGNORECASE)

_EXAMPLE = _("For example: 14 April 14:00, or Tuesday 14:00")


@dataclass(frozen=True, slots=True)
class Agenda:
    """What was understood. `odd` is what looks like a date and is none."""

    day: Moment | None = None
    theme: str = ""
    place: str = ""
    odd: str = ""


def read(text: str, *, now: datetime, zone: str, language: str) -> Agenda:
    """Find a date, a theme and a place in the line, each if it is there. Raises Refusal for a date that is over or repeats."""
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    for index, part in enumerate(parts[:_SEARCHED]):
        before, after = parts[:index], parts[index + 1 :]
        try:
            day = _day(part, now, zone, language)
            if after and not day.has_hour and _HOUR.fullmatch(after[0]):
                day = _day(f"{part} {after.pop(0)}", now, zone, language)
        except moments.NoDate:
            if _MONTH.fullmatch(fold(part)):
                return Agenda(None, *_theme_and_place(before + after), odd=part)
            continue
        except moments.Unreadable:
            return Agenda(None, *_theme_and_place(before + after), odd=part)
        return Agenda(day, *_theme_and_place([*before, *filter(None, [day.rest]), *after]))
    return Agenda(None, *_theme_and_place(parts))


def read_date(text: str, *, now: datetime, zone: str, language: str) -> Moment:
    """The date, where nothing but a date is expected. Raises Refusal where there is none to come."""
    try:
        found = _day(text, now, zone, language)
    except moments.Unreadable:
        found = None
    if found is None or found.rest:
        raise Refusal(lines(odd_date(text), _EXAMPLE))
    return found


def doubt(day: Moment) -> Sentence | None:
    """What to say to a weekday that is not the one of its date."""
    return _("Please check the day: you wrote another weekday than that of the date.") if day.doubt else None


def odd_date(text: str) -> Text:
    """What to say to words that should be a date and are none."""
    return _("I did not understand the date “{text}”.", text=_quoted(text))


def tidy_place(text: str) -> str:
    """A place as it stands on its own: "à Nantes" is Nantes."""
    return _AT.sub("", short(text), count=1)


def short(text: str) -> str:
    """A theme or a place on one line. Raises Refusal if it is too long for one."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        raise Refusal(_("That is too long for the programme: {longest} characters at most.", longest=_LONGEST))
    return text


def _day(text: str, now: datetime, zone: str, language: str) -> Moment:
    try:
        found = moments.read(text, now=now, zone=zone, language=language)
    except (moments.Past, moments.Never):
        raise Refusal(lines(_("This date is over: “{text}”.", text=_quoted(text)), _EXAMPLE)) from None
    if found.has_hour and any(letter.isdigit() for letter in found.rest) and found.wall - times.to_wall(now, zone) <= _DAY:
        raise moments.Unreadable  # an hour was understood, the day beside it was not
    if found.rule:
        raise Refusal(lines(_("A meeting has one date. Please add each meeting by itself."), _EXAMPLE))
    return found


def _quoted(text: str) -> str:
    return " ".join(text.split())[:60]


def _theme_and_place(parts: list[str]) -> tuple[str, str]:
    if parts and _is_place(parts[-1], alone=len(parts) == 1):
        return short(", ".join(parts[:-1])), tidy_place(parts[-1])
    return short(", ".join(parts)), ""


def _is_place(part: str, *, alone: bool) -> bool:
    """Behind a theme a few words with a capital are a place; alone it must begin like one, in small letters."""
    if _PLACE.match(fold(part)):
        return not alone or part[0].islower()
    return not alone and part[0].isupper() and len(part.split()) <= 4


def line(meeting: Meeting, write: Callable[[str], str] = str) -> Sentence:
    """One line of the programme: number, date, place if there is one, theme; `write` makes people's words fit there."""
    fields: dict[str, object] = {
        "number": meeting.number,
        "when": meeting.starts_at or meeting.done_at or _("date to be decided"),
        "theme": write(meeting.theme) if meeting.theme else _("theme to be decided"),
    }
    if meeting.place:
        return _("Meeting {number}, {when}, {place}: {theme}", place=write(meeting.place), **fields)
    return _("Meeting {number}, {when}: {theme}", **fields)


def how_to_change(meeting: Meeting) -> Sentence:
    """What a facilitator may write to say what is still open, or else to move it."""
    if meeting.starts_at is None:
        return _("When the date is known: /meeting {number} date 21 April 14:00", number=meeting.number)
    if not meeting.theme:
        return _("When the theme is known: /meeting {number} theme Retention of staff", number=meeting.number)
    if not meeting.place:
        return _("When the place is known: /meeting {number} place Nantes", number=meeting.number)
    return _("To change the date: /meeting {number} date 21 April 14:00", number=meeting.number)


def name(meeting: Meeting) -> Sentence:
    """How a meeting is called in a sentence: its number, and its theme if it has one."""
    if meeting.theme:
        return _("meeting {number}, “{theme}”", number=meeting.number, theme=meeting.theme)
    return _("meeting {number}", number=meeting.number)


def elsewhere(meeting: Meeting, reader: Words, zone: str) -> Sentence | None:
    """For a reader who lives in another zone than the community: the same moment by the clocks of the community."""
    if meeting.starts_at is None or reader.zone == zone:
        return None
    there = Words(reader.locale, zone, reader.now)
    return _("By {zone}: {when}", zone=dates.write_zone(zone, reader.language), when=there.write(meeting.starts_at))
