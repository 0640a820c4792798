"""The menus of commands that platforms may show beside the field for writing: made from the commands themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import get_args

from copbot.core import commands
from copbot.core.commands import Command
from copbot.core.words import LANGUAGES, Words
from copbot.vocabulary import Audience, Menu

#: What each audience is shown, the most used first: English names of one word. More would be a wall; /help all has the rest.
_SHOWN: Mapping[Audience, str] = {
    "private": "checkin freespeech share find practices meetings remind reminders pause me privacy consent forget help",
    "group": "share find practices meetings programme remind checkin members charter privacy help",
    "facilitators": "checkin recap nudge meetings share find practices remind members setup topic privacy help",
}


def menus() -> list[Menu]:
    """One for each audience in each language: the commands of most use, by their names in that language."""
    return [
        Menu(audience, language, tuple(_entry(one, language) for one in _shown(audience)))
        for audience in get_args(Audience)
        for language in LANGUAGES
    ]


def _shown(audience: Audience) -> list[Command]:
    """Those of the list that there are, and that this audience can use."""
    known = {one.names[0]: one for one in commands.all_commands()}
    found = [known[name] for name in _SHOWN[audience].split() if name in known]
    return [one for one in found if audience == "facilitators" or _is_for(one, audience)]


def _is_for(command: Command, audience: Audience) -> bool:
    return command.role == "member" and command.where in ("anywhere", audience)


def _entry(command: Command, language: str) -> tuple[str, str]:
    words = Words(language, "UTC", datetime(2026, 1, 1, tzinfo=UTC))
    return command.name(language).removeprefix("/"), words(command.help)
