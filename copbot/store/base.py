"""The database: how it is opened, and the types every table shares."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session, make_transient
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


class Base(DeclarativeBase):
    """Every table. Each table and column carries a `comment`: `copbot register` is printed from them."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Instant(), dict[str, Any]: sa.JSON(), list[Any]: sa.JSON()}

    def __init_subclass__(cls, **options: Any) -> None:
        """No number is given twice: an old question must not open a new row, nor a platform take it for an old message."""
        super().__init_subclass__(**options)
        if isinstance(cls.__table__, sa.Table) and "id" in cls.__table__.columns:
            cls.__table__.dialect_options["sqlite"]["autoincrement"] = True


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
    """A session that lives for one commit. What it loaded it keeps: the next piece of work often needs the same rows."""

    def __init__(self, database: Engine, *, careful: bool = False) -> None:
        """`careful`: savepoints hold whatever happens inside them, at twice the cost."""
        super().__init__(database, expire_on_commit=False)
        self.careful = careful
        self.created: list[object] = []
        self.loaded: list[object] = []
        self.later: list[object] = []


def settle(tx: Session) -> None:
    """Write all that is still to be written, also the rows in `later`: before somebody looks for them or erases around them.

    Until then those wait for the end of the transaction, since many rows at once cost a fraction of one by one.
    """
    if isinstance(tx, Transaction):
        tx.add_all(tx.later)
        tx.later.clear()
    tx.flush()


@event.listens_for(Transaction, "pending_to_persistent")
def _note_created(tx: Transaction, created: object) -> None:
    tx.created.append(created)


@event.listens_for(Transaction, "loaded_as_persistent")
def _keep_loaded(tx: Transaction, loaded: object) -> None:
    tx.loaded.append(loaded)


class Lost(BaseException):
    """A savepoint could not hold: the whole transaction is to be done anew, carefully. Nobody on the way is to catch it."""


@contextmanager
def savepoint(tx: Session, *, careful: bool = False) -> Iterator[None]:
    """Keep all of what is done inside, or, when it raises, nothing. Half the cost of `begin_nested`, for every message.

    Rows that the database refuses cost the session its whole transaction: then Lost is raised. Not so where it is `careful`,
    nor inside such a one.
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
    tx.flush()
    connection, created = tx.connection(), len(tx.created)
    connection.exec_driver_sql("SAVEPOINT here")
    try:
        yield
        tx.flush()
        connection.exec_driver_sql("RELEASE SAVEPOINT here")
    except BaseException as problem:
        if not tx.is_active:
            raise Lost from problem
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT here")
        for lost in [*tx.new, *tx.created[created:]]:
            if lost in tx:
                tx.expunge(lost)
        for one in later:
            make_transient(one)  # it may have been settled meanwhile: that is undone
        tx.later[:] = later
        del tx.created[created:]
        tx.expire_all()
        connection.exec_driver_sql("RELEASE SAVEPOINT here")
        raise


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
