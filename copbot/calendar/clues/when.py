"""What a clue says about the time, and the list of patterns that find clues."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache

from copbot.calendar.almanac import MONTHS, NUMBERS, ORDINALS, PARTS, SHORT_WEEKDAYS, UNITS, WEEKDAYS, any_of


@dataclass(frozen=True, slots=True)
class When:
    """What one clue, or several together, say about the time. Whatever they leave open keeps its default."""

    every: str = ""  # the unit it repeats by: minute, hour, day, week, month, year
    interval: int = 1
    habit: bool = False  # it repeats: "le mardi", "tuesdays", "of every month"
    weekdays: tuple[int, ...] = ()  # Monday is 0
    nth: tuple[int, ...] = ()  # which of these weekdays in the month, -1 is the last
    without: tuple[int, ...] = ()  # weekdays that are left out
    weeks: int = 0  # so many weeks after the coming one: "en huit"
    coming: bool = False  # "prochain": not today
    next_week: bool = False
    next_month: bool = False
    year: int = 0
    month: int = 0
    days: tuple[int, ...] = ()  # of the month, -1 is the last
    offset: int | None = None  # days from today
    span: tuple[int, str] | None = None  # so many of a unit from now
    minutes: int = 0  # and so many minutes
    hours: tuple[tuple[int, int], ...] = ()
    parts: tuple[str, ...] = ()  # of the day
    stretch: tuple[int, int] | None = None  # where "14h-16h" stands: these words stay
    last_hour: int | None = None  # the end of such a stretch
    ahead: tuple[int, str] | None = None  # so many of a unit before the day: "deux semaines avant le 12 mai"
    past: bool = False
    bound: str = ""  # since or until: what the day after this word is for
    weak: bool = False  # may well mean something else

    @property
    def has_day(self) -> bool:
        """Tell whether it says on which day."""
        counted = self.offset is not None or self.span is not None or self.past or self.next_week or self.next_month
        return counted or bool(self.weekdays or self.days or self.month)

    @property
    def only_weekdays(self) -> bool:
        """Tell whether it says on which day of the week, and nothing nearer."""
        return bool(self.weekdays) and not (self.days or self.nth)

    @property
    def is_exact(self) -> bool:
        """Tell whether it counts hours or minutes from now."""
        return self.span is not None and self.span[1] in ("hour", "minute", "second")

    @property
    def repeats(self) -> bool:
        """Tell whether it comes again."""
        return bool(self.every) or self.habit

    def __or__(self, other: "When") -> "When":
        """Both together; what the other says comes on top."""
        said = {field.name: getattr(other, field.name) for field in fields(other)}
        return replace(self, **{name: value for name, value in said.items() if value != _NOTHING[name]})


_NOTHING = {field.name: field.default for field in fields(When)}


@dataclass(frozen=True, slots=True)
class Clue:
    """Where in the sentence something tells when, and what it tells."""

    start: int
    end: int
    when: When


Build = Callable[[re.Match[str]], When | None]

#: Filled by the decorator as the modules of patterns are imported.
_PATTERNS: list[tuple[str, Build]] = []


@cache
def patterns() -> list[tuple[re.Pattern[str], Build]]:
    """Every pattern with what builds its meaning; compiled when the first date is read, not when copbot starts."""
    return [(re.compile(rf"(?:{pattern})(?!\w)"), build) for pattern, build in _PATTERNS]


# Pieces of patterns that several modules share.
EVERY = r"(?:tous les|toutes les|chaque|every|each)"
AND = r"(?:, (?:et |and |le )?| (?:et|and|&) (?:le |on )?|/)"
NUMBER = rf"(?:[0-9]{{1,7}}|{any_of(NUMBERS)})"
NTH = rf"(?:[0-9](?:ers?|eres?|es?|emes?|iemes?|nds?|ndes?|st|rd|th)|{any_of(ORDINALS)}s?)"
WEEKDAY = rf"{any_of(WEEKDAYS)}s?"
SHORT_WEEKDAY = rf"{any_of(SHORT_WEEKDAYS)}\b\.?"
UNIT = any_of(UNITS)
PART = any_of(PARTS)
MONTH = rf"{any_of({*MONTHS, 'mar'})}\b\.?"
OF_MONTH = (
    r"(?:du|de chaque|de tous les|de|of the|of each|of every|in the|in each|chaque|every|each) (?:mois|month)\b(?! prochain)"
)
NEXT_MONTH = r"(?:(?:du|le) mois prochain|(?:of )?next month)"
YEAR = r"(?:,? (?P<year>(?:19|20)[0-9]{2})(?![\w:/]))?"
#: No piece of a longer number, such as that of a telephone.
ALONE = r"(?<![0-9][./-])"
#: What may come after a bare number of a day: the end, a sign, an hour.
AFTER_DAY = rf"(?= ?(?:$|[,;.:!?)-]|(?:a|at|vers|around|midi|noon|minuit|{PART}) ?|[0-9]))"


def clue(pattern: str) -> Callable[[Build], Build]:
    """Declare a pattern; the function says what it means, None if nothing after all.

    Repetitions must be bounded and groups must not overlap, so that reading stays linear.
    """

    def register(build: Build) -> Build:
        _PATTERNS.append((pattern, build))
        return build

    return register


def means(pattern: str, when: When) -> None:
    """Declare a pattern that always means the same."""
    _PATTERNS.append((pattern, lambda _match: when))


def group(match: re.Match[str], name: str) -> str:
    """The group's words; "" where it took no part or is not in this pattern."""
    return match.groupdict().get(name) or ""


def number(word: str | None, default: int = 1) -> int:
    """The number this word stands for."""
    if not word:
        return default
    return int(word) if word.isdecimal() else NUMBERS[word]


def weekday(name: str) -> int:
    """The day of the week this name stands for, Monday is 0."""
    name = name.rstrip(".")
    return SHORT_WEEKDAYS[name] if name in SHORT_WEEKDAYS else WEEKDAYS[name.removesuffix("s")]


def month_number(name: str) -> int:
    """The month this name or number stands for."""
    name = name.rstrip(".")
    return int(name) if name.isdecimal() else {**MONTHS, "mar": 3}[name]
