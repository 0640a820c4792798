"""A copbot on Matrix to be killed: the real adapter; it counts what it is told to, and says on standard output that it sent."""

import asyncio
import os
import sys
from pathlib import Path

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


if __name__ == "__main__":
    assert crashing.count
    asyncio.run(work(Path(sys.argv[1])))
