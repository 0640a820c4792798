"""Clues that stand together make a phrase; of all phrases in a sentence, the one that is surely the date is chosen."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from copbot.calendar.clues import find
from copbot.calendar.clues.when import Clue, When

#: What may stand between two clues of one phrase.
_BETWEEN = re.compile(
    r"[ ,(]{0,3}(?:(?:a|au|at|le|la|l'|the|on|in|de|d'|of|vers|around|about|pour|-|:|@|by|les|des|et|and|puis)[ ,]{0,2}){0,3}"
)
_LIST = re.compile(r" ?(?:,|et|and|&|/|puis)(?: et| and)? ?(?:a |at |le |les |on |the )?")
#: What comes after these words tells which one is meant, not when: "la réunion du 12 mai".
_COMPLEMENT = re.compile(r"\w (?:de|du|des|de la|de l'|of|of the|d'|from|since|depuis|avant-)\s?$")

_Bound = Literal["since", "until"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Places in the sentence that tell when, and what they tell: the day, and from and until when it repeats."""

    spans: tuple[tuple[int, int], ...]
    when: When
    since: When | None = None
    until: When | None = None
    sure: int = 0  # where it ends if no day comes after "from" or "until" after all

    @property
    def meant(self) -> When:
        """What it tells: "from Monday" alone is Monday."""
        return self.since | self.when if self.since and not (self.when.has_day or self.when.repeats) else self.when

    @property
    def waits(self) -> _Bound | None:
        """Which of "from" and "until" still lacks its day."""
        return "since" if self.since == When() else "until" if self.until == When() else None

    def bounded(self, bound: str, when: When | None) -> "Phrase":
        """The same from or until then."""
        return replace(self, since=when) if bound == "since" else replace(self, until=when)


def choose(sentence: str) -> Phrase | None:
    """The phrase that is the date of a folded sentence, with its hour even where that stands apart; None if there is none."""
    phrases = [_without_loose_end(phrase) for phrase in _phrases(sentence)]
    scored = [(_score(sentence, phrase), -index) for index, phrase in enumerate(phrases)]
    score, index = max(scored, default=(0.0, 0))
    if score <= 0:
        return None
    chosen = phrases[-index]
    for phrase in phrases[:-index] + phrases[1 - index :]:
        chosen = _completed(sentence, chosen, phrase)
    return chosen


# From clues to phrases


def _phrases(sentence: str) -> list[Phrase]:
    """Runs of clues that do not contradict each other."""
    found: list[Phrase] = []
    for clue in find(sentence):
        joined = _joined(found[-1], clue, sentence[found[-1].spans[-1][1] : clue.start]) if found else None
        if joined:
            found[-1] = joined
        else:
            alone = Phrase(((clue.start, clue.end),), When() if clue.when.bound else clue.when)
            found.append(_with_bound(alone, clue.when) or alone)
    return found


def _joined(phrase: Phrase, clue: Clue, between: str) -> Phrase | None:
    """The phrase with the clue added; None if they do not belong together."""
    listed = bool(_LIST.fullmatch(between[:16]))
    if len(between) > 15 or not (listed or _BETWEEN.fullmatch(between)):
        return None
    phrase = replace(phrase, spans=(*phrase.spans[:-1], (phrase.spans[-1][0], clue.end)), sure=phrase.spans[-1][1])
    if clue.when.bound:
        return None if clue.when.bound == "until" and not phrase.when.repeats else _with_bound(phrase, clue.when)
    if phrase.waits:
        return _with_its_day(phrase, phrase.waits, clue.when)
    when = _merged(phrase.when, clue.when, listed=listed)
    return replace(phrase, when=when) if when else None


def _without_loose_end(phrase: Phrase) -> Phrase:
    """The phrase without a last word like "des" that was only an article: "demain des pommes"."""
    if not (phrase.waits and phrase.sure):
        return phrase
    start, _end = phrase.spans[-1]
    return replace(phrase.bounded(phrase.waits, None), spans=(*phrase.spans[:-1], (start, phrase.sure)))


def _with_bound(phrase: Phrase, when: When) -> Phrase | None:
    """The phrase with a word like "from" or "until", and what it already says of that day; None if there was one."""
    known = {"since": phrase.since, "until": phrase.until}.get(when.bound, When())
    return phrase.bounded(when.bound, replace(when, bound="")) if known is None else None


