"""Saying things: once for every number of the outbox, however often it is tried; refusals turned into words the house knows."""

import asyncio
import hashlib
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Literal

import aiohttp
import structlog

from copbot.adapters.matrix import contents, files
from copbot.adapters.matrix.cipher import Cipher
from copbot.adapters.matrix.directory import Directory
from copbot.adapters.matrix.discretion import discreetly, may_tell
from copbot.adapters.matrix.homeserver import Homeserver, Json, Problem, part
from copbot.adapters.matrix.incoming import POLL_START, keycap
from copbot.adapters.matrix.machine import Forged, Locked
from copbot.adapters.matrix.reading import Reader
from copbot.adapters.matrix.rooms import Room
from copbot.adapters.matrix.spare import Spare
from copbot.vocabulary import Attachment, Outgoing, Person, Place, TryLater, Unreachable

log = structlog.get_logger()

Offer = Literal["reactions", "polls", "text"]

#: Seconds before a message is tried again where the homeserver asks for patience and does not say how much.
_PATIENCE = 5.0

#: Answers that a poll may have.
_MOST_ANSWERS = 20

_NETWORK = (Problem, aiohttp.ClientError, OSError)


class Speaker:
    """Sends what the house says. Extras (keycaps under choices) are sent afterwards and may fail."""

    def __init__(
        self, server: Homeserver, cipher: Cipher, directory: Directory, reader: Reader, offer: Offer, naming_key: bytes
    ) -> None:
        self._server = server
        self._cipher = cipher
        self._directory = directory
        self._reader = reader
        self._offer = offer
        self._naming_key = naming_key
        self._extras: set[asyncio.Task[None]] = set()
        self._spare = Spare()
        self._typing: set[str] = set()

    def close(self) -> None:
        """Leave out what is not needed."""
        for task in list(self._extras):
            task.cancel()

    async def send(self, outgoing: Outgoing) -> str:
        """Do what the message asks for; answers the id of what was said, "" where nothing was.

        Keycaps stay under a closed question: taking each away is an event of its own, and the house says that it is closed.
        """
        with discreetly(outgoing):
            match outgoing.act:
                case "say":
                    room = await self._room(outgoing.to, begin=True)
                    return await self._say(room, outgoing) if room else ""
                case "remove":
                    await self._remove(outgoing)
                case "forget":
                    await self._forget(outgoing.to)
                case "strip":
                    pass
        return ""

    async def _room(self, to: Place | Person, *, begin: bool) -> Room | None:
        if user := to.id if isinstance(to, Person) else to.room if to.kind == "private" else "":
            return await self._directory.chat_with(user) if begin else self._directory.chat_of(user)
        rooms = self._directory.rooms
        room = rooms.get(to.room) if isinstance(to, Place) else None
        if room and (after := rooms.get(room.successor)) and after.present:
            room = after  # it was replaced meanwhile
        if room is None or not room.present:
            raise Unreachable("kicked")
        return room

    # Saying

    async def _say(self, room: Room, outgoing: Outgoing) -> str:
        name = transaction(outgoing, self._naming_key)
        said = [
            await self._put(room, "m.room.message", content, f"{name}.{number}")
            for number, content in enumerate(contents.messages(outgoing))
        ]
        if outgoing.attachment:
            content = await self._file(room, outgoing.attachment) | ({} if said else contents.relation(outgoing))
            file = await self._put(room, "m.room.message", content, f"{name}.file")
            said = said or [file]
        self._stop_typing(room)
        if outgoing.leave:
            await self._directory.leave(room.id)
        elif said and outgoing.choices:
            await self._offer_choices(room, outgoing, said[-1], name)
        return said[-1] if said else ""

    async def _file(self, room: Room, attachment: Attachment) -> Json:
        try:
            return await files.hand_over(self._server, attachment, enciphered=self._cipher.is_encrypted(room))
        except Problem as problem:
            self._give_way(problem, room)
            raise

    async def _put(self, room: Room, kind: str, content: Json, transaction: str) -> str:
        """Say it in the room, enciphered where the room is. Raises TryLater or Unreachable."""
        try:
            if self._cipher.is_encrypted(room) and kind != "m.reaction":
                content, kind = await self._cipher.encipher(room, kind, content), "m.room.encrypted"
            path = f"/v3/rooms/{part(room.id)}/send/{kind}/{part(transaction)}"
            return str((await self._server.ask("PUT", path, content))["event_id"])
        except Problem as problem:
            self._give_way(problem, room)
            raise

    def _give_way(self, problem: Problem, room: Room) -> None:
        if problem.asks_for_patience:
            self._spare.run_out(time.monotonic())
            raise TryLater(problem.patience or _PATIENCE) from None
        if problem.is_signed_out:
            raise TryLater(60.0) from None  # listening says so aloud
        if problem.code == "M_FORBIDDEN":
            raise Unreachable("not allowed" if room.present else "kicked") from None
        if problem.status == 404:
            raise Unreachable("gone") from None

    # Choices, besides the numbers in the text

    async def _offer_choices(self, room: Room, outgoing: Outgoing, message: str, name: str) -> None:
        """None under what is confidential: the homeserver sees which keycap is taken, and a poll outlives what is removed."""
        if outgoing.confidential:
            return
        if self._offer == "polls" and len(outgoing.choices) <= _MOST_ANSWERS and self._spare.takes(1, time.monotonic()):
            question = outgoing.text.strip().rpartition("\n")[2]
            self._extra(self._poll(room, contents.poll(question, outgoing.choices), f"{name}.poll"))
        elif self._offer == "reactions" and self._spare.takes(len(outgoing.choices), time.monotonic()):
            self._extra(self._keycaps(room, message, len(outgoing.choices), name))

    async def _poll(self, room: Room, content: Json, transaction: str) -> None:
        await self._put(room, POLL_START[0], content, transaction)

    async def _keycaps(self, room: Room, message: str, count: int, name: str) -> None:
        for number in range(1, count + 1):
            annotation = {"rel_type": "m.annotation", "event_id": message, "key": keycap(number)}
            await self._put(room, "m.reaction", {"m.relates_to": annotation}, f"{name}.key{number}")

    def _extra(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_leniently(doing))
        self._extras.add(task)
        task.add_done_callback(self._extras.discard)

    # Taking back

    async def _remove(self, outgoing: Outgoing) -> None:
        """Take it away; where it is gone already, or may not be taken away, that is all right."""
        with suppress(Unreachable):
            if room := await self._room(outgoing.to, begin=False):
                await self._redact(room, outgoing.reply_to)

    async def _redact(self, room: Room, event: str) -> None:
        transaction = hashlib.blake2s(event.encode(), digest_size=8).hexdigest()
        try:
            await self._server.ask("PUT", f"/v3/rooms/{part(room.id)}/redact/{part(event)}/copbot-{transaction}", {})
        except Problem as problem:
            self._give_way(problem, room)
            if problem.status != 400:  # no event that there could be
                raise

    async def _forget(self, to: Place | Person) -> None:
        """Let go of the keys to what was said in this person's private chat, and of what is remembered of it."""
        user = to.id if isinstance(to, Person) else to.room
        for room in [room for room in self._directory.rooms.values() if room.partner == user]:
            await self._find_the_last(room)
            self._cipher.machine.forget(room.id)
            self._reader.forget(room.id)

    async def _find_the_last(self, room: Room) -> None:
        """Read the latest messages once more, so that the keys they need can be wound past them rather than dropped."""
        try:
            answer = await self._server.ask("GET", f"/v3/rooms/{part(room.id)}/messages", query={"dir": "b", "limit": "100"})
        except Problem as problem:
            if problem.status in (403, 404):
                return
            self._give_way(problem, room)
            raise
        for event in answer.get("chunk", []):
            if event.get("type") == "m.room.encrypted" and event.get("content") and event.get("sender") != room.me:
                try:
                    await self._cipher.decipher({**event, "room_id": room.id})
                except (Locked, Forged, KeyError, TypeError):
                    continue

    # At work

    async def type(self, place: Place) -> None:
        """Show that copbot is at work, for a few seconds."""
        room = self._directory.chat_of(place.room) if place.kind == "private" else self._directory.rooms.get(place.room)
        if room and room.present:
            self._typing.add(room.id)
            await self._tell_typing(room, {"typing": True, "timeout": 10_000})

    def _stop_typing(self, room: Room) -> None:
        if room.id in self._typing:
            self._typing.discard(room.id)
            self._extra(self._tell_typing(room, {"typing": False}))

    async def _tell_typing(self, room: Room, body: Json) -> None:
        await self._server.ask("PUT", f"/v3/rooms/{part(room.id)}/typing/{part(room.me)}", body)

    # Verification

    def tell(self, room: str, kind: str, content: Json) -> None:
        """Say something that only a client reads."""
        if known := self._directory.rooms.get(room):
            self._extra(self._tell(known, kind, content))

    def show(self, user: str, room: str, emoji: str) -> None:
        """Show a person, in their private chat, the emoji to compare."""
        chat = self._directory.rooms.get(room) or self._directory.chat_of(user)
        if chat and chat.partner == user:
            content = {"msgtype": "m.notice", "body": emoji, "m.mentions": {}}
            self._extra(self._tell(chat, "m.room.message", content))

    async def _tell(self, room: Room, kind: str, content: Json) -> None:
        digest = _digest(f"{kind}{content}", self._naming_key, 12)
        await self._put(room, kind, content, f"copbot-{digest}")


async def _leniently(doing: Coroutine[Any, Any, None]) -> None:
    try:
        await doing
    except (*_NETWORK, TryLater, Unreachable) as problem:
        if may_tell():
            log.info("extra not sent", platform="matrix", error=type(problem).__name__)


def transaction(outgoing: Outgoing, naming_key: bytes) -> str:
    """The same for the same message, each time it is tried; another where a new database begins to count from one again.

    It stands in the path of the request, in the clear. Without the key, whoever guesses at an enciphered message could see
    there whether the guess was right. What is confidential is numbered by chance, which needs nothing more.
    """
    if outgoing.confidential:
        return f"copbot-{outgoing.id}"
    to = outgoing.to.id if isinstance(outgoing.to, Person) else f"{outgoing.to.room} {outgoing.to.thread}"
    tokens = [choice.token for choice in outgoing.choices]
    digest = _digest(f"{to}\0{outgoing.text}\0{tokens}", naming_key, 6)
    return f"copbot-{outgoing.id}-{digest}"


def _digest(text: str, key: bytes, size: int) -> str:
    return hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=size, key=key).hexdigest()
