"""An exchange under way between somebody and copbot: in memory, and sealed for its hour so that a crash loses nothing."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from copbot.core import manners
from copbot.core.commands import match_choice
from copbot.vocabulary import Person

#: An exchange that nobody goes on with is forgotten after this long.
LASTS = timedelta(hours=1)

#: What the tokens of parole libre begin with; those of other questions begin with a digit.
MARK = "fs."


@dataclass
class Exchange:
    """How far somebody got. `text` are the words not yet sent, `messages` the platform's ids of what is removed in the end."""

    id: str
    person: Person
    community: int
    stage: str
    until: datetime
    text: str = ""
    code: str = ""
    thread: str = ""
    message: str = ""  #: the id that the words will have once they are sent: so they are sent once
    readers: list[int] = field(default_factory=list)
    offers: list[tuple[str, str]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    recovered: bool = False  #: read back after a stop: the event that made it may come again

    def token(self, key: str) -> str:
        """What a button of this exchange carries."""
        return f"{MARK}{self.id}.{key}"

    def chosen(self, said: str, token: str) -> str:
        """The key of the choice taken, by a button or in words; "" if none was."""
        if token:
            _mark, id, key = [*token.split(".", 2), "", ""][:3]
            return key if id == self.id and key in dict(self.offers) else ""
        return choice(said, self.offers)

    def packed(self) -> bytes:
        """All but the words, as bytes to be sealed."""
        person = [self.person.platform, self.person.id]
        content: dict[str, Any] = {
            "who": person,
            "community": self.community,
            "stage": self.stage,
            "until": self.until.isoformat(),
            "code": self.code,
            "thread": self.thread,
            "message": self.message,
            "readers": self.readers,
            "offers": self.offers,
            "messages": self.messages[-8:],
        }
        return json.dumps(content, ensure_ascii=False).encode().ljust(_ROOM)

    @classmethod
    def unpacked(cls, id: str, packed: bytes, words: bytes) -> "Exchange":
        """Read back."""
        content = json.loads(packed)
        platform, user = content.pop("who")
        return cls(
            id=id,
            person=Person(platform, user, ""),
            until=datetime.fromisoformat(content.pop("until")),
            text=words.decode(),
            recovered=True,
            offers=[(key, label) for key, label in content.pop("offers")],
            **content,
        )


#: What is kept of an exchange is filled up to this, for labels and names have lengths of their own.
_ROOM = 2000


def choice(said: str, offers: list[tuple[str, str]]) -> str:
    """The key of the offer that these words mean: its number, its label, yes or no; "" if none surely is."""
    index = match_choice(said, [label for _key, label in offers])
    if index is None:
        index = manners.choice(said, offers)
    return "" if index is None else offers[index][0]
