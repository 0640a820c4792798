"""How words are looked up and compared where traces of people are looked for."""

import re
from functools import lru_cache
from typing import Any

from copbot.core import codes
from copbot.letters import fold

#: Where something begins and ends in a text.
Span = tuple[int, int]

#: What is written like a name.
NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"


def words(listing: dict[str, Any], *kinds: str) -> frozenset[str]:
    """The words of these kinds in config/traces.yaml, folded. A house's own file need not have them all."""
    return _folded(" ".join(listing.get(kind, "") for kind in kinds))


@lru_cache
def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


def one_of(words: str) -> str:
    """A pattern for these words; one that is written with a capital is meant with it."""
    longest_first = sorted(set(words.split()), key=len, reverse=True)
    found = (re.escape(word).replace("'", "['’]").replace(r"\-", "[ -]") for word in longest_first)
    return "|".join(word if word.islower() else f"(?-i:{word})" for word in found) or "(?!)"


def place(match: re.Match[str]) -> Span:
    """Where the trace is in what a pattern found: all of it, or its group `it`."""
    return match.span("it") if "it" in match.re.groupindex else match.span()


@lru_cache
def common() -> frozenset[str]:
    """Words that in small letters are rather themselves than somebody's name."""
    return frozenset(word for language in ("fr", "en") for word in codes.words(language))


def aligned(text: str) -> str:
    """Folded letter by letter, so that places in it are places in the text."""
    return "".join(map(_alone, text))


@lru_cache(maxsize=1024)
def _alone(letter: str) -> str:
    return found if len(found := fold(letter)) == 1 else letter
