"""Telegram's flood limits, enforced to the letter: 30 a second overall, one a second per chat, 20 a minute per group."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.telegram.refusals import too_many


@dataclass
class Limits:
    """Takes note of what is sent, and refuses what comes too soon; `refused` counts it."""

    overall: int = 30
    per_group_minute: int = 20
    refused: int = 0
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def take(self, chat: int, now: float) -> None:
        """One message to this chat. Raises what Telegram answers when it is one too many."""
        waits = [_wait(self._all, self.overall, 1.0, now), _wait(self._chats[chat], 1, 1.0, now, keep=60.0)]
        if chat < 0:
            waits.append(_wait(self._chats[chat], self.per_group_minute, 60.0, now))
        if (wait := max(waits)) > 0:
            self.refused += 1
            raise too_many(math.ceil(wait))
        self._all.append(now)
        self._chats[chat].append(now)


def _wait(times: deque[float], most: int, span: float, now: float, *, keep: float = 0) -> float:
    """Seconds until another fits: at most `most` in any stretch of `span` seconds."""
    while times and times[0] <= now - max(span, keep):
        times.popleft()
    recent = [time for time in times if time > now - span] if keep else times
    return recent[-most] + span - now if len(recent) >= most else 0.0
