"""The database apart, in which parole libre is kept: its file, how it is opened, and that nothing erased is left in it."""

import contextlib
import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.pool import StaticPool

from copbot.store.base import NAMES


class Apart(DeclarativeBase):
    """Every table of parole libre."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {list[Any]: sa.JSON(), list[Any] | None: sa.JSON()}


def open_apart(url: str | URL) -> Engine:
    """Open the database of parole libre and make its tables; a file gets mode 0600. Raises SQLAlchemy's and OS errors."""
    url = make_url(url)
    if url.get_backend_name() == "sqlite":
        engine = _open_file(url)
    else:
        engine = sa.create_engine(url.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True)
    Apart.metadata.create_all(engine)
    _complete(engine)
    return engine


def _complete(engine: Engine) -> None:
    """Add the columns that came later; what is kept here is soon gone, so there are no other migrations."""
    with engine.begin() as connection:
        for table in Apart.metadata.sorted_tables:
            there = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
            for column in table.columns:
                if column.name not in there:
                    kind = column.type.compile(engine.dialect)
                    connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}")


def is_there(url: str | URL) -> bool:
    """Tell whether that database was made before; of a server it is taken for granted."""
    url = make_url(url)
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).exists())


def _open_file(url: URL) -> Engine:
    memory = url.database in (None, "", ":memory:")
    if not memory:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(str(url.database), os.O_CREAT | os.O_EXCL, 0o600))
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"check_same_thread": False}, **({"poolclass": StaticPool} if memory else {})
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    # No WAL: deleted rows would lie in it. The journal is emptied after each transaction; sorts stay in memory.
    connection.isolation_level = None
    for pragma in ("journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _on_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class Change(Session):
    """A session that knows whether it changed anything: then what was erased may still lie in the file."""

    changed = False


@event.listens_for(Change, "after_flush")
def _flushed(tx: Change, _context: object) -> None:
    tx.changed = True


@event.listens_for(Change, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if isinstance(state.session, Change) and not state.is_select:
        state.session.changed = True


def forget_hour(engine: Engine) -> None:
    """Set the time of the file, which would tell when somebody wrote, to one that tells nothing."""
    if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        for path in (f"{engine.url.database}", f"{engine.url.database}-journal"):
            with contextlib.suppress(FileNotFoundError):
                os.utime(path, (0, 0))


def rewrite(engine: Engine) -> None:
    """Write the whole database anew, so that nothing of what was erased is left in it. Not inside a transaction."""
    tables = "" if engine.dialect.name == "sqlite" else " FULL " + ", ".join(Apart.metadata.tables)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            raw: Any = connection.connection.driver_connection
            raw.execute("VACUUM").close()
        else:
            connection.exec_driver_sql(f"VACUUM{tables}")
    forget_hour(engine)
