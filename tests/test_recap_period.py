"""How far back a recap looks, and what it says where there is nothing to tell."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copbot.calendar import lookback, times
from tests.conftest import Actor, Bot
from tests.telling import Shelf, drafted, posted


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


# How far back


def test_without_a_meeting_it_looks_back_two_weeks(bot: Bot, alice: Actor, bo: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "too long ago")
    bot.passes(days=16)
    shelf.tells("bo", "not so long ago")
    start = len(alice.heard())
    alice.writes("/recap")
    assert "Here is what happened since Wednesday 4 March." in drafted(alice, start)
    assert "not so long ago" in drafted(alice, start)
    assert "too long ago" not in drafted(alice, start)


@pytest.mark.parametrize(
    "period", ["", " since last meeting", " last meeting", " since meeting 1", " depuis la dernière rencontre"]
)
def test_it_looks_back_to_the_last_meeting(met: Bot, alice: Actor, shelf: Shelf, period: str) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes(f"/recap{period}")
    assert "Here is what happened since our meeting of Tuesday 3 March." in "\n".join(alice.heard())


def test_right_after_a_meeting_it_tells_what_led_to_it(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "Between the meetings.")
    met.passes(days=35)  # the evening of 14 April
    alice.writes("/meeting done")
    alice.writes("/recap")
    assert "Here is what happened since our meeting of Tuesday 3 March." in "\n".join(alice.heard())
    assert "Between the meetings." in "\n".join(alice.heard())


@pytest.mark.parametrize(
    ("period", "since"),
    [("2 weeks", "Tuesday 24 February"), ("since 5 March", "Thursday 5 March"), ("yesterday", "Monday 9 March")],
)
def test_the_period_can_be_said(met: Bot, alice: Actor, shelf: Shelf, period: str, since: str) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes(f"/recap {period}")
    assert f"Here is what happened since {since}." in "\n".join(alice.heard())


@pytest.mark.parametrize("period", ["the other day", "30 February", "2 hours", "since meeting 2", "since meeting 9"])
def test_a_period_that_cannot_be_read_is_refused_with_examples(met: Bot, alice: Actor, period: str) -> None:
    alice.writes(f"/recap {period}")
    alice.hears("For example: /recap since last meeting, /recap 2 weeks or /recap since 3 March")


PARIS = "Europe/Paris"
NOW = datetime(2026, 4, 14, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2 semaines", "2026-03-31"),
        ("depuis deux semaines", "2026-03-31"),
        ("les 3 dernières semaines", "2026-03-24"),
        ("un mois", "2026-03-14"),
        ("last month", "2026-03-14"),
        ("10 days ago", "2026-04-04"),
        ("le 3 mars", "2026-03-03"),
        ("depuis le 1er mars", "2026-03-01"),
        ("mardi 3 mars", "2026-03-03"),
        ("March 3rd, 2025", "2025-03-03"),
        ("3/3", "2026-03-03"),
        ("03/03/2025", "2025-03-03"),
        ("2026-03-03", "2026-03-03"),
        ("20 décembre", "2025-12-20"),
        ("hier", "2026-04-13"),
        ("depuis lundi", "2026-04-13"),
        ("last tuesday", "2026-04-07"),
        ("since January", "2026-01-01"),
        ("le 30 février", None),
        ("le 15 mai 2026", None),
        ("le 3 mars 1999", None),
        ("999 ans", None),
        ("0 weeks", None),
        ("", None),
    ],
)
def test_days_in_the_past_are_read_as_people_write_them(words: str, day: str | None) -> None:
    found = lookback.read(words, now=NOW, zone=PARIS)
    assert (times.to_wall(found, PARIS).isoformat() if found else None) == (f"{day}T00:00:00" if day else None)


WORDS = (
    "since",
    "depuis",
    "le",
    "the",
    "last",
    "dernière",
    "2",
    "30",
    "999",
    "mars",
    "weeks",
    "mois",
    "lundi",
    "hier",
    "ago",
    "ans",
    "2025",
)


@settings(max_examples=500)
@given(st.text(max_size=100) | st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
def test_whatever_is_written_as_a_period_is_a_past_day_or_nothing(words: str) -> None:
    found = lookback.read(words, now=NOW, zone=PARIS)
    assert found is None or timedelta() < NOW - found < timedelta(days=366 * 5 + 3)


# Nothing to tell


def test_with_nothing_to_tell_it_suggests_a_question(met: Bot, alice: Actor) -> None:
    alice.writes("/recap")
    said = alice.hears("Since our meeting of Tuesday 3 March there is nothing to tell yet.", "1) Ask the group")
    question = re.findall("“(.*)”", said)[0]
    assert question.endswith("?")
    alice.writes("2")
    other = re.findall("“(.*)”", alice.hears("Another one:"))[0]
    assert other != question
    alice.writes("1")
    assert posted(met) == other


def test_dates_alone_are_no_news(met: Bot, alice: Actor) -> None:
    alice.writes("/recap")
    assert "Coming dates" not in "\n".join(alice.heard())


def test_the_suggested_question_may_be_left_unasked(met: Bot, alice: Actor) -> None:
    alice.writes("/recap")
    alice.writes("3")
    assert posted(met) == ""