def _with_its_day(phrase: Phrase, bound: _Bound, when: When) -> Phrase | None:
    """The phrase with what came after "from" or "until"; an hour after "from" is the hour at which it comes."""
    if when.has_day and not when.every:
        return phrase.bounded(bound, replace(when, habit=False))
    merged = _merged(phrase.when, when, listed=False) if bound == "since" and when.hours else None
    return replace(phrase, when=merged, since=None) if merged else None


def _merged(one: When, two: When, *, listed: bool) -> When | None:
    """Both together, or None where they contradict each other."""
    if (one.every and two.every) or (one.hours and two.hours and not listed):
        return None
    if one.has_day and two.has_day and not _days_agree(one, two, listed=listed):
        return None
    counted, other = (one, two) if one.span else (two, one)
    if counted.span and (other.repeats or (counted.is_exact and other.hours)):
        return None
    both = replace(one | two, hours=one.hours + two.hours, parts=one.parts + two.parts, weak=one.weak and two.weak)
    if one.weekdays and two.weekdays:
        both = replace(both, weekdays=tuple(dict.fromkeys(one.weekdays + two.weekdays)))
    dated = (one.weekdays and not one.nth and two.days) or (one.offset is not None and two.weekdays)
    return replace(both, habit=bool(two.days) and two.habit) if dated and not both.every else both


def _days_agree(one: When, two: When, *, listed: bool) -> bool:
    """Tell whether two clues that both say on which day may mean the same."""
    if one.past or two.past:
        return False
    if one.span or two.span:  # "jeudi dans deux semaines"
        return (one.span or two.span or (0, ""))[1] == "week" and (one.only_weekdays or two.only_weekdays)
    if one.only_weekdays and two.only_weekdays:
        return listed or set(one.weekdays) == set(two.weekdays)
    if one.only_weekdays:
        return bool(two.days) or two.next_week
    if one.offset is not None or one.next_week:
        return two.only_weekdays
    return (one.next_month or two.next_month) and all(when.days or when.nth or when.next_month for when in (one, two))


# From phrases to the date


def _score(sentence: str, phrase: Phrase) -> float:
    """How surely this phrase is the date; nothing or less means that it is not."""
    when, start, end = phrase.meant, phrase.spans[0][0], phrase.spans[-1][1]
    if phrase.waits or (phrase.until and not when.repeats) or (_is_complement(sentence, start) and not when.every):
        return 0.0
    first, last = len(sentence[:start].strip(" ,;:.")) < 4, not sentence[end:].strip(" ,;:.!?)")
    if not when.has_day and when.weak and start and not last:
        return 0.0
    if when.repeats or (when.has_day and not when.weak):
        score = 3.0
    elif when.has_day or when.hours:
        score = 1.5 if when.hours and not when.weak else 1.0
    else:
        return 0.0
    return score + 0.5 * (first or last) + 0.25 * bool(when.hours)


def _is_complement(sentence: str, start: int) -> bool:
    return bool(_COMPLEMENT.search(sentence[max(0, start - 12) : start]))


def _completed(sentence: str, chosen: Phrase, other: Phrase) -> Phrase:
    """The chosen phrase with what it lacks and the other one, standing apart, says: the hour, or the day it repeats on."""
    when, more, (start, end) = chosen.meant, other.when, (other.spans[0][0], other.spans[-1][1])
    if _is_complement(sentence, start) or not (_gives_hour(when, more, sentence[start:], end - start) or _anchors(when, more)):
        return chosen
    return replace(chosen, spans=(*chosen.spans, *other.spans), when=when | more)


def _gives_hour(when: When, more: When, sentence: str, length: int) -> bool:
    """Tell whether the second one, which begins the sentence here, is the hour of the first."""
    if when.hours or when.is_exact or more.has_day or more.repeats:
        return False
    if more.hours:
        return not more.weak or not sentence[length:].strip(" ,;:.!?)")
    return bool(more.parts and not when.parts and re.match("le |l'|la |dans |in |at ", sentence))


def _anchors(when: When, more: When) -> bool:
    """Tell whether the first one repeats by a unit and the second one says on which day of it."""
    return when.every in ("week", "month", "year") and not when.has_day and bool(more.weekdays or more.days) and not more.every
