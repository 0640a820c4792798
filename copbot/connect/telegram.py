"""`copbot connect telegram`: asks for the token, checks it, keeps it for the owner's eyes alone, says how to invite copbot."""

import asyncio
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copbot.connect import connect
from copbot.opening import read_settings, stop
from copbot.settings import Settings
from copbot.vocabulary import Refused

if TYPE_CHECKING:
    from copbot.adapters.telegram.account import Account

_VARIABLE = "COPBOT_TELEGRAM_TOKEN"

_WHY = {
    "token refused": "Telegram does not know this token. @BotFather shows the right one: /mybots, your bot, API Token.",
    "another reader": "Another program reads this account's messages. Stop it, or give copbot an account of its own.",
}


@connect.command()
def telegram(
    keep: Annotated[
        bool, typer.Option("--keep/--no-keep", help="Keep the token in a file, or only say where to set it.")
    ] = True,
) -> None:
    """Connect the account that @BotFather made: README.md has the six steps.

    The token is asked for, not shown, and can also be piped in.
    """
    from copbot.adapters.telegram.account import is_token

    settings = read_settings(None)
    token = _asked("Token from @BotFather (it is not shown): ")
    if not is_token(token):
        stop("That is not a token. @BotFather gives one like this: 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0")
    account = _examined(token, settings)
    for remark in account.remarks():
        typer.echo(remark)
    if account.told_at and not settings.telegram_webhook_url:
        typer.echo(f"Telegram brings its messages to {account.told_at}; once copbot runs, it fetches them itself.")
    if keep:
        _keep(token, settings.telegram_token_file)
    else:
        typer.echo(f"Set the environment variable {_VARIABLE} to the token where copbot runs.")
    typer.echo(f"To add it to a group: {account.invitation}")
    typer.echo("Then: copbot run, and in the group /open with a code from copbot invite")


def _asked(prompt: str) -> str:
    """What is typed unseen, or the line that is piped in."""
    return (getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()


def _examined(token: str, settings: Settings) -> "Account":
    from telegram.error import TelegramError

    from copbot.adapters.telegram.account import ask_for_account

    try:
        account = asyncio.run(ask_for_account(token, settings.telegram_base_url, alone=True))
    except Refused as refused:
        stop(_WHY[refused.reason])
    except (TelegramError, KeyError, TypeError, AttributeError):
        stop("I cannot reach Telegram. Is this machine online? If it goes through a server of your own: telegram_base_url.")
    typer.echo(f"Telegram knows it: @{account.name}.")
    return account


def _keep(token: str, file: Path) -> None:
    """Into a file that only its owner may read, at once or not at all."""
    draft = file.with_name(f"{file.name}.new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
            opened.write(f"{token}\n")
        draft.replace(file)
    except OSError:
        stop(f"I cannot write {file}. Set the environment variable {_VARIABLE} to the token instead.")
    typer.echo(f"The token is kept in {file}, which only you may read.")
    if os.environ.get(_VARIABLE):
        typer.echo(f"Mind that {_VARIABLE} is set, and goes before that file.")
