"""How long copbot takes to begin, and how much memory it holds, against an interpreter that only imports SQLAlchemy."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_TALK = "alice: hello\nalice@bot: /me\nbo@bot: /remind tomorrow 9:00 call Ana\ncy@bot: /find night\n"


def seconds(command: list[str], *, runs: int = 7, stdin: str = "") -> float:
    """Median wall time of a process from start to end, after one run to warm the disk."""
    took = []
    for _ in range(runs + 1):
        begins = time.perf_counter()
        subprocess.run(command, input=stdin, text=True, check=True, capture_output=True)
        took.append(time.perf_counter() - begins)
    return statistics.median(took[1:])


def resident_mb(command: list[str], stdin: str) -> float:
    """The most memory the process held, in megabytes."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    ran = subprocess.run([sys.executable, "-c", code, *command], input=stdin, text=True, check=True, capture_output=True)
    return int(ran.stdout) / (1024 if sys.platform != "darwin" else 1024**2)


def measure() -> dict[str, dict[str, object]]:
    """The figures of this module."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'copbot.db'}"
        chat = [sys.executable, "-m", "copbot", "chat", "--database-url", url, "--lang", "fr"]
        cold = seconds(chat, stdin="alice: bonjour\n")
        bare = seconds([sys.executable, "-c", "import sqlalchemy.orm"])
        held = resident_mb(chat, _TALK)
    return {
        "cold_start_s": {
            "value": round(cold, 2),
            "unit": "s",
            "against": "python importing SQLAlchemy",
            "ratio": round(cold / bare, 1),
        },
        "rss_mb": {"value": round(held), "unit": "MB", "against": "100 MB", "ratio": round(held / 100, 2)},
    }
