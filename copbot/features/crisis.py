"""Words that tell of a danger, by the rule in config/crisis.yaml: what its signs mean is said at its head."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from copbot.core.house import House
from copbot.letters import fold

_WORDS = re.compile(r"[^\W_]+'?|(?:[.!?;]|\n)+")

#: What a phrase is made of: an ellipsis, a named list, a sign, a word.
_PIECE = re.compile(r"\.\.\.\d*|<\w+>|[()|?/]|[^\W_]+\*?'?")
_TWICE = re.compile(r"([b-df-hj-np-tv-z])\1+")

#: How many words an ellipsis stands for at most where it does not say, and how many the rest of a sentence.
_ELLIPSIS = 4
_REST = 30

#: A word at least so long that begins with a vowel is also found written in one with what is elided before it: `lenfant`.
_GLUED = 6
_ELISION = r"(?:[cdjlmnst]|qu)"
_BEFORE_VOWEL = r"(?=[aeiouyh])"
_GLUE = re.compile(_ELISION + _BEFORE_VOWEL)

#: What the patterns of words that begin alike have in common.
_SHARED = re.compile(rf" (?:\w|{re.escape(f'{_ELISION}?{_BEFORE_VOWEL}')})")


class _Part(NamedTuple):
    """The pattern of a phrase or of a piece of one, which a text can only have that has one of each of `cues`."""

    pattern: str
    cues: tuple[frozenset[str], ...] = ()


def is_crisis(text: str, house: House) -> bool:
    """Tell whether the words tell of a danger, by the rule in config/crisis.yaml, in any of its languages."""
    languages = house.listing("crisis").values()
    said = _said(text, tuple(spelt for language in languages for spelt in language.get("spelling", {}).items()))
    beginnings = _beginnings(said)
    for pattern in _all(languages, "unless", beginnings):
        said = pattern.sub(" |", said)
    return any(pattern.search(said) for pattern in _all(languages, "phrases", beginnings))


def _said(text: str, spelling: tuple[tuple[str, str], ...] = ()) -> str:
    """The words, folded, each after a space, as `spelling` has them; `|` where a sentence ends."""
    meant = _meant(spelling)
    found = (meant.get(word, word) for word in _WORDS.findall(_plain(text)))
    return "".join(f" {word if word[0].isalnum() else '|'}" for word in found) + " "


def _plain(text: str) -> str:
    """Folded, and no consonant twice: many write one where two belong."""
    return _TWICE.sub(r"\1", fold(text).replace("œ", "oe"))


@lru_cache
def _meant(spelling: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {_plain(written): " ".join(_WORDS.findall(_plain(meant))) for written, meant in spelling}


def _beginnings(said: str) -> set[str]:
    """What the words begin with, letter by letter, and each whole with the space after it: where cues are looked up."""
    found: set[str] = set()
    for word in set(said.split()):
        glued = _GLUE.match(word)
        for one in (word, word[glued.end() :]) if glued else (word,):
            found.update(one[:size] for size in range(1, len(one) + 1))
            found.add(f"{one} ")
    return found


def _all(languages: Iterable[dict[str, Any]], kind: str, beginnings: set[str]) -> Iterator[re.Pattern[str]]:
    """The patterns of all languages that may be found among words that begin so."""
    for language in languages:
        for part in _patterns(tuple(language[kind]), tuple(language.get("words", {}).items())):
            for one_of in part.cues:
                if one_of.isdisjoint(beginnings):
                    break
            else:
                yield _compiled(part.pattern)


@lru_cache
def _patterns(phrases: tuple[str, ...], words: tuple[tuple[str, str], ...]) -> tuple[_Part, ...]:
    lists: dict[str, _Part] = {}
    for name, entries in words:
        lists[f"<{_plain(name)}>"] = _either([_phrase(entry, lists) for entry in entries.split(",")])
    parts = [_phrase(phrase, lists) for phrase in phrases]
    return tuple(_Part(part.pattern, tuple(sorted(part.cues, key=_telling, reverse=True))) for part in parts)


#: Compiled when first needed: most texts need few.
_compiled = lru_cache(maxsize=None)(re.compile)


def _phrase(phrase: str, lists: dict[str, _Part]) -> _Part:
    """What is looked for; of a phrase with `&`, its two sides in either order."""
    one, both, other = phrase.partition(" & ")
    orders = (f"{one} ...8 {other}", f"{other} ...8 {one}") if both else (phrase,)
    return _either([_row(_PIECE.findall(_plain(order))[::-1], lists) for order in orders])


def _row(pieces: list[str], lists: dict[str, _Part]) -> _Part:
    """What the pieces are, taken from the end of the list, up to a `|` or `)`, which stays."""
    row: list[_Part] = []
    while pieces and pieces[-1] not in {"|", ")"}:
        part = _piece(pieces.pop(), pieces, lists)
        if pieces and pieces[-1] == "?":
            pieces.pop()
            part = _Part(f"(?:{part.pattern})?")
        row.append(part)
    return _Part("".join(part.pattern for part in row), tuple(cue for part in row for cue in part.cues))


def _piece(piece: str, after: list[str], lists: dict[str, _Part]) -> _Part:
    if piece == "(":
        options = [_row(after, lists)]
        while after.pop() == "|":
            options.append(_row(after, lists))
        return _either(options)
    if piece == "/":
        return _Part(r"(?: \|)?")
    if piece == "<rest>":
        return _Part(rf"(?:(?!{lists['<self>'].pattern}) [\w']+){{0,{_REST}}}")
    if piece.startswith("..."):
        return _Part(rf"(?: [\w']+){{0,{piece[3:] or _ELLIPSIS}}}")
    return lists[piece] if piece.startswith("<") else _word(piece)


def _word(word: str) -> _Part:
    beginning = word.rstrip("*'") if "*" in word else word
    rest = r"\w*" if "*" in word else ""
    elided = f"{_ELISION}?{_BEFORE_VOWEL}" if len(beginning) >= _GLUED and beginning[0] in "aeiouyh" else ""
    return _Part(rf" {elided}{beginning}{rest}(?= )", (frozenset({beginning if rest else f"{word} "}),))


def _either(options: list[_Part]) -> _Part:
    """One of these; those that begin with the same letter stand together, so that most are passed over at once."""
    if len(options) == 1:
        return options[0]
    by_letter: dict[str, dict[str, None]] = {}
    for option in options:
        shared = found[0] if (found := _SHARED.match(option.pattern)) else ""
        by_letter.setdefault(shared, {})[option.pattern[len(shared) :]] = None
    pattern = "|".join(f"{shared}(?:{'|'.join(rest)})" for shared, rest in by_letter.items())
    telling = [max(option.cues, key=_telling) for option in options if option.cues]
    return _Part(f"(?:{pattern})", (frozenset().union(*telling),) if len(telling) == len(options) else ())


def _telling(cue: frozenset[str]) -> float:
    """The more, the rarer: long words are."""
    return sum(map(len, cue)) / len(cue)
