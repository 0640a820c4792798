"""`copbot keys`: a listener's own key, made and used on the listener's computer, without any server."""

import os
from pathlib import Path
from typing import Annotated

import typer

from copbot.core import sealing
from copbot.core.sealing import Unsealable
from copbot.opening import stop

app = typer.Typer(no_args_is_help=True, help="A listener's own key: make one, open a message with it.")

_KEY_FILE = Path("copbot-listener.key")

KeyFile = Annotated[Path, typer.Option("--key", help="The file of the secret key.")]


@app.command()
def new(key: KeyFile = _KEY_FILE) -> None:
    """Make a key: the secret half goes to a file that only you may read, the public half is to be given to copbot."""
    secret, public = sealing.new_identity()
    try:
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        stop(f"{key} is there already, and I never write over a key. Give another name with --key.")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# public key: {public}\n{secret}\n")
    typer.echo(f"The secret key is in {key}. Keep a copy in a safe place: nobody can make it again.")
    typer.echo(f"Write to copbot in private: /listener key {public}")


@app.command()
def open(
    message: Annotated[Path, typer.Argument(help="The file that copbot sent, such as Alouette-2026-03-02.age.")],
    key: KeyFile = _KEY_FILE,
) -> None:
    """Read a message that was sealed to your key. Nothing leaves this computer; age -d -i KEY FILE does the same."""
    try:
        lines = key.read_text(encoding="ascii").splitlines()
        secret = next(line for line in lines if line.startswith("AGE-SECRET-KEY-"))
        typer.echo(sealing.open_with(secret, message.read_bytes()).decode())
    except (OSError, StopIteration, UnicodeDecodeError):
        stop(f"I cannot read {message} or the key in {key}.")
    except Unsealable:
        stop("This message is not for this key.")
