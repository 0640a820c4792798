"""Reminders that come: once, again when people say so, and no more when their rule ends."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from copbot.core import due
from copbot.core.house import House
from copbot.engine import perform
from tests.conftest import Actor, Bot
from tests.reminding import came, moments

# Once


def test_it_comes_in_private_with_three_choices(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bot.passes(hours=23, minutes=59)
    assert came(bo) == []
    bot.passes(minutes=1)
    assert bo.heard()[-1] == "Reminder: call Ana\n1) Done\n2) In an hour\n3) Tomorrow"
    bot.passes(days=30)
    assert len(came(bo)) == 1


def test_to_the_group_it_comes_without_choices_and_says_from_whom(bot: Bot, bo: Actor) -> None:
    bo.says("/remind tomorrow 9:00 sign up")
    bot.passes(days=1)
    assert bot.last() == "Reminder from bo: sign up"


def test_a_tick_that_is_repeated_says_nothing_twice(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bot.rehearsal.now += timedelta(days=1)
    for _again in range(3):
        perform(bot.database, [lambda tx: due.tick(tx, bot.now, House())])
    assert bot.keeps("select count(*) from outbox where text like 'Reminder%'") == [(1,)]


def test_what_an_aborted_transaction_said_was_never_said(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bot.rehearsal.now += timedelta(days=1)

    def torn(tx: sa.orm.Session) -> None:
        due.tick(tx, bot.now, House())
        tx.flush()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        perform(bot.database, [torn])
    assert came(bo) == []
    bot.passes(seconds=0)
    assert came(bo) == ["Reminder: call Ana"]


# Again


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        ("2h", "03-03 11:00"),
        ("in 2 hours", "03-03 11:00"),
        ("30 min", "03-03 09:30"),
        ("2", "03-03 10:00"),
        ("In an hour", "03-03 10:00"),
        ("3", "03-04 09:00"),
        ("demain", "03-04 09:00"),
        ("tomorrow 10:30", "03-04 10:30"),
        ("tomorrow evening please", "03-04 19:00"),
        ("14h", "03-03 14:00"),
        ("friday", "03-06 09:00"),
    ],
)
def test_an_answer_brings_it_again(bot: Bot, bo: Actor, answer: str, again: str) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bot.passes(days=1)
    bo.writes(answer)
    assert bo.heard()[-1].startswith("All right, again ")
    assert moments(bot, bo, 4) == [again]
    assert bo.heard()[-1].startswith("Reminder: call Ana")


@pytest.mark.parametrize("answer", ["1", "done", "fait", "C'est fait !", "thanks", "/skip"])
def test_done_is_done(bot: Bot, bo: Actor, answer: str) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bot.passes(days=1)
    bo.writes(answer)
    assert bo.heard()[-1] == "Noted."
    bot.passes(days=5)
    assert len(came(bo)) == 1


def test_words_about_something_else_are_no_answer(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bot.passes(days=1)
    bo.writes("tomorrow I will be at the sea")
    assert "again" not in bo.heard()[-1]
    assert bot.keeps("select * from schedules where kind = 'reminders.fire'") == []


def test_an_answer_that_cannot_be_is_refused_and_another_one_taken(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bot.passes(days=1)
    bo.writes("yesterday")
    bo.hears("That moment is over.")
    bo.writes("2h")
    bo.hears("again Tuesday 3 March at 11:00")


def test_a_reply_in_the_group_brings_it_again_to_the_group(french: Bot) -> None:
    alice, bo = Actor(french, "alice"), Actor(french, "bo")
    alice.says("Bonjour")
    bo.says("/rappel demain 9h s'inscrire")
    french.passes(days=1)
    alice.says("Merci !", to=french.number())
    assert french.last() == "Rappel de la part de bo : s'inscrire"
    alice.says("2h", to=french.number())
    assert french.last() == "D'accord, de nouveau mardi 3 mars à 11 h."
    french.passes(hours=2)
    assert french.last() == "Rappel de la part de bo : s'inscrire"
    bo.says("fait", to=french.number())
    french.passes(days=3)
    assert french.last() == "C'est noté."


def test_one_that_repeats_comes_again_besides_its_rule(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every tuesday 9:00 call Ana")
    bot.passes(days=1)
    bo.writes("2h")
    assert moments(bot, bo, 8) == ["03-03 11:00", "03-10 09:00"]
    bo.writes("done")
    bo.hears("Noted. Next time: Tuesday 17 March at 9:00.")


def test_changing_one_that_has_come_is_refused(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    asked = bot.number("@bo")
    bot.passes(days=1)
    bo.writes("2", to=asked)
    assert "How should it be?" not in bo.heard()[-1]


# On both databases


def test_all_of_it_works_on_both_databases(both: sa.Engine) -> None:
    bot = Bot(both)
    bo = Actor(bot, "bo")
    bo.says("Hello")
    bo.writes("/remind every day at 8:00 and 20:30 until 10 March pills")
    bo.writes("/remind tomorrow 9:00 call Ana")
    bo.says("/remind tomorrow 9:00 sign up")
    bot.passes(days=1)
    bo.writes("2h")
    bo.writes("/cancel 1")
    bo.writes("1")
    bo.writes("/me zone America/Montreal")
    bo.writes("/reminders")
    bo.hears("1. Tuesday 3 March at 20:30, then again: pills", "2. Tuesday 3 March at 5:00: call Ana")
    bot.passes(days=9)
    assert came(bo).count("Reminder: pills") == 17
    assert came(bo).count("Reminder: call Ana") == 2
    assert bot.last() == "Reminder from bo: sign up"


# Rules that end


def test_what_repeats_until_a_day_ends_there(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every day at 10:00 until 4 March pills")
    assert moments(bot, bo, 5) == ["03-02 10:00", "03-03 10:00", "03-04 10:00"]
    bo.writes("/reminders")
    bo.hears("No reminder is waiting.")


def test_twice_tomorrow_is_twice(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Bonjour")
    bo.writes("/rappel demain à 9h et 14h30, gouttes")
    assert moments(french, bo, 3) == ["03-03 09:00", "03-03 14:30"]


def test_the_last_of_the_month_is_the_last_of_each_month(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every month on the 31st at 9:00 pay the rent")
    bo.hears("Noted: Tuesday 31 March", "Then: Thursday 30 April, Sunday 31 May and Tuesday 30 June.")


def test_a_birthday_on_the_leap_day_is_kept_every_year(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every 29 February Ana's birthday")
    bo.hears("Sunday 28 February 2027", "Tuesday 29 February 2028, Wednesday 28 February 2029")


def test_dates_far_in_the_past_start_are_found_in_no_time(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every hour drink")
    assert datetime.fromisoformat(str(bot.keeps("select starts from schedules where kind = 'reminders.fire'")[0][0])).hour == 10
    bot.passes(days=3)
    assert bot.keeps("select substr(starts, 1, 10) from schedules where kind = 'reminders.fire'")[0][0] >= "2026-03-04"
