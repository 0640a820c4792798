"""C12: the answer to a code takes as long whether it opens something, nothing, or what was taken back or muted."""

import asyncio
import itertools
import random
import statistics
import time

from copbot.adapters.console import GROUP, Console
from copbot.app import App, clock
from copbot.core import codes, sealing
from copbot.core.house import House
from copbot.core.sealing import Cost, Keyring
from copbot.features.parole.vault import Vault
from copbot.rehearsal import demo
from copbot.store import schema
from copbot.store.apart import open_apart
from copbot.store.base import open_database
from copbot.vocabulary import Batch, Chose, Incoming, Joined, Outgoing, Person, Place, Said
from tests.proof.channel import code_in
from tests.proof.observing import raw
from tests.proof.rules import PLENTY, config

KINDS = ("opens", "opens nothing", "taken back", "not heard any more")


class Reader(Console):
    """Reads codes and buttons in what copbot says."""

    def __init__(self) -> None:
        super().__init__(lambda _line: None)
        self.codes: list[str] = []
        self.token = ""
        self.texts: list[str] = []

    async def send(self, outgoing: Outgoing) -> str:
        """Read it."""
        self.texts.append(outgoing.text)
        self.codes += filter(None, [code_in(outgoing.text)])
        self.token = next((choice.token for choice in outgoing.choices if choice.token.endswith(".group")), self.token)
        return await super().send(outgoing)


class Stopwatch:
    """One copbot by the real clock, and somebody who has codes of each kind."""

    def __init__(self, cost: Cost) -> None:
        self.main, self.apart = open_database("sqlite://"), open_apart("sqlite://")
        schema.upgrade(self.main)
        self.vault = Vault(self.apart, Keyring.fresh(), cost=cost)
        self.house = House(chance=random.Random(1), ask_consent=False, config=config(PLENTY), vault=self.vault)
        self.reader = Reader()
        self._numbers = itertools.count(1)

    async def medians(self, times: int) -> dict[str, float]:
        """Seconds each kind of code takes, in the middle of so many; kinds take turns."""
        taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
        async with App(self.main, self.house, [self.reader]) as app:
            self.app = app
            await app.engine.do(lambda tx: demo(tx, clock(), "fr", "Europe/Paris", house=self.house))
            for number in range(10):
                await self._happens(Joined(f"j{number}", GROUP, _person(number)))
            known = await self._codes()
            for _time, kind in itertools.product(range(times), KINDS):
                began = time.monotonic()
                await self._writes(f"/relire {known[kind]}")
                taken[kind].append(time.monotonic() - began)
                await app.delivery.idle()
        return {kind: statistics.median(seconds) for kind, seconds in taken.items()}

    async def _codes(self) -> dict[str, str]:
        for _text in range(3):
            await self._writes("/parole des mots")
            await self.app.delivery.idle()
            await self._happens(Chose(f"c{next(self._numbers)}", _private(1), _person(1), self.reader.token))
            await self.app.delivery.idle()
        opens, back, muted = self.reader.codes
        await self._writes(f"/retirer {back}")
        found = sealing.derive(muted, self.vault.keys.salt, self.vault.cost).thread
        mute = "UPDATE parole_threads SET muted = 1 WHERE id = ?"
        await self.app.engine.do(lambda _tx: raw(self.apart).execute(mute, (found,)))
        nothing = codes.make("fr", random.Random(7).randrange)
        return dict(zip(KINDS, (opens, nothing, back, muted), strict=True))

    async def _writes(self, text: str) -> None:
        number = next(self._numbers)
        await self._happens(Said(f"e{number}", _private(1), _person(1), f"m{number}", text))

    async def _happens(self, event: Incoming) -> None:
        await self.app.take("console", Batch([event], ""))


def _person(number: int) -> Person:
    return Person("console", f"p{number}", f"P{number}")


def _private(number: int) -> Place:
    return Place("console", f"p{number}", "private")


def medians(times: int) -> dict[str, float]:
    """With what a code costs in earnest."""
    return asyncio.run(Stopwatch(Cost()).medians(times))
