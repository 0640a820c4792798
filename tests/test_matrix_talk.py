"""Talking with copbot on Matrix, as people with ordinary clients do: commands, choices, threads, edits, files."""

import pytest

from copbot.vocabulary import Attachment, Choice, Outgoing, Person, Place
from tests.matrix.at_work import PLATFORM, Copbot, Copbots
from tests.matrix.members import Member, People
from tests.matrix.other_client import OtherMember, OtherPeople

POLL = "org.matrix.msc3381.poll.start"
SHARE = "/share Visual planning: each child sees what comes next"


@pytest.fixture
def alice(people: People) -> Member:
    return people("alice")


@pytest.fixture
def bo(people: People) -> Member:
    return people("bo")


@pytest.mark.parametrize("version", ["11", "12"])
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_a_command_is_answered_in_rooms_of_every_kind(copbot: Copbot, alice: Member, version: str, encrypted: bool) -> None:
    room = copbot.meets(alice, encrypted=encrypted, version=version)
    for number in range(1, 4):
        asked = alice.says(room, f"/share Title {number}: what was done")
        answer = alice.hears(f"It is practice {number}, “Title {number}”", room=room, by=copbot.id)
        assert answer.decrypted is encrypted
        assert answer.relation["m.in_reply_to"] == {"event_id": asked}
    assert not alice.unread()


def test_people_whose_client_nobody_here_wrote_are_understood_and_understand(
    copbot: Copbot, alice: Member, others: OtherPeople
) -> None:
    room = copbot.meets(alice)
    dee = others("dee")
    alice.does("invite", room, dee.id)
    dee.accepts()
    dee.meets(room, copbot.id)
    for number in range(1, 21):
        dee.says(room, f"/share Title {number}: what was done")
        assert dee.hears(f"Thank you dee. It is practice {number}, “Title {number}”", room=room)["encrypted"]
    assert not dee.unreadable


