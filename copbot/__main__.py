"""The command line: how a person starts copbot, plays with it and looks after it."""

import contextlib
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Never, Optional

import sqlalchemy as sa
import typer
from filelock import FileLock, Timeout
from sqlalchemy.engine import make_url

from copbot import handlers, jobs, logs
from copbot.settings import Settings
from copbot.store import schema
from copbot.store.base import open_database

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
db = typer.Typer(no_args_is_help=True, help="Bring the database to another version.")
app.add_typer(db, name="db")

DatabaseUrl = Annotated[
    Optional[str],
    typer.Option(help="The database: a SQLite file (sqlite:///copbot.db) or postgresql://…", show_default="from the settings"),
]

#: When scripts begin unless they say so: their output must not depend on the day.
_SCRIPT_BEGINS = "2026-03-02T09:00"


def main() -> None:
    """Run the command line."""
    logs.set_up(verbose=bool(os.environ.get("COPBOT_VERBOSE")))
    app()


@app.command()
def run(database_url: DatabaseUrl = None) -> None:
    """Start copbot. With no platform connected it opens the terminal chat."""
    settings = _settings(database_url)
    typer.echo(f"No platform is connected, so this is the terminal chat, kept in {_shown(settings.database_url)}.")
    typer.echo("To connect Telegram or Matrix: «Connecting» in README.md. To begin, write: alice: /help")
    _talk_live(settings, _language(), settings.zone, ask_consent=False)


@app.command()
def chat(
    script: Annotated[Optional[str], typer.Option(help="Play the lines of this file (- is the standard input).")] = None,
    at: Annotated[Optional[str], typer.Option(help="Move the clock by hand, from this time: 2026-03-02T09:00.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of the demonstration community.")] = "Europe/Paris",
    lang: Annotated[Optional[str], typer.Option(help="Its language: fr or en.", show_default="that of the machine")] = None,
    database_url: DatabaseUrl = None,
    files: Annotated[Optional[Path], typer.Option(help="Folder for the files that copbot sends.")] = None,
    ask_consent: Annotated[bool, typer.Option("--ask-consent", help="Ask newcomers for their consent.")] = False,
) -> None:
    """Talk with copbot in the terminal, as one person or as a whole group.

    alice: hello (in the group) · alice@bot: /help (in private) · alice^3: thanks (answers message 3) · alice!3: 📌 (reacts) ·
    alice~3: other words (edits) · wait 7d, wait until 2026-03-09T09:00 (with --at) · as alice, in private, in group.
    """
    if lang not in (None, "en", "fr"):
        _stop("I speak French and English: --lang fr or --lang en.")
    language = lang or _language()
    if script is None and at is None:
        _talk_live(_settings(database_url), language, zone, ask_consent=ask_consent, files=files)
    else:
        _rehearse(script, at, language, zone, database_url, ask_consent=ask_consent, files=files)


@app.command()
def check(database_url: DatabaseUrl = None) -> None:
    """Read the configuration, open the database, and say what is missing."""
    settings = _settings(database_url)
    typer.echo("Configuration: read.")
    with _database(settings.database_url) as database:
        version = schema.current(database)
        typer.echo(f"Database {_shown(settings.database_url)}: opened, version {version}.")
    for name, purpose in (("controller", "who is responsible for people's data"), ("contact", "where people write about it")):
        if not getattr(settings, name):
            typer.echo(f"Missing: {name} ({purpose}). Set it in copbot.toml, or as COPBOT_{name.upper()}.")
    typer.echo("Platforms: none connected. copbot run opens the terminal chat.")


@app.command()
def commands() -> None:
    """Print the table of commands."""
    from copbot.core.table import markdown

    handlers.load()
    typer.echo(markdown("en"))


@app.command()
def invite(
    days: Annotated[int, typer.Option(help="For how many days the code works.")] = 7, database_url: DatabaseUrl = None
) -> None:
    """Make a one-time code that lets copbot into a group."""
    from copbot.engine import perform
    from copbot.store import invitations

    with _database(_settings(database_url).database_url) as database:
        code = perform(database, [lambda tx: invitations.invite(tx, _now(), days)])[0][0]
    typer.echo(f"Bring copbot into the group, then write there: /open {code}")


