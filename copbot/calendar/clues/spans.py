"""Clues that count from now: "dans 2 heures", "in half an hour", "a week from now"."""

import re

from copbot.calendar.almanac import UNITS, any_of
from copbot.calendar.clues.when import NUMBER, UNIT, When, clue, group, number

_IN = r"(?:dans|in|d'ici|within|sous)"
_SPAN = (
    rf"(?P<n>{NUMBER}) ?(?:petite?s? |bonne )?(?P<unit>{UNIT})(?P<half> et demie?| and a half)?"
    r"(?: (?:et |and )?(?P<m>[0-9]{1,2}) ?(?:minutes?|mins?|mn))?"
)
_HOURS_AND = r"(?P<n>[0-9]{1,3}|une) ?(?P<unit>h|heures?) ?(?P<m>[0-9]{2})"
_MINUTES = {
    **dict.fromkeys(("une demi-heure", "une demi heure", "1/2 heure", "half an hour", "a half hour", "half hour"), 30),
    **dict.fromkeys(("un quart d'heure", "1 quart d'heure", "a quarter of an hour", "quarter of an hour"), 15),
    **dict.fromkeys(("trois quarts d'heure", "3 quarts d'heure", "3/4 d'heure", "three quarters of an hour"), 45),
    **dict.fromkeys(("une heure et quart", "1 heure et quart", "1h et quart", "an hour and a quarter"), 75),
}
_HALF = {"hour": 30, "day": 12 * 60, "week": 84 * 60, "year": 182 * 24 * 60}

#: Units that are so many of another.
_MULTIPLES = {"fortnight": (14, "day"), "quarter": (3, "month"), "halfyear": (6, "month")}


@clue(rf"{_IN} (?:{_SPAN})(?:'s? time)?")
@clue(rf"{_IN} (?:{_HOURS_AND})")
@clue(rf"(?:{_SPAN}) (?:from now|from today|plus tard|later)")
def _span(match: re.Match[str]) -> When:
    count, unit = number(match["n"]), UNITS[match["unit"]]
    if unit == "day" and match["n"] in ("huit", "quinze", "15"):  # how French counts one week and two
        count = 7 if match["n"] == "huit" else 14
    times, unit = _MULTIPLES.get(unit, (1, unit))
    minutes = int(group(match, "m") or 0) + (_HALF.get(unit, 0) if group(match, "half") else 0)
    return When(span=(count * times, unit), minutes=minutes)


@clue(rf"{_IN} (?P<minutes>{any_of(_MINUTES)})")
def _minutes(match: re.Match[str]) -> When:
    return When(span=(_MINUTES[match["minutes"]], "minute"))


_ONLY_MINUTES = re.compile(rf"(?:{_IN} )?(?P<minutes>{any_of(_MINUTES)})")
_ONLY = [re.compile(rf"(?:{_IN} )?(?:{pattern})") for pattern in (_HOURS_AND, _SPAN)]


def only(sentence: str) -> When | None:
    """What a folded sentence says that is nothing but a span: "2h", "30 min", "une demi-heure"."""
    if match := _ONLY_MINUTES.fullmatch(sentence):
        return _minutes(match)
    return next((_span(match) for pattern in _ONLY if (match := pattern.fullmatch(sentence))), None)
