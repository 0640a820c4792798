"""C11: everything that can break breaks, with all it knows in the message; the log tells that it did, and nothing else."""

import asyncio
import io
import logging
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import nio
import sqlalchemy as sa
import structlog
import telegram.error

from copbot import logs
from copbot.adapters.console import GROUP, Console
from copbot.app import App, _tell, clock
from copbot.core.house import House
from copbot.core.sealing import Keyring
from copbot.features.parole.vault import Vault
from copbot.rehearsal import demo
from copbot.store import schema
from copbot.store.apart import open_apart
from copbot.store.base import open_database
from copbot.vocabulary import Batch, Chose, Edited, Incoming, Joined, Outgoing, Person, Place, Said
from tests.proof.channel import CHEAP
from tests.proof.rules import PLENTY, config

WORD, NAME, ID = "Flummoxatron", "Quizzaciously", "jumbuckthorn77"
TOKEN, CODE = "7312:AAtoken-of-a-bot", "ravioli-cravate-muguet-lanterne-sifflet"

#: What must never be in a log.
SECRETS = (WORD, NAME, ID, TOKEN, CODE, WORD[3:], ID[3:], WORD.lower(), "INSERT", "SELECT", "ravioli", "muguet")

AUTHOR = Person("console", ID, NAME)
PRIVATE = Place("console", ID, "private")

LINES = [
    f"/parole {WORD}",
    f"/parole {WORD} {NAME}",
    "/parole",
    f"{WORD} est mon mot",
    "1",
    "2",
    "3",
    f"/relire {CODE}",
    f"/retirer {CODE}",
    f"/listener add {NAME}",
    "/listener read",
    "/parole pause",
    "/mesdonnees",
]


class Breaks:
    """Makes the statement that comes next but so many fail in a database."""

    def __init__(self, database: sa.Engine, chance: random.Random) -> None:
        self.left, self.raised = -1, 0
        self._chance = chance
        sa.event.listen(database, "before_cursor_execute", self._before)

    def _before(self, _c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        self.left -= 1
        if self.left == 0:
            self.raised += 1
            kind = self._chance.choice([RuntimeError, KeyError, ValueError, sqlite3.OperationalError, sqlite3.IntegrityError])
            raise kind(f"{WORD} {NAME} {ID} {CODE} {statement} {parameters}")


class Platform(Console):
    """A platform whose library breaks now and then, and logs what it likes."""

    asked = raised = 0

    async def send(self, outgoing: Outgoing) -> str:
        """Break, as one library or the other does."""
        self.asked += 1
        match self.asked % 12:
            case 1:
                self.raised += 1
                logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/sendMessage %s", TOKEN, outgoing)
                raise telegram.error.BadRequest(f"{TOKEN} {outgoing}")
            case 5:
                self.raised += 1
                logging.getLogger("nio.rooms").warning("Error validating event: %s", outgoing)
                raise nio.LocalProtocolError(f"{TOKEN} {outgoing}")
            case 9:
                self.raised += 1
                raise OSError(f"could not send {outgoing} with {TOKEN}")
        return await super().send(outgoing)


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """All that is logged, at its most talkative, as copbot sets its log up."""
    written = io.StringIO()
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    with mock.patch("sys.stderr", written):
        logs.set_up(verbose=True)
        root.setLevel(logging.DEBUG)
        try:
            yield written
        finally:
            structlog.configure(**before)
            logging.captureWarnings(capture=False)
            root.handlers[:] = handlers
            root.setLevel(level)


def _events(chance: random.Random) -> Iterator[Incoming]:
    number = 0
    while True:
        number += 1
        place = chance.choice([GROUP, PRIVATE, PRIVATE, PRIVATE])
        text = chance.choice(LINES)
        yield Joined(f"j{number}", GROUP, AUTHOR)
        yield Said(f"e{number}", place, AUTHOR, f"m{number}", text)
        yield chance.choice(
            [
                Said(f"f{number}", PRIVATE, AUTHOR, f"n{number}", chance.choice(LINES), forwarded=True),
                Chose(f"c{number}", PRIVATE, AUTHOR, f"fs.{WORD}.group"),
                Edited(f"x{number}", PRIVATE, AUTHOR, f"m{number}", f"/parole {WORD}"),
            ]
        )


async def _taken(app: App, platform: Platform, event: Incoming) -> None:
    """As copbot listens: what breaks off altogether is told, and the event taken anew."""
    while True:
        try:
            return await app.take("console", Batch([event], ""))
        except Exception as problem:
            _tell("listening failed", platform, problem, 0.0)


def hits(failures: int, *, leaking: bool = False, seed: int = 5) -> tuple[int, list[str]]:
    """So many exceptions, and what of the secrets is in the log. `leaking` logs a text where it is allowed: a planted leak."""
    chance = random.Random(seed)
    main, apart = open_database("sqlite://"), open_apart("sqlite://")
    schema.upgrade(main)
    vault = Vault(apart, Keyring.fresh(), cost=CHEAP)
    house = House(chance=random.Random(1), ask_consent=False, config=config(PLENTY), vault=vault)
    platform = Platform(lambda _line: None)
    platform.facilitators.add(ID)

    async def play() -> int:
        async with App(main, house, [platform]) as app:
            await app.engine.do(lambda tx: demo(tx, clock(), "fr", "Europe/Paris", house=house))
            faults = [Breaks(main, chance), Breaks(apart, chance)]
            for event in _events(chance):
                chance.choice(faults).left = chance.randrange(1, 20)
                await _taken(app, platform, event)
                raised = sum(fault.raised for fault in faults) + platform.raised
                if raised >= failures:
                    return raised
        raise AssertionError

    with logged() as written:
        raised = asyncio.run(play())
        if leaking:
            structlog.get_logger().error("handler failed", error="ValueError", code=WORD)
    main.dispose()
    apart.dispose()
    return raised, [secret for secret in SECRETS if secret in written.getvalue()]
