"""The schema over time: migrations and models say the same, on both databases, and every step can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from copbot.store import schema
from copbot.store.base import Base, open_database
from tests.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database without any table."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.dispose()
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh("template1") as database:
        yield database


def differences(database: sa.Engine) -> list[object]:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _known_to_models})
        return compare_metadata(context, Base.metadata)


def _known_to_models(_object: object, name: str | None, type_: str, _reflected: bool, _other: object) -> bool:
    """All but full-text search, which Alembic does not know."""
    return not (str(name).startswith("search_index") or name in {"alembic_version", "ix_search_entries_terms"})


def objects(database: sa.Engine) -> set[str]:
    """Tables, indexes and triggers by name."""
    query = (
        "SELECT name FROM sqlite_master"
        if database.dialect.name == "sqlite"
        else "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    )
    with database.connect() as connection:
        return set(connection.scalars(sa.text(query))) - {"alembic_version", "sqlite_autoindex_alembic_version_1"}


def test_migrations_make_what_the_models_say(empty: sa.Engine) -> None:
    schema.upgrade(empty, schema.newest())
    assert schema.current(empty) == schema.newest()
    assert differences(empty) == []


def test_a_new_database_is_what_the_migrations_make(empty: sa.Engine) -> None:
    schema.upgrade(empty, schema.newest())
    migrated = objects(empty)
    schema.downgrade(empty, "base")
    with empty.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    schema.upgrade(empty)
    assert objects(empty) == migrated
    assert schema.current(empty) == schema.newest()


def test_every_step_can_be_taken_back(empty: sa.Engine) -> None:
    schema.upgrade(empty, schema.newest())
    schema.downgrade(empty, "base")
    left = {name for name in objects(empty) if not name.startswith(("alembic_version", "sqlite_"))}
    assert left == set()
    schema.upgrade(empty, schema.newest())
    assert differences(empty) == []


def test_a_database_at_the_newest_version_is_left_alone(empty: sa.Engine) -> None:
    schema.upgrade(empty)
    before = objects(empty)
    schema.upgrade(empty)
    assert objects(empty) == before
