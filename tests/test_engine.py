"""One database thread: what waits shares a commit, and what fails takes nothing else with it."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from copbot.adapters.console import PLATFORM
from copbot.engine import Engine, Performer, perform
from copbot.rehearsal import demo
from copbot.store import erasure, outbox, people, schedules
from copbot.store.outbox import Letter
from copbot.store.schedules import Schedule
from copbot.store.transactions import Transaction, Undone, savepoint
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


def subjects(tx: Session) -> list[int]:
    return sorted(schedule.subject or 0 for schedule in tx.query(Schedule))


def test_a_savepoint_keeps_all_or_nothing(both: sa.Engine) -> None:
    def work(tx: Session) -> None:
        first = schedules.put(tx, put(1))
        with pytest.raises(ValueError, match="no"), savepoint(tx):
            first.subject = 10
            schedules.put(tx, put(2))
            raise ValueError("no")
        assert first.subject == 1
        with savepoint(tx):
            first.subject = 11
            schedules.put(tx, put(3))

    perform(both, [work])
    assert perform(both, [subjects])[0] == [[3, 11]]


def test_savepoints_may_stand_inside_each_other(both: sa.Engine) -> None:
    def work(tx: Session) -> None:
        with savepoint(tx):
            schedules.put(tx, put(1))
            with pytest.raises(ValueError, match="no"), savepoint(tx):
                schedules.put(tx, put(2))
                raise ValueError("no")
            schedules.put(tx, put(3))

    perform(both, [work])
    assert perform(both, [subjects])[0] == [[1, 3]]


def test_what_fails_before_it_wrote_anything_has_nothing_done_twice(both: sa.Engine) -> None:
    begun = []

    def work(tx: Session) -> None:
        begun.append(1)
        with pytest.raises(ValueError, match="no"), savepoint(tx):
            outbox.put(tx, letter("one"))
            raise ValueError("no")
        schedules.put(tx, put(1))

    _results, letters = perform(both, [work])
    assert (len(begun), letters) == (1, [])
    assert perform(both, [subjects])[0] == [[1]]


def test_what_only_the_database_refuses_is_undone_by_itself(both: sa.Engine) -> None:
    def work(tx: Session) -> None:
        outbox.put(tx, letter("one"))
        with pytest.raises(IntegrityError), savepoint(tx):
            tx.add_all([letter("two", dedupe="same"), letter("three", dedupe="same")])
            tx.flush()
        schedules.put(tx, put(1))

    _results, letters = perform(both, [work])
    assert [one.text for one in letters] == ["one"]
    assert perform(both, [subjects])[0] == [[1]]


def letter(text: str, **more: object) -> Letter:
    return Letter(platform=PLATFORM, room="p", private=True, text=text, choices=[], created_at=START, **more)


def test_what_was_said_before_a_savepoint_that_fails_is_said_all_the_same(both: sa.Engine) -> None:
    def work(tx: Session) -> None:
        outbox.put(tx, letter("one"))
        with pytest.raises(ValueError, match="no"), savepoint(tx):
            outbox.put(tx, letter("two"))
            outbox.put(tx, letter("three", dedupe="three"))  # for this one, all before it are written
            raise ValueError("no")
        outbox.put(tx, letter("four"))

    _results, letters = perform(both, [work])
    assert [one.text for one in letters] == ["one", "four"]
    assert [one.text for one in perform(both, [outbox.waiting])[0][0]] == ["one", "four"]


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


def test_what_failed_said_nothing(both: sa.Engine) -> None:
    performer = Performer(both)

    def work(tx: Session) -> None:
        outbox.put(tx, letter("one"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        performer.do([work])
    assert performer.do([lambda tx: outbox.put(tx, letter("two"))])[1][0].text == "two"
    assert [one.text for one in performer.do([outbox.waiting])[0][0]] == ["two"]


def test_what_undoes_the_whole_transaction_has_nothing_done_twice(both: sa.Engine) -> None:
    begun = []

    def work(tx: Session) -> None:
        begun.append(1)
        with savepoint(tx):
            schedules.put(tx, put(1))
            raise Undone("ask somebody first")

    with pytest.raises(Undone):
        perform(both, [work])
    assert len(begun) == 1
    assert perform(both, [subjects])[0] == [[]]
