"""What people are used to on Telegram works with copbot: buttons, menus, links, topics; and nobody gets a right by a trick."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from copbot.vocabulary import Edited, Joined, Place, Reacted, Said
from tests.telegram.people import Group, Someone
from tests.telegram.server import Server
from tests.telegram.wired import Listener, at_work, connected, rows, wired


async def settled(server: Server, *people: Someone, **about: Any) -> Group:
    """A group in which copbot is at home; the first of the people administers it."""
    for one in people:
        one.chat.standing = "member"
    group = server.group("Team", *people, bot="left", **about)
    group.promotes(people[0], "creator")
    group.invites_bot(people[0], administrator=True)
    for one in people:
        group.takes_in(one)
    group.promotes(people[0], "creator")
    await server.until(lambda: people[0].heard)
    await server.drained()
    return group


# Buttons


@wired
async def test_a_pressed_button_is_answered_and_the_choices_go_when_it_is_done(server: Server, database: sa.Engine) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    async with at_work(server, database):
        await settled(server, alice, bo)
        bo.writes("/remind tomorrow 9:00 call Ana")
        await server.until(lambda: "1) OK" in bo.last)
        asked = bo.heard[-1]
        query = bo.presses(asked, "OK")
        await server.until(lambda: query in server.world.answered and not asked.buttons)
        assert rows(database, "select text from reminders") == [("call Ana",)]
        assert "1) OK" in asked.text, "the words stay"


@wired
async def test_a_button_does_nothing_for_another_and_nothing_twice(server: Server, database: sa.Engine) -> None:
    alice, bo, eve = server.person("alice"), server.person("bo"), server.person("eve")
    async with at_work(server, database):
        await settled(server, alice, bo, eve)
        bo.writes("/forget")
        await server.until(lambda: bo.heard and bo.heard[-1].buttons)
        data = bo.heard[-1].buttons[0]["callback_data"]
        for forged in (data, "1.0", "999999.0", "x", "'; drop table members; --"):
            server.world.presses(eve.chat, eve.person, bo.heard[-1].message, forged)
        await server.until(lambda: len(server.world.answered) == 5)
        await server.drained()
        assert rows(database, "select count(*) from members where left_at is null") == [(3,)]


# Commands


@wired
async def test_a_command_may_name_copbot_and_one_that_names_another_bot_is_not_for_it(
    server: Server, database: sa.Engine
) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    async with at_work(server, database):
        group = await settled(server, alice, bo)
        bo.says(group, "/share@otherbot Singing: every morning")
        bo.says(group, "/share@copbot Dancing: every evening")
        await server.until(lambda: "Thank you bo" in group.last)
        bo.says(group, "@copbot /share Reading: at noon")
        await server.until(lambda: "practice 2" in group.last)
    assert rows(database, "select title from practices order by number") == [("Dancing",), ("Reading",)]


@wired
async def test_menus_differ_by_place_role_and_language_and_hold_only_what_telegram_takes(server: Server) -> None:
    async with connected(server):
        menus = server.world.menus
    scopes = {(scope.split('"')[3], language) for scope, language in menus}
    assert scopes >= {
        (scope, language)
        for scope in ("all_private_chats", "all_group_chats", "all_chat_administrators")
        for language in ("", "en", "fr")
    }
    by = {(scope.split('"')[3], language): {one["command"] for one in menu} for (scope, language), menu in menus.items()}
    assert "share" in by["all_private_chats", "en"]
    assert "aide" in by["all_private_chats", "fr"]
    assert "recap" in by["all_chat_administrators", "en"] - by["all_group_chats", "en"], "facilitators see what is theirs"
    assert server.world.descriptions["short_description", "fr"]


@wired
async def test_what_is_in_the_menus_already_is_not_written_again(server: Server) -> None:
    async with connected(server):
        pass
    before = server.calls["setMyCommands"]
    async with connected(server):
        pass
    assert server.calls["setMyCommands"] == before


# Rights


@wired
async def test_nobody_gets_a_right_by_a_trick(server: Server, database: sa.Engine) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    async with at_work(server, database):
        group = await settled(server, alice, bo)
        channel = server.group("Channel", kind="channel", bot="administrator")
        group.says_anonymously("/checkin open")
        group.says_as_channel(channel, "/checkin open")
        channel.posts("/checkin open")
        origin = {"type": "user", "date": 1, "sender_user": alice.person}
        bo.says(group, "/checkin open", forward_origin=origin)
        via = {"id": 99, "is_bot": True, "first_name": "Inline", "username": "inlinebot"}
        alice.says(group, "/checkin open", via_bot=via)
        alice.edits(alice.says(group, "harmless"), "/checkin open")
        alice.says(group, "/checkin open", forward_origin={"type": "user", "date": 1, "sender_user": bo.person})
        bo.says(group, "/checkin open")
        await server.until(lambda: "Only facilitators" in group.last)
        assert rows(database, "select count(*) from checkin_rounds") == [(0,)]
        alice.says(group, "/checkin open")
        await server.until(lambda: rows(database, "select count(*) from checkin_rounds") == [(1,)])


@wired
async def test_who_administers_is_asked_of_telegram_when_it_matters(server: Server, database: sa.Engine) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    async with at_work(server, database):
        group = await settled(server, alice, bo)
        group.promotes(bo)
        bo.says(group, "/checkin open")
        await server.until(lambda: rows(database, "select count(*) from checkin_rounds") == [(1,)])
        group.demotes(bo)
        bo.says(group, "/checkin close")
        await server.until(lambda: "Only facilitators" in group.last)


# What is heard


@wired
async def test_an_album_is_one_message_with_its_words(server: Server) -> None:
    alice = server.person("alice")
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        alice.sends_album([b"one", b"two", b"three"], "our wall")
        events = []
        while not events:
            events = await listener.hears()
        (said,) = events
        assert isinstance(said, Said)
        assert said.text == "our wall"
        assert [await adapter.fetch(file.reference, 100) for file in said.files] == [b"one", b"two", b"three"]


@pytest.mark.parametrize(
    ("kind", "called"),
    [("voice", "voice"), ("photo", "picture"), ("document", "document"), ("video", "video"), ("audio", "audio")],
)
def test_files_of_every_kind_come_with_what_is_known_of_them(kind: str, called: str) -> None:
    @wired
    async def test(server: Server) -> None:
        alice = server.person("alice")
        async with connected(server) as adapter, Listener(server, adapter) as listener:
            alice.sends(kind, b"0123456789", caption="how it sounds")
            (said,) = await listener.hears()
            assert isinstance(said, Said)
            (file,) = said.files
            assert (said.text, file.kind, file.size) == ("how it sounds", called, 10)
            assert file.media_type
            assert await adapter.fetch(file.reference, 10) == b"0123456789"

    test()


@wired
async def test_reactions_edits_and_answers_are_heard_as_telegram_tells_them(server: Server) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    group = server.group("Team", alice, bo, bot="administrator")
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        first = alice.says(group, "the picture cards helped")
        bo.says(group, "how?", to=first["message_id"])
        bo.reacts(group, first["message_id"], "📌")
        alice.edits(first, "the picture cards helped a lot")
        _said, answer, reacted, edited = await listener.hears()
    assert isinstance(answer, Said)
    assert answer.reply_to
    assert answer.reply_to.author
    assert (answer.reply_to.text, answer.reply_to.author.name) == ("the picture cards helped", "alice")
    assert answer.place.thread == "", "a thread of answers is no topic"
    assert isinstance(reacted, Reacted)
    assert (reacted.emoji, reacted.quoted.message) == ("📌", str(first["message_id"]))
    assert isinstance(edited, Edited)
    assert edited.text == "the picture cards helped a lot"


@wired
async def test_with_privacy_mode_commands_answers_and_mentions_are_enough(server: Server, database: sa.Engine) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    async with at_work(server, database):
        group = await settled(server, alice, bo)
        group.chat.standing = "member"
        idea = bo.says(group, "we sing every morning")
        alice.says(group, "/share", to=idea["message_id"])
        await server.until(lambda: "These are words of bo" in alice.last)
        bo.says(group, "@copbot /share Dancing: every evening")
        await server.until(lambda: "Thank you bo" in group.last)


# Topics


@wired
async def test_answers_stay_in_the_topic_and_the_message_that_opened_it_is_not_answered(
    server: Server, database: sa.Engine
) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    async with at_work(server, database):
        forum = await settled(server, alice, bo, is_forum=True)
        topic = forum.opens_topic("Practices", alice)
        bo.says(forum, "/share Singing: every morning", topic=topic)
        await server.until(lambda: "Thank you bo" in forum.last)
        assert forum.heard[-1].message["message_thread_id"] == topic.id
        bo.says(forum, "/share Dancing: every evening")
        await server.until(lambda: "practice 2" in forum.last)
        assert "message_thread_id" not in forum.heard[-1].message


@wired
async def test_what_is_said_in_a_topic_is_no_answer_to_the_message_that_opened_it(server: Server) -> None:
    alice = server.person("alice")
    forum = server.group("Forum", alice, bot="administrator", is_forum=True)
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        topic = forum.opens_topic("Practices", alice)
        alice.says(forum, "hello", topic=topic)
        (said,) = [event for event in await listener.hears() if isinstance(event, Said)]
    assert said.place == Place("telegram", str(forum.chat.id), "group", str(topic.id))
    assert said.reply_to is None


# Private chats


@wired
async def test_the_link_that_opens_a_private_chat_leads_to_the_bot(server: Server) -> None:
    async with connected(server) as adapter:
        assert adapter.door == "https://t.me/copbot?start={token}"


def token_in(words: str) -> str:
    """The one that the link in these words carries."""
    found = re.search(r"https://t\.me/copbot\?start=([\w-]{16,64})(?:\s|$)", words)
    assert found, words
    return found[1]


@wired
async def test_who_never_started_copbot_follows_a_link_that_is_good_once_and_for_them_alone(
    server: Server, database: sa.Engine
) -> None:
    server.world.accepts_ephemeral = "unknown"
    alice, bo, cy = (server.person(name) for name in ("alice", "bo", "cy"))
    async with at_work(server, database):
        group = await settled(server, alice, bo, cy)
        bo.chat.standing = "never started"
        bo.says(group, "/me")
        await server.until(lambda: "?start=" in group.last)
        token = token_in(group.last)
        cy.starts(token)
        await server.until(lambda: "I am copbot" in cy.last)  # as after any /start
        assert not bo.heard
        bo.starts(token)
        await server.until(lambda: "what I know of your choices" in bo.last)
        await server.drained()
        assert len(bo.heard) == 1
        bo.starts(token)
        await server.until(lambda: "I am copbot" in bo.last)


@wired
async def test_what_is_forwarded_is_never_a_choice_and_may_be_what_is_told(server: Server, database: sa.Engine) -> None:
    alice = server.person("alice")
    passed_on = {"forward_origin": {"type": "user", "date": 1, "sender_user": alice.person}}
    async with at_work(server, database):
        await settled(server, alice)
        alice.writes("/share")
        await server.until(lambda: rows(database, "select count(*) from questions where not closed") == [(1,)])
        before = len(alice.heard)
        alice.sends("photo", b"a timetable", **passed_on)
        await server.until(lambda: len(alice.heard) > before)
        assert rows(database, "select count(*) from attachments") == [(1,)]
        alice.writes("/forget", **passed_on)
        await server.until(lambda: any("You forwarded this" in sent.text for sent in alice.heard))


@wired
async def test_who_blocked_copbot_is_written_to_again_when_they_come_back(server: Server, database: sa.Engine) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    async with at_work(server, database):
        group = await settled(server, alice, bo)
        bo.blocks()
        await server.drained()
        alice.says(group, "/checkin open")
        await server.until(lambda: rows(database, "select count(*) from checkin_rounds") == [(1,)])
        before = len(bo.heard)
        bo.starts()
        await server.until(lambda: len(bo.heard) > before)


@wired
async def test_bots_are_nobody(server: Server) -> None:
    alice = server.person("alice")
    group = server.group("Team", alice, bot="administrator")
    other = server.person("other")
    other.person["is_bot"] = True
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        group.takes_in(other, by=alice)
        events = await listener.hears()
    assert not [event for event in events if isinstance(event, Joined)]
