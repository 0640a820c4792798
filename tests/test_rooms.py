"""Topics of a group and further groups: answers stay where they were asked for, and each thing is told in its home."""

import re

import sqlalchemy as sa

from copbot.adapters.console import PLATFORM
from copbot.vocabulary import Joined, Left, Moved, Person, Place, Said
from tests.conftest import Actor, Bot

OTHER = Place(PLATFORM, "other", "group")


def says(bot: Bot, who: str, text: str, place: Place = OTHER) -> None:
    bot.rehearsal.happens(Said(f"e{len(bot.lines)}", place, Person(PLATFORM, who, who), "900", text))


def told(bot: Bot, words: str) -> list[tuple[object, object]]:
    """In which rooms and threads something was announced whose topic these words are about."""
    return [
        (room, thread) for room, thread in bot.keeps(f"SELECT room, thread FROM outbox WHERE about LIKE '{words}%' ORDER BY id")
    ]


def test_answers_stay_in_the_topic(bot: Bot, bo: Actor) -> None:
    bot.line("bo#meals: /practices")
    assert "No practice yet" in bot.last("group#meals")
    assert bot.said("group") == []


def test_practices_and_check_ins_have_homes_of_their_own(both: sa.Engine) -> None:
    bot = Bot(both)
    alice = Actor(bot, "alice")
    alice.says("Hello everybody")
    bot.line("alice#library: /topic practices")
    assert bot.last("group#library") == "From now on, what I tell about practices comes here."
    bot.line("alice#round: /sujet bilans")
    alice.says("/checkin open")
    alice.writes("/checkin")
    alice.writes("1")
    alice.writes("We ate together")
    for _ in range(3):
        alice.writes("/skip")
    alice.writes("1")
    alice.writes("/find sleep")
    alice.writes("1")
    assert "Somebody here is looking for experience" in bot.last("group#library")
    bot.passes(days=10)
    assert ("group", "round") in told(bot, "checkins:")
    assert ("group", "") not in told(bot, "checkins:")


def test_all_goes_to_one_place_again(bot: Bot, alice: Actor) -> None:
    bot.line("alice#library: /topic practices")
    alice.says("/topic all")
    alice.writes("/find sleep")
    alice.writes("1")
    assert "Somebody here is looking for experience" in bot.last("group")


def test_only_facilitators_choose_and_slips_are_helped(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.says("/topic practices")
    assert "Only facilitators" in bot.last()
    alice.says("/topic")
    assert "/topic checkins" in bot.last()


def code(alice: Actor) -> str:
    found = re.search(r"/open ([a-z-]+)", alice.hears("Bring me into the other group"))
    assert found
    return found[1]


def test_a_further_group_joins_with_a_code_that_a_facilitator_makes(both: sa.Engine) -> None:
    bot = Bot(both)
    alice = Actor(bot, "alice")
    alice.says("/room add")
    assert "/open" not in bot.last()  # the code is no business of the group
    bot.rehearsal.happens(Joined("j", OTHER, Person(PLATFORM, "alice", "alice"), me=True))
    says(bot, "alice", f"/open {code(alice)}")
    assert bot.keeps("SELECT count(*) FROM communities") == [(1,)]
    assert bot.keeps("SELECT room FROM rooms ORDER BY id") == [("group",), ("other",)]
    says(bot, "eve", "/start")
    assert bot.keeps("SELECT count(*) FROM members") == [(2,)]
    bot.passes(hours=2)
    assert bot.keeps("SELECT count(*) FROM outbox WHERE leave") == [(0,)]


def test_the_code_serves_once(bot: Bot, alice: Actor) -> None:
    alice.says("/room add")
    made = code(alice)
    says(bot, "alice", f"/open {made}")
    says(bot, "alice", f"/open {made}", Place(PLATFORM, "third", "group"))
    assert bot.keeps("SELECT count(*) FROM rooms") == [(2,)]


def test_members_do_not_make_codes(bot: Bot, bo: Actor) -> None:
    bo.says("/room add")
    assert "Only facilitators" in bot.last()
    assert bot.keeps("SELECT count(*) FROM invitations") == [(0,)]


def test_what_is_told_is_told_once_where_a_community_has_two_groups(bot: Bot, alice: Actor) -> None:
    alice.says("/room add")
    says(bot, "alice", f"/open {code(alice)}")
    alice.writes("/find sleep")
    alice.writes("1")
    assert bot.keeps("SELECT room FROM outbox WHERE dedupe LIKE 'asked:%'") == [("group",)]
    says(bot, "alice", "/topic all")
    alice.writes("/find meals")
    alice.writes("1")
    assert bot.keeps("SELECT room FROM outbox WHERE dedupe LIKE 'asked:%' ORDER BY id") == [("group",), ("other",)]


def test_leaving_the_further_group_is_not_leaving_the_community(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/room add")
    says(bot, "alice", f"/open {code(alice)}")
    bot.rehearsal.happens(Left("l1", OTHER, Person(PLATFORM, "bo", "bo")))
    assert bot.keeps("SELECT count(*) FROM members WHERE left_at IS NULL") == [(2,)]
    bot.line("bo leaves")
    assert bot.keeps("SELECT count(*) FROM members WHERE left_at IS NULL") == [(1,)]


def test_a_group_that_moves_keeps_its_topics_and_what_may_be_shown_in_it(both: sa.Engine) -> None:
    bot = Bot(both)
    alice, bo = Actor(bot, "alice"), Actor(bot, "bo")
    alice.says("Hello")
    bot.line("alice#library: /topic practices")
    bo.says("Hello")
    bot.line("bo has no private chat")
    bot.line("bo#library: /me")
    assert bot.keeps("SELECT within, thread FROM outbox WHERE state = 'held'") == [("group", "library")]
    bot.rehearsal.happens(Moved("m", Place(PLATFORM, "group", "group"), Place(PLATFORM, "new", "group")))
    assert bot.keeps("SELECT within, thread FROM outbox WHERE state = 'held'") == [("new", "library")]
    assert "library" in str(bot.keeps("SELECT topics FROM rooms WHERE room = 'new'"))
