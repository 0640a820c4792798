"""The terminal as a platform: lines in, numbered messages out. For trying copbot out, for scripts and for tests."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from copbot.vocabulary import (
    Adapter,
    Attachment,
    Batch,
    Edited,
    Incoming,
    Joined,
    Left,
    Outgoing,
    Person,
    Place,
    Quoted,
    Reacted,
    Reason,
    Received,
    Removed,
    Said,
    Unreachable,
)

PLATFORM = "console"
GROUP = Place(PLATFORM, "group", "group")
COPBOT = Person(PLATFORM, "copbot", "copbot")

_NAME = r"(?P<name>[^\W\d_][\w.-]*)"
_FILES = r"(?P<files>(?:\+[\w.-]+\.\w+(?:=\d{1,4}MB)?)*)"
_SPOKEN = re.compile(
    _NAME + r"(?P<private>@bot)?(?:#(?P<thread>\w+))?(?P<forwarded>>)?" + _FILES + r"(?:(?P<sign>[\^!~])(?P<number>\d+))?"
    r":\s?(?P<text>.*)",
    re.DOTALL,
)
_FILE = re.compile(r"\+([\w.-]+\.(\w+))(?:=(\d{1,4})MB)?")
_KINDS: dict[str, Literal["picture", "voice", "audio", "video"]] = {
    "jpg": "picture",
    "png": "picture",
    "ogg": "voice",
    "mp3": "audio",
    "mp4": "video",
}
_HAPPENED = re.compile(_NAME + r" (?P<what>is facilitator|leaves|joins|(?:opens|closes|has no) private chat)")
_SWITCH = re.compile(r"as " + _NAME + r"|in (?P<where>group|private)")
_WAIT = re.compile(r"wait (?:until (?P<until>\S+)|(?P<span>(?:\d{1,6}[wdhms]){1,9}))")
_SPAN = re.compile(r"(\d{1,6})([wdhms])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class Misread(Exception):
    """A line that means nothing here; the message says what would."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The clock is to move by a span, or to a time on the wall."""

    span: timedelta | None = None
    until: datetime | None = None


