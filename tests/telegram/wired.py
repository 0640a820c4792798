"""Tests on the wire: they are coroutines with a server of their own, and end within half a minute."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from tests.telegram.server import Server

#: Seconds after which a test has hung.
_PATIENCE = 30


def wired(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run the coroutine with a fresh `server`; everything else it asks for are fixtures."""

    async def play(fixtures: dict[str, Any]) -> None:
        async with asyncio.timeout(_PATIENCE), Server() as server:
            await test(server=server, **fixtures)

    @functools.wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(play(fixtures))

    signature = inspect.signature(test)
    others = [one for name, one in signature.parameters.items() if name != "server"]
    run.__signature__ = signature.replace(parameters=others, return_annotation=None)  # type: ignore[attr-defined]
    return run
