"""How fast messages are handled, each kept durably, against the raw commit rate of sqlite3 on the same disk."""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event

from copbot import engine, handlers, jobs
from copbot.adapters.console import GROUP, PLATFORM
from copbot.app import App, clock
from copbot.core.house import House
from copbot.rehearsal import demo
from copbot.store import schema
from copbot.store.base import open_database
from copbot.vocabulary import Adapter, Batch, Outgoing, Person, Place, Said

MEMBERS = 30


class Counter(Adapter):
    """A platform that counts what it is given, and tells when a chat got its answer."""

    platform = PLATFORM

    def __init__(self) -> None:
        self.sent = 0
        self.heard = asyncio.Event()

    async def receive(self, cursor: str):  # type: ignore[no-untyped-def]
        await asyncio.Event().wait()
        yield Batch([], "")

    async def send(self, outgoing: Outgoing) -> str:
        self.sent += 1
        self.heard.set()
        return str(self.sent)

    async def administers(self, place: Place, person: Person) -> bool:
        return False


def message(number: int, text: str, *, private: bool = True) -> Said:
    """Somebody of the thirty writes something."""
    person = Person(PLATFORM, f"member{number % MEMBERS}", f"Member {number % MEMBERS}")
    place = Place(PLATFORM, person.id, "private") if private else GROUP
    return Said(str(number), place, person, str(number), text)


@contextmanager
def fresh(folder: Path) -> Iterator[sa.Engine]:
    """A database file at the newest schema."""
    path = folder / f"{time.perf_counter_ns()}.db"
    database = open_database(f"sqlite:///{path}")
    schema.upgrade(database)
    yield database
    database.dispose()


async def with_app(database: sa.Engine, measure: Callable[[App, Counter], Awaitable[float]]) -> float:
    """Measure on a running copbot in which thirty people are members."""
    platform = Counter()
    async with App(database, House(ask_consent=False, open_to_all=True), [platform]) as app:
        await app.engine.do(partial(demo, now=clock(), language="en", zone="Europe/Paris"))
        for number in range(MEMBERS):
            await app.take(PLATFORM, Batch([message(number, "/me", private=False)], "1"))
        await app.delivery.idle()
        return await measure(app, platform)


async def under_load(app: App, platform: Counter, count: int, *, at_once: int) -> float:
    """Messages handled, answered and marked sent per second, `at_once` of them in flight."""
    numbers = iter(range(count))

    async def one_after_another() -> None:
        for number in numbers:
            await app.take(PLATFORM, Batch([message(number, "/me hours 9 to 20")], str(number)))

    before, begins = platform.sent, time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    await app.delivery.idle()
    assert platform.sent - before == count
    return count / (time.perf_counter() - begins)


async def alone(app: App, platform: Counter, text: str, count: int) -> list[float]:
    """Milliseconds from a message to its answer in the platform's hands, one at a time, kept on disk before."""
    took = []
    for number in range(count):
        platform.heard.clear()
        begins = time.perf_counter()
        await app.take(PLATFORM, Batch([message(number, text)], str(number)))
        await platform.heard.wait()
        took.append(1000 * (time.perf_counter() - begins))
        await app.delivery.idle()
    return took


def raw_commit_ms(folder: Path, count: int = 400) -> float:
    """Median milliseconds of one durable insert with sqlite3 alone."""
    connection = sqlite3.connect(folder / f"raw{time.perf_counter_ns()}.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT)")
    took = []
    for _ in range(count):
        begins = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO words (text) VALUES (?)", ("x" * 200,))
        connection.execute("COMMIT")
        took.append(1000 * (time.perf_counter() - begins))
    connection.close()
    return statistics.median(took)


@contextmanager
def slow_disk(database: sa.Engine, seconds: float = 0.010) -> Iterator[None]:
    """Every commit takes 10 ms longer, as on a card or a spinning disk."""

    def wait(_connection: sa.Connection) -> None:
        time.sleep(seconds)

    event.listen(database, "commit", wait)
    yield
    event.remove(database, "commit", wait)


@contextmanager
def one_by_one() -> Iterator[None]:
    """The same code, committing each piece of work by itself."""
    together, engine._TOGETHER = engine._TOGETHER, 1
    yield
    engine._TOGETHER = together


def measure() -> dict[str, dict[str, object]]:
    """The figures of this module."""
    handlers.load()
    jobs.load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with fresh(folder) as database:
            busy = asyncio.run(with_app(database, partial(under_load, count=6000, at_once=64)))
        with fresh(folder) as database:
            raw = raw_commit_ms(folder)
            took: list[float] = []

            async def lone(app: App, platform: Counter) -> float:
                took.extend(await alone(app, platform, "/me hours 9 to 20", 400))
                return 0

            asyncio.run(with_app(database, lone))
        rates = {}
        for label in ("together", "single"):
            with fresh(folder) as database, slow_disk(database):
                load = partial(under_load, count=600, at_once=64)
                if label == "single":
                    with one_by_one():
                        rates[label] = asyncio.run(with_app(database, load))
                else:
                    rates[label] = asyncio.run(with_app(database, load))
    median, p95 = statistics.median(took), statistics.quantiles(took, n=20)[18]
    return {
        "handled_per_s": {
            "value": round(busy),
            "unit": "messages/s",
            "against": "raw sqlite3 commits/s",
            "ratio": round(busy * raw / 1000, 2),
        },
        "handled_vs_single_commit": {
            "value": round(rates["together"]),
            "unit": "messages/s at 10 ms a commit",
            "against": "the same, one by one",
            "ratio": round(rates["together"] / rates["single"], 1),
        },
        "lone_median_ms": {
            "value": round(median, 2),
            "unit": "ms",
            "against": "twice one raw commit plus 1 ms",
            "ratio": round(median / (2 * raw + 1), 2),
        },
        "lone_p95_ms": {"value": round(p95, 2), "unit": "ms", "against": "raw commit", "ratio": round(p95 / raw, 1)},
    }