class Console(Adapter):
    """One group, private chats with everybody who is named, and a number for every message."""

    platform = PLATFORM
    group = GROUP
    door = "copbot://start/{token}"

    def __init__(
        self, write: Callable[[str], None], *, save: Callable[[Attachment], None] | None = None, last: int = 0
    ) -> None:
        """`write` prints a line, `save` keeps a file that copbot sends, `last` is the number of the last message so far."""
        self._write = write
        self._save = save
        self._last = last
        self._messages: dict[str, tuple[Place, Person, str, tuple[Received, ...]]] = {}
        self._closed: dict[str, Reason] = {}
        self._present: set[str] = set()
        self.facilitators: set[str] = set()
        self.buttons: dict[str, tuple[str, ...]] = {}  #: by number of the message, the tokens that can be pressed under it
        self.speaker = ""
        self.in_private = False

    @property
    def cursor(self) -> str:
        """The number of the last message."""
        return str(self._last)

    # What people do

    def read(self, line: str) -> list[Incoming | Wait]:
        """What one line of input makes happen. Raises Misread."""
        line = line.rstrip("\n")
        if not line.strip() or line.startswith("#"):
            return []
        if match := _WAIT.fullmatch(line.strip()):
            return [_wait(match)]
        if match := _SWITCH.fullmatch(line.strip()):
            self._switch(match)
            return []
        if match := _HAPPENED.fullmatch(line.strip()):
            return self._happened(match)
        if match := _SPOKEN.fullmatch(line):
            return self._spoken(match)
        if self.speaker:
            return self._spoken_by(self._person(self.speaker), line, private=self.in_private)
        raise Misread("Write «name: text», for example «alice: /help», or «as alice» and then just the text.")

    def _spoken(self, match: re.Match[str]) -> list[Incoming | Wait]:
        person = self._person(match["name"])
        private = bool(match["private"])
        if person == COPBOT:
            raise Misread("copbot speaks for itself. Choose another name.")
        self.speaker = self.speaker or person.name
        if not match["sign"] or match["sign"] == "^":
            files, forwarded = _files(match["files"]), bool(match["forwarded"])
            return self._spoken_by(
                person,
                match["text"],
                match["number"],
                private=private,
                files=files,
                forwarded=forwarded,
                thread=match["thread"] or "",
            )
        return [*self._present_now(person), self._touched(person, match["sign"], match["number"], match["text"])]

    def _spoken_by(
        self,
        person: Person,
        text: str,
        number: str | None = None,
        *,
        private: bool,
        files: tuple[Received, ...] = (),
        forwarded: bool = False,
        thread: str = "",
    ) -> list[Incoming | Wait]:
        place = Place(PLATFORM, person.id, "private") if private else replace(GROUP, thread=thread)
        came = self._present_now(person)
        quoted = self._quoted(number) if number else None
        shown = "\n".join([*([text] if text or not files else []), *(f"[{file.name}]" for file in files)])
        message = self._print(place, person, shown)
        self._messages[message] = (place, person, text, files)
        if private:
            self._closed.pop(person.id, None)
        mentioned = "@copbot" in text.casefold()
        return [*came, Said(message, place, person, message, text, quoted, mentioned, files, forwarded)]

    def _touched(self, person: Person, sign: str, number: str, text: str) -> Incoming:
        place, author, _text, files = self._messages.get(number, (GROUP, COPBOT, "", ()))
        if sign == "!":
            return Reacted(self._event(), place, person, text, self._quoted(number))
        if author != person:
            raise Misread(f"Message {number} is not {person.name}'s.")
        self._messages[number] = (place, person, text, files)
        if text:
            return Edited(self._event(), place, person, number, text)
        return Removed(self._event(), place, person, number)

    def _happened(self, match: re.Match[str]) -> list[Incoming | Wait]:
        person = self._person(match["name"])
        if match["what"] == "is facilitator":
            self.facilitators.add(person.id)
            return self._present_now(person)
        if match["what"] == "joins":
            return self._present_now(person)
        if match["what"].endswith("private chat"):
            return [*self._present_now(person), *self._chat_of(person, match["what"].split()[0])]
        self._present.discard(person.id)
        return [Left(self._event(), GROUP, person)]

    def _chat_of(self, person: Person, what: str) -> list[Incoming | Wait]:
        """The private chat with somebody opened, closed, or never opened."""
        place = Place(PLATFORM, person.id, "private")
        if what == "opens":
            self._closed.pop(person.id, None)
            return [Joined(self._event(), place, person)]
        self._closed[person.id] = "blocked" if what == "closes" else "never started"
        return [Left(self._event(), place, person)] if what == "closes" else []

    def _present_now(self, person: Person) -> list[Incoming | Wait]:
        if person.id in self._present:
            return []
        if not self.facilitators:
            self.facilitators.add(person.id)
        self._present.add(person.id)
        return [Joined(self._event(), GROUP, person)]

    def _switch(self, match: re.Match[str]) -> None:
        if match["name"]:
            self.speaker = match["name"]
        else:
            self.in_private = match["where"] == "private"

    def _person(self, name: str) -> Person:
        return Person(PLATFORM, name.casefold(), name)

    def _quoted(self, number: str) -> Quoted:
        _place, author, text, files = self._messages.get(number, (GROUP, None, "", ()))
        return Quoted(number, author, text, files)

    def _event(self) -> str:
        return f"{self._last}+{len(self._present)}"

    # What copbot does

    async def receive(self, cursor: str) -> AsyncIterator[Batch]:
        """The terminal is read line by line by the one who runs it, not here."""
        empty: tuple[Batch, ...] = ()
        for batch in empty:
            yield batch

    async def send(self, outgoing: Outgoing) -> str:
        """Print it. What was printed stays printed."""
        if outgoing.act != "say":
            return self._act(outgoing)
        to = outgoing.to
        place = to if isinstance(to, Place) else Place(PLATFORM, to.id, "private")
        if place.kind == "private" and (reason := self._closed.get(place.room)):
            raise Unreachable(reason)
        text = "\n".join([outgoing.text, *(f"{number}) {choice.label}" for number, choice in enumerate(outgoing.choices, 1))])
        if outgoing.attachment and outgoing.attachment.reference:
            text += f"\n[{outgoing.attachment.name}, as it came]"
        elif outgoing.attachment:
            text += f"\n[{outgoing.attachment.name}, {len(outgoing.attachment.content)} bytes]"
            if self._save:
                self._save(outgoing.attachment)
        number = self._print(place, COPBOT, text)
        if outgoing.choices:
            self.buttons[number] = tuple(choice.token for choice in outgoing.choices)
        return number

    def _act(self, outgoing: Outgoing) -> str:
        """Printed lines stay; what could be pressed under them no longer can."""
        if outgoing.act in ("strip", "remove"):
            self.buttons.pop(outgoing.reply_to, None)
        return ""

    async def fetch(self, reference: str, most: int) -> bytes:
        """A file of the terminal holds its own name."""
        if len(reference.encode()) > most:
            raise ValueError("too large")
        return reference.encode()

    async def administers(self, place: Place, person: Person) -> bool:
        """The first to speak, and those of whom it was said."""
        return person.id in self.facilitators

    def _print(self, place: Place, person: Person, text: str) -> str:
        self._last += 1
        number = str(self._last)
        self._messages[number] = (place, person, text, ())
        where = f"@{place.room}" if place.kind == "private" else "group" + (place.thread and f"#{place.thread}")
        first, *further = text.split("\n")
        self._write(f"{number} [{where}] {person.name}: {first}")
        for line in further:
            self._write(f"    {line}")
        return number


def _wait(match: re.Match[str]) -> Wait:
    if match["until"]:
        try:
            return Wait(until=datetime.fromisoformat(match["until"]).replace(tzinfo=None))
        except ValueError:
            raise Misread("Write the time like this: wait until 2026-03-09T09:00") from None
    units = {_UNITS[unit]: int(number) for number, unit in _SPAN.findall(match["span"])}
    return Wait(span=timedelta(**units))


def _files(written: str) -> tuple[Received, ...]:
    """The files of "+snack.jpg+song.mp3=25MB"."""
    return tuple(
        Received(_KINDS.get(ending, "document"), name, name, size=int(megabytes or 0) * 1_000_000)
        for name, ending, megabytes in _FILE.findall(written)
    )
