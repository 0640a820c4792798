"""copbot, a companion for communities of practice."""

import contextlib
import os
import random
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

from copbot import handlers, jobs, keys, logs, upkeep
from copbot.connect import connect
from copbot.connected import connected
from copbot.opening import DatabaseUrl, opened, read_house, read_settings, shown, stop
from copbot.settings import Settings
from copbot.vocabulary import Adapter

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

#: When scripts begin unless they say so: their output must not depend on the day.
_SCRIPT_BEGINS = "2026-03-02T09:00"

Language = Annotated[Optional[str], typer.Option(help="Its language: fr or en.", show_default="that of the machine")]
Files = Annotated[Optional[Path], typer.Option(help="Folder for the files that copbot sends.")]


def main() -> None:
    """Run the command line."""
    logs.set_up(verbose=bool(os.environ.get("COPBOT_VERBOSE")))
    app()


@app.command()
def run(database_url: DatabaseUrl = None) -> None:
    """Start copbot. With no platform connected it opens the terminal chat."""
    settings = read_settings(database_url)
    if adapters := _connected(settings):
        _serve(settings, adapters)
        return
    typer.echo(
        f"No platform is connected, so this is the terminal chat, kept in {shown(settings.database_url)}. "
        "To connect Telegram or Matrix: «Connecting» in README.md. To begin, write: alice: /help"
    )
    _talk(database_url, _language(), settings.zone, ask_consent=False, files=None)


def _connected(settings: Settings) -> list[Adapter]:
    try:
        return connected(settings)
    except ValueError as problem:
        stop(str(problem))


def _serve(settings: Settings, adapters: list[Adapter]) -> None:
    import asyncio

    from copbot.app import App, serve

    _load()
    house = read_house(settings)
    with opened(settings.database_url) as database:
        typer.echo(f"copbot is at work on {' and '.join(adapter.platform for adapter in adapters)}.")
        asyncio.run(serve(App(database, house, adapters)))


@app.command()
def chat(
    script: Annotated[Optional[str], typer.Option(help="Play the lines of this file (- is the standard input).")] = None,
    at: Annotated[Optional[str], typer.Option(help="Move the clock by hand, from this time: 2026-03-02T09:00.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of the demonstration community.")] = "Europe/Paris",
    lang: Language = None,
    database_url: DatabaseUrl = None,
    files: Files = None,
    ask_consent: Annotated[bool, typer.Option("--ask-consent", help="Ask newcomers for their consent.")] = False,
) -> None:
    """Talk with copbot in the terminal, as one person or as a whole group.

    alice: hello (in the group) · alice@bot: /help (in private) · alice#meals: /help (in a topic of the group) ·
    alice^3: thanks (answers message 3) · alice!3: 📌 (reacts) · alice~3: other words (edits; without words: deletes) ·
    alice@bot+snack.jpg+song.mp3=25MB: words (with files) · alice@bot>: words (forwarded) · alice joins, leaves,
    is facilitator · alice closes private chat, opens private chat, has no private chat · wait 7d,
    wait until 2026-03-09T09:00 (with --at) · as alice, in private, in group.
    """
    if lang not in (None, "en", "fr"):
        stop("I speak French and English: --lang fr or --lang en.")
    language = lang or _language()
    if script is None and at is None:
        _talk(database_url, language, zone, ask_consent=ask_consent, files=files)
    else:
        _play(script, at, language, zone, database_url, ask_consent=ask_consent, files=files)


def _talk(url: str | None, language: str, zone: str, *, ask_consent: bool, files: Path | None) -> None:
    import asyncio

    from copbot.terminal import talk

    _load()
    settings = read_settings(url)
    house = read_house(settings, ask_consent=ask_consent, demo=True)
    with opened(settings.database_url) as database:
        asyncio.run(talk(database, house, language=language, zone=zone, files=files))


def _play(
    script: str | None, at: str | None, language: str, zone: str, url: str | None, *, ask_consent: bool, files: Path | None
) -> None:
    """Play on a clock moved by hand, by default on a database that is gone afterwards."""
    from copbot.core.sealing import Keyring
    from copbot.features.parole.vault import Vault
    from copbot.terminal import play

    _load()
    with contextlib.ExitStack() as stack:
        settings, vault = read_settings(url), None
        if not url:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url, vault = f"sqlite:///{folder}/copbot.db", Vault("sqlite://", Keyring.fresh())
        house = read_house(settings, chance=random.Random(0), ask_consent=ask_consent, demo=True, vault=vault)
        database = stack.enter_context(opened(url))
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
    except (ValueError, OSError):
        stop("Write the time like this: --at 2026-03-02T09:00, and the zone like this: --zone Europe/Paris")


def _language() -> str:
    """The language of the machine, if copbot speaks it."""
    return "fr" if (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("fr") else "en"


app.add_typer(upkeep.app)
app.add_typer(keys.app, name="keys")
app.add_typer(connect, name="connect")

if __name__ == "__main__":
    main()
