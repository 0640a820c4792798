"""A group large enough for parole libre, and what people do there, for the tests of it."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.features.parole.vault import Vault
from copbot.store import freespeech
from tests.conftest import Actor, Bot

NAMES = ("alice", "bo", "cy", "dee", "eli", "fay", "gus", "hal", "ida", "jon", "kay")


class Circle:
    """Eleven members; alice facilitates."""

    def __init__(self, bot: Bot, names: tuple[str, ...] = NAMES) -> None:
        self.bot = bot
        self.vault: Vault = bot.rehearsal.house.vault  # type: ignore[assignment]
        self.people = {name: Actor(bot, name) for name in names}
        for actor in self.people.values():
            actor.says("Hello")

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    def listens(self, *names: str) -> None:
        """These become listeners."""
        for name in names:
            self["alice"].says(f"/listener add {name}")
            self[name].writes("1")

    def confides(self, name: str, words: str, route: str = "group") -> str:
        """Somebody writes and sends; answers the code."""
        self[name].writes(f"/freespeech {words}")
        label = "Send to the group" if route == "group" else "Send to the listeners"
        self.chooses(name, label)
        found = re.search(r"Your code: (.+)", self[name].hears("Your code"))
        assert found
        return found[1]

    def chooses(self, name: str, label: str) -> None:
        """Somebody takes the choice that begins so, of those they were offered last."""
        self[name].writes(choice(self[name].hears(label), label))

    def next_tick(self) -> None:
        self.bot.passes(days=4)

    def stored(self, work: Callable[[Session], object]) -> object:
        with Session(self.vault.engine) as tx:
            return work(tx)

    def rows(self) -> dict[str, int]:
        """How many rows each table of parole libre holds."""
        with Session(self.vault.engine) as tx:
            return {
                table.__tablename__: tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in freespeech.TABLES
            }


def listened_to(bot: Bot) -> Circle:
    """The circle after the week in which the pool is held, with ida and jon who listen."""
    circle = Circle(bot)
    bot.passes(days=7)
    circle.listens("ida", "jon")
    return circle


def choice(text: str, label: str) -> str:
    """The number of the choice that begins so."""
    found = re.search(rf"(\d)\) {re.escape(label)}", text)
    assert found, f"{label!r} is not offered in {text!r}"
    return found[1]
