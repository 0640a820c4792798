"""What each command costs by itself: its own example, said by a facilitator in a community of thirty, kept durably."""

import random
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.handling import MEMBERS, fresh
from copbot.adapters.console import Console
from copbot.core import commands
from copbot.core.house import House
from copbot.core.words import Words
from copbot.rehearsal import Rehearsal, parse_start

RUNS = 25


def measure() -> dict[str, dict[str, object]]:
    """Median and p95 of each command's first example, in milliseconds."""
    begins = parse_start("2026-03-02T09:00", "Europe/Paris")
    figures: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as folder, fresh(Path(folder)) as database:
        rehearsal = Rehearsal(database, House(chance=random.Random(1), ask_consent=False), Console(lambda _line: None), begins)
        rehearsal.open_demo("en", "Europe/Paris")
        for number in range(MEMBERS):
            rehearsal.line(f"member{number}: hello")
            rehearsal.line(f"member{number}: /share Picture cards {number}: we drew the evening in {number} pictures")
        words = Words("en", "Europe/Paris", begins)
        for command in commands.all_commands():
            if command.examples:
                took = [_took(rehearsal, f"member0@bot: {words(command.examples[0])}") for _ in range(RUNS)]
                median, p95 = statistics.median(took), statistics.quantiles(took, n=20)[18]
                name = "command_" + command.names[0].replace(" ", "_") + "_ms"
                figures[name] = {"value": round(median, 2), "unit": "ms", "against": "its p95", "ratio": round(p95 / median, 1)}
    return figures


def _took(rehearsal: Rehearsal, line: str) -> float:
    begins = time.perf_counter()
    rehearsal.line(line)
    return 1000 * (time.perf_counter() - begins)
