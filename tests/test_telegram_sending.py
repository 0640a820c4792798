"""What copbot says arrives on Telegram: whole, in order, within the limits; and where it cannot, the reason is known."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs
from telegram.error import NetworkError, TimedOut

from copbot.adapters.telegram import request
from copbot.store import outbox
from copbot.store.outbox import Letter
from copbot.vocabulary import Attachment, Choice, Moved, Outgoing, Person, Place, TryLater, Undeliverable, Unreachable
from tests.conftest import START
from tests.telegram import TOKEN
from tests.telegram.limits import Limits
from tests.telegram.people import Group, Someone
from tests.telegram.refusals import bad, forbidden, too_many
from tests.telegram.rules import units
from tests.telegram.server import Server
from tests.telegram.wired import Listener, at_work, connected, rows, wired


def to(one: Someone) -> Person:
    return Person("telegram", str(one.id), "")


def place(group: Group, thread: int = 0) -> Place:
    return Place("telegram", str(group.chat.id), "group", str(thread or ""))


def out(whom: Person | Place, text: str, **more: Any) -> Outgoing:
    return Outgoing(1, whom, text, **more)


def started(server: Server, name: str = "alice") -> Someone:
    one = server.person(name)
    one.chat.standing = "member"
    return one


def letter(one: Someone, text: str, **more: Any) -> Letter:
    return Letter(platform="telegram", room=str(one.id), private=True, text=text, choices=[], created_at=START, **more)


# What people see


@wired
async def test_choices_stand_in_the_text_with_numbers_and_below_it_as_buttons(server: Server) -> None:
    alice = started(server)
    async with connected(server) as adapter:
        await adapter.send(out(to(alice), "Which?", choices=(Choice("Yes", "7.0"), Choice("A quite long answer " * 4, "7.1"))))
    (sent,) = alice.heard
    assert sent.text == "Which?\n1) Yes\n2) " + ("A quite long answer " * 4).strip()
    assert [button["callback_data"] for button in sent.buttons] == ["7.0", "7.1"]


@wired
async def test_a_long_message_comes_in_order_cut_at_the_ends_of_lines(server: Server) -> None:
    alice = started(server)
    lines = [f"{number} " + "😀é" * 20 for number in range(300)]
    async with connected(server) as adapter:
        await adapter.send(out(to(alice), "\n".join(lines), choices=(Choice("OK", "7.0"),)))
    assert [line for sent in alice.heard for line in sent.text.split("\n")] == [*lines, "1) OK"]
    assert len(alice.heard) == 5
    assert [bool(sent.buttons) for sent in alice.heard] == [False, False, False, False, True]


@pytest.mark.parametrize("text", ["x" * 4096, "x" * 4097, "😀" * 2049, "x" * 12_000, "word " * 3000, "\n" * 50 + "x" * 5000])
def test_no_text_is_too_long_and_none_is_lost(text: str) -> None:
    @wired
    async def test(server: Server) -> None:
        alice = started(server)
        async with connected(server) as adapter:
            await adapter.send(out(to(alice), text))
        assert all(units(sent.text) <= 4096 for sent in alice.heard)
        assert "".join("".join(sent.text.split()) for sent in alice.heard) == "".join(text.split())

    test()


@wired
async def test_links_are_not_previewed_names_call_nobody_and_confidences_are_protected(server: Server) -> None:
    alice = started(server)
    async with connected(server) as adapter:
        await adapter.send(out(to(alice), "See https://example.org, @everyone", confidential=True))
        await adapter.send(out(to(alice), "in the open"))
    first, second = alice.heard
    assert first.asked["link_preview_options"] == {"is_disabled": True}
    assert first.message["has_protected_content"]
    assert "has_protected_content" not in second.message
    assert "entities" not in first.message, "a word joiner keeps it from calling anybody"


@wired
async def test_an_answer_quotes_what_it_answers_even_if_that_is_gone(server: Server) -> None:
    alice = started(server)
    group = server.group("Team", alice)
    said = alice.says(group, "/help@copbot")
    async with connected(server) as adapter:
        await adapter.send(out(place(group), "here", reply_to=str(said["message_id"])))
        await adapter.send(out(place(group), "there", reply_to="98765"))
    first, second = group.heard
    assert first.message["reply_to_message"]["message_id"] == said["message_id"]
    assert "reply_to_message" not in second.message


@wired
async def test_own_words_are_asked_for_with_a_field_for_the_reply_in_groups_only(server: Server) -> None:
    alice = started(server)
    group = server.group("Team", alice)
    said = alice.says(group, "/share@copbot")
    async with connected(server) as adapter:
        await adapter.send(out(place(group), "What?", prompts=True, reply_to=str(said["message_id"])))
        await adapter.send(out(to(alice), "What?", prompts=True))
    assert group.heard[-1].asked["reply_markup"] == {"force_reply": True, "selective": True}
    assert "reply_markup" not in alice.heard[-1].asked


@wired
async def test_files_arrive_with_their_words(server: Server) -> None:
    alice = started(server)
    notes = Attachment("notes.md", "text/markdown", "# Été\n".encode())
    async with connected(server) as adapter:
        await adapter.send(out(to(alice), "Here it is", attachment=notes, choices=(Choice("Thanks", "7.0"),)))
        await adapter.send(out(to(alice), "long\n" * 1000, attachment=notes))
        await adapter.send(out(to(alice), "", attachment=Attachment("face.jpg", "image/jpeg", b"\xff\xd8")))
    first, second, *rest, picture = alice.heard
    assert (first.text, first.files[0][0], first.files[0][2]) == ("Here it is\n1) Thanks", "notes.md", notes.content)
    assert first.buttons
    assert second.files
    assert not any(sent.files for sent in rest)
    assert "photo" in picture.message


@wired
async def test_a_file_that_people_sent_is_fetched_and_sent_on_by_its_reference(server: Server) -> None:
    alice = started(server)
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        alice.sends("voice", b"la la la")
        (said,) = await listener.hears()
        (file,) = said.files  # type: ignore[union-attr]
        assert await adapter.fetch(file.reference, 100) == b"la la la"
        with pytest.raises(ValueError, match="large"):
            await adapter.fetch(file.reference, 3)
        with pytest.raises(ValueError, match="no such file"):
            await adapter.fetch("voice:nonsense", 100)
        await adapter.send(out(to(alice), "again", attachment=Attachment("", "", b"", file.reference)))
    assert alice.heard[-1].files[0][2] == b"la la la"


@wired
async def test_buttons_go_when_they_are_done_with_and_messages_when_asked(server: Server) -> None:
    alice = started(server)
    async with connected(server) as adapter:
        message = await adapter.send(out(to(alice), "Which?", choices=(Choice("Yes", "7.0"),)))
        for _twice in range(2):
            await adapter.send(out(to(alice), "", act="strip", reply_to=message))
        assert not alice.heard[-1].buttons
        for _twice in range(2):
            await adapter.send(out(to(alice), "", act="remove", reply_to=message))
        assert int(message) not in alice.chat.messages


# What Telegram refuses


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (lambda alice, group: None, "never started"),
        (lambda alice, group: (alice.starts(), alice.blocks()), "blocked"),
        (lambda alice, group: (alice.starts(), alice.deactivates()), "deactivated"),
    ],
)
def test_why_a_person_cannot_be_reached_is_known(what: Any, reason: str) -> None:
    @wired
    async def test(server: Server) -> None:
        alice = server.person("alice")
        what(alice, None)
        async with connected(server) as adapter:
            with pytest.raises(Unreachable) as caught:
                await adapter.send(out(to(alice), "hello"))
            assert caught.value.reason == reason

    test()


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (lambda alice, group: group.puts_out(alice), "kicked"),
        (lambda alice, group: group.goes(), "gone"),
        (lambda alice, group: group.silences_bot(), "not allowed"),
        (lambda alice, group: group.world.chats.pop(group.chat.id), "gone"),
    ],
)
def test_why_a_group_cannot_be_written_to_is_known(what: Any, reason: str) -> None:
    @wired
    async def test(server: Server) -> None:
        alice = server.person("alice")
        group = server.group("Team", alice)
        what(alice, group)
        async with connected(server) as adapter:
            with pytest.raises(Unreachable) as caught:
                await adapter.send(out(place(group), "hello"))
            assert caught.value.reason == reason

    test()


@wired
async def test_patience_is_taken_as_telegram_asks_for_it(server: Server) -> None:
    alice = started(server)
    async with connected(server) as adapter:
        server.faults.refuse("sendMessage", too_many(17))
        with pytest.raises(TryLater) as caught:
            await adapter.send(out(to(alice), "hello"))
        assert caught.value.seconds == 17


@wired
async def test_one_chat_that_has_to_wait_holds_no_other_up(server: Server, database: sa.Engine) -> None:
    alice, bo = started(server), started(server, "bo")
    async with at_work(server, database) as app:
        server.faults.refuse("sendMessage", too_many(2), meant=lambda asked: asked["chat_id"] == alice.id)
        letters = [letter(alice, "1"), letter(alice, "2"), letter(bo, "3")]
        await app.engine.do(lambda tx: [outbox.put(tx, one) for one in letters] and None)
        await server.heard(3)
    assert [(sent.chat, sent.text) for sent in server.world.sent] == [(bo.id, "3"), (alice.id, "1"), (alice.id, "2")]
    asked = [when for when, method, what in server.asked if method == "sendMessage" and what.get("text") == "1"]
    assert asked[1] - asked[0] >= 2, "no sooner than Telegram said"


@wired
async def test_a_message_that_telegram_never_takes_is_given_up_at_once(server: Server) -> None:
    alice = started(server)
    async with connected(server) as adapter:
        server.faults.refuse("sendMessage", bad("something that no patience helps with"))
        with pytest.raises(Undeliverable):
            await adapter.send(out(to(alice), "hello"))


@wired
async def test_one_who_cannot_be_reached_is_asked_once_and_noted(server: Server, database: sa.Engine) -> None:
    alice, bo = server.person("alice"), started(server, "bo")
    async with at_work(server, database) as app:
        await app.engine.do(lambda tx: [outbox.put(tx, letter(one, "hello")) for one in (alice, bo)] and None)
        await server.heard(1)
        await app.delivery.idle()
    assert [what["chat_id"] for _when, method, what in server.asked if method == "sendMessage"].count(alice.id) == 1
    assert rows(database, "select state from outbox order by id") == [("unreachable",), ("sent",)]


# Groups that change


@wired
async def test_what_is_said_to_a_group_that_moved_arrives_at_its_new_address(server: Server) -> None:
    alice = started(server)
    old = server.group("Team", alice, kind="group")
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        server.world.allowed = frozenset()  # of the move itself, nothing was heard
        new = old.becomes_supergroup()
        await adapter.send(out(place(old), "one"))
        await adapter.send(out(place(old), "two"))
        assert [sent.text for sent in new.heard] == ["one", "two"]
        moved = [event for event in await listener.hears() if isinstance(event, Moved)]
        assert [(event.place.room, event.to.room) for event in moved] == [(str(old.chat.id), str(new.chat.id))]
    assert sum(method == "sendMessage" and what["chat_id"] == old.chat.id for _w, method, what in server.asked) == 1


@pytest.mark.parametrize("backwards", [False, True])
def test_a_group_that_moves_is_followed_and_nothing_is_lost(database: sa.Engine, backwards: bool) -> None:
    @wired
    async def test(server: Server) -> None:
        alice = started(server)
        old = server.group("Team", alice, kind="group", bot="left")
        async with at_work(server, database):
            old.invites_bot(alice)
            alice.says(old, "/share Singing: every morning")
            await server.until(lambda: "Thank you alice" in old.last)
            new = old.becomes_supergroup(backwards=backwards)
            alice.says(new, "/share Dancing: every evening")
            await server.until(lambda: "practice 2" in new.last)
            assert rows(database, "select room from rooms") == [(str(new.chat.id),)]
            assert rows(database, "select count(*) from communities") == [(1,)]

    test()


@wired
async def test_what_is_for_a_closed_topic_is_said_in_the_group(server: Server) -> None:
    alice = started(server)
    forum = server.group("Forum", alice, is_forum=True)
    topic = forum.opens_topic("Practices", alice)
    async with connected(server) as adapter:
        await adapter.send(out(place(forum, topic.id), "in the topic"))
        topic.closed = True
        await adapter.send(out(place(forum, topic.id), "beside it"))
        await adapter.send(out(place(forum, 4711), "nowhere"))
    assert [sent.message.get("message_thread_id") for sent in forum.heard] == [topic.id, None, None]


# Members who never pressed Start


@pytest.mark.parametrize("server_is", ["yes", "no", "unknown"])
def test_what_is_for_one_person_is_shown_in_the_group_to_that_person_or_to_nobody(server_is: Any) -> None:
    @wired
    async def test(server: Server) -> None:
        server.world.accepts_ephemeral = server_is
        alice = server.person("alice")
        group = server.group("Team", alice)
        async with connected(server) as adapter:
            said = out(to(alice), "for you alone", within=place(group), choices=(Choice("Yes", "7.0"),))
            if server_is == "yes":
                await adapter.send(said)
                assert [(sent.only_for, sent.text) for sent in server.world.sent] == [(alice.id, "for you alone\n1) Yes")]
            else:
                with pytest.raises(Unreachable, match="never started"):
                    await adapter.send(said)
                assert server.world.sent == []
        assert group.heard == []

    test()


# The wire


@wired
async def test_a_gateway_that_fails_costs_time_only(server: Server, database: sa.Engine) -> None:
    alice = started(server)
    async with at_work(server, database) as app:
        server.faults.add("break", "sendMessage", times=1)
        await app.engine.do(lambda tx: [outbox.put(tx, letter(alice, text)) for text in ("one", "two")] and None)
        await server.heard(2)
    assert [sent.text for sent in alice.heard] == ["one", "two"]


@wired
async def test_an_answer_that_never_came_costs_at_most_one_double(
    server: Server, database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "_ANSWER", 0.3)
    alice = started(server)
    async with at_work(server, database) as app:
        server.faults.add("lose", "sendMessage", times=1)
        await app.engine.do(lambda tx: [outbox.put(tx, letter(alice, text)) for text in ("one", "two")] and None)
        await app.delivery.idle()
    texts = [sent.text for sent in alice.heard]
    assert texts in (["one", "two"], ["one", "one", "two"])


@wired
async def test_telegram_never_has_to_refuse(server: Server, database: sa.Engine) -> None:
    people = [started(server, f"p{number}") for number in range(45)]
    server.limits = Limits()
    async with at_work(server, database) as app:
        letters = [letter(one, text) for one in people for text in ("one", "two")][:70]
        await app.engine.do(lambda tx: [outbox.put(tx, one) for one in letters] and None)
        await app.delivery.idle()
    assert server.limits.refused == 0
    assert len(server.world.sent) == 70


@wired
async def test_nothing_that_is_logged_or_raised_names_token_words_or_people(server: Server) -> None:
    alice = started(server)
    async with connected(server) as adapter:
        with capture_logs() as logged:
            for trouble in ("break", "cut"):
                server.faults.add(trouble, "sendMessage")  # type: ignore[arg-type]
                with pytest.raises(NetworkError) as caught:
                    await adapter.send(out(to(alice), "Flummoxatron"))
                said = f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
                assert not any(secret in said for secret in (TOKEN, "Flummoxatron", str(alice.id)))
    assert not any(secret in str(logged) for secret in (TOKEN, "Flummoxatron", str(alice.id)))


@pytest.mark.parametrize("confidential", [True, False])
def test_nothing_that_is_logged_tells_when_something_confidential_was_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, confidential: bool
) -> None:
    """A line has a date: for what is confidential there is none, whatever becomes of the message."""
    monkeypatch.setattr(request, "_ANSWER", 0.3)

    @wired
    async def test(server: Server) -> None:
        alice = started(server)
        forum = server.group("Forum", alice, is_forum=True)
        picture = Attachment("plan.png", "image/png", b"no picture")
        async with connected(server) as adapter:
            with capture_logs() as logged:
                await adapter.send(out(place(forum, 4711), "in no topic", confidential=confidential))
                server.faults.refuse("sendPhoto", bad("IMAGE_PROCESS_FAILED"))
                server.faults.refuse("sendDocument", bad("file is too big"))
                await adapter.send(out(to(alice), "with a file", confidential=confidential, attachment=picture))
                server.faults.add("lose", "sendMessage", times=2)
                with pytest.raises(TimedOut):
                    await adapter.send(out(to(alice), "unanswered", confidential=confidential))
                await adapter.send(out(to(alice), "unanswered", confidential=confidential))
                for refusal in (too_many(3), bad("no"), bad("message is too long"), forbidden("bot was blocked by the user")):
                    server.faults.refuse("sendMessage", refusal)
                    with pytest.raises((TryLater, Undeliverable, Unreachable)):
                        await adapter.send(out(to(alice), "refused", confidential=confidential))
        told = [] if confidential else ["topic closed", "file left out", "taken for sent"]
        assert [line["event"] for line in logged] == told

    test()
    assert [record for record in caplog.records if record.name != "asyncio"] == []


@wired
async def test_what_is_removed_and_gone_already_is_logged_nowhere(server: Server) -> None:
    """Authors are told to delete what they wrote: a line would tell when they were there."""
    alice = started(server)
    group = server.group("Team", alice)
    async with connected(server) as adapter:
        with capture_logs() as logged:
            for whom in (to(alice), place(group)):
                message = await adapter.send(out(whom, "Between us"))
                for _twice in range(2):
                    await adapter.send(out(whom, "", act="remove", reply_to=message))
            alice.blocks()
            await adapter.send(out(to(alice), "", act="remove", reply_to="4711"))
            await adapter.send(out(to(alice), "", act="remove", reply_to=f"{group.chat.id}/4711"))
    assert logged == []


@wired
async def test_what_is_confidential_is_not_shown_in_a_group_not_even_to_one(server: Server) -> None:
    server.world.accepts_ephemeral = "yes"
    alice = server.person("alice")
    group = server.group("Team", alice)
    async with connected(server) as adapter:
        with pytest.raises(Unreachable, match="never started"):
            await adapter.send(out(to(alice), "for you alone", within=place(group), confidential=True))
    assert server.world.sent == []


@wired
async def test_copbot_leaves_when_it_has_said_so(server: Server) -> None:
    alice = started(server)
    group = server.group("Team", alice)
    async with connected(server) as adapter:
        await adapter.send(out(place(group), "Goodbye", leave=True))
    assert group.last == "Goodbye"
    assert server.world.left == [group.chat.id]


@wired
async def test_copbot_shows_that_it_is_at_work(server: Server) -> None:
    alice = started(server)
    async with connected(server) as adapter:
        await asyncio.gather(adapter.typing(Place("telegram", str(alice.id), "private")))
    assert server.world.typing == [alice.id]
