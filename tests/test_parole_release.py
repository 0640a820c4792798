"""What goes out: at ticks alone, never too few, one voice once, and what happens to those who stay alone."""

import random

import pytest
import sqlalchemy as sa

from copbot.core import due, ticks
from copbot.engine import perform
from copbot.features.parole import pool
from copbot.features.parole.pool import Pending
from copbot.store import people
from tests.conftest import Bot
from tests.parole import Circle


@pytest.fixture
def circle(bot: Bot) -> Circle:
    """On Monday 9 March: not in the week of the temps de parole."""
    circle = Circle(bot)
    bot.passes(days=7)
    return circle


def said(circle: Circle) -> str:
    return "\n".join(text for _number, text in circle.bot.said("group"))


def test_three_go_out_together_at_the_tick_and_leave_nothing(circle: Circle) -> None:
    for name in ("cy", "dee", "eli"):
        circle.confides(name, f"Words of {name} alone")
    circle.bot.passes(hours=12)
    assert "Words of" not in said(circle), "not before the tick"
    circle.next_tick()
    assert all(f"Words of {name} alone" in said(circle) for name in ("cy", "dee", "eli"))
    rows = circle.rows()
    assert (rows["parole_messages"], rows["parole_letters"], rows["parole_desks"]) == (0, 0, 0)


def test_two_wait(circle: Circle) -> None:
    circle.confides("cy", "Words one")
    circle.confides("dee", "Words two")
    circle.bot.passes(days=14)
    assert "Words" not in said(circle)


def test_a_voice_comes_once_in_a_batch(circle: Circle) -> None:
    """Two days, two messages of one person and two of others: the second one waits for the next release."""
    circle.confides("cy", "First of cy")
    circle.bot.passes(days=1)  # Tuesday 9:00
    circle.confides("cy", "Second of cy")
    circle.confides("dee", "Words of dee")
    circle.confides("eli", "Words of eli")
    circle.bot.passes(days=1)
    assert "First of cy" in said(circle)
    assert "Second of cy" not in said(circle)


def test_alone_for_too_long_it_is_erased_and_its_author_can_read_that(circle: Circle) -> None:
    code = circle.confides("cy", "Words alone")
    circle.bot.passes(days=25)
    assert circle.rows()["parole_messages"] == 0
    assert "Words alone" not in said(circle)
    circle["cy"].writes(f"/reread {code}")
    circle["cy"].hears("found too few others")


def test_alone_for_too_long_it_goes_to_the_listeners_who_were_named(circle: Circle) -> None:
    circle.listens("ida")
    circle.confides("cy", "Words alone")
    circle.listens("jon")
    circle.bot.passes(days=25)
    assert any("Words alone" in text for text in circle["ida"].heard())
    assert not any("Words alone" in text for text in circle["jon"].heard())


def test_a_group_that_has_become_too_small_gets_nothing(circle: Circle) -> None:
    for name in ("cy", "dee", "eli"):
        circle.confides(name, f"Words of {name}")
    for name in ("fay", "gus", "hal"):
        circle.bot.line(f"{name} leaves")
    circle.next_tick()
    assert "Words of" not in said(circle)


def test_paused_nothing_comes_in_or_goes_out(circle: Circle) -> None:
    for name in ("cy", "dee", "eli"):
        circle.confides(name, f"Words of {name}")
    circle["alice"].says("/freespeech pause")
    circle.next_tick()
    assert "Words of" not in said(circle)
    circle["fay"].writes("/freespeech hello")
    circle["fay"].hears("paused")
    circle["alice"].says("/freespeech resume")
    circle.next_tick()
    assert "Words of cy" in said(circle)


def test_facilitators_cannot_pause_where_somebody_listens(circle: Circle) -> None:
    circle.listens("ida")
    circle["alice"].says("/freespeech pause")
    circle["fay"].writes("/freespeech hello")
    circle["fay"].hears("Send to the group")
    circle["ida"].writes("/freespeech pause")
    circle["gus"].writes("/freespeech hello")
    circle["gus"].hears("paused")


def test_the_week_of_the_temps_de_parole_ends_with_one_release(bot: Bot) -> None:
    """It begins on the first Monday of the month, 2 March; the first tick after it is on Tuesday 10."""
    circle = Circle(bot)
    for name in ("cy", "dee", "eli"):
        circle.confides(name, f"Words of {name}")
    bot.passes(days=6)
    assert "temps de parole" in said(circle)
    assert said(circle).count("temps de parole") == 1
    assert "Words of" not in said(circle)
    bot.passes(days=3)
    assert "Words of cy" in said(circle)


def test_a_batch_is_of_one_run_so_that_a_voice_cannot_come_twice_after_a_restart() -> None:
    pending = [Pending("a", "before", 0), Pending("b", "before", 0), Pending("c", "after", 0), Pending("d", "after", 0)]
    assert pool.batch(pending, 3, random.Random(1)) == []
    assert sorted(pool.batch([*pending, Pending("e", "after", 0)], 3, random.Random(1))) == ["c", "d", "e"]


def test_what_is_on_its_way_to_the_group_survives_a_stop(circle: Circle) -> None:
    """The tick is kept, copbot stops before anything is sent, and goes on: everything once."""
    for name in ("cy", "dee", "eli"):
        circle.confides(name, f"Words of {name}")
    rehearsal, vault = circle.bot.rehearsal, circle.vault
    rehearsal.now = ticks.next_tick(rehearsal.house, "Europe/Paris", rehearsal.now)
    perform(rehearsal.database, [lambda tx: due.tick(tx, rehearsal.now, rehearsal.house)])
    vault.ready()  # lost with the process
    again = vault.start(rehearsal.now)
    assert len(again) == 4
    for letter in again:
        vault.ended([(letter, "1")], rehearsal.now)
    assert circle.rows()["parole_messages"] == 0


def test_a_group_that_cannot_be_reached_gets_it_at_the_next_tick(circle: Circle) -> None:
    for name in ("cy", "dee", "eli"):
        circle.confides(name, f"Words of {name}")
    rehearsal, vault = circle.bot.rehearsal, circle.vault
    rehearsal.now = ticks.next_tick(rehearsal.house, "Europe/Paris", rehearsal.now)
    perform(rehearsal.database, [lambda tx: due.tick(tx, rehearsal.now, rehearsal.house)])
    for letter in vault.ready():
        vault.ended([(letter, "")], rehearsal.now)
    assert circle.rows()["parole_messages"] == 3
    circle.next_tick()
    assert "Words of cy" in said(circle)


def test_facilitators_do_not_count(circle: Circle) -> None:
    def promote(tx: sa.orm.Session) -> None:
        for name in ("fay", "gus", "hal", "ida"):
            people.member_named(tx, people.communities(tx)[0], name)[0].facilitator = True

    perform(circle.bot.database, [promote])
    circle["cy"].writes("/freespeech hello")
    circle["cy"].hears("too small")
