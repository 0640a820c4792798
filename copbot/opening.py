"""Opening the settings and the database, or saying in one sentence why that cannot be."""

import contextlib
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Never, Optional

import sqlalchemy as sa
import typer
from filelock import FileLock, Timeout
from sqlalchemy.engine import make_url

from copbot import store
from copbot.core.house import House
from copbot.features.parole.vault import Vault
from copbot.settings import Settings
from copbot.store import schema
from copbot.store.base import open_database

DatabaseUrl = Annotated[
    Optional[str],
    typer.Option(help="The database: a SQLite file (sqlite:///copbot.db) or postgresql://…", show_default="from the settings"),
]


def read_settings(database_url: str | None) -> Settings:
    """The settings, with another database where the command line names one."""
    import pydantic

    try:
        settings = Settings()
    except pydantic.ValidationError as problem:
        names = ", ".join(sorted({".".join(str(part) for part in error["loc"]) for error in problem.errors()}))
        stop(f"I cannot read these settings: {names}. config/copbot.toml shows each with its meaning.")
    return settings.model_copy(update={"database_url": database_url}) if database_url else settings


def read_house(
    settings: Settings,
    *,
    chance: random.Random | None = None,
    ask_consent: bool = True,
    demo: bool = False,
    vault: Vault | None = None,
) -> House:
    """The settings as features see them, once it is sure that they can be carried out."""
    from copbot.features import keeping

    store.load()
    house = settings.house(chance=chance or random.Random(), ask_consent=ask_consent, demo=demo)
    house = replace(house, vault=vault or Vault(settings.freespeech_url, settings.freespeech_key_file))
    key = settings.freespeech_key_file
    if key.exists() and key.stat().st_mode & 0o077:
        stop(f"Others can read {key}, the key of parole libre. Take that from them first: chmod 600 {key}")
    try:
        keeping.rules(house)
    except ValueError as problem:
        stop(f"{problem}.")
    return house


@contextlib.contextmanager
def opened(url: str, *, upgrade: bool = True) -> Iterator[sa.Engine]:
    """The database, alone where it is a file, at the version this copbot needs."""
    with contextlib.ExitStack() as stack:
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() == "sqlite" and parsed.database:
                stack.enter_context(FileLock(f"{parsed.database}.lock", timeout=0))
            database = open_database(parsed)
            stack.callback(database.dispose)
            if upgrade:
                schema.upgrade(database)
        except Timeout:
            stop(f"Another copbot is using {shown(url)}. Stop it first, or give this one its own file with --database-url.")
        except (sa.exc.ArgumentError, sa.exc.OperationalError, OSError) as problem:
            stop(f"I cannot open the database {shown(url)} ({type(problem).__name__}). Is database_url right?")
        yield database


def shown(url: str) -> str:
    """The database without its password; a file as its path."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return parsed.render_as_string(hide_password=True)
    return str(parsed.database) if str(parsed.database).startswith("/") else f"./{parsed.database}"


def stop(sentence: str) -> Never:
    """Say it on standard error and end with a failure."""
    typer.echo(sentence, err=True)
    sys.exit(1)
