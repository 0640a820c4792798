"""copbot on Telegram, which keeps everything, against bare echo bots, which keep nothing, on one loopback server in one run."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.telegram_bots import PACED
from benchmarks.telegram_wire import PEOPLE, Wire
from tests.telegram.limits import Limits

#: Something that copbot keeps and answers with one message; the others say it back.
WORDS = "/me hours 9 to 20"

COPBOT = "copbot"
BARE = ("PTB", "PTB, 32 at once", "aiogram", "telebot")

_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """One bot: milliseconds of a round trip and of processor time, messages a second in a burst, and with 80 ms added."""

    p50: float = 0.0
    p95: float = 0.0
    cpu: float = 0.0
    burst: float = 0.0
    slow: float = 0.0

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:.1f} ms, p95 {self.p95:.1f} ms, {self.cpu:.2f} ms of CPU, "
            f"burst {self.burst:.0f}/s, with 80 ms {self.slow:.0f}/s"
        )


class Bot:
    """A bot at work in its own process, and the wire to it."""

    def __init__(self, wire: Wire, process: subprocess.Popen[bytes]) -> None:
        self.wire = wire
        self._process = process

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _SECOND

    async def paced(self, count: int, per_second: float = 40) -> tuple[float, float, float]:
        """Median and 95th percentile of the round trip, and processor time per message, in milliseconds."""
        begins, cpu = time.perf_counter(), self.cpu()
        before = self.wire.taken
        self.wire.took.clear()
        for number in range(count):
            await asyncio.sleep(begins + number / per_second - time.perf_counter())
            self.wire.write(number % PEOPLE + 1, WORDS)
        await self.wire.answered(before + count)
        took = [1000 * one for one in self.wire.took]
        return statistics.median(took), statistics.quantiles(took, n=20)[18], 1000 * (self.cpu() - cpu) / count

    async def burst(self, count: int) -> float:
        """Messages a second, all of them there at once."""
        before, begins = self.wire.taken, time.perf_counter()
        for number in range(count):
            self.wire.write(number % PEOPLE + 1, WORDS)
        await self.wire.answered(before + count)
        return count / (self.wire.last - begins)


@asynccontextmanager
async def at_work(name: str) -> AsyncIterator[Bot]:
    """The bot of this name, warmed up."""
    with tempfile.TemporaryDirectory() as folder:
        async with Wire() as wire:
            command = [sys.executable, "-m", "benchmarks.telegram_bots", name, wire.base_url, folder]
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: ASYNC220 - it starts at once
            try:
                await wire.drained()  # it listens: what was said before it came would not count
                wire.settle()
                for person in range(1, PEOPLE + 1):
                    wire.write(person, WORDS)
                await wire.answered(PEOPLE)
                await wire.drained()
                await asyncio.sleep(1)  # what copbot says to the one who let it in
                yield Bot(wire, process)
            finally:
                process.kill()
                process.wait()


async def measured(name: str) -> Measured:
    """One bot, all of it."""
    found = Measured()
    async with at_work(name) as bot:
        found.p50, found.p95, found.cpu = await bot.paced(400)
        found.burst = await bot.burst(3000)
        bot.wire.added = 0.080
        found.slow = await bot.burst(120 if name == "PTB" else 1000)
    return found


async def delivered(count: int) -> tuple[float, int]:
    """Seconds to deliver so many private messages within Telegram's limits, and how many times the server had to refuse."""
    async with at_work(PACED) as bot:
        await asyncio.sleep(2)
        bot.wire.limits = Limits()
        rate = await bot.burst(count)
        return count / rate, bot.wire.limits.refused


def measure() -> dict[str, dict[str, object]]:
    """The figures of this module; each bot's own are printed as they come."""
    found = {}
    for name in (*BARE, COPBOT):
        found[name] = asyncio.run(measured(name))
        print(f"{name}: {found[name]}", flush=True)
    seconds, refused = asyncio.run(delivered(1000))
    print(f"1,000 private messages: {seconds:.1f} s, refused {refused} times", flush=True)
    mine, ptb, aiogram, telebot = (found[name] for name in (COPBOT, "PTB", "aiogram", "telebot"))
    return {
        "telegram_p50_ms": _figure(mine.p50, "ms", f"bare PTB, {ptb.p50:.1f}", mine.p50 / ptb.p50, 1),
        "telegram_p95_ms": _figure(mine.p95, "ms", f"bare PTB, {ptb.p95:.1f}", mine.p95 / ptb.p95, 1),
        "telegram_cpu_ms": _figure(mine.cpu, "ms of CPU a message", f"bare PTB, {ptb.cpu:.2f}", mine.cpu / ptb.cpu, 2),
        "telegram_burst_per_s": _figure(mine.burst, "messages/s", f"aiogram, {aiogram.burst:.0f}", mine.burst / aiogram.burst),
        "telegram_burst_80ms_per_s": _figure(mine.slow, "messages/s", f"telebot, {telebot.slow:.0f}", mine.slow / telebot.slow),
        "telegram_delivery_vs_limit": _figure(
            seconds, f"s for 1,000, {refused} refused", "30 a second", seconds / (1000 / 30), 1
        ),
    }


def _figure(value: float, unit: str, against: str, ratio: float, digits: int = 0) -> dict[str, object]:
    return {"value": round(value, digits or None), "unit": unit, "against": against, "ratio": round(ratio, 2)}
