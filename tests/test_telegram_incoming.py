"""What Telegram hands over is understood as what it is, and nobody is more than they are."""

from typing import Any

import pytest

from copbot.adapters.telegram.albums import PATIENCE, Albums
from copbot.adapters.telegram.incoming import Me, album_of, is_history, to_album, to_incoming
from copbot.adapters.telegram.marks import Mark
from copbot.vocabulary import Chose, Edited, Incoming, Joined, Left, Moved, Person, Place, Quoted, Reacted, Received, Said

ME = Me(7210000001, "copbot")
BOT = {"id": 7210000001, "is_bot": True, "first_name": "copbot", "username": "copbot"}
AMINA = {"id": 5100000001, "is_bot": False, "first_name": "Amina", "last_name": "B.", "language_code": "fr"}
BO = {"id": 5100000002, "is_bot": False, "first_name": "Bo"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
SERVICE = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
TEAM = {"id": -1002004200001, "type": "supergroup", "title": "Team"}
CHANNEL = {"id": -1002009900001, "type": "channel", "title": "News"}
IN_PRIVATE = {"id": 5100000001, "type": "private", "first_name": "Amina"}

amina, bo = Person("telegram", "5100000001", "Amina B."), Person("telegram", "5100000002", "Bo")
team = Place("telegram", "-1002004200001", "group")


def message(sender: dict[str, Any] | None = AMINA, chat: dict[str, Any] = TEAM, **content: Any) -> dict[str, Any]:
    return {"message_id": 17, "date": 1795569012, "chat": chat, **({"from": sender} if sender else {}), **content}


def read(kind: str = "message", /, **content: Any) -> list[Incoming]:
    return to_incoming({"update_id": 500001, kind: content}, ME)


def said(**content: Any) -> Said:
    (event,) = read(**message(**content))
    assert isinstance(event, Said)
    return event


def test_words_come_with_who_and_where() -> None:
    assert said(text="Bonjour") == Said("500001", team, amina, "17", "Bonjour")
    assert said(text="/help", chat=IN_PRIVATE).place == Place("telegram", "5100000001", "private")


@pytest.mark.parametrize(
    ("text", "understood", "mentioned"),
    [
        ("/checkin open", "/checkin open", False),
        ("/checkin@copbot open", "/checkin open", True),
        ("/checkin@CopBot", "/checkin", True),
        ("@copbot /checkin", "/checkin", True),
        ("@CopBot: 2", "2", True),
        ("thank you @copbot", "thank you @copbot", True),
        ("@copbotanist and me@copbot.org", "@copbotanist and me@copbot.org", False),
    ],
)
def test_copbot_is_called_by_its_name(text: str, understood: str, mentioned: bool) -> None:
    event = said(text=text)
    assert (event.text, event.mentioned) == (understood, mentioned)


def test_what_another_bot_is_told_is_none_of_copbots_business() -> None:
    assert read(**message(text="/start@otherbot")) == []
    assert read(**message(sender={**BO, "is_bot": True}, text="/checkin open")) == []


@pytest.mark.parametrize(
    "content",
    [
        {"sender": ANONYMOUS, "sender_chat": TEAM, "text": "/checkin close"},
        {"sender": CHANNEL_BOT, "sender_chat": CHANNEL, "text": "/checkin close"},
        {"sender": SERVICE, "sender_chat": CHANNEL, "is_automatic_forward": True, "text": "/checkin close"},
        {"sender": SERVICE, "text": "/checkin close"},
        {"sender": None, "chat": CHANNEL, "text": "/checkin close"},
        {"sender": AMINA, "chat": CHANNEL, "text": "/checkin close"},
        {"via_bot": BO, "text": "/checkin close"},
    ],
    ids=["anonymous", "as a channel", "forwarded by Telegram", "Telegram", "channel post", "in a channel", "through a bot"],
)
def test_who_is_nobody_says_nothing(content: dict[str, Any]) -> None:
    assert read(**message(**content)) == []
    assert read("edited_message", **message(**content)) == []


def test_what_is_forwarded_is_known_for_it() -> None:
    assert said(text="/forget", forward_origin={"type": "user", "date": 1, "sender_user": BO}).forwarded
    assert not said(text="/forget").forwarded


def test_an_answer_names_what_it_answers() -> None:
    assert said(text="1", reply_to_message=message(BOT, message_id=9, text="Where are you with it?")).reply_to == Quoted(
        "9", Person("telegram", "7210000001", "copbot"), "Where are you with it?"
    )
    assert said(text="/share", reply_to_message=message(BO, message_id=9, caption="Look")).reply_to == Quoted("9", bo, "Look")


def test_only_topics_are_threads_and_their_opening_is_answered_by_nobody() -> None:
    opening = message(BO, message_id=40, forum_topic_created={"name": "Practices", "icon_color": 1})
    in_topic = said(text="hello", message_thread_id=40, is_topic_message=True, reply_to_message=opening)
    assert (in_topic.place.thread, in_topic.reply_to) == ("40", None)
    in_thread_of_answers = said(text="hello", message_thread_id=40, reply_to_message=message(BO, message_id=40, text="?"))
    assert in_thread_of_answers.place == team
    assert in_thread_of_answers.reply_to


def test_files_stay_where_they_are() -> None:
    sizes = [{"file_id": "small", "file_size": 10}, {"file_id": "large", "file_size": 99}]
    assert said(photo=sizes, caption="Our wall").files == (Received("picture", "photo:large", "", "image/jpeg", 99),)
    voice = {"file_id": "v", "duration": 3, "mime_type": "audio/ogg", "file_size": 5}
    assert said(voice=voice).files == (Received("voice", "voice:v", "", "audio/ogg", 5),)
    document = {"file_id": "d", "file_name": "plan.pdf", "mime_type": "application/pdf"}
    assert said(document=document).files == (Received("document", "document:d", "plan.pdf", "application/pdf", 0),)
    assert said(animation={"file_id": "a"}, document={"file_id": "a"}).files[0].kind == "video"


def test_what_has_neither_words_nor_a_file_is_passed_over() -> None:
    assert read(**message(sticker={"file_id": "s"})) == []
    assert read(**message(pinned_message=message(text="x"))) == []


def test_an_album_is_one_message() -> None:
    parts = [
        {"update_id": 7 + n, "message": message(message_id=20 + n, media_group_id="138", photo=[{"file_id": str(n)}], **words)}
        for n, words in enumerate([{}, {"caption": "@copbot /share three walls"}, {}])
    ]
    (event,) = to_album(parts, ME)
    assert isinstance(event, Said)
    assert (event.event, event.message, event.text, event.mentioned) == ("7", "20", "/share three walls", True)
    assert [file.reference for file in event.files] == ["photo:0", "photo:1", "photo:2"]
    assert {album_of(part) for part in parts} == {(-1002004200001, "138")}


def test_an_album_waits_until_it_grows_no_more() -> None:
    albums = Albums()
    albums.add((1, "a"), 5, {"n": 5}, 0.0)
    albums.add((1, "a"), 6, {"n": 6}, 0.9)
    albums.add((1, "a"), 5, {"n": 5}, 1.5)
    assert albums.whole(1.8) == []
    assert albums.numbers == {5, 6}
    assert [list(parts) for parts in albums.whole(1.0 + PATIENCE)] == [[5, 6]]
    assert albums.numbers == frozenset()


def test_rewriting_is_rewriting_whatever_it_says() -> None:
    assert read("edited_message", **message(text="/forget")) == [Edited("500001", team, amina, "17", "/forget")]


def test_choices_are_taken_where_they_stand() -> None:
    query = {"id": "4382", "from": AMINA, "chat_instance": "1", "data": "12.3"}
    under = message(BOT, message_id=9, text="?", message_thread_id=40, is_topic_message=True)
    place = Place("telegram", team.room, "group", "40")
    assert read("callback_query", **query, message=under) == [Chose("500001", place, amina, "12.3", "9")]
    assert read("callback_query", **query, message={"chat": TEAM, "message_id": 9, "date": 0}) == []
    assert read("callback_query", **query, inline_message_id="x") == []


def test_what_only_one_member_sees_is_private() -> None:
    shown = {"message_id": 0, "ephemeral_message_id": 3, "date": 1795569012, "chat": TEAM, "from": BOT}
    query = {"id": "4382", "from": AMINA, "chat_instance": "1", "data": "12.3", "message": shown}
    private = Place("telegram", "5100000001", "private")
    assert read("callback_query", **query) == [Chose("500001", private, amina, "12.3", "-1002004200001/3")]
    answer = {**shown, "ephemeral_message_id": 4, "from": AMINA, "text": "Not yet"}
    assert read(**answer) == [Said("500001", private, amina, "-1002004200001/4", "Not yet")]


def test_reactions_count_once_and_only_as_they_come() -> None:
    def one(emoji: str) -> dict[str, str]:
        return {"type": "emoji", "emoji": emoji}

    what = {"chat": TEAM, "message_id": 9, "user": AMINA, "date": 1795569012}
    added = read("message_reaction", **what, old_reaction=[one("👍")], new_reaction=[one("👍"), one("📌")])
    assert [(event.emoji, event.quoted) for event in added if isinstance(event, Reacted)] == [("📌", Quoted("9"))]
    assert read("message_reaction", **what, old_reaction=[one("📌")], new_reaction=[]) == []
    anonymous = {**what, "actor_chat": TEAM}
    del anonymous["user"]
    assert read("message_reaction", **anonymous, old_reaction=[], new_reaction=[one("📌")]) == []


def change(user: dict[str, Any], old: str, new: str, chat: dict[str, Any] = TEAM, **more: Any) -> dict[str, Any]:
    members = {"old_chat_member": {"user": user, "status": old}, "new_chat_member": {"user": user, "status": new, **more}}
    return {"chat": chat, "from": AMINA, "date": 1795569012, **members}


def test_copbots_own_comings_and_goings() -> None:
    assert read("my_chat_member", **change(BOT, "left", "member")) == [Joined("500001", team, amina, me=True, title="Team")]
    assert read("my_chat_member", **change(BOT, "member", "administrator")) == []
    assert read("my_chat_member", **change(BOT, "member", "kicked")) == [Left("500001", team, amina, me=True)]
    private = Place("telegram", "5100000001", "private")
    assert read("my_chat_member", **change(BOT, "member", "kicked", IN_PRIVATE)) == [Left("500001", private, amina)]
    assert read("my_chat_member", **change(BOT, "kicked", "member", IN_PRIVATE)) == [Joined("500001", private, amina)]
    assert read("my_chat_member", **change(BOT, "left", "member", CHANNEL)) == []


def test_members_comings_and_goings_however_they_are_told() -> None:
    assert read("chat_member", **change(BO, "left", "member")) == [Joined("500001", team, bo)]
    assert read("chat_member", **change(BO, "left", "restricted", is_member=True)) == [Joined("500001", team, bo)]
    assert read("chat_member", **change(BO, "member", "restricted", is_member=False)) == [Left("500001", team, bo)]
    assert read("chat_member", **change(BO, "member", "administrator")) == []
    came = read(**message(new_chat_members=[AMINA, BOT, BO]))
    assert [event.person for event in came if isinstance(event, Joined) and not event.me] == [amina, bo]
    assert len({event.event for event in came}) == 2
    assert read(**message(left_chat_member=BO)) == [Left("500001", team, bo)]


def test_a_group_that_becomes_a_supergroup_moves_whichever_way_it_is_told() -> None:
    old, new = Place("telegram", "-42", "group"), team
    basic = {"id": -42, "type": "group", "title": "Team"}
    assert read(**message(chat=basic, migrate_to_chat_id=TEAM["id"])) == [Moved("500001", old, new)]
    assert read(**message(ANONYMOUS, migrate_from_chat_id=-42, sender_chat=TEAM)) == [Moved("500001", old, new)]


@pytest.mark.parametrize(
    "broken", [{"message_id": "x"}, {"chat": None}, {"text": 5}, {"from": []}, {"chat": {"id": "1", "type": "group"}}]
)
def test_what_cannot_be_read_is_not_read_halfway(broken: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        read(**{**message(text="hello"), **broken})


def test_kinds_nobody_asked_for_are_passed_over() -> None:
    assert read("channel_post", **message(None, CHANNEL, text="hello")) == []
    assert read("business_message", **message(text="hello")) == []
    assert read("poll", id="1") == []


def test_only_what_is_said_is_history() -> None:
    def happened(kind: str = "message", /, **content: Any) -> bool:
        return is_history({"update_id": 1, kind: content}, 1795569013)

    assert happened(**message(text="/forget"))
    assert not happened(**{**message(text="/forget"), "date": 1795569013})
    assert happened("callback_query", id="1", data="12.3")
    assert not happened("my_chat_member", **change(BOT, "left", "member"))
    assert not happened(**message(new_chat_members=[BO]))


def test_the_mark_of_what_is_handled_passes_no_album_by() -> None:
    mark = Mark.read("").after([10, 11, 12, 13], missing=[11, 12])
    assert (mark.next, mark.offset, str(mark)) == (14, 11, "14 11,12")
    again = Mark.read(str(mark))
    assert [again.has(number) for number in (10, 11, 12, 13, 14)] == [True, False, False, True, False]
    assert str(again.after([11, 12, 14])) == "15"


def test_the_mark_follows_when_telegram_counts_anew() -> None:
    mark = Mark.read("900000")
    assert not mark.has(17)
    assert str(mark.after([17, 18])) == "19"
    assert str(mark.after_one(17)) == "18"


def test_what_is_told_out_of_turn_is_neither_lost_nor_done_twice() -> None:
    mark = Mark.read("10").after_one(10).after_one(13).after_one(12)
    assert str(mark) == "14 11"
    assert [mark.has(number) for number in (10, 11, 12, 13, 14)] == [True, False, True, True, False]
    assert str(mark.after_one(11)) == "14"
