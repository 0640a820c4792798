"""Clues that name an hour or a part of the day: "18h30", "à 9", "half past six", "midi", "du soir"."""

import re

from copbot.calendar.almanac import NUMBERS, PARTS, any_of
from copbot.calendar.clues.when import PART, When, clue, group, means, number

_AM = r"(?P<half> ?[ap]\.?m\b\.?)"
_BEFORE = r"(?:(?P<before>a|at|vers(?: les)?|aux (?:alentours|environs) de|around|about|pour|des|by) |(?P<at>@) ?)?"
#: The end of a stretch of time; it stays among the words.
_HOUR = r"[0-9]{1,2} ?(?:h ?[0-9]{2}|h|heures?|:[0-9]{2}(?: ?[ap]m)?|[ap]m)"
_TO = rf"(?P<to> ?(?:-|a|to|until|jusqu'a) ?{_HOUR})?"
_ADDED = {"et demi": 30, "et demie": 30, "et quart": 15, "moins le quart": -15, "moins quart": -15}
_ADDED |= {f"moins {word}": -number(word) for word in ("cinq", "dix", "vingt", "5", "10", "20")}
_HOUR_WORDS = any_of(word for word, value in NUMBERS.items() if 0 < value < 25 and word not in ("a", "an"))
_PAST = {"half past": 30, "quarter past": 15, "a quarter past": 15, "quarter to": -15, "a quarter to": -15}
_PAST |= {
    f"{word} {way}": NUMBERS[word] * sign
    for word in ("five", "ten", "twenty", "twenty-five")
    for way, sign in (("past", 1), ("to", -1))
}
#: An hour after these words is a length of time: "une réunion de 2h".
_LENGTH = re.compile(r"(?:(?<!partir )(?<!compter )\bde|\bd'|\bpendant|\bdurant|\bfor|\bles|\bof|\bque|\bsous|\bplus) ?$")

#: After these words a bare number at the end is an hour: "demain 9".
_DAY_BEFORE = re.compile(r"(?:^|demain|tomorrow|today|aujourd'hui|tonight|soir|matin) $|^$")

#: What makes an hour impossible.
_IMPOSSIBLE = ((99, 0),)


@clue(rf"{_BEFORE}(?P<h>[0-9]{{1,2}}) ?(?:h|heures?|hrs) ?(?P<m>[0-9]{{2}}){_TO}")
@clue(rf"{_BEFORE}(?P<h>[0-9]{{1,2}}) ?(?:h|heures?|hrs)(?!/)(?: (?P<added>{any_of(_ADDED)}))?{_TO}")
@clue(rf"{_BEFORE}(?P<h>[0-9]{{1,2}}):(?P<m>[0-9]{{2}})(?::[0-9]{{2}})?{_AM}?{_TO}")
@clue(rf"{_BEFORE}(?P<h>[0-9]{{1,2}})(?:[.:](?P<m>[0-9]{{2}}))?{_AM}{_TO}")
@clue(
    r"(?:de|entre|from|between) (?P<h>[0-9]{1,2})(?: ?(?:h|heures?)(?: ?(?P<m>[0-9]{2}))?|:(?P<colon>[0-9]{2}))?"
    rf"{_AM}?(?P<to> (?:a|et|to|and|until|-) {_HOUR})"
)
@clue(r"(?P<before>a|at|vers|around|@) ?(?P<h>[0-9]{1,2})\.(?P<m>[0-9]{2})")
@clue(
    rf"(?P<before>a|at|vers) (?P<h>{_HOUR_WORDS}) (?:heures?|o'clock)"
    rf"(?: (?P<m>[0-9]{{2}}|trente|quinze|quarante-cinq|dix|vingt)| (?P<added>{any_of(_ADDED)}))?"
)
@clue(rf"(?P<before>at |by |around )?(?P<h>[0-9]{{1,2}}|{_HOUR_WORDS}) ?o'clock{_AM}?")
@clue(r"(?P<h>[0-9]{1,2})(?P<to>-[0-9]{1,2} ?(?:h|[ap]m))")
@clue(rf"(?:at |by |around )?(?P<past>{any_of(_PAST)}) (?P<h>[0-9]{{1,2}}|{_HOUR_WORDS}){_AM}?")
def _clock(match: re.Match[str]) -> When | None:
    if not (group(match, "before") or group(match, "at")) and _LENGTH.search(
        match.string[max(0, match.start() - 10) : match.start()]
    ):
        return None
    minute = group(match, "m") or group(match, "colon")
    added = _ADDED.get(group(match, "added"), 0) + _PAST.get(group(match, "past"), 0)
    hour, last = number(match["h"]), _last(group(match, "to"))
    half = group(match, "half").strip()[:1] or ("p" if last and last > 12 and hour < last - 12 else "")
    if not last or "m" not in group(match, "to"):
        half = group(match, "half").strip()[:1]
    return When(
        hours=_hours(hour, number(minute, 0), added, half), stretch=match.span() if last is not None else None, last_hour=last
    )


