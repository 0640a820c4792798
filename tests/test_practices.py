"""Practices: putting down what one did, and what the others make of it."""

import pytest

from tests.conftest import Actor, Bot

pytestmark = pytest.mark.conversation

SNACK = "/share Visual planning: at snack time each child sees what comes next, with pictograms"


def test_one_line_in_the_group_is_a_practice(bot: Bot, bo: Actor) -> None:
    bo.says(SNACK)
    assert bot.last() == "Thank you bo. It is practice 1, “Visual planning”."
    assert bot.keeps("select number, title, did from practices") == [
        (1, "Visual planning", "at snack time each child sees what comes next, with pictograms")
    ]


def test_a_practice_is_written_step_by_step_in_private(bot: Bot, bo: Actor) -> None:
    bo.says("/share")
    assert bot.last() == "I wrote to you in private."
    bo.hears("What would you call it")
    for words in ("The welcome book", "Newcomers", "A book of faces", "They know everybody", "A camera", "#welcome, #faces"):
        bo.writes(words)
    bo.hears(
        "Practice 1: The welcome book",
        "Situation: Newcomers",
        "What was done: A book of faces",
        "What it changed: They know everybody",
        "To do it again: A camera",
        "#welcome #faces",
        "Shared by bo on Monday 2 March.",
    )


