"""The script of the terminal played on Matrix: people's clients send it encrypted, and what they decipher is printed."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from copbot.adapters.console import COPBOT, Console, Wait
from copbot.adapters.matrix import Matrix, login
from copbot.vocabulary import Attachment, Edited, Incoming, Joined, Left, Outgoing, Person, Place, Reacted, Removed, Said
from tests.matrix.loop import Bell, Loop
from tests.matrix.members import ENCRYPTED, Heard, Member
from tests.matrix.synapse import PASSWORD, Synapse, memory_folder
from tests.stages import Stage

PLATFORM = "matrix"


class Town:
    """What the tests of a process share: copbot's account behind its real adapter, and people with their clients."""

    def __init__(self, loop: Loop, synapse: Synapse, folder: Path) -> None:
        self.loop = loop
        self.people: dict[str, Member] = {}
        self.private: dict[str, str] = {}
        self.happened: list[Incoming] = []
        self._tests = 0
        self._bell = Bell()
        self._synapse = synapse
        self._host = synapse.register("host")
        self._copbot = synapse.register("copbot").id
        account = loop.run(login(synapse.url, self._copbot, password=PASSWORD))
        self.adapter = Matrix(account, store=folder)
        loop.run(self.adapter.open([]))
        self._listening = loop.start(self._listen())

    async def _listen(self) -> None:
        async for batch in self.adapter.receive(""):
            self.happened += batch.events
            self._bell.ring()

    def fresh_ids(self) -> int:
        """Numbers for the messages of one test: to the homeserver the same number twice is the same message sent again."""
        self._tests += 1
        return 100_000 * self._tests

    def person(self, name: str) -> Member:
        """Somebody by this name; known to all tests."""
        if name not in self.people:
            self.people[name] = Member(self.loop, self._synapse, name, accepting=True)
        return self.people[name]

    def name(self, id: str) -> str:
        """What an account is called in scripts."""
        return next(name for name, member in self.people.items() if member.id == id)

    def new_room(self) -> str:
        """An encrypted room that anybody may enter, with copbot in it and a host who never speaks."""
        body = {"preset": "public_chat", "invite": [self._copbot], "initial_state": [ENCRYPTED]}
        room = str(self._as_host("POST", "/createRoom", body)["room_id"])
        self.awaits(lambda event: isinstance(event, Joined) and event.me and event.place.room == room, "copbot in the room")
        return room

    def empower(self, room: str, names: set[str]) -> None:
        """Let exactly these look after the room."""
        path = f"/rooms/{room}/state/m.room.power_levels/"
        levels = self._as_host("GET", path)
        self._as_host("PUT", path, {**levels, "users": {self.person(name).id: 100 for name in names}})

    def enter(self, room: str, member: Member) -> None:
        """Somebody comes into the room, and sees copbot there."""
        member.joins(room)
        member.meets(room, self._copbot)

    def private_room(self, member: Member) -> str:
        """Where this person and copbot are alone; opened by whoever wrote first."""
        if member.name not in self.private:
            self.private[member.name] = member.opens(self._copbot, is_direct=True)
            member.meets(self.private[member.name], self._copbot)
        return self.private[member.name]

    def awaits(self, found: Callable[[Incoming], bool], what: str) -> None:
        """Until the adapter has handed over something for which `found` is true; it stays in `happened`."""
        self.loop.run(self._bell.until(lambda: any(found(event) for event in self.happened), what))

    def _as_host(self, method: str, path: str, body: Any = None) -> Any:
        return self._synapse.ask(method, f"/_matrix/client/v3{path}", body, self._host.token)

    def close(self) -> None:
        self._listening.cancel()
        self.loop.run(self.adapter.close())
        for member in self.people.values():
            self.loop.run(member.stop())