def _last(words: str) -> int | None:
    """The hour at which a stretch of time ends, on the 24-hour clock."""
    if not words:
        return None
    hour = int(re.findall("[0-9]+", words)[0])
    return hour + 12 if words.endswith("pm") and hour < 12 else hour


def _hours(hour: int, minute: int, added: int = 0, half: str = "") -> tuple[tuple[int, int], ...]:
    """The hour on the 24-hour clock; `half` is a or p where am or pm was said."""
    if minute > 59 or hour > 24 or (half and hour == 0):
        return _IMPOSSIBLE
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    total = hour * 60 + minute + added
    return ((total // 60, total % 60),) if 0 <= total <= 24 * 60 else _IMPOSSIBLE


@clue(
    r"(?:(?:a|at|vers|by|pour|around) )?(?:le )?(?P<noon>midi|noon|midday|12 noon|minuit|midnight)"
    r"(?: (?P<added>et demie?|et quart)| (?P<m>[0-9]{2}))?"
)
def _noon(match: re.Match[str]) -> When | None:
    midnight = match["noon"] in ("minuit", "midnight")
    added = _ADDED.get(group(match, "added"), 0) + int(match["m"] or 0)
    return When(hours=_hours(0 if midnight and added else 24 if midnight else 12, 0, added))


@clue(r"(?P<before>a|at) (?P<h>[0-9]{1,2})(?![\w:./]|,[0-9]| ?%)")
@clue(rf"at (?P<h>{_HOUR_WORDS})")
@clue(r"(?P<h>[0-9]{1,2})(?=$)")
@clue(rf"(?:(?P<before>a|at) )?(?P<h>[0-9]{{1,2}})(?= (?:du|in the|de l') ?{PART}(?!\w))")
def _bare(match: re.Match[str]) -> When | None:
    hour = number(match["h"])
    bare = match[0].isdecimal() and match.end() == len(match.string)
    if hour > 24 or (bare and not _DAY_BEFORE.search(match.string[: match.start()][-14:])):
        return None
    return When(hours=_hours(hour, 0), weak=True)


@clue(rf"(?:le |la |l'|du |de l'|de la |au |dans la |dans l'|en |in the |at )?(?P<part>{PART})")
def _part(match: re.Match[str]) -> When | None:
    part = PARTS[match["part"]]
    again = match["part"] in ("mornings", "afternoons", "evenings", "nights")
    return When(parts=(part,), every="day" if again else "", habit=again)


means(r"(?:a la )?premiere heure|first thing(?: in the morning)?", When(hours=((8, 0),), weak=True))
means(r"(?:en |a la )?fin de matinee", When(hours=((11, 0),), weak=True))
means(r"(?:en |au )?debut d'apres-midi", When(hours=((14, 0),), weak=True))
means(r"(?:en |a la )?fin (?:de journee|d'apres-midi)|(?:at the )?end of the day", When(hours=((17, 0),), weak=True))
means(r"(?:en |au )?debut de soiree", When(hours=((18, 0),), weak=True))
means(r"pile|precises?|sonnantes", When(weak=True))