def test_the_way_clients_let_through_is_a_command_too(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    alice.says(room, "!share Circle time: everybody sings")
    alice.hears("It is practice 1", room=room)


@pytest.mark.parametrize("words", ["copbot: /practices", "{bot} /practices", "@copbot !practices"])
def test_naming_copbot_is_speaking_to_it(copbot: Copbot, alice: Member, words: str) -> None:
    room = copbot.meets(alice)
    alice.says(room, words.format(bot=copbot.id), **{"m.mentions": {"user_ids": [copbot.id]}})
    alice.hears("No practice yet", room=room, by=copbot.id)


def test_what_people_say_among_themselves_stays_unanswered(copbot: Copbot, alice: Member, bo: Member) -> None:
    room = copbot.meets(alice, bo)
    alice.says(room, "Shall we practise tomorrow?")
    bo.says(room, "Yes, at ten")
    alice.says(room, SHARE)
    alice.hears("It is practice 1", room=room)
    assert len(alice.texts(room, by=copbot.id)) == 1


# Choices


def practice_with_choices(copbot: Copbot, alice: Member) -> tuple[str, str]:
    """A message of copbot's under which "1) I tried it" stands: its room and its id."""
    room = copbot.meets(alice)
    alice.says(room, SHARE)
    alice.hears("It is practice 1", room=room)
    alice.says(room, "/practice 1")
    return room, alice.hears("1) I tried it", "2) It didn't work for me", room=room, by=copbot.id).id


def is_told_it_is_their_own(member: Member | OtherMember) -> None:
    """In private: that is what follows the first choice, for whom shared the practice."""
    member.hears("It is your own practice", room=member.accepts())


def test_a_number_takes_a_choice(copbot: Copbot, alice: Member) -> None:
    room, asked = practice_with_choices(copbot, alice)
    alice.says(room, "1", to=asked)
    is_told_it_is_their_own(alice)


def test_a_reaction_takes_a_choice(copbot: Copbot, alice: Member) -> None:
    room, asked = practice_with_choices(copbot, alice)
    alice.reacts(room, asked, "1️⃣")
    is_told_it_is_their_own(alice)


def test_choices_are_offered_as_reactions_to_tap(copbot: Copbot, alice: Member) -> None:
    _room, asked = practice_with_choices(copbot, alice)
    for emoji in ("1️⃣", "2️⃣"):
        alice.sees(
            lambda one, emoji=emoji: (
                one.kind == "m.reaction"
                and one.sender == copbot.id
                and one.relation == {"rel_type": "m.annotation", "event_id": asked, "key": emoji}
            ),
            emoji,
        )


@pytest.mark.parametrize("offer", ["reactions", "polls"])
def test_under_what_is_confidential_nothing_is_offered_that_the_homeserver_sees_taken(
    copbots: Copbots, alice: Member, offer: str
) -> None:
    """Reactions are not enciphered, and neither is which poll a vote is cast in: the numbers in the text do."""
    copbot = copbots(offer=offer)
    to, choices = Person(PLATFORM, alice.id, "alice"), (Choice("Yes", "1.0"), Choice("No", "1.1"))
    secret = copbot.says(Outgoing(2**52 + 16, to, "Between us?", choices, confidential=True))
    room = alice.accepts()
    alice.hears("1) Yes\n2) No", room=room)
    copbot.says(Outgoing(17, to, "Shall we?", choices))
    alice.sees(lambda one: one.sender == copbot.id and one.kind in ("m.reaction", POLL), offer)
    named = [asked.path.rpartition("/")[2] for asked in copbot.between.requests("PUT", "/send/")]
    assert [name for name in named if name.startswith(f"copbot-{2**52 + 16}.")] == [f"copbot-{2**52 + 16}.0"]
    assert not [one for one in alice.heard if one.relation.get("event_id") == secret]


def test_a_reaction_by_the_other_client_takes_a_choice(copbot: Copbot, alice: Member, others: OtherPeople) -> None:
    room = copbot.meets(alice)
    dee = others("dee")
    alice.does("invite", room, dee.id)
    dee.accepts()
    dee.meets(room, copbot.id)
    dee.says(room, SHARE)
    dee.hears("It is practice 1", room=room)
    dee.says(room, "/practice 1")
    asked = dee.hears("1) I tried it", room=room)["heard"]
    dee.reacts(room, asked, "1️⃣")
    is_told_it_is_their_own(dee)


def test_another_reaction_is_a_reaction(copbot: Copbot, alice: Member, bo: Member) -> None:
    """What is pinned is kept in mind, and its words are known although they came encrypted."""
    room = copbot.meets(alice, bo)
    said = bo.says(room, "We sang together every morning before the meal, and it was calm")
    bo.reacts(room, said, "📌")
    private = bo.accepts()
    bo.hears("We sang together every morning", room=private, by=copbot.id)


@pytest.mark.parametrize("stable", [False, True], ids=["unstable", "stable"])
def test_a_vote_in_a_poll_takes_a_choice(copbots: Copbots, alice: Member, stable: bool) -> None:
    """Whichever of the two names of polls the client writes."""
    copbot = copbots(offer="polls")
    room, _asked = practice_with_choices(copbot, alice)
    poll = alice.sees(lambda one: one.kind == POLL, "a poll")
    answers = [answer["id"] for answer in poll.content[POLL]["answers"]]
    assert len(answers) == 2
    relation = {"rel_type": "m.reference", "event_id": poll.id}
    if stable:
        alice.puts(room, "m.poll.response", {"m.relates_to": relation, "m.selections": answers[:1]})
    else:
        cast = {"m.relates_to": relation, "org.matrix.msc3381.poll.response": {"answers": answers[:1]}}
        alice.puts(room, "org.matrix.msc3381.poll.response", cast)
    is_told_it_is_their_own(alice)


# Relations


def test_a_thread_is_answered_in_the_thread(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    root = alice.says(room, "Let us talk about naps")
    asked = alice.says(room, SHARE, thread=root)
    relation = alice.hears("It is practice 1", room=room).relation
    assert (relation["rel_type"], relation["event_id"]) == ("m.thread", root)
    assert relation["m.in_reply_to"] == {"event_id": asked}


def test_an_answer_to_a_practice_is_about_that_practice(copbot: Copbot, alice: Member, bo: Member) -> None:
    room = copbot.meets(alice, bo)
    bo.says(room, SHARE)
    bo.hears("It is practice 1", room=room)
    alice.says(room, "/practice 1")
    asked = alice.hears("1) I tried it", room=room)
    alice.says(room, "it didn't work for me", to=asked.id)
    alice.hears("what was missing?", room=alice.accepts())


def test_what_older_clients_put_before_an_answer_is_not_its_words(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    first = alice.says(room, "Good morning")
    alice.says(room, f"> <{alice.id}> Good morning\n\n/practices", to=first)
    alice.hears("No practice yet", room=room)


def test_commands_that_come_as_notices_or_edits_or_from_copbot_itself_are_not_obeyed(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    alice.says(room, "/share A bot: by a bot", msgtype="m.notice")
    said = alice.says(room, "Nothing in particular")
    alice.edits(room, said, "/share An edit: of nothing")
    alice.says(room, SHARE)
    alice.hears("It is practice 1, “Visual planning”", room=room)


def test_what_is_rewritten_or_removed_before_copbot_asks_is_as_it_is_now(copbot: Copbot, alice: Member, bo: Member) -> None:
    """Edits and removals reach what was captured."""
    room = copbot.meets(alice, bo)
    said = bo.says(room, "We sang together every morning before the meal")
    bo.edits(room, said, "We danced together every morning before the meal")
    bo.reacts(room, said, "📌")
    private = bo.accepts()
    bo.hears("We", "together every morning", room=private, by=copbot.id)
    bo.removes(room, said)
    bo.says(room, SHARE)
    bo.hears("It is practice 1", room=room)


# Nothing is injected, nobody is called


def test_names_are_words_and_nobody_is_called_by_accident(copbot: Copbot, people: People, alice: Member) -> None:
    trap = "@room <img src=x> **[bo](https://matrix.to/#/@bo1:localhost)**"
    mallory = people("mallory", shown=trap)
    room = copbot.meets(alice, mallory)
    mallory.says(room, SHARE)
    answer = alice.hears("It is practice 1", room=room)
    assert answer.content["m.mentions"] == {}
    assert "<img" not in str(answer.content.get("formatted_body", ""))
    assert "matrix.to" not in str(answer.content.get("formatted_body", ""))


def test_what_is_formatted_is_taken_as_plain_text(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    formatted = {"format": "org.matrix.custom.html", "formatted_body": "<b>/share</b> Other: words<script>x</script>"}
    alice.says(room, SHARE, **formatted)
    answer = alice.hears("It is practice 1, “Visual planning”", room=room)
    assert "<script" not in str(answer.content)


# Files and long texts


def test_files_reach_people_and_are_encrypted_where_the_room_is(copbot: Copbot, alice: Member) -> None:
    for encrypted in (True, False):
        room = copbot.meets(alice, encrypted=encrypted)
        file = Attachment("réponses.csv", "text/csv", "prénom;réponse\n".encode() * 1000)
        copbot.says(Outgoing(7 + encrypted, Place(PLATFORM, room, "group"), "Here it is", attachment=file))
        heard = alice.sees(lambda one, room=room: one.room == room and one.is_file, "a file")
        assert alice.opens_file(heard) == file.content
        assert heard.content.get("filename", heard.content["body"]) == file.name
        assert ("file" in heard.content) is encrypted
        assert ("url" in heard.content) is not encrypted
        alice.hears("Here it is", room=room)


def test_a_file_of_a_members_comes_through(copbot: Copbot, alice: Member) -> None:
    """Encrypted in an encrypted room, and over authenticated media; not more than is wanted of it."""
    room = copbot.meets(alice)
    sent = alice.sends_file(room, "photo.png", "image/png", b"a picture" * 500, encrypted=True)
    said = copbot.keeps(lambda event: event.event == sent, "a file")
    [file] = said.files  # type: ignore[union-attr]
    assert (file.kind, file.name, file.media_type) == ("picture", "photo.png", "image/png")
    assert copbot.loop.run(copbot.adapter.fetch(file.reference, 10_000)) == b"a picture" * 500
    with pytest.raises(ValueError, match="long"):
        copbot.loop.run(copbot.adapter.fetch(file.reference, 100))


def test_long_texts_come_in_parts_with_nothing_missing(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    text = "\n".join(f"Line {number}: déjà vu " + "é" * 60 for number in range(1200))
    copbot.says(Outgoing(9, Place(PLATFORM, room, "group"), text, choices=(Choice("Yes", "1.0"), Choice("No", "1.1"))))
    alice.hears("1) Yes\n2) No", room=room)
    parts = alice.texts(room, by=copbot.id)
    assert len(parts) > 1
    said = "\n".join(parts).splitlines()
    assert [line for line in said if line] == [*text.splitlines(), "1) Yes", "2) No"]


def test_the_same_message_sent_again_is_there_once(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    outgoing = Outgoing(11, Place(PLATFORM, room, "group"), "Once only", choices=(Choice("Yes", "1.0"), Choice("No", "1.1")))
    first = copbot.says(outgoing)
    assert copbot.says(outgoing) == first
    file = Attachment("a.txt", "text/plain", b"words")
    with_file = Outgoing(12, Place(PLATFORM, room, "group"), "A file", attachment=file)
    assert copbot.says(with_file) == copbot.says(with_file)
    alice.says(room, SHARE)
    alice.hears("It is practice 1", room=room)
    assert len(alice.texts(room, by=copbot.id)) == 4, "the message, the words and the file, the practice"


def test_what_is_said_again_after_a_stop_is_there_once(copbot: Copbot, alice: Member) -> None:
    """Also what is confidential, whose name on the way has nothing to do with its words."""
    room = copbot.meets(alice)
    said = Outgoing(15, Place(PLATFORM, room, "group"), "Once only")
    secret = Outgoing(2**52 + 15, Person(PLATFORM, alice.id, "alice"), "Once, between us", confidential=True)
    first = [copbot.says(said), copbot.says(secret)]
    copbot.stops()
    copbot.starts()
    assert [copbot.says(said), copbot.says(secret)] == first


def test_the_homeserver_cannot_tell_from_the_path_what_was_said(copbots: Copbots, alice: Member) -> None:
    """Two copbots name the same words differently: what stands in the clear is keyed."""
    one, other = copbots(), copbots()
    room = one.meets(alice)
    alice.does("invite", room, other.id)
    other.knows(room)
    alice.meets(room, other.id)
    names = set()
    for copbot in (one, other):
        copbot.syncs_past(alice, room)
        copbot.says(Outgoing(14, Place(PLATFORM, room, "group"), "Mme Duval"))
        names |= {asked.path.rpartition("/")[2] for asked in copbot.between.requests("PUT", "/send/m.room.encrypted/copbot-14")}
    assert len(names) == 2


def test_a_person_is_written_to_in_private(copbot: Copbot, alice: Member) -> None:
    event = copbot.says(Outgoing(13, Person(PLATFORM, alice.id, "alice"), "Only for you"))
    room = alice.accepts()
    heard = alice.hears("Only for you", room=room)
    assert heard.id == event
    assert heard.decrypted
