"""The help numbers that stand under free speech: who answers when it is urgent, since copbot does not."""

from typing import Any

from copbot.core.house import House
from copbot.core.words import Lines, Sentence, _, lines


def shortly(house: House, language: str) -> Sentence:
    """All numbers in one line, for prompts and receipts."""
    numbers = ", ".join(_how(one) for one in _numbers(house, language))
    return _("In an emergency I am not the right one. Call: {numbers}", numbers=numbers)


def fully(house: House, language: str) -> Lines:
    """Each number with what it is for, for when words tell of a danger."""
    told = (f"{_how(one)}{_COLON[language]} {one['for']}, {one['when']}" for one in _numbers(house, language))
    return lines(_("Somebody can help right now:"), *told)


_COLON = {"fr": "\u00a0:", "en": ":"}


def _how(one: dict[str, Any]) -> str:
    return f"{one['number']} ({one['by']})" if "by" in one else str(one["number"])


def _numbers(house: House, language: str) -> list[dict[str, Any]]:
    return list(house.template("help", language)["numbers"])
