"""What happens in Matrix rooms comes to copbot as it was meant, and nothing that is not for it comes at all."""

import json
from typing import Any

import pytest

from copbot.adapters.matrix.incoming import about, rewritten, to_incoming
from copbot.adapters.matrix.rooms import Room, power
from copbot.vocabulary import Chose, Edited, Incoming, Joined, Left, Moved, Place, Quoted, Reacted, Removed, Said

ME, ALICE, BO = "@copbot:example.org", "@alice:example.org", "@bo:example.org"

Json = dict[str, Any]


@pytest.fixture
def room() -> Room:
    """A group with Alice and Bo."""
    room = Room("!room", ME)
    for user, name in ((ME, "Copbot"), (ALICE, "Alice"), (BO, "Bo")):
        room.apply(member(user, "join", name))
    return room


def member(user: str, membership: str, name: str = "", *, before: str = "", by: str = "") -> Json:
    content = {"membership": membership} | ({"displayname": name} if name else {})
    unsigned = {"prev_content": {"membership": before}} if before else {}
    return event("m.room.member", content, by or user) | {"state_key": user, "unsigned": unsigned}


def event(kind: str, content: Json, sender: str = ALICE) -> Json:
    return {"type": kind, "content": content, "sender": sender, "event_id": "$1", "origin_server_ts": 1}


def text(body: str, sender: str = ALICE, **more: Any) -> Json:
    return event("m.room.message", {"msgtype": "m.text", "body": body, **more}, sender)


def said(room: Room, what: Json, target: Json | None = None) -> Said:
    meaning = to_incoming(what, room, target)
    assert isinstance(meaning, Said)
    return meaning


# Words


def test_words_come_with_who_and_where(room: Room) -> None:
    meaning = said(room, text("!bilan"))
    assert (meaning.text, meaning.person.id, meaning.person.name, meaning.mentioned) == ("!bilan", ALICE, "Alice", False)
    assert meaning.place == Place("matrix", "!room", "group")


def test_a_private_chat_is_known_by_the_person(room: Room) -> None:
    room.partner = ALICE
    assert said(room, text("hello")).place == Place("matrix", ALICE, "private")


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ("copbot: /help", "/help"),
        ("Copbot, help me", "help me"),
        ("@copbot:example.org bilan", "bilan"),
        ("@copbot bilan", "bilan"),
        ("copbot : bilan", "bilan"),
        ("Copbot\u00a0: bilan", "bilan"),
        ("Copbot", ""),
        ("@copbot:example.org:", ""),
    ],
)
def test_copbots_name_at_the_beginning_is_an_address(room: Room, body: str, meant: str) -> None:
    meaning = said(room, text(body))
    assert (meaning.text, meaning.mentioned) == (meant, True)


@pytest.mark.parametrize("body", ["copbots are fine", "copbot2 x", "I like copbot", "@copbotics x"])
def test_what_only_looks_like_copbots_name_is_none(room: Room, body: str) -> None:
    meaning = said(room, text(body))
    assert (meaning.text, meaning.mentioned) == (body, False)


def test_a_mention_that_the_client_notes_counts_wherever_it_stands(room: Room) -> None:
    assert said(room, text("thank you dear friend", **{"m.mentions": {"user_ids": [ME]}})).mentioned
    assert not said(room, text("thank you", **{"m.mentions": {"user_ids": [BO]}})).mentioned


def test_notices_are_another_bots_and_never_heard(room: Room) -> None:
    assert to_incoming(event("m.room.message", {"msgtype": "m.notice", "body": "!help"}), room) is None


def test_copbot_does_not_hear_itself(room: Room) -> None:
    assert to_incoming(text("!help", ME), room) is None


def test_in_a_space_nothing_is_heard(room: Room) -> None:
    room.apply(event("m.room.create", {"type": "m.space"}) | {"state_key": ""})
    assert to_incoming(text("!help"), room) is None


@pytest.mark.parametrize("body", [None, 7, {"a": 1}])
def test_a_malformed_message_is_told_apart_from_silence(room: Room, body: object) -> None:
    with pytest.raises(TypeError):
        to_incoming(event("m.room.message", {"msgtype": "m.text", "body": body}), room)


# Answers and threads


