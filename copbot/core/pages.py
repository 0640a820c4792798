"""Long things cut into messages that can be read on a phone."""

from collections.abc import Iterable, Sequence

from copbot.core.words import Text, Words, lines

#: A message has so many lines at most, and so many characters.
LINES = 8
_CHARACTERS = 1500

Paragraph = Sequence[Text]


def paged(words: Words, paragraphs: Iterable[Paragraph]) -> list[Text]:
    """Messages made of whole paragraphs with empty lines between them, as few as the size of a message allows."""
    pages: list[list[Text]] = []
    length = 0
    for paragraph in filter(None, paragraphs):
        size = len(words(lines(*paragraph)))
        if pages and len(pages[-1]) + 1 + len(paragraph) <= LINES and length + size <= _CHARACTERS:
            pages[-1] += ["", *paragraph]
            length += size
        else:
            pages.append([*paragraph])
            length = size
    return [lines(*page) for page in pages]


def listed(heading: Text, entries: Sequence[Text]) -> list[Paragraph]:
    """A list under a heading, one line each, as paragraphs that fit into a message."""
    every = [heading, *entries] if entries else []
    return [every[start : start + LINES] for start in range(0, len(every), LINES)]
