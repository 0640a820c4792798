"""Reading when: "tous les 2es mardis à 18h30, préparer la séance", "in 2 hours call Ana", and what the other words are."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from copbot.calendar import clues, occasions, recurrences, times
from copbot.calendar.clues import When
from copbot.calendar.clues.phrases import Phrase, choose
from copbot.calendar.occasions import Never, NoDate, Past, TooOften, Unreadable
from copbot.calendar.recurrences import Bounds
from copbot.letters import fold

__all__ = ["Moment", "Never", "NoDate", "Past", "TooOften", "Unreadable", "read", "read_span"]

#: Only so many characters are searched for a date; what comes after is words.
_SEARCHED = 1000

#: Seconds in fifty years.
_FARTHEST = 50 * 366 * 86400

_EXACT = {"second": 1, "minute": 60, "hour": 3600}


@dataclass(frozen=True)
class Moment:
    """When something is to come.

    `wall` is the first time by the clock on the wall, naive; `rule` an RFC 5545 rule, "" for once; `rest` the words that are
    not the date; `has_hour` tells whether an hour or a part of the day was said, `has_day` whether a day was. `exact` is the
    very moment where a span of hours was said; `doubt` tells that the weekday which was said is not that of the date.
    """

    wall: datetime
    rule: str
    rest: str
    has_hour: bool
    exact: datetime | None = None
    doubt: bool = False
    has_day: bool = True

    def first(self, zone: str) -> datetime:
        """The first moment at which it comes, in UTC."""
        return self.exact or times.to_instant(self.wall, zone)


def read(text: str, *, now: datetime, zone: str, language: str) -> Moment:
    """Find the date in the words, wherever it stands, in French or in English. Days come before months: 03/04 is 3 April.

    Raises Unreadable (NoDate where nothing is like a date, TooOften), Past or Never.
    """
    sentence = _Sentence(text, language)
    phrase = choose(sentence.folded)
    if phrase is None:
        raise NoDate
    when, rest = phrase.meant, sentence.without(phrase)
    said = bool(when.hours or when.parts)
    if when.repeats:
        wall, rule = recurrences.again(when, Bounds(phrase.since, phrase.until), now, zone)
        return Moment(wall, rule, rest, said)
    if exact := _exact(when, now):
        return Moment(times.to_wall(exact, zone), "", rest, has_hour=True, exact=exact)
    wall, rule = recurrences.several(when, now, zone)
    if when.ahead:
        wall, rule = occasions.ahead(wall, when.ahead, now, zone), ""
    doubt = bool(not rule and when.weekdays and when.days and wall.weekday() not in when.weekdays)
    return Moment(wall, rule, rest, said, doubt=doubt, has_day=when.has_day)


def read_span(text: str, *, now: datetime) -> datetime | None:
    """The moment that words which are nothing but a span mean, counted from now: "2h", "30 min", "une demi-heure"."""
    when = clues.spans.only(_Sentence(text[:80], "").folded.strip(" .!"))
    if when is None or when.span is None:
        return None
    try:
        return _exact(when, now) or now + (occasions.day_after(when, now.date()) - now.date())
    except (Unreadable, OverflowError):
        return None


def _exact(when: When, now: datetime) -> datetime | None:
    """The moment that a span of hours or minutes ends; None for other dates. Raises Unreadable beyond a few years."""
    if when.span is None or when.span[1] not in _EXACT:
        return None
    seconds = when.span[0] * _EXACT[when.span[1]] + when.minutes * 60
    if not 0 < seconds <= _FARTHEST:
        raise Unreadable
    return (now + timedelta(seconds=seconds)).astimezone(UTC)


# The words that remain

_LEADING = re.compile(
    r"(?:(?<![\w'])(?:a partir de|avant|before|a|au|le|les|the|on|pour|for|by|du|des|from|at|vers|d'ici|de|et|and|[,:;(-])"
    r"[ ,:]{1,2}){1,3}$"
)
_EDGES = re.compile(r"^[\s,;:.!?)\-–—]{1,9}|[\s,;:(\-–—]{1,9}$")
_OPENING = re.compile(
    r"^(?:(?:rappelle[rz]?|rappeler)[ -](?:moi|nous)\b|remind (?:me|us)\b|me rappeler\b)?[\s,:]{0,3}"
    r"(?:(?:to|de|que|pour|that|for|about|of)\s|(?:d|qu)['’])?",
    re.IGNORECASE,
)
_FOLDED = {"–": "-", "—": "-", "‐": "-", "‑": "-", "‘": "'", "ʼ": "'", "œ": "oe"}


class _Sentence:
    """The words, folded for reading, with the way back to where each letter stood."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        letters: list[str] = []
        self._at: list[int] = []
        for index, char in enumerate(text[:_SEARCHED]):
            for letter in _folded(char):
                if letter != " " or not letters or letters[-1] != " ":
                    letters.append(letter)
                    self._at.append(index)
        self.folded = "".join(letters[:_SEARCHED])
        if language == "en":  # "a 9" is no hour, "à 9" is one
            self.folded = re.sub(r"\ba(?= [0-9])", lambda a: "a" if text[self._at[a.start()]] in "àÀ" else "A", self.folded)

    def without(self, phrase: Phrase) -> str:
        """The words that are not the date, cleaned of what led to it."""
        kept: list[str] = []
        at = 0
        for start, end in sorted(phrase.spans):
            leading = _LEADING.search(self.folded[max(0, start - 30) : start])
            kept.append(self._text[at : self._at[start - len(leading[0]) if leading else start]])
            at = self._at[end - 1] + 1
        kept.append(self._text[at:])
        cleaned = [_EDGES.sub("", part) for part in kept]
        rest = _OPENING.sub("", " ".join(part for part in cleaned if part)).strip()
        if rest and (stretch := phrase.when.stretch) and phrase.when.every != "hour":
            rest += f" ({self._text[self._at[stretch[0]] : self._at[stretch[1] - 1] + 1]})"
        return rest


def _folded(char: str) -> str:
    if char.isspace():
        return " "
    return char.lower() if char.isascii() else _FOLDED.get(char) or fold(char)
