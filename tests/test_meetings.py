"""The programme: meetings are added, shown, moved, cancelled and said to be done."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from copbot.core.errors import Refusal
from copbot.engine import perform
from copbot.features import agenda
from copbot.store import meetings, people
from copbot.store.meetings import Meeting
from tests.conftest import Actor, Bot

PIECES = (
    ",",
    "\n",
    "le",
    "14 avril",
    "à 14h",
    "31 juin",
    "9h",
    "mardi",
    "tous les",
    "à Nantes",
    "en septembre",
    "Thème",
    "2025",
    "hier",
)

LINE = "/meeting add 14 April 14:00, Retention of staff, in Nantes"


@pytest.fixture
def animation(french: Bot) -> Actor:
    """The facilitator of the French community."""
    actor = Actor(french, "alice")
    actor.says("Bonjour")
    return actor


def test_a_meeting_is_added_in_one_line(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.hears("Noted. Meeting 1, Tuesday 14 April at 14:00, Nantes: Retention of staff")
    assert bot.keeps("select number, theme, place, starts_at from meetings") == [
        (1, "Retention of staff", "Nantes", "2026-04-14 12:00:00.000000")
    ]


@pytest.mark.parametrize(
    ("line", "understood"),
    [
        (
            "/rencontre ajouter le 14 avril à 14h, Fidélisation des salariés, à Nantes",
            "mardi 14 avril à 14 h, Nantes : Fidélisation des salariés",
        ),
        (
            "/rencontre ajouter 14/4 14h30, Annualisation, planification anticipée, semaine de 4 jours, en visio",
            "mardi 14 avril à 14 h 30, en visio : Annualisation, planification anticipée, semaine de 4 jours",
        ),
        (
            "/rencontre ajouter Sourcing : où et comment trouver les bon(ne)s candidat(e)s ?, le 14 avril, 9h, chez Ana",
            "mardi 14 avril à 9 h, chez Ana : Sourcing : où et comment trouver les bon(ne)s candidat(e)s ?",
        ),
        (
            "/rencontre ajouter mardi 14 avril à 14 h, Intégration des nouveaux salariés, Maison des associations de Nantes",
            "Maison des associations de Nantes : Intégration des nouveaux salariés",
        ),
        ("/rencontre ajouter 14 avril 14h, Rôle des RH, salle B", "mardi 14 avril à 14 h, salle B : Rôle des RH"),
        ("/rencontre ajouter 14 avril 14h Fidélisation", "mardi 14 avril à 14 h : Fidélisation"),
        ("/rencontre ajouter 14 avril à 14h, à Nantes", "mardi 14 avril à 14 h, Nantes : thème à décider"),
        ("/rencontre ajouter 14 avril à 14h", "mardi 14 avril à 14 h : thème à décider"),
        ("/rencontre ajouter 14 avril à 14h, À la rencontre des familles", "14 h : À la rencontre des familles"),
        (
            "/rencontre ajouter 14 avril à 14h, Qualité de vie au travail, Saint-Nazaire",
            "Saint-Nazaire : Qualité de vie au travail",
        ),
    ],
)
def test_date_theme_and_place_are_told_apart(french: Bot, animation: Actor, line: str, understood: str) -> None:
    animation.writes(line)
    animation.hears("C'est noté. Rencontre 1, ")
    assert understood in french.last("@alice")


def test_without_words_it_is_a_short_conversation(bot: Bot, alice: Actor) -> None:
    alice.writes("/meeting add")
    alice.hears("When is the meeting?", "/skip")
    alice.writes("14 April 14:00")
    alice.hears("What is it about?")
    alice.writes("Retention of staff")
    alice.hears("Where?")
    alice.writes("in Nantes")
    alice.hears("Noted. Meeting 1, Tuesday 14 April at 14:00, Nantes: Retention of staff")


def test_asked_for_in_the_group_the_conversation_goes_on_in_private(bot: Bot, alice: Actor) -> None:
    alice.says("/meeting add")
    assert bot.last() == "Let us go on in private."
    alice.hears("When is the meeting?")


def test_every_question_can_be_skipped(bot: Bot, alice: Actor) -> None:
    alice.writes("/meeting add")
    alice.writes("/skip")
    alice.writes("Retention of staff")
    alice.writes("/skip")
    alice.hears("Meeting 1, date to be decided: Retention of staff", "When the date is known: /meeting 1 date 21 April 14:00")


def test_skipping_everything_adds_nothing(bot: Bot, alice: Actor) -> None:
    for text in ("/meeting add", "/skip", "/skip", "/skip"):
        alice.writes(text)
    alice.hears("Nothing was added.")
    assert bot.keeps("select count(*) from meetings") == [(0,)]


def test_going_back_changes_the_same_meeting(bot: Bot, alice: Actor) -> None:
    for text in ("/meeting add", "/skip", "Retention", "/back", "/back", "14 April 14:00"):
        alice.writes(text)
    alice.hears("Where?")
    alice.writes("/skip")
    alice.hears("Meeting 1, Tuesday 14 April at 14:00: Retention")
    assert bot.keeps("select count(*) from meetings") == [(1,)]


def test_stopping_half_way_keeps_what_was_said(bot: Bot, alice: Actor) -> None:
    for text in ("/meeting add", "14 April 14:00", "/stop"):
        alice.writes(text)
    alice.writes("/meeting 1")
    alice.hears("Date: Tuesday 14 April at 14:00", "Theme: to be decided together")


def test_a_day_without_its_hour_is_asked_for_the_hour(bot: Bot, alice: Actor) -> None:
    alice.writes("/meeting add 14 April, Retention of staff, in Nantes")
    alice.hears("At what hour, on Tuesday 14 April?", "1) 9:00", "2) 14:00")
    alice.writes("13h45")
    alice.hears("Tuesday 14 April at 13:45, Nantes: Retention of staff")


@pytest.mark.parametrize(
    ("answer", "hour"), [("2", "14:00"), ("9", "9:00"), ("9.30", "9:30"), ("2pm", "14:00"), ("à 16 h", "16:00")]
)
def test_the_hour_is_read_as_people_write_it(bot: Bot, alice: Actor, answer: str, hour: str) -> None:
    alice.writes("/meeting add 14 April, Retention")
    alice.writes(answer)
    alice.hears(f"Tuesday 14 April at {hour}")


def test_the_hours_offered_can_be_taken_in_french(french: Bot, animation: Actor) -> None:
    for text in ("/rencontre ajouter", "le 14 avril", "2"):
        animation.writes(text)
    animation.hears("Quel en est le thème ?")
    assert french.keeps("select starts_at from meetings") == [("2026-04-14 12:00:00.000000",)]


def test_an_hour_that_does_not_exist_is_asked_again(bot: Bot, alice: Actor) -> None:
    alice.writes("/meeting add 14 April, Retention")
    for hour in ("26:00", "4", "soon"):
        alice.writes(hour)
        alice.hears(f"I did not understand the hour “{hour}”. For example: 14:00")
    alice.writes("16:00")
    alice.hears("Tuesday 14 April at 16:00")


def test_a_date_that_does_not_exist_is_asked_again_and_nothing_else_is_lost(bot: Bot, alice: Actor) -> None:
    alice.writes("/meeting add 31 June 14:00, Retention of staff, in Nantes")
    alice.hears("I did not understand the date “31 June 14:00”.", "When is it?")
    alice.writes("30 June 14:00")
    alice.hears("Meeting 1, Tuesday 30 June at 14:00, Nantes: Retention of staff")


def test_a_month_alone_is_asked_for_its_day(french: Bot, animation: Actor) -> None:
    animation.writes("/rencontre ajouter en septembre, Développement des compétences")
    animation.hears("Je n'ai pas compris la date « en septembre ».", "Quand aura-t-elle lieu ?", "/passer")
    animation.writes("/passer")
    animation.hears("Rencontre 1, date à décider : Développement des compétences")


def test_a_mistyped_month_is_not_taken_for_today(french: Bot, animation: Actor) -> None:
    animation.writes("/rencontre ajouter le 14 avrli à 14h, Fidélisation")
    animation.hears("Je n'ai pas compris la date « le 14 avrli à 14h ».")
    assert french.keeps("select starts_at from meetings") == [(None,)]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("14 February 2025 14:00, Retention", "This date is over: “14 February 2025 14:00”."),
        ("every tuesday 14:00, Retention", "A meeting has one date."),
        ("14 April 14:00, " + "very " * 50 + "long", "200 characters at most"),
    ],
)
def test_what_cannot_be_added_is_refused_with_a_reason(bot: Bot, alice: Actor, words: str, answer: str) -> None:
    alice.writes(f"/meeting add {words}")
    alice.hears(answer)
    assert bot.keeps("select count(*) from meetings") == [(0,)]


def test_the_same_line_sent_twice_is_one_meeting(bot: Bot, alice: Actor) -> None:
    alice.writes(LINE)
    alice.writes(LINE)
    alice.hears("There is a meeting at that time already. Meeting 1,")
    assert bot.keeps("select count(*) from meetings") == [(1,)]


def test_members_read_the_programme_but_do_not_change_it(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.writes(LINE)
    bo.writes("/meetings")
    bo.hears("Meeting 1, Tuesday 14 April at 14:00, Nantes: Retention of staff", "/meeting 1")
    for attempt in ("/meeting 1 theme Other", "/meeting 1 date 5 May 9:00", "/meeting 1 cancel", "/meeting 1 done"):
        bo.writes(attempt)
        bo.hears("Only facilitators change the programme.")
    for attempt in ("/meeting add 5 May 9:00", "/meeting done 1", "/meeting cancel 1"):
        bo.writes(attempt)
        bo.hears("Only facilitators can use")
    bo.writes("/meeting 1")
    assert "To change" not in bo.hears("Theme: Retention of staff", "Place: Nantes")


def test_the_programme_fits_into_eight_lines(bot: Bot, alice: Actor, bo: Actor) -> None:
    for number in range(1, 13):
        alice.writes(f"/meeting add {number} April 14:00, Theme {number}")
    bot.passes(days=33.5)  # four of them are over
    bo.writes("/meetings")
    assert bo.hears().splitlines() == [
        "Behind us: meeting 3, “Theme 3” and meeting 4, “Theme 4”, and 2 before.",
        *(f"Meeting {number}, {day} {number} April at 14:00: Theme {number}" for number, day in WEEK),
        "And 3 more, from /meeting 10 on.",
        "To read more about one: /meeting 5",
    ]


WEEK = [(5, "Sunday"), (6, "Monday"), (7, "Tuesday"), (8, "Wednesday"), (9, "Thursday")]


def test_an_empty_programme_says_what_to_do(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.writes("/meetings")
    alice.hears("The programme is still empty.", "/meeting add")
    bo.writes("/programme")
    bo.hears("The programme is still empty.", "Your facilitators will set the first date.")


def test_meeting_alone_shows_the_next_one(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.writes("/meeting add 9 June 14:00, Later")
    alice.writes("/meeting add 14 April 14:00, Sooner")
    bo.writes("/meeting")
    bo.hears("Meeting 2", "Theme: Sooner")


def test_a_number_that_does_not_exist_is_said_so(bot: Bot, alice: Actor) -> None:
    alice.writes("/meeting 7")
    alice.hears("There is no meeting 7.")
    alice.writes("/meeting tomorrow")
    alice.hears("For example:")


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=8).map(" ".join))
def test_whatever_the_line_it_is_understood_or_refused(line: str) -> None:
    try:
        found = agenda.read(line, now=datetime(2026, 3, 2, 8, tzinfo=UTC), zone="Europe/Paris", language="fr")
    except Refusal:
        return
    assert "\n" not in found.theme + found.place
    assert found.day is None or found.day.wall >= datetime(2026, 3, 2, 9)  # noqa: DTZ001


def test_somebody_in_another_zone_reads_both_hours(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.writes(LINE)
    bo.writes("/me zone America/Montreal")
    bo.writes("/meeting 1")
    bo.hears("Date: Tuesday 14 April at 8:00", "By Paris time: Tuesday 14 April at 14:00")


def test_the_store_knows_what_is_past_and_what_is_to_come(both: sa.Engine) -> None:
    def april(day: int) -> datetime:
        return datetime(2026, 4, day, 12, tzinfo=UTC)

    def check(tx: Session) -> None:
        community = tx.get_one(people.Community, 1)
        now = april(10)
        add = lambda **how: meetings.add(tx, community, now, **how)  # noqa: E731
        late, soon, past, idea = add(starts_at=april(28)), add(starts_at=april(14)), add(starts_at=april(3)), add(theme="Idea")
        gone = add(starts_at=april(12))
        gone.cancelled_at = now
        early = add(starts_at=april(13))
        early.done_at = april(9)
        found: list[list[Meeting]] = [
            meetings.upcoming(tx, community, now),
            meetings.undated(tx, community, now),
            meetings.held(tx, community, now),
            meetings.programme(tx, community),
        ]
        assert found == [[soon, late], [idea], [past, early], [past, early, soon, late, idea]]
        assert meetings.last(tx, community, now) is early
        assert meetings.numbered(tx, community, gone.number) is gone

    Bot(both)
    perform(both, [check])
