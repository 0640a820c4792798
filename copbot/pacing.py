"""When something may be said: a platform's limits, kept to exactly, so that it never has to refuse."""

from collections import deque
from collections.abc import Hashable

from copbot.vocabulary import Pace

#: What is sent evenly does not arrive evenly: a little more room than is asked for keeps within the limits all the same.
_MARGIN = 1.02

_MINUTE = 60.0


class Pacer:
    """Takes note of what is said and tells when more may be. Times are seconds on a clock that does not jump.

    At most so many in any second overall and in any minute in a group, and so long between two in the same chat. As long as a
    limit is not reached, nothing waits.
    """

    def __init__(self, pace: Pace | None) -> None:
        self._pace = pace
        self._overall: deque[float] = deque(maxlen=max(1, int(pace.overall_per_second)) if pace else 1)
        self._chats: dict[Hashable, deque[float]] = {}

    def free_at(self) -> float:
        """When something may be said at all."""
        if self._pace is None or len(self._overall) < (self._overall.maxlen or 1):
            return 0.0
        return self._overall[0] + _MARGIN

    def chat_free_at(self, chat: Hashable) -> float:
        """When something may be said in this chat."""
        said = self._chats.get(chat)
        if self._pace is None or not said:
            return 0.0
        next_one = said[-1] + self._pace.seconds_per_chat * _MARGIN
        return max(next_one, said[0] + _MINUTE * _MARGIN) if len(said) == said.maxlen else next_one

    def said(self, chat: Hashable, now: float, *, private: bool) -> None:
        """Something is being said in this chat."""
        if self._pace is None:
            return
        self._overall.append(now)
        most = 1_000 if private else self._pace.per_group_minute
        times = self._chats.pop(chat, None) or deque(maxlen=most)
        times.append(now)
        self._chats[chat] = times
        self._forget(now)

    def touched(self, now: float) -> None:
        """Something was done that counts overall, and is no message in a chat."""
        self._overall.append(now)

    def _forget(self, now: float) -> None:
        """Chats in which nothing was said for a while need not be remembered. The longest silent come first."""
        while self._chats:
            chat, times = next(iter(self._chats.items()))
            if now - times[-1] <= _MINUTE * _MARGIN:
                return
            del self._chats[chat]
