"""Who is let in, who is who, and who may do what: members, facilitators, names, codes."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.core.dispatch import Dispatch
from copbot.engine import perform
from copbot.store import invitations, names, people
from copbot.vocabulary import Joined, Person, Place, Said
from tests.conftest import Actor, Bot

GROUP = Place("console", "group", "group")


# Names


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Bo", "Bo"),
        ("  Bo \n Martin\t", "Bo Martin"),
        ("Bo\x00\x07", "Bo"),
        ("Bo\u202eevil\u2066", "Boevil"),
        ("\u200b\ufeff", "…"),
        ("", "…"),
        ("Bo\ud800", "Bo\ufffd"),
        ("x" * 500, "x" * 64),
        ("نام\u200cها", "نام\u200cها"),
    ],
)
def test_names_are_made_fit_to_be_shown(raw: str, kept: str) -> None:
    assert names.shown(raw) == kept


def test_hostile_names_are_kept_on_every_database(both: sa.Engine) -> None:
    bot = Bot(both)
    person = Person("console", "bo", "Bo\x00\ud83d\u202e\n1) Yes")
    bot.rehearsal.happens(Joined("j", GROUP, person))
    bot.rehearsal.happens(Said("s", Place("console", "bo", "private"), person, "m", "/me"))
    assert bot.keeps("select name from accounts") == [("Bo\ufffd 1) Yes",)]


# Codes


def test_a_code_opens_copbot_once_until_it_expires_however_it_is_typed(both: sa.Engine) -> None:
    bot = Bot(both)
    new = Place("console", "elsewhere", "group")
    host = Person("console", "dan", "dan")
    code = perform(both, [partial(invitations.invite, now=bot.now, days=7)])[0][0]
    expired = perform(both, [partial(invitations.invite, now=bot.now - timedelta(days=8), days=7)])[0][0]
    for typed in ("nonsense", expired, code.upper().replace("-", " "), code):
        bot.rehearsal.happens(Said("s", new, host, "m", f"/open {typed}"))
    assert len(bot.keeps("select id from communities")) == 2
    assert bot.keeps("select count(*) from invitations") == [(1,)]


def test_codes_are_long_all_different_and_never_kept_in_clear(bot: Bot) -> None:
    codes = perform(bot.database, [lambda tx: {invitations.invite(tx, bot.now) for _time in range(500)}])[0][0]
    assert len(codes) == 500
    assert 75**12 > 2**64
    assert all(len(code.replace("-", "")) == 24 for code in codes)
    kept = {digest for (digest,) in bot.keeps("select digest from invitations")}
    assert kept == {invitations.digest(code) for code in codes}


def test_the_same_chance_draws_the_same_code(bot: Bot) -> None:
    drawn = []
    for _time in range(2):
        with Session(bot.database) as tx:  # never committed
            drawn.append(invitations.invite(tx, bot.now, chance=random.Random(1)))
    assert drawn[0] == drawn[1]


# Facilitators


def test_a_facilitator_names_another_who_is_told(alice: Actor, bo: Actor) -> None:
    alice.says("/facilitator add BO")
    assert "bo facilitates from now on" in alice.bot.last()
    bo.hears("alice has named you facilitator")
    bo.writes("/facilitator remove alice")
    bo.hears("alice no longer facilitates")
    alice.hears("You are no longer a facilitator of Demonstration community. Thank you")


def test_a_facilitator_can_be_named_by_answering_a_message(alice: Actor, bo: Actor, cy: Actor) -> None:
    cy.says("I would gladly help")
    number = int(alice.bot.lines[-1].split()[0])
    alice.says("/facilitator add", to=number)
    cy.hears("has named you facilitator")


def test_animation_is_spoken_in_french_too(french: Bot) -> None:
    alice, bo = Actor(french, "alice"), Actor(french, "bo")
    alice.says("Bonjour")
    bo.says("Bonjour")
    alice.says("/animation ajouter bo")
    assert "bo fait désormais partie de l'équipe d'animation" in french.last()
    bo.hears("/aide")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/facilitator add", "Whom do you mean?"),
        ("/facilitator add zoe", "I know nobody here called zoe"),
        ("/facilitator remove bo", "bo was not named facilitator"),
        ("/facilitator remove alice", "alice is the only facilitator"),
        ("/facilitator add alice", "alice facilitates already"),
    ],
)
def test_what_cannot_be_is_said_clearly(alice: Actor, bo: Actor, words: str, answer: str) -> None:
    alice.writes("/setup")
    alice.writes(words)
    alice.hears(answer)


def test_two_of_the_same_name_are_never_mixed_up(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/setup")
    for user, name in (("b1", "Bo"), ("b2", "bo\u200b"), ("b3", "ｂｏ")):
        bot.rehearsal.happens(Joined(user, GROUP, Person("console", user, name)))
        alice.says("/facilitator add bo")
        assert "Several people are called" in bot.last()
    assert bot.keeps("select count(*) from members where facilitator") == [(1,)]


def test_everybody_sees_how_many_and_facilitators_see_names_in_private(alice: Actor, bo: Actor, cy: Actor) -> None:
    bo.says("/members")
    assert "I know 3 members" in alice.bot.last()
    assert "cy" not in alice.bot.last()
    alice.writes("/members")
    alice.hears("alice, bo and cy")
    bo.writes("/facilitators")
    bo.hears("The administrators of the group can facilitate as well.")


# /me


def test_me_is_one_screen_of_eight_lines_with_what_copbot_holds(bot: Bot, bo: Actor) -> None:
    bo.writes("/me zone Montreal")
    bo.writes("/me hours 22 to 6")
    perform(bot.database, [lambda tx: tx.execute(sa.text("update members set paused_until = '2026-04-01 10:00:00'"))])
    bo.writes("/me")
    text = bo.hears("Easy reading: no", "between 22:00 and 6:00", "Paused until", "I hold about you: ", "/forget")
    assert len(text.splitlines()) <= 8


# Sharing a commit


def test_what_one_person_is_refused_costs_nobody_else_their_message(bot: Bot, alice: Actor, bo: Actor) -> None:
    def writes(name: str, text: str) -> Callable[[Session], None]:
        said = Said(f"{name}{text}", Place("console", name, "private"), Person("console", name, name), "m", text)
        return lambda tx: Dispatch(tx, bot.now, bot.rehearsal.house).handle(said)

    _results, letters = perform(bot.database, [writes("alice", "/privacy"), writes("bo", "/me zone Atlantis")])
    assert [letter.outgoing().text.partition(" ")[0] for letter in letters] == ["Who", "I"]


@pytest.mark.parametrize("table", ["accounts", "members", "communities", "outbox", "questions", "practices"])
def test_numbers_that_others_remember_are_never_given_twice(table: str) -> None:
    assert people.Base.metadata.tables[table].dialect_options["sqlite"]["autoincrement"]
