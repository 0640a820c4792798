"""The database: how it is opened, and the types every table shares."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import DeclarativeBase
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
LASTING: set[sa.FromClause] = set()


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
            LASTING.add(cls.__table__)


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
