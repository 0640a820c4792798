"""What goes wrong on demand: refusals, broken gateways, connections left half open, slow answers, answers that get lost."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from tests.telegram.chats import Object
from tests.telegram.refusals import Refusal

#: refuse: an answer of Telegram's; break: one of a gateway before it; hang: none, ever; cut: half of one; lose: the method is
#: carried out, and the answer never arrives; slow: everything in order, only later.
What = Literal["refuse", "break", "hang", "cut", "lose", "slow"]


@dataclass
class Fault:
    """One kind of trouble with some requests, so many times."""

    what: What
    method: str
    times: float
    refusal: Refusal | None = None
    status: int = 502
    seconds: float = 0.0
    meant: Callable[[Object], bool] = lambda _asked: True


@dataclass
class Faults:
    """The trouble there is now. `server.faults.refuse("sendMessage", too_many(3))`"""

    now: list[Fault] = field(default_factory=list)

    def refuse(
        self, method: str, refusal: Refusal, *, times: float = 1, meant: Callable[[Object], bool] = lambda _asked: True
    ) -> None:
        """Answer with this refusal."""
        self.now.append(Fault("refuse", method, times, refusal, meant=meant))

    def add(self, what: What, method: str, *, times: float = 1, status: int = 502, seconds: float = 0) -> None:
        """Any other trouble."""
        self.now.append(Fault(what, method, times, status=status, seconds=seconds))

    def heal(self) -> None:
        """No more trouble."""
        self.now.clear()

    def of(self, method: str, asked: Object) -> Fault | None:
        """The trouble of this request, counted."""
        for fault in self.now:
            if fault.method in (method, "*") and fault.times > 0 and fault.meant(asked):
                fault.times -= 1
                return fault
        return None


async def hang() -> web.StreamResponse:
    """Never answer."""
    await asyncio.Event().wait()
    return web.Response()


async def cut(request: web.Request) -> web.StreamResponse:
    """Begin an answer, then be gone."""
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"ok": true, "result": [{"update_id": 5')
    if request.transport:
        request.transport.abort()
    return response
