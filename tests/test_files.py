"""Pictures, voice messages and documents: part of what is told, kept where they lie, and handed over again."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.adapters.console import PLATFORM
from copbot.app import App
from copbot.core.house import House
from copbot.engine import perform
from copbot.store import outbox
from copbot.store.outbox import Letter
from copbot.vocabulary import Attachment, Outgoing, Person, Place, Quoted, Received, Said
from tests.conftest import START, Actor, Bot
from tests.test_delivery import Platform


def sends(actor: Actor, *files: str, text: str = "", to: int | None = None, private: bool = True) -> None:
    where = "@bot" if private else ""
    actor.bot.line(f"{actor.name}{where}{''.join(f'+{file}' for file in files)}{f'^{to}' if to else ''}: {text}")


def shared(bot: Bot, who: Actor) -> None:
    """A practice told with a voice message and two pictures."""
    who.writes("/share")
    who.writes("Visual planning")
    sends(who, "snack.jpg", text="At snack time")
    sends(who, "how.ogg")
    sends(who, "after.jpg", text="They wait in peace")
    who.writes("/skip")
    who.writes("#meals")


def test_a_voice_message_alone_is_an_answer_and_its_caption_is_the_text(both: sa.Engine) -> None:
    bot = Bot(both)
    bo = Actor(bot, "bo")
    bo.says("Hello")
    shared(bot, bo)
    card = next(text for text in bo.heard() if "Everybody here can now find it" in text)
    assert "Situation: At snack time" in card
    assert "What was done: a voice message" in card
    assert "With it: 2 pictures and a voice message" in card
    kept = bot.keeps("SELECT kind, reference, caption, practice_id, draft_id FROM attachments ORDER BY id")
    assert kept == [
        ("picture", "snack.jpg", "", 1, None),
        ("voice", "how.ogg", "", 1, None),
        ("picture", "after.jpg", "", 1, None),
    ]


def test_opening_a_practice_hands_its_files_over_by_reference(bot: Bot, bo: Actor, cy: Actor) -> None:
    shared(bot, bo)
    cy.writes("/practice 1")
    assert [text for text in cy.heard() if "as it came" in text] == [
        "With practice 1\n[snack.jpg, as it came]",
        "With practice 1\n[how.ogg, as it came]",
        "With practice 1\n[after.jpg, as it came]",
    ]


def test_a_group_is_not_flooded_with_files(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    bo.writes("Posters")
    sends(bo, *(f"p{n}.jpg" for n in range(5)), text="In the hall")
    for _ in range(4):
        bo.writes("/skip")
    bo.says("/practice 1")
    assert sum("as it came" in text for _number, text in bot.said("group")) == 3
    assert "write to me in private" in bot.last()


def test_a_picture_with_a_line_is_a_practice_at_once(bot: Bot, bo: Actor) -> None:
    sends(bo, "plan.jpg", text="/share Planning: each child sees what comes next", private=False)
    assert bot.keeps("SELECT reference, practice_id FROM attachments") == [("plan.jpg", 1)]


def test_a_message_with_files_becomes_a_practice_by_replying_to_it(bot: Bot, alice: Actor, bo: Actor) -> None:
    sends(bo, "corner.jpg", private=False)
    message = int(next(line for line in bot.lines if "[corner.jpg]" in line).split()[0])
    alice.says("/share", to=message)
    bo.hears("a picture")
    bo.writes("1")
    for _ in range(5):
        alice.writes("/skip")
    assert bot.keeps(
        "SELECT reference, user FROM attachments a JOIN members m ON m.id = a.member_id JOIN accounts c ON c.id = m.account_id"
    ) == [("corner.jpg", "bo")]


def test_a_file_that_is_too_large_is_refused_kindly_and_the_question_stays(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    bo.writes("Film")
    sends(bo, "film.mp4=25MB")
    bo.hears("too large for me: 20 megabytes at most")
    bo.writes("In the yard, ten children")
    bo.hears("What was done, step by step?")
    assert bot.keeps("SELECT count(*) FROM attachments") == [(0,)]


def test_a_practice_has_so_many_files_and_no_more(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    sends(bo, *(f"p{n}.jpg" for n in range(9)), text="Posters")
    sends(bo, "a.jpg", "b.jpg")
    bo.hears("10 at most")
    assert bot.keeps("SELECT count(*) FROM attachments") == [(9,)]


def test_a_check_in_may_be_spoken_and_the_group_hears_it_with_the_name(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bo.writes("/checkin")
    bo.writes("1")
    sends(bo, "story.ogg")
    for _ in range(3):
        bo.writes("/skip")
    bo.writes("1")
    bot.passes(days=10)
    assert any("bo: a voice message" in text for _number, text in bot.said("group"))
    assert any("From bo\n[story.ogg, as it came]" in text for _number, text in bot.said("group"))


def test_without_a_name_no_voice_is_shown(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bo.writes("/checkin")
    bo.writes("1")
    sends(bo, "story.ogg")
    for _ in range(3):
        bo.writes("/skip")
    bo.writes("2")
    bo.hears("it could tell who you are")
    bot.passes(days=10)
    assert not any("story.ogg" in text for _number, text in bot.said("group"))


def test_going_back_lets_go_of_the_file_that_was_the_answer(bot: Bot, bo: Actor) -> None:
    bo.writes("/checkin")
    bo.writes("1")
    sends(bo, "story.ogg")
    bo.writes("/back")
    bo.writes("It went well, in the end")
    assert bot.keeps("SELECT count(*) FROM attachments") == [(0,)]


@pytest.mark.parametrize("where", ["practices", "checkins"])
def test_files_go_with_what_they_came_with(bot: Bot, bo: Actor, where: str) -> None:
    shared(bot, bo)
    bo.writes("/checkin")
    bo.writes("1")
    sends(bo, "story.ogg")
    assert bot.keeps("SELECT count(*) FROM attachments") == [(4,)]
    if where == "practices":
        bo.writes("/withdraw 1")
        bo.writes("1")
        assert bot.keeps("SELECT reference FROM attachments") == [("story.ogg",)]
    else:
        bo.writes("/forget")
        bo.writes("2")
        assert bot.keeps("SELECT count(*) FROM attachments") == [(0,)]
        assert bot.keeps("SELECT count(*) FROM practices") == [(1,)]


def test_own_data_tell_of_files(bot: Bot, bo: Actor) -> None:
    shared(bot, bo)
    bo.writes("/mydata")
    assert b"The files you gave (3)" in bot.files["my-data.txt"]
    assert b"how.ogg" in bot.files["my-data.json"]


def test_a_file_where_words_are_needed_is_not_kept(bot: Bot, bo: Actor) -> None:
    sends(bo, "song.mp3")
    bo.hears("I kept nothing of that", "/share")
    bo.writes("/consent")
    sends(bo, "song.mp3")
    bo.hears("needs words, or a number")
    bo.writes("/remind")
    sends(bo, "song.mp3", text="tomorrow 9:00 bring the cups")
    bo.hears("I kept your words, but not the file")


# Between platforms


class Elsewhere(Platform):
    """The platform on which the file lies."""

    platform = "elsewhere"

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content
        self.most = 0

    async def fetch(self, reference: str, most: int) -> bytes:
        self.most = most
        if reference == "gone" or len(self.content) > most:
            raise ValueError("gone")
        return self.content


class Here(Platform):
    def __init__(self) -> None:
        super().__init__()
        self.given: list[tuple[str, Attachment | None]] = []

    async def send(self, outgoing: Outgoing) -> str:
        self.given.append((outgoing.text, outgoing.attachment))
        return await super().send(outgoing)


def bring(database: sa.Engine, reference: str, content: bytes) -> tuple[list[tuple[str, Attachment | None]], int]:
    here, elsewhere = Here(), Elsewhere(content)
    described = {"name": "a.ogg", "media_type": "audio/ogg", "reference": reference}
    described |= {"lies_on": "elsewhere", "otherwise": "I could not bring it."}

    async def run() -> None:
        async with App(database, House(), [here, elsewhere]) as app:
            letter = Letter(platform=PLATFORM, room="bo", private=True, text="From bo", choices=[], created_at=START)
            letter.attachment = described
            await app.engine.do(lambda tx: outbox.put(tx, letter) and None)
            await app.delivery.idle()

    asyncio.run(run())
    return here.given, elsewhere.most


def test_a_file_is_brought_from_the_other_platform(database: sa.Engine) -> None:
    given, most = bring(database, "r1", b"sound")
    assert given == [("From bo", Attachment("a.ogg", "audio/ogg", b"sound"))]
    assert most == 20_000_000


def test_a_file_that_cannot_be_brought_becomes_a_sentence(database: sa.Engine) -> None:
    assert bring(database, "gone", b"")[0] == [("From bo\nI could not bring it.", None)]


# Forwarded


def forwards(actor: Actor, text: str, *, private: bool = True) -> None:
    actor.bot.line(f"{actor.name}{'@bot' if private else ''}>: {text}")


def test_a_forwarded_message_is_never_a_command_nor_a_choice(bot: Bot, bo: Actor) -> None:
    forwards(bo, "/forget")
    bo.hears("You forwarded this")
    bo.writes("/consent")
    forwards(bo, "4")
    bo.hears("You forwarded this")
    assert bot.keeps("SELECT closed FROM questions ORDER BY id DESC LIMIT 1") == [(0,)]
    before = len(bot.lines)
    forwards(bo, "/help", private=False)
    assert len(bot.lines) == before + 1  # only what bo forwarded


def test_a_forwarded_message_may_be_what_is_told(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    forwards(bo, "Skip the queue")
    assert bot.keeps("SELECT title FROM practice_drafts") == [("Skip the queue",)]
    forwards(bo, "skip")
    assert bot.keeps("SELECT context FROM practice_drafts") == [("skip",)]


def test_a_voice_message_in_the_group_that_nobody_asked_for_is_not_heard(bot: Bot, bo: Actor) -> None:
    before = bot.keeps("SELECT count(*) FROM outbox")
    sends(bo, "chat.ogg", private=False)
    assert bot.keeps("SELECT count(*) FROM outbox") == before


def test_a_pinned_picture_can_become_a_practice(bot: Bot, bo: Actor) -> None:
    picture = Received("picture", "p1")
    quoted = Quoted("77", Person("console", "bo", "bo"), "", (picture,))
    said = Said("s1", Place("console", "group", "group"), Person("console", "bo", "bo"), "78", "/share", quoted)
    bot.rehearsal.happens(said)
    bo.hears("I start from: “a picture”")


def test_forgetting_takes_files_out_of_what_waits_to_be_said_to_others(bot: Bot, alice: Actor, bo: Actor) -> None:
    shared(bot, bo)
    bot.line("alice has no private chat")
    alice.says("/practice 1")
    alice.says("/mydata")
    bot.line("cy has no private chat")

    def wait(tx: Session) -> None:
        letter = Letter(community_id=1, platform="console", room="cy", private=True, text="", created_at=bot.now, state="held")
        letter.attachment = {"name": "how.ogg", "media_type": "audio/ogg", "reference": "how.ogg"}
        tx.add(letter)

    perform(bot.database, [wait])
    bo.writes("/forget")
    bo.writes("2")
    assert "how.ogg" not in str(bot.keeps("SELECT attachment FROM outbox"))
