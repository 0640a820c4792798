"""Which messages the platforms have taken, noted the moment they say so, until the database knows as much.

Between the answer of a platform and the commit that notes it lie some milliseconds, in which several chats are written to. Were
copbot killed then, all of these messages would go out once more. A line in a file is there at once and outlives the process.
"""

import json
import os
from datetime import datetime
from pathlib import Path

import structlog

log = structlog.get_logger()


class Journal:
    """One file, for its owner alone; it holds numbers, never words. Without a path nothing is noted."""

    def __init__(self, path: Path | None) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600) if path else None

    def note(self, id: int, created_at: datetime, message: str) -> None:
        """The platform has this message and calls it `message`. The date tells it from another of that number."""
        if self._file is not None:
            try:
                os.write(self._file, json.dumps([id, created_at.isoformat(), message]).encode() + b"\n")
            except OSError as problem:  # a full disk: then a crash may repeat it, and nothing else
                log.warning("journal failed", error=type(problem).__name__)

    def read(self) -> list[tuple[int, datetime, str]]:
        """What was noted and not cleared. A line that a crash cut off says nothing."""
        found: list[tuple[int, datetime, str]] = []
        content = os.pread(self._file, os.fstat(self._file).st_size, 0) if self._file is not None else b""
        for line in content.splitlines():
            try:
                id, created_at, message = json.loads(line)
                found.append((int(id), datetime.fromisoformat(created_at), str(message)))
            except (ValueError, TypeError):
                continue
        return found

    def clear(self) -> None:
        """The database knows it all."""
        if self._file is not None:
            os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
