"""copbot at work on the homeserver: all of it, from the real adapter to the database, to be stopped and started in tests."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import sqlalchemy as sa

from copbot.adapters.matrix import Account, Matrix, login
from copbot.app import App, clock
from copbot.core.house import House
from copbot.engine import perform
from copbot.rehearsal import demo
from copbot.store.base import open_database
from copbot.store.invitations import invite
from copbot.vocabulary import Batch, Incoming, Joined, Menu, Outgoing, Place
from tests.matrix.between import Between
from tests.matrix.loop import Bell, Loop
from tests.matrix.members import Member
from tests.matrix.synapse import PASSWORD, Synapse, memory_folder

PLATFORM = "matrix"


class Overheard(Matrix):
    """The adapter, remembering what it handed over and the house has kept."""

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self.happened: list[Incoming] = []
        self.is_open = False
        self.bell = Bell()

    async def open(self, menus: Sequence[Menu]) -> None:
        await super().open(menus)
        self.is_open = True
        self.bell.ring()

    async def receive(self, cursor: str) -> AsyncIterator[Batch]:
        async for batch in super().receive(cursor):
            yield batch
            self.happened += batch.events
            self.bell.ring()


class Copbot:
    """One copbot with its account, its database and its keys in a folder; it reaches the homeserver through `between`."""

    def __init__(self, loop: Loop, synapse: Synapse, folder: Path, house: House, **settings: Any) -> None:
        self.loop, self.synapse, self.folder = loop, synapse, folder
        self.id = synapse.register("copbot").id
        self.between = Between(synapse.url)
        loop.run(self.between.open())
        self.account: Account = loop.run(login(self.between.url, self.id, password=PASSWORD))
        self._house, self._settings = house, settings
        self.database = open_database(f"sqlite:///{folder}/copbot.db")
        self.app: App | None = None

    def starts(self, *, and_opens: bool = True) -> "Copbot":
        """At work; with the same account, database and keys as before."""
        self.adapter = Overheard(self.account, store=self.folder / "keys.db", **self._settings)
        self.app = App(self.database, self._house, [self.adapter])
        self.loop.run(self.app.__aenter__())
        if and_opens:
            self.loop.run(self.adapter.bell.until(lambda: self.adapter.is_open, "being let in by the homeserver"))
        return self

    def stops(self) -> None:
        """As when its machine is told to shut down."""
        if self.app:
            self.loop.run(self.app.__aexit__(None, None, None))
        self.app = None

    def knows(self, room: str) -> None:
        """Let a community meet in this room, as if it had been set up."""
        place = Place(PLATFORM, room, "group")
        perform(self.database, [partial(demo, now=clock(), language="en", zone="Europe/Paris", place=place)])

    def meets(self, host: Member, *guests: Member, encrypted: bool = True, version: str = "12", **more: Any) -> str:
        """A room of the host's where copbot works, and these people; answers it once all can read each other."""
        room = host.opens(encrypted=encrypted, version=version, **more)
        self.knows(room)
        host.does("invite", room, self.id)
        host.meets(room, self.id)
        self.keeps(lambda event: isinstance(event, Joined) and event.me and event.place.room == room, "being let in")
        for guest in guests:
            host.does("invite", room, guest.id)
            guest.accepts(lambda invited: invited == room)
            guest.meets(room, self.id)
        return room

    def keeps(self, found: Callable[[Incoming], bool], what: str, *, after: int = 0) -> Incoming:
        """The first event since the start, from number `after` on, for which `found` is true, once the house has it."""
        wanted = lambda: next((event for event in self.adapter.happened[after:] if found(event)), None)  # noqa: E731
        event: Incoming = self.loop.run(self.adapter.bell.until(wanted, what))
        return event

    def says(self, outgoing: Outgoing) -> str:
        """Past the house: what the adapter does with it; answers the event."""
        return str(self.loop.run(self.adapter.send(outgoing)))

    def invites(self) -> str:
        """A code that opens one room to copbot."""
        return str(self.does(lambda tx: invite(tx, clock())))

    def syncs_past(self, member: Member, room: str = "") -> None:
        """Waits until copbot has dealt with all that happened so far: it answers somebody."""
        room = room or self.meets(member)
        first = len(member.heard)
        member.says(room, "/practices")
        member.hears(room=room, by=self.id, after=first)

    def does(self, work: Callable[[Any], Any]) -> Any:
        """Anything to the database, in one transaction."""
        return perform(self.database, [work])[0][0]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.database.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def ends(self) -> None:
        self.stops()
        self.database.dispose()
        self.loop.run(self.between.close())


class Copbots:
    """Makes copbots: `copbots()` is one at work."""

    def __init__(self, loop: Loop, synapse: Synapse, template: bytes) -> None:
        self._loop, self._synapse, self._template = loop, synapse, template
        self._made: list[Copbot] = []

    def __call__(  # the adapter's own settings come last
        self,
        *,
        starts: bool = True,
        open_to_all: bool = True,
        allow: frozenset[str] = frozenset(),
        **settings: Any,
    ) -> Copbot:
        folder = Path(mkdtemp(prefix="copbot-", dir=memory_folder()))
        (folder / "copbot.db").write_bytes(self._template)
        house = House(ask_consent=False, open_to_all=open_to_all, allow=allow, language="en", strict=False)
        self._made.append(Copbot(self._loop, self._synapse, folder, house, **settings))
        return self._made[-1].starts() if starts else self._made[-1]

    def end(self) -> None:
        for copbot in self._made:
            copbot.ends()
            shutil.rmtree(copbot.folder)


@pytest.fixture
def copbots(loop: Loop, synapse: Synapse, template: bytes) -> Iterator[Copbots]:
    """Copbots of this test alone."""
    copbots = Copbots(loop, synapse, template)
    yield copbots
    copbots.end()


@pytest.fixture
def copbot(copbots: Copbots) -> Copbot:
    """One at work."""
    return copbots()
