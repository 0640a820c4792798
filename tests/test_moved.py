"""A group that changes its address keeps everything: its members, its questions, and what waits to be said there."""

import sqlalchemy as sa

from copbot.adapters.console import GROUP, PLATFORM
from copbot.engine import perform
from copbot.store import people
from copbot.vocabulary import Moved, Place
from tests.conftest import Actor, Bot

NEW = Place(PLATFORM, "supergroup", "group")


def test_a_group_is_followed_in_every_table(both: sa.Engine) -> None:
    bot = Bot(both)
    alice = Actor(bot, "alice")
    alice.says("/remind tomorrow 9:00 bring the cups")
    bot.rehearsal.happens(Moved("m1", GROUP, NEW))
    bot.rehearsal.happens(Moved("m2", GROUP, NEW))
    for table in ("rooms", "questions", "outbox"):
        assert bot.keeps(f"SELECT count(*) FROM {table} WHERE room = 'group'") == [(0,)]
    bot.passes(days=1)
    assert bot.keeps("SELECT count(*) FROM outbox WHERE room = 'supergroup'") != [(0,)]


def test_a_group_that_moves_to_one_that_is_known_already_becomes_one_with_it(both: sa.Engine) -> None:
    bot = Bot(both)
    Actor(bot, "alice").says("Hello")

    def second_room(tx: object) -> None:
        community = people.community_of(tx, GROUP)  # type: ignore[arg-type]
        assert community
        community.rooms.append(people.Room(platform=PLATFORM, room=NEW.room))

    perform(both, [second_room])
    bot.rehearsal.happens(Moved("m1", GROUP, NEW))
    assert bot.keeps("SELECT room FROM rooms") == [("supergroup",)]
