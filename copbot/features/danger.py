"""Words that may tell of a danger, by weights learned from sentences: `make danger` writes them to danger.tsv.

The rule in config/crisis.yaml knows phrases alone: of what people write it finds little more than half. In what is confided a
hint is enough, at the price of showing the help numbers where they are not needed more often. Where the weights doubt, the
rule decides.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path

from copbot.core.house import House
from copbot.features.crisis import is_crisis
from copbot.letters import fold

WEIGHTS = Path(__file__).with_name("danger.tsv")

#: The one weight that every passage has.
ALWAYS = "*"

_WORDS = re.compile(r"[^\W_]+|\.")
_TWICE = re.compile(r"(.)\1+")
_ENDS = re.compile(r"[.!?;\n]+")

#: How many words are judged together at most. A longer sentence is read in parts, each with half of the one before: many
#: write without a full stop.
_LONG = 40

#: By how much a sentence must tell more of a danger by itself than together with those around it.
_ALONE = 20

#: At this score and below, the weights are sure enough that there is no danger not to ask the rule.
_SURE = -50

#: So many letters of a word stand for it in a row of words: `apela` for `appelait` and `appelant`.
_STEM = 5

#: How many letters the pieces of words have, the gap before and after a word being one of them.
_PIECES = range(2, 6)


def may_be_danger(text: str, house: House) -> bool:
    """Tell whether the words may tell of a danger, in French or in English, anywhere in the text."""
    told = strongest(text, _weights())
    return told > 0 or (told > _SURE and is_crisis(text, house))


def strongest(text: str, weights: dict[str, int]) -> float:
    """The score of what tells most of a danger: one sentence must not drown in a long message."""
    sentences = list(_sentences(words(text)))
    together = [score(*signs(passage), weights) for passage in _passages(sentences)]
    alone = [score(*signs(sentence), weights) - _ALONE for sentence in sentences]
    return max([*together, *alone], default=weights[ALWAYS])


def _passages(sentences: list[list[str]]) -> Iterator[list[str]]:
    """From each sentence on, as many as are judged together; a short message is one passage."""
    for first in range(len(sentences)):
        passage = list(sentences[first])
        for sentence in sentences[first + 1 :]:
            if len(passage) + len(sentence) > _LONG:
                break
            passage += sentence
        else:
            yield passage
            return
        yield passage


def words(text: str) -> list[str]:
    """The words, and a stop where a sentence ends, folded; no letter twice in a row, no apostrophe: many write without."""
    plain = _ENDS.sub(" . ", fold(text)).replace("œ", "oe").replace("'", " ")
    return _WORDS.findall(_TWICE.sub(r"\1", plain))


def _sentences(words: list[str]) -> Iterator[list[str]]:
    for stop, sentence in groupby(words, key=lambda word: word == "."):
        if not stop:
            yield from _parts(list(sentence))


def _parts(sentence: list[str]) -> Iterator[list[str]]:
    yield sentence[:_LONG]
    for start in range(_LONG // 2, len(sentence) - _LONG // 2, _LONG // 2):
        yield sentence[start : start + _LONG]


def signs(words: list[str]) -> tuple[set[str], set[str]]:
    """What is weighed in a passage: up to three words in a row, by their beginnings; pieces of words."""
    words = [word for word in words if word != "."]
    stems = [word[:_STEM] for word in words]
    rows = {f"={one}" for one in stems}
    rows.update(f"={one} {two}" for one, two in pairwise(stems))
    rows.update(f"={one} {two} {three}" for one, two, three in zip(stems, stems[1:], stems[2:], strict=False))
    return rows, set(_pieces(words))


def _pieces(words: Iterable[str]) -> Iterator[str]:
    for word in set(words):
        whole = f"_{word}_"
        for size in _PIECES:
            if size > len(whole):
                break
            for start in range(len(whole) - size + 1):
                yield whole[start : start + size]


def score(rows: set[str], pieces: set[str], weights: dict[str, int]) -> float:
    """Above nought where the passage tells of a danger: the sums of what was learned, as if all were of the same length."""
    total = float(weights[ALWAYS])
    for found in (rows, pieces):
        total += sum(weights[sign] for sign in found if sign in weights) / len(found) ** 0.5 if found else 0.0
    return total


@lru_cache
def _weights() -> dict[str, int]:
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    return {sign: int(weight) for sign, _tab, weight in (line.partition("\t") for line in lines if not line.startswith("#"))}
