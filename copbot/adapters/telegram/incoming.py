"""What Telegram hands over, in copbot's words: one raw update in, what happened out. Pure; malformed updates raise."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import structlog

from copbot.adapters.telegram.files import files
from copbot.vocabulary import Chose, Edited, Incoming, Joined, Left, Moved, Person, Place, Quoted, Reacted, Said

log = structlog.get_logger()

PLATFORM = "telegram"

T = TypeVar("T")

Raw = dict[str, Any]

#: Accounts behind which nobody can be told: anonymous administrators, those who write as a channel, Telegram itself.
NOBODY = frozenset({1087968824, 136817688, 777000})

_INSIDE = frozenset({"creator", "administrator", "member"})


@dataclass(frozen=True)
class Me:
    """Copbot's own account."""

    id: int
    username: str
    _mention: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pattern = re.compile(rf"(?<!\w)@{re.escape(self.username)}(?!\w)", re.IGNORECASE)
        object.__setattr__(self, "_mention", pattern)

    def addressed(self, text: str) -> tuple[str, bool]:
        """The text without copbot's name where it begins with it, and whether it was named."""
        if "@" not in text or not self._mention.search(text):
            return text, False
        first = self._mention.match(text.lstrip())
        return (text.lstrip()[first.end() :].lstrip(" ,:;\n") if first else text), True


def to_incoming(update: Raw, me: Me) -> list[Incoming]:
    """What this update says that happened; nothing where it is not for copbot. Raises ValueError, TypeError or KeyError."""
    kind = kind_of(update)
    return _KINDS[kind](str(_number(update["update_id"])), update[kind], me) if kind in _KINDS else []


def to_album(updates: Sequence[Raw], me: Me) -> list[Incoming]:
    """The parts of an album, as the one message that they are."""
    parts = [event for update in updates for event in to_incoming(update, me) if isinstance(event, Said)]
    if not parts:
        return []
    words = next((part for part in parts if part.text), parts[0])
    every = tuple(file for part in parts for file in part.files)
    return [replace(parts[0], text=words.text, mentioned=words.mentioned, files=every)]


def safely(read: Callable[..., T], update: Any, *more: Any) -> T | None:
    """What is read of an update, or of several; of one that cannot be read, its kind for the log and nothing else."""
    try:
        return read(update, *more)
    except Exception as problem:
        kind = kind_of(update if isinstance(update, dict) else update[0])
        log.error("update set aside", platform=PLATFORM, reason=kind, error=type(problem).__name__)
        return None


def kind_of(update: Raw) -> str:
    """What kind of update it is, by Telegram's own name; "unknown" for all that was not asked for."""
    return next((kind for kind in ALLOWED if kind in update), "unknown")


def album_of(update: Raw) -> tuple[int, str] | None:
    """Which album it is a part of: the chat and the album's id."""
    message = update.get("message")
    if not isinstance(message, dict) or "media_group_id" not in message:
        return None
    return _number(message["chat"]["id"]), _text(message["media_group_id"])


def is_history(update: Raw, start: int) -> bool:
    """Whether somebody said or did this before `start`, in seconds since 1970. Who came and went counts whenever it was."""
    kind = kind_of(update)
    content = update.get(kind)
    if kind in ("my_chat_member", "chat_member", "unknown") or not isinstance(content, dict) or _LASTING & content.keys():
        return False
    date = content.get("date", 0)
    return isinstance(date, int) and date < start


_LASTING = frozenset({"migrate_to_chat_id", "migrate_from_chat_id", "new_chat_members", "left_chat_member"})


# What somebody wrote


def _message(event: str, message: Raw, me: Me) -> list[Incoming]:
    place = _place(message)
    if place is None:
        return []
    if service := _service(event, message, place.room):
        return service
    person = _author(message)
    text, mentioned = _words(message, me)
    kept = files(message)
    if person is None or text is None or not (text or kept):
        return []
    return [
        Said(
            event=event,
            place=place,
            person=person,
            message=str(_number(message["message_id"])) if message.get("message_id") else _ephemeral(message),
            text=text,
            reply_to=_quoted(message),
            mentioned=mentioned,
            files=kept,
            forwarded="forward_origin" in message or "forward_date" in message,
        )
    ]


def _edited(event: str, message: Raw, me: Me) -> list[Incoming]:
    place, person = _place(message), _author(message)
    text, _mentioned = _words(message, me)
    if place is None or person is None or not text or "forward_origin" in message:
        return []
    return [Edited(event, place, person, str(_number(message["message_id"])), text)]


def _words(message: Raw, me: Me) -> tuple[str | None, bool]:
    """The text or caption without copbot's name, and whether it was named; None for another bot's command."""
    text, mentioned = me.addressed(_text(message.get("text") or message.get("caption") or ""))
    command = _COMMAND.match(text)
    if not command:
        return text, mentioned
    if command[2].casefold() != me.username.casefold():
        return None, False
    return command[1] + text[command.end() :], True


#: A command that names the bot it is for.
_COMMAND = re.compile(r"(/[^\s@]+)@(\w+)")


def _author(message: Raw) -> Person | None:
    """Who wrote it; None for channels, anonymous administrators, bots, and what was written through a bot."""
    if "sender_chat" in message or "via_bot" in message or message.get("is_automatic_forward"):
        return None
    return _person(message["from"]) if "from" in message else None