class Square(Console):
    """A console whose group is an encrypted room, whose private chats are direct rooms, and whose people have clients."""

    platform = PLATFORM

    def __init__(self, town: Town, write: Callable[[str], None], save: Callable[[Attachment], None] | None) -> None:
        super().__init__(write, save=save)
        self._town = town
        self._room = town.new_room()
        self.group = Place(PLATFORM, self._room, "group")
        self._ids: dict[str, str] = {}
        self._first_id = town.fresh_ids()
        self._known = set(self.facilitators)
        self._inside: list[Member] = []
        town.happened.clear()

    # What people do

    def read(self, line: str) -> list[Incoming | Wait]:
        """What one line of the script makes happen, as the adapter tells it."""
        scripted = super().read(line)
        if self.facilitators != self._known:
            self._town.empower(self._room, self.facilitators)
            self._known = set(self.facilitators)
        return [really for one in scripted for really in ([one] if isinstance(one, Wait) else self._really(one))]

    def _really(self, scripted: Incoming) -> list[Incoming]:
        """Have it done by the person's client; answer all that the adapter made of what happened up to it."""
        assert not isinstance(scripted, Wait)
        member = self._town.person(scripted.person.name)
        event = self._does(member, scripted)

        def is_it(one: Incoming) -> bool:
            return type(one) is type(scripted) and one.person.id == member.id and one.event == (event or one.event)

        self._town.awaits(is_it, f"{type(scripted).__name__} by {member.name}")
        came, self._town.happened[:] = list(self._town.happened), []
        return came

    def _does(self, member: Member, scripted: Incoming) -> str:
        """The id of the event, where the client is told one."""
        match scripted:
            case Joined():
                self._town.enter(self._room, member)
                self._inside.append(member)
            case Left():
                member.leaves(self._room)
                self._inside.remove(member)
            case Said():
                room = self._where(member, scripted.place)
                to = self._ids.get(scripted.reply_to.message, "") if scripted.reply_to else ""
                self._ids[scripted.message] = member.says(room, scripted.text, to=to)
                return self._ids[scripted.message]
            case Reacted():
                return member.reacts(self._room, self._ids[scripted.quoted.message], scripted.emoji)
            case Edited():
                return member.edits(self._where(member, scripted.place), self._ids[scripted.message], scripted.text)
            case Removed():
                return member.removes(self._where(member, scripted.place), self._ids[scripted.message])
        return ""

    def _where(self, member: Member, place: Place) -> str:
        return self._room if place.kind == "group" else self._town.private_room(member)

    # What copbot does

    async def send(self, outgoing: Outgoing) -> str:
        """Through the adapter; then print what somebody's client deciphered of it."""
        to = outgoing.to
        name = self._town.name(to.id) if isinstance(to, Person) else ""
        readers = [self._town.people[name]] if name else self._inside
        before = [len(reader.heard) for reader in readers]
        event = await self._town.adapter.send(replace(outgoing, id=self._first_id + outgoing.id))
        if outgoing.act != "say":
            return event
        file = outgoing.attachment is not None
        heard = [await _heard(reader, first, event, file=file) for reader, first in zip(readers, before, strict=True)]
        text = "\n".join(one.content["body"] for one in heard[0] if not one.is_file)
        for one in heard[0]:
            text += await self._keep(readers[0], one) if one.is_file else ""
        number = self._print(Place(PLATFORM, name, "private") if name else self.group, COPBOT, text)
        self._ids[number] = event
        if name:
            self._town.private[name] = heard[0][0].room
        return event

    async def _keep(self, reader: Member, heard: Heard) -> str:
        content = await reader.fetch(heard)
        name = heard.content["body"]
        if self._save:
            self._save(Attachment(name, heard.content["info"]["mimetype"], content))
        return f"\n[{name}, {len(content)} bytes]"

    async def administers(self, place: Place, person: Person) -> bool:
        """What the homeserver says."""
        return await self._town.adapter.administers(place, person)


async def _heard(reader: Member, first: int, event: str, *, file: bool) -> list[Heard]:
    """What copbot said to this person since, deciphered, up to this event, and the file that comes with it."""

    def all_of_it() -> list[Heard]:
        said = [one for one in reader.heard[first:] if one.kind == "m.room.message" and one.sender != reader.id]
        room = next((one.room for one in said if one.id == event), "")
        mine = [one for one in said if one.room == room]
        return mine if not file or any(one.is_file for one in mine) else []

    heard = await reader.bell.until(all_of_it, f"what copbot said to {reader.name}")
    assert all(one.decrypted for one in heard)
    return heard


@pytest.fixture(scope="session")
def town(loop: Loop, synapse: Synapse) -> Iterator[Town]:
    """Made when the first conversation needs it."""
    folder = Path(mkdtemp(dir=memory_folder()))
    town = Town(loop, synapse, folder)
    yield town
    town.close()
    shutil.rmtree(folder)


@pytest.fixture
def matrix_stage(town: Town) -> Stage:
    """Matrix, encrypted."""
    return Stage(lambda write, save: Square(town, write, save), town.loop.run)
