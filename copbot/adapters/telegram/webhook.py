"""Being told by Telegram what happened: it posts each update to an address of ours, until we say that it is kept.

There is no offset: the mark of what was handled is the only memory, and decides alone what is new. An album comes as several
messages here: Telegram holds its second part back until the first is answered for, so that they cannot be waited for.
"""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram.error import InvalidToken, TelegramError

from copbot.adapters.telegram.incoming import PLATFORM, Raw, is_history, safely, to_incoming
from copbot.adapters.telegram.listening import Ears
from copbot.adapters.telegram.marks import Mark
from copbot.adapters.telegram.request import Api
from copbot.vocabulary import Batch, Incoming, Refused

log = structlog.get_logger()

#: An update has so many bytes at most.
_MOST_BYTES = 1_000_000

#: So many updates come at the same time at most.
CONNECTIONS = 16

#: Seconds between two looks whether Telegram still knows our address.
_LOOK = 25.0

_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105

Arrived = tuple[Raw, "asyncio.Future[bool]"]


@dataclass(frozen=True)
class Webhook:
    """The address that Telegram posts to, and where this process listens for it: host:port, behind what ends TLS."""

    url: str
    listen: str = "127.0.0.1:8080"


class Doorway:
    """Listens for updates. Only who knows the secret is let in."""

    def __init__(self, webhook: Webhook, secret: str) -> None:
        self.url = webhook.url
        self._listen = webhook.listen
        self._secret = secret.encode()
        self._arrived: asyncio.Queue[Arrived] = asyncio.Queue()
        self._runner: web.AppRunner | None = None

    async def open(self) -> None:
        """Begin to listen. Raises OSError where something else does."""
        if self._runner:
            return
        app = web.Application(client_max_size=_MOST_BYTES)
        app.router.add_post(urlsplit(self.url).path or "/", self._post)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        host, _colon, port = self._listen.rpartition(":")
        try:
            await web.TCPSite(runner, host.strip("[]") or None, int(port)).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner

    async def close(self) -> None:
        """Listen no more."""
        if self._runner:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        """Take an update in; say that it is well once it is kept. Anything else has Telegram bring it again."""
        if not hmac.compare_digest(request.headers.get(_SECRET, "").encode(), self._secret):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._arrived.put_nowait((update, kept))
        return web.Response(status=200 if await kept else 503)

    async def waiting(self) -> list[Arrived]:
        """All that has arrived, once something has."""
        arrived = [await self._arrived.get()]
        while not self._arrived.empty():
            arrived.append(self._arrived.get_nowait())
        return arrived


class Hook:
    """One listener for what happens, as a Poll is."""

    def __init__(self, api: Api, ears: Ears, door: Doorway) -> None:
        self._api = api
        self._ears = ears
        self._door = door

    async def batches(self, cursor: str) -> AsyncIterator[Batch]:
        """What happened, for ever. Raises Refused."""
        mark = Mark.read(cursor)
        start = 0 if cursor else self._ears.start
        arrived: list[Arrived] = []
        looking = asyncio.ensure_future(self._look())
        arriving = asyncio.ensure_future(self._door.waiting())
        try:
            while True:
                told = asyncio.ensure_future(self._ears.news.came.wait())
                await asyncio.wait({looking, arriving, told}, return_when=asyncio.FIRST_COMPLETED)
                told.cancel()
                if looking.done():
                    looking.result()
                arrived = arriving.result() if arriving.done() else []
                events, mark = self._read([update for update, _kept in arrived], mark, start)
                yield Batch([*events, *self._ears.news.taken()], str(mark))
                _answer_for(arrived, kept=True)
                if arriving.done():
                    arriving = asyncio.ensure_future(self._door.waiting())
        finally:
            _answer_for(arrived, kept=False)
            looking.cancel()
            arriving.cancel()

    def _read(self, updates: list[Raw], mark: Mark, start: int) -> tuple[list[Incoming], Mark]:
        events: list[Incoming] = []
        for update in sorted(updates, key=lambda update: int(update["update_id"])):
            if mark.has(update["update_id"]):
                continue
            self._ears.heard()
            self._ears.answer(update)
            events += [] if start and is_history(update, start) else safely(to_incoming, update, self._ears.me) or []
            mark = mark.after_one(update["update_id"])
        return events, mark

    async def _look(self) -> None:
        """Ask now and then whether Telegram still brings what happens here: nothing else tells silence from deafness."""
        while True:
            try:
                known = await self._api.call("getWebhookInfo")
            except InvalidToken:
                raise Refused("token refused") from None
            except TelegramError as problem:
                log.warning("look failed", platform=PLATFORM, error=type(problem).__name__)
            else:
                if known.get("url") != self._door.url:
                    raise Refused("another reader")
                self._ears.heard()
            await asyncio.sleep(_LOOK)


def _answer_for(arrived: list[Arrived], *, kept: bool) -> None:
    """Say of each that it is kept; or have Telegram bring those again that are not yet answered for."""
    for _update, answered in arrived:
        if not answered.done():
            answered.set_result(kept)
