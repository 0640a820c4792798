"""People on the homeserver, each with a real client: they speak, react, invite, leave, and remember what they were shown."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from nio import AsyncClient, AsyncClientConfig, Event, KeysClaimError, MegolmEvent, SyncResponse
from nio.crypto.attachments import decrypt_attachment
from nio.store import SqliteStore
from peewee import SqliteDatabase

from tests.matrix.loop import PATIENCE, Bell, Loop
from tests.matrix.synapse import Account, Synapse

ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
_FILTER = {"room": {"timeline": {"limit": 500}}, "presence": {"types": []}}


@dataclass
class Heard:
    """Something that a client showed, in the clear. `kind` is m.room.encrypted as long as it cannot be read."""

    room: str
    id: str
    sender: str
    kind: str
    content: dict[str, Any] = field(repr=False)
    decrypted: bool
    state_key: str | None = None

    @property
    def text(self) -> str:
        """What it says, no-break spaces as plain ones."""
        return str(self.content.get("body", "")).replace("\u00a0", " ").replace("\u202f", " ")

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and its text but a name."""
        return self.content.get("msgtype") in ("m.file", "m.image", "m.audio", "m.video")

    @property
    def relation(self) -> dict[str, Any]:
        """What it has to do with another one."""
        return dict(self.content.get("m.relates_to") or {})


class Forgetful(SqliteStore):
    """A crypto store that is gone with the client; it writes no more than it must."""

    def _create_database(self) -> SqliteDatabase:
        return SqliteDatabase(":memory:", pragmas={"foreign_keys": 1})

    def _get_account(self) -> Any:
        if (account := self.__dict__.get("_kept")) is None:
            account = self.__dict__["_kept"] = super()._get_account()
        return account

    def save_account(self, account: Any) -> None:
        super().save_account(account)
        self.__dict__.pop("_kept", None)

    def save_encrypted_rooms(self, rooms: Any) -> None:
        if rooms:
            super().save_encrypted_rooms(rooms)


