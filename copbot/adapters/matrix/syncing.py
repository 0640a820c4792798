"""Listening: one answer of the homeserver after another, event by event, nothing lost and nothing twice."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import TypeVar

import aiohttp
import structlog

from copbot.adapters.matrix.cipher import Cipher
from copbot.adapters.matrix.cursor import Cursor
from copbot.adapters.matrix.directory import Directory
from copbot.adapters.matrix.homeserver import Homeserver, Json, Problem, part
from copbot.adapters.matrix.reading import Reader, whole
from copbot.adapters.matrix.rooms import Room
from copbot.vocabulary import Batch, Incoming, Moved, Refused

log = structlog.get_logger()

#: Seconds that the homeserver may wait for something to happen; fewer while a key is waited for.
_POLL = 30
_SHORT_POLL = 5

#: Seconds for an answer with the whole state of all rooms.
_WHOLE = 300.0

_LONGEST_PATIENCE = 60.0

#: Seconds after which the cursor is handed out even where nothing happened.
_STALE = 60.0

#: Events of a room in one answer; what is more is fetched page by page, so many pages at most.
_AT_ONCE = 500
_PAGES = 100

_FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": ["m.direct"]},
        "room": {
            "timeline": {"limit": _AT_ONCE},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
        },
    }
)

T = TypeVar("T")

_NETWORK = (Problem, aiohttp.ClientError, OSError)


class Listener:
    """The loop around /sync. `ready` is set once copbot knows its rooms."""

    def __init__(self, server: Homeserver, cipher: Cipher, directory: Directory, reader: Reader, me: str) -> None:
        self._server = server
        self._cipher = cipher
        self._directory = directory
        self._reader = reader
        self._me = me
        self.ready = asyncio.Event()
        self.heard = time.monotonic()
        self._unsettled = False
        self._settling: asyncio.Task[None] | None = None

    async def batches(self, written: str) -> AsyncIterator[Batch]:
        """What happened after this cursor, for ever. Raises Refused."""
        cursor = Cursor.read(written, self._me)
        await self._patiently(partial(self._reader.recall, cursor.late))
        for room, host, direct in cursor.invited:
            self._directory.enter(room, via=_servers(host), host=host, direct=bool(direct))
        handed, at = bool(written), time.monotonic()
        while True:
            answer = await self._patiently(partial(self._sync, cursor.since))
            keys = self._cipher.take(answer)
            events: list[Incoming] = []
            await self._patiently(partial(self._reader.retry, keys, events))
            events += await self._patiently(partial(self._take, answer, cursor))
            cursor.since = str(answer["next_batch"])
            cursor.late = self._reader.late()
            self.ready.set()
            if events or cursor.late or not handed or time.monotonic() - at > _STALE:
                yield Batch(events, cursor.write())
                handed, at = True, time.monotonic()
                await self._leave_behind(events)
            self._settle()

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer, however often it must be asked for. Raises Refused where copbot is not let in."""
        failures = 0
        while True:
            try:
                answer = await ask()
                self.heard = time.monotonic()
                return answer
            except _NETWORK as problem:
                if isinstance(problem, Problem) and problem.is_signed_out:
                    raise Refused("signed out for now" if problem.body.get("soft_logout") else "signed out") from None
                patience = problem.patience if isinstance(problem, Problem) else 0.0
                seconds = min(max(patience, 2.0**failures), _LONGEST_PATIENCE)
                failures = min(failures + 1, 10)
                log.warning("listening failed", platform="matrix", error=_word(problem), attempts=failures, seconds=seconds)
            await asyncio.sleep(seconds)

    async def _sync(self, since: str) -> Json:
        at_first = not self.ready.is_set()
        wait = 0 if at_first else _SHORT_POLL if self._reader.late() else _POLL
        query = {"filter": _FILTER, "timeout": str(wait * 1000)}
        query |= {"since": since} if since else {}
        query |= {"full_state": "true"} if at_first else {}
        return await self._server.ask("GET", "/v3/sync", query=query, seconds=_WHOLE if at_first else wait + 30.0)

    # One answer

    async def _take(self, answer: Json, cursor: Cursor) -> list[Incoming]:
        """All that happened, room by room, each in its order. May be done again where the network failed on the way."""
        for event in answer.get("account_data", {}).get("events", []):
            if isinstance(event, dict) and event.get("type") == "m.direct" and isinstance(event.get("content"), dict):
                self._directory.learn_directs(event["content"])
        rooms = answer.get("rooms", {})
        for id, invitation in rooms.get("invite", {}).items():
            self._invited(id, invitation, cursor)
        happened: list[Incoming] = []
        for id, news in rooms.get("join", {}).items():
            happened += await self._room(id, news, cursor.since)
        for id, news in rooms.get("leave", {}).items():
            happened += await self._left(id, news)
        if not self.ready.is_set():
            self._directory.settle()
        gone = {*rooms.get("leave", {}), *self._directory.closed}
        cursor.invited = [one for one in cursor.invited if not (self._directory.room(one[0]).present or one[0] in gone)]
        return happened

    def _invited(self, id: str, invitation: Json, cursor: Cursor) -> None:
        events = whole(invitation.get("invite_state", {}).get("events"))
        mine = [event for event in events if event.get("type") == "m.room.member" and event.get("state_key") == self._me]
        if not mine:
            return
        host, direct = str(mine[-1].get("sender", "")), bool(mine[-1].get("content", {}).get("is_direct"))
        cursor.invited = [known for known in cursor.invited if known[0] != id] + [[id, host, "direct" if direct else ""]]
        self._directory.enter(id, via=_servers(host), host=host, direct=direct)

    async def _room(self, id: str, news: Json, since: str) -> list[Incoming]:
        room = self._directory.room(id)
        _learn(room, whole(news.get("state", {}).get("events")))
        timeline = news.get("timeline", {})
        events = whole(timeline.get("events"))
        gap = timeline.get("limited") and since and not any(self._is_entry(event) for event in events)
        missed = await self._missed(room, timeline, since) if gap else []
        _learn(room, events)
        self._directory.settle([id])
        self._follow(room)
        if not since:
            return []  # the very first time: what was said before is not for copbot
        return await self._read(room, self._since_joining([*missed, *events]))

    async def _read(self, room: Room, events: list[Json]) -> list[Incoming]:
        found = [await self._reader.read(room, event) for event in events]
        return [one for one in found if one]

    async def _missed(self, room: Room, timeline: Json, since: str) -> list[Json]:
        """What happened between the last answer and this one and is not in it."""
        missed: list[Json] = []
        query = {"dir": "b", "from": str(timeline["prev_batch"]), "to": since, "limit": str(_AT_ONCE)}
        for _page in range(_PAGES):
            answer = await self._server.ask("GET", f"/v3/rooms/{part(room.id)}/messages", query=query)
            chunk = whole(answer.get("chunk"))
            missed += chunk
            if not answer.get("chunk") or not answer.get("end") or any(self._is_entry(event) for event in chunk):
                break
            query["from"] = str(answer["end"])
        return missed[::-1]

    def _since_joining(self, events: list[Json]) -> list[Json]:
        """The events from the last time on that copbot came in: what was said before it was there is not for it."""
        entries = [index for index, event in enumerate(events) if self._is_entry(event)]
        return events[entries[-1] :] if entries else events

    def _is_entry(self, event: Json) -> bool:
        if event.get("type") != "m.room.member" or event.get("state_key") != self._me:
            return False
        before = event.get("unsigned", {}).get("prev_content", {}).get("membership")
        return bool(event.get("content", {}).get("membership") == "join" and before != "join")

    async def _left(self, id: str, news: Json) -> list[Incoming]:
        """Copbot went, or was made to go. Only that counts of what else happened there."""
        room = self._directory.room(id)
        events = whole(news.get("state", {}).get("events")) + whole(news.get("timeline", {}).get("events"))
        mine = [event for event in events if event.get("type") == "m.room.member" and event.get("state_key") == self._me]
        self._directory.settle([id])
        happened = await self._read(room, mine[-1:])
        room.members.pop(self._me, None)
        return happened

    def _follow(self, room: Room) -> None:
        """Move with a room that was replaced by another."""
        after = room.successor
        if after and after not in self._directory.closed and not self._directory.room(after).present:
            known = {server for user in room.members for server in _servers(user)}
            self._directory.enter(after, via=sorted(known)[:5], host=room.partner, direct=bool(room.partner))

    async def _leave_behind(self, events: list[Incoming]) -> None:
        """Go out of rooms that were replaced, now that the house knows where it moved."""
        for moved in events:
            if isinstance(moved, Moved):
                try:
                    await self._directory.leave(moved.place.room)
                except _NETWORK as problem:
                    log.warning("room not left", platform="matrix", error=_word(problem))

    def _settle(self) -> None:
        """Answer other devices, beside listening: theirs may be slow."""
        self._unsettled = True
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle_all())

    async def _settle_all(self) -> None:
        """Until nothing is left to answer. Where it fails, the next round tries again."""
        while self._unsettled:
            self._unsettled = False
            try:
                await self._cipher.settle()
            except Exception as problem:
                log.warning("keys not exchanged", platform="matrix", error=_word(problem))

    def close(self) -> None:
        """Stop what is under way."""
        if self._settling:
            self._settling.cancel()


def _learn(room: Room, events: list[Json]) -> None:
    for event in events:
        try:
            room.apply(event)
        except Exception as problem:
            log.warning("event set aside", platform="matrix", reason="state", error=type(problem).__name__)


def _servers(user: str) -> list[str]:
    server = user.partition(":")[2]
    return [server] if server else []


def _word(problem: BaseException) -> str:
    return problem.code if isinstance(problem, Problem) else type(problem).__name__
