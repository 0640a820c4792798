"""What it costs to take a message of parole libre in and to let it out again, but for the deliberate cost of its code."""

import os
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.handling import fresh
from copbot import jobs
from copbot.adapters.console import Console
from copbot.core import due
from copbot.core.house import House
from copbot.core.sealing import Derived, Keyring
from copbot.engine import perform
from copbot.features.parole.audience import Audience
from copbot.features.parole.intake import promote
from copbot.features.parole.rules import rules
from copbot.features.parole.vault import Vault
from copbot.rehearsal import Rehearsal, parse_start
from copbot.vocabulary import Person

MESSAGES = 300
MEMBERS = 20


def measure() -> dict[str, dict[str, object]]:
    """Milliseconds a message, on files as in life: sealed into the pool, each in a commit; and out of it with all others."""
    jobs.load()
    begins = parse_start("2026-03-10T09:00", "Europe/Paris")
    with tempfile.TemporaryDirectory() as folder, fresh(Path(folder)) as database:
        vault = Vault(f"sqlite:///{folder}/freespeech.db", Keyring.at(Path(folder) / "freespeech.key"))
        house = House(chance=random.Random(1), ask_consent=False, vault=vault)
        rehearsal = Rehearsal(database, house, Console(lambda _line: None), begins)
        rehearsal.open_demo("en", "Europe/Paris")
        for number in range(MEMBERS):
            rehearsal.line(f"member{number}: hello")
        took = [_took(vault, Audience(rules(house), MEMBERS, [], paused=False), number) for number in range(MESSAGES)]
        clock = time.perf_counter()
        perform(database, [lambda tx: due.tick(tx, parse_start("2026-03-10T19:00", "Europe/Paris"), house)])
        out = 1000 * (time.perf_counter() - clock) / MESSAGES
        vault.engine.dispose()
    median = statistics.median(took)
    return {
        "parole_ms": {"value": round(median, 2), "unit": "ms", "against": "its limit, 5 ms", "ratio": round(median / 5, 2)},
        "parole_release_ms": {"value": round(out, 2), "unit": "ms", "against": "its limit, 5 ms", "ratio": round(out / 5, 2)},
    }


def _took(vault: Vault, here: Audience, number: int) -> float:
    now = datetime(2026, 3, 10, 9, tzinfo=UTC)
    exchange = vault.begin(Person("console", f"member{number}", ""), 1, "card", now, text="Nobody helps me at night. " * 30)
    exchange.message = vault.name()
    derived = Derived(os.urandom(32).hex(), os.urandom(32))
    begins = time.perf_counter()
    promote(vault, exchange, derived, "group", here, here.rules.pseudonyms["en"], now.date())
    return 1000 * (time.perf_counter() - begins)
