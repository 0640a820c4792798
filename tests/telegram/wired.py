"""Tests on the wire: they are coroutines with a server of their own, and end within half a minute."""

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import sqlalchemy as sa

from copbot.adapters.telegram import Telegram
from copbot.app import App
from copbot.core.house import House
from copbot.core.menus import menus
from copbot.vocabulary import Batch, Incoming
from tests.telegram import TOKEN
from tests.telegram.server import Server

#: Seconds after which a test has hung.
_PATIENCE = 30


def wired(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run the coroutine with a fresh `server`; everything else it asks for are fixtures."""

    async def play(fixtures: dict[str, Any]) -> None:
        async with asyncio.timeout(_PATIENCE), Server() as server:
            await test(server=server, **fixtures)

    @functools.wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(play(fixtures))

    signature = inspect.signature(test)
    others = [one for name, one in signature.parameters.items() if name != "server"]
    run.__signature__ = signature.replace(parameters=others, return_annotation=None)  # type: ignore[attr-defined]
    return run


@asynccontextmanager
async def connected(server: Server, **more: Any) -> AsyncIterator[Telegram]:
    """The adapter alone, open."""
    adapter = adapter_of(server, **more)
    await adapter.open(menus())
    try:
        yield adapter
    finally:
        await adapter.close()


@asynccontextmanager
async def at_work(server: Server, database: sa.Engine, adapter: Telegram | None = None, **house: Any) -> AsyncIterator[App]:
    """A whole copbot on the server, which listens already."""
    house = {"ask_consent": False, "open_to_all": True, "language": "en", **house}
    async with App(database, House(**house), [adapter or adapter_of(server)]) as app:
        await server.drained()
        yield app


def adapter_of(server: Server, **more: Any) -> Telegram:
    """The adapter, with the server for Telegram."""
    return Telegram(TOKEN, base_url=server.base_url, base_file_url=server.base_file_url, **more)


def rows(database: sa.Engine, query: str) -> list[tuple[Any, ...]]:
    """What the database holds."""
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


class Listener:
    """Takes what the adapter yields, as the house would: what was taken is kept when the next is asked for."""

    def __init__(self, server: Server, adapter: Telegram, cursor: str = "") -> None:
        self.cursor = cursor
        self._server = server
        self._feed = adapter.receive(cursor)
        self._next: asyncio.Task[Batch] | None = None

    async def __aenter__(self) -> Self:
        """From here on the server has been asked what happens."""
        await self.hears()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self._next:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
        await self._feed.aclose()  # type: ignore[attr-defined]

    async def hears(self) -> list[Incoming]:
        """All there is, until the server has nothing more to tell."""
        events: list[Incoming] = []
        while True:
            self._next = self._next or asyncio.ensure_future(anext(self._feed))
            drained = asyncio.ensure_future(self._server.drained(60))
            await asyncio.wait([self._next, drained], return_when=asyncio.FIRST_COMPLETED)
            drained.cancel()
            if not self._next.done():
                return events
            batch, self._next = self._next.result(), None
            events += batch.events
            self.cursor = batch.cursor
