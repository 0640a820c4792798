"""What is known of people from one transaction to the next: it saves reading, and is never out of date."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from copbot.engine import Performer
from copbot.rehearsal import demo
from copbot.store import erasure, people, rooms
from copbot.store.transactions import known
from copbot.vocabulary import Person, Place
from tests.conftest import START

GROUP = Place("console", "group", "group")
BO = Person("console", "bo", "Bo")


class Town:
    """A database in which Bo is a member of a community, and one who does work in it."""

    def __init__(self, database: sa.Engine) -> None:
        self.database = database
        self._performer = Performer(database)
        self.does(lambda tx: people.join(tx, demo(tx, START, "en", "Europe/Paris"), BO, START))

    def does(self, work: Callable[[Session], object]) -> object:
        """Do this in a transaction of its own."""
        return self._performer.do([work])[0][0]

    def knows(self) -> list[str]:
        """The communities of Bo, as the next transaction sees them."""
        found = self.does(lambda tx: [member.community.name for member in people.memberships(tx, BO)])
        assert isinstance(found, list)
        return found


@pytest.fixture
def town(both: sa.Engine) -> Town:
    return Town(both)


HOME = ["Demonstration community"]


@contextmanager
def read(database: sa.Engine) -> Iterator[list[str]]:
    """What is read of the tables of people meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM members" in statement or "FROM rooms" in statement:
            found.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield found
    event.remove(database, "before_cursor_execute", note)


def test_who_is_who_is_read_once(database: sa.Engine) -> None:
    town = Town(database)
    assert town.knows() == HOME
    with read(database) as found:
        assert town.knows() == HOME
        assert town.does(lambda tx: people.community_of(tx, GROUP) is not None)
        assert town.knows() == HOME
        assert town.does(lambda tx: people.community_of(tx, GROUP) is not None)
    assert len(found) == 1  # the room, the first time


def test_whoever_joins_is_known_at_once(town: Town) -> None:
    cy = Person("console", "cy", "Cy")

    def comes(tx: Session) -> tuple[int, int]:
        before = len(people.memberships(tx, cy))
        community = people.community_of(tx, GROUP)
        assert community
        people.join(tx, community, cy, START)
        return before, len(people.memberships(tx, cy))

    assert town.does(comes) == (0, 1)
    assert town.does(lambda tx: len(people.memberships(tx, cy))) == 1


def test_whoever_leaves_and_comes_back_is_known_as_such_at_once(town: Town) -> None:
    def goes(tx: Session) -> tuple[int, int]:
        community = people.community_of(tx, GROUP)
        assert community
        people.leave(tx, community, BO, START)
        gone = len(people.memberships(tx, BO))
        people.join(tx, community, BO, START)
        return gone, len(people.memberships(tx, BO))

    assert town.does(goes) == (0, 1)
    assert town.knows() == HOME


def test_what_another_process_writes_is_seen(town: Town) -> None:
    assert town.knows() == HOME
    with town.database.connect() as one, town.database.begin() as other:  # not the connection that was used before
        other.execute(sa.text("UPDATE communities SET name = 'Elsewhere'"))
        del one
    assert town.knows() == ["Elsewhere"]


def test_what_is_written_on_the_same_connection_is_seen(town: Town) -> None:
    assert town.knows() == HOME
    with town.database.begin() as same:
        same.execute(sa.text("UPDATE communities SET name = 'Elsewhere'"))
    assert town.knows() == ["Elsewhere"]


def test_what_a_statement_changes_past_the_rows_in_memory_is_seen(town: Town) -> None:
    assert town.knows() == HOME
    town.does(lambda tx: tx.execute(sa.text("UPDATE communities SET name = 'Elsewhere'")))
    assert town.knows() == ["Elsewhere"]


def test_what_was_undone_is_not_known(town: Town) -> None:
    def fails(tx: Session) -> None:
        people.memberships(tx, BO)[0].community.name = "Nowhere"
        tx.flush()
        raise ValueError("no")

    assert town.knows() == HOME
    with pytest.raises(ValueError, match="no"):
        town.does(fails)
    assert town.knows() == HOME


def test_whoever_was_erased_is_unknown(town: Town) -> None:
    assert town.knows() == HOME
    town.does(lambda tx: erasure.erase(tx, people.memberships(tx, BO)[0].account, gifts_too=True))
    assert town.knows() == []


def test_a_group_that_moved_is_found_where_it_is(town: Town) -> None:
    there = Place("console", "there", "group")

    def moves(tx: Session) -> tuple[bool, bool]:
        before = people.community_of(tx, GROUP) is not None
        rooms.move(tx, GROUP, there)
        return before, people.community_of(tx, GROUP) is None

    assert town.does(moves) == (True, True)
    assert town.does(lambda tx: people.community_of(tx, there) is not None)


def test_of_strangers_nothing_is_kept_not_even_in_memory(database: sa.Engine) -> None:
    performer = Performer(database)
    for number in range(100):
        performer.do([lambda tx, number=number: people.memberships(tx, Person("console", str(number), "?"))])
    assert performer.do([lambda tx: dict(known(tx))])[0] == [{}]
