"""Encryption as people meet it: keys that stay, come late or are let go, devices that are trusted, emoji that are compared."""

import asyncio
import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from nio.event_builders import ToDeviceMessage
from nio.store import SqliteStore

from copbot.adapters.matrix.machine import Locked
from copbot.vocabulary import Illegible, Outgoing, Person
from tests.matrix.at_work import PLATFORM, Copbot, Copbots
from tests.matrix.loop import PATIENCE
from tests.matrix.members import Member, People
from tests.matrix.other_client import OtherPeople
from tests.matrix.synapse import Synapse

SHARE = "/share Visual planning: each child sees what comes next"


@pytest.fixture
def alice(people: People) -> Member:
    return people("alice")


def devices(copbot: Copbot) -> list[str]:
    found = copbot.synapse.ask("GET", "/_matrix/client/v3/devices", token=copbot.account.token)["devices"]
    return [device["device_id"] for device in found]


# What is kept


def test_the_device_stays_the_same_and_reads_on_after_a_restart(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    alice.says(room, SHARE)
    alice.hears("It is practice 1", room=room)
    before = fingerprint(copbot, alice), devices(copbot)
    copbot.stops()
    copbot.starts()
    alice.says(room, "/practice 1")
    assert alice.hears("Practice 1: Visual planning", room=room).decrypted
    assert (fingerprint(copbot, alice), devices(copbot)) == before
    assert not alice.unread()


def fingerprint(copbot: Copbot, member: Member) -> str:
    """Of copbot's device, as the homeserver hands it out."""
    asked = {"device_keys": {copbot.id: []}}
    found = copbot.synapse.ask("POST", "/_matrix/client/v3/keys/query", asked, token=member.account.token)
    return str(found["device_keys"][copbot.id][copbot.account.device]["keys"][f"ed25519:{copbot.account.device}"])


def test_the_store_of_keys_is_for_its_owner_alone_and_holds_nothing_in_the_clear(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    alice.says(room, SHARE)
    alice.hears("It is practice 1", room=room)
    copbot.account.write(copbot.folder / "account.json")
    copbot.stops()
    files = [path for path in copbot.folder.rglob("*") if path.is_file() and path.name != "copbot.db"]
    keys = [path for path in files if path.name.startswith("keys")]
    assert keys
    for path in [*keys, copbot.folder / "account.json"]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    [file] = [path for path in keys if path.suffix == ".db"]
    for key, opens in ((copbot.account.pickle_key, True), ("DEFAULT_KEY", False), ("", False)):
        assert opens_with(copbot, file, key) is opens


def opens_with(copbot: Copbot, file: Path, key: str) -> bool:
    """Whether the store gives its keys away for this one."""
    store = SqliteStore(copbot.id, copbot.account.device, str(file.parent), key, file.name)
    try:
        return store.load_account() is not None
    except Exception:
        return False
    finally:
        store.database.close()


def test_a_lost_store_is_told_and_does_not_take_the_place_of_the_old_one(
    copbot: Copbot, alice: Member, capfd: pytest.CaptureFixture[str]
) -> None:
    room = copbot.meets(alice)
    copbot.stops()
    for path in copbot.folder.glob("keys*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    before = fingerprint(copbot, alice)
    copbot.starts(and_opens=False)
    alice.says(room, SHARE)
    alice.sees(lambda one: SHARE in one.text, "my own words")
    copbot.stops()
    assert "the store of keys was lost" in "".join(capfd.readouterr())
    assert fingerprint(copbot, alice) == before


# Keys that come late, or never


def withholds(member: Member, copbot: Copbot, room: str) -> str:
    """From now on the member's client writes with a key that copbot is not given; answers that key."""

    async def begin_anew() -> str:
        client = member.client
        client.blacklist_device(client.device_store[copbot.id][copbot.account.device])
        client.invalidate_outbound_session(room)
        await client.share_group_session(room, ignore_unverified_devices=True)
        return str(client.olm.outbound_group_sessions[room].session_key)

    return str(member.run(begin_anew()))


def gives(member: Member, copbot: Copbot, room: str, key: str) -> None:
    """Hands the key over after all, as clients do."""

    async def hand_over() -> None:
        client = member.client
        device = client.device_store[copbot.id][copbot.account.device]
        if client.olm.session_store.get(device.curve25519) is None:
            await client.keys_claim({copbot.id: [device.id]})
        session = client.olm.outbound_group_sessions[room]
        content = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": room, "session_id": session.id, "session_key": key}
        olm = client.olm.session_store.get(device.curve25519)
        enciphered = client.olm._olm_encrypt(olm, device, "m.room_key", content)
        await client.to_device(ToDeviceMessage("m.room.encrypted", copbot.id, device.id, enciphered))

    member.run(hand_over())


@pytest.fixture
def room(copbot: Copbot, alice: Member) -> str:
    """Where all is well so far."""
    room = copbot.meets(alice)
    alice.says(room, "/practices")
    alice.hears("No practice yet", room=room)
    return room


def test_who_cannot_be_read_is_told_how_to_write_again(
    copbot: Copbot, alice: Member, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copbot.adapters.matrix.reading._PATIENCE", 1.0)
    withholds(alice, copbot, room)
    lost = alice.says(room, SHARE)
    illegible = copbot.keeps(lambda event: isinstance(event, Illegible), "something illegible")
    assert illegible.event == lost
    assert alice.hears("could not read", by=copbot.id).relation["m.in_reply_to"] == {"event_id": lost}


def test_a_key_that_comes_late_makes_the_words_heard(copbot: Copbot, alice: Member, room: str) -> None:
    key = withholds(alice, copbot, room)
    waits_for_its_key(copbot, alice, alice.says(room, SHARE))
    assert not copbot.rows("select * from practices")
    gives(alice, copbot, room, key)
    alice.hears("It is practice 1, “Visual planning”", room=room)


def test_words_that_waited_for_their_key_wait_on_over_a_restart(copbot: Copbot, alice: Member, room: str) -> None:
    key = withholds(alice, copbot, room)
    waits_for_its_key(copbot, alice, alice.says(room, SHARE))
    copbot.stops()
    copbot.starts()
    gives(alice, copbot, room, key)
    alice.hears("It is practice 1, “Visual planning”", room=room)


def waits_for_its_key(copbot: Copbot, member: Member, event: str) -> None:
    """Until copbot has kept in mind that it could not read this."""

    def noted() -> bool:
        return any(event in position for (position,) in copbot.rows("select position from cursors"))

    async def look() -> None:
        async with asyncio.timeout(PATIENCE):
            while not noted():  # noqa: ASYNC110 - it is the database that tells
                await asyncio.sleep(0.05)

    member.run(look())


# Who may read


def test_all_devices_of_members_may_read_unless_only_verified_ones_are_trusted(
    copbots: Copbots, alice: Member, others: OtherPeople
) -> None:
    """dee's client signs its devices with dee's keys, alice's does not."""
    for trust, alice_reads in (("all", True), ("verified", False)):
        copbot = copbots(trust=trust)
        dee = others("dee")
        room = copbot.meets(alice)
        alice.does("invite", room, dee.id)
        dee.accepts()
        dee.meets(room, copbot.id)
        dee.says(room, SHARE)
        assert dee.hears("It is practice 1", room=room)["encrypted"]
        seen = alice.sees(
            lambda one, room=room, bot=copbot.id: one.room == room and one.sender == bot and is_words(one), "words"
        )
        assert (seen.kind == "m.room.message") is alice_reads


def is_words(one: Any) -> bool:
    return one.kind in ("m.room.message", "m.room.encrypted")


def test_other_clients_see_a_device_that_its_owner_has_signed(copbot: Copbot, alice: Member, others: OtherPeople) -> None:
    room = copbot.meets(alice)
    dee = others("dee")
    alice.does("invite", room, dee.id)
    dee.accepts()
    dee.meets(room, copbot.id)
    assert dee.trusts(copbot.id, copbot.account.device)["signedByOwner"]
    dee.says(room, SHARE)
    heard = dee.hears("It is practice 1", room=room)
    assert heard["shield"]["reason"] is None or heard["shield"]["colour"] == 0, "no warning under copbot's words"


@pytest.mark.parametrize("where", ["between devices", "in the private chat"])
def test_emoji_are_compared_with_other_clients(copbot: Copbot, alice: Member, others: OtherPeople, where: str) -> None:
    copbot.meets(alice)
    dee = others("dee")
    private = dee.opens(copbot.id)
    dee.meets(private, copbot.id)
    before = dee.trusts(copbot.id, copbot.account.device)
    assert not before["crossSigningVerified"]
    device = copbot.account.device
    emoji = dee.verifies(copbot.id, device) if where == "between devices" else dee.verifies(copbot.id, room=private)
    assert len(emoji) == 7
    assert dee.comes_to_trust(copbot.id, copbot.account.device)["crossSigningVerified"]


# Letting go


def test_keys_of_a_private_chat_are_let_go_and_what_was_said_there_is_closed(copbot: Copbot, alice: Member, room: str) -> None:
    private = alice.opens(copbot.id, is_direct=True)
    alice.meets(private, copbot.id)
    secret = alice.says(private, "/share A secret: nobody else may read this")
    answer = alice.hears("Practice 1: A secret", room=private).id
    raw = {id: alice.run(alice.asks("GET", f"/rooms/{private}/event/{id}")) for id in (secret, answer)}
    assert reads(copbot, private, raw[secret])["content"]["body"].startswith("/share A secret")
    copbot.says(Outgoing(95, Person(PLATFORM, alice.id, "alice"), "", act="forget"))
    for event in raw.values():
        with pytest.raises(Locked):
            reads(copbot, private, event)
    copbot.stops()
    copbot.starts()
    for event in raw.values():
        with pytest.raises(Locked):
            reads(copbot, private, event)
    alice.says(private, "/practices")
    assert alice.hears("A secret", room=private, by=copbot.id).decrypted, "and the chat goes on"


def reads(copbot: Copbot, room: str, event: dict[str, Any]) -> dict[str, Any]:
    """What copbot's keys make of an event."""
    cipher = copbot.adapter._parts[0]
    found: dict[str, Any] = copbot.loop.run(cipher.decipher({**json.loads(json.dumps(event)), "room_id": room}))
    return found


def test_someone_who_writes_under_another_ones_key_is_not_believed(
    copbot: Copbot, people: People, alice: Member, synapse: Synapse
) -> None:
    """What mallory sends with alice's words, enciphered by alice, is not what alice said again."""
    mallory = people("mallory")
    room = copbot.meets(alice, mallory)
    said = alice.says(room, SHARE)
    alice.hears("It is practice 1", room=room)
    raw = alice.run(alice.asks("GET", f"/rooms/{room}/event/{said}"))
    path = f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/played-back"
    synapse.ask("PUT", path, raw["content"], mallory.account.token)
    synapse.ask("PUT", path + "-too", raw["content"], alice.account.token)
    alice.says(room, "/practices")
    alice.hears("Our practices", room=room)
    assert copbot.rows("select count(*) from practices") == [(1,)]
