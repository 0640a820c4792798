"""Telegram as a platform: python-telegram-bot's bot, asked for raw updates, and all that Telegram has its own way of doing."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from urllib.parse import quote

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from copbot.adapters.telegram.files import parted
from copbot.adapters.telegram.incoming import ALLOWED, NOBODY, PLATFORM, Me, Raw
from copbot.adapters.telegram.introduction import introduce
from copbot.adapters.telegram.listening import Ears, News
from copbot.adapters.telegram.outgoing import divide
from copbot.adapters.telegram.polling import Poll
from copbot.adapters.telegram.request import Api
from copbot.adapters.telegram.sending import Sender
from copbot.adapters.telegram.webhook import CONNECTIONS, Doorway, Hook, Webhook
from copbot.vocabulary import Adapter, Batch, Menu, Moved, Outgoing, Pace, Person, Place, Refused

__all__ = ["PACE", "Telegram", "Webhook"]

#: What Telegram asks of bots: 30 messages a second, one a second in a chat, 20 a minute in a group.
PACE = Pace(overall_per_second=30, seconds_per_chat=1, per_group_minute=20)


class Telegram(Adapter):
    """One bot account. The token is known to the request layer alone and stands in no log."""

    platform = PLATFORM

    def __init__(
        self,
        token: str,
        *,
        base_url: str = "https://api.telegram.org/bot",
        base_file_url: str = "https://api.telegram.org/file/bot",
        webhook: Webhook | None = None,
        language: str = "en",
        pace: Pace | None = PACE,
    ) -> None:
        """`language` is that of people whose own copbot does not speak."""
        self.pace = pace
        self._api = Api(token, base_url, base_file_url)
        self._me = Me(0, "")
        self._webhook = webhook
        self._language = language
        self._secret = secrets.token_urlsafe(32)
        self._door = Doorway(webhook, self._secret) if webhook else None
        self._news = News()
        self._sender = Sender(self._api, self._has_moved)
        self._asides: set[asyncio.Task[object]] = set()
        self._start = int(time.time())
        self._last_heard = time.monotonic()

    async def open(self, menus: Sequence[Menu]) -> None:
        """Learn who copbot is here, choose how to be told what happens, and say what copbot can do. Raises Refused."""
        try:
            me = await self._api.call("getMe")
            self._me = Me(me["id"], me["username"])
            self.door = f"https://t.me/{me['username']}?start={{token}}"
            await self._choose_way()
            await introduce(self._api, menus, self._language)
        except InvalidToken:
            raise Refused("token refused") from None
        self._heard()

    async def _choose_way(self) -> None:
        """Have updates posted to us, or wait for our polls."""
        if self._webhook and self._door:
            await self._door.open()
            await self._api.call(
                "setWebhook",
                url=self._webhook.url,
                secret_token=self._secret,
                max_connections=CONNECTIONS,
                allowed_updates=ALLOWED,
            )
        elif (await self._api.call("getWebhookInfo")).get("url"):
            await self._api.call("deleteWebhook")

    async def close(self) -> None:
        """Let go of the connections."""
        for task in self._asides:
            task.cancel()
        if self._door:
            await self._door.close()
        await self._api.hang_up()

    def receive(self, cursor: str) -> AsyncIterator[Batch]:
        """Yield what happened after the cursor, for ever. Raises Refused."""
        ears = Ears(self._me, self._news, self._start, self._heard, self._acknowledge)
        return (Hook(self._api, ears, self._door) if self._door else Poll(self._api, ears)).batches(cursor)

    def divide(self, outgoing: Outgoing) -> tuple[Outgoing, Outgoing | None]:
        """What fits in one message of Telegram's, and what is left."""
        return divide(outgoing)

    async def send(self, outgoing: Outgoing) -> str:
        """Say it. Raises TryLater, Unreachable or Undeliverable."""
        return await self._sender.send(outgoing)

    async def administers(self, place: Place, person: Person) -> bool:
        """Ask Telegram now. Anonymous administrators are nobody."""
        if place.kind == "private" or int(person.id) in NOBODY:
            return False
        try:
            member = await self._api.call("getChatMember", chat_id=self._sender.chat(place), user_id=int(person.id))
        except (BadRequest, Forbidden):
            return False
        return member["status"] in ("creator", "administrator")

    async def typing(self, place: Place) -> None:
        """Show «typing…» there for five seconds."""
        thread = {"message_thread_id": int(place.thread)} if place.thread else {}
        with suppress(TelegramError):
            await self._api.call("sendChatAction", chat_id=self._sender.chat(place), action="typing", **thread)

    async def fetch(self, reference: str, most: int) -> bytes:
        """The content of a file. Raises ValueError if it has more than `most` bytes, or more than Telegram hands to bots."""
        try:
            file = await self._api.call("getFile", file_id=parted(reference)[1])
            path = str(file.get("file_path", ""))
            if not path or path.startswith("/") or ".." in path or int(file.get("file_size") or 0) > most:
                raise ValueError("gone or too large")
            return await self._api.download(quote(path), most)
        except (BadRequest, Forbidden):
            raise ValueError("no such file") from None

    def silent_for(self) -> float:
        """Seconds since Telegram last answered a poll, or brought something."""
        return time.monotonic() - self._last_heard

    def _heard(self) -> None:
        self._last_heard = time.monotonic()

    def _has_moved(self, room: str, to: str) -> None:
        """A group was found at a new address while something was said there."""
        here, there = Place(PLATFORM, room, "group"), Place(PLATFORM, to, "group")
        self._news.tell(Moved(f"moved {room}", here, there))

    def _acknowledge(self, update: Raw) -> None:
        """Answer a pressed button at once, before anything is done about it: it stops turning. Nothing waits for that."""
        query = update.get("callback_query")
        if isinstance(query, dict) and "id" in query:
            task = asyncio.create_task(self._answer(str(query["id"])))
            self._asides.add(task)
            task.add_done_callback(self._asides.discard)

    async def _answer(self, query: str) -> None:
        with suppress(TelegramError):  # too late, or answered before a crash
            await self._api.call("answerCallbackQuery", callback_query_id=query)
