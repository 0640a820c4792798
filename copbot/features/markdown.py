"""Markdown made of people's words, in which these stay words."""

import re
from collections.abc import Iterable, Sequence

#: What means something anywhere in a line: emphasis, code, links, tags, entities, tables, formulas.
_ANYWHERE = re.compile(r"([\\`*_{}\[\]<>#|~&$^@:=!])")

#: What means something at the beginning of a line only: lists, quotations, underlined headings.
_FIRST = re.compile(r"^([+\-]|\d+(?=[.)]))")


def escape(text: str) -> str:
    """The words on one line, read by every Markdown reader as just these words."""
    line = _ANYWHERE.sub(r"\\\1", " ".join(text.split()))
    return _FIRST.sub(_hold, line)


def _hold(match: re.Match[str]) -> str:
    begun = match.group(1)
    return f"\\{begun}" if not begun.isdigit() else f"{begun}\\"


def document(title: str, opening: Iterable[str], sections: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> str:
    """A document of paragraphs, then sections of items; an item is lines under one another. All of it is Markdown already."""
    blocks = [f"# {title}", *opening]
    for heading, items in sections:
        blocks.append(f"## {heading}")
        blocks.append("\n".join("- " + "  \n  ".join(item) for item in items))
    return "\n\n".join(blocks) + "\n"
