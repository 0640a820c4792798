"""An exchange under way between somebody and copbot: in memory, and sealed for its hour so that a crash loses nothing."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from copbot.core import manners
from copbot.core.commands import match_choice
from copbot.vocabulary import Person

#: An exchange that nobody goes on with is forgotten after this long.
LASTS = timedelta(hours=1)

#: How far somebody got who is about to write: the author under the prompt or the card, a listener to a voice.
WRITING = ("words", "card", "answer", "wording", "close")

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
    asked: datetime  #: when something was last said in it
    text: str = ""
    code: str = ""
    thread: str = ""
    route: str = ""  #: where these words are to go, whatever the way of the thread so far
    message: str = ""  #: the id that the words will have once they are sent: so they are sent once
    readers: list[int] = field(default_factory=list)
    offers: list[tuple[str, str]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    last: str = ""  #: a mark of what was done last, as `marked` has it
    recovered: bool = False  #: read back after a stop: what was done last may come again

    def token(self, key: str) -> str:
        """What a button of this exchange carries."""
        return f"{MARK}{self.id}.{key}"

    def chosen(self, said: str, token: str) -> str:
        """The key of the choice taken, by a button or in words; "" if none was. Some take more than a hint."""
        if token:
            _mark, id, key = [*token.split(".", 2), "", ""][:3]
            return key if id == self.id and key in dict(self.offers) else ""
        key = choice(said, self.offers)
        return "" if key in _GRAVE and not _is_plain(said, key, self.offers) else key

    def comes_again(self, said: str, token: str) -> bool:
        """Tell, once, whether this is what was done last before a stop."""
        again, self.recovered = self.recovered and marked(said, token) == self.last, False
        return again

    def packed(self) -> bytes:
        """All but the words, as bytes to be sealed."""
        person = [self.person.platform, self.person.id]
        content: dict[str, Any] = {
            "who": person,
            "community": self.community,
            "stage": self.stage,
            "until": self.until.isoformat(),
            "asked": self.asked.isoformat(),
            "code": self.code,
            "thread": self.thread,
            "route": self.route,
            "message": self.message,
            "readers": self.readers,
            "offers": self.offers,
            "messages": self.messages,
            "last": self.last,
        }
        packed = json.dumps(content, ensure_ascii=False).encode()
        while len(packed) > _ROOM and content["messages"]:
            content["messages"] = content["messages"][1:]
            packed = json.dumps(content, ensure_ascii=False).encode()
        return packed.ljust(_ROOM)

    @classmethod
    def unpacked(cls, id: str, packed: bytes, words: bytes) -> "Exchange":
        """Read back."""
        content = json.loads(packed)
        platform, user = content.pop("who")
        return cls(
            id=id,
            person=Person(platform, user, ""),
            until=datetime.fromisoformat(content.pop("until")),
            asked=datetime.fromisoformat(content.pop("asked")),
            text=words.decode(),
            recovered=True,
            offers=[(key, label) for key, label in content.pop("offers")],
            **content,
        )


#: What is kept of an exchange is filled up to this, for labels and names have lengths of their own.
_ROOM = 3000

#: Choices after which words or a name are on their way, or gone.
_GRAVE = {"group", "listeners", "back", "lift", "lift again", "lifted", "muted"}


def marked(said: str, token: str) -> str:
    """What tells this from other words and buttons."""
    return hashlib.blake2s(f"{token} {said}".encode(), digest_size=8).hexdigest()


def _is_plain(said: str, key: str, offers: list[tuple[str, str]]) -> bool:
    """A number, a yes, or the label; not some word of it."""
    index = manners.choice(said, offers)
    return manners.plain(said) == manners.plain(dict(offers)[key]) or (index is not None and offers[index][0] == key)


def choice(said: str, offers: list[tuple[str, str]]) -> str:
    """The key of the offer that these words mean: its number, its label, yes or no; "" if none surely is."""
    index = match_choice(said, [label for _key, label in offers])
    if index is None:
        index = manners.choice(said, offers)
    return "" if index is None else offers[index][0]
