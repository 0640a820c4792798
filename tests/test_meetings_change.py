"""What changes in the programme: themes, dates, places, what is cancelled and what took place."""

import pytest
from sqlalchemy.orm import Session

from copbot.engine import perform
from copbot.store import people
from tests.conftest import Actor, Bot

LINE = "/meeting add 14 April 14:00, Retention of staff, in Nantes"


@pytest.fixture
def animation(french: Bot) -> Actor:
    """The facilitator of the French community."""
    actor = Actor(french, "alice")
    actor.says("Bonjour")
    return actor


def test_theme_date_and_place_can_be_changed(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting 1 theme A welcome day")
    alice.writes("/meeting 1 place at Angers")
    alice.writes("/meeting 1 date 21 April 9:30")
    alice.hears("Meeting 1, Tuesday 21 April at 9:30, Angers: A welcome day")


def test_french_and_english_words_may_be_mixed(french: Bot, animation: Actor) -> None:
    animation.writes("/rencontre ajouter 14 avril à 14h, Fidélisation")
    animation.writes("/meeting 1 thème Annualisation")
    animation.writes("/rencontre 1 lieu : à Nantes")
    animation.writes("/rencontre 1 date 21 avril")
    animation.hears("Rencontre 1, mardi 21 avril à 14 h, Nantes : Annualisation")


def test_a_new_day_keeps_the_hour(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting 1 date 21 April")
    alice.hears("Meeting 1, Tuesday 21 April at 14:00")


def test_a_date_may_follow_the_number_at_once(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting 1 21 April 9:30")
    alice.hears("Meeting 1, Tuesday 21 April at 9:30")


@pytest.mark.parametrize(
    ("words", "answer"), [("place", "/meeting 1 place Nantes"), ("date", "/meeting 1 date 21 April 14:00")]
)
def test_a_change_without_words_shows_an_example(bot: Bot, alice: Actor, words: str, answer: str) -> None:
    alice.writes(LINE)
    alice.writes(f"/meeting 1 {words}")
    alice.hears("The new words were missing.", answer)


def test_an_unknown_change_shows_what_can_be_changed(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting 1 colour blue")
    alice.hears("I can change its theme, its date or its place.", "/meeting 1 date 21 April 14:00")


def test_an_unreadable_new_date_changes_nothing(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting 1 date friday-ish")
    alice.hears("I did not understand the date “friday-ish”.", "For example: 14 April 14:00")
    alice.writes("/meeting 1")
    alice.hears("Tuesday 14 April at 14:00")


def test_the_group_is_told_of_a_new_date_only_if_the_facilitator_says_so(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting 1 date 21 April")
    assert bot.said("group") == []
    alice.writes("1")
    assert bot.last() == "This meeting has a new date.\nMeeting 1, Tuesday 21 April at 14:00, Nantes: Retention of staff"


def test_a_move_can_be_taken_back(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting 1 date 21 April")
    alice.writes("take it back")
    alice.hears("As it was. Meeting 1, Tuesday 14 April at 14:00")


def test_somebody_who_is_no_facilitator_any_more_cannot_tell_the_group(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.writes(LINE)
    bot.line("bo is facilitator")
    bo.writes("/meeting 1 date 21 April")
    bot.rehearsal.console.facilitators.discard("bo")
    bo.writes("1")
    bo.hears("Only facilitators change the programme.")
    assert bot.said("group") == []


def test_only_the_latest_move_can_be_taken_back(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting 1 date 21 April")
    alice.writes("/meeting 1 date 28 April")
    alice.writes("2")
    alice.writes("2")
    alice.writes("/meeting 1")
    alice.hears("Date: Tuesday 21 April at 14:00")


def test_a_cancellation_can_be_taken_back(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting 1 cancel")
    alice.hears("This meeting is cancelled.")
    alice.writes("2")
    alice.writes("/meetings")
    alice.hears("Meeting 1, Tuesday 14 April at 14:00")


def test_a_cancelled_meeting_leaves_the_programme_and_keeps_its_number(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting cancel 1")
    alice.writes("3")
    alice.writes("/meetings")
    alice.hears("The programme is still empty.")
    alice.writes("/meeting 1")
    alice.hears("It was cancelled.")
    alice.writes("/meeting add 9 June 14:00, Something else")
    alice.hears("Meeting 2,")


def test_a_cancelled_meeting_can_be_restored(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting cancel 1")
    alice.writes("/meeting 1 restore")
    alice.hears("It is in the programme again. Meeting 1, Tuesday 14 April")


def test_done_means_the_latest_whose_hour_has_come(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting add 9 June 14:00, Later")
    bot.passes(days=44)
    alice.writes("/meeting done")
    alice.hears("Noted, this meeting took place. Meeting 1,", "/checkin open", "/recap")
    alice.writes("/meeting 1")
    alice.hears("It took place.")


def test_done_on_the_day_itself_means_the_one_of_today(bot: Bot, alice: Actor) -> None:
    alice.writes("/meeting add 2 March 14:00, Today")
    alice.writes("/meeting done")
    alice.hears("Noted, this meeting took place. Meeting 1,")


def test_done_before_any_meeting_says_why_not(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting done")
    alice.hears("No meeting of the programme has begun yet.")


def test_done_by_mistake_can_be_undone(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes("/meeting done 1")
    alice.writes("/meeting 1 restore")
    alice.writes("/meetings")
    assert alice.hears().startswith("Meeting 1, Tuesday 14 April")


def test_what_is_over_cannot_be_cancelled(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    bot.passes(days=44)
    alice.writes("/meeting 1 cancel")
    alice.hears("This meeting is behind us")


def test_the_round_after_a_meeting_follows_its_date(bot: Bot, alice: Actor) -> None:
    perform(bot.database, [_with_round_after_a_week])
    alice.writes(LINE)
    assert bot.keeps(ROUNDS) == [("2026-04-21",)]
    alice.writes("/meeting 1 date 21 April")
    assert bot.keeps(ROUNDS) == [("2026-04-28",)]
    alice.writes("take it back")
    assert bot.keeps(ROUNDS) == [("2026-04-21",)]
    alice.writes("/meeting 1 cancel")
    assert bot.keeps(ROUNDS) == []


ROUNDS = "select substr(next_at, 1, 10) from schedules where kind = 'checkins.open'"


def _with_round_after_a_week(tx: Session) -> None:
    community = tx.get_one(people.Community, 1)
    community.settings = {**community.settings, "checkin_after_days": 7}
