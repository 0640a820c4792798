"""Clues that name a date: "le 12 mai 2026", "12/05", "le 12 de chaque mois", "demain", "la semaine prochaine"."""

import re

from copbot.calendar.almanac import ENGLISH_MONTHS, NUMBERS, PARTS, UNITS, any_of
from copbot.calendar.clues.when import (
    AFTER_DAY,
    ALONE,
    AND,
    EVERY,
    MONTH,
    NEXT_MONTH,
    NUMBER,
    OF_MONTH,
    PART,
    SHORT_WEEKDAY,
    UNIT,
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

_LEAD = rf"(?:(?P<lead>{EVERY}|le|the|on the|on|ce|this) )?(?:(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY}),? (?:le |the )?)?"
_COUNTED = any_of(word for word, value in NUMBERS.items() if 1 < value < 31)
_NO_HOUR = r"(?! ?(?:h|am|pm|a\.m|p\.m)\b|[h:./]?[0-9])"


@clue(
    rf"{_LEAD}(?P<more>(?:[0-9]{{1,2}}(?:er|st|nd|rd|th)?{AND}){{0,3}})(?P<day>[0-9]{{1,2}}|premier|first|{_COUNTED})"
    rf"(?:er|e|st|nd|rd|th)?(?: of| de)? (?P<month>{MONTH}){YEAR}(?: prochaine?| de cette annee| this year)?"
)
@clue(rf"{_LEAD}(?P<month>{any_of(ENGLISH_MONTHS)})\b\.? (?:the )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?{_NO_HOUR}{YEAR}")
@clue(rf"{ALONE}{_LEAD}(?P<day>[0-9]{{1,2}})/(?P<month>[0-9]{{1,2}})(?:/(?P<year>[0-9]{{4}}|[0-9]{{2}}))?(?![/0-9])")
@clue(
    rf"{ALONE}{_LEAD}(?P<day>[0-9]{{1,2}})(?P<dot>[.-])(?P<month>[0-9]{{1,2}})(?P=dot)"
    r"(?P<year>[0-9]{4}|[0-9]{2})(?![-.]?[0-9])"
)
@clue(rf"{ALONE}(?:le |on )?(?P<year>[0-9]{{4}})(?P<dash>[-/])(?P<month>[0-9]{{1,2}})(?P=dash)(?P<day>[0-9]{{1,2}})")
@clue(
    r"(?:le |on )?(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})t(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::[0-9]{2})?"
)
def _date(match: re.Match[str]) -> When | None:
    day = 1 if match["day"] in ("premier", "first") else number(match["day"])
    month, year = month_number(match["month"]), int(group(match, "year") or 0)
    fraction = match["month"].isdecimal() and not year
    if fraction and not (1 <= day <= 31 and 1 <= month <= 12 and (match[0][0].isalpha() or _stands_free(match))):
        return None
    more = [int(word) for word in re.findall("[0-9]+", group(match, "more"))]
    named = group(match, "weekday")
    return When(
        days=(*more, day or 99),  # a day 0 is a date that does not exist, not the lack of one
        month=month or 99,
        year=year + 2000 if 0 < year < 100 else year,
        weekdays=(weekday(named),) if named else (),
        hours=((int(match["hour"]), int(match["minute"])),) if group(match, "hour") else (),
        habit=bool(re.fullmatch(EVERY, group(match, "lead"))),
        weak=fraction,
    )


_ONE = r"(?:[0-9]{1,2}(?:ers?|st|nd|rd|th)?|premiers?|first)"


@clue(
    rf"(?P<lead>{EVERY}|les|le|the|on the|au) (?P<days>{_ONE}(?:{AND}(?:the )?{_ONE}){{0,5}})"
    rf"(?: (?P<scope>{OF_MONTH}|de ce mois|of this month)| (?P<next_month>{NEXT_MONTH}))?(?![/:.]?[0-9])"
)
@clue(rf"(?P<days>{_ONE}(?:{AND}(?:the )?{_ONE}){{0,5}}) (?:(?P<scope>{OF_MONTH})|(?P<next_month>{NEXT_MONTH}))")
@clue(
    rf"(?:le |on |ce )?(?P<weekday>{WEEKDAY}) (?:le |the )?(?P<days>[0-9]{{1,2}}(?:er|st|nd|rd|th)?)"
    rf"{_NO_HOUR}(?!-[0-9]){AFTER_DAY}"
)
def _day_of_month(match: re.Match[str]) -> When | None:
    scope, every, named = group(match, "scope"), bool(re.match(EVERY, match[0])), group(match, "weekday")
    said = scope or every or named or group(match, "next_month")
    days = tuple(int(re.sub(r"\D", "", word) or 1) for word in re.findall(_ONE, match["days"]))
    in_words = re.search("premier|first", match["days"])
    if (in_words and not scope and not group(match, "next_month")) or not (said or _stands_free(match)):
        return None
    monthly = every or bool(scope and not scope.startswith(("de ce", "of this")))
    return When(
        days=tuple(day or 99 for day in days),
        habit=monthly,
        next_month=bool(group(match, "next_month")),
        weekdays=(weekday(named),) if named else (),
        weak=not said,
    )


def _stands_free(match: re.Match[str]) -> bool:
    """Tell whether a bare number is at the beginning of the sentence, or followed by its end, a sign or an hour."""
    return match.start() == 0 or bool(re.match(AFTER_DAY, match.string[match.end() : match.end() + 20]))


@clue(
    rf"(?:(?P<every>{EVERY}) |le |the |on the |a la |la |at the )?(?:(?P<last>dernier jour|last day)|fin|end)"
    rf" (?:(?P<scope>{OF_MONTH})|(?P<next_month>{NEXT_MONTH}))"
)
def _end_of_month(match: re.Match[str]) -> When:
    if match["next_month"]:
        return When(days=(-1,), next_month=True)
    again = match["every"] or match["last"] or re.match("de |de chaque|of each|of every", match["scope"])
    return When(days=(-1,), habit=bool(again))


_RELATIVE = {
    **dict.fromkeys(("aujourd'hui", "aujourdhui", "today", "ce jour"), 0),
    **dict.fromkeys(("demain", "tomorrow", "tmrw", "tmr"), 1),
    **dict.fromkeys(("apres-demain", "apres demain", "day after tomorrow", "the day after tomorrow"), 2),
    **dict.fromkeys(("hier", "yesterday", "avant-hier", "avant hier", "the day before yesterday", "last night"), -1),
}


@clue(rf"(?P<day>{any_of(_RELATIVE)})(?P<later> en huit| en quinze| week)?")
def _relative(match: re.Match[str]) -> When:
    offset = _RELATIVE[match["day"]]
    later = {" en huit": 7, " week": 7, " en quinze": 14}.get(group(match, "later"), 0)
    return When(past=True) if offset < 0 else When(offset=offset + later)


@clue(rf"(?P<far>a week|a fortnight|two weeks) (?:on |from )?(?P<day>today|tomorrow|{WEEKDAY})")
def _week_from(match: re.Match[str]) -> When:
    weeks = 1 if match["far"] == "a week" else 2
    if match["day"] in _RELATIVE:
        return When(offset=_RELATIVE[match["day"]] + 7 * weeks)
    return When(weekdays=(weekday(match["day"]),), weeks=weeks)


@clue(rf"(?:ce|cet|cette|this) (?P<part>{PART})|(?P<tonight>tonight)|(?P<noon>ce midi)")
def _this_part(match: re.Match[str]) -> When:
    if match["noon"]:
        return When(offset=0, hours=((12, 0),))
    return When(offset=0, parts=("evening" if match["tonight"] else PARTS[match["part"]],))


_PARTS_OF_MONTH = {"debut": 1, "early": 1, "mi": 15, "mid": 15, "fin": -1, "end of": -1, "the end of": -1}


@clue(rf"(?P<part>{any_of(_PARTS_OF_MONTH)})[ -](?P<month>{MONTH}){YEAR}")
def _part_of_month(match: re.Match[str]) -> When:
    year = int(group(match, "year") or 0)
    return When(days=(_PARTS_OF_MONTH[match["part"]],), month=month_number(match["month"]), year=year)


@clue(rf"(?:(?P<n>{NUMBER}) (?P<unit>{UNIT}) (?:avant|before)|la veille (?:de|du)|the day before)")
def _ahead(match: re.Match[str]) -> When:
    return When(ahead=(number(match["n"]), UNITS[match["unit"]]) if match["n"] else (1, "day"))


means(r"(?:(?:en |le )?debut de (?:la )?)?semaine prochaine|la semaine prochaine|(?:early )?next week", When(next_week=True))
means(r"(?:le )?mois prochain|next month", When(next_month=True))
means(
    rf"(?:il y a|ca fait) {NUMBER} {UNIT}|{NUMBER} {UNIT} ago|(?:la semaine|l'annee) derniere|le mois dernier"
    r"|last (?:week|month|year)",
    When(past=True),
)
