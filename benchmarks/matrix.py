"""How fast copbot answers on Matrix, plain and encrypted: beside a bare nio bot on the same homeserver, and bare HTTP."""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from json import load
from pathlib import Path

from tests.matrix.loop import Loop
from tests.matrix.members import Member
from tests.matrix.synapse import PASSWORD, Synapse, memory_folder

MESSAGES = int(os.environ.get("MATRIX_MESSAGES", "150"))
BURST = 60

#: Messages before anything is counted: keys are shared, caches filled.
_WARMING = 10

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """One bot in one kind of room; times in milliseconds."""

    turnaround: float
    round_trip: float
    round_trip_p95: float
    cpu: float
    megabytes: float
    answered: int


class Running:
    """A bot in a process of its own behind a proxy of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", proxy: str) -> None:
        self._process, self._proxy = process, proxy

    def timings(self) -> list[float]:
        """Milliseconds from an answered sync to the message that follows it, since the last time."""
        with urllib.request.urlopen(f"{self._proxy}/timings") as answer:
            return list(load(answer))

    def cpu(self) -> float:
        """Milliseconds of processor it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / _TICKS

    def megabytes(self) -> float:
        """Memory it holds."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """It does nothing meanwhile, and finds all at once when it wakes."""
        self._process.send_signal(signal.SIGSTOP)
        yield
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def running(synapse: Synapse, kind: str, user: str, speaker: str, folder: Path) -> Iterator[Running]:
    """A bot at work; the folder is its own."""
    command = [sys.executable, "-m", "benchmarks.matrix_proxy", synapse.url, speaker]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as proxy:
        url = f"http://127.0.0.1:{int(proxy.stdout.readline())}"  # type: ignore[union-attr]
        with (folder / "bot.log").open("wb") as log:
            command = [sys.executable, "-m", "benchmarks.matrix_bots", kind, url, user, PASSWORD, str(folder)]
            with subprocess.Popen(command, stdout=log, stderr=log) as bot:
                try:
                    yield Running(bot, url)
                finally:
                    bot.terminate()
                    bot.wait(20)
                    proxy.terminate()


def ping(member: Member, room: str, number: int) -> float:
    """Milliseconds until the answer is read."""
    begins, first = time.perf_counter(), len(member.heard)
    member.says(room, f"!ping {number}")
    member.hears(f"Pong {number}.", room=room, after=first)
    return 1000 * (time.perf_counter() - begins)


def burst(member: Member, room: str, bot: Running) -> int:
    """How many of a burst of messages, sent while it slept, it answers; it may take ten seconds after the last."""

    async def all_at_once() -> None:
        words = [{"msgtype": "m.text", "body": f"!ping {1000 + number}"} for number in range(BURST)]
        await asyncio.gather(*(member.put(room, "m.room.message", word) for word in words))

    wanted = {f"Pong {1000 + number}." for number in range(BURST)}
    with bot.asleep():
        member.run(all_at_once())
    try:
        member.waits(lambda: wanted <= set(member.texts(room)), "every answer", patience=10)
    except AssertionError:
        return len(wanted & set(member.texts(room)))
    return BURST


def measured(loop: Loop, synapse: Synapse, kind: str, *, encrypted: bool) -> Measured:
    """One bot in one kind of room."""
    member = Member(loop, synapse, "alice")
    user = synapse.register(kind).id
    with tempfile.TemporaryDirectory() as name, running(synapse, kind, user, member.id, Path(name)) as bot:
        room = member.opens(user, encrypted=encrypted)
        member.meets(room, user)
        for number in range(_WARMING):
            ping(member, room, number)
        bot.timings()
        before = bot.cpu()
        took = [ping(member, room, 100 + number) for number in range(MESSAGES)]
        cpu, turnaround = (bot.cpu() - before) / MESSAGES, statistics.median(bot.timings())
        answered = burst(member, room, bot)
        result = Measured(
            turnaround, statistics.median(took), statistics.quantiles(took, n=20)[18], cpu, bot.megabytes(), answered
        )
    loop.run(member.stop())
    return result


def measure() -> dict[str, dict[str, object]]:
    """The figures of this module."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as name:
        synapse, loop = Synapse(Path(name)), Loop()
        try:
            synapse.start()
            found = {
                (kind, encrypted): measured(loop, synapse, kind, encrypted=encrypted)
                for kind, encrypted in (("bare", False), ("nio", False), ("copbot", False), ("nio", True), ("copbot", True))
            }
        finally:
            loop.close()
            synapse.stop()
    return _figures(found)


def _figures(found: dict[tuple[str, bool], Measured]) -> dict[str, dict[str, object]]:
    floor = found["bare", False]
    figures: dict[str, dict[str, object]] = {}
    for name, encrypted in (("plain", False), ("e2ee", True)):
        ours, nio = found["copbot", encrypted], found["nio", encrypted]
        for what, unit in (("turnaround", "ms"), ("round_trip", "ms"), ("round_trip_p95", "ms"), ("cpu", "ms a message")):
            mine, theirs = getattr(ours, what), getattr(nio, what)
            against = f"bare nio {theirs:.1f}, bare HTTP in plain rooms {getattr(floor, what):.1f}"
            column = f"matrix_{name}_{what}_ms"
            figures[column] = {"value": round(mine, 1), "unit": unit, "against": against, "ratio": round(mine / theirs, 2)}
        figures[f"matrix_{name}_mb"] = {
            "value": round(ours.megabytes),
            "unit": "MB",
            "against": f"bare nio {nio.megabytes:.0f}, bare HTTP {floor.megabytes:.0f}",
            "ratio": round(ours.megabytes / nio.megabytes, 2),
        }
    answered = min(found["copbot", False].answered, found["copbot", True].answered)
    figures["matrix_burst60_answered"] = {
        "value": answered,
        "unit": f"of {BURST}, the fewer of plain and encrypted",
        "against": f"bare nio {min(found['nio', False].answered, found['nio', True].answered)}",
        "ratio": round(answered / BURST, 2),
    }
    return figures
