"""One database thread: what waits shares a commit, and what fails takes nothing else with it."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from copbot.adapters.console import PLATFORM
from copbot.engine import Engine
from copbot.rehearsal import demo
from copbot.store import erasure, outbox, people, schedules
from copbot.store.base import Transaction, savepoint
from copbot.store.outbox import Letter
from copbot.store.schedules import Schedule
from copbot.vocabulary import Person
from tests.conftest import START


def put(number: int) -> Schedule:
    return Schedule(kind="never", subject=number, state={}, next_at=START)


def kept(database: sa.Engine) -> list[int]:
    with database.connect() as connection:
        return list(connection.scalars(sa.text("SELECT subject FROM schedules ORDER BY subject")))


def test_what_waits_shares_a_commit(database: sa.Engine) -> None:
    commits = []
    event.listen(database, "commit", lambda _connection: commits.append(1))

    async def run() -> None:
        engine = Engine(database, lambda _letters: None)
        await asyncio.gather(*(engine.do(lambda tx, number=number: tx.add(put(number))) for number in range(200)))
        engine.close()

    asyncio.run(run())
    assert kept(database) == list(range(200))
    assert len(commits) < 50


def test_one_failure_costs_the_others_nothing(database: sa.Engine) -> None:
    def work(tx: Session, number: int) -> int:
        schedules.put(tx, put(number))
        if number % 7 == 3:
            raise ValueError
        return number

    async def run() -> list[int | BaseException]:
        engine = Engine(database, lambda _letters: None)
        done = [engine.do(lambda tx, number=number: work(tx, number)) for number in range(50)]
        results = await asyncio.gather(*done, return_exceptions=True)
        engine.close()
        return results

    results = asyncio.run(run())
    good = [number for number in range(50) if number % 7 != 3]
    assert kept(database) == good
    assert [result for result in results if isinstance(result, int)] == good
    assert sum(isinstance(result, ValueError) for result in results) == 50 - len(good)


@pytest.fixture
def tx(both: sa.Engine) -> Transaction:
    return Transaction(both)


def test_a_savepoint_keeps_all_or_nothing(tx: Transaction) -> None:
    with tx, tx.begin():
        first = schedules.put(tx, put(1))
        with pytest.raises(ValueError, match="no"), savepoint(tx):
            first.subject = 10
            schedules.put(tx, put(2))
            raise ValueError("no")
        assert first.subject == 1
        with savepoint(tx):
            first.subject = 11
            schedules.put(tx, put(3))
    with Transaction(tx.get_bind()) as later:
        assert sorted(schedule.subject or 0 for schedule in later.query(Schedule)) == [3, 11]


def test_savepoints_may_stand_inside_each_other(tx: Transaction) -> None:
    with tx, tx.begin(), savepoint(tx):
        schedules.put(tx, put(1))
        with pytest.raises(ValueError, match="no"), savepoint(tx):
            schedules.put(tx, put(2))
            raise ValueError("no")
        schedules.put(tx, put(3))
    with Transaction(tx.get_bind()) as later:
        assert sorted(schedule.subject or 0 for schedule in later.query(Schedule)) == [1, 3]


def letter(text: str, **more: object) -> Letter:
    return Letter(platform=PLATFORM, room="p", private=True, text=text, choices=[], created_at=START, **more)


@pytest.mark.parametrize("careful", [False, True])
def test_what_was_said_before_a_savepoint_that_fails_is_said_all_the_same(both: sa.Engine, *, careful: bool) -> None:
    with Transaction(both, careful=careful) as tx, tx.begin():
        outbox.put(tx, letter("one"))
        with pytest.raises(ValueError, match="no"), savepoint(tx):
            outbox.put(tx, letter("two"))
            outbox.put(tx, letter("three", dedupe="three"))  # for this one, all before it are written
            raise ValueError("no")
        outbox.put(tx, letter("four"))
        assert [one.text for one in outbox.fresh(tx)] == ["one", "four"]
    with Transaction(both) as later:
        assert [one.text for one in outbox.waiting(later)] == ["one", "four"]


def test_messages_have_their_numbers_in_the_order_in_which_they_were_said(both: sa.Engine) -> None:
    with Transaction(both) as tx, tx.begin():
        for number in range(60):
            outbox.put(tx, letter(str(number), dedupe=str(number) if number % 20 == 7 else None))
        said = outbox.fresh(tx)
    assert [one.text for one in said] == [str(number) for number in range(60)]
    assert [one.id for one in said] == sorted(one.id for one in said)


def test_what_hangs_on_somebody_who_is_erased_goes_with_them_and_costs_nobody_else_their_message(both: sa.Engine) -> None:
    bo, cy = (Person(PLATFORM, name, name) for name in ("bo", "cy"))
    with Transaction(both) as tx, tx.begin():
        community = demo(tx, START, "en", "Europe/Paris")
        members = [people.join(tx, community, person, START) for person in (bo, cy)]
        for member in members:
            outbox.put(tx, letter(member.name, member_id=member.id, community_id=community.id))
        erasure.erase(tx, members[0].account, gifts_too=False)
        assert [one.text for one in outbox.fresh(tx)] == ["cy"]
