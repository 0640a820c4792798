"""Posting a recap: once, as it was drafted, by a facilitator, and only while it is still true."""

import re

import pytest
import sqlalchemy as sa

from copbot.store.checkins import CheckIn
from copbot.vocabulary import Chose, Person, Place
from tests.conftest import Actor, Bot
from tests.telling import Shelf, drafted, member_named, posted


@pytest.fixture
def shelf(bot: Bot) -> Shelf:
    return Shelf(bot)


@pytest.fixture
def met(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> Bot:
    """The group met on 3 March; it is the morning of 10 March."""
    alice.writes("/meeting add 3 March 14:00, Welcoming new staff, in Nantes")
    alice.writes("/meeting add 14 April 14:00, Retention of staff, in Angers")
    bot.passes(days=8)
    return bot


def test_what_was_drafted_is_what_is_posted(met: Bot, alice: Actor, shelf: Shelf) -> None:
    for number in range(12):
        shelf.tells("bo", f"Story {number}: " + "word " * 30)
    start = len(alice.heard())
    alice.writes("/recap")
    draft = drafted(alice, start)
    assert posted(met) == ""
    alice.writes("post")
    alice.hears("Posted: the group has the recap.")
    assert posted(met) == draft


def test_a_recap_is_the_same_on_every_database(both: sa.Engine) -> None:
    bot = Bot(both)
    alice, shelf = Actor(bot, "alice"), Shelf(bot)
    for text in ("/meeting add 3 March 14:00, Welcoming new staff", "/meeting add 14 April 14:00, Retention of staff"):
        alice.says(text)
    bot.passes(days=8)
    shelf.tells("alice", "We began on Monday.")
    shelf.shares("alice", "Escape game")
    shelf.tries("alice", 1, worked=False)
    alice.writes("/recap")
    alice.writes("1")
    parts = ("of Tuesday 3 March", "We began on Monday.", "Escape game", "It did not work for one person.", "Meeting 2,")
    assert [part for part in parts if part not in posted(bot)] == []


def test_a_long_recap_comes_in_several_messages_in_order(met: Bot, alice: Actor, shelf: Shelf) -> None:
    for number in range(12):
        shelf.tells("bo", f"Story {number:02}: " + "word " * 200)
    alice.writes("/recap")
    alice.writes("1")
    messages = [text for _number, text in met.said("group")]
    assert len(messages) > 3
    assert max(map(len, messages)) <= 1500
    assert re.findall(r"Story (\d\d)", "".join(messages)) == [f"{number:02}" for number in range(12)]


def test_pressing_twice_posts_once(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    question = met.number("@alice")
    alice.writes("1", to=question)
    alice.writes("1", to=question)
    assert posted(met).count("We began on Monday.") == 1


def test_a_button_pressed_twice_posts_once(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    ((question,),) = met.keeps("select id from questions where step = 'recap.decide'")
    for event in ("first", "second"):
        place, person = Place("console", "alice", "private"), Person("console", "alice", "alice")
        met.rehearsal.happens(Chose(event, place, person, f"{question}.0"))
    assert posted(met).count("We began on Monday.") == 1


def test_two_facilitators_who_post_the_same_recap_post_it_once(met: Bot, alice: Actor, bo: Actor, shelf: Shelf) -> None:
    shelf.tells("cy", "We began on Monday.")
    met.line("bo is facilitator")
    alice.writes("/recap")
    bo.writes("/recap")
    alice.writes("1")
    bo.writes("1")
    bo.hears("This recap is in the group already.")
    assert posted(met).count("We began on Monday.") == 1


def test_a_new_draft_closes_the_one_before(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    first = met.number("@alice")
    alice.writes("/recap 2 weeks")
    alice.writes("1", to=first)
    assert posted(met) == ""


def test_what_was_erased_after_the_draft_is_not_posted(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    shelf.shares("cy", "Escape game")
    alice.writes("/recap")
    shelf.does(lambda tx, _community: tx.execute(sa.delete(CheckIn)))
    alice.writes("1")
    assert posted(met) == ""
    assert "Something has changed since the draft. Here is the new one." in alice.heard()
    alice.hears("1) Post")
    alice.writes("1")
    assert "Escape game" in posted(met)
    assert "Monday" not in posted(met)


def test_somebody_who_is_no_facilitator_any_more_cannot_post(met: Bot, alice: Actor, bo: Actor, shelf: Shelf) -> None:
    shelf.tells("cy", "We began on Monday.")
    alice.writes("/meetings")
    met.line("bo is facilitator")
    bo.writes("/recap")
    met.rehearsal.console.facilitators.discard("bo")
    shelf.does(lambda tx, community: setattr(member_named(tx, community, "bo"), "facilitator", False))
    bo.writes("1")
    bo.hears("Only facilitators can use /recap.")
    assert posted(met) == ""


def test_the_draft_is_kept_nowhere(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    kept = met.keeps("select text, state from questions") + met.keeps("select text, content from outbox where text is not null")
    assert "Monday." not in str(kept)


def test_cancelling_posts_nothing(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    alice.writes("3")
    alice.hears("All right, nothing was posted.")
    assert posted(met) == ""


def test_the_introduction_can_be_changed_before_posting(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    alice.writes("2")
    alice.hears("How would you begin?")
    alice.writes("Dear all, *thank you* for <b>your</b> words!")
    alice.hears("1) Post")
    assert "\n\nDear all, \\*thank you\\* for \\<b\\>your\\</b\\> words" in met.files["recap-2026-03-10.md"].decode()
    alice.writes("1")
    assert posted(met).startswith("Dear all, *thank you* for <b>your</b> words!\n\nWhat was tried")


def test_skipping_the_introduction_leaves_it(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    for text in ("/recap", "2", "/skip", "1"):
        alice.writes(text)
    assert posted(met).startswith("Here is what happened since our meeting")


def test_an_introduction_that_is_too_long_is_asked_again(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    for text in ("/recap", "2", "word " * 200):
        alice.writes(text)
    alice.hears("That is long for an introduction: 600 characters at most.")
    alice.writes("Short.")
    alice.writes("1")
    assert posted(met).startswith("Short.")