def test_an_answer_comes_with_the_words_it_answers_and_without_their_copy(room: Room) -> None:
    relation = {"m.in_reply_to": {"event_id": "$0"}}
    answer = text("> <@bo:example.org> Shall we?\n> Yes?\n\n2", **{"m.relates_to": relation})
    assert about(answer) == "$0"
    meaning = said(room, answer, text("Shall we?\nYes?", BO))
    assert (meaning.text, meaning.reply_to) == ("2", Quoted("$0", room.person(BO), "Shall we?\nYes?"))


def test_an_answer_to_something_that_cannot_be_had_is_still_an_answer(room: Room) -> None:
    assert said(room, text("2", **{"m.relates_to": {"m.in_reply_to": {"event_id": "$0"}}})).reply_to == Quoted("$0")


def test_a_quotation_that_is_no_answer_stays(room: Room) -> None:
    assert said(room, text("> as somebody said\nindeed")).text == "> as somebody said\nindeed"


def test_a_thread_is_a_place_and_its_last_message_no_answer(room: Room) -> None:
    relation = {"rel_type": "m.thread", "event_id": "$root", "is_falling_back": True, "m.in_reply_to": {"event_id": "$0"}}
    in_thread = text("in the thread", **{"m.relates_to": relation})
    assert about(in_thread) == ""
    meaning = said(room, in_thread)
    assert (meaning.place.thread, meaning.reply_to) == ("$root", None)


# Files


def test_a_file_comes_with_all_that_is_needed_to_fetch_it(room: Room) -> None:
    locked = {"url": "mxc://example.org/a", "key": {"k": "k"}, "iv": "iv", "hashes": {"sha256": "h"}}
    info = {"mimetype": "image/png", "size": 12}
    picture = {"msgtype": "m.image", "body": "Our board", "filename": "board.png", "file": locked, "info": info}
    meaning = said(room, event("m.room.message", picture))
    (file,) = meaning.files
    assert (meaning.text, file.kind, file.name, file.media_type, file.size) == (
        "Our board",
        "picture",
        "board.png",
        "image/png",
        12,
    )
    assert json.loads(file.reference) == {"kind": "picture", "url": "mxc://example.org/a", "file": locked}
    answer = text("that one", BO, **{"m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}})
    quoted = said(room, answer, event("m.room.message", picture)).reply_to
    assert quoted == Quoted("$1", room.person(ALICE), "Our board", meaning.files)


def test_a_voice_message_is_one_and_its_name_no_words(room: Room) -> None:
    voice = {"msgtype": "m.audio", "body": "Voice message", "url": "mxc://example.org/v", "org.matrix.msc3245.voice": {}}
    meaning = said(room, event("m.room.message", voice))
    assert (meaning.text, meaning.files[0].kind) == ("", "voice")


# What is done to messages


def test_a_keycap_under_copbots_question_is_the_choice(room: Room) -> None:
    question = text("Shall we?\n1) Yes\n2) No", ME, **{"org.copbot.choices": ["7.0", "7.1"]})
    for key in ("2️⃣", "2⃣", "2"):
        reaction = event("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$q", "key": key}})
        assert about(reaction) == "$q"
        assert to_incoming(reaction, room, question) == Chose("$1", room.place(), room.person(ALICE), "7.1", "$q")


def test_choices_in_somebody_elses_message_are_none(room: Room) -> None:
    question = text("Shall we?", BO, **{"org.copbot.choices": ["7.0"]})
    reaction = event("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$q", "key": "1️⃣"}})
    assert isinstance(to_incoming(reaction, room, question), Reacted)


@pytest.mark.parametrize("key", ["3️⃣", "0️⃣", "👍", "12"])
def test_another_emoji_is_a_reaction_with_the_words_it_stands_under(room: Room, key: str) -> None:
    question = text("Shall we?", ME, **{"org.copbot.choices": ["7.0", "7.1"]})
    reaction = event("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$q", "key": key}})
    assert to_incoming(reaction, room, question) == Reacted(
        "$1", room.place(), room.person(ALICE), key, Quoted("$q", room.person(ME), "Shall we?")
    )


def test_a_vote_in_copbots_poll_is_the_choice(room: Room) -> None:
    relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": "$p"}}
    vote = event("org.matrix.msc3381.poll.response", {**relation, "org.matrix.msc3381.poll.response": {"answers": ["7.1"]}})
    assert to_incoming(vote, room) == Chose("$1", room.place(), room.person(ALICE), "7.1", "$p")
    stable = event("m.poll.response", {**relation, "m.selections": ["7.0"]})
    assert to_incoming(stable, room) == Chose("$1", room.place(), room.person(ALICE), "7.0", "$p")


