"""What copbot says in Matrix rooms is plain and complete, calls nobody by accident, and spares the homeserver."""

import dataclasses
import stat
from pathlib import Path

import pytest

from copbot.adapters.matrix import Account, Misfiled
from copbot.adapters.matrix.contents import LONGEST, file, messages, poll, split
from copbot.adapters.matrix.cursor import Cursor
from copbot.adapters.matrix.sending import transaction
from copbot.adapters.matrix.spare import Spare
from copbot.vocabulary import Attachment, Choice, Outgoing, Person, Place

GROUP, ALICE = Place("matrix", "!room", "group"), Person("matrix", "@alice:example.org", "")
CHOICES = (Choice("Yes", "7.0"), Choice("No", "7.1"))


def test_choices_are_numbered_in_the_text_and_can_be_told_from_the_event_later() -> None:
    (content,) = messages(Outgoing(1, ALICE, "Shall we?", CHOICES))
    assert content["body"] == "Shall we?\n1) Yes\n2) No"
    assert content["org.copbot.choices"] == ["7.0", "7.1"]


@pytest.mark.parametrize("text", ["@room hello", "@alice:example.org", "<b>&amp;</b> [x](https://example.org)"])
def test_nobody_is_called_and_nothing_is_formatted(text: str) -> None:
    (content,) = messages(Outgoing(1, GROUP, text))
    assert (content["body"], content["m.mentions"]) == (text, {})
    assert "formatted_body" not in content


@pytest.mark.parametrize(
    ("outgoing", "kind"),
    [
        (Outgoing(1, GROUP, "An answer", reply_to="$1"), "m.notice"),
        (Outgoing(1, GROUP, "A question", CHOICES, reply_to="$1"), "m.text"),
        (Outgoing(1, GROUP, "Tell me", reply_to="$1", prompts=True), "m.text"),
        (Outgoing(1, GROUP, "A reminder, at which phones should ring"), "m.text"),
        (Outgoing(1, ALICE, "A word in private", reply_to="$1"), "m.text"),
    ],
)
def test_a_mere_answer_in_a_group_is_a_notice_that_no_bot_answers(outgoing: Outgoing, kind: str) -> None:
    assert messages(outgoing)[0]["msgtype"] == kind


def test_answers_and_threads_are_relations() -> None:
    thread = dataclasses.replace(GROUP, thread="$root")
    answered = {"m.in_reply_to": {"event_id": "$1"}}
    in_thread = {"rel_type": "m.thread", "event_id": "$root"}
    falling_back = {"is_falling_back": True, "m.in_reply_to": {"event_id": "$root"}}
    assert messages(Outgoing(1, GROUP, "a", reply_to="$1"))[0]["m.relates_to"] == answered
    assert messages(Outgoing(1, thread, "a", reply_to="$1"))[0]["m.relates_to"] == in_thread | answered
    assert messages(Outgoing(1, thread, "a"))[0]["m.relates_to"] == in_thread | falling_back
    assert "m.relates_to" not in messages(Outgoing(1, GROUP, "a"))[0]


@pytest.mark.parametrize("text", ["words " * 9000, "line\n" * 9000, "é" * 40_000, "一段\n\n" * 9000, "x" * 50_000])
def test_a_long_text_comes_whole_in_parts_that_fit(text: str) -> None:
    parts = split(text)
    assert all(0 < len(part.encode()) <= LONGEST for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_the_choices_stand_under_the_last_part() -> None:
    contents = messages(Outgoing(1, ALICE, "words " * 9000, CHOICES))
    assert ["org.copbot.choices" in content for content in contents] == [False] * (len(contents) - 1) + [True]


def test_a_polls_answers_carry_the_tokens_and_its_words_are_there_for_those_without_polls() -> None:
    content = poll("Shall we?", CHOICES)
    answers = content["org.matrix.msc3381.poll.start"]["answers"]
    assert [(answer["id"], answer["org.matrix.msc1767.text"]) for answer in answers] == [("7.0", "Yes"), ("7.1", "No")]
    assert content["org.matrix.msc1767.text"] == "Shall we?\n1) Yes\n2) No"


def test_files_are_shown_as_what_they_are() -> None:
    for media_type, kind in (("image/png", "m.image"), ("audio/ogg", "m.audio"), ("text/calendar", "m.file")):
        assert file(Attachment("a", media_type, b""), {"url": "mxc://example.org/a"}, 3)["msgtype"] == kind
    voice = file(Attachment("a", "audio/ogg", b""), {"url": "mxc://example.org/a"}, 3, "voice")
    assert "org.matrix.msc3245.voice" in voice


def test_a_message_has_its_name_from_its_number_and_its_words_and_keeps_it() -> None:
    names = [transaction(Outgoing(1, GROUP, "a", CHOICES), b"key") for _twice in range(2)]
    others = [Outgoing(2, GROUP, "a", CHOICES), Outgoing(1, GROUP, "b", CHOICES), Outgoing(1, ALICE, "a", CHOICES)]
    assert names[0] == names[1]
    assert names[0] not in [transaction(other, b"key") for other in [*others, Outgoing(1, GROUP, "a")]]


def test_the_name_of_a_message_tells_its_words_to_nobody_who_guesses_at_them() -> None:
    """It stands in the clear, where the words are enciphered."""
    said = Outgoing(1, ALICE, "In your text I see the name of Mme Duval.")
    assert transaction(said, b"key") != transaction(said, b"another key")


def test_the_name_of_what_is_confidential_has_nothing_to_do_with_its_words() -> None:
    """Not even whoever comes by the key learns from it what was said before."""
    said = Outgoing(2**52 + 4711, ALICE, "In your text I see the name of Mme Duval.", confidential=True)
    other = dataclasses.replace(said, text="Nothing of it is kept.", choices=CHOICES)
    assert transaction(said, b"key") == transaction(other, b"another key")


def test_extras_stop_where_they_would_be_in_the_way_of_what_people_wait_for() -> None:
    spare = Spare()
    assert spare.takes(4, now=100)
    assert spare.takes(5, now=100)
    assert not spare.takes(1, now=100)
    assert spare.takes(1, now=110)
    assert not spare.takes(10, now=9999)
    spare.run_out(now=10_000)
    assert not spare.takes(1, now=10_599)
    assert spare.takes(1, now=10_610)


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor("@a:b", "s1_2"),
        Cursor("@a:b", "s1", late=[["!r", "$e"]]),
        Cursor("@a:b", "s1", invited=[["!r", "@a:b", "direct"]]),
    ],
)
def test_a_cursor_is_read_as_it_was_written_and_only_by_its_own_account(cursor: Cursor) -> None:
    assert Cursor.read(cursor.write(), "@a:b") == cursor
    assert Cursor.read(cursor.write(), "@c:d") == Cursor("@c:d")
    assert Cursor.read("", "@a:b") == Cursor("@a:b")


def test_the_account_is_kept_for_its_owners_eyes_and_taken_from_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "matrix.json"
    account = Account(
        "https://example.org", "@copbot:example.org", "DEVICE", "secret-token", "secret-key", {"master": "c2VlZA=="}
    )
    account.write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Account.read(path) == account
    assert "secret" not in repr(account)
    assert Account.read(path).naming_key == account.naming_key
    assert dataclasses.replace(account, pickle_key="another").naming_key != account.naming_key
    path.chmod(0o644)
    with pytest.raises(Misfiled, match="can be read by others"):
        Account.read(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"homeserver": 1}', "\x00"])
def test_a_file_that_is_no_account_is_said_to_be_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "matrix.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(Misfiled, match="no account file"):
        Account.read(path)
