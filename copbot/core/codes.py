"""Codes of five words: made by chance, easy to write down, understood as people type them."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from copbot.letters import fold

#: How many words a code has. With the lists as they are that is more than 64 bits.
LENGTH = 5

_LISTS = Path(__file__).parent.parent / "wordlists"
_LANGUAGES = ("fr", "en")
_WORD = re.compile(r"[a-z]+")

#: So many letters a typed code has at most; what is longer is none.
_LONGEST = 120


def make(language: str, draw: Callable[[int], int]) -> str:
    """A new code. `draw(n)` is a number below n that nobody can guess, such as secrets.randbelow."""
    known = words(language)
    return " ".join(known[draw(len(known))] for _ in range(LENGTH))


def read(text: str) -> str | None:
    """The code that is meant, as `make` wrote it; None if these words are none.

    Case, accents and what stands between the words do not matter, nor does a slip in a word that could be no other. Other words
    around them do not either, as long as the five are without a slip.
    """
    typed = _WORD.findall(fold(text[:_LONGEST]))
    rows = [typed[start : start + LENGTH] for start in range(len(typed) - LENGTH + 1)]
    for language in _LANGUAGES:
        found = [row for row in rows if all(word in _known(language) for word in row)]
        if len(found) == 1:
            return " ".join(found[0])
    if len(typed) == LENGTH:
        for language in _LANGUAGES:
            meant = [_meant(word, language) for word in typed]
            if all(meant):
                return " ".join(meant)
    return None


def is_told(text: str, *, alone: bool) -> bool:
    """Tell whether there is a code in these words, though nothing says so: a slip in one of the five at most.

    With `alone` there may be one word besides.
    """
    meant, typed = read(text), _WORD.findall(fold(text[:_LONGEST]))
    return (
        meant is not None
        and len({*meant.split()} & {*typed}) >= LENGTH - 1
        and not (alone and (len(typed) > LENGTH + 1 or len(text) > _LONGEST))
    )


@lru_cache
def words(language: str) -> tuple[str, ...]:
    """The list that codes in this language are drawn from."""
    return tuple((_LISTS / f"{language}.txt").read_text(encoding="ascii").split())


@lru_cache
def _known(language: str) -> frozenset[str]:
    return frozenset(words(language))


def _meant(word: str, language: str) -> str:
    """The word itself, or the only one that is a slip away; "" if there is none, or more than one."""
    if word in _known(language):
        return word
    near = process.extract(word, words(language), scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=2)
    return near[0][0] if len(near) == 1 else ""
