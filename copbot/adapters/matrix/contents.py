"""From what copbot says to the contents of events: numbered choices, relations, nobody mentioned, nothing too long."""

from typing import Any

from copbot.adapters.matrix.incoming import CHOICES, POLL_START
from copbot.vocabulary import Attachment, Choice, Outgoing, Person

Json = dict[str, Any]

#: Bytes of words in one event. The limit is 65,536 for all of it, written as JSON, enciphered and in letters.
LONGEST = 16_000


def messages(outgoing: Outgoing) -> list[Json]:
    """The words as contents of m.room.message, one or several; the choices are under the last."""
    numbered = [f"{number}) {choice.label}" for number, choice in enumerate(outgoing.choices, 1)]
    text = "\n".join([outgoing.text, *numbered] if outgoing.text else numbered)
    contents = [_message(outgoing, part) for part in split(text)] if text else []
    if contents and outgoing.choices:
        contents[-1][CHOICES] = [choice.token for choice in outgoing.choices]
    return contents


def _message(outgoing: Outgoing, text: str) -> Json:
    return {"msgtype": _kind(outgoing), "body": text, "m.mentions": {}, **relation(outgoing)}


def _kind(outgoing: Outgoing) -> str:
    """In a group a mere answer is a notice, which no bot answers. Phones stay silent at those: what asks or calls is a text."""
    quiet = not isinstance(outgoing.to, Person) and outgoing.reply_to and not (outgoing.choices or outgoing.prompts)
    return "m.notice" if quiet else "m.text"


def relation(outgoing: Outgoing) -> Json:
    """What the event answers, and the thread it stands in."""
    answered = {"m.in_reply_to": {"event_id": outgoing.reply_to}} if outgoing.reply_to else {}
    thread = "" if isinstance(outgoing.to, Person) else outgoing.to.thread
    if thread:
        falling_back = {"m.in_reply_to": {"event_id": thread}, "is_falling_back": True}
        return {"m.relates_to": {"rel_type": "m.thread", "event_id": thread, **(answered or falling_back)}}
    return {"m.relates_to": answered} if answered else {}


def split(text: str, longest: int = LONGEST) -> list[str]:
    """The text in parts of so many bytes at most, parted where it hurts least."""
    parts = []
    while len(text.encode("utf-8", "replace")) > longest:
        head = text.encode("utf-8", "replace")[:longest].decode("utf-8", "ignore")
        at = max(head.rfind("\n\n"), 0) or max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head)
        parts.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*parts, text] if text else parts


def poll(question: str, choices: tuple[Choice, ...]) -> Json:
    """The choices as a poll, whose answers carry their tokens."""
    fallback = "\n".join([question, *(f"{number}) {choice.label}" for number, choice in enumerate(choices, 1))])
    answers = [{"id": choice.token, "org.matrix.msc1767.text": choice.label} for choice in choices]
    start = {
        "question": {"org.matrix.msc1767.text": question, "body": question, "msgtype": "m.text"},
        "kind": "org.matrix.msc3381.poll.undisclosed",
        "max_selections": 1,
        "answers": answers,
    }
    return {POLL_START[0]: start, "org.matrix.msc1767.text": fallback, "m.mentions": {}}


_MSGTYPES = {
    **dict.fromkeys(("image", "picture"), "m.image"),
    **dict.fromkeys(("audio", "voice"), "m.audio"),
    "video": "m.video",
}


def file(attachment: Attachment, where: Json, size: int, kind: str = "") -> Json:
    """A file as the content of a message. `where` is {"url": …} or, enciphered, {"file": …}; `kind` is as in Received."""
    msgtype = _MSGTYPES.get(kind or attachment.media_type.partition("/")[0], "m.file")
    where = where | ({"org.matrix.msc3245.voice": {}} if kind == "voice" else {})
    info = {"mimetype": attachment.media_type} | ({"size": size} if size else {})
    return {"msgtype": msgtype, "body": attachment.name, "filename": attachment.name, "info": info, "m.mentions": {}, **where}
