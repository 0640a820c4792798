"""Encryption as the adapter uses it: keys exchanged with the homeserver and with devices, events enciphered and deciphered."""

import asyncio
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import structlog
from nio.crypto import OlmDevice
from nio.events import ForwardedRoomKeyEvent, RoomKeyEvent, ToDeviceEvent
from nio.responses import KeysClaimResponse, KeysQueryResponse, KeysUploadResponse, ToDeviceResponse

from copbot.adapters.matrix.account import Account
from copbot.adapters.matrix.cryptostore import open_store
from copbot.adapters.matrix.discretion import may_tell
from copbot.adapters.matrix.homeserver import Homeserver, Json, Problem
from copbot.adapters.matrix.identities import Identities
from copbot.adapters.matrix.machine import Locked, Machine
from copbot.adapters.matrix.rooms import Room
from copbot.adapters.matrix.verification import Verification

log = structlog.get_logger()

Trust = Literal["all", "verified"]

#: So many devices are handed a key in one request.
_AT_ONCE = 20

#: Answers of the homeserver after which asking again is of no use.
_HOPELESS = (400, 403, 404)

#: Seconds before a homeserver that did not answer is asked for its people's devices again.
_UNANSWERED = 60.0

#: Seconds for which a device that has no keys to offer is left alone.
_LEFT_ALONE = 600.0


