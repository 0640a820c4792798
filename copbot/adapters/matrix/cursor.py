"""How far copbot has read: the homeserver's mark, and what before it is still open. Kept by the house with what came of it."""

import json
from dataclasses import dataclass, field


@dataclass(slots=True)
class Cursor:
    """The mark, and the open ends.

    `late` are enciphered events whose key may still come, as [room, event]; `invited` are invitations not taken up yet, as
    [room, host, "direct" or ""].
    """

    since: str = ""
    late: list[list[str]] = field(default_factory=list)
    invited: list[list[str]] = field(default_factory=list)

    @classmethod
    def read(cls, written: str) -> "Cursor":
        """The cursor as it was written."""
        return cls(**json.loads(written)) if written.startswith("{") else cls(written)

    def write(self) -> str:
        """The cursor as a text; where nothing is open it is the homeserver's mark itself."""
        if not (self.late or self.invited):
            return self.since
        return json.dumps({"since": self.since, "late": self.late, "invited": self.invited}, separators=(",", ":"))
