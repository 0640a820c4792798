"""The rules that scenarios play by: those of config/parole.yaml, but for a few."""

import atexit
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from copbot.core.house import DEFAULTS

#: Ticks several times a day, so that a scenario need not last for weeks; no week holds texts back.
OFTEN: dict[str, Any] = {"ticks": ["12:00", "16:00", "20:00"], "weeks": False}

#: As many texts as one likes.
PLENTY: dict[str, Any] = OFTEN | {
    "threads_a_day": 10_000,
    "messages_a_group": 10_000,
    "messages_a_thread": 1000,
    "tries_an_hour": 1000,
    "keep_days": 10,
    "cap_days": 5,
}


def config(changes: Mapping[str, Any]) -> Path:
    """A folder of configuration in which these rules are otherwise."""
    return _config(yaml.safe_dump(dict(changes)))


@lru_cache
def _config(changes: str) -> Path:
    rules = yaml.safe_load((DEFAULTS / "parole.yaml").read_text(encoding="utf-8")) | yaml.safe_load(changes)
    made = TemporaryDirectory(prefix="copbot-rules-")
    atexit.register(made.cleanup)
    folder = Path(made.name)
    (folder / "parole.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    return folder
