"""A crash anywhere loses nothing and does nothing twice."""

import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

KILLS = 12
MESSAGES = 1500


def test_kills_lose_nothing_and_double_nothing(database: sa.Engine, tmp_path: Path) -> None:
    database.dispose()
    command = [sys.executable, "-m", "tests.crashing", str(tmp_path), str(MESSAGES)]
    chance = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            for _line in range(chance.randrange(5, 150)):
                process.stdout.readline()  # type: ignore[union-attr]
            process.send_signal(signal.SIGKILL)
        killed += process.returncode == -signal.SIGKILL
    subprocess.run(command, check=True, timeout=60, stdout=subprocess.DEVNULL)

    with database.connect() as connection:
        done = (
            connection.execute(sa.text("SELECT subject FROM schedules WHERE kind = 'never' ORDER BY subject")).scalars().all()
        )
        waiting = connection.scalar(sa.text("SELECT count(*) FROM outbox WHERE state = 'waiting'"))
    assert done == list(range(1, MESSAGES + 1))
    assert waiting == 0
    sent = Counter(line.split("\t")[1] for line in (tmp_path / "sent.txt").read_text().splitlines())
    assert set(sent) == {f"Counted {number}." for number in range(1, MESSAGES + 1)}
    assert killed >= KILLS // 2, "the kills must land while there is work"
    assert sum(sent.values()) - len(sent) <= killed, "at most one message twice per kill"
