"""Setting reminders: what is understood is said, what is not is kept nowhere, and everything can be changed."""

import pytest

from copbot.features import reminding
from tests.conftest import Actor, Bot

pytestmark = pytest.mark.conversation

OPEN = "select number, text, rule from reminders where closed_at is null order by number"


def test_it_says_what_it_understood_with_weekday_date_hour_and_zone(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bo.hears("Noted: Tuesday 3 March at 9:00 (Paris time).", "I will say: call Ana", "1) OK", "2) Change")


def test_what_repeats_is_shown_with_its_next_three_dates(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Bonjour")
    bo.writes("/rappel tous les 2es mardis à 18h30, préparer la séance")
    assert french.last("@bo").splitlines()[:3] == [
        "Noté : mardi 10 mars à 18 h 30 (heure de Paris).",
        "Je vous rappellerai : préparer la séance",
        "Ensuite : mardi 14 avril, mardi 12 mai et mardi 9 juin.",
    ]


def test_hours_are_shown_with_the_dates_where_they_differ(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every day at 8:00 and 20:30 the drops")
    bo.hears("Noted: Monday 2 March at 20:30", "Then: Tuesday 3 March at 8:00, Tuesday 3 March at 20:30")


def test_silence_means_yes(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bot.passes(days=1)
    assert bo.heard()[-1].startswith("Reminder: call Ana")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("30 February call Ana", "I did not understand the date"),
        ("tomorrow at 25h call Ana", "I did not understand the date"),
        ("yesterday call Ana", "That moment is over."),
        ("12 May 2020 call Ana", "That moment is over."),
        ("every 31 February laugh", "That day never comes."),
        ("every second breathe", "I remind once an hour at most."),
        ("every 5 minutes breathe", "I remind once an hour at most."),
    ],
)
def test_a_date_that_cannot_be_gets_one_clear_sentence_with_two_examples(
    bot: Bot, bo: Actor, words: str, sentence: str
) -> None:
    bo.writes(f"/remind {words}")
    text = bo.hears(sentence, "For example: ", ", or ")
    assert "\n" not in text
    assert bot.keeps("select * from reminders") == bot.keeps("select * from questions") == []


def test_without_a_date_it_asks_when_and_nothing_else(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind call Ana")
    bo.hears("“call Ana”: when shall I say it?")
    bo.writes("gibberish")
    bo.hears("I did not understand the date in “gibberish”")
    assert bot.keeps(OPEN) == []
    bo.writes("friday 20:00")
    bo.hears("Noted: Friday 6 March at 20:00", "I will say: call Ana")


def test_without_words_it_asks_for_them(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00")
    bo.hears("What shall I say then")
    bo.writes("bring 3 chairs at 5")
    bo.hears("Noted: Tuesday 3 March at 9:00", "I will say: bring 3 chairs at 5")


def test_without_anything_it_asks_for_both_and_can_be_left(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind")
    bo.hears("What shall I say, and when?")
    bo.writes("in 2 hours take the cake out")
    bo.hears("Noted: Monday 2 March at 11:00")
    bo.writes("/remind")
    bo.writes("/skip")
    bo.hears("All right, nothing is set.")
    assert bot.keeps(OPEN) == [(1, "take the cake out", "")]


def test_change_takes_a_date_or_words_or_both(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    for answer, heard in [
        ("at 10", "Tuesday 3 March at 10:00 (Paris time).\nI will say: call Ana"),
        ("friday", "Friday 6 March at 10:00 (Paris time).\nI will say: call Ana"),
        ("call Bo instead of Ana", "Friday 6 March at 10:00 (Paris time).\nI will say: call Bo instead of Ana"),
        ("every monday 8:00 sport", "Monday 9 March at 8:00 (Paris time).\nI will say: sport\nThen: Monday 16 March"),
    ]:
        bo.writes("2")
        bo.hears("How should it be?")
        bo.writes(answer)
        bo.hears("Changed: " + heard)
    assert bot.keeps(OPEN) == [(1, "sport", "FREQ=WEEKLY;BYDAY=MO")]
    assert len(bot.keeps("select * from schedules where kind = 'reminders.fire'")) == 1


def test_free_words_right_after_it_change_it_too(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Bonjour")
    bo.writes("/rappel demain 9h appeler Ana")
    bo.writes("non, plutôt 10h")
    bo.hears("Changé : mardi 3 mars à 10 h (heure de Paris).")
    bo.writes("hier je suis allé la voir, tout va bien")
    assert "passé" not in bo.heard()[-1]
    bo.writes("merci")
    bo.hears("D'accord.")
    assert french.keeps("select text, starts from reminders") == [("appeler Ana", "2026-03-03T10:00:00")]


def test_other_words_later_change_nothing(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind friday 9:00 call Ana")
    bo.writes("what a day")
    bot.passes(hours=3)
    bo.writes("thursday 10:00")
    assert bot.keeps("select text, starts from reminders") == [("call Ana", "2026-03-06T09:00:00")]


def test_a_wrong_weekday_is_pointed_out(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tuesday 11 march 14:00 dentist")
    bo.hears("Noted: Wednesday 11 March at 14:00", "You wrote another day of the week")


def test_in_the_group_it_is_for_the_group_and_with_me_for_oneself(bot: Bot, bo: Actor, alice: Actor) -> None:
    bo.says("/remind thursday 18:00 meeting at the town hall")
    assert "I will tell the group: meeting at the town hall" in bot.last()
    spoken = len(bot.said("group"))
    bo.says("/remind me thursday 17:00 to bring cake")
    bo.hears("Noted: Thursday 5 March at 17:00", "I will say: bring cake")
    assert len(bot.said("group")) == spoken


def test_french_and_english_names_can_be_mixed(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Bonjour")
    bo.says("/rappel me demain 8h d'acheter du pain")
    bo.hears("Je vous rappellerai : acheter du pain")
    bo.writes("/remind moi tomorrow 9:00 call Ana")
    bo.hears("Noté : mardi 3 mars à 9 h")


def test_facilitators_remind_the_group_from_private(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.writes("/remind group friday 9:00 sign up")
    bo.hears("From here only facilitators remind the group.")
    bo.says("/remind group friday 9:00 bring cups")
    assert "I will tell the group: bring cups" in bot.last()
    bo.says("/cancel 1")
    alice.writes("/remind group friday 9:00 sign up")
    alice.hears("I will tell the group: sign up")
    bot.passes(days=5)
    assert bot.last() == "Reminder from alice: sign up"


def test_answering_a_message_reminds_of_it(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("The form is due on the 12th of May")
    bo.says("/remind me tomorrow 9:00", to=3)
    bo.hears("Noted: Tuesday 3 March at 9:00", "I will say: The form is due on the 12th of May")


def test_hours_are_those_of_the_member_and_those_of_the_group(bot: Bot, bo: Actor) -> None:
    bo.writes("/me zone Montreal")
    bo.writes("/remind tomorrow 9:00 call Ana")
    bo.hears("Noted: Tuesday 3 March at 9:00")
    bo.says("/remind tomorrow 9:00 sign up")
    assert "at 9:00 (Paris time)" in bot.last()
    assert bot.keeps("select next_at from schedules where kind = 'reminders.fire' order by id") == [
        ("2026-03-03 14:00:00.000000",),
        ("2026-03-03 08:00:00.000000",),
    ]


def test_the_list_is_numbered_and_numbers_stay(bot: Bot, bo: Actor, cy: Actor) -> None:
    for words in ("friday 9:00 three", "tomorrow 9:00 one", "every thursday 9:00 two"):
        bo.writes(f"/remind {words}")
    bo.writes("/reminders")
    assert bot.last("@bo").splitlines() == [
        "Your reminders:",
        "1. Friday 6 March at 9:00: three",
        "2. Tuesday 3 March at 9:00: one",
        "3. Thursday 5 March at 9:00, then again: two",
        "To take one back: /cancel 1",
    ]
    bo.writes("/cancel 2")
    bo.writes("/remind monday 8:00 four")
    assert bot.keeps(OPEN) == [(1, "three", ""), (2, "four", ""), (3, "two", "FREQ=WEEKLY;BYDAY=TH")]
    cy.writes("/reminders")
    cy.hears("No reminder is waiting.")


def test_a_long_list_comes_in_pages_of_eight_lines(bot: Bot, bo: Actor) -> None:
    for number in range(1, 9):
        bo.writes(f"/remind friday 9:00 thing {number}")
    bo.writes("/reminders")
    assert len(bo.hears("6. Friday", "2 more: /reminders 2").splitlines()) <= 9
    bo.writes("/reminders 2")
    bo.hears("7. Friday", "8. Friday")
    bo.writes("/reminders 99999999")
    bo.hears("No reminder is waiting.")


def test_what_was_taken_back_does_not_come_and_can_be_put_back(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind friday 9:00 call Ana")
    bo.writes("/cancel 1")
    bo.hears("Taken back: call Ana", "1) Put it back")
    assert bot.keeps("select * from schedules where kind = 'reminders.fire'") == []
    bo.writes("1")
    bo.hears("It comes again: Friday 6 March at 9:00.")
    bot.passes(days=5)
    assert "Reminder: call Ana" in bo.heard()[-1]


def test_cancel_alone_asks_which_one(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Bonjour")
    bo.writes("/annuler")
    bo.hears("Aucun rappel en attente.")
    bo.writes("/rappel vendredi 9h appeler Ana")
    bo.writes("/rappel jeudi 9h appeler Léo")
    bo.writes("/annuler")
    bo.hears("Lequel voulez-vous annuler ?", "1) jeudi 5 mars à 9 h : appeler Léo")
    bo.writes("1")
    bo.hears("Annulé : appeler Léo")
    bo.writes("/annuler 7")
    bo.hears("Aucun rappel ne porte le numéro 7.")


def test_only_its_author_or_a_facilitator_takes_back_what_is_for_the_group(
    bot: Bot, alice: Actor, bo: Actor, cy: Actor
) -> None:
    bo.says("/remind friday 9:00 sign up")
    cy.says("/cancel 1")
    assert "Only the person who set this reminder" in bot.last()
    bo.says("/cancel 1")
    assert "Taken back: sign up" in bot.last()
    bo.says("/remind friday 9:00 sign up")
    alice.says("/cancel 1")
    assert "Taken back: sign up" in bot.last()


def test_own_reminders_are_out_of_reach_of_others(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.writes("/remind friday 9:00 call Ana")
    cy.writes("/cancel 1")
    cy.says("/cancel 1")
    assert bot.keeps(OPEN) == [(1, "call Ana", "")]


def test_the_group_is_not_disturbed_every_hour(bot: Bot, bo: Actor) -> None:
    for often in ("every hour", "every day at 8:00 and 20:00", "every 2 hours from 9:00 to 18:00"):
        bo.says(f"/remind {often} drink water")
        assert "To the group I speak once a day at most." in bot.last()
    assert bot.keeps(OPEN) == []


def test_too_long_and_too_many_are_refused_kindly(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind friday 9:00 " + "x" * (reminding.LONGEST + 1))
    bo.hears("That is too long for a reminder")
    for number in range(reminding.MOST):
        bo.writes(f"/remind friday 9:00 thing {number}")
    bo.writes("/remind friday 9:00 one more")
    bo.hears("100 reminders are waiting already.")
    assert bot.keeps("select count(*) from reminders") == [(reminding.MOST,)]


def test_going_back_sets_nothing_twice(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind")
    bo.writes("call Ana")
    bo.hears("when shall I say it?")
    bo.writes("/back")
    bo.writes("friday 9:00 call Ana")
    bo.hears("Noted: Friday 6 March")
    assert bot.keeps(OPEN) == [(1, "call Ana", "")]
