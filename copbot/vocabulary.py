"""The few words in which platforms and copbot speak to each other: what happened, and what is to be said."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["group", "private"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a room of a platform, or a thread (topic) in it."""

    platform: str
    room: str
    kind: Kind
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An account on a platform. `name` is only what the platform shows; it may change and may be shared."""

    platform: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that somebody answers or reacts to. `text` is empty where the platform does not hand it over."""

    message: str
    author: Person | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody wrote something. `event` is unique on the platform; `mentioned` says that copbot was named."""

    event: str
    place: Place
    person: Person
    message: str
    text: str
    reply_to: Quoted | None = None
    mentioned: bool = False


@dataclass(frozen=True, slots=True)
class Chose:
    """Somebody pressed a choice: `token` is the one that copbot put on it."""

    event: str
    place: Place
    person: Person
    token: str


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody rewrote their own message."""

    event: str
    place: Place
    person: Person
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Removed:
    """Somebody's message was deleted."""

    event: str
    place: Place
    person: Person
    message: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody put an emoji under a message."""

    event: str
    place: Place
    person: Person
    emoji: str
    quoted: Quoted


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came into a group. `me` is true when it is copbot; then `person` is the one who let it in."""

    event: str
    place: Place
    person: Person
    me: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody left a group or was removed. `me` is true when it is copbot; then `person` is the one who did it."""

    event: str
    place: Place
    person: Person
    me: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A group changed its address on the platform (Telegram's supergroups, Matrix' upgraded rooms)."""

    event: str
    place: Place
    to: Place


Incoming = Said | Chose | Edited | Removed | Reacted | Joined | Left | Moved


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers under a message; pressing it comes back as `Chose(token=token)`."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to hand over, whole, in memory."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something copbot says. `id` is unique and stays the same when it is sent again after a crash.

    `leave` asks the adapter to walk out of the group once this is said.
    """

    id: int
    to: Place | Person
    text: str
    choices: tuple[Choice, ...] = ()
    reply_to: str = ""
    attachment: Attachment | None = None
    confidential: bool = False
    leave: bool = False


class TryLater(Exception):
    """The platform asks for patience. Other chats go on meanwhile."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Unreachable(Exception):
    """This chat cannot be written to any more, or not yet. `reason` is one of the platform's words, never a name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Batch:
    """What an adapter received in one go. Once all of it is kept, `cursor` is what `receive` goes on from."""

    events: Sequence[Incoming]
    cursor: str


class Adapter(Protocol):
    """All that copbot asks of a platform. Anything `send` raises besides the two above is retried with back-off."""

    platform: str

    def receive(self, cursor: str) -> AsyncIterator[Batch]:
        """Yield what happened after `cursor` ("" at the very first start), for ever."""
        ...

    async def send(self, outgoing: Outgoing) -> str:
        """Say it and answer the platform's id of the message. Raises TryLater or Unreachable."""
        ...

    async def administers(self, place: Place, person: Person) -> bool:
        """Tell whether the platform, asked now, calls this person an administrator of this place."""
        ...
