"""Who is let in, who is who, and who may do what: members, facilitators, names, codes."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.adapters.console import Console
from copbot.core import door
from copbot.core.dispatch import Dispatch
from copbot.engine import perform
from copbot.store import invitations, names, people
from copbot.vocabulary import Chose, Joined, Person, Place, Said
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
    drawn = [perform(bot.database, [_draw])[0][0] for _time in range(2)]
    assert drawn[0] == drawn[1]


def _draw(tx: Session) -> str:
    from datetime import UTC, datetime

    code = invitations.invite(tx, datetime(2026, 3, 2, tzinfo=UTC), chance=random.Random(1))
    tx.rollback()
    return code


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


# Attacks on authorisation

FACILITATORS_ONLY = ["/facilitator add bo", "/facilitator remove alice", "/setup"]


@pytest.mark.parametrize("words", FACILITATORS_ONLY)
@pytest.mark.parametrize("private", [True, False])
def test_a_member_cannot_use_a_facilitators_command(bot: Bot, bo: Actor, words: str, private: bool) -> None:
    (bo.writes if private else bo.says)(words)
    assert "Only facilitators can use" in (bot.last("@bo") if private else bot.last())
    assert bot.keeps("select count(*) from members where facilitator") == [(0,)]


@pytest.mark.parametrize("words", FACILITATORS_ONLY)
def test_an_administrator_of_the_past_cannot_either(bot: Bot, alice: Actor, bo: Actor, words: str) -> None:
    bot.line("bo is facilitator")
    alice.says("/setup")  # the first administrator who facilitates stays facilitator
    bo.says("/setup")
    assert "Only facilitators" not in bot.last()
    bot.rehearsal.console.facilitators.discard("bo")
    bo.says(words)
    assert "Only facilitators can use" in bot.last()


def test_who_was_facilitator_and_left_comes_back_as_a_member(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/facilitator add bo")
    bot.line("bo leaves")
    bot.line("bo joins")
    bo.says("/setup")
    assert "Only facilitators can use" in bot.last()


class TwoGroups(Console):
    """A console on which dan administers another group than the demonstration's."""

    async def administers(self, place: Place, person: Person) -> bool:
        return (place.room, person.id) in {("group", "alice"), ("elsewhere", "dan")}


@pytest.fixture
def dan(bot: Bot, alice: Actor, bo: Actor) -> Actor:
    """A member here, and the administrator of another community."""
    place = Place("console", "elsewhere", "group")

    def work(tx: Session) -> None:
        other = people.found(tx, name="Elsewhere", language="en", zone="UTC", place=place, now=bot.now)
        people.join(tx, other, Person("console", "dan", "dan"), bot.now)
        door.keep_house(tx, other, bot.now)

    perform(bot.database, [work])
    bot.rehearsal.console.__class__ = TwoGroups
    dan = Actor(bot, "dan")
    dan.says("Hello")
    return dan


@pytest.mark.parametrize("words", FACILITATORS_ONLY)
def test_an_administrator_of_another_group_is_a_member_here(bot: Bot, dan: Actor, words: str) -> None:
    dan.says(words)
    assert "Only facilitators can use" in bot.last()


def test_in_private_rights_are_those_in_the_community_one_means(bot: Bot, dan: Actor) -> None:
    dan.writes("/community")
    text = dan.hears("What you write to me in private is for", "Which community is it to be from now on?")
    dan.writes("Elsewhere")
    dan.hears("is now for Elsewhere")
    dan.writes("/members")
    dan.hears("I know one member of Elsewhere", "dan")
    dan.writes("/facilitator add alice")
    dan.hears("I know nobody here called alice")
    dan.writes("/community")
    dan.writes("Demonstration community")
    dan.writes("/facilitator add dan")
    dan.hears("Only facilitators can use")
    assert "1) Elsewhere" in text


def test_a_community_one_has_left_cannot_be_chosen(bot: Bot, dan: Actor) -> None:
    dan.writes("/community")
    perform(bot.database, [lambda tx: tx.execute(sa.text("update members set left_at = '2026-03-02' where community_id = 2"))])
    dan.writes("Elsewhere")
    dan.hears("You are not in this community any more")


def test_who_is_in_one_community_only_is_told_so(bo: Actor) -> None:
    bo.writes("/community")
    bo.hears("You are in one community with me: Demonstration community.")


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


# Tampering


def test_a_message_edited_into_a_command_does_nothing(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("hello again")
    number = int(bot.lines[-1].split()[0])
    alice.edits(number, "/facilitator add bo")
    assert bot.keeps("select count(*) from members where facilitator") == [(0,)]


@pytest.mark.parametrize(
    "token", ["", ".", "1", "x.0", "-1.0", "999.0", "{asked}.9", "{asked}.-1", "².0", "{asked}.²", "9" * 40 + ".0"]
)
def test_tampered_buttons_do_nothing(bot: Bot, bo: Actor, token: str) -> None:
    bo.writes("/forget")
    ((asked,),) = bot.keeps("select max(id) from questions")
    said = len(bo.heard())
    pressed = Chose("press", Place("console", "bo", "private"), Person("console", "bo", "bo"), token.format(asked=asked))
    bot.rehearsal.happens(pressed)
    assert len(bo.heard()) == said


# In several communities, or in none any more


def test_an_answer_goes_to_the_community_that_asked(bot: Bot, alice: Actor, dan: Actor) -> None:
    dan.writes("/community")
    dan.writes("Elsewhere")
    alice.says("/checkin open What did you try?")
    bot.passes(hours=1)
    dan.hears("What did you try?")
    dan.writes("pictures by the door")
    assert bot.keeps("select community_id, reply from checkins where reply != ''") == [(1, "pictures by the door")]
    dan.writes("/members")
    dan.hears("Elsewhere")


def test_an_answer_may_be_a_reply_to_the_older_of_two_questions(bot: Bot, alice: Actor, dan: Actor) -> None:
    alice.says("/checkin open What did you try?")
    bot.passes(hours=1)
    number = bot.number("@dan")
    dan.writes("/community")
    dan.writes("Elsewhere")
    dan.writes("/forget")
    dan.writes("pictures by the door", to=number)
    assert bot.keeps("select community_id, reply from checkins where reply != ''") == [(1, "pictures by the door")]


def test_whoever_has_left_can_still_see_and_erase_what_is_theirs_and_nothing_else(bot: Bot, bo: Actor) -> None:
    bot.line("bo leaves")
    bot.rehearsal.console._present.add("bo")  # writes in private without coming back into the group
    bo.writes("hello?")
    bo.hears("You are in no group of mine any more.", "/mydata", "/forget")
    bo.writes("/practices")
    bo.hears("You are in no group of mine any more.")
    bo.writes("/mydata")
    assert '"name": "bo"' in bot.files["my-data.json"].decode()
    bo.writes("/forget")
    bo.writes("2")
    bo.hears("It is done")
    assert bot.keeps("select count(*) from accounts where name = 'bo'") == [(0,)]


def test_whoever_has_left_can_press_the_button_too(bot: Bot, bo: Actor) -> None:
    bot.line("bo leaves")
    bot.rehearsal.console._present.add("bo")
    bo.writes("/forget")
    ((asked,),) = bot.keeps("select max(id) from questions")
    person = Person("console", "bo", "bo")
    bot.rehearsal.happens(Chose("press", Place("console", "bo", "private"), person, f"{asked}.1"))
    assert bot.keeps("select count(*) from accounts where name = 'bo'") == [(0,)]
