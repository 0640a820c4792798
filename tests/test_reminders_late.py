"""Reminders and time: late ones after an outage, summer time, other zones, and people who want quiet."""

import pytest
import sqlalchemy as sa

from tests.conftest import Actor, Bot
from tests.reminding import came, is_away, moments


def test_what_was_missed_comes_once_and_is_marked_late(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind 10 March at 9:00 call Ana")
    is_away(bot, days=20, hours=3)
    assert came(bo) == ["Reminder: call Ana\nThis was for Tuesday 10 March at 9:00; I was away."]
    bot.passes(days=10)
    assert len(came(bo)) == 1


def test_what_repeats_comes_late_once_for_the_last_time_missed(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every day at 8:00 pills")
    is_away(bot, days=4, hours=3)
    assert came(bo) == ["Reminder: pills\nThis was for Friday 6 March at 8:00; I was away."]
    bot.passes(days=1)
    assert came(bo)[1:] == ["Reminder: pills"]


def test_late_ones_wait_for_own_hours_and_early_ones_that_were_asked_for_do_not(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 6:30 run")
    bo.writes("/remind tomorrow 23:00 sleep")
    bot.passes(hours=21, minutes=30)
    assert came(bo) == ["Reminder: run"]
    is_away(bot, hours=20)  # 2:30 in the night of Wednesday
    assert len(came(bo)) == 1
    assert moments(bot, bo, 1) == ["03-04 08:00"]
    assert came(bo)[1] == "Reminder: sleep\nThis was for Tuesday 3 March at 23:00; I was away."


def test_a_late_one_is_left_out_where_the_next_is_near(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every day at 8:00 pills")
    is_away(bot, days=1, hours=22, minutes=15)  # 7:15 on Wednesday
    assert moments(bot, bo, 1) == ["03-04 08:00"]
    assert came(bo) == ["Reminder: pills"]


def test_the_group_is_told_late_the_same_day_and_after_that_its_author_alone(bot: Bot, bo: Actor) -> None:
    bo.says("/remind tomorrow 9:00 sign up")
    bo.says("/remind 20 March 9:00 come along")
    is_away(bot, days=1, hours=5)
    assert bot.last() == "Reminder from bo: sign up\nThis was for Tuesday 3 March at 9:00; I was away."
    is_away(bot, days=25)
    assert "come along" not in bot.last()
    bo.hears("I was away and did not remind the group in time: come along")


# Over summer time


def test_half_past_six_is_half_past_six_before_and_after_clocks_change(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every sunday 18:30 call Ana")
    bot.passes(days=19)
    assert moments(bot, bo, 13) == ["03-22 18:30", "03-29 18:30"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-27T12:00", ["03-28 02:30", "03-29 03:30", "03-30 02:30"]),
        ("2026-10-23T12:00", ["10-24 02:30", "10-25 02:30", "10-26 02:30"]),
    ],
)
def test_in_the_nights_clocks_change_it_comes_exactly_once(database: sa.Engine, start: str, expected: list[str]) -> None:
    bot = Bot(database, at=start)
    bo = Actor(bot, "bo")
    bo.says("Hello")
    bo.writes("/me hours 0 to 0")
    bo.writes("/remind every day at 2:30 check the oven")
    assert moments(bot, bo, 3) == expected


def test_a_member_who_moves_keeps_the_hours_on_the_wall(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bo.writes("/remind every day at 18:30 walk")
    bo.writes("/remind in 5 hours take the cake out")
    bo.says("/remind tomorrow 10:00 sign up")
    bo.writes("/me zone America/Montreal")
    bo.writes("/reminders")
    bo.hears("Tuesday 3 March at 9:00: call Ana", "Monday 2 March at 18:30, then again: walk")
    kept = dict(bot.keeps("select r.text, s.next_at from schedules s join reminders r on r.id = s.subject"))
    assert kept == {
        "call Ana": "2026-03-03 14:00:00.000000",
        "walk": "2026-03-02 23:30:00.000000",
        "take the cake out": "2026-03-02 13:00:00.000000",
        "sign up": "2026-03-03 09:00:00.000000",
    }


# Quiet


def test_during_a_pause_nothing_comes_and_what_comes_once_comes_after_it(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bo.writes("/remind every day at 10:00 pills")
    bo.writes("/pause until 5 March")
    bot.passes(days=2)
    assert came(bo) == []
    bot.passes(days=1, hours=2)
    assert came(bo) == [
        "Reminder: call Ana\nThis was for Tuesday 3 March at 9:00; you wanted quiet then.",
        "Reminder: pills",
    ]


def test_a_pause_without_an_end_holds_them_until_the_member_is_back(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    bo.writes("/pause")
    bot.passes(days=2, hours=5)
    assert came(bo) == []
    bo.writes("/resume")
    bot.passes(hours=1)
    assert len(came(bo)) == 1


def test_hourly_ones_let_people_sleep(bot: Bot, bo: Actor) -> None:
    bo.writes("/remind every 3 hours from 9:00 drink")
    found = moments(bot, bo, 2)
    assert found == [
        "03-02 12:00",
        "03-02 15:00",
        "03-02 18:00",
        "03-03 09:00",
        "03-03 12:00",
        "03-03 15:00",
        "03-03 18:00",
        "03-04 09:00",
    ]


def test_who_left_or_took_back_their_agreement_hears_nothing(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.writes("/remind tomorrow 9:00 call Ana")
    cy.writes("/remind every day at 9:00 pills")
    bot.line("bo leaves")
    cy.writes("/consent off")
    bot.passes(days=3)
    assert came(bo) == came(cy) == []
    assert bot.keeps("select text from schedules s join reminders r on r.id = s.subject") == [
        ("pills",)
    ]  # in case cy agrees again


def test_to_the_group_it_comes_even_when_its_author_has_left(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.says("/remind friday 9:00 sign up")
    bot.line("bo leaves")
    bot.passes(days=5)
    assert bot.last() == "Reminder: sign up"
