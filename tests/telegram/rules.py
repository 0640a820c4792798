"""What Telegram takes and what it does not: lengths, entities, keyboards, menus."""

import re
from typing import Any

from tests.telegram.refusals import bad

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024

_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{4,32})?(?![\w/])")
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{4,32}")
_MENU_NAME = re.compile(r"[a-z0-9_]{1,32}")


def units(text: str) -> int:
    """UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def check_text(text: Any) -> str:
    """Not empty, not too long."""
    text = str(text or "").strip()
    if not text:
        raise bad("message text is empty")
    if units(text) > LONGEST_TEXT:
        raise bad("message is too long")
    return text


def check_caption(caption: Any) -> str:
    """Not too long."""
    caption = str(caption or "").strip()
    if units(caption) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return caption


def check_entities(text: str, entities: list[dict[str, Any]]) -> None:
    """Each within the text."""
    for one in entities:
        if one["offset"] < 0 or one["length"] <= 0 or one["offset"] + one["length"] > units(text):
            raise bad("can't parse entities: entity beyond the end of the message text")


def check_parse_mode(text: str, mode: str) -> None:
    """HTML whose tags are opened and closed, of the kinds that Telegram knows."""
    if mode != "HTML":
        raise bad("unsupported parse_mode")
    open_: list[str] = []
    for match in re.finditer(r"<(/?)([a-z-]+)[^>]*>|<", text):
        name = match[2]
        if name not in {"b", "i", "u", "s", "a", "code", "pre", "tg-spoiler", "blockquote"}:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name or ""}" at byte offset {match.start()}')
        if not match[1]:
            open_.append(name)
        elif not open_ or open_.pop() != name:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {match.start()}")
    if open_:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_[-1]}\"")


def check_markup(markup: dict[str, Any] | None) -> None:
    """Buttons with words and with no more data than fits."""
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            if not button.get("text", "").strip():
                raise bad("text buttons are not allowed to be empty")
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
    if len((markup or {}).get("input_field_placeholder", "")) > 64:
        raise bad("INPUT_FIELD_PLACEHOLDER_INVALID")


def check_menu(commands: list[dict[str, str]]) -> None:
    """Names of small letters, a description each, a hundred at most."""
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not _MENU_NAME.fullmatch(one["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def entities(text: str) -> list[dict[str, Any]]:
    """What Telegram marks in what people write: commands and names."""
    found = [("bot_command", match) for match in _COMMAND.finditer(text)]
    inside = {place for _kind, match in found for place in range(match.start(), match.end())}
    found += [("mention", match) for match in _MENTION.finditer(text) if match.start() not in inside]
    return [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
        for kind, match in sorted(found, key=lambda one: one[1].start())
    ]
