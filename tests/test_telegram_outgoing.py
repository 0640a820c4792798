"""What copbot says fits Telegram, whole and in order, and calls nobody."""

from typing import Any

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from copbot.adapters.telegram.faults import translated
from copbot.adapters.telegram.outgoing import MOST_CAPTION, MOST_TEXT, divide, request, units
from copbot.vocabulary import Attachment, Choice, Outgoing, Person, Place, TryLater, Undeliverable, Unreachable

amina = Person("telegram", "5100000001", "")
team = Place("telegram", "-1002004200001", "group", "40")


def outgoing(text: str = "Hello", to: Person | Place = amina, **more: Any) -> Outgoing:
    return Outgoing(id=1, to=to, text=text, **more)


def parts(said: Outgoing) -> list[dict[str, Any]]:
    sent, later = [], said
    while True:
        now, rest = divide(later)
        sent.append(request(now, "5")[1])
        if rest is None:
            return sent
        later = rest


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(label, f"12.{number}") for number, label in enumerate(labels))


def buttons(said: Outgoing) -> list[list[str]]:
    return [[button["text"] for button in row] for row in request(said, "5")[1]["reply_markup"]["inline_keyboard"]]


@pytest.mark.parametrize("letter", ["a", "é", "𝄞", "👩‍👧"])
def test_a_long_text_is_cut_at_the_ends_of_lines_and_nothing_is_missing(letter: str) -> None:
    lines = [f"{number} {letter * 50}" for number in range(400)]
    sent = [part["text"] for part in parts(outgoing("\n".join(lines)))]
    assert "\n".join(sent).split("\n") == lines
    assert len(sent) > 1
    assert max(map(units, sent)) <= MOST_TEXT


@pytest.mark.parametrize("text", ["𝄞" * 5000, "x" * 9000, "word " * 2000, "\n" * 3 + "a" * 5000 + "\n\n" + "b" * 5000])
def test_a_text_without_lines_is_cut_between_letters(text: str) -> None:
    sent = [part["text"] for part in parts(outgoing(text))]
    assert "".join("".join(sent).split()) == "".join(text.split())
    assert max(map(units, sent)) <= MOST_TEXT
    assert all(part.strip() for part in sent)
    "".join(sent).encode("utf-8")


def test_choices_stand_under_the_last_part_and_files_with_the_first() -> None:
    file = Attachment("recap.md", "text/markdown", b"# Recap")
    said = outgoing("\n".join(["line " * 10] * 60), attachment=file, choices=choices("Yes", "No"), reply_to="9")
    first, *middle, last = parts(said)
    assert units(first["caption"]) <= MOST_CAPTION
    assert "document" in first
    assert "reply_parameters" in first
    assert "reply_markup" in last
    assert last["text"].endswith("1) Yes\n2) No")
    assert all("document" not in part and "reply_parameters" not in part for part in [*middle, last])


def test_what_remains_said_again_after_a_crash_is_the_same() -> None:
    text = "\n".join(f"@amina line {number} " + "x" * 80 for number in range(200))
    first, rest = divide(outgoing(text))
    assert rest
    assert parts(rest) == parts(outgoing(text))[1:]
    assert first.text


def test_choices_are_numbered_in_the_text_and_on_their_buttons() -> None:
    said = outgoing("Where are you with it?", choices=choices("I tried it", "Not yet", "I gave it up after a while"))
    assert request(said, "5")[1]["text"] == "Where are you with it?\n1) I tried it\n2) Not yet\n3) I gave it up after a while"
    assert buttons(said) == [["1) I tried it"], ["2) Not yet"], ["3) I gave it up after a while"]]
    assert buttons(outgoing(choices=choices("Yes", "No", "Later"))) == [["1) Yes", "2) No"], ["3) Later"]]


def test_long_labels_stay_in_the_text_and_the_buttons_bear_numbers() -> None:
    found = choices(*[f"Practice {number}: visual planning at snack time" for number in range(6)], "Two\nlines")
    assert buttons(outgoing(choices=found)) == [["1", "2", "3", "4", "5"], ["6", "7"]]


