"""The schema over time: bringing a database to the version this copbot needs, forward and back, with Alembic."""

import re
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from copbot import store
from copbot.store.base import Base

#: As Alembic makes it.
_STAMP = """CREATE TABLE IF NOT EXISTS alembic_version (
    version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)"""

MIGRATIONS = Path(__file__).parent / "migrations"


@lru_cache
def newest() -> str:
    """The version this copbot needs: the last file of the migrations, which are numbered."""
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return re.split(r"[_.]", names[-1])[0]


def current(database: Engine) -> str:
    """The version the database is at; "" when it is empty."""
    with database.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")) or "")


def upgrade(database: Engine, to: str = "head") -> None:
    """Bring the database forward. One that is empty, or at the newest version, does without Alembic, which is slow to load."""
    if to != "head" or current(database) not in ("", newest()):
        _alembic("upgrade", database, to)
    elif not current(database):
        _create(database)


def _create(database: Engine) -> None:
    """Make every table at once, as the migrations would have: a test compares them."""
    store.load()
    with database.begin() as connection:
        Base.metadata.create_all(connection)
        connection.exec_driver_sql(_STAMP)
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest()})


def downgrade(database: Engine, to: str) -> None:
    """Bring the database back to an earlier version."""
    _alembic("downgrade", database, to)


def _alembic(verb: str, database: Engine, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, verb)(config, to)
