"""How copbot introduces itself on Telegram: the menus of commands beside the field for writing, and who it is."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import Any

import structlog
from telegram.error import BadRequest, TelegramError

from copbot.adapters.telegram.incoming import PLATFORM
from copbot.adapters.telegram.request import Api
from copbot.vocabulary import Audience, Menu

log = structlog.get_logger()

_SCOPES: dict[Audience, str] = {
    "private": "all_private_chats",
    "group": "all_group_chats",
    "facilitators": "all_chat_administrators",
}

_NAME = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)
_MOST_COMMANDS = 100
_MOST_LETTERS = 256

#: Shown on copbot's profile, and in a chat that has not begun.
_SHORT = {
    "en": "A companion for communities of practice: it asks, remembers, reminds and keeps what people share.",
    "fr": "Accompagne les communautés de pratique : demande, se souvient, rappelle et garde ce que l’on partage.",
}
_LONG = {
    "en": (
        "I accompany communities of practice: I ask what you tried since last time, keep what you share, and remind without "
        "nagging.\nPress Start, then write /help. What I keep, who reads it, your rights: /privacy"
    ),
    "fr": (
        "J’accompagne les communautés de pratique : je demande ce que vous avez essayé depuis la dernière fois, je garde ce "
        "que vous partagez et je rappelle sans insister.\nAppuyez sur Démarrer, puis écrivez /aide. Ce que je garde, qui le "
        "lit, vos droits : /privacy"
    ),
}


async def introduce(api: Api, menus: Sequence[Menu], language: str) -> None:
    """Bring Telegram up to date. Only what differs is written; what is refused is told in the log and holds nothing up.

    `language` is the one of those whose own is not among the menus.
    """
    await asyncio.gather(
        *(_menu(api, menu, code) for menu in menus for code in _codes(menu.language, language)),
        *(_about(api, "ShortDescription", "short_description", _SHORT[code], as_) for code, as_ in _abouts(language)),
        *(_about(api, "Description", "description", _LONG[code], as_) for code, as_ in _abouts(language)),
    )


def _codes(language: str, default: str) -> list[str]:
    return [language, ""] if language == default else [language]


def _abouts(default: str) -> Iterator[tuple[str, str]]:
    return ((language, code) for language in _SHORT for code in _codes(language, default))


async def _menu(api: Api, menu: Menu, code: str) -> None:
    where: dict[str, Any] = {"scope": {"type": _SCOPES[menu.audience]}, "language_code": code}
    wanted = [
        {"command": name, "description": what[:_MOST_LETTERS]} for name, what in menu.entries if _NAME.fullmatch(name) and what
    ][:_MOST_COMMANDS]
    try:
        if await api.call("getMyCommands", **where) != wanted:
            await api.call("setMyCommands", commands=wanted, **where)
    except BadRequest as problem:
        _tell("menu refused", problem)


async def _about(api: Api, name: str, field: str, text: str, code: str) -> None:
    """Say who copbot is, unless whoever runs it has written something there."""
    try:
        if not (await api.call(f"getMy{name}", language_code=code)).get(field):
            wanted: dict[str, Any] = {field: text, "language_code": code}
            await api.call(f"setMy{name}", **wanted)
    except BadRequest as problem:
        _tell("description refused", problem)


def _tell(event: str, problem: TelegramError) -> None:
    log.warning(event, platform=PLATFORM, error=type(problem).__name__)
