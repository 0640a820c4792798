"""Clues that name days of the week: "chaque 2e mardi du mois", "next tuesday", "vendredi en huit"."""

import re
from dataclasses import replace

from copbot.calendar.almanac import ORDINALS, WEEKDAYS
from copbot.calendar.clues.when import (
    AND,
    EVERY,
    MONTH,
    NEXT_MONTH,
    NTH,
    NUMBER,
    OF_MONTH,
    SHORT_WEEKDAY,
    WEEKDAY,
    YEAR,
    When,
    clue,
    group,
    means,
    month_number,
    number,
    weekday,
)

_LEAD = rf"(?P<lead>{EVERY}|le|les|the|on the|on|ce|this|this coming|le prochain|next)"
_TAIL = (
    r"(?P<tail>prochaine?s?|suivant|derniere?s?|passe|en huit|en quinze|week|(?:of )?next week|de la semaine prochaine"
    rf"|last week|de la semaine derniere|sur {NUMBER})"
)
_ANY = rf"(?:{SHORT_WEEKDAY}|{WEEKDAY})"


@clue(
    rf"(?:{_LEAD} )?(?:(?P<other>other|alternate) )?(?:(?P<nth>{NTH}(?:{AND}{NTH}){{0,4}}) )?(?:(?P<n>{NUMBER}) )?"
    rf"(?P<days>{WEEKDAY}(?:{AND}{WEEKDAY}){{0,6}})(?: {_TAIL})?"
    rf"(?: (?P<scope>{OF_MONTH})| (?P<next_month>{NEXT_MONTH})| (?:de |of |in )(?P<month>{MONTH}){YEAR})?"
)
@clue(rf"une? (?P<days>{WEEKDAY}) (?P<tail>sur {NUMBER})")
@clue(rf"(?P<lead>{EVERY}|on|this|next|ce) (?P<days>{_ANY}(?:{AND}{_ANY}){{0,6}})")
@clue(rf"(?P<days>{SHORT_WEEKDAY})(?=,? (?:a |at )?[0-9]{{1,2}}(?: ?h\b|h[0-9]|:[0-9]| ?[ap]\.?m))")
def _weekdays(match: re.Match[str]) -> When | None:
    lead, tail, other = group(match, "lead"), group(match, "tail"), group(match, "other")
    every = bool(re.fullmatch(EVERY, lead))
    if (other or group(match, "n")) and not every:
        return None
    names = re.findall(_ANY, match["days"])
    french = all(re.match(r"dim|\w+di", name) for name in names)
    nth = _ordinals(group(match, "nth"))
    if nth == (2,) and every and not french and not _scoped(match):  # "every second Tuesday" is every other one
        nth, other = (), "other"
    plural = all(name.endswith("s") and name.removesuffix("s") in WEEKDAYS for name in names)
    habit = every or (plural and lead in ("", "on", "les", "the")) or (lead == "le" and french)
    interval = number(tail.split()[1]) if tail.startswith("sur") else 2 if other else number(group(match, "n"))
    when = When(weekdays=tuple(dict.fromkeys(map(weekday, names))), nth=nth, habit=habit or tail.startswith("sur"))
    if interval != 1:
        when |= When(every="week", interval=interval)
    return _in_month(match, _with_tail(when, lead, tail), every=every) if interval else None


def _with_tail(when: When, lead: str, tail: str) -> When:
    """What "prochain", "en huit", "last week" do to the day."""
    if tail.startswith(("dernier", "passe", "last", "de la semaine derniere")):
        return When(weekdays=when.weekdays, past=True)
    if tail in ("of next week", "next week", "de la semaine prochaine"):
        return replace(when, next_week=True, habit=False)
    if tail in ("en huit", "en quinze", "week"):
        return replace(when, weeks=2 if tail == "en quinze" else 1, habit=False)
    if tail.startswith(("prochain", "suivant")) or lead in ("next", "le prochain"):
        return replace(when, coming=True, habit=False)
    return when


def _in_month(match: re.Match[str], when: When, *, every: bool) -> When | None:
    """What "du mois", "of May", "du mois prochain" do to "the first Monday"."""
    if not when.nth:
        return when if not _scoped(match) else replace(when, nth=(1,), habit=True) if group(match, "scope") and every else None
    if month := group(match, "month"):
        return replace(when, month=month_number(month), year=int(group(match, "year") or 0), habit=every)
    if group(match, "next_month"):
        return replace(when, next_month=True, habit=False)
    if when.nth == (-1,) and not group(match, "scope") and match[0].startswith("last"):
        return When(weekdays=when.weekdays, past=True)  # "last friday"
    return replace(when, habit=True)


def _scoped(match: re.Match[str]) -> bool:
    return any(group(match, name) for name in ("scope", "month", "next_month"))


def _ordinals(words: str) -> tuple[int, ...]:
    found = re.findall(NTH, words)
    return tuple(int(word[0]) if word[0].isdecimal() else ORDINALS[word.removesuffix("s")] for word in found)


@clue(r"(?P<every>on |at |les )?(?P<weekends>week-?ends)")
@clue(
    rf"(?:(?P<every>{EVERY}|les) |le |this |ce |the |next |at the |on the |over the )(?:week-?ends?|week ends?)"
    r"(?P<coming> prochain)?"
)
def _weekend(match: re.Match[str]) -> When:
    habit = bool(match["every"] or group(match, "weekends"))
    return When(weekdays=(5,), habit=habit, coming=bool(group(match, "coming")))


means(r"(?:d'ici )?(?:a |en |la |a la )?fin de (?:la |cette )?semaine|(?:at )?the end of the week", When(weekdays=(4,)))
