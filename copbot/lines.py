"""Who is next: what waits to be said on a platform, each chat in order, at the platform's pace. No clock, no waiting here."""

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from copbot.pacing import Pacer

T = TypeVar("T")

#: Platform, room, whether it is private.
Chat = tuple[str, str, bool]


@dataclass(slots=True)
class _Queue(Generic[T]):
    items: deque[T] = field(default_factory=deque)
    busy: bool = False
    bulk: bool = False
    rests_until: float = 0.0
    departed: float | None = None


class Line(Generic[T]):
    """Everything that waits for one platform. Times are seconds on a clock that does not jump.

    What is said to many at once (`bulk`) leaves the way free for answers. `is_act` tells of something that is no message: it
    keeps its place in the chat's order, and does not use up the chat's turn.
    """

    def __init__(self, pacer: Pacer, is_act: Callable[[T], bool] = lambda _item: False) -> None:
        self._pacer = pacer
        self._is_act = is_act
        self._queues: dict[Chat, _Queue[T]] = {}
        self._front: deque[Chat] = deque()
        self._back: deque[Chat] = deque()
        self._resting: list[tuple[float, int, Chat]] = []
        self._planned: list[tuple[float, int, Chat, T]] = []
        self._count = itertools.count()

    def __bool__(self) -> bool:
        """Whether anything waits or is under way; what is planned for later does not count."""
        return bool(self._queues)

    def put(self, chat: Chat, item: T, now: float, *, bulk: bool = False) -> None:
        """Let this wait, after what already does for the same chat."""
        known = self._queues.get(chat)
        queue = known or self._queues.setdefault(chat, _Queue(bulk=bulk))
        queue.items.append(item)
        if known is None or (queue.bulk and not bulk):
            queue.bulk = bulk
            self._line_up(chat, queue, now)

    def plan(self, chat: Chat, item: T, when: float) -> None:
        """Let this wait from then on. Until then it holds nothing up."""
        heapq.heappush(self._planned, (when, next(self._count), chat, item))

    def next(self, now: float) -> Chat | None:
        """The chat whose first item may be said now; it is busy until `done`."""
        self._awake(now)
        while (self._front or self._back) and self._pacer.free_at() <= now:
            chat = (self._front or self._back).popleft()
            queue = self._queues.get(chat)
            if queue is None or queue.busy:
                continue
            if self._free_at(chat, queue) > now:
                self._line_up(chat, queue, now)
                continue
            queue.busy = True
            queue.departed = now
            self._pacer.departs()
            return chat
        return None

    def head(self, chat: Chat) -> T:
        """What is to be said first in this chat."""
        return self._queues[chat].items[0]

    def answered(self, chat: Chat, now: float) -> None:
        """The platform answered to the first item of this chat, whatever it said."""
        queue = self._queues[chat]
        if queue.departed is not None:
            message = None if self._is_act(queue.items[0]) else chat
            self._pacer.answered(queue.departed, now, message, private=chat[2])
            queue.departed = None

    def done(self, chat: Chat, now: float) -> None:
        """The first item is dealt with."""
        queue = self._queues[chat]
        queue.items.popleft()
        self._go_on(chat, queue, now)

    def again(self, chat: Chat, item: T, now: float, rest: float = 0.0) -> None:
        """The first item, or this that stays of it, is to be said after a rest. What comes after it waits for it."""
        queue = self._queues[chat]
        queue.items[0] = item
        queue.rests_until = now + rest
        self._go_on(chat, queue, now)

    def wakes_at(self) -> float | None:
        """When `next` is worth asking again, if nothing else happens until then."""
        moments = [heap[0][0] for heap in (self._resting, self._planned) if heap]
        if (self._front or self._back) and (free := self._pacer.free_at()) < math.inf:
            moments.append(free)
        return min(moments, default=None)

    def _go_on(self, chat: Chat, queue: _Queue[T], now: float) -> None:
        queue.busy = False
        if queue.departed is not None:
            queue.departed = None
            self._pacer.taken_back()
        if queue.items:
            self._line_up(chat, queue, now)
        else:
            del self._queues[chat]

    def _line_up(self, chat: Chat, queue: _Queue[T], now: float) -> None:
        if queue.busy:
            return
        if (free := self._free_at(chat, queue)) > now:
            heapq.heappush(self._resting, (free, next(self._count), chat))
        else:
            (self._back if queue.bulk else self._front).append(chat)

    def _free_at(self, chat: Chat, queue: _Queue[T]) -> float:
        paced = 0.0 if self._is_act(queue.items[0]) else self._pacer.chat_free_at(chat)
        return max(queue.rests_until, paced)

    def _awake(self, now: float) -> None:
        while self._planned and self._planned[0][0] <= now:
            _when, _count, chat, item = heapq.heappop(self._planned)
            self.put(chat, item, now)
        while self._resting and self._resting[0][0] <= now:
            _when, _count, chat = heapq.heappop(self._resting)
            if (queue := self._queues.get(chat)) and not queue.busy:
                (self._back if queue.bulk else self._front).append(chat)
