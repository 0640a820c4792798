"""The words of a practice as members give them: how long they may be, and what becomes of them."""

import re

from copbot.core.errors import Refusal
from copbot.core.words import _

#: Characters of each part at most; of a message that somebody quotes, and of words said under a practice.
LONGEST = {"title": 100, "message": 4000, "words": 500}
_LONGEST = 1500

#: A title on the line of what was done has so many characters.
_TITLE = range(3, 101)


def fitting(part: str, text: str) -> str:
    """The words as they are kept. Raises Refusal where they are too many."""
    text = " ".join(text.split()) if part == "title" else text.strip()
    most = LONGEST.get(part, _LONGEST)
    if len(text) > most:
        raise Refusal(_("That is a little long: {most} characters at most. Could you say it in fewer words?", most=most))
    return text


def split(words: str) -> tuple[str, str] | None:
    """Title and text of "Title: text"; None where it is not written so."""
    title, _colon, text = words.partition(":")
    title = title.rstrip()
    fits = len(title) in _TITLE and "\n" not in title and text[:1].isspace() and text.strip()
    return (title, text.lstrip()) if fits else None


def tags_in(text: str) -> list[str]:
    """The words to file it under: those with # where there are any, else those between commas."""
    marked = re.findall(r"#([\w-]+)", text)
    return [tag[:30] for tag in marked or (part.strip() for part in re.split(r"[,;\n]", text)) if tag][:8]


def shortened(text: str, most: int) -> str:
    """The text on one line, cut at the end of a word where it is longer than this."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0].rstrip(",;:. ") + " …"


def title_from(text: str) -> str:
    """A title for what has none: the beginning of its first sentence."""
    first = text.strip().splitlines()[0] if text.strip() else ""
    for end in (". ", " : ", " ; ", ", "):
        if 15 <= (at := first.find(end)) <= 70:
            return first[:at]
    return shortened(first, 60).rstrip(".")
