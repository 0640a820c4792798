"""Transactions: what is kept together or not at all, and what is known of the database from one to the next."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import ORMExecuteState, Session

from copbot.store.base import LASTING, Base

#: So many rows last at most.
_MOST_LASTING = 1000


class Transaction(Session):
    """A session for one commit after another. What it loaded it keeps until the commit: later work often needs the same rows.

    What `lasts` stays even longer, see `rest`.
    """

    def __init__(self, database: Engine, *, careful: bool = False) -> None:
        """`careful`: savepoints hold whatever happens inside them, at a price for every message."""
        super().__init__(database, expire_on_commit=False)
        self.careful = careful
        self.later: list[Base] = []
        self.writes = 0
        self.known: dict[Hashable, Any] = {}
        self._passing: list[Base] = []
        self._lasting: list[Base] = []
        self._mark: tuple[object, ...] | None = None
        self._written_past = False

    def wake(self) -> None:
        """Begin: what is known from before holds only if nobody else has written since."""
        if self._mark != self._marked():
            self.forget()

    def mark(self) -> None:
        """End: remember where the database stands."""
        self._mark = None if self._written_past else self._marked()
        self._written_past = False

    def rest(self) -> None:
        """Keep nothing after a commit but the rows that last; the next transaction need not read them again."""
        for thing in self._passing:
            if thing in self:
                self.expunge(thing)
        self._passing.clear()
        self.info.clear()
        if self._mark is None or len(self._lasting) > _MOST_LASTING:
            self.forget()

    def forget(self) -> None:
        """Keep nothing at all."""
        self.expunge_all()
        self.later.clear()
        self.info.clear()
        self.known.clear()
        self._passing.clear()
        self._lasting.clear()

    def keeps(self, thing: Base) -> None:
        """This row is in the session now."""
        (self._lasting if thing.lasts else self._passing).append(thing)

    def writes_to(self, table: object) -> None:
        """A statement changes this table, past the rows in memory."""
        self.writes += 1
        if table is None or table in LASTING:
            self.known.clear()
            self._written_past = True

    def _marked(self) -> tuple[object, ...] | None:
        """What differs as soon as anybody else has written, on this connection or another; None where that cannot be told."""
        if self.get_bind().dialect.name != "sqlite":
            return None
        raw: Any = self.connection().connection.driver_connection
        return raw, raw.total_changes, raw.execute("PRAGMA data_version").fetchone()


def known(tx: Session) -> dict[Hashable, Any]:
    """The rows that last, by what was asked to find them. Whoever changes what is found for a question drops the answer."""
    return tx.known if isinstance(tx, Transaction) else {}


def settle(tx: Session) -> None:
    """Write all that is still to be written, also the rows in `later`: before somebody looks for them or erases around them.

    Until then those wait for the end of the transaction, since many rows at once cost a fraction of one by one.
    """
    if isinstance(tx, Transaction):
        tx.add_all(tx.later)
        tx.later.clear()
    tx.flush()


@event.listens_for(Transaction, "pending_to_persistent")
@event.listens_for(Transaction, "loaded_as_persistent")
def _keep(tx: Transaction, thing: Base) -> None:
    tx.keeps(thing)


@event.listens_for(Transaction, "do_orm_execute")
def _count_writes(executing: ORMExecuteState) -> None:
    if not executing.is_select:
        cast("Transaction", executing.session).writes_to(getattr(executing.statement, "table", None))


@event.listens_for(Transaction, "after_flush")
def _count_flushes(tx: Transaction, _context: object) -> None:
    tx.writes += 1


@event.listens_for(Transaction, "after_soft_rollback")
def _know_nothing(tx: Transaction, _rolled_back: object) -> None:
    tx.known.clear()


class Undone(Exception):
    """Undoes the whole transaction, wherever it is raised: savepoints need not hold anything."""


class Lost(BaseException):
    """What failed has written something already: the whole transaction is to be done anew, carefully. Nobody is to catch it."""


@contextmanager
def savepoint(tx: Session, *, careful: bool = False) -> Iterator[None]:
    """Keep all of what is done inside, or, when it raises, nothing.

    Most of what raises has written nothing yet, so nothing is done for it beforehand; if it has, Lost is raised. Not so where
    it is `careful`, nor inside such a one: there a savepoint of the database's holds whatever happens.
    """
    if not isinstance(tx, Transaction):
        raise TypeError("savepoints need a Transaction")
    later = tx.later.copy()
    if careful or tx.careful:
        before, tx.careful = tx.careful, True
        try:
            with tx.begin_nested():
                yield
        except BaseException:
            tx.later[:] = later
            raise
        finally:
            tx.careful = before
        return
    clean, writes = not _is_changed(tx), tx.writes
    try:
        yield
    except (Lost, Undone):
        raise
    except BaseException as problem:
        if not (clean and tx.is_active and tx.writes == writes) or _is_changed(tx):
            raise Lost from problem
        tx.later[:] = later
        raise


def _is_changed(tx: Session) -> bool:
    return bool(tx.new or tx.dirty or tx.deleted)


def changed(tx: Session, statement: sa.Delete | sa.Update, values: dict[str, Any] | None = None) -> int:
    """Execute it and answer how many rows it touched."""
    return cast("sa.CursorResult[Any]", tx.execute(statement, values)).rowcount


def directly(tx: Session, statement: sa.Insert | sa.Update, values: Any) -> sa.CursorResult[Any]:
    """Execute it on the table, past the rows in memory and without writing those first: half the cost, for every message."""
    if isinstance(tx, Transaction):
        tx.writes_to(statement.table)
    return tx.connection().execute(statement, values)