def _quoted(message: Raw) -> Quoted | None:
    """The message answered. In a topic every message answers the one that opened the topic: that is no answer."""
    answered = message.get("reply_to_message")
    if not isinstance(answered, dict) or "forum_topic_created" in answered:
        return None
    if message.get("is_topic_message") and answered.get("message_id") == message.get("message_thread_id"):
        return None
    author = answered.get("from") if "sender_chat" not in answered else None
    text = _text(answered.get("text") or answered.get("caption") or "")
    number = str(_number(answered["message_id"])) if answered.get("message_id") else _ephemeral(answered)
    return Quoted(number, _account(author) if author else None, text)


# Comings and goings


def _service(event: str, message: Raw, room: str) -> list[Incoming]:
    """What Telegram itself writes into a group. Of copbot's own coming and going my_chat_member tells."""
    if "migrate_to_chat_id" in message:
        return [Moved(event, _group(room), _group(str(_number(message["migrate_to_chat_id"]))))]
    if "migrate_from_chat_id" in message:
        return [Moved(event, _group(str(_number(message["migrate_from_chat_id"]))), _group(room))]
    came = [_person(user) for user in message.get("new_chat_members", ())]
    gone = [_person(message["left_chat_member"])] if "left_chat_member" in message else []
    happened: list[Incoming] = [Joined(f"{event}.{n}", _group(room), one) for n, one in enumerate(came) if one]
    return happened + [Left(event, _group(room), one) for one in gone if one]


def _mine(event: str, change: Raw, _me: Me) -> list[Incoming]:
    """Copbot was let into a group or put out of it; somebody opened or closed their private chat with it."""
    place = _place(change)
    before, after = _inside(change["old_chat_member"]), _inside(change["new_chat_member"])
    if place is None or before == after:
        return []
    private = place.kind == "private"
    by = _account(change["from"])
    if after:
        return [Joined(event, place, by, me=not private, title="" if private else _text(change["chat"].get("title", "")))]
    return [Left(event, place, by, me=not private)]


def _theirs(event: str, change: Raw, _me: Me) -> list[Incoming]:
    place, person = _place(change), _person(change["new_chat_member"]["user"])
    before, after = _inside(change["old_chat_member"]), _inside(change["new_chat_member"])
    if place is None or person is None or before == after:
        return []
    return [Joined(event, place, person) if after else Left(event, place, person)]


def _inside(member: Raw) -> bool:
    return member["status"] in _INSIDE or (member["status"] == "restricted" and bool(member.get("is_member")))


# Choices and reactions


def _chose(event: str, query: Raw, _me: Me) -> list[Incoming]:
    """A button was pressed. Messages that are too old, or were sent through an inline query, are none of copbot's."""
    message, person = query.get("message"), _person(query["from"])
    if not isinstance(message, dict) or "data" not in query or person is None:
        return []
    place = _place(message)
    if place is None or ("ephemeral_message_id" not in message and message.get("date", 0) == 0):
        return []
    if "ephemeral_message_id" in message:
        return [Chose(event, Place(PLATFORM, person.id, "private"), person, _text(query["data"]), _ephemeral(message))]
    return [Chose(event, place, person, _text(query["data"]), str(_number(message["message_id"])))]


def _reacted(event: str, reaction: Raw, _me: Me) -> list[Incoming]:
    """The emoji that were added. What was taken back, anonymous reactions and drawn emoji say nothing."""
    place = _place(reaction)
    person = _person(reaction["user"]) if "user" in reaction else None
    if place is None or person is None:
        return []
    old, new = ([one["emoji"] for one in reaction[key] if one["type"] == "emoji"] for key in ("old_reaction", "new_reaction"))
    quoted = Quoted(str(_number(reaction["message_id"])))
    return [Reacted(f"{event}.{n}", place, person, _text(emoji), quoted) for n, emoji in enumerate(new) if emoji not in old]


# Places and people


def _place(message: Raw) -> Place | None:
    """Where it happened; None for channels. What only one member of a group sees is as private as a private chat."""
    chat = message["chat"]
    if chat["type"] not in ("private", "group", "supergroup"):
        return None
    if "ephemeral_message_id" in message and "from" in message:
        return Place(PLATFORM, str(_number(message["from"]["id"])), "private")
    room = str(_number(chat["id"]))
    if chat["type"] == "private":
        return Place(PLATFORM, room, "private")
    thread = str(_number(message["message_thread_id"])) if message.get("is_topic_message") else ""
    return Place(PLATFORM, room, "group", thread)


def _group(room: str) -> Place:
    return Place(PLATFORM, room, "group")


def _person(user: Raw) -> Person | None:
    """Who that is; None for bots and for accounts that stand for nobody."""
    return None if user.get("is_bot") or user["id"] in NOBODY else _account(user)


def _account(user: Raw) -> Person:
    names = [_text(user[part]) for part in ("first_name", "last_name") if user.get(part)]
    return Person(PLATFORM, str(_number(user["id"])), " ".join(names) or _text(user.get("username", "")))


def _ephemeral(message: Raw) -> str:
    """The id of a message that only one member of a group sees: it is known by the group as well."""
    return f"{_number(message['chat']['id'])}/{_number(message['ephemeral_message_id'])}"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


_KINDS: dict[str, Callable[[str, Raw, Me], list[Incoming]]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _chose,
    "message_reaction": _reacted,
    "my_chat_member": _mine,
    "chat_member": _theirs,
}

#: What Telegram is asked to hand over; some of it comes only if it is asked for by name.
ALLOWED = [*_KINDS, "poll", "poll_answer"]
