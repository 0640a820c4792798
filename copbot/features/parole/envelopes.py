"""What is said in confidence, as it is sealed for the moment until it is sent, and as delivery takes it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from copbot.store.outbox import APART, Letter
from copbot.vocabulary import Act, Attachment, Person, Place

#: Filled up to this: ids, labels and file names have lengths of their own.
_ROOM = 1000


def blob(
    to: Person | Place,
    choices: Mapping[str, str],
    attachment: Attachment | None,
    reply_to: str,
    act: Act,
    *,
    prompts: bool = False,
) -> bytes:
    """All of a message but its words and its file."""
    content: dict[str, Any] = {
        "platform": to.platform,
        "room": to.id if isinstance(to, Person) else to.room,
        "private": isinstance(to, Person),
        "thread": "" if isinstance(to, Person) else to.thread,
        "choices": [[label, token] for token, label in choices.items()],
        "file": {"name": attachment.name, "media_type": attachment.media_type, "reference": ""} if attachment else None,
        "reply_to": reply_to,
        "act": act,
        "prompts": prompts,
    }
    return json.dumps(content, ensure_ascii=False).encode().ljust(_ROOM)


def has_file(blob: bytes) -> bool:
    """Tell whether a file goes with it."""
    return bool(json.loads(blob)["file"])


def letter(id: int, blob: bytes, text: str, file: bytes, now: datetime) -> Letter:
    """The message as delivery takes it; it is in no database but that of parole libre."""
    content = json.loads(blob)
    return Letter(
        id=id,
        text=text,
        attachment=content.pop("file"),
        content=file or None,
        confidential=content["private"],
        about=APART,
        state="waiting",
        attempts=0,
        leave=False,
        created_at=now,
        message="",
        **content,
    )
