"""Nudges: few, gentle, private, easy to stop; and the weekly word to the group."""

import pytest

from tests.conftest import Actor, Bot


def reminders(member: Actor) -> list[str]:
    return [text for text in member.heard() if "1) Answer now" in text]


def test_at_most_two_reminders_and_only_to_who_has_not_answered(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> None:
    alice.says("/checkin open")
    for answer in ("2", "1", "/skip"):
        cy.writes(answer)
    bot.passes(days=8)
    assert len(reminders(bo)) == 2
    assert reminders(cy) == []
    assert not any("Answer now" in text for _number, text in bot.said("group"))


def test_a_reminder_says_until_when_why_and_how_to_stop_it(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bot.passes(days=3, minutes=1)
    bo.hears(
        "The check-in is open until Monday 9 March at 18:00.\n"
        "Two minutes are enough, even to say “not yet”: that helps the others too.\n"
        "1) Answer now\n2) Skip this time\n3) Pause for a month"
    )
    bot.passes(days=3, hours=2)
    bo.hears("The check-in closes tomorrow at 18:00.")


def test_a_reminder_recalls_the_intention(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    for answer in ("2", "1", "A quiet corner", "1"):
        bo.writes(answer)
    bot.passes(days=8)
    alice.says("/checkin open")
    bot.passes(days=3, minutes=1)
    bo.hears("On Monday 2 March you meant to try: A quiet corner\nThe check-in is open until Tuesday 17 March at 18:00.")


def test_a_reminder_leads_to_the_questions(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bot.passes(days=4)
    bo.writes("1")
    bo.hears("have you tried something")
    bo.writes("2")
    bo.hears("What stood in the way")


@pytest.mark.parametrize("answer", ["2", "skip", "/skip"])
def test_who_skips_hears_no_more_of_it(bot: Bot, alice: Actor, bo: Actor, answer: str) -> None:
    alice.says("/checkin open")
    bot.passes(days=4)
    bo.writes(answer)
    bo.hears("All right, not this time.")
    bot.passes(days=5)
    assert len(reminders(bo)) == 1


def test_a_pause_from_a_reminder_lasts_a_month(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bot.passes(days=4)
    bo.writes("3")
    bo.hears("I keep quiet until Sunday 5 April. To come back sooner: /resume")
    said = len(bo.heard())
    bot.passes(days=10)
    alice.says("/checkin open")
    bot.passes(days=8)
    assert len(bo.heard()) == said


def test_reminders_keep_to_own_hours(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.writes("/me hours 12 to 14")
    alice.says("/checkin open")
    times = []
    for _hour in range(24 * 7):
        before = len(bo.heard())
        bot.passes(hours=1)
        times += [bot.now.hour] * (len(bo.heard()) - before)
    assert len(times) == 3
    assert all(hour in (11, 12, 13) for hour in times)  # in UTC, at the end of the hour


def test_two_reminders_missed_while_down_come_as_one(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bot.rehearsal.now = bot.now.replace(day=8, hour=17)
    bot.passes(days=2)
    assert len(reminders(bo)) == 1
    assert "closes tomorrow" in reminders(bo)[0]


def test_a_reminder_undelivered_at_the_end_is_of_no_use(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bot.passes(days=4)
    assert bot.keeps("select count(*) from outbox where expires_at is not null") == [(2,)]


# Pauses


def test_a_pause_has_a_last_day(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.writes("/pause until 12 May")
    bo.hears("I keep quiet until Tuesday 12 May. To come back sooner: /resume")
    alice.says("/checkin open")
    bot.passes(days=9)
    assert len(bo.heard()) == 1
    bot.rehearsal.now = bot.now.replace(month=5, day=13)
    alice.says("/checkin open")
    bo.hears("Our check-in is open")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("/pause 2 weeks", "Monday 16 March"),
        ("/pause for 3 days", "Thursday 5 March"),
        ("/pause till friday", "Friday 6 March"),
        ("/pause jusqu'au 12 mai", "Tuesday 12 May"),
        ("/pause jusqu’à vendredi", "Friday 6 March"),
        ("/pause 12 May", "Tuesday 12 May"),
    ],
)
def test_pauses_are_understood_as_people_write_them(bot: Bot, bo: Actor, words: str, day: str) -> None:
    bo.writes(words)
    bo.hears(f"I keep quiet until {day}.")


@pytest.mark.parametrize("words", ["until the cows come home", "until 12 May 2025", "every monday", "until 31 February"])
def test_a_day_that_cannot_be_is_explained_and_nothing_changes(bot: Bot, bo: Actor, words: str) -> None:
    bo.writes(f"/pause {words}")
    bo.hears("For example: /pause until 12 May, or /pause 2 weeks")
    assert bot.keeps("select paused_until from members where paused_until is not null") == []


def test_a_pause_without_an_end_lasts_until_they_come_back(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.says("/pause")
    bo.hears("I do not write to you first any more. To come back: /resume")
    alice.says("/checkin open")
    bot.passes(days=2)
    assert len(bo.heard()) == 1
    bo.writes("/resume")
    bo.hears("your pause is over", "A check-in is open until Monday 9 March at 18:00: /checkin")


def test_a_pause_that_ends_in_a_round_lets_the_question_come(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.writes("/pause 2 days")
    alice.says("/checkin open")
    bot.passes(days=3)
    bo.hears("Our check-in is open until Monday 9 March at 18:00.")


def test_a_pause_in_french(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Bonjour")
    bo.writes("/pause jusqu'au 12 mai")
    bo.hears("Entendu, je me tais jusqu'au mardi 12 mai. Pour revenir plus tôt : /reprendre")
    bo.writes("/reprendre")
    bo.hears("Votre pause est terminée")


# After a long silence


def silent_rounds(bot: Bot, alice: Actor, number: int) -> None:
    for _round in range(number):
        alice.says("/checkin open")
        bot.passes(days=9)


def test_after_three_silent_rounds_copbot_keeps_quiet(bot: Bot, alice: Actor, bo: Actor) -> None:
    silent_rounds(bot, alice, 2)
    assert not any("keep quiet" in text for text in bo.heard())
    silent_rounds(bot, alice, 1)
    bo.hears("I will keep quiet about them.", "1) Go on asking me\n2) Ask me again in a month\n3) Stop asking me")
    assert not any(word in bo.hears() for word in ("three", "3 ", "silent", "times"))
    said = len(bo.heard())
    silent_rounds(bot, alice, 2)
    assert len(bo.heard()) == said


def test_who_wishes_is_asked_again(bot: Bot, alice: Actor, bo: Actor) -> None:
    silent_rounds(bot, alice, 3)
    bo.writes("1")
    bo.hears("I will ask you again next time.")
    alice.says("/checkin open")
    bo.hears("Our check-in is open")


def test_who_wishes_is_asked_again_in_a_month(bot: Bot, alice: Actor, bo: Actor) -> None:
    silent_rounds(bot, alice, 3)
    bo.writes("2")
    silent_rounds(bot, alice, 1)
    assert "keep quiet until" in bo.hears()
    bot.passes(days=25)
    alice.says("/checkin open")
    bo.hears("Our check-in is open")


def test_who_stops_may_still_answer_and_is_then_asked_again(bot: Bot, alice: Actor, bo: Actor) -> None:
    silent_rounds(bot, alice, 3)
    bo.writes("3")
    bo.hears("I no longer ask you.")
    bo.writes("/checkin")
    for answer in ("2", "1", "/skip"):
        bo.writes(answer)
    bot.passes(days=20)
    alice.says("/checkin open")
    bo.hears("Our check-in is open")


def test_one_answer_begins_the_count_anew(bot: Bot, alice: Actor, bo: Actor) -> None:
    silent_rounds(bot, alice, 2)
    alice.says("/checkin open")
    bo.writes("3")
    bot.passes(days=9)
    silent_rounds(bot, alice, 2)
    assert not any("keep quiet" in text for text in bo.heard())


# The weekly word


def test_the_weekly_word_comes_on_its_day_and_hour(bot: Bot, alice: Actor) -> None:
    alice.says("/nudge day tuesday 9:00")
    assert "First on Tuesday 3 March at 9:00." in bot.last("group")
    bot.passes(days=1)
    assert bot.last("group") == "A question for the week: What small thing worked better than expected lately?"
    bot.passes(days=7)
    assert "What are you stuck on" in bot.last("group")


def test_the_weekly_word_keeps_its_hour_over_summer_time(bot: Bot, alice: Actor) -> None:
    alice.says("/nudge day tuesday 9:00")
    bot.passes(days=29)  # Tuesday 31 March, the clocks went forward on the 29th
    assert sum("A question for the week" in text for _number, text in bot.said("group")) == 5
    assert bot.keeps("select next_at from schedules where kind = 'nudges.weekly'")[0][0] == "2026-04-07 07:00:00.000000"


def test_the_weekly_word_brings_the_next_date_and_the_question_last(bot: Bot, alice: Actor) -> None:
    alice.says("/meeting add 10 March 14:00, Welcoming newcomers")
    alice.says("/nudge day tuesday 9:00")
    bot.passes(days=1)
    first, last = bot.last("group").split("\n")
    assert "Tuesday 10 March at 14:00: Welcoming newcomers" in first
    assert last.startswith("A question for the week:")


def test_questions_begin_again_after_the_last(bot: Bot, alice: Actor) -> None:
    alice.says("/nudge day tuesday 9:00")
    bot.passes(days=7 * 13)
    words = [text for _number, text in bot.said("group") if "question for the week" in text]
    assert len(set(words)) == 12
    assert words[12] == words[0]


def test_a_weekly_word_missed_by_more_than_a_day_is_passed_over(bot: Bot, alice: Actor) -> None:
    alice.says("/nudge day tuesday 9:00")
    bot.rehearsal.now = bot.now.replace(day=4, hour=9)
    bot.passes(minutes=1)
    assert "question for the week" not in bot.last("group")
    bot.passes(days=6)
    assert "question for the week" in bot.last("group")


def test_a_weekly_word_missed_by_hours_comes_once(bot: Bot, alice: Actor) -> None:
    alice.says("/nudge day tuesday 9:00")
    bot.rehearsal.now = bot.now.replace(day=3, hour=20)
    bot.passes(hours=1)
    assert sum("question for the week" in text for _number, text in bot.said("group")) == 1


def test_the_weekly_word_can_be_moved_and_stopped(bot: Bot, alice: Actor) -> None:
    alice.says("/nudge day tuesday 9:00")
    alice.says("/nudge day friday 18:30")
    alice.says("/nudge")
    assert "comes on Friday 6 March at 18:30." in bot.last("group")
    bot.passes(days=3)
    assert "question for the week" not in bot.last("group")
    alice.says("/nudge off")
    bot.passes(days=14)
    assert not any("question for the week" in text for _number, text in bot.said("group"))
    alice.says("/nudge")
    assert "/nudge day tuesday 9:00" in bot.last("group")


@pytest.mark.parametrize("words", ["someday", "the blue one", "25:00", "tuesday or wednesday perhaps"])
def test_a_day_that_is_none_is_explained(bot: Bot, alice: Actor, words: str) -> None:
    alice.says(f"/nudge day {words}")
    assert "For example: /nudge day tuesday 9:00" in bot.last("group")
    assert bot.keeps("select id from schedules where kind = 'nudges.weekly'") == []


def test_members_do_not_set_the_weekly_word(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.says("/nudge day tuesday 9:00")
    assert "Only facilitators" in bot.last("group")


def test_the_weekly_word_in_french(french: Bot) -> None:
    alice = Actor(french, "alice")
    alice.says("/relance jour mardi 9h")
    assert "La première fois, le mardi 3 mars à 9 h." in french.last("group")
    french.passes(days=1)
    assert (
        french.last("group")
        == "Une question pour la semaine : Quelle petite chose a mieux marché que prévu, ces derniers temps ?"
    )
    alice.says("/relance non")
    assert "plus de mot hebdomadaire" in french.last("group")


def test_a_practice_is_brought_to_light(bot: Bot, alice: Actor) -> None:
    alice.says("/share We show each moment of the day with a photo, and waiting is easier")
    for answer in ("Photos of the day", "/skip", "/skip", "/skip", "/skip"):
        alice.writes(answer)
    alice.says("/nudge day tuesday 9:00")
    bot.passes(days=1)
    first, last = bot.last("group").split("\n")
    assert first == "To read again: practice 1, “Photos of the day”. It is here: /practice 1"
    assert last.startswith("A question for the week:")
