"""A crash anywhere loses nothing and does nothing twice."""

import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.engine import perform
from copbot.rehearsal import demo
from copbot.store import schedules
from copbot.store.schedules import Schedule

#: Kills, messages and scheduled things, on each database.
SIZES = {"sqlite": (12, 1500, 300), "postgresql": (5, 500, 150)}

LONG_AGO = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_kills_lose_nothing_and_double_nothing(both: sa.Engine, tmp_path: Path) -> None:
    kills, messages, planned = SIZES[both.dialect.name]
    perform(both, [lambda tx: _plan(tx, planned)])
    url = both.url.render_as_string(hide_password=False)
    both.dispose()
    command = [sys.executable, "-m", "tests.crashing", str(tmp_path), str(messages), url]
    chance = random.Random(7)
    killed = 0
    for _ in range(kills):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            for _line in range(chance.randrange(5, 150)):
                process.stdout.readline()  # type: ignore[union-attr]
            process.send_signal(signal.SIGKILL)
        killed += process.returncode == -signal.SIGKILL
    subprocess.run(command, check=True, timeout=60, stdout=subprocess.DEVNULL)

    with both.connect() as connection:
        done = {kind: list(connection.scalars(_DONE, {"kind": kind})) for kind in ("never", "fired")}
        waiting = connection.scalar(sa.text("SELECT count(*) FROM outbox WHERE state = 'waiting'"))
    assert done["never"] == list(range(1, messages + 1))
    assert done["fired"] == list(range(1, planned + 1))
    assert waiting == 0
    sent = Counter(line.split("\t")[1] for line in (tmp_path / "sent.txt").read_text().splitlines())
    counted, fired = (
        {f"{word} {n}." for n in range(1, most + 1)} for word, most in (("Counted", messages), ("Fired", planned))
    )
    assert set(sent) == counted | fired
    assert killed >= kills // 2, "the kills must land while there is work"
    assert sum(sent.values()) - len(sent) <= killed, "at most one message twice per kill"


_DONE = sa.text("SELECT subject FROM schedules WHERE kind = :kind ORDER BY subject")


def _plan(tx: Session, planned: int) -> None:
    """Things that are due since long, each once."""
    community = demo(tx, LONG_AGO, "en", "Europe/Paris")
    for number in range(1, planned + 1):
        one = Schedule(kind="crashing.fire", subject=number, state={}, community_id=community.id, next_at=LONG_AGO)
        schedules.put(tx, one)
