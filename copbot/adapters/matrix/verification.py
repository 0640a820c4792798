"""Verification by emoji, begun by a member from their client, between devices or in the private chat.

Copbot cannot look at two screens. It shows its emoji in the private chat and confirms once the member has; what a member
verifies this way is that copbot is copbot. It does not make copbot trust a device more: see identities.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nio.crypto import OlmDevice
from nio.event_builders import ToDeviceMessage
from nio.events import KeyVerificationKey, KeyVerificationMac, KeyVerificationStart

from copbot.adapters.matrix.machine import Machine
from copbot.adapters.matrix.sas import Repaired

Json = dict[str, Any]

_PREFIX = "m.key.verification."
_METHOD = "m.sas.v1"

#: So many comparisons are under way at once; when more begin, the oldest is let go.
_MOST = 50


@dataclass
class Talk:
    """One comparison: with whom, and in which room if not between devices."""

    user: str
    device: str
    transaction: str
    room: str = ""
    sas: Repaired | None = None


class Verification:
    """Takes the other side's events and says what copbot's side answers, into `say` for rooms or the machine for devices."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._talks: dict[str, Talk] = {}
        self._postponed: list[Json] = []
        self.unknown: set[str] = set()
        self.master = ""
        self.say: Callable[[str, str, Json], None] = lambda _room, _kind, _content: None
        self.show: Callable[[str, str, str], None] = lambda _user, _room, _emoji: None

    @staticmethod
    def concerns(event: Json) -> bool:
        """Tell whether the event is part of a comparison."""
        if event.get("type") == "m.room.message":
            return bool(event.get("content", {}).get("msgtype") == _PREFIX + "request")
        return str(event.get("type")).startswith(_PREFIX)

    def retry(self) -> None:
        """Take what had to wait until a device was known."""
        postponed, self._postponed, self.unknown = self._postponed, [], set()
        for event in postponed:
            self.take(event, last_try=True)

    def take(self, event: Json, *, last_try: bool = False) -> None:
        """Do what the event asks for. Raises KeyError, TypeError or the like where it is malformed."""
        content, user = event["content"], event["sender"]
        transaction = _transaction(event)
        if user == self._machine.user_id and content.get("from_device") == self._machine.device_id:
            return
        match event["type"].removeprefix(_PREFIX):
            case "request" | "m.room.message":
                self._requested(event, transaction)
            case "start":
                self._started(event, transaction, last_try=last_try)
            case "key" if talk := self._talk(user, transaction):
                self._key(talk, event)
            case "mac" if talk := self._talk(user, transaction):
                self._mac(talk, event)
            case "cancel" | "done" if self._talk(user, transaction):
                del self._talks[transaction]

    def _talk(self, user: str, transaction: str) -> Talk | None:
        talk = self._talks.get(transaction)
        return talk if talk and talk.user == user else None

    def _begin(self, talk: Talk) -> None:
        self._talks[talk.transaction] = talk
        while len(self._talks) > _MOST:
            self._talks.pop(next(iter(self._talks)))

    def _requested(self, event: Json, transaction: str) -> None:
        content = event["content"]
        if event["type"] == "m.room.message" and content.get("to") != self._machine.user_id:
            return
        if _METHOD not in content["methods"]:
            return
        talk = Talk(event["sender"], content["from_device"], transaction, event.get("room_id", ""))
        self._begin(talk)
        self._answer(talk, "ready", {"from_device": self._machine.device_id, "methods": [_METHOD]})

    def _started(self, event: Json, transaction: str, *, last_try: bool) -> None:
        content, user = event["content"], event["sender"]
        talk = self._talk(user, transaction) or Talk(user, content["from_device"], transaction)
        device = self._machine.device_store[user].get(content["from_device"])
        if device is None:
            if not last_try:
                self.unknown.add(user)
                self._postponed.append(event)
            return
        talk.sas = self._answering(device, event, transaction)
        self._begin(talk)
        if talk.sas.canceled:
            self._give_up(talk)
        else:
            self._answer(talk, "accept", talk.sas.accept_verification().content)

    def _answering(self, device: OlmDevice, event: Json, transaction: str) -> Repaired:
        machine = self._machine
        start = KeyVerificationStart.from_dict({**event, "content": {**event["content"], "transaction_id": transaction}})
        start.source = event  # the commitment is to what was really said
        return Repaired.answering(machine.user_id, machine.device_id, machine.fingerprint, device, start)

    def _key(self, talk: Talk, event: Json) -> None:
        sas = _under_way(talk)
        sas.receive_key_event(KeyVerificationKey.from_dict(_with_transaction(event, talk)))
        if sas.canceled:
            self._give_up(talk)
            return
        self._answer(talk, "key", sas.share_key().content)
        self.show(talk.user, talk.room, " ".join(emoji for emoji, _name in sas.get_emoji()))

    def _mac(self, talk: Talk, event: Json) -> None:
        sas = _under_way(talk)
        sas.receive_mac_event(KeyVerificationMac.from_dict(_with_transaction(event, talk)))
        if sas.canceled:
            self._give_up(talk)
            return
        sas.accept_sas()
        machine = self._machine
        keys = {f"ed25519:{machine.device_id}": machine.fingerprint}
        if self.master:
            keys[f"ed25519:{self.master}"] = self.master
        self._answer(talk, "mac", sas.macs(keys))
        self._answer(talk, "done", {})

    def _give_up(self, talk: Talk) -> None:
        if talk.sas and talk.sas.cancel_code:
            self._answer(talk, "cancel", talk.sas.get_cancellation().content)
        self._talks.pop(talk.transaction, None)

    def _answer(self, talk: Talk, step: str, content: Json) -> None:
        content = {name: value for name, value in content.items() if name != "transaction_id"}
        if talk.room:
            relation = {"rel_type": "m.reference", "event_id": talk.transaction}
            self.say(talk.room, _PREFIX + step, {**content, "m.relates_to": relation})
        else:
            whole = {**content, "transaction_id": talk.transaction}
            message = ToDeviceMessage(_PREFIX + step, talk.user, talk.device, whole)
            self._machine.outgoing_to_device_messages.append(message)


def _transaction(event: Json) -> str:
    """The name of a comparison: in a room it is the id of the event that asked for it."""
    if event["type"] == "m.room.message":
        return str(event["event_id"])
    content = event["content"]
    return str(content["m.relates_to"]["event_id"] if "room_id" in event else content["transaction_id"])


def _with_transaction(event: Json, talk: Talk) -> Json:
    return {**event, "content": {**event["content"], "transaction_id": talk.transaction}}


def _under_way(talk: Talk) -> Repaired:
    if talk.sas is None:
        raise ValueError("not begun")
    return talk.sas