def test_an_edit_is_the_authors_alone(room: Room) -> None:
    content = {
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$0"},
        "m.new_content": {"msgtype": "m.text", "body": "new"},
    }
    edit = text("* new", **content)
    assert about(edit) == "$0"
    assert to_incoming(edit, room, text("old")) == Edited("$1", room.place(), room.person(ALICE), "$0", "new")
    assert to_incoming(edit, room, text("old", BO)) is None
    assert to_incoming(edit, room) is None


def test_what_is_answered_is_quoted_as_its_author_left_it(room: Room) -> None:
    old = text("old", BO, **{"m.relates_to": {"rel_type": "m.thread", "event_id": "$root"}})
    content = {
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$0"},
        "m.new_content": {"msgtype": "m.text", "body": "new"},
    }
    now = rewritten(old, text("* new", BO, **content))
    reaction = event("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$0", "key": "📌"}})
    meaning = to_incoming(reaction, room, now)
    assert isinstance(meaning, Reacted)
    assert (meaning.quoted.text, meaning.place.thread) == ("new", "$root")


def test_a_removed_message_is_its_authors_whoever_removed_it(room: Room) -> None:
    for redaction in (event("m.room.redaction", {"redacts": "$0"}), event("m.room.redaction", {}) | {"redacts": "$0"}):
        assert about(redaction) == "$0"
        gone = event("m.room.message", {}, BO)
        assert to_incoming(redaction, room, gone) == Removed("$1", room.place(), room.person(BO), "$0")


# Comings and goings


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (member(BO, "join"), Joined),
        (member(BO, "join", before="invite"), Joined),
        (member(BO, "join", "Bobby", before="join"), None),
        (member(BO, "invite", by=ALICE), None),
        (member(BO, "leave", before="join"), Left),
        (member(BO, "leave", before="join", by=ALICE), Left),
        (member(BO, "ban", before="join", by=ALICE), Left),
        (member(BO, "leave", before="invite"), None),
    ],
)
def test_who_comes_and_goes(room: Room, what: Json, kind: type[Incoming] | None) -> None:
    meaning = to_incoming(what, room)
    assert (type(meaning) if meaning else None) is kind
    if isinstance(meaning, Joined | Left):
        assert (meaning.person.id, meaning.me) == (BO, False)


def test_copbot_knows_who_let_it_in_and_who_put_it_out(room: Room) -> None:
    entry = member(ME, "join", before="invite")
    entry["unsigned"]["prev_sender"] = ALICE
    room.title = "Carers"
    assert to_incoming(entry, room) == Joined("$1", room.place(), room.person(ALICE), me=True, title="Carers")
    kick = member(ME, "leave", before="join", by=BO)
    assert to_incoming(kick, room) == Left("$1", room.place(), room.person(BO), me=True)


def test_a_refused_private_chat_is_closed(room: Room) -> None:
    room.partner = BO
    assert to_incoming(member(BO, "leave", before="invite"), room) == Left("$1", room.place(), room.person(BO))


def test_a_room_that_was_replaced_has_moved(room: Room) -> None:
    room.follows = "!old"
    old = Place("matrix", "!old", "group")
    assert to_incoming(member(ME, "join", before="invite"), room) == Moved("$1", old, room.place())


def test_a_private_chat_that_copbot_began_is_no_group_it_was_brought_into(room: Room) -> None:
    room.founder = ME
    assert to_incoming(member(ME, "join"), room) is None


# Power


def test_creators_have_power_from_version_12_on_and_names_are_whole() -> None:
    old, new = Room("!old", ME), Room("!new", ME)
    old.apply(event("m.room.create", {"room_version": "11"}) | {"state_key": ""})
    new.apply(event("m.room.create", {"room_version": "12", "additional_creators": [BO]}) | {"state_key": ""})
    assert (old.creators, new.creators) == (frozenset(), {ALICE, BO})
    levels = {"users": {ALICE: 100}, "users_default": 0}
    assert (power(levels, ALICE), power(levels, "@alice:elsewhere.org")) == (100, 0)
