"""Who may do what, and who may not: other groups, other times, other people's buttons; several communities, or none."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.adapters.console import Console
from copbot.core import door
from copbot.engine import perform
from copbot.store import people
from copbot.vocabulary import Chose, Person, Place
from tests.conftest import Actor, Bot

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
