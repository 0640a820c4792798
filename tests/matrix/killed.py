"""A copbot on Matrix to be killed: the real adapter; it counts what it is told to, and says on standard output that it sent."""

import asyncio
import os
import sys
from pathlib import Path

from copbot import logs
from copbot.adapters.matrix import Account, Matrix
from copbot.app import App, serve
from copbot.core.house import House
from copbot.store.base import open_database
from copbot.vocabulary import Outgoing
from tests import crashing  # for its command, /count


class Telling(Matrix):
    """Says so each time that something was sent."""

    async def send(self, outgoing: Outgoing) -> str:
        event = await super().send(outgoing)
        os.write(sys.stdout.fileno(), b"sent\n")
        return event


async def work(folder: Path) -> None:
    database = open_database(f"sqlite:///{folder}/copbot.db")
    matrix = Telling(Account.read(folder / "account.json"), store=folder / "keys.db")
    await serve(App(database, House(ask_consent=False), [matrix]))


def lives(folder: Path) -> None:
    """One life for each line of standard input, each a process; its number is printed, and when it ended, that it did."""
    for _line in sys.stdin:
        life = os.fork()
        if life == 0:
            asyncio.run(work(folder))
            os._exit(0)
        os.write(sys.stdout.fileno(), b"%d\n" % life)
        os.waitpid(life, 0)
        os.write(sys.stdout.fileno(), b"ended\n")


if __name__ == "__main__":
    assert crashing.count
    logs.set_up()
    lives(Path(sys.argv[1]))