def test_every_question_can_be_skipped(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    bo.writes("/skip")
    bo.writes("/skip")
    bo.writes("We sang together every morning before the meal. It was calm.")
    for _ in range(3):
        bo.writes("/skip")
    bo.hears("Practice 1: We sang together every morning before the meal", "We sang together every morning before the meal. It")


def test_skipping_everything_keeps_nothing(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    for _ in range(6):
        bo.writes("/skip")
    bo.hears("There is nothing to keep yet")
    assert bot.keeps("select * from practices") == bot.keeps("select * from practice_drafts") == []


def test_a_step_can_be_taken_back(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    bo.writes("A bad title")
    bo.writes("/back")
    bo.hears("What would you call it")
    bo.writes("A good title")
    for _ in range(5):
        bo.writes("/skip")
    bo.hears("Practice 1: A good title")


def test_words_without_a_title_begin_the_conversation(bot: Bot, bo: Actor) -> None:
    bo.says("/share we put pictograms on the wall")
    bo.hears("I start from: “we put pictograms on the wall”", "What would you call it")
    bo.writes("Pictograms")
    bo.writes("/skip")
    bo.hears("What did it change")  # what was done is known


def test_a_draft_is_kept_and_offered_again(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    bo.writes("The welcome book")
    bo.writes("/stop")
    bot.passes(days=9)
    bo.says("/share")
    bo.hears("You had begun to put this down: “The welcome book”")
    bo.writes("1")
    bo.hears("In what situation was it?")


def test_a_draft_can_be_thrown_away(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    bo.writes("The welcome book")
    bo.writes("/share")
    bo.writes("3")
    assert bot.keeps("select * from practice_drafts") == []
    bo.writes("/share")
    bo.hears("What would you call it")


def test_another_one_can_be_begun_and_the_draft_waits(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    bo.writes("The welcome book")
    bo.writes("/share")
    bo.writes("2")
    bo.writes("Singing")
    for _ in range(5):
        bo.writes("/skip")
    bo.hears("Practice 1: Singing")
    bo.writes("/share")
    bo.hears("“The welcome book”")


def test_what_is_too_long_is_asked_for_again(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    bo.writes("word " * 40)
    bo.hears("That is a little long: 100 characters at most.")
    bo.writes("A short title")
    bo.hears("In what situation was it?")


def test_similar_ones_are_shown_before_a_new_one_is_kept(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    cy.says("/share Planning: with pictograms, each child sees at snack time what comes next")
    cy.hears("this looks like something that is there already", "2) Open “Visual planning”")
    cy.writes("2")
    cy.hears("Practice 1: Visual planning", "2) It is the same: I tried it")
    cy.writes("2")
    cy.hears("Your words now stand under practice 1")
    assert bot.keeps("select worked, words from practice_trials") == [
        (1, "with pictograms, each child sees at snack time what comes next")
    ]
    assert bot.keeps("select count(*) from practices") == [(1,)]


def test_a_similar_one_can_be_kept_all_the_same(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    cy.writes("/share Visual planning: something else altogether")
    cy.writes("1")
    cy.hears("Practice 2: Visual planning")


def test_a_similar_one_can_wait_as_a_draft(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    cy.writes("/share Visual planning: something else altogether")
    cy.writes("3")
    cy.writes("/share")
    cy.writes("1")
    cy.hears("this looks like something that is there already")


def test_others_say_what_they_made_of_it(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    cy.says("/practice 1")
    cy.says("1", to=bot.number())
    cy.hears("Noted under practice 1", "with whom, how did it go?")
    cy.writes("With teenagers")
    bot.line("dee: /practice 1")
    bot.line(f"dee^{bot.number()}: it didn't work for me")
    bot.line("dee@bot: /skip")
    bo.writes("/practice 1")
    bo.hears("It worked for one person.", "It did not work for one person.", "cy: With teenagers")


def test_saying_it_twice_changes_what_was_said(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    for choice in ("1", "2"):
        cy.writes("/practice 1")
        cy.writes(choice)
        cy.writes("/skip")
    assert bot.keeps("select worked from practice_trials") == [(0,)]


def test_authors_are_not_counted_under_their_own(bot: Bot, bo: Actor) -> None:
    bo.says(SNACK)
    bo.says("/practice 1")
    bo.says("1", to=bot.number())
    bo.hears("It is your own practice.")
    assert bot.keeps("select * from practice_trials") == []


def test_authors_change_their_words(bot: Bot, bo: Actor) -> None:
    bo.says(SNACK)
    bo.writes("/practice 1")
    for words in ("1", "2", "Eight children"):
        bo.writes(words)
    bo.hears("Changed. It now reads:", "Situation: Eight children")
    for words in ("1", "6", "#snack #calm"):
        bo.writes(words)
    bo.hears("#snack #calm")
    for words in ("1", "2"):
        bo.writes(words)
    bo.hears("There it says now: “Eight children”")
    bo.writes("/skip")
    bo.hears("it stays as it is")


def test_authors_withdraw_what_they_shared(bot: Bot, bo: Actor) -> None:
    bo.says(SNACK)
    bo.writes("/withdraw 1")
    bo.hears("It goes for good")
    bo.writes("2")
    assert bot.keeps("select count(*) from practices") == [(1,)]
    bo.writes("/withdraw 1")
    bo.writes("1")
    bo.hears("Withdrawn: practice 1, “Visual planning”.")
    bo.writes("/practice 1")
    bo.hears("There is no practice 1 here.")


def test_nothing_is_left_of_a_withdrawn_practice(bot: Bot, bo: Actor, cy: Actor) -> None:
    cy.writes("/find elephants")
    cy.writes("2")
    for words in ("/share", "Riding elephants", "/skip", "Elephants carry us to the meal", "/skip", "/skip", "/skip"):
        bo.writes(words)
    cy.writes("/share Riding elephants: elephants carry us")
    cy.writes("2")
    cy.writes("3")
    for words in ("/find elephants", "1", "1", "They were kind, these elephants"):
        cy.writes(words)
    cy.says("/practice 1")
    bo.writes("/practice 1")
    for words in ("1", "2", "With elephants", "/withdraw 1", "1"):
        bo.writes(words)
    cy.writes("/share")
    cy.writes("3")
    bot.passes(days=1)
    tables = [str(name) for (name,) in bot.keeps("select name from sqlite_master where type = 'table'")]
    rows = {name: str(bot.keeps(f"select * from {name}")) for name in tables if name != "search_index"}
    assert [(name, word) for name, row in rows.items() for word in ("iding", "carr", "kind,", "With e") if word in row] == []


def test_members_cannot_withdraw_what_others_shared(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    cy.writes("/withdraw 1")
    cy.hears("Only its author or a facilitator can withdraw a practice.")


def test_a_facilitator_withdraws_and_the_author_keeps_the_words(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.says(SNACK)
    alice.writes("/withdraw 1")
    alice.writes("1")
    bo.hears("A facilitator has withdrawn a practice of yours.", "at snack time each child sees what comes next")


def test_the_list_is_cut_into_pages_and_by_tag(bot: Bot, alice: Actor, bo: Actor) -> None:
    titles = ("Singing", "Gardening", "Cooking", "Reading", "Walking", "Painting", "Sewing", "Swimming")
    for number, title in enumerate(titles):
        bot.line(f"bo@bot: /share {title}: my {title} evening number{number}")
    bo.writes("/practices")
    assert bot.last("@bo").count("\n") == 8, "a heading, six practices, how to open one, and the choice"
    bo.writes("1")
    bo.hears("2. Gardening", "1. Singing")
    bo.writes("/practice 3")
    for words in ("1", "6", "#outside"):
        bo.writes(words)
    bo.writes("/practices #Outside")
    bo.hears("Filed under #Outside:", "3. Cooking", "To open one: /practice 3")
    bo.writes("/practices #nowhere")
    bo.hears("Nothing is filed under #nowhere.")


def test_an_empty_shelf_says_how_to_begin(bot: Bot, bo: Actor) -> None:
    bo.writes("/practices")
    bo.hears("No practice yet. The first one takes two minutes: /share")


def test_a_long_practice_comes_in_extracts_with_the_whole_as_a_file(bot: Bot, bo: Actor) -> None:
    bo.writes("/share Long: " + "many words of what we did " * 50)
    for part in ("2", "4", "5"):
        bo.writes("1")
        bo.writes(part)
        bo.writes("and so many more words besides " * 40)
    assert len(bot.last("@bo")) < 3000
    assert bot.files["practice-1.txt"].count(b"and so many more words besides") == 120


def test_a_number_opens_a_practice_in_french_as_well(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("/fiche Planning visuel : au goûter, chaque enfant voit ce qui vient ensuite")
    assert french.last() == "Merci bo. C'est la fiche 1, « Planning visuel »."
    for words in ("/fiche 1", "/fiche #1", "/pratique 1", "/practice 1"):
        bo.writes(words)
        bo.hears("Fiche 1 : Planning visuel", "Ce qui a été fait : au goûter", "Partagée par bo, lundi 2 mars.")


def test_nothing_is_kept_without_consent(database: object) -> None:
    bot = Bot(database, ask_consent=True)  # type: ignore[arg-type]
    bot.line("alice: Hello")
    bo = Actor(bot, "bo")
    bo.says(SNACK)
    assert bot.keeps("select * from practices") == bot.keeps("select * from practice_drafts") == []
    bo.hears("For this I need your agreement.")
    bo.writes("1")
    assert bot.keeps("select title from practices") == [("Visual planning",)]


def test_who_has_not_agreed_is_asked_before_a_trial_is_noted(database: object) -> None:
    bot = Bot(database, ask_consent=True)  # type: ignore[arg-type]
    alice, bo = Actor(bot, "alice"), Actor(bot, "bo")
    alice.says("/share Singing: every morning")
    alice.writes("1")
    bo.writes("/practice 1")
    bo.writes("1")
    assert bot.keeps("select * from practice_trials") == []
    bo.hears("For this I need your agreement.")
    bo.writes("1")
    bo.hears("Practice 1: Singing", "1) I tried it")


def test_a_practice_keeps_its_words_when_its_author_is_forgotten(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    bot.keeps("delete from accounts where name = 'bo' returning id")
    cy.writes("/practice 1")
    assert "Shared on Monday 2 March." in bot.last("@cy")
