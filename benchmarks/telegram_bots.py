"""The bots that are measured, each in a process of its own: `python -m benchmarks.telegram_bots NAME BASE_URL FOLDER`."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

from tests.telegram import TOKEN

#: What copbot must know besides: whether it keeps to Telegram's limits, which a server of one's own does not have.
PACED = "copbot paced"


def ptb(base_url: str, *, at_once: bool) -> None:
    """python-telegram-bot as it comes, one update after another or 32 at once."""
    from telegram import Update
    from telegram.ext import Application, MessageHandler, filters

    async def echo(update: Update, _context: Any) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    builder = Application.builder().token(TOKEN).base_url(base_url)
    if at_once:
        builder = builder.concurrent_updates(32).connection_pool_size(64).pool_timeout(30)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


def aiogram(base_url: str) -> None:
    """Aiogram 3 as it comes."""
    from aiogram import Bot, Dispatcher, F
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    dispatcher = Dispatcher()

    @dispatcher.message(F.text)
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    async def run() -> None:
        server = TelegramAPIServer.from_base(base_url.removesuffix("/bot"))
        await dispatcher.start_polling(Bot(TOKEN, session=AiohttpSession(api=server)))

    asyncio.run(run())


def telebot(base_url: str) -> None:
    """PyTelegramBotAPI's asynchronous bot as it comes."""
    from telebot import asyncio_helper
    from telebot.async_telebot import AsyncTeleBot
    from telebot.types import Message

    asyncio_helper.API_URL = base_url + "{0}/{1}"
    bot = AsyncTeleBot(TOKEN)

    @bot.message_handler(content_types=["text"])
    async def echo(message: Message) -> None:
        await bot.send_message(message.chat.id, message.text)

    asyncio.run(bot.infinity_polling(timeout=20))


def copbot(base_url: str, folder: Path, *, paced: bool) -> None:
    """Copbot with its whole house: every message understood, kept durably and answered from the outbox."""
    from copbot import handlers, jobs, logs
    from copbot.adapters.telegram import Telegram
    from copbot.app import App, serve
    from copbot.core.house import House
    from copbot.store import schema
    from copbot.store.base import open_database

    logs.set_up()
    handlers.load()
    jobs.load()
    adapter = Telegram(TOKEN, base_url=base_url, base_file_url=base_url.replace("/bot", "/file/bot"))
    if not paced:
        adapter.pace = None
    database = open_database(f"sqlite:///{folder / 'copbot.db'}")
    schema.upgrade(database)
    house = House(ask_consent=False, open_to_all=True, language="en")
    asyncio.run(serve(App(database, house, [adapter])))


def main(name: str, base_url: str, folder: str) -> None:
    """Run one of them until it is stopped."""
    logging.getLogger().setLevel(logging.ERROR)
    match name:
        case "PTB":
            ptb(base_url, at_once=False)
        case "PTB, 32 at once":
            ptb(base_url, at_once=True)
        case "aiogram":
            aiogram(base_url)
        case "telebot":
            telebot(base_url)
        case _:
            copbot(base_url, Path(folder), paced=name == PACED)


if __name__ == "__main__":
    main(*sys.argv[1:4])
