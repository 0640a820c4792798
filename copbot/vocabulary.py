"""The few words in which platforms and copbot speak to each other: what happened, and what is to be said."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal

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
class Received:
    """A file that came with a message. It stays on the platform; `reference` is what the adapter's `fetch` takes.

    `size` is in bytes, 0 where the platform does not say.
    """

    kind: Literal["picture", "voice", "audio", "video", "document"]
    reference: str
    name: str = ""
    media_type: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that somebody answers or reacts to. `text` and `files` are empty where the platform keeps them back."""

    message: str
    author: Person | None = None
    text: str = ""
    files: tuple[Received, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody wrote something. `event` is unique on the platform; `mentioned` says that copbot was named.

    What came as an album is one message with several files, `text` its caption. `forwarded`: the words may be somebody else's.
    """

    event: str
    place: Place
    person: Person
    message: str
    text: str
    reply_to: Quoted | None = None
    mentioned: bool = False
    files: tuple[Received, ...] = ()
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Chose:
    """Somebody pressed a choice: `token` is the one that copbot put on it, `message` the one it stood under."""

    event: str
    place: Place
    person: Person
    token: str
    message: str = ""


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
    """Somebody came into a group. `me` is true when it is copbot; then `person` is the one who let it in.

    In a private place: this person can be written to from now on.
    """

    event: str
    place: Place
    person: Person
    me: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody left a group or was removed. `me` is true when it is copbot; then `person` is the one who did it.

    In a private place: this person closed the chat, and cannot be written to any more.
    """

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


@dataclass(frozen=True, slots=True)
class Illegible:
    """Somebody wrote something enciphered whose key never came, so that copbot cannot read it."""

    event: str
    place: Place
    person: Person
    message: str


Incoming = Said | Chose | Edited | Removed | Reacted | Joined | Left | Moved | Illegible


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers under a message; pressing it comes back as `Chose(token=token)`."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to hand over: whole, in memory, or by the `reference` under which this very platform already holds it."""

    name: str
    media_type: str
    content: bytes
    reference: str = ""


#: What is done with a message: it is said; or the choices are taken off the one named by `reply_to`; or that one is removed,
#: ours or (where the platform lets a bot) theirs; or the keys by which a private chat could be read again are dropped.
Act = Literal["say", "strip", "remove", "forget"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something copbot says. `id` is unique and stays the same when it is sent again after a crash.

    `leave` asks the adapter to walk out of the group once this is said. `prompts`: own words are expected in answer, so the
    platform may open its field for a reply. `within`: the group where the platform, if it can, may show this to a person alone
    who cannot be reached in private.
    """

    id: int
    to: Place | Person
    text: str
    choices: tuple[Choice, ...] = ()
    reply_to: str = ""
    attachment: Attachment | None = None
    confidential: bool = False
    leave: bool = False
    act: Act = "say"
    prompts: bool = False
    within: Place | None = None


#: Why a chat cannot be written to: the person never opened a private chat, or closed it, or their account is gone; copbot was
#: put out of the group, or may not write there; the group is gone.
Reason = Literal["never started", "blocked", "deactivated", "kicked", "not allowed", "gone"]


class TryLater(Exception):
    """The platform asks for patience. Other chats go on meanwhile."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Unreachable(Exception):
    """This chat cannot be written to any more, or not yet."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Undeliverable(Exception):
    """The platform will never take this message, as it is; others to the same chat may well arrive. `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """The platform does not let copbot in: its key was revoked, or another copbot uses it. `reason` is a word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Batch:
    """What an adapter received in one go. Once all of it is kept, `cursor` is what `receive` goes on from."""

    events: Sequence[Incoming]
    cursor: str


Audience = Literal["private", "group", "facilitators"]


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands a platform may offer to complete, as (name without slash, what it does), in one language (en or fr)."""

    audience: Audience
    language: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a platform may be written to."""

    overall_per_second: float
    seconds_per_chat: float
    per_group_minute: int


class Adapter:
    """All that copbot asks of a platform; what a platform has no need of it inherits from here.

    Anything that `send` raises besides TryLater, Unreachable and Undeliverable is tried again with growing patience.

    `door` is known once it is open: the address by which people open a private chat with copbot, with `{token}` where a token
    of `[A-Za-z0-9_-]` may be put that comes back as "/start token"; "" where copbot can write first.
    """

    platform: str
    pace: Pace | None = None
    door: str = ""

    async def open(self, menus: Sequence[Menu]) -> None:
        """Get ready to receive and send; called until it succeeds once, before anything else. Raises Refused."""

    async def close(self) -> None:
        """Let go of connections and files."""

    def receive(self, cursor: str) -> AsyncIterator[Batch]:
        """Yield what happened after `cursor` ("" at the very first start), for ever. Raises Refused."""
        raise NotImplementedError

    async def send(self, outgoing: Outgoing) -> str:
        """Say it and answer the platform's id of the message. Raises TryLater, Unreachable or Undeliverable."""
        raise NotImplementedError

    def divide(self, outgoing: Outgoing) -> tuple[Outgoing, Outgoing | None]:
        """What fits in one message, and what is left to be said after it.

        Delivery sends and remembers them one by one, so that a crash repeats one message at most. `send` takes all at once.
        """
        return outgoing, None

    async def administers(self, place: Place, person: Person) -> bool:
        """Tell whether the platform, asked now, calls this person an administrator of this place."""
        raise NotImplementedError

    async def typing(self, place: Place) -> None:
        """Show there, for a few seconds, that copbot is at work."""

    async def fetch(self, reference: str, most: int) -> bytes:  # noqa: ARG002
        """The content of a file that came with a message. Raises ValueError if it has more than `most` bytes or is gone."""
        raise ValueError("no such file")

    def silent_for(self) -> float:
        """Seconds since the platform last answered; what tells that copbot still hears."""
        return 0.0
