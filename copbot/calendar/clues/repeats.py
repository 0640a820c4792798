"""Clues that something comes again: "tous les 15 jours", "every other week", "one week in two", "until June"."""

import re

from copbot.calendar.almanac import PARTS, UNITS, any_of
from copbot.calendar.clues.when import AND, EVERY, NUMBER, PART, UNIT, WEEKDAY, When, clue, group, means, number, weekday

_ADVERBS = {
    **dict.fromkeys(("daily", "quotidiennement", "au quotidien"), (1, "day")),
    **dict.fromkeys(("weekly", "hebdomadairement"), (1, "week")),
    **dict.fromkeys(("fortnightly", "biweekly"), (2, "week")),
    **dict.fromkeys(("monthly", "mensuellement"), (1, "month")),
    **dict.fromkeys(("quarterly",), (3, "month")),
    **dict.fromkeys(("yearly", "annually"), (1, "year")),
    **dict.fromkeys(("hourly",), (1, "hour")),
}

#: Units that are so many of another.
_MULTIPLES = {"fortnight": (2, "week"), "quarter": (3, "month"), "halfyear": (6, "month")}


@clue(
    rf"{EVERY} (?:(?P<other>other|alternate) |(?P<n>{NUMBER}) ?|(?P<nth>second|[0-9]{{1,2}}(?:e|eme|nd|rd|th)) )?"
    rf"(?P<unit>{UNIT})"
)
def _every_unit(match: re.Match[str]) -> When | None:
    nth = {"second": 2}.get(group(match, "nth")) or int(re.sub(r"\D", "", group(match, "nth")) or 1)
    return _repeated(2 if match["other"] else number(match["n"], nth), UNITS[match["unit"]])


@clue(rf"(?:une?|1) (?P<unit>{UNIT}) sur (?P<n>{NUMBER})")
@clue(rf"(?:(?:une|1) fois par|once (?:a|per|every)) (?P<unit>{UNIT})")
def _one_in(match: re.Match[str]) -> When | None:
    return _repeated(number(group(match, "n")), UNITS[match["unit"]])


def _repeated(interval: int, unit: str) -> When | None:
    if unit == "day" and interval in (8, 15):  # how French counts one week and two
        interval, unit = interval // 7, "week"
    times, unit = _MULTIPLES.get(unit, (1, unit))
    return When(every=unit, interval=interval * times, habit=True) if interval else None


@clue(any_of(_ADVERBS))
def _adverb(match: re.Match[str]) -> When:
    interval, unit = _ADVERBS[match[0]]
    return When(every=unit, interval=interval, habit=True)


@clue(rf"{EVERY} (?P<part>{PART})(?:{AND}(?:les )?(?P<second>{PART}))?")
def _every_part(match: re.Match[str]) -> When:
    parts = tuple(PARTS[name] for name in (match["part"], group(match, "second")) if name)
    return When(every="day", habit=True, parts=parts)


means(
    rf"(?:{EVERY} |on |les )?(?:weekdays?|working days?|workdays?|business days?|jours? ouvres?|jours? ouvrables?"
    r"|jours? de (?:la )?semaine|jours? de travail)|en semaine",
    When(weekdays=(0, 1, 2, 3, 4), habit=True),
)


@clue(rf"(?:du |from |de |every )?(?P<first>{WEEKDAY}) ?(?:au|to|a|through|-) ?(?P<last>{WEEKDAY})")
def _from_to(match: re.Match[str]) -> When:
    first, last = weekday(match["first"]), weekday(match["last"])
    return When(weekdays=tuple((first + step) % 7 for step in range((last - first) % 7 + 1)), habit=True)


@clue(rf"(?:sauf|except)(?: les?| on| the)? (?:(?P<weekend>week-?ends?)|(?P<days>{WEEKDAY}(?:{AND}{WEEKDAY}){{0,5}}))")
def _without(match: re.Match[str]) -> When:
    return When(without=(5, 6) if match["weekend"] else tuple(weekday(name) for name in re.findall(WEEKDAY, match["days"])))


@clue(rf"(?:pendant|durant|for) (?P<n>{NUMBER}) (?P<unit>{UNIT})")
def _lasting(match: re.Match[str]) -> When | None:
    unit = UNITS[match["unit"]]
    times, unit = {**_MULTIPLES, "fortnight": (14, "day"), "week": (7, "day")}.get(unit, (1, unit))
    long_enough = unit in ("day", "month", "year")
    return When(bound="until", span=(number(match["n"]) * times, unit), minutes=-1440) if long_enough else None


@clue(
    r"(?P<until>jusqu'(?:a la|a|aux?|en)|until|till)"
    r"|(?:a (?:partir|compter) d(?:e|u)|from|starting(?: on| from)?|as from|des le|des)"
)
def _bound(match: re.Match[str]) -> When:
    return When(bound="until" if match["until"] else "since")
