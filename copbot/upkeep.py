"""The verbs that look after copbot: is it well, who may let it in, what goes when, which version the database is at."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer

from copbot import handlers
from copbot.connected import described
from copbot.engine import perform
from copbot.opening import DatabaseUrl, opened, read_house, read_settings, shown
from copbot.store import invitations, schema

app = typer.Typer()
db = typer.Typer(no_args_is_help=True, help="Bring the database to another version.")
app.add_typer(db, name="db")


@app.command()
def check(database_url: DatabaseUrl = None) -> None:
    """Read the configuration, open the database, and say what is missing."""
    settings = read_settings(database_url)
    read_house(settings)
    typer.echo("Configuration: read.")
    with opened(settings.database_url) as database:
        typer.echo(f"Database {shown(settings.database_url)}: opened, version {schema.current(database)}.")
    for name, purpose in (("controller", "who is responsible for people's data"), ("contact", "where people write about it")):
        if not getattr(settings, name):
            typer.echo(f"Missing: {name} ({purpose}). Set it in copbot.toml, or as COPBOT_{name.upper()}.")
    for line in described(settings):
        typer.echo(line)


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
    with opened(read_settings(database_url).database_url) as database:
        code = perform(database, [partial(invitations.invite, now=datetime.now(UTC), days=days)])[0][0]
    typer.echo(f"Bring copbot into the group, then write there: /open {code}")


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Erase what has been kept for as long as the configuration says. copbot does so every night by itself."""
    from copbot.features import keeping

    settings = read_settings(database_url)
    house = read_house(settings)
    with opened(settings.database_url) as database:
        work = partial(keeping.purge, now=datetime.now(UTC), house=house, dry_run=dry_run)
        gone: dict[str, int] = perform(database, [work])[0][0]
    for table, count in sorted(gone.items()):
        typer.echo(f"{table}: {count} rows {'would go' if dry_run else 'are gone'}")
    if not gone:
        typer.echo("Nothing has been kept for too long.")


@app.command()
def register() -> None:
    """Print the record of processing activities, made from the schema as it is."""
    from copbot.features import keeping

    typer.echo(keeping.register(read_house(read_settings(None))))


@db.command()
def upgrade(to: Annotated[str, typer.Argument(help="The version.")] = "head", database_url: DatabaseUrl = None) -> None:
    """Bring the database forward, by default to the newest version."""
    with opened(read_settings(database_url).database_url, upgrade=False) as database:
        schema.upgrade(database, to)
        typer.echo(f"The database is at version {schema.current(database)}.")


@db.command()
def downgrade(
    to: Annotated[str, typer.Argument(help="The version, or base for empty.")], database_url: DatabaseUrl = None
) -> None:
    """Bring the database back to an earlier version. What only the newer version keeps is lost."""
    with opened(read_settings(database_url).database_url, upgrade=False) as database:
        schema.downgrade(database, to)
        typer.echo(f"The database is at version {schema.current(database) or 'base'}.")


@db.command()
def current(database_url: DatabaseUrl = None) -> None:
    """Say which version the database is at."""
    with opened(read_settings(database_url).database_url, upgrade=False) as database:
        typer.echo(f"The database is at version {schema.current(database) or 'base'}; this copbot needs {schema.newest()}.")
