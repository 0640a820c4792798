"""The rooms copbot is in and the private chats it has with people, as the homeserver tells them; and ways into new ones."""

import asyncio
from collections.abc import Iterable

import aiohttp
import structlog

from copbot.adapters.matrix.homeserver import Homeserver, Json, Problem, part
from copbot.adapters.matrix.rooms import Room
from copbot.vocabulary import TryLater, Unreachable

log = structlog.get_logger()

_MEGOLM: Json = {"algorithm": "m.megolm.v1.aes-sha2"}
_ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": _MEGOLM}

#: Seconds between tries to get into a room, and how often it is tried: half a day in all.
_LONGEST_WAIT = 3600.0
_MOST_TRIES = 24


class Directory:
    """Rooms by their ids, private chats by the person's. `closed` are rooms that copbot could not get into."""

    def __init__(self, server: Homeserver, me: str) -> None:
        self._server = server
        self._me = me
        self.rooms: dict[str, Room] = {}
        self.directs: dict[str, list[str]] = {}
        self._partners: dict[str, str] = {}
        self._noting = asyncio.Lock()
        self.closed: set[str] = set()
        self._entering: dict[str, asyncio.Task[None]] = {}

    def room(self, id: str) -> Room:
        """This room, as far as it is known."""
        return self.rooms.setdefault(id, Room(id, self._me))

    # Private chats

    def learn_directs(self, content: Json) -> None:
        """Take the account's own note of which rooms are private chats."""
        for user, rooms in content.items():
            if isinstance(rooms, list):
                known = self.directs.get(user, [])
                self.directs[user] = [*known, *(room for room in rooms if isinstance(room, str) and room not in known)]
                self._partners |= dict.fromkeys(self.directs[user], user)

    def settle(self, rooms: Iterable[str] | None = None) -> None:
        """See which rooms are private chats: those noted as such or begun by copbot, as long as nobody else is there."""
        for id in self.rooms if rooms is None else rooms:
            if room := self.rooms.get(id):
                others = room.others()
                user = self._partners.get(id, "") or (
                    room.partner or "".join(list(others)[:1]) if room.founder == self._me else ""
                )
                room.partner = user if user and others <= {user} else ""
                before = self.rooms.get(room.predecessor)
                follows = before and before.present and before.successor == room.id and not before.partner
                room.follows = room.predecessor if follows else ""

    def chat_of(self, user: str) -> Room | None:
        """The private chat with this person: where they are, else where they are invited; an encrypted one first."""
        chats = [room for room in self.rooms.values() if room.partner == user and room.present]
        rank = {"join": 2, "invite": 1}
        return max(chats, key=lambda room: (rank.get(room.members.get(user, ""), 0), bool(room.encryption)), default=None)

    async def chat_with(self, user: str) -> Room:
        """The private chat with this person, begun if there is none. Raises Unreachable where they closed it."""
        if room := self.chat_of(user):
            if user not in room.members:
                raise Unreachable("blocked")
            return room
        return await self._begin(user)

    async def _begin(self, user: str) -> Room:
        body = {"preset": "trusted_private_chat", "is_direct": True, "invite": [user], "initial_state": [_ENCRYPTED]}
        try:
            answer = await self._server.ask("POST", "/v3/createRoom", body)
        except Problem as problem:
            if problem.asks_for_patience:
                raise TryLater(problem.patience or 5.0) from None
            if problem.status in (400, 403, 404) and not problem.is_signed_out:
                raise Unreachable("never started") from None
            raise
        room = self.room(answer["room_id"])
        room.members |= {self._me: "join", user: room.members.get(user, "invite")}
        room.encryption = room.encryption or _MEGOLM
        await self.note_direct(user, room.id)
        return room

    async def note_direct(self, user: str, room: str) -> None:
        """Note, in the account, that this room is the private chat with this person."""
        self._partners[room] = user
        self.settle([room])
        async with self._noting:
            if room not in self.directs.get(user, []):
                directs = {**self.directs, user: [*self.directs.get(user, []), room]}
                await self._server.ask("PUT", f"/v3/user/{part(self._me)}/account_data/m.direct", directs)
                self.directs = directs

    # Ways in and out

    def enter(self, room: str, *, via: Iterable[str] = (), host: str = "", direct: bool = False) -> None:
        """Get into a room, in the background, as patiently as the network needs."""
        self.closed.discard(room)
        if room not in self._entering:
            task = asyncio.create_task(self._enter(room, list(via), host if direct else ""))
            self._entering[room] = task
            task.add_done_callback(lambda _task: self._entering.pop(room, None))

    async def _enter(self, room: str, via: list[str], partner: str) -> None:
        for attempt in range(_MOST_TRIES):
            try:
                if partner:
                    await self.note_direct(partner, room)
                query = "&".join(f"{name}={part(server)}" for server in via for name in ("via", "server_name"))
                await self._server.ask("POST", f"/v3/join/{part(room)}" + (f"?{query}" if query else ""), {}, seconds=120)
                return
            except Problem as problem:
                log.warning("joining failed", platform="matrix", error=problem.code, attempts=attempt + 1)
                if problem.status in (400, 403, 404):
                    self.closed.add(room)
                    return
                wait = problem.patience
            except (aiohttp.ClientError, OSError) as problem:
                log.warning("joining failed", platform="matrix", error=type(problem).__name__, attempts=attempt + 1)
                wait = 0.0
            await asyncio.sleep(wait or min(2.0**attempt, _LONGEST_WAIT))
        self.closed.add(room)

    async def leave(self, room: str) -> None:
        """Walk out of a room; if copbot is out already, all the better."""
        try:
            await self._server.ask("POST", f"/v3/rooms/{part(room)}/leave", {})
        except Problem as problem:
            if problem.status not in (403, 404):
                raise

    def close(self) -> None:
        """Stop trying."""
        for task in list(self._entering.values()):
            task.cancel()
