"""Extracts: the few words of a practice that show why it was found, with what was asked for in « »."""

from collections.abc import Sequence

from copbot.store import tokens

#: Characters of an extract, more or less, and how many of them come before the first word that was asked for.
_LENGTH = 110
_BEFORE = 35

_NBSP = "\u00a0"


def extract(parts: Sequence[str], terms: frozenset[str], language: str) -> str:
    """The stretch of these parts with the most of the terms, the words themselves in « »; the beginning where none has any."""
    told = [" ".join(text.split()) for text in parts]
    hits = [_hits(text, terms, language) for text in told]
    best = max(range(len(told)), key=lambda at: len({word for *_span, word in hits[at]}), default=None)
    if best is None:
        return ""
    text, spans = told[best], [(start, end) for start, end, _word in hits[best]]
    start, end = _window(text, spans)
    inside = [span for span in spans if span[0] >= start and span[1] <= end]
    marked = _marked(text, start, end, _joined(text, inside))
    return ("… " if start else "") + marked + (" …" if end < len(text) else "")


def _hits(text: str, terms: frozenset[str], language: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Where words of these terms stand; the words as their terms."""
    found = []
    for start, end, word in tokens.words(text, language):
        if not terms.isdisjoint(these := tokens.terms(word, language)):
            found.append((start, end, these))
    return found


def _window(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Where the extract begins and ends: at word boundaries, around as many of the spans as fit."""
    if not spans:
        return 0, _boundary(text, _LENGTH)
    first = max(spans, key=lambda span: sum(span[0] <= other[0] < span[0] + _LENGTH - _BEFORE for other in spans))[0]
    start = 0 if first <= _BEFORE else text.rfind(" ", 0, first - _BEFORE) + 1
    return start, _boundary(text, max(start + _LENGTH, first + 1))


def _boundary(text: str, at: int) -> int:
    """The end of the word around `at`, or of the text."""
    if at >= len(text):
        return len(text)
    end = text.find(" ", at)
    return end if 0 <= end < at + _LENGTH else min(len(text), at + _LENGTH)


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, those with nothing but a space or a hyphen between them as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and text[joined[-1][1] : start] in (" ", "-"):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _marked(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> str:
    written, at = "", start
    for first, last in spans:
        written += text[at:first] + "«" + _NBSP + text[first:last] + _NBSP + "»"
        at = last
    return written + text[at:end]
