"""From an event of a room, deciphered, to what happened in copbot's words. Pure: nothing is asked, nothing is changed."""

import json
import re
from typing import Any

from copbot.adapters.matrix.rooms import PLATFORM, Room
from copbot.vocabulary import Chose, Edited, Incoming, Joined, Left, Moved, Place, Quoted, Reacted, Received, Removed, Said

Json = dict[str, Any]

#: Where copbot's messages carry the tokens of their choices, so that a reaction can be told from any other after a restart too.
CHOICES = "org.copbot.choices"

POLL_START = ("org.matrix.msc3381.poll.start", "m.poll.start")
POLL_RESPONSE = ("org.matrix.msc3381.poll.response", "m.poll.response")

_FILES = {"m.image": "picture", "m.audio": "audio", "m.video": "video", "m.file": "document"}

#: The keycaps that number choices, one to nine, however the client writes them.
_KEYCAP = re.compile("([1-9])\ufe0f?\u20e3|([1-9])")

#: What stands between a name and what is said to it; in French a space goes before the colon.
_AFTER_A_NAME = " \u00a0\u202f\t\n:,"

_OUT = frozenset({"leave", "ban"})


def keycap(number: int) -> str:
    """The emoji of a number from one to nine."""
    return f"{number}\ufe0f\u20e3"


def about(event: Json) -> str:
    """The id of the event that must be known to understand this one; "" where it speaks for itself."""
    kind, content = event["type"], event["content"]
    if kind == "m.room.redaction":
        return _text(content.get("redacts", event.get("redacts", "")))
    relation = content.get("m.relates_to")
    if not isinstance(relation, dict):
        return ""
    if kind == "m.reaction" or relation.get("rel_type") == "m.replace":
        return _text(relation["event_id"])
    return _answered(relation) if kind == "m.room.message" else ""


def to_incoming(event: Json, room: Room, target: Json | None = None) -> Incoming | None:
    """What the event means for copbot; None where it means nothing. `target` is the event it is about, deciphered.

    Raises KeyError, TypeError or ValueError where the event is not as the standard has it.
    """
    if room.is_space:
        return None  # a space is a shelf for rooms: copbot is in it, and listens in the rooms themselves
    if event["type"] == "m.room.member":
        return _member(event, room)
    if event["sender"] == room.me:
        return None
    match event["type"]:
        case "m.room.message":
            return _message(event, room, target)
        case "m.reaction":
            return _reaction(event, room, target)
        case "m.room.redaction":
            return _redaction(event, room, target)
        case kind if kind in POLL_RESPONSE:
            return _vote(event, room)
    return None


# Messages


def _message(event: Json, room: Room, target: Json | None) -> Said | Edited | None:
    content = event["content"]
    if not content:
        return None  # it was removed before copbot came to it
    relation = content.get("m.relates_to", {})
    if relation.get("rel_type") == "m.replace":
        return _edit(event, room, target)
    kind = _text(content["msgtype"])
    if kind not in ("m.text", "m.emote", *_FILES):
        return None  # a notice is another bot's: bots do not answer bots
    files = (_file(content),) if kind in _FILES else ()
    text = _caption(content) if files else _body(content, answers=bool(_answered(relation)))
    return Said(
        event["event_id"],
        room.place(_thread(relation)),
        room.person(event["sender"]),
        event["event_id"],
        without_address(text, room),
        _quoted(_answered(relation), room, target),
        mentions(content, text, room),
        files,
    )


def _edit(event: Json, room: Room, target: Json | None) -> Edited | None:
    """A message rewritten, where it was rewritten by the one who wrote it."""
    if target is None or target["sender"] != event["sender"]:
        return None
    content = event["content"]
    new, relation = content["m.new_content"], content["m.relates_to"]
    if new.get("msgtype") not in ("m.text", "m.emote", *_FILES):
        return None
    text = _caption(new) if new["msgtype"] in _FILES else _body(new, answers=False)
    place = room.place(_thread(target["content"].get("m.relates_to", {})))
    return Edited(
        event["event_id"], place, room.person(event["sender"]), _text(relation["event_id"]), without_address(text, room)
    )


def _body(content: Json, *, answers: bool) -> str:
    """The words, without the copy of the answered message that older clients put before them."""
    body = _text(content["body"])
    if answers and body.startswith("> "):
        lines = body.split("\n")
        while lines and lines[0].startswith(">"):
            lines.pop(0)
        body = "\n".join(lines)
    return body.strip("\n")


def _caption(content: Json) -> str:
    """What is said of a file: its body, where that is not its name."""
    body = _text(content.get("body", ""))
    name = content.get("filename")
    return body if isinstance(name, str) and name != body else ""


def _file(content: Json) -> Received:
    kind = "voice" if "org.matrix.msc3245.voice" in content or "m.voice" in content else _FILES[content["msgtype"]]
    noted = content.get("info")
    info = noted if isinstance(noted, dict) else {}
    locked = content.get("file")
    held = {"file": locked, "url": locked["url"]} if isinstance(locked, dict) else {"url": content["url"]}
    reference = {"kind": kind, **held}
    _text(reference["url"])
    size, media_type, name = info.get("size", 0), info.get("mimetype", ""), content.get("filename", content.get("body", ""))
    return Received(
        kind,  # type: ignore[arg-type]
        json.dumps(reference, separators=(",", ":"), sort_keys=True),
        name if isinstance(name, str) else "",
        media_type if isinstance(media_type, str) else "",
        size if isinstance(size, int) and size > 0 else 0,
    )


def _thread(relation: Json) -> str:
    return _text(relation["event_id"]) if relation.get("rel_type") == "m.thread" else ""


