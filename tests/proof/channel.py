"""The place in confidence as scenarios use it: until copbot has its own, the smallest that keeps the promise."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from nacl.public import PrivateKey, SealedBox

from copbot.core.house import House
from copbot.rehearsal import Rehearsal
from copbot.store.base import open_database
from copbot.vocabulary import Outgoing, Person, Place
from tests.proof.observing import raw
from tests.proof.scenarios import Step

if TYPE_CHECKING:
    from tests.proof.world import World


class Channel:
    """Texts, sealed and padded, wait for two others and the hour, then go to the group in any order."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.database = open_database("sqlite://")
        self.key = PrivateKey.generate()
        raw(self.database).execute("CREATE TABLE pool (sealed BLOB)")

    def rehearse(self, house: House, now: datetime) -> Rehearsal:
        return Ticking(self, house, now)

    def databases(self) -> Iterator[sa.Engine]:
        yield self.database

    def close(self) -> None:
        self.database.dispose()

    def take(self, who: str, step: Step) -> None:
        """What is said to a channel that takes texts and nothing else."""
        if not step.what.startswith("posts") and not step.what.endswith("posts"):
            return
        padded = step.text.encode().ljust(1024, b"\0")
        raw(self.database).execute("INSERT INTO pool VALUES (?)", (SealedBox(self.key.public_key).encrypt(padded),))
        self.world.hears(Outgoing(0, Person("console", who, who), f"Reçu. {secrets.token_hex(4)}"))

    def tick(self) -> None:
        rows = raw(self.database).execute("SELECT sealed FROM pool").fetchall()
        if len(rows) < 3:
            return
        texts = [SealedBox(self.key).decrypt(row[0]).rstrip(b"\0").decode() for row in rows]
        self.world.chance.shuffle(texts)
        for text in texts:
            self.world.hears(Outgoing(0, Place("console", "group", "group"), text))
        raw(self.database).execute("DELETE FROM pool")
        raw(self.database).execute("VACUUM")


class Ticking(Rehearsal):
    """Time, with an hour of release every day."""

    def __init__(self, channel: Channel, house: House, now: datetime) -> None:
        super().__init__(channel.world.main, house, channel.world.console, now)
        self._channel = channel

    def passes(self, span: timedelta) -> None:
        end = self.now + span
        while (noon := self.now.replace(hour=17, minute=0) + timedelta(days=self.now.hour >= 17)) <= end:
            super().passes(noon - self.now)
            self._channel.tick()
        super().passes(end - self.now)
