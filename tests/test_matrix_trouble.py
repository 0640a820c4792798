"""What goes wrong between copbot and its homeserver costs nothing but time: no message lost, none done twice, no hot loop."""

import asyncio
import dataclasses
from typing import Any

import pytest
from structlog.testing import capture_logs

from copbot.vocabulary import Outgoing, Person, Place
from tests.matrix.at_work import PLATFORM, Copbot, Copbots
from tests.matrix.members import Member, People
from tests.matrix.synapse import Synapse

SHARE = "/share Visual planning: each child sees what comes next"


@pytest.fixture
def alice(people: People) -> Member:
    return people("alice")


def share(member: Member, room: str, count: int, first: int = 1) -> None:
    """So many practices at once."""

    async def all_at_once() -> None:
        words = [f"/share Title {number}: what was done" for number in range(first, first + count)]
        await asyncio.gather(
            *(member.put(room, "m.room.message", {"msgtype": "m.text", "body": text, "m.mentions": {}}) for text in words)
        )

    member.run(all_at_once())


def shared(copbot: Copbot) -> list[str]:
    """The titles of the practices that are kept."""
    return sorted((title for (title,) in copbot.rows("select title from practices")), key=lambda title: int(title.split()[1]))


def all_shared_once(copbot: Copbot, member: Member, room: str, count: int) -> None:
    """Each practice was kept once and answered once."""
    member.waits(lambda: len(member.texts(room, by=copbot.id)) >= count, f"{count} answers")
    member.says(room, "/practice 1")
    member.hears("Practice 1: Title", room=room)
    assert shared(copbot) == [f"Title {number}" for number in range(1, count + 1)]
    answers = [text for text in member.texts(room, by=copbot.id) if text.startswith("Thank you")]
    assert len(answers) == len(set(answers)) == count
    assert not member.unread()


# Nothing is lost, nothing done twice


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_three_hundred_messages_while_copbot_was_away_are_all_handled_once(
    copbot: Copbot, alice: Member, encrypted: bool
) -> None:
    room = copbot.meets(alice, encrypted=encrypted)
    share(alice, room, 1)
    alice.hears("It is practice 1", room=room)
    copbot.stops()
    share(alice, room, 300, first=2)
    copbot.starts()
    alice.waits(lambda: len(alice.texts(room, by=copbot.id)) >= 301, "301 answers", patience=60)
    all_shared_once(copbot, alice, room, 301)


def test_what_an_answer_leaves_out_is_fetched(copbot: Copbot, alice: Member) -> None:
    """Homeservers may give fewer events than there are: the gap is filled, in order."""
    room = copbot.meets(alice)
    share(alice, room, 1)
    alice.hears("It is practice 1", room=room)
    copbot.stops()
    share(alice, room, 60, first=2)
    copbot.between.rewrites_query("/sync", "%22limit%22:+500", "%22limit%22:+5")
    copbot.starts()
    all_shared_once(copbot, alice, room, 61)
    assert copbot.between.count("GET", "/messages"), "the gap was fetched"


