"""When something may be said: a platform's limits, kept to exactly, so that it never has to refuse."""

import math
from bisect import insort
from collections import deque
from collections.abc import Hashable

from copbot.vocabulary import Pace

#: A little more room than is asked for, as clocks differ.
_MARGIN = 1.005

_MINUTE = 60.0

#: So many answers tell how long the way there and back takes at least.
_SAMPLES = 200


class Pacer:
    """Takes note of what is said and tells when more may be. Times are seconds on a clock that does not jump.

    At most so many in any second overall and in any minute in a group, and so long between two in the same chat. As long as a
    limit is not reached, nothing waits.

    The platform counts what arrives, and nobody knows when that was: some time between departure and answer. A way that always
    takes as long does not matter, what arrives late does: so much as it took longer than the fastest, it may have arrived
    later. So each counts from its answer, less the shortest time that any took lately.
    """

    def __init__(self, pace: Pace | None) -> None:
        self._pace = pace
        self._most = int(pace.overall_per_second) if pace else 0
        self._under_way = 0
        self._recent: list[float] = []
        self._took: deque[float] = deque(maxlen=_SAMPLES)
        self._chats: dict[Hashable, deque[float]] = {}

    def free_at(self) -> float:
        """When something may be said at all; infinity if first something has to be answered."""
        if self._pace is None:
            return 0.0
        free = self._most - self._under_way
        if free <= 0:
            return math.inf
        return self._recent[-free] + _MARGIN if len(self._recent) >= free else 0.0

    def chat_free_at(self, chat: Hashable) -> float:
        """When something may be said in this chat."""
        said = self._chats.get(chat)
        if self._pace is None or not said:
            return 0.0
        next_one = said[-1] + self._pace.seconds_per_chat * _MARGIN
        full = len(said) >= self._pace.per_group_minute
        return max(next_one, said[0] + _MINUTE * _MARGIN) if full else next_one

    def departs(self) -> None:
        """Something is being said; `answered` or `taken_back` ends it."""
        self._under_way += 1

    def taken_back(self) -> None:
        """It was not said after all."""
        self._under_way -= 1

    def answered(self, departed: float, now: float, chat: Hashable = None, *, private: bool = True) -> None:
        """It was, and the platform answered. With `chat`, it was a message there."""
        self._under_way -= 1
        if self._pace is None:
            return
        self._took.append(now - departed)
        said = now - min(self._took)
        self._recent = [time for time in self._recent if now - time <= _MARGIN]
        insort(self._recent, said)
        if chat is not None:
            times = self._chats.pop(chat, None) or deque(maxlen=1 if private else self._pace.per_group_minute)
            times.append(said)
            self._chats[chat] = times
            self._forget(now)

    def _forget(self, now: float) -> None:
        """Chats in which nothing was said for a while need not be remembered. The longest silent come first."""
        while self._chats:
            chat, times = next(iter(self._chats.items()))
            if now - times[-1] <= _MINUTE * _MARGIN:
                return
            del self._chats[chat]
