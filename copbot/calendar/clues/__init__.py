"""What in a sentence tells when. Sentences are read folded: lower case, no accents, single spaces.

Every pattern is tried at the beginnings of words only and repeats nothing without a bound, so that reading stays linear in the
length of the sentence. At each word the longest match wins.
"""

import re

from copbot.calendar.clues import dates, hours, repeats, spans, weekdays
from copbot.calendar.clues.when import Clue, When, patterns

__all__ = ["Clue", "When", "dates", "find", "hours", "repeats", "spans", "weekdays"]

_WORD = re.compile(r"(?<![\w'])(?<![0-9][.,:/])[\w@]|(?<=')\w")


def find(sentence: str) -> list[Clue]:
    """Every clue in a folded sentence, in order, none over another."""
    found: list[Clue] = []
    end = 0
    for word in _WORD.finditer(sentence):
        if word.start() >= end and (best := _longest(sentence, word.start())):
            found.append(best)
            end = best.end
    return found


def _longest(sentence: str, at: int) -> Clue | None:
    best: Clue | None = None
    for pattern, build in patterns():
        match = pattern.match(sentence, at)
        if match and (best is None or match.end() > best.end) and (when := build(match)):
            best = Clue(at, match.end(), when)
    return best