class Member:
    """Somebody with a client. Verbs return once the homeserver has taken it; `hears` waits."""

    def __init__(self, loop: Loop, synapse: Synapse, name: str, *, shown: str = "", accepting: bool = False) -> None:
        """`shown` is the name that others see; `accepting`: goes wherever they are invited."""
        self.name = name
        self.account: Account = synapse.register(name, shown=shown)
        self._accepting = accepting
        self.id = self.account.id
        self.heard: list[Heard] = []
        self.invitations: list[str] = []
        self.bell = Bell()
        self._speaking = asyncio.Lock()
        self._loop, self._synapse = loop, synapse
        self._unread: dict[str, MegolmEvent] = {}
        self.run(self._start())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run(work)

    # What they do

    def opens(self, *others: str, encrypted: bool = True, version: str = "12", **more: Any) -> str:
        """A new room, with these people invited; answers its id."""
        body = {
            "preset": "private_chat",
            "invite": list(others),
            "room_version": version,
            "initial_state": [ENCRYPTED] if encrypted else [],
            **more,
        }
        room: str = self.run(self.asks("POST", "/createRoom", body))["room_id"]
        self.run(self.bell.until(lambda: room in self.client.rooms, "my own room"))
        return room

    def joins(self, room: str) -> None:
        self.run(self.asks("POST", f"/join/{quote(room)}", {}))
        self.run(self.bell.until(lambda: room in self.client.rooms, "the room I joined"))

    def leaves(self, room: str) -> None:
        self.run(self.asks("POST", f"/rooms/{quote(room)}/leave", {}))

    def does(self, what: str, room: str, who: str) -> None:
        """invite, kick, ban or unban somebody."""
        self.run(self.asks("POST", f"/rooms/{quote(room)}/{what}", {"user_id": who}))

    def sets(self, room: str, kind: str, content: dict[str, Any], key: str = "") -> None:
        """A piece of the room's state."""
        self.run(self.asks("PUT", f"/rooms/{quote(room)}/state/{kind}/{quote(key)}", content))

    def state(self, room: str, kind: str, key: str = "") -> Any:
        return self.run(self.asks("GET", f"/rooms/{quote(room)}/state/{kind}/{quote(key)}"))

    def says(self, room: str, text: str, *, to: str = "", thread: str = "", msgtype: str = "m.text", **content: Any) -> str:
        """`to` is the event answered, `thread` the one that the thread hangs on. Answers the event."""
        relation: dict[str, Any] = {"rel_type": "m.thread", "event_id": thread} if thread else {}
        if to:
            relation["m.in_reply_to"] = {"event_id": to}
        if relation:
            content["m.relates_to"] = relation
        return self.puts(room, "m.room.message", {"msgtype": msgtype, "body": text, **content})

    def edits(self, room: str, event: str, text: str) -> str:
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        return self.says(room, f"* {text}", **{"m.new_content": new, "m.relates_to": relation})

    def reacts(self, room: str, event: str, emoji: str) -> str:
        relation = {"rel_type": "m.annotation", "event_id": event, "key": emoji}
        return self.puts(room, "m.reaction", {"m.relates_to": relation})

    def removes(self, room: str, event: str) -> str:
        return str(self.run(self.asks("PUT", f"/rooms/{quote(room)}/redact/{quote(event)}/{uuid4()}", {}))["event_id"])

    def puts(self, room: str, kind: str, content: dict[str, Any]) -> str:
        """Any event, encrypted where the room is."""
        return str(self.run(self.put(room, kind, content)))

    async def put(self, room: str, kind: str, content: dict[str, Any]) -> str:
        await self.bell.until(lambda: room in self.client.rooms, "a room to speak in")
        async with self._speaking:  # nio loses its way where two messages at once find that a new key is due
            answer = await self.client.room_send(room, kind, content, ignore_unverified_devices=True)
        event: str | None = getattr(answer, "event_id", None)
        assert event, answer
        return event

    def upgrades(self, room: str, version: str) -> str:
        return str(self.run(self.asks("POST", f"/rooms/{quote(room)}/upgrade", {"new_version": version}))["replacement_room"])

    def accepts(self, found: Callable[[str], bool] = lambda _room: True) -> str:
        """Joins the next room somebody invited them to."""
        wanted = lambda: next((room for room in self.invitations if found(room)), None)  # noqa: E731
        room: str = self.run(self.bell.until(wanted, f"an invitation for {self.name}"))
        self.invitations.remove(room)
        self.joins(room)
        return room

    # What they see

    def hears(self, *parts: str, room: str = "", by: str = "", after: int = 0, patience: float = PATIENCE) -> Heard:
        """The first message from somebody else, from number `after` on, that holds each part."""
        return self.sees(
            lambda one: (
                one.kind == "m.room.message"
                and one.sender != self.id
                and (not room or one.room == room)
                and (not by or one.sender == by)
                and all(part in one.text for part in parts)
            ),
            " … ".join(parts) or "anything",
            after=after,
            patience=patience,
        )

    def sees(self, found: Callable[[Heard], bool], what: str, *, after: int = 0, patience: float = PATIENCE) -> Heard:
        """The first event, from number `after` on, for which `found` is true."""
        wanted = lambda: next((one for one in self.heard[after:] if found(one)), None)  # noqa: E731
        try:
            heard: Heard = self.run(self.bell.until(wanted, f"{what!r}, for {self.name}", patience))
        except AssertionError as never:
            raise AssertionError(f"{never}; what came last: {[one.text for one in self.heard[-5:]]}") from None
        return heard

    def texts(self, room: str, by: str = "") -> list[str]:
        """All that was said there."""
        spoken = [one for one in self.heard if one.room == room and one.kind == "m.room.message"]
        return [one.text for one in spoken if not by or one.sender == by]

    def waits(self, found: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
        """Until it is so, looked at whenever something is heard."""
        return self.run(self.bell.until(found, what, patience))

    def unread(self) -> list[str]:
        """Events whose keys never came."""
        return list(self._unread)

    def knows(self, room: str, who: str) -> bool:
        """Whether that person is in the room and, where it is encrypted, a device of theirs is known."""
        known = self.client.rooms.get(room)
        if known is None or who not in known.users or who in known.invited_users:
            return False
        return not known.encrypted or any(True for _device in self.client.device_store.active_user_devices(who))

    def meets(self, room: str, who: str) -> None:
        """Waits until copbot (or whoever) is there and can be written to."""
        self.run(self.bell.until(lambda: self.knows(room, who), f"{who} in the room"))

    def sends_file(self, room: str, name: str, media_type: str, content: bytes, *, encrypted: bool) -> str:
        """A file, as clients send it."""

        async def send() -> str:
            kind = "application/octet-stream" if encrypted else media_type
            answer, keys = await self.client.upload(
                BytesIO(content), content_type=kind, filename=name, encrypt=encrypted, filesize=len(content)
            )
            where = {"file": {"url": answer.content_uri, **(keys or {})}} if encrypted else {"url": answer.content_uri}
            info = {"mimetype": media_type, "size": len(content)}
            said = {"msgtype": "m.image", "body": name, "filename": name, "info": info, **where}
            return await self.put(room, "m.room.message", said)

        return str(self.run(send()))

    def opens_file(self, heard: Heard) -> bytes:
        """What is in a file that was heard."""
        return bytes(self.run(self.fetch(heard)))

    async def fetch(self, heard: Heard) -> bytes:
        locked = heard.content.get("file")
        answer = await self.client.download(locked["url"] if locked else heard.content["url"])
        body: bytes = answer.body
        return decrypt_attachment(body, locked["key"]["k"], locked["hashes"]["sha256"], locked["iv"]) if locked else body

    # How it works

    async def asks(self, method: str, path: str, body: Any = None) -> Any:
        """The homeserver's answer to a call that nio has no word for."""
        headers = {"Authorization": f"Bearer {self.account.token}"}
        session = self.client.client_session
        assert session
        url = f"{self._synapse.url}/_matrix/client/v3{path}"
        async with session.request(method, url, json=body, headers=headers) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def _start(self) -> None:
        config = AsyncClientConfig(store=Forgetful, encryption_enabled=True, request_timeout=45)
        self.client = AsyncClient(self._synapse.url, self.id, store_path="memory", config=config)
        self.client.restore_login(self.id, self.account.device, self.account.token)
        await self._sync(0)
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            try:
                await self._sync(30_000)
            except (OSError, TimeoutError):  # the homeserver is being started anew
                await asyncio.sleep(0.1)

    async def _sync(self, patience: int) -> None:
        answer = await self.client.sync(patience, sync_filter=_FILTER)
        if not isinstance(answer, SyncResponse):
            await asyncio.sleep(0.1)
            return
        await self._look_after_keys()
        for room, news in answer.rooms.join.items():
            for event in news.timeline.events:
                self._note(room, event)
        await self._invited([room for room in answer.rooms.invite if room not in self.invitations])
        if answer.to_device_events:
            self._try_again()
        self.bell.ring()

    async def _invited(self, rooms: list[str]) -> None:
        if self._accepting:
            for room in rooms:
                await self.asks("POST", f"/join/{quote(room)}", {})
        else:
            self.invitations += rooms

    async def _look_after_keys(self) -> None:
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()
        if self.client.should_claim_keys:
            claimed = await self.client.keys_claim(self.client.get_users_for_key_claiming())
            assert not isinstance(claimed, KeysClaimError), claimed
        if self.client.outgoing_to_device_messages:
            await self.client.send_to_device_messages()

    def _note(self, room: str, event: Event) -> None:
        if isinstance(event, MegolmEvent):
            self._unread[event.event_id] = event
        source = event.source
        self.heard.append(
            Heard(
                room,
                source["event_id"],
                source["sender"],
                source["type"],
                source["content"],
                bool(getattr(event, "decrypted", False)),
                source.get("state_key"),
            )
        )

    def _try_again(self) -> None:
        """A key may have come late."""
        for id, event in list(self._unread.items()):
            with contextlib.suppress(Exception):
                clear = self.client.decrypt_event(event)
                del self._unread[id]
                self._note(event.room_id, clear)

    async def stop(self) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self.client.close()


class People:
    """Makes members: `people("alice")`."""

    def __init__(self, loop: Loop, synapse: Synapse) -> None:
        self._loop, self._synapse = loop, synapse
        self._made: list[Member] = []

    def __call__(self, name: str, *, shown: str = "") -> Member:
        self._made.append(Member(self._loop, self._synapse, name, shown=shown))
        return self._made[-1]

    def go_home(self) -> None:
        for member in self._made:
            self._loop.run(member.stop())


@pytest.fixture
def people(loop: Loop, synapse: Synapse) -> Iterator[People]:
    """Members of this test alone."""
    people = People(loop, synapse)
    yield people
    people.go_home()