def test_a_restart_in_the_middle_of_a_conversation_is_not_noticed(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    alice.says(room, "/share")
    private = alice.accepts()
    alice.hears("What would you call it", room=private)
    copbot.stops()
    alice.says(private, "The welcome book")
    copbot.starts()
    alice.hears("In what situation was it?", room=private)
    assert not alice.unread()


def test_the_homeserver_may_be_started_anew(copbot: Copbot, alice: Member, synapse: Synapse) -> None:
    room = copbot.meets(alice)
    share(alice, room, 1)
    alice.hears("It is practice 1", room=room)
    synapse.stop()
    synapse.start()
    share(alice, room, 1, first=2)
    all_shared_once(copbot, alice, room, 2)


# Patience


def test_the_patience_that_the_homeserver_asks_for_is_had(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    copbot.between.refuses("PUT", "/send/m.room.encrypted", 429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1200})
    share(alice, room, 1)
    alice.hears("It is practice 1", room=room)
    first, second = copbot.between.requests("PUT", "/send/m.room.encrypted")[:2]
    assert second.at - first.at >= 1.2
    assert first.path == second.path, "the same transaction"
    all_shared_once(copbot, alice, room, 1)


@pytest.mark.parametrize("status", [500, 502, 401, 429])
def test_a_homeserver_in_trouble_is_not_pestered(copbot: Copbot, alice: Member, status: int) -> None:
    room = copbot.meets(alice)
    before = copbot.between.count("GET", "/sync")
    copbot.between.refuses("GET", "/sync", status, {"errcode": "M_UNKNOWN"}, times=3)
    share(alice, room, 2)
    all_shared_once(copbot, alice, room, 2)
    assert copbot.between.count("GET", "/sync") - before < 20


# Poison


def malformed(sender: str) -> list[Any]:
    """Events as no client should send them, and as they come all the same."""
    whole = {"type": "m.room.message", "sender": sender, "event_id": "$0", "origin_server_ts": 1}
    text = {"msgtype": "m.text", "body": "/share Poison: yes"}
    return [
        {**whole, "event_id": "$1", "origin_server_ts": "yesterday", "content": {"msgtype": "m.text"}},
        {**whole, "event_id": "$2", "content": ["not", "a", "mapping"]},
        {**whole, "event_id": "$3", "content": {"msgtype": ["m.text"], "body": 7}},
        {**whole, "event_id": "$4", "content": {**text, "body": {"no": "text"}}},
        {**whole, "event_id": 5, "content": text, "sender": 7},
        {"type": "m.room.encrypted", "sender": sender, "event_id": "$6", "content": {"algorithm": "m.megolm.v1.aes-sha2"}},
        {"type": "m.room.encrypted", "sender": sender, "event_id": "$7", "content": {"ciphertext": {}, "session_id": []}},
        {"type": "m.room.member", "sender": sender, "event_id": "$8", "state_key": sender, "content": {"membership": 9}},
        {"type": "m.reaction", "sender": sender, "event_id": "$9", "content": {"m.relates_to": "no"}},
        {"type": "m.room.redaction", "sender": sender, "event_id": "$10", "content": {"redacts": []}, "redacts": {}},
        {},
        None,
        "not an event",
    ]


def test_malformed_events_between_good_ones_are_set_aside(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)

    def poisoned(answer: dict[str, Any]) -> dict[str, Any]:
        for news in answer.get("rooms", {}).get("join", {}).values():
            events = news.get("timeline", {}).get("events", [])
            if any(isinstance(event, dict) and event.get("sender") == alice.id for event in events):
                news["timeline"]["events"] = [*malformed(alice.id), *events, *malformed(alice.id)]
        return answer

    copbot.between.rewrites("/sync", poisoned)
    share(alice, room, 5)
    all_shared_once(copbot, alice, room, 5)


# What is said in confidence


@pytest.mark.parametrize("confidential", [True, False])
@pytest.mark.parametrize("key", [{}, {"signed_curve25519:AAAA": {"key": "forged", "signatures": {}}}], ids=["none", "forged"])
def test_a_device_in_disorder_does_not_tell_the_log_when_its_owner_is_spoken_to_in_confidence(
    copbot: Copbot, alice: Member, caplog: pytest.LogCaptureFixture, key: dict[str, Any], confidential: bool
) -> None:
    def spoilt(answer: dict[str, Any]) -> dict[str, Any]:
        return {"one_time_keys": {alice.id: dict.fromkeys(answer["one_time_keys"][alice.id], key)}}

    copbot.between.rewrites("/keys/claim", spoilt)
    with capture_logs() as logged:
        copbot.says(Outgoing(2**52, Person(PLATFORM, alice.id, ""), "Between us", confidential=confidential))
    nio = [record for record in caplog.records if "one-time key" in record.getMessage()]
    assert bool(logged or nio) is not confidential


@pytest.mark.parametrize("confidential", [True, False])
def test_what_failed_beside_a_message_does_not_tell_the_log_when_it_was_said(
    copbot: Copbot, alice: Member, confidential: bool
) -> None:
    said = Outgoing(2**52, Person(PLATFORM, alice.id, ""), "Between us", confidential=confidential)
    copbot.says(said)
    copbot.loop.run(copbot.adapter.typing(Place(PLATFORM, alice.id, "private")))
    copbot.between.refuses("PUT", "/typing/", 403, {"errcode": "M_FORBIDDEN"})
    with capture_logs() as logged:
        copbot.says(dataclasses.replace(said, id=2**52 + 1))
        copbot.loop.run(asyncio.wait_for(all_extras(copbot), 5))
    assert [line["event"] for line in logged] == ([] if confidential else ["extra not sent"])


async def all_extras(copbot: Copbot) -> None:
    await asyncio.gather(*copbot.adapter._parts[3]._extras)


def test_what_is_removed_and_gone_already_is_logged_nowhere(copbot: Copbot, people: People, alice: Member) -> None:
    """Authors are told to delete what they wrote: a line would tell when they were there."""
    private = alice.opens(copbot.id, is_direct=True)
    alice.meets(private, copbot.id)
    said = alice.says(private, "/practices")
    answer = alice.hears("Hello", room=private).id
    alice.removes(private, said)
    here, nowhere = Person(PLATFORM, alice.id, ""), Person(PLATFORM, people("bo").id, "")
    with capture_logs() as logged:
        for whom in (here, nowhere, Place(PLATFORM, "!unknown:localhost", "group")):
            for event in (said, answer, answer, "$unknown", "no event"):
                copbot.says(Outgoing(2**52, whom, "", act="remove", reply_to=event))
    assert logged == []
    assert alice.run(alice.asks("GET", f"/rooms/{private}/event/{answer}"))["content"] == {}


# Being put out


def test_a_revoked_key_is_told_loudly_and_the_homeserver_is_left_alone(
    copbot: Copbot, alice: Member, synapse: Synapse, capfd: pytest.CaptureFixture[str]
) -> None:
    copbot.meets(alice)
    synapse.ask("POST", "/_matrix/client/v3/logout", {}, copbot.account.token)
    alice.run(asyncio.sleep(3))
    told = capfd.readouterr()
    assert "signed out" in told.out + told.err
    assert len(copbot.between.asked) < 60


def test_a_soft_logout_is_told_apart(copbot: Copbot, alice: Member, capfd: pytest.CaptureFixture[str]) -> None:
    room = copbot.meets(alice)
    copbot.between.refuses("GET", "/sync", 401, {"errcode": "M_UNKNOWN_TOKEN", "soft_logout": True})
    share(alice, room, 1)
    all_shared_once(copbot, alice, room, 1)
    told = capfd.readouterr()
    assert "signed out for now" in told.out + told.err


def test_nobody_administers_where_the_homeserver_does_not_say_so(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    copbot.between.refuses("GET", "/state/", 500, {"errcode": "M_UNKNOWN"}, times=2)
    alice.says(room, "/checkin open")
    alice.hears("Only facilitators", room=room)
    assert Place(PLATFORM, room, "group") in {event.place for event in copbot.adapter.happened}


def test_two_copbots_in_one_room_do_not_answer_each_other(copbots: Copbots, alice: Member) -> None:
    one, other = copbots(), copbots()
    room = one.meets(alice)
    other.knows(room)
    alice.does("invite", room, other.id)
    alice.meets(room, other.id)
    share(alice, room, 1)
    alice.hears("It is practice 1", room=room, by=one.id)
    alice.hears("It is practice 1", room=room, by=other.id)
    share(alice, room, 1, first=2)
    alice.hears("It is practice 2", room=room, by=one.id)
    alice.hears("It is practice 2", room=room, by=other.id)
    assert len(alice.texts(room, by=one.id)) == len(alice.texts(room, by=other.id)) == 2