@db.command()
def upgrade(database_url: DatabaseUrl = None, to: Annotated[str, typer.Argument(help="The version.")] = "head") -> None:
    """Bring the database forward, by default to the newest version."""
    with _database(_settings(database_url).database_url, upgrade=False) as database:
        schema.upgrade(database, to)
        typer.echo(f"The database is at version {schema.current(database)}.")


@db.command()
def downgrade(
    to: Annotated[str, typer.Argument(help="The version, or base for empty.")], database_url: DatabaseUrl = None
) -> None:
    """Bring the database back to an earlier version."""
    with _database(_settings(database_url).database_url, upgrade=False) as database:
        schema.downgrade(database, to)
        typer.echo(f"The database is at version {schema.current(database) or 'base'}.")


@db.command()
def current(database_url: DatabaseUrl = None) -> None:
    """Say which version the database is at."""
    with _database(_settings(database_url).database_url, upgrade=False) as database:
        typer.echo(f"The database is at version {schema.current(database) or 'base'}; this copbot needs {schema.newest()}.")


def _talk_live(settings: Settings, language: str, zone: str, *, ask_consent: bool, files: Path | None = None) -> None:
    import asyncio

    from copbot.terminal import talk

    _load()
    house = settings.house(chance=random.Random(), ask_consent=ask_consent)
    with _database(settings.database_url) as database:
        asyncio.run(talk(database, house, language=language, zone=zone, files=files))


def _rehearse(
    script: str | None, at: str | None, language: str, zone: str, url: str | None, *, ask_consent: bool, files: Path | None
) -> None:
    from copbot.terminal import play

    _load()
    house = _settings(url).house(chance=random.Random(0), ask_consent=ask_consent)
    with contextlib.ExitStack() as stack:
        url = url or f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/copbot.db"
        database = stack.enter_context(_database(url))
        begins = _moment(at or _SCRIPT_BEGINS, zone)
        clean = play(database, house, script, begins, may_wait=at is not None, language=language, zone=zone, files=files)
    raise typer.Exit(0 if clean else 1)


def _load() -> None:
    handlers.load()
    jobs.load()


def _moment(at: str, zone: str) -> datetime:
    from copbot.rehearsal import parse_start

    try:
        return parse_start(at, zone)
    except ValueError:
        _stop("Write the time like this: --at 2026-03-02T09:00, and the zone like this: --zone Europe/Paris")


@contextlib.contextmanager
def _database(url: str, *, upgrade: bool = True) -> Iterator[sa.Engine]:
    """Open the database, alone where it is a file, at the version this copbot needs."""
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
            _stop(f"Another copbot is using {_shown(url)}. Stop it first, or give this one its own file with --database-url.")
        except (sa.exc.ArgumentError, sa.exc.OperationalError, OSError) as problem:
            _stop(
                f"I cannot open the database {_shown(url)} ({type(problem).__name__}). See database_url in config/copbot.toml."
            )
        yield database


def _settings(database_url: str | None) -> Settings:
    import pydantic

    try:
        settings = Settings()
        return settings.model_copy(update={"database_url": database_url}) if database_url else settings
    except pydantic.ValidationError as problem:
        names = ", ".join(sorted({".".join(str(part) for part in error["loc"]) for error in problem.errors()}))
        _stop(f"I cannot read these settings: {names}. config/copbot.toml shows each with its meaning.")


def _shown(url: str) -> str:
    """The database without its password; a file as its path."""
    parsed = make_url(url)
    return f"./{parsed.database}" if parsed.get_backend_name() == "sqlite" else parsed.render_as_string(hide_password=True)


def _language() -> str:
    """The language of the machine, if copbot speaks it."""
    return "fr" if (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("fr") else "en"


def _now() -> datetime:
    return datetime.now(UTC)


def _stop(sentence: str) -> Never:
    typer.echo(sentence, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
