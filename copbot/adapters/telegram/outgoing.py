"""What copbot says, in Telegram's words: how much fits in one message, and the request that says it. Pure."""

import re
from dataclasses import replace
from typing import Any, Literal

from telegram import InputFile

from copbot.adapters.telegram.files import parted
from copbot.vocabulary import Attachment, Choice, Outgoing, Place

#: So many UTF-16 units fit in a message, and under a file.
MOST_TEXT = 4096
MOST_CAPTION = 1024

#: So many bytes come back from a button, and so many buttons stand under a message.
_MOST_DATA = 64
_MOST_BUTTONS = 100

#: A label of so many characters can be read on a button; with a longer one, all buttons bear their numbers alone.
_LABEL = 32
_SHORT_LABEL = 12
_IN_A_ROW = 5

#: An @ at the beginning of a word calls somebody; with a word joiner behind it, it does not.
_CALL = re.compile(r"(?<!\w)@(?=\w)")


def divide(outgoing: Outgoing) -> tuple[Outgoing, Outgoing | None]:
    """What fits in one message, cut at a line's end, and what is left to be said after it."""
    most = MOST_CAPTION if outgoing.attachment else MOST_TEXT
    if outgoing.act != "say" or _surely_fits(outgoing, most) or units(written(outgoing)) <= most:
        return outgoing, None
    head, tail = _cut(outgoing.text, most)
    first = replace(outgoing, text=head, choices=(), prompts=False, leave=False)
    return first, replace(outgoing, text=tail, attachment=None, reply_to="")


def _surely_fits(outgoing: Outgoing, most: int) -> bool:
    """Whether it fits however its letters are counted: a letter has two units at most, a line for a choice five of its own."""
    return 2 * len(outgoing.text) + sum(2 * len(choice.label) + 5 for choice in outgoing.choices) <= most


def written(outgoing: Outgoing) -> str:
    """The words as they are sent: choices numbered, nobody called by them."""
    lines = _listed(outgoing.choices)
    return _CALL.sub("@\u2060", "\n".join([outgoing.text, *lines] if outgoing.text else lines))


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def request(outgoing: Outgoing, chat: int | str) -> tuple[str, dict[str, Any]]:
    """The method and its parameters that say this, which fits in one message, in this chat."""
    text = written(outgoing)
    method, content = _attached(outgoing.attachment) if outgoing.attachment else ("sendMessage", {})
    parameters: dict[str, Any] = {"chat_id": chat, **content}
    if text:
        parameters["caption" if content else "text"] = text
    if not content:
        parameters["link_preview_options"] = _NO_PREVIEW
    if isinstance(outgoing.to, Place) and outgoing.to.thread:
        parameters["message_thread_id"] = int(outgoing.to.thread)
    if outgoing.reply_to.isdecimal():
        parameters["reply_parameters"] = {"message_id": int(outgoing.reply_to), "allow_sending_without_reply": True}
    if outgoing.confidential:
        parameters["protect_content"] = True
    if markup := _markup(outgoing):
        parameters["reply_markup"] = markup
    return method, parameters


#: As it goes over the wire.
_NO_PREVIEW = '{"is_disabled": true}'


def _attached(file: Attachment) -> tuple[str, dict[str, Any]]:
    if file.reference:
        field, file_id = parted(file.reference)
        return f"send{field.title().replace('_', '')}", {field: file_id}
    field = _SHOWN.get(file.media_type, "document")
    return f"send{field.title()}", {field: InputFile(file.content, filename=file.name)}


#: What Telegram shows or plays; everything else is a document.
_SHOWN: dict[str, Literal["photo", "voice"]] = {"image/jpeg": "photo", "image/png": "photo", "audio/ogg": "voice"}


def as_document(parameters: dict[str, Any], file: Attachment) -> dict[str, Any]:
    """The same request with its file as a mere document, for what Telegram does not take as a picture or a voice."""
    kept = {name: value for name, value in parameters.items() if name not in _SHOWN.values()}
    return {**kept, "document": InputFile(file.content, filename=file.name)}


def _markup(outgoing: Outgoing) -> dict[str, Any] | None:
    """Buttons; or, where own words are expected in a group, the field for a reply, open for the one who is answered."""
    if rows := _rows(outgoing.choices):
        return {"inline_keyboard": rows}
    if outgoing.prompts and isinstance(outgoing.to, Place) and outgoing.to.kind == "group":
        return {"force_reply": True, "selective": bool(outgoing.reply_to)}
    return None


def _rows(choices: tuple[Choice, ...]) -> list[list[dict[str, str]]]:
    """A button for each choice, with the number it has in the text."""
    longest = max((len(choice.label) if "\n" not in choice.label else _LABEL + 1 for choice in choices), default=0)
    buttons = [
        {"text": f"{number}) {choice.label}" if longest <= _LABEL else str(number), "callback_data": choice.token}
        for number, choice in enumerate(choices[:_MOST_BUTTONS], 1)
        if 0 < len(choice.token.encode()) <= _MOST_DATA
    ]
    in_a_row = 1 if _SHORT_LABEL < longest <= _LABEL else 2 if longest <= _SHORT_LABEL else _IN_A_ROW
    return [buttons[start : start + in_a_row] for start in range(0, len(buttons), in_a_row)]


def _listed(choices: tuple[Choice, ...]) -> list[str]:
    """The choices as lines, cut short where together they would be too long for any message."""
    lines = [f"{number}) {choice.label}" for number, choice in enumerate(choices, 1)]
    if sum(map(units, lines)) + len(lines) <= MOST_TEXT:
        return lines
    most = MOST_TEXT // len(lines) - 1
    return [line if units(line) < most else _start(line, most - 1) + "…" for line in lines]


def _cut(text: str, most: int) -> tuple[str, str]:
    """The beginning, whole lines if it has any, else whole words; and the rest."""
    text = _CALL.sub("@\u2060", text).lstrip()
    if units(text) <= most:
        return text, ""
    start = _start(text, most)
    end = next((found for mark in ("\n", " ") if (found := start.rstrip("\n").rfind(mark)) > 0), len(start))
    return text[:end], text[end:].lstrip("\n" if end < len(start) else "")


def _start(text: str, most: int) -> str:
    """The first so many units, no letter cut in two."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")
