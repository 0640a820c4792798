"""The house itself: being heard, being understood, being left alone."""

from tests.conftest import Actor, Bot


def test_talk_among_members_gets_no_answer(bot: Bot, alice: Actor) -> None:
    alice.says("How was your week?")
    assert bot.said("group") == []


def test_a_mistyped_command_gets_a_suggestion(bot: Bot, alice: Actor) -> None:
    alice.says("/hlep")
    assert "Did you mean /help" in bot.last()


def test_help_says_what_this_person_can_do_here(bot: Bot, bo: Actor) -> None:
    bo.writes("/me")
    bo.hears("bo, here is what I know of your choices.", "between 8:00 and 21:00")


def test_own_hours_are_remembered(bot: Bot, bo: Actor) -> None:
    bo.writes("/me hours 9h30 à 20h")
    bo.hears("between 9:30 and 20:00")


def test_a_pause_is_shown_by_its_day_not_by_midnight(bot: Bot, bo: Actor) -> None:
    bo.writes("/pause until 12 May")
    bo.writes("/me")
    bo.hears("Paused until Tuesday 12 May.")
