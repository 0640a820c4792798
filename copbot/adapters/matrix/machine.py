"""nio's Olm machine, with what a bot needs besides: fallback keys, keys from those who made them, keys to let go of."""

import base64
import json
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import vodozemac
from nio.api import Api
from nio.crypto import InboundGroupSession, Olm, OlmDevice
from nio.event_builders import RoomKeyRequestMessage, ToDeviceMessage
from nio.events import ForwardedRoomKeyEvent

Json = dict[str, Any]

MEGOLM = "m.megolm.v1.aes-sha2"

#: So many messages are remembered, so that none is played back as another.
_REMEMBERED = 20_000


class Forged(ValueError):
    """An enciphered event is not what it says it is."""


class Locked(Exception):
    """The key to an enciphered event is missing, or begins after it."""


class Machine(Olm):  # type: ignore[misc]
    """All the keys of this device, in memory and in the store."""

    def __init__(self, user_id: str, device_id: str, store: Any) -> None:
        super().__init__(user_id, device_id, store)
        self._seen: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._furthest: dict[str, int] = {}
        self._first_keys: dict[str, str] = {}

    # Reading

    def sessions(self, room: str, session: str) -> list[InboundGroupSession]:
        """The keys of this name for this room; several only where somebody passes off another's as their own."""
        return [by_id[session] for by_id in self.inbound_group_store[room].values() if session in by_id]

    def made(self, user: str, session: InboundGroupSession) -> bool:
        """Tell whether a device of this person made the key, were it one that is gone since."""
        own = self.account.identity_keys
        if user == self.user_id and (own["curve25519"], own["ed25519"]) == (session.sender_key, session.ed25519):
            return True
        return any(
            (device.curve25519, device.ed25519) == (session.sender_key, session.ed25519)
            for device in self.device_store[user].values()
        )

    def read(self, session: InboundGroupSession, event: Json) -> Json:
        """The event in the clear. Raises Forged, or Locked where the key begins after it."""
        room, content = event["room_id"], event["content"]
        try:
            plain, index = session.decrypt(content["ciphertext"])
            clear = json.loads(plain)
        except vodozemac.MegolmDecryptionException as problem:
            raise Locked from problem
        except (vodozemac.DecodeException, ValueError) as problem:
            raise Forged from problem
        if not isinstance(clear, dict) or not isinstance(clear.get("content"), dict) or clear.get("room_id") != room:
            raise Forged
        if self._seen.setdefault((session.id, index), event["event_id"]) != event["event_id"]:
            raise Forged  # played back
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        self._furthest[session.id] = max(index, self._furthest.get(session.id, 0))
        outer = content.get("m.relates_to")
        if outer and "m.relates_to" not in clear["content"]:
            clear["content"]["m.relates_to"] = outer
        return {**event, "type": clear["type"], "content": clear["content"]}

    # Keys of others

    def request_key(self, room: str, session: str, user: str, device: str) -> None:
        """Ask the device that wrote something for the key to it, once."""
        if session in self.outgoing_key_requests:
            return
        body = {"algorithm": MEGOLM, "room_id": room, "session_id": session, "sender_key": ""}
        content = {"action": "request", "body": body, "request_id": session, "requesting_device_id": self.device_id}
        self.outgoing_to_device_messages.append(
            RoomKeyRequestMessage("m.room_key_request", user, device or "*", content, session, session, room, MEGOLM)
        )

    def _should_accept_forward(self, sender: str, sender_key: str, event: ForwardedRoomKeyEvent) -> bool:
        """A key that was asked for is taken from copbot's own devices, as in nio, and from the device that made it."""
        asked = self.outgoing_key_requests.get(event.session_id)
        made_it = event.source.get("content", {}).get("sender_key") == sender_key
        if asked and asked.room_id == event.room_id and made_it:
            return self.device_store.device_from_sender_key(sender, sender_key) is not None
        return bool(super()._should_accept_forward(sender, sender_key, event))

    # Keys for others

    def new_outbound(self, room: str, rules: Json) -> Any:
        """A fresh key to write with in this room."""
        self._drop_outbound(room)
        self.create_outbound_group_session(room)
        session = self.outbound_group_sessions[room]
        most = rules.get("rotation_period_msgs")
        session.max_messages = most if isinstance(most, int) and most > 0 else session.max_messages
        self._first_keys[session.id] = session.session_key
        return session

    def hand_over(self, room: str, devices: Iterable[OlmDevice], *, from_the_start: bool = False) -> Json:
        """The present key of this room enciphered for each device, as the body of a request."""
        session = self.outbound_group_sessions[room]
        key = self._first_keys[session.id] if from_the_start else session.session_key
        content = {"algorithm": MEGOLM, "room_id": room, "session_id": session.id, "session_key": key}
        messages: Json = {}
        with self.store.together():
            for device in devices:
                olm = self.session_store.get(device.curve25519)
                enciphered = self._olm_encrypt(olm, device, "m.room_key", content)
                messages.setdefault(device.user_id, {})[device.id] = enciphered
        return {"messages": messages}

    def answer_requests(self) -> None:
        """Give the present key of a room again to devices that had it and ask; copbot's own devices as nio does it."""
        for request in list(self.received_key_requests.values()):
            session = self.outbound_group_sessions.get(getattr(request, "room_id", ""))
            device = self.device_store[request.sender].get(request.requesting_device_id)
            if session is None or device is None or session.id != request.session_id:
                continue
            if (device.user_id, device.id) in session.users_shared_with and self.session_store.get(device.curve25519):
                body = self.hand_over(request.room_id, [device], from_the_start=True)
                content = body["messages"][device.user_id][device.id]
                self.outgoing_to_device_messages.append(ToDeviceMessage("m.room.encrypted", device.user_id, device.id, content))
        self.collect_key_requests()

    def fallback_key(self) -> Json:
        """A key for those who come when all others are used up, as it is uploaded."""
        account = self.account._account  # nio has no word for it, vodozemac has
        account.generate_fallback_key()
        keys: Json = {}
        for name, key in account.fallback_key.items():
            signed: Json = {"key": key.to_base64(), "fallback": True}
            signed["signatures"] = {self.user_id: {f"ed25519:{self.device_id}": self.sign_json(dict(signed))}}
            keys[f"signed_curve25519:{name}"] = signed
        return keys

    @property
    def fingerprint(self) -> str:
        """By which people tell this device from another."""
        return str(self.account.identity_keys["ed25519"])

    # Letting go

    def forget(self, room: str) -> None:
        """Let go of every key to what was said in this room, and keep what opens what is still to come."""
        self._drop_outbound(room)
        own = self.account.identity_keys["curve25519"]
        kept = [
            self._from_now_on(session)
            for by_id in self.inbound_group_store[room].values()
            for session in by_id.values()
            if session.sender_key != own and session.id in self._furthest
        ]
        self.inbound_group_store[room].clear()
        with self.store.together():
            self.store.drop_sessions(room)
            for session in kept:
                self.inbound_group_store.add(session)
                self.store.save_inbound_group_session(session)
        self.store.wipe()

    def _drop_outbound(self, room: str) -> None:
        if session := self.outbound_group_sessions.pop(room, None):
            self._first_keys.pop(session.id, None)

    def _from_now_on(self, session: InboundGroupSession) -> InboundGroupSession:
        """The same key, wound forward past the last message that was read with it: it cannot be wound back."""
        return InboundGroupSession.import_session(
            session.export_session(self._furthest[session.id] + 1), session.ed25519, session.sender_key, session.room_id
        )


def signed_by(body: Json, user: str, public_key: str) -> bool:
    """Tell whether this person's key signed the body."""
    signature = body.get("signatures", {}).get(user, {}).get(f"ed25519:{public_key}", "")
    unsigned = {name: value for name, value in body.items() if name not in ("signatures", "unsigned")}
    try:
        key = vodozemac.Ed25519PublicKey.from_base64(public_key)
        key.verify_signature(Api.to_canonical_json(unsigned).encode(), vodozemac.Ed25519Signature.from_base64(signature))
    except (vodozemac.SignatureException, vodozemac.KeyException, ValueError):
        return False
    return True


def in_letters(raw: bytes) -> str:
    """Unpadded base64, as Matrix writes bytes."""
    return base64.b64encode(raw).decode().rstrip("=")
