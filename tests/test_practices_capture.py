"""Practices made of messages: by a reply or a pin, only with the agreement of who wrote them."""

import pytest

from tests.conftest import Actor, Bot

WORDS = "Once we did an escape game to recruit, and three people came back for the job"


@pytest.fixture
def message(bot: Bot, alice: Actor, bo: Actor) -> int:
    """The number of a message of bo's in the group."""
    bo.says(WORDS)
    return int(bot.lines[-1].split()[0])


def skips(actor: Actor, times: int) -> None:
    for _ in range(times):
        actor.writes("/skip")


def test_ones_own_message_becomes_a_practice(bot: Bot, bo: Actor, message: int) -> None:
    bo.says("/share", to=message)
    bo.hears("I start from: “Once we did an escape game", "What would you call it")
    bo.writes("A game")
    skips(bo, 4)
    bo.hears("Practice 1: A game", f"What was done: {WORDS}", "Shared by bo")


def test_words_beside_the_command_are_the_title(bot: Bot, bo: Actor, message: int) -> None:
    bo.says("/share An escape game", to=message)
    skips(bo, 4)
    bo.hears("Practice 1: An escape game")


def test_the_author_of_a_message_is_asked_first(bot: Bot, alice: Actor, bo: Actor, message: int) -> None:
    alice.says("/share", to=message)
    alice.hears("These are words of bo, so I ask bo first.")
    bo.hears("alice finds that this message of yours could help", WORDS, "May I keep it", "1) Yes, with my name")
    assert bot.keeps("select * from practice_drafts") == []
    bo.writes("1")
    alice.hears("bo agrees.", "What would you call it")
    alice.writes("A game")
    skips(alice, 4)
    alice.hears("Practice 1: A game", "Shared by bo")
    bo.hears("This is what was made of your message.", "Practice 1: A game", "1) Change or complete it")


def test_the_author_may_stay_without_a_name(bot: Bot, alice: Actor, bo: Actor, message: int) -> None:
    alice.says("/share A game", to=message)
    bo.writes("2")
    skips(alice, 4)
    alice.hears("Practice 1: A game", "Shared on Monday 2 March.")
    assert "bo" not in bot.last("@alice").split("What was done")[1].replace("job", "")
    bo.writes("/withdraw 1")
    bo.writes("1")
    bo.hears("Withdrawn: practice 1")


def test_without_the_authors_agreement_nothing_is_kept(bot: Bot, alice: Actor, bo: Actor, message: int) -> None:
    alice.says("/share", to=message)
    bo.writes("3")
    bo.hears("All right. I keep nothing of it.")
    alice.hears("The message stays where it is")
    tables = ("practices", "practice_drafts", "schedules", "questions", "outbox")
    assert [table for table in tables if "escape game" in str(bot.keeps(f"select * from {table}"))] == []


def test_the_author_is_asked_in_their_own_hours(bot: Bot, alice: Actor, bo: Actor, message: int) -> None:
    bo.writes("/me hours 18 to 20")
    alice.says("/share", to=message)
    assert "alice finds" not in bot.last("@bo")
    bot.passes(hours=10)
    bo.hears("alice finds that this message of yours could help")


def test_the_author_is_not_asked_after_leaving(bot: Bot, alice: Actor, bo: Actor, message: int) -> None:
    bo.writes("/me hours 18 to 20")
    alice.says("/share", to=message)
    bot.line("bo leaves")
    bot.passes(days=2)
    assert "alice finds" not in bot.last("@bo")


def test_the_agreement_reaches_the_asker_in_their_own_hours(bot: Bot, alice: Actor, bo: Actor, message: int) -> None:
    alice.says("/share", to=message)
    alice.writes("/me hours 18 to 20")
    bo.writes("1")
    assert "bo agrees" not in bot.last("@alice")
    bot.passes(hours=10)
    alice.hears("bo agrees.", "What would you call it")


def test_an_unknown_author_is_not_asked(bot: Bot, alice: Actor) -> None:
    alice.says("/share", to=999)
    alice.hears("I cannot see who wrote this message")


def test_a_message_is_made_a_practice_once(bot: Bot, alice: Actor, bo: Actor, message: int) -> None:
    bo.says("/share A game", to=message)
    skips(bo, 4)
    alice.says("/share", to=message)
    alice.hears("This message is a practice already:", "Practice 1: A game")


def test_replying_to_copbot_is_not_quoting_anybody(bot: Bot, alice: Actor) -> None:
    alice.says("/practices")
    alice.says("/share", to=bot.number())
    alice.hears("What would you call it")


def test_a_pin_offers_to_make_a_practice(bot: Bot, alice: Actor, bo: Actor, message: int) -> None:
    before = len(bot.said("group"))
    alice.reacts("📌", to=message)
    alice.hears("You pinned this: “Once we did", "bo is asked first")
    alice.writes("1")
    bo.hears("alice finds that this message of yours could help")
    assert len(bot.said("group")) == before, "the group hears nothing of it"


def test_a_pin_under_ones_own_message_begins_at_once(bot: Bot, bo: Actor, message: int) -> None:
    bo.reacts("📌", to=message)
    bo.writes("1")
    bo.hears("I start from: “Once we did", "What would you call it")


def test_a_pin_can_be_left_at_that(bot: Bot, alice: Actor, message: int) -> None:
    alice.reacts("📌", to=message)
    alice.writes("2")
    alice.hears("All right. I keep nothing of it.")


def test_other_reactions_and_pins_under_copbots_words_mean_nothing(bot: Bot, alice: Actor, message: int) -> None:
    alice.reacts("👍", to=message)
    alice.says("/practices")
    alice.reacts("📌", to=bot.number())
    assert alice.heard() == []


def test_an_edited_message_offers_to_change_the_practice(bot: Bot, bo: Actor, message: int) -> None:
    bo.says("/share A game", to=message)
    skips(bo, 4)
    bo.edits(message, WORDS.replace("three", "five"))
    bo.hears("You have changed the message that became practice 1, “A game”.")
    bo.writes("1")
    bo.hears("Changed. It now reads:", "five people came back")


def test_an_edit_can_leave_the_practice_as_it_is(bot: Bot, bo: Actor, message: int) -> None:
    bo.says("/share A game", to=message)
    skips(bo, 4)
    bo.edits(message, "Something else")
    bo.writes("2")
    assert bot.keeps("select did from practices") == [(WORDS,)]


def test_an_edited_line_changes_title_and_words(bot: Bot, bo: Actor) -> None:
    bo.says("/share Planing: with pictograms")
    bo.edits(int(bot.lines[-2].split()[0]), "/share Planning: with big pictograms")
    bo.writes("1")
    bo.hears("Practice 1: Planning", "with big pictograms")


def test_edits_of_other_messages_are_no_concern_of_copbots(bot: Bot, bo: Actor, message: int) -> None:
    bo.edits(message, "Something else")
    assert bo.heard() == []


def test_a_deleted_message_offers_to_withdraw_the_practice(bot: Bot, bo: Actor, message: int) -> None:
    bo.says("/share A game", to=message)
    skips(bo, 4)
    bo.edits(message, "")
    bo.hears("Withdraw practice 1, “A game”?")
    bo.writes("1")
    assert bot.keeps("select * from practices") == []


def test_pins_in_french(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Nous notons chaque matin comment la nuit s'est passée")
    bo.reacts("📌", to=int(french.lines[-1].split()[0]))
    bo.hears("Vous avez épinglé ceci : « Nous notons", "Voulez-vous en faire une fiche ?")
    bo.writes("oui")
    bo.hears("Je pars de : « Nous notons", "Quel titre lui donner")
