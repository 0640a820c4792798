"""The way to one platform: what waits for it, what is under way, and how much may be at once."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from copbot.lines import Chat, Line
from copbot.store.outbox import Letter
from copbot.vocabulary import Adapter

#: So many messages are under way to a platform at once, at most.
_AT_ONCE = 128

#: What is under way when copbot is killed goes out once more. So it is one message as long as answers come within so many
#: milliseconds; where they take longer, so many more for each; and one more for so many that were said without a pause.
_FAST = 30.0
_PER_MILLISECOND = 1.2
_IN_A_ROW = 150

#: Seconds after which a message that is still under way holds up no other.
_OVERDUE = 0.25


@dataclass
class Route:
    """One platform: what waits for it, and what is under way."""

    adapter: Adapter
    line: Line[Letter | int]
    open: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)
    sending: dict[Chat, float] = field(default_factory=dict)
    in_a_row: int = 0
    took: deque[float] = field(default_factory=lambda: deque(maxlen=5))

    def full_until(self, now: float) -> float:
        """When more may be under way, if nothing is answered before: the slower answers come, the more; 0 for at once."""
        milliseconds = 1000 * min(self.took, default=0.0)
        most = 1 + self.in_a_row // _IN_A_ROW + (int(milliseconds * _PER_MILLISECOND) if milliseconds > _FAST else 0)
        due = [began + _OVERDUE for began in self.sending.values() if began + _OVERDUE > now]
        if len(self.sending) >= _AT_ONCE or len(self.under_way) >= 2 * _AT_ONCE:
            return now + _OVERDUE
        return min(due) if len(due) >= most else 0.0
