"""The table of commands, as the READMEs show it: made from the commands themselves."""

from datetime import UTC, datetime

from copbot.core import commands
from copbot.core.words import Words

_HEADS = {
    "en": ("Command", "In French", "Who", "What it does"),
    "fr": ("Commande", "En anglais", "Qui", "À quoi elle sert"),
}
_WHO = {"en": {"member": "all", "facilitator": "facilitators"}, "fr": {"member": "tout le monde", "facilitator": "animation"}}


def markdown(language: str) -> str:
    """A Markdown table, one row a command, sorted by its name in this language."""
    words = Words(language, "UTC", datetime(2026, 1, 1, tzinfo=UTC))
    other = "en" if language == "fr" else "fr"
    rows = sorted(
        (f"`{one.name(language)}`", f"`{one.name(other)}`", _WHO[language][one.role], words(one.help))
        for one in commands.all_commands()
    )
    return "\n".join(f"| {' | '.join(row)} |" for row in (_HEADS[language], ("---",) * 4, *rows))
