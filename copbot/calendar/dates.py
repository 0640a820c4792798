"""Days, hours and lists the way people write them in French and in English."""

from collections.abc import Sequence
from datetime import date, datetime, time

from babel.dates import get_day_names, get_month_names, get_timezone_location
from babel.lists import format_list

_NBSP = "\u00a0"
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def write_day(day: date, language: str, today: date) -> str:
    """ "mardi 10 mars", "dimanche 1er mars", "Tuesday 10 March"; with the year only when it is not this one."""
    locale = _LOCALES[language]
    number = f"{day.day}er" if language == "fr" and day.day == 1 else str(day.day)
    weekday = get_day_names("wide", locale=locale)[day.weekday()]
    month = get_month_names("wide", locale=locale)[day.month]
    year = "" if day.year == today.year else f" {day.year}"
    return f"{weekday} {number} {month}{year}"


def write_time(moment: time, language: str) -> str:
    """ "18 h 30", "9 h", "18:30"."""
    if language == "fr":
        return f"{moment.hour}{_NBSP}h" + (f"{_NBSP}{moment.minute:02}" if moment.minute else "")
    return f"{moment.hour}:{moment.minute:02}"


def write_moment(moment: datetime, language: str, today: date) -> str:
    """ "mardi 10 mars à 18 h 30", "Tuesday 10 March at 18:30", in the moment's own zone."""
    joint = " à " if language == "fr" else " at "
    return write_day(moment.date(), language, today) + joint + write_time(moment.timetz(), language)


def write_zone(zone: str, language: str) -> str:
    """ "heure de Paris", "Paris time"; without a city the name of the zone."""
    city = get_timezone_location(zone, locale=_LOCALES[language], return_city=True)
    if language == "fr":
        return f"heure d’{city}" if city[:1] in "AEÉÈIOUYH" else f"heure de {city}"
    return f"{city} time"


def write_list(parts: Sequence[str], language: str) -> str:
    """ "a, b et c", "a, b and c"."""
    return format_list(parts, locale=_LOCALES[language]) if parts else ""