def _answered(relation: Json) -> str:
    """The message that is answered. In a thread, clients name the last one for those who know no threads: that is no answer."""
    answered = relation.get("m.in_reply_to")
    if not isinstance(answered, dict) or (relation.get("rel_type") == "m.thread" and relation.get("is_falling_back")):
        return ""
    return _text(answered["event_id"])


def _quoted(message: str, room: Room, target: Json | None) -> Quoted | None:
    if not message:
        return None
    if target is None:
        return Quoted(message)
    return Quoted(message, room.person(target["sender"]), spoken(target), shown(target))


def shown(event: Json) -> tuple[Received, ...]:
    """The files of a message."""
    content = event.get("content")
    if event.get("type") != "m.room.message" or not isinstance(content, dict) or content.get("msgtype") not in _FILES:
        return ()
    return (_file(content),)


def rewritten(event: Json, edit: Json) -> Json:
    """The message with the words of its edit, in the relation it had."""
    new = edit["content"].get("m.new_content")
    if not isinstance(new, dict):
        return event
    relation = event["content"].get("m.relates_to")
    return {**event, "content": new | ({"m.relates_to": relation} if relation else {})}


def spoken(event: Json) -> str:
    """The words of a message; "" where it has none, or where they were removed."""
    content = event.get("content")
    if event.get("type") != "m.room.message" or not isinstance(content, dict) or not isinstance(content.get("body"), str):
        return ""
    if content.get("msgtype") in _FILES:
        return _caption(content)
    return _body(content, answers="m.in_reply_to" in content.get("m.relates_to", {}))


# Being spoken to


def mentions(content: Json, text: str, room: Room) -> bool:
    """Tell whether copbot is named: as clients note it, or at the beginning of the words."""
    noted = content.get("m.mentions")
    users = noted.get("user_ids") if isinstance(noted, dict) else None
    return (isinstance(users, list) and room.me in users) or without_address(text, room) != text


def without_address(text: str, room: Room) -> str:
    """The words after copbot's name, where they begin with it: "copbot: /help", "@copbot:example.org help"."""
    local = room.me.removeprefix("@").partition(":")[0]
    for name in (room.me, room.names.get(room.me, ""), local):
        for written in (f"@{name}", name):
            if name and text[: len(written)].casefold() == written.casefold():
                rest = text[len(written) :]
                if not rest or rest[0] in _AFTER_A_NAME:
                    return rest.lstrip(_AFTER_A_NAME)
    return text


# What is done to messages


def _reaction(event: Json, room: Room, target: Json | None) -> Chose | Reacted | None:
    relation = event["content"]["m.relates_to"]
    message, key = _text(relation["event_id"]), _text(relation["key"])
    if target is None:
        return None
    person = room.person(event["sender"])
    place = room.place(_thread(target["content"].get("m.relates_to", {})))
    if target["sender"] == room.me and (token := _chosen(target["content"], key)):
        return Chose(event["event_id"], place, person, token, message)
    quoted = Quoted(message, room.person(target["sender"]), spoken(target), shown(target))
    return Reacted(event["event_id"], place, person, key[:40], quoted)


def _chosen(content: Json, key: str) -> str:
    tokens, match = content.get(CHOICES), _KEYCAP.fullmatch(key)
    if not match or not isinstance(tokens, list):
        return ""
    number = int(match[1] or match[2])
    return _text(tokens[number - 1]) if number <= len(tokens) else ""


def _redaction(event: Json, room: Room, target: Json | None) -> Removed | None:
    if target is None or target["sender"] == room.me:
        return None
    return Removed(event["event_id"], room.place(), room.person(target["sender"]), about(event))


def _vote(event: Json, room: Room) -> Chose | None:
    content = event["content"]
    relation = content["m.relates_to"]
    cast = content.get("org.matrix.msc3381.poll.response", content)
    answers = cast.get("answers", content.get("m.selections", cast.get("m.selections")))
    if relation.get("rel_type") != "m.reference" or not answers:
        return None
    message = _text(relation["event_id"])
    return Chose(event["event_id"], room.place(), room.person(event["sender"]), _text(answers[0]), message)


# Comings and goings


def _member(event: Json, room: Room) -> Incoming | None:
    user, now, before = event["state_key"], event["content"].get("membership"), membership_before(event)
    if now == "join" and before != "join":
        return _joined(event, room, user)
    if now in _OUT and (before == "join" or (before == "invite" and room.partner)):
        return _left(event, room, user)
    return None


def _joined(event: Json, room: Room, user: str) -> Joined | Moved | None:
    if user != room.me:
        return Joined(event["event_id"], room.place(), room.person(user))
    if room.partner:
        return None if room.founder == room.me else Joined(event["event_id"], room.place(), room.person(room.partner))
    if room.founder == room.me:
        return None  # copbot opens private chats alone
    if room.follows:
        return Moved(event["event_id"], Place(PLATFORM, room.follows, "group"), room.place())
    host = event.get("unsigned", {}).get("prev_sender") or event["sender"]
    return Joined(event["event_id"], room.place(), room.person(host), me=True, title=room.title)


def _left(event: Json, room: Room, user: str) -> Left | None:
    if user == room.me:
        if room.partner or room.successor:
            return None  # a private chat is the person's to close; where a room was replaced, copbot is in the other
        return Left(event["event_id"], room.place(), room.person(event["sender"]), me=True)
    if room.partner and room.partner != user:
        return None
    return Left(event["event_id"], room.place(), room.person(user))


def membership_before(event: Json) -> str:
    """What somebody was in the room before this event of membership."""
    before = event.get("unsigned", {}).get("prev_content")
    return _text(before.get("membership", "leave")) if isinstance(before, dict) else "leave"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