class Cipher:
    """The keys of copbot's device, and what is done with them. All of it runs on the event loop's thread."""

    def __init__(self, account: Account, store: Path, server: Homeserver, trust: Trust) -> None:
        self._server = server
        self._trust = trust
        self._store = open_store(store, account.user, account.device, account.pickle_key)
        self.machine = Machine(account.user, account.device, self._store)
        self.identities = Identities(self._store)
        self.verification = Verification(self.machine)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._empty: dict[tuple[str, str], float] = {}
        self._unanswered: dict[str, float] = {}
        self._unused_fallback = True
        self.encrypted: set[str] = self._store.load_encrypted_rooms()

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    # What a sync brings

    def take(self, answer: Json) -> set[tuple[str, str]]:
        """Keep what came for this device before the cursor moves past it; answers the keys that are new, as (room, session)."""
        changed = answer.get("device_lists", {}).get("changed", [])
        self.machine.add_changed_users({user for user in changed if user in self.machine.tracked_users})
        if "device_one_time_keys_count" in answer:
            self.machine.uploaded_key_count = answer["device_one_time_keys_count"].get("signed_curve25519", 0)
        self._unused_fallback = bool(answer.get("device_unused_fallback_key_types", ["unknown"]))
        events = answer.get("to_device", {}).get("events", [])
        if not events:
            return set()
        with self._store.together():
            return {key for event in events for key in self._received(event)}

    def _received(self, raw: Json) -> list[tuple[str, str]]:
        try:
            if self.verification.concerns(raw):
                self.verification.take(raw)
                return []
            event = ToDeviceEvent.parse_event(raw)
            found = self.machine.handle_to_device_event(event) if event else None
        except Exception as problem:
            _set_aside("to device", problem)
            return []
        return [(found.room_id, found.session_id)] if isinstance(found, RoomKeyEvent | ForwardedRoomKeyEvent) else []

    async def settle(self) -> None:
        """Answer what came: upload keys, look devices up, send what waits for other devices."""
        machine = self.machine
        await self.upload()
        if waiting := {*machine.users_for_key_query, *self.verification.unknown}:
            await self.learn(waiting)
            self._verify_on()
        machine.answer_requests()
        if machine.wedged_devices or machine.key_request_devices_no_session:
            await self._claim(machine.get_users_for_key_claiming())
            machine.answer_requests()
        await self._send_waiting()

    def _verify_on(self) -> None:
        try:
            self.verification.retry()
        except Exception as problem:
            _set_aside("verification", problem)

    async def _send_waiting(self) -> None:
        for message in list(self.machine.outgoing_to_device_messages):
            try:
                await self._send_to_device(message.type, message.as_dict())
            except Problem as problem:
                if problem.status not in _HOPELESS:
                    raise
                log.warning("keys not exchanged", platform="matrix", error=problem.code)
            self.machine.handle_response(ToDeviceResponse(message))

    async def upload(self) -> None:
        """Publish this device's keys where the homeserver lacks some; they are on the disk before."""
        machine = self.machine
        body: Json = machine.share_keys() if machine.should_upload_keys else {}
        if not self._unused_fallback or not machine.account.shared:
            body["fallback_keys"] = machine.fallback_key()
        if not body:
            return
        machine.save_account()
        try:
            answer = await self._server.ask("POST", "/v3/keys/upload", body)
        except Problem as problem:
            if problem.status in _HOPELESS and machine.account.shared:  # it has others under these names: make new ones
                machine.mark_keys_as_published()
                machine.save_account()
            raise
        count = answer.get("one_time_key_counts", {}).get("signed_curve25519", 0)
        machine.handle_response(KeysUploadResponse(0, count))
        self._unused_fallback = True

    # Devices

    async def learn(self, users: Iterable[str]) -> None:
        """Look up the devices of these people; those whose homeserver did not answer are left as they are for a minute."""
        now = time.monotonic()
        wanted = {user for user in users if now - self._unanswered.get(user, -_UNANSWERED) >= _UNANSWERED}
        if not wanted:
            return
        answer = await self._server.ask("POST", "/v3/keys/query", {"device_keys": {user: [] for user in wanted}})
        known = answer.get("device_keys", {})
        self._unanswered |= dict.fromkeys(wanted - known.keys(), time.monotonic())
        for user, devices in known.items():
            try:
                whole = {device: keys for device, keys in devices.items() if _is_whole(user, device, keys)}
                self.machine.handle_response(KeysQueryResponse({user: whole}, {}))
                self.identities.learn(user, answer, whole)
            except Exception as problem:
                _set_aside("devices", problem)
                self.machine.users_for_key_query.discard(user)

    def _trusted(self, device: OlmDevice) -> bool:
        if device.blacklisted or (device.user_id, device.id) == (self.machine.user_id, self.machine.device_id):
            return False
        return self._trust == "all" or self.identities.signed(device)

    async def _claim(self, wanted: dict[str, list[str]]) -> None:
        """Begin to speak with devices copbot has not spoken with yet."""
        keys = {user: dict.fromkeys(devices, "signed_curve25519") for user, devices in wanted.items()}
        answer = await self._server.ask("POST", "/v3/keys/claim", {"one_time_keys": keys})
        for user, devices in answer.get("one_time_keys", {}).items():
            for device, key in devices.items():
                try:
                    self.machine.handle_response(KeysClaimResponse({user: {device: key}}, {}))
                except Exception as problem:
                    _set_aside("one-time key", problem)

    async def _send_to_device(self, kind: str, body: Json) -> None:
        await self._server.ask("PUT", f"/v3/sendToDevice/{kind}/{uuid.uuid4().hex}", body)

    # Events of rooms

    async def decipher(self, event: Json) -> Json:
        """The event in the clear, written by whom it says. Raises Locked, or Forged where it is a fake."""
        room, content = event["room_id"], event["content"]
        user = event["sender"]
        found = self.machine.sessions(room, content["session_id"])
        if not found:
            raise Locked
        if user not in self.machine.tracked_users:
            await self.learn([user])
        mine = [session for session in found if self.machine.made(user, session)]
        if not mine:
            await self.learn([user])  # a new device may have written
            mine = [session for session in found if self.machine.made(user, session)]
        if not mine:
            raise Locked  # whoever made this key, it cannot be shown that it was the sender
        return self.machine.read(mine[0], event)

    def ask_for_key(self, event: Json) -> None:
        """Ask the device that wrote this for its key; and start anew with that device if it can no longer be understood."""
        content = event["content"]
        self.machine.request_key(event["room_id"], content["session_id"], event["sender"], content.get("device_id", ""))

    async def encipher(self, room: Room, kind: str, content: Json) -> Json:
        """The content as it is sent, for all who may read it."""
        async with self._locks[room.id]:
            await self._share(room)
            enciphered: Json = self.machine.group_encrypt(room.id, {"type": kind, "content": content})
        if "m.relates_to" in content:
            enciphered["m.relates_to"] = content["m.relates_to"]
        return enciphered

    async def _share(self, room: Room) -> None:
        """See that every device that may read has the key to write with, and that no other has."""
        machine = self.machine
        readers = room.readers()
        if unknown := {user for user in readers if user not in machine.tracked_users or user in machine.users_for_key_query}:
            await self.learn(unknown)
        devices = {
            (user, device.id): device
            for user in readers
            for device in machine.device_store.active_user_devices(user)
            if self._trusted(device)
        }
        session = machine.outbound_group_sessions.get(room.id)
        if session is None or session.expired or session.users_shared_with - devices.keys():
            session = machine.new_outbound(room.id, room.encryption or {})
        missing = [device for name, device in devices.items() if name not in session.users_shared_with]
        if missing:
            await self._hand_over(room.id, missing)
        session.mark_as_shared()

    async def _hand_over(self, room: str, devices: list[OlmDevice]) -> None:
        machine, now = self.machine, time.monotonic()
        silent = [device for device in devices if not machine.session_store.get(device.curve25519)]
        claimed: dict[str, list[str]] = {}
        for device in silent:
            if now - self._empty.get((device.user_id, device.id), -_LEFT_ALONE) >= _LEFT_ALONE:
                claimed.setdefault(device.user_id, []).append(device.id)
        if claimed:
            await self._claim(claimed)
        for device in silent:
            if not machine.session_store.get(device.curve25519):
                self._empty.setdefault((device.user_id, device.id), now)
        ready = [device for device in devices if machine.session_store.get(device.curve25519)]
        session = machine.outbound_group_sessions[room]
        for first in range(0, len(ready), _AT_ONCE):
            some = ready[first : first + _AT_ONCE]
            await self._send_to_device("m.room.encrypted", machine.hand_over(room, some))
            session.users_shared_with.update((device.user_id, device.id) for device in some)

    def is_encrypted(self, room: Room) -> bool:
        """Tell whether nothing may be said here in the clear: once is for ever, whatever the homeserver says later."""
        if room.encryption is not None and room.id not in self.encrypted:
            self.encrypted.add(room.id)
            self._store.save_encrypted_rooms([room.id])
        return room.id in self.encrypted


def _set_aside(reason: str, problem: Exception) -> None:
    if may_tell():
        log.warning("event set aside", platform="matrix", reason=reason, error=type(problem).__name__)


def _is_whole(user: str, device: str, keys: Any) -> bool:
    if not isinstance(keys, dict) or (keys.get("user_id"), keys.get("device_id")) != (user, device):
        return False
    wanted = {"device_keys": {user: {device: keys}}, "failures": {}}
    return isinstance(KeysQueryResponse.from_dict(wanted), KeysQueryResponse)
