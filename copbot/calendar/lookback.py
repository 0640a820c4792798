"""Reads how far to look back: "2 weeks", "le 3 mars", "since yesterday", "depuis lundi"."""

import re
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from copbot.calendar import times
from copbot.calendar.almanac import MONTHS, NUMBERS, UNITS, WEEKDAYS, any_of
from copbot.letters import fold

#: Nothing is told from further back.
_FURTHEST = relativedelta(years=5)

_OPENING = re.compile(
    r"^(?:(?:depuis|since|from|the|le|la|les|l'|il y a|for|last|past|derniere?s?|dernier|du|on)(?:[ ]+|(?<='))){0,4}"
)
_CLOSING = re.compile(r"(?<! ) +(?:ago|dernier|derniere|passee?)$")
_NUMBER = rf"(?P<number>\d{{1,3}}|{any_of(NUMBERS)})?"
_SPAN = re.compile(rf"{_NUMBER} ?(?:derniere?s? |last )?(?P<unit>{any_of(UNITS)})(?: derniere?s?)?")
_WEEKDAY = rf"(?:{any_of(WEEKDAYS)} )?"
_MONTH = any_of(MONTHS)
_DAYS = (
    re.compile(_WEEKDAY + rf"(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\.?,?(?: (?P<year>\d{{4}}))?"),
    re.compile(rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?(?: (?P<year>\d{{4}}))?"),
    re.compile(r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})(?:[/.](?P<year>\d{4}))?"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(rf"(?P<month>{_MONTH})(?: (?P<year>\d{{4}}))?"),
)
_AGO = {"today": 0, "aujourd'hui": 0, "yesterday": 1, "hier": 1, "avant-hier": 2}
_LENGTHS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "fortnight": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "halfyear": relativedelta(months=6),
    "year": relativedelta(years=1),
}


def read(text: str, *, now: datetime, zone: str) -> datetime | None:
    """The moment from which on to look; None if the words do not say one, or one that is not in the past five years.

    That is always the beginning of a day; a day without its year is the latest such day.
    """
    words = _CLOSING.sub("", " ".join(fold(text[:80]).split()).strip(" .!?"))
    words = _OPENING.sub("", words, count=1)
    today = times.to_wall(now, zone).date()
    span = _SPAN.fullmatch(words)
    day = _back(span, today) if span else _day(words, today)
    if day is None or not today - _FURTHEST <= day <= today:
        return None
    return times.at(day, time(), zone)


def _back(span: re.Match[str], today: date) -> date | None:
    number = span["number"] or "1"
    length = _LENGTHS.get(UNITS[span["unit"]])
    count = int(number) if number.isdigit() else NUMBERS[number]
    return today - length * count if length and 0 < count < 2000 else None


def _day(words: str, today: date) -> date | None:
    if words in _AGO:
        return today - timedelta(days=_AGO[words])
    if words in WEEKDAYS:
        return today - timedelta(days=(today.weekday() - WEEKDAYS[words] - 1) % 7 + 1)
    found = next((match for pattern in _DAYS if (match := pattern.fullmatch(words))), None)
    return _dated(found.groupdict(), today) if found else None


def _dated(said: dict[str, str | None], today: date) -> date | None:
    month = said["month"] or ""
    number = int(month) if month.isdigit() else MONTHS[month]
    try:
        day = date(int(said["year"] or today.year), number, int(said.get("day") or 1))
        return day if said["year"] or day <= today else day.replace(year=day.year - 1)
    except ValueError:
        return None
