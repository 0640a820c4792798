"""A copbot to be killed: it reads numbered messages from a wire that remembers nothing, and writes down what it sends."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import sqlalchemy as sa

from copbot.adapters.console import GROUP, PLATFORM
from copbot.app import App, clock
from copbot.core.commands import command
from copbot.core.context import Context, Conversation
from copbot.core.due import job
from copbot.core.house import House
from copbot.core.words import _
from copbot.rehearsal import demo
from copbot.store import schedules
from copbot.store.base import open_database
from copbot.store.schedules import Schedule
from copbot.vocabulary import Adapter, Batch, Outgoing, Person, Place, Said


@command("count", "compter", help=_("Counts."))
def count(talk: Conversation, number: int) -> None:
    """An effect that shows if it happened twice: each call leaves a row."""
    schedules.put(talk.tx, Schedule(kind="never", subject=number, state={}, next_at=talk.now.replace(year=2100)))
    talk.reply(_("Counted {number}.", number=number))


@job("crashing.fire")
def fire(context: Context, schedule: Schedule) -> None:
    """The same for what comes at a time."""
    schedules.put(
        context.tx, Schedule(kind="fired", subject=schedule.subject, state={}, next_at=context.now.replace(year=2100))
    )
    context.announce(_("Fired {number}.", number=schedule.subject))


class Wire(Adapter):
    """Hands out message after message for ever; appends each sent message, with its number, to a file."""

    platform = PLATFORM

    def __init__(self, sent: Path, last: int) -> None:
        self._sent = os.open(sent, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._last = last
        self.read = asyncio.Event()

    async def receive(self, cursor: str) -> AsyncIterator[Batch]:
        first = int(cursor or 0) + 1
        while first <= self._last:
            numbers = range(first, min(first + 3, self._last + 1))
            yield Batch([_said(number) for number in numbers], str(numbers[-1]))
            first = numbers[-1] + 1
        self.read.set()

    async def send(self, outgoing: Outgoing) -> str:
        os.write(self._sent, f"{outgoing.id}\t{outgoing.text}\n".encode())
        os.write(sys.stdout.fileno(), b"sent\n")
        return str(outgoing.id)

    async def administers(self, place: Place, person: Person) -> bool:
        return False


def _said(number: int) -> Said:
    person = Person(PLATFORM, f"member{number % 5}", f"Member {number % 5}")
    return Said(str(number), GROUP, person, str(number), f"/count {number}")


_PLANNED = sa.select(sa.func.count()).where(Schedule.kind == "crashing.fire")


async def work(folder: Path, last: int, url: str) -> None:
    database = open_database(url)
    wire = Wire(folder / "sent.txt", last)
    async with App(database, House(ask_consent=False), [wire]) as app:
        await app.engine.do(lambda tx: demo(tx, clock(), "en", "Europe/Paris"))
        await wire.read.wait()
        while await app.engine.do(lambda tx: tx.scalar(_PLANNED)):  # noqa: ASYNC110 - it is the database that tells
            await asyncio.sleep(0.01)
        await app.delivery.idle()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
