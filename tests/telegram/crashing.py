"""A copbot on Telegram to be killed: `python -m tests.telegram.crashing DATABASE_URL BASE_URL BASE_FILE_URL`."""

import asyncio
import sys

from copbot import handlers, jobs, store
from copbot.adapters.telegram import Telegram
from copbot.app import App, serve
from copbot.core.house import House
from copbot.store.base import open_database
from tests import crashing
from tests.telegram import TOKEN

__all__ = ["crashing"]  # its command leaves a row each time it is carried out


def main(url: str, base_url: str, base_file_url: str) -> None:
    """Be at work until killed; the server sets no limits here."""
    for room in (store, handlers, jobs):
        room.load()
    adapter = Telegram(TOKEN, base_url=base_url, base_file_url=base_file_url, pace=None)
    asyncio.run(serve(App(open_database(url), House(ask_consent=False, open_to_all=True, language="en"), [adapter])))


if __name__ == "__main__":
    main(*sys.argv[1:4])
