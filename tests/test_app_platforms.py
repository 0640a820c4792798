"""Platforms are opened, watched and closed; what is for one that is not there yet waits for it."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from copbot import app
from copbot.adapters.console import PLATFORM
from copbot.app import App
from copbot.core.house import House
from copbot.core.menus import menus
from copbot.store import outbox
from copbot.store.outbox import Letter
from copbot.vocabulary import Adapter, Batch, Menu, Outgoing, Person, Place, Refused, Said
from tests.conftest import START
from tests.test_app import logged

__all__ = ["logged"]


class Distant(Adapter):
    """A platform that can be reached only after so many tries, and then says nothing."""

    platform = PLATFORM

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.events: list[str] = []
        self.menus: Sequence[Menu] = ()
        self.silence = 0.0

    async def open(self, menus: Sequence[Menu]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Refused("revoked")
        self.menus = menus
        self.door = "https://example.org/{token}"
        self.events.append("opened")

    async def close(self) -> None:
        self.events.append("closed")

    async def receive(self, cursor: str) -> AsyncIterator[Batch]:
        await asyncio.Event().wait()
        yield Batch([], "")

    async def send(self, outgoing: Outgoing) -> str:
        self.events.append("sent")
        return "m"

    async def typing(self, place: Place) -> None:
        self.events.append(f"typing to {place.room}")

    def silent_for(self) -> float:
        return self.silence


def letter() -> Letter:
    return Letter(platform=PLATFORM, room="p", private=True, text="hello", choices=[], created_at=START)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute is a moment."""
    for patience in ("_LONGEST_PATIENCE", "_SILENCE", "_NOTICEABLE"):
        monkeypatch.setattr(app, patience, 0.01)


async def until(true: Any) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is awaited is a log line
            await asyncio.sleep(0.01)


def test_messages_wait_for_a_platform_that_cannot_be_opened_yet(database: sa.Engine, logged: io.StringIO, hasty: None) -> None:
    platform = Distant(refusals=3)

    async def work() -> None:
        async with App(database, House(), [platform]) as running:
            await running.engine.do(lambda tx: outbox.put(tx, letter()) and None)
            await running.delivery.idle()

    asyncio.run(work())
    assert platform.events == ["opened", "sent", "closed"]
    assert [line.count("reason=revoked") for line in logged.getvalue().splitlines() if "opening failed" in line] == [1, 1, 1]


def test_a_platform_that_falls_silent_is_told_of(database: sa.Engine, logged: io.StringIO, hasty: None) -> None:
    platform = Distant()

    async def work() -> None:
        async with App(database, House(), [platform]):
            await until(lambda: platform.events)
            assert "platform silent" not in logged.getvalue()
            platform.silence = 61.0
            await until(lambda: "platform silent" in logged.getvalue())

    asyncio.run(work())
    assert "seconds=61" in logged.getvalue()


def test_who_has_to_wait_is_shown_that_copbot_is_at_work(database: sa.Engine, hasty: None) -> None:
    platform = Distant()

    async def work() -> None:
        async with App(database, House(), [platform]) as running:
            held = asyncio.Event()
            running._keep = lambda *_all: held.wait()  # type: ignore[assignment]
            bo = Person(PLATFORM, "bo", "bo")
            places = (Place(PLATFORM, "bo", "private"), Place(PLATFORM, "everybody", "group"))
            taken = asyncio.create_task(running.take(PLATFORM, Batch([Said("e", one, bo, "m", "x") for one in places], "1")))
            await until(lambda: "typing to bo" in platform.events)
            held.set()
            await taken

    asyncio.run(work())
    assert "typing to everybody" not in platform.events, "most of what a group says is not said to copbot"


def test_menus_are_made_for_everybody_in_both_languages() -> None:
    made = {(menu.audience, menu.language): dict(menu.entries) for menu in menus()}
    assert "checkin" in made["group", "en"]
    assert "bilan" in made["private", "fr"]
    assert "setup" in made["facilitators", "en"]
    assert "setup" not in made["group", "en"]
