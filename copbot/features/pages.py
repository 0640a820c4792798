"""Long things cut into messages that can be read on a phone."""

from collections.abc import Iterable, Iterator, Sequence

from copbot.core.words import Text, Words, lines

#: A message has so many lines at most, and so many characters.
LINES = 8
_CHARACTERS = 1500

#: More messages than this in a row would be a flood: then they are longer, within what every platform takes.
_FLOOD = 5
_LONGEST = 3500

Paragraph = Sequence[Text]


def paged(words: Words, paragraphs: Iterable[Paragraph]) -> list[Text]:
    """Messages made of whole paragraphs with empty lines between them, as few as the size of a message allows."""
    fitting = [part for paragraph in paragraphs for part in _fitting(words, paragraph)]
    pages = _packed(words, fitting, LINES, _CHARACTERS)
    if len(pages) > _FLOOD:
        pages = _packed(words, fitting, _LONGEST, _LONGEST)
    return [lines(*page) for page in pages]


def listed(heading: Text, entries: Sequence[Text]) -> list[Paragraph]:
    """A list under a heading, one line each, as paragraphs that fit into a message."""
    every = [heading, *entries] if entries else []
    return [every[start : start + LINES] for start in range(0, len(every), LINES)]


def _fitting(words: Words, paragraph: Paragraph) -> Iterator[Paragraph]:
    """The paragraph, cut between lines where it is too long for a message."""
    start = 0
    for end in range(1, len(paragraph) + 1):
        if end == len(paragraph) or _size(words, paragraph[start : end + 1]) > _CHARACTERS:
            yield paragraph[start:end]
            start = end


def _packed(words: Words, paragraphs: Iterable[Paragraph], most_lines: int, most_characters: int) -> list[list[Text]]:
    pages: list[list[Text]] = []
    for paragraph in paragraphs:
        longer = [*pages[-1], "", *paragraph] if pages else []
        if longer and len(longer) <= most_lines and _size(words, longer) <= most_characters:
            pages[-1] = longer
        else:
            pages.append([*paragraph])
    return pages


def _size(words: Words, paragraph: Paragraph) -> int:
    return len(words(lines(*paragraph)))
