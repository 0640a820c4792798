"""The file of a recap: whatever people wrote, it stays Markdown, and their words stay words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from copbot.features import markdown
from tests.conftest import Actor, Bot
from tests.telling import Shelf


@pytest.fixture
def shelf(bot: Bot) -> Shelf:
    return Shelf(bot)


@pytest.fixture
def met(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> Bot:
    """The group met on 3 March; it is the morning of 10 March."""
    alice.writes("/meeting add 3 March 14:00, Welcoming new staff, in Nantes")
    alice.writes("/meeting add 14 April 14:00, Retention of staff, in Angers")
    bot.passes(days=8)
    return bot


# Markdown


HOSTILE = [
    "# heading",
    "1. one",
    "- list",
    "===",
    "---",
    "```code```",
    "<script>alert(1)</script>",
    "[x](http://evil)",
    "![x](y)",
    "&lt;b&gt;",
    "a | b",
    "**bold** __bold__ ~~gone~~ `code`",
    "> said",
    "    indented",
    "line\n\n# heading\n- item",
    "\\# twice \\",
    "https://example.org <a@b.c>",
    "[^1]: note",
]

_reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _plain(text: str) -> str:
    return " ".join(text.split())


def _only_words(source: str) -> list[str]:
    """The words that a Markdown reader sees; fails if it sees anything else."""
    found = []
    for token in _reader.parse(source):
        assert token.type in {"paragraph_open", "paragraph_close", "inline"}, token.type
        for child in token.children or []:
            assert child.type in {"text", "text_special"}, child.type
            found.append(child.content)
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_peoples_words_cannot_break_the_file(text: str) -> None:
    assert "".join(_only_words(markdown.escape(text))) == _plain(text)


@settings(max_examples=1000)
@given(st.text(alphabet="ab \n\t\\`*_{}[]()#+-.!|<>~&:=\"'1)$^@/;", max_size=60))
def test_whatever_is_written_is_read_back_as_it_was(text: str) -> None:
    assert "".join(_only_words(markdown.escape(text))) == _plain(text)


def test_hostile_words_leave_the_shape_of_the_file_alone(met: Bot, alice: Actor, shelf: Shelf) -> None:
    for text in HOSTILE:
        shelf.tells("bo", text, helped=text)
        shelf.shares("cy", text)
    alice.writes("/recap")
    tokens = _reader.parse(met.files["recap-2026-03-10.md"].decode())
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2", "h2", "h2", "h2"]
    assert sum(token.type == "list_item_open" for token in tokens) == 2 * len(HOSTILE) + 5
    inner = {child.type for token in tokens for child in token.children or []}
    assert inner <= {"text", "text_special", "hardbreak", "softbreak"}