def test_choices_fit_however_long_they_are() -> None:
    said = outgoing("Which?", choices=choices(*["é" * 3000] * 10))
    sent = parts(said)
    assert max(units(part["text"]) for part in sent) <= MOST_TEXT
    assert all(f"{number}) " in sent[-1]["text"] for number in range(1, 11))


def test_a_token_that_no_button_carries_leaves_the_number_in_the_text() -> None:
    said = outgoing(choices=(Choice("Yes", "x" * 65), Choice("No", "12.1")))
    assert buttons(said) == [["2) No"]]
    assert "1) Yes" in request(said, "5")[1]["text"]


def test_nobody_is_called_and_addresses_stay_whole() -> None:
    text = request(outgoing("@amina wrote to amina@example.org, @all"), "5")[1]["text"]
    assert text == "@\u2060amina wrote to amina@example.org, @\u2060all"


def test_texts_are_plain_links_are_not_shown_and_what_is_confidential_is_protected() -> None:
    method, asked = request(outgoing("*a* <b>", confidential=True), "5")
    assert method == "sendMessage"
    assert asked == {
        "chat_id": "5",
        "text": "*a* <b>",
        "link_preview_options": '{"is_disabled": true}',
        "protect_content": True,
    }


def test_in_groups_answers_stay_in_the_topic_and_the_field_opens_for_the_one_who_is_asked() -> None:
    asked = request(outgoing(to=team, reply_to="9", prompts=True), "5")[1]
    assert asked["message_thread_id"] == 40
    assert asked["reply_parameters"] == {"message_id": 9, "allow_sending_without_reply": True}
    assert asked["reply_markup"] == {"force_reply": True, "selective": True}
    assert "reply_markup" not in request(outgoing(prompts=True), "5")[1]


@pytest.mark.parametrize(
    ("file", "method", "field"),
    [
        (Attachment("a.md", "text/markdown", b"x"), "sendDocument", "document"),
        (Attachment("a.png", "image/png", b"x"), "sendPhoto", "photo"),
        (Attachment("a.ogg", "audio/ogg", b"x"), "sendVoice", "voice"),
        (Attachment("", "", b"", "photo:AgAC"), "sendPhoto", "photo"),
        (Attachment("", "", b"", "video_note:DQAC"), "sendVideoNote", "video_note"),
        (Attachment("", "", b"", "document:BQAC"), "sendDocument", "document"),
    ],
)
def test_files_go_as_what_they_are(file: Attachment, method: str, field: str) -> None:
    asked = request(outgoing(attachment=file), "5")
    assert asked[0] == method
    assert field in asked[1]
    if file.reference:
        assert asked[1][field] == file.reference.partition(":")[2]


@pytest.mark.parametrize(
    ("problem", "private", "reason"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), True, "blocked"),
        (Forbidden("Forbidden: user is deactivated"), True, "deactivated"),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), True, "never started"),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), False, "kicked"),
        (Forbidden("Forbidden: bot is not a member of the supergroup chat"), False, "kicked"),
        (Forbidden("Forbidden: the group chat was deleted"), False, "gone"),
        (Forbidden("Forbidden: something new"), False, "not allowed"),
        (BadRequest("Chat not found"), True, "never started"),
        (BadRequest("Chat not found"), False, "gone"),
        (BadRequest("Not enough rights to send text messages to the chat"), False, "not allowed"),
        (BadRequest("Have no rights to send a message"), False, "not allowed"),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), False, "not allowed"),
    ],
)
def test_why_a_chat_cannot_be_written_to(problem: TelegramError, private: bool, reason: str) -> None:
    found = translated(problem, private=private)
    assert isinstance(found, Unreachable)
    assert found.reason == reason


def test_patience_is_kept_exactly_and_what_will_never_do_is_not_tried_again() -> None:
    later = translated(RetryAfter(37), private=True)
    assert isinstance(later, TryLater)
    assert later.seconds == 37
    assert isinstance(translated(InvalidToken(), private=True), TryLater)
    assert isinstance(translated(BadRequest("Message text is empty"), private=True), Undeliverable)
    for passing in (NetworkError("502"), TimedOut(), ChatMigrated(5)):
        assert translated(passing, private=True) is passing
