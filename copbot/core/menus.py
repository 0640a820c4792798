"""The menus of commands that platforms may show beside the field for writing: made from the commands themselves."""

from datetime import UTC, datetime
from typing import get_args

from copbot.core import commands
from copbot.core.commands import Command
from copbot.core.words import LANGUAGES, Words
from copbot.vocabulary import Audience, Menu


def menus() -> list[Menu]:
    """One for each audience in each language: commands of one word, by their names in that language."""
    return [
        Menu(audience, language, tuple(_entry(one, language) for one in commands.all_commands() if _is_for(one, audience)))
        for audience in get_args(Audience)
        for language in LANGUAGES
    ]


def _is_for(command: Command, audience: str) -> bool:
    """Whether this audience can use it, and it is named by one word in both languages."""
    if any(" " in name for name in command.names):
        return False
    return audience == "facilitators" or (command.role == "member" and command.where in ("anywhere", audience))


def _entry(command: Command, language: str) -> tuple[str, str]:
    words = Words(language, "UTC", datetime(2026, 1, 1, tzinfo=UTC))
    return command.name(language).removeprefix("/"), words(command.help)
