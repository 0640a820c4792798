"""Parole libre in the running copbot: the code costs what it costs, beside the database, and a failure there stops nobody."""

import asyncio
import time
from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa

from copbot.adapters.console import PLATFORM, Console
from copbot.app import App, clock
from copbot.core.house import House
from copbot.core.sealing import Cost, Keyring
from copbot.features.parole.vault import Vault
from copbot.rehearsal import demo
from copbot.vocabulary import Batch
from tests.parole import NAMES


@pytest.fixture
def vault() -> Iterator[Vault]:
    vault = Vault("sqlite://", Keyring.fresh(), cost=Cost(memory=8192, passes=1))
    yield vault
    vault.engine.dispose()


def play(database: sa.Engine, vault: Vault, lines: list[str]) -> list[str]:
    """What is said, line by line, to a running copbot; answers all that was printed."""
    printed: list[str] = []

    async def talk() -> None:
        console = Console(printed.append)
        async with App(database, House(ask_consent=False, demo=True, vault=vault), [console]) as app:
            await app.engine.do(partial(demo, now=clock(), language="en", zone="Europe/Paris"))
            for line in [f"{name}: Hello" for name in NAMES] + lines:
                await app.take(PLATFORM, Batch(list(console.read(line)), console.cursor))  # type: ignore[misc]
                await app.delivery.idle()

    asyncio.run(talk())
    return printed


def test_from_the_words_to_the_receipt(database: sa.Engine, vault: Vault) -> None:
    printed = play(database, vault, ["cy@bot: /freespeech Nobody helps me at night", "cy@bot: 1"])
    assert any("Your code: " in line for line in printed)


def test_a_wrong_code_takes_its_time(database: sa.Engine, vault: Vault) -> None:
    began = time.monotonic()
    printed = play(database, vault, ["cy@bot: /reread one two three four five"] * 2)
    assert sum("I find nothing under" in line for line in printed) == 2
    assert time.monotonic() - began >= 0.5


def test_where_the_code_cannot_be_made_nothing_is_kept_and_copbot_goes_on(database: sa.Engine, vault: Vault) -> None:
    vault.cost = Cost(memory=1, passes=1)  # libsodium refuses this
    printed = play(database, vault, ["cy@bot: /freespeech Nobody helps me", "cy@bot: 1", "bo: /help"])
    assert any("Something went wrong on my side" in line for line in printed)
    assert "/help" in printed[-1] or any("/help all" in line for line in printed)
    assert not any("Your code: " in line for line in printed)
