"""The database: how it is opened, and the types every table shares."""

import json
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.pool import StaticPool

#: Stable names for constraints: Alembic needs them to change a table later.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(sa.types.TypeDecorator[datetime]):
    """A point in time, always timezone-aware and in UTC on this side, whatever the database keeps."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive times: they would mean another moment in another zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC) if dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Give back UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: The tables whose rows last.
_LASTING: set[sa.FromClause] = set()

#: So many rows last at most, and so many answers to questions about them: what `known` holds.
_MOST_LASTING = 1000


class Base(DeclarativeBase):
    """Every table. Each table and column carries a `comment`: `copbot register` is printed from them."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Instant(), dict[str, Any]: sa.JSON(none_as_null=True), list[Any]: sa.JSON()}

    #: Whether a transaction leaves its rows in memory for the next: they are few, and every message needs them.
    lasts: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        """No number is given twice: an old question must not open a new row, nor a platform take it for an old message."""
        super().__init_subclass__(**options)
        if isinstance(cls.__table__, sa.Table) and "id" in cls.__table__.columns:
            cls.__table__.dialect_options["sqlite"]["autoincrement"] = True
        if cls.lasts:
            _LASTING.add(cls.__table__)


def open_database(url: str | URL) -> Engine:
    """Open `url` (SQLite or PostgreSQL) the way copbot needs it; create a SQLite file with mode 0600 if there is none."""
    url = make_url(url)
    dumps = _dumps
    if url.get_backend_name() != "sqlite":
        url = url.set(drivername="postgresql+psycopg")
        return sa.create_engine(url, hide_parameters=True, json_serializer=dumps, pool_pre_ping=True)
    memory = url.database in (None, "", ":memory:")
    if not memory:
        _touch(Path(str(url.database)))
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        json_serializer=dumps,
        connect_args={"check_same_thread": False},
        **({"poolclass": StaticPool} if memory else {}),
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


class Transaction(Session):
    """A session for one commit after another. What it loaded it keeps until the commit: later work often needs the same rows.

    What `lasts` stays even longer, see `rest`.
    """

    def __init__(self, database: Engine, *, careful: bool = False) -> None:
        """`careful`: savepoints hold whatever happens inside them, at a price for every message."""
        super().__init__(database, expire_on_commit=False)
        self.careful = careful
        self.later: list[object] = []
        self.writes = 0
        self.known: dict[Hashable, Any] = {}
        self._passing: list[Base] = []
        self._lasting: list[Base] = []
        self._mark: tuple[object, ...] | None = None
        self._written_past = False

    def wake(self) -> None:
        """Begin: what is known from before holds only if nobody else has written since."""
        if self._lasting and self._mark != self._marked():
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
        if self._mark is None or max(len(self._lasting), len(self.known)) > _MOST_LASTING:
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
        if table is None or table in _LASTING:
            self.known.clear()
            self._written_past = True

    def _marked(self) -> tuple[object, ...] | None:
        """What differs as soon as anybody else has written, on this connection or another; None where that cannot be told."""
        if self.get_bind().dialect.name != "sqlite":
            return None
        raw: Any = self.connection().connection.driver_connection
        return raw, raw.total_changes, raw.execute("PRAGMA data_version").fetchone()


def known(tx: Session) -> dict[Hashable, Any]:
    """What was found out about rows that last, by what was asked; whoever changes such rows sees to it that it is dropped."""
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
    except Lost:
        raise
    except BaseException as problem:
        if not (clean and tx.is_active and tx.writes == writes) or _is_changed(tx):
            raise Lost from problem
        tx.later[:] = later
        raise


def _is_changed(tx: Session) -> bool:
    return bool(tx.new or tx.dirty or tx.deleted)


def sweep(database: Engine) -> None:
    """Leave nothing of what was erased behind in the files. Not inside a transaction.

    `secure_delete` alone does not do it: measured on SQLite 3.40, pieces of deleted rows stay in pages that were rearranged
    before, until the file is written anew. PostgreSQL frees the rows here; its own log keeps them until it is recycled.
    """
    if database.dialect.name != "sqlite":
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM FULL {', '.join(Base.metadata.tables)}")
        return
    raw: Any = database.raw_connection()
    try:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.execute(statement).close()
    finally:
        raw.close()


def changed(tx: Session, statement: sa.Delete | sa.Update, values: dict[str, Any] | None = None) -> int:
    """Execute it and answer how many rows it touched."""
    return cast("sa.CursorResult[Any]", tx.execute(statement, values)).rowcount


def directly(tx: Session, statement: sa.Insert | sa.Update, values: Any) -> sa.CursorResult[Any]:
    """Execute it on the table, past the rows in memory and without writing those first: half the cost, for every message."""
    if isinstance(tx, Transaction):
        tx.writes_to(statement.table)
    return tx.connection().execute(statement, values)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _touch(path: Path) -> None:
    """The file holds people's words: nobody else on the machine may read it."""
    if not path.exists():
        path.touch(mode=0o600)


def _on_connect(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: a rolled-back savepoint would be kept.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # upstream's default leaves deleted words in free pages
        "busy_timeout=5000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _on_begin(connection: sa.Connection) -> None:
    # A deferred transaction that reads and then writes fails at once where another one wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
