"""The conversation suite's stage on Telegram: the console's script, with everything going over the wire and back."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from copbot.adapters import console
from copbot.adapters.console import COPBOT, Console, Misread, Wait
from copbot.core.menus import menus
from copbot.vocabulary import (
    Attachment,
    Chose,
    Edited,
    Incoming,
    Joined,
    Left,
    Moved,
    Outgoing,
    Person,
    Place,
    Reacted,
    Removed,
    Said,
)
from tests.stages import Stage
from tests.telegram.chats import Object, Sent
from tests.telegram.people import Someone
from tests.telegram.server import Server
from tests.telegram.wired import Listener, adapter_of


@contextmanager
def on_telegram() -> Iterator[Stage]:
    """A server with one group in it, on an event loop of its own."""
    with asyncio.Runner() as runner:
        server = runner.run(Server().__aenter__())
        consoles: list[TelegramConsole] = []

        def console(write: Callable[[str], None], save: Callable[[Attachment], None]) -> TelegramConsole:
            consoles.append(TelegramConsole(server, runner.run, write, save=save))
            return consoles[-1]

        yield Stage(console, runner.run)
        for one in consoles:
            runner.run(one.close())
        runner.run(server.__aexit__(None, None, None))


class TelegramConsole(Console):
    """What the script says happens on the server; what copbot hears and says goes through the real adapter."""

    platform = "telegram"

    def __init__(
        self,
        server: Server,
        run: Callable[[Coroutine[Any, Any, Any]], Any],
        write: Callable[[str], None],
        *,
        save: Callable[[Attachment], None],
    ) -> None:
        super().__init__(write, save=save)
        self._server = server
        self._run = run
        self._room = server.group("Demonstration", bot="administrator")
        self.group = Place("telegram", str(self._room.chat.id), "group")
        self._people: dict[str, Someone] = {}
        self._names: dict[str, str] = {}
        self._there: dict[str, Object] = {}  #: by the script's number, the message on the server
        self._wire = adapter_of(server)
        run(self._wire.open(menus()))
        self._ears = Listener(server, self._wire)
        run(self._ears.hears())

    async def close(self) -> None:
        """Stop listening."""
        await self._ears.__aexit__()
        await self._wire.close()

    # What people do

    def read(self, line: str) -> list[Incoming | Wait]:
        """What the line makes happen, as the adapter heard it."""
        return [heard for event in super().read(line) for heard in self._there_and_back(event)]

    def _there_and_back(self, event: Incoming | Wait) -> list[Incoming | Wait]:
        if isinstance(event, Wait):
            return [event]
        self._happens(event)
        return [*self._run(self._ears.hears())]

    def _happens(self, event: Incoming) -> None:
        match event:
            case Joined(person=person):
                self._room.takes_in(self._someone(person))
                if person.id in self.facilitators:
                    self._room.promotes(self._someone(person))
            case Left(person=person):
                self._room.loses(self._someone(person))
            case Said(place=place, person=person, text=text):
                someone = self._someone(person)
                to = self._there[event.reply_to.message]["message_id"] if event.reply_to else 0
                private = place.kind == "private"
                said = someone.writes(text, to=to) if private else someone.says(self._room, text, to=to)
                self._there[event.message] = said
            case Edited(person=person, message=number, text=text):
                self._there[number] = self._someone(person).edits(self._there[number], text)
            case Reacted(person=person, quoted=quoted, emoji=emoji):
                self._someone(person).reacts(self._room, self._there[quoted.message]["message_id"], emoji)
            case Removed():
                pass  # of this, Telegram tells bots nothing
            case Chose() | Moved():
                raise Misread("The script has no line for this.")

    def _someone(self, person: Person) -> Someone:
        if person.id not in self._people:
            someone = self._people[person.id] = self._server.person(person.name)
            someone.chat.standing = "member"  # who is on this stage has pressed Start long ago
            self._names[str(someone.id)] = person.id
        if person.id in self.facilitators and person.id in self._people:
            self._room.promotes(self._people[person.id])
        return self._people[person.id]

    # What copbot does

    async def send(self, outgoing: Outgoing) -> str:
        """Send it for real, and print what people then see."""
        before = len(self._server.world.sent)
        message = await self._wire.send(outgoing)
        if shown := self._server.world.sent[before:]:
            number = self._show(shown)
            self._there[number] = shown[-1].message
        return message

    def _show(self, shown: list[Sent]) -> str:
        text = "\n".join(sent.text for sent in shown if sent.text)
        for name, media_type, content in (file for sent in shown for file in sent.files):
            text += f"\n[{name}, {len(content)} bytes]"
            if self._save:
                self._save(Attachment(name, media_type, content))
        chat = shown[0].chat
        person = self._names.get(str(chat), str(chat))
        place = console.GROUP if chat == self._room.chat.id else Place(console.PLATFORM, person, "private")
        return self._print(place, COPBOT, text)

    async def administers(self, place: Place, person: Person) -> bool:
        """As the server tells the adapter."""
        return await self._wire.administers(replace(place, platform="telegram"), person)
