"""The keys do what they should: each event is read as what it is, by whom it is, once; and what is let go of stays closed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import vodozemac
from nio.crypto import InboundGroupSession, OlmDevice

from copbot.adapters.matrix.cryptostore import CryptoStore, open_store
from copbot.adapters.matrix.machine import Forged, Locked, Machine

ALICE, ROOM = "@alice:example.org", "!room"


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Copbot's keys."""
    store = open_store(tmp_path / "keys", "@copbot:example.org", "BOT", "pickle key")
    yield Machine("@copbot:example.org", "BOT", store)
    store.close()


class Writer:
    """A device of Alice's, whose key copbot has been given."""

    def __init__(self, machine: Machine) -> None:
        account = vodozemac.Account()
        self.curve, self.fingerprint = account.curve25519_key.to_base64(), account.ed25519_key.to_base64()
        keys = {"ed25519": self.fingerprint, "curve25519": self.curve}
        machine.device_store.add(OlmDevice(ALICE, "ALICES", keys))
        self._group = vodozemac.GroupSession()
        machine.create_group_session(
            self.curve, self.fingerprint, ROOM, self._group.session_id, self._group.session_key.to_base64()
        )

    def writes(self, text: str, event: str, room: str = ROOM) -> dict[str, Any]:
        clear = {"type": "m.room.message", "content": {"body": text}, "room_id": room}
        ciphertext = self._group.encrypt(json.dumps(clear).encode()).to_base64()
        content = {"session_id": self._group.session_id, "ciphertext": ciphertext}
        return {"type": "m.room.encrypted", "event_id": event, "sender": ALICE, "room_id": ROOM, "content": content}


def key(machine: Machine, event: dict[str, Any]) -> InboundGroupSession:
    (session,) = machine.sessions(ROOM, event["content"]["session_id"])
    return session


def read(machine: Machine, event: dict[str, Any]) -> str:
    return str(machine.read(key(machine, event), event)["content"]["body"])


def test_an_event_is_read_again_as_itself_and_never_played_back_as_another(machine: Machine) -> None:
    event = Writer(machine).writes("hello", "$1")
    assert read(machine, event) == read(machine, event) == "hello"
    with pytest.raises(Forged):
        read(machine, {**event, "event_id": "$2"})


def test_what_was_written_for_another_room_is_a_fake(machine: Machine) -> None:
    with pytest.raises(Forged):
        read(machine, Writer(machine).writes("hello", "$1", room="!other"))


def test_a_key_belongs_to_the_person_whose_device_made_it(machine: Machine) -> None:
    session = key(machine, Writer(machine).writes("hello", "$1"))
    assert machine.made(ALICE, session)
    assert not machine.made("@bo:example.org", session)
    assert not machine.made("@alice:elsewhere.org", session)


def test_what_was_said_is_closed_once_its_keys_are_let_go_and_what_comes_is_read(machine: Machine, tmp_path: Path) -> None:
    alice = Writer(machine)
    before = [alice.writes(f"secret {number}", f"${number}") for number in range(3)]
    for event in before:
        read(machine, event)
    machine.new_outbound(ROOM, {})
    machine.forget(ROOM)
    assert ROOM not in machine.outbound_group_sessions
    for event in before:
        with pytest.raises(Locked):
            read(machine, event)
    after = alice.writes("still here", "$after")
    assert read(machine, after) == "still here"
    again = Machine("@copbot:example.org", "BOT", machine.store)
    assert read(again, alice.writes("after a restart too", "$later")) == "after a restart too"
    with pytest.raises(Locked):
        read(again, before[-1])


def test_a_key_that_nothing_was_read_with_is_let_go_altogether(machine: Machine) -> None:
    event = Writer(machine).writes("never read", "$1")
    machine.forget(ROOM)
    assert machine.sessions(ROOM, event["content"]["session_id"]) == []


WHEN = "2026-03-04 05:06:07.080900"


def speaks_with(machine: Machine) -> OlmDevice:
    """A device of Alice's that copbot has begun to speak with, twice: its first session went wrong."""
    account = vodozemac.Account()
    account.generate_one_time_keys(2)
    curve = account.curve25519_key.to_base64()
    device = OlmDevice(ALICE, account.curve25519_key.to_base64(), {"ed25519": "", "curve25519": curve})
    for key in account.one_time_keys.values():
        machine.create_session(key.to_base64(), curve)
    return device


def rows(store: CryptoStore) -> list[tuple[str, ...]]:
    query = "SELECT session_id, creation_time, last_usage_date FROM olmsessions ORDER BY rowid"
    return list(store.database.execute_sql(query).fetchall())


def test_the_file_of_keys_does_not_tell_when_somebody_was_spoken_with_nor_who_was_last(machine: Machine) -> None:
    first, _second = speaks_with(machine), speaks_with(machine)
    before = rows(machine.store)
    machine.new_outbound(ROOM, {})
    machine.hand_over(ROOM, [first])
    assert rows(machine.store) == before
    assert len(before) == 4
    assert {date[:10] for _id, *dates in before for date in dates} == {"1970-01-01"}


def test_dates_that_the_file_of_keys_had_are_dropped(machine: Machine, tmp_path: Path) -> None:
    speaks_with(machine)
    machine.store.database.execute_sql("UPDATE olmsessions SET (creation_time, last_usage_date) = (?, ?)", 2 * (WHEN,))
    machine.store.close()
    open_store(tmp_path / "keys", "@copbot:example.org", "BOT", "pickle key").close()
    assert WHEN.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_after_a_restart_copbot_speaks_on_in_the_newest_session(machine: Machine, tmp_path: Path) -> None:
    device = speaks_with(machine)
    newest = machine.session_store.get(device.curve25519).id
    machine.store.close()
    again = Machine("@copbot:example.org", "BOT", open_store(tmp_path / "keys", "@copbot:example.org", "BOT", "pickle key"))
    assert again.session_store.get(device.curve25519).id == newest
    again.new_outbound(ROOM, {})
    assert again.hand_over(ROOM, [device])["messages"][ALICE]
    again.store.close()


def test_keys_in_the_file_open_with_the_accounts_own_key_alone(machine: Machine, tmp_path: Path) -> None:
    store = open_store(tmp_path / "keys", "@copbot:example.org", "BOT", "another key")
    with pytest.raises(vodozemac.LibolmPickleException):
        store.load_account()
    store.close()
