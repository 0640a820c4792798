"""How far copbot has read: the homeserver's mark, and what before it is still open. Kept by the house with what came of it."""

import dataclasses
import json
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger()


@dataclass(slots=True)
class Cursor:
    """The mark, whose it is, and the open ends.

    `late` are enciphered events whose key may still come, as [room, event]; `invited` are invitations not taken up yet, as
    [room, host, "direct" or ""].
    """

    user: str
    since: str = ""
    late: list[list[str]] = field(default_factory=list)
    invited: list[list[str]] = field(default_factory=list)

    @classmethod
    def read(cls, written: str, user: str) -> "Cursor":
        """The cursor as it was written; a new one where it is another account's, to whom other marks are given."""
        if not written:
            return cls(user)
        cursor = cls(**json.loads(written))
        if cursor.user != user:
            log.error("beginning anew", platform="matrix", reason="the mark is another account's")
            return cls(user)
        return cursor

    def write(self) -> str:
        """The cursor as a text."""
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))
