"""Reading one event: deciphered, with the message it is about, into what happened. What cannot be read yet is tried again."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

import aiohttp
import structlog

from copbot.adapters.matrix.cipher import Cipher
from copbot.adapters.matrix.directory import Directory
from copbot.adapters.matrix.homeserver import Homeserver, Json, Problem, part
from copbot.adapters.matrix.incoming import about, rewritten, to_incoming
from copbot.adapters.matrix.machine import Forged, Locked
from copbot.adapters.matrix.rooms import Room
from copbot.vocabulary import Edited, Illegible, Incoming, Said

log = structlog.get_logger()

#: Messages copbot remembers the words of, so that it need not ask for what an answer or a reaction is about.
_RECENT = 500

#: Seconds that a key may take to come, and how many events wait for theirs at most.
_PATIENCE = 120.0
_MOST_LATE = 500

#: Seconds after which people see how far copbot has read.
_RECEIPT = 1.0

_KINDS = frozenset({"m.room.message", "m.room.encrypted", "m.reaction", "m.room.redaction", "m.room.member"})


def whole(events: object) -> list[Json]:
    """The events that have the parts every event must have; what else a homeserver hands on is left out."""
    given = events if isinstance(events, list) else []
    kept = [event for event in given if _is_whole(event)]
    if len(kept) < len(given):
        log.warning("event set aside", platform="matrix", reason="malformed", count=len(given) - len(kept))
    return kept


def _is_whole(event: object) -> bool:
    if not isinstance(event, dict):
        return False
    unsigned = event.get("unsigned", {})
    return (
        all(isinstance(event.get(name), str) for name in ("type", "sender"))
        and isinstance(event.get("event_id", ""), str)
        and isinstance(event.get("content"), dict)
        and isinstance(unsigned, dict)
        and isinstance(unsigned.get("prev_content", {}), dict)
    )


@dataclass(slots=True)
class Late:
    """An enciphered event whose key has not come yet."""

    room: Room
    event: Json
    arrived: float


class Reader:
    """Knows the latest messages, and those that wait for a key."""

    def __init__(self, server: Homeserver, cipher: Cipher, directory: Directory, me: str) -> None:
        self._server = server
        self._cipher = cipher
        self._directory = directory
        self._me = me
        self._recent: OrderedDict[str, Json] = OrderedDict()
        self._late: dict[str, Late] = {}
        self._told: set[tuple[str, str, str]] = set()
        self._read: dict[str, str] = {}
        self._receipts: asyncio.Task[None] | None = None

    def close(self) -> None:
        """Stop what is under way."""
        if self._receipts:
            self._receipts.cancel()

    async def read(self, room: Room, event: Json) -> Incoming | None:
        """What this event means; None where it means nothing, or nothing yet. Raises only what the network raises."""
        if event["sender"] == self._me and event["type"] != "m.room.member":
            return None
        event = {**event, "room_id": room.id}
        try:
            return await self._opened(room, event)
        except Locked:
            self._wait_for_key(room, event)
            return None

    async def _opened(self, room: Room, event: Json) -> Incoming | None:
        """The same, where it can be read now. Raises Locked where it cannot."""
        try:
            return await self._meaning(room, await self._in_the_clear(event))
        except (Locked, Problem, aiohttp.ClientError, OSError):
            raise
        except Exception as problem:
            reason = event["type"] if event["type"] in _KINDS else "other"
            log.warning("event set aside", platform="matrix", reason=reason, error=type(problem).__name__)
            return None

    async def _meaning(self, room: Room, event: Json) -> Incoming | None:
        if self._cipher.verification.concerns(event):
            self._cipher.verification.take(event)
            return None
        subject = about(event)
        target = await self.look_up(room.id, subject) if subject else None
        meaning = to_incoming(event, room, target)
        if event["type"] == "m.room.redaction":
            self._recent.pop(subject, None)
        if isinstance(meaning, Edited) and target:
            self._recent[subject] = rewritten(target, event)
        if isinstance(meaning, Said):
            self._remember(event)
            self._receipt(room.id, event["event_id"])
        return meaning

    # What events are about

    async def look_up(self, room: str, id: str) -> Json | None:
        """A message, in the clear; None where it cannot be had."""
        if id in self._recent:
            return self._recent[id] if self._recent[id]["room_id"] == room else None
        try:
            event = {**await self._server.ask("GET", f"/v3/rooms/{part(room)}/event/{part(id)}"), "room_id": room}
            event = await self._as_it_is_now(await self._in_the_clear(event), room)
        except (Locked, Forged):
            return None
        except Problem as problem:
            if problem.is_signed_out or problem.asks_for_patience:
                raise
            return None
        if not (isinstance(event.get("content"), dict) and isinstance(event.get("sender"), str)):
            return None
        self._remember(event)
        return event

    async def _in_the_clear(self, event: Json) -> Json:
        if event.get("type") == "m.room.encrypted" and event.get("content"):
            return await self._cipher.decipher(event)
        return event

    async def _as_it_is_now(self, event: Json, room: str) -> Json:
        """The message with the words that its author gave it last; the homeserver hands the edit over along with it."""
        edit = event.get("unsigned", {}).get("m.relations", {}).get("m.replace")
        if not isinstance(edit, dict) or not isinstance(edit.get("content"), dict) or edit.get("sender") != event["sender"]:
            return event
        try:
            return rewritten(event, await self._in_the_clear({**edit, "room_id": room}))
        except (Locked, Forged):
            return event

    def _remember(self, event: Json) -> None:
        self._recent[event["event_id"]] = event
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)

    def forget(self, room: str) -> None:
        """Remember no words of this room."""
        self._recent = OrderedDict((id, event) for id, event in self._recent.items() if event["room_id"] != room)

    # What cannot be read yet

    def late(self) -> list[list[str]]:
        """What waits for its key, as the cursor keeps it."""
        return [[late.room.id, id] for id, late in self._late.items()]

    async def recall(self, late: list[list[str]]) -> None:
        """Wait again for the keys that were waited for when copbot stopped."""
        for room, id in late:
            try:
                event = await self._server.ask("GET", f"/v3/rooms/{part(room)}/event/{part(id)}")
            except Problem as problem:
                if problem.status not in (403, 404):
                    raise
                continue
            if event.get("type") == "m.room.encrypted" and event.get("content"):
                self._wait_for_key(self._directory.room(room), {**event, "room_id": room})

    def _wait_for_key(self, room: Room, event: Json) -> None:
        if event["event_id"] not in self._late:
            self._late[event["event_id"]] = Late(room, event, time.monotonic())
            self._cipher.ask_for_key(event)

    async def retry(self, keys: set[tuple[str, str]], happened: list[Incoming]) -> None:
        """Add what can be read now; what nobody gave the key to in time is added as illegible, once for each key."""
        for id, late in list(self._late.items()):
            overdue = time.monotonic() - late.arrived > _PATIENCE or len(self._late) > _MOST_LATE
            if not (keys or overdue):
                continue
            try:
                meaning = await self._opened(late.room, late.event)
                happened += [meaning] if meaning else []
            except Locked:
                if not overdue:
                    continue
                happened += self._given_up(late)
            del self._late[id]

    def _given_up(self, late: Late) -> list[Incoming]:
        event, room = late.event, late.room
        about_key = (room.id, event["sender"], event["content"]["session_id"])
        if about_key in self._told or room.is_space:
            return []
        self._told.add(about_key)
        return [Illegible(event["event_id"], room.place(), room.person(event["sender"]), event["event_id"])]

    # How far copbot has read

    def _receipt(self, room: str, event: str) -> None:
        self._read[room] = event
        if self._receipts is None or self._receipts.done():
            self._receipts = asyncio.create_task(self._show_read())

    async def _show_read(self) -> None:
        await asyncio.sleep(_RECEIPT)
        read, self._read = self._read, {}
        for room, event in read.items():
            try:
                await self._server.ask("POST", f"/v3/rooms/{part(room)}/receipt/m.read/{part(event)}", {})
            except (Problem, aiohttp.ClientError, OSError):
                return  # a courtesy: the next one says it as well
