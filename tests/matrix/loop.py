"""An event loop in a thread of its own: clients go on listening while tests speak line by line."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

#: Seconds after which what was waited for will not come any more. Generous: machines are shared.
PATIENCE = 15.0


class Loop:
    """`run` waits for what a coroutine answers; `start` lets one go on behind the scenes."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="clients", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], patience: float = 2 * PATIENCE) -> T:
        """What it answers, or raises."""
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, patience), self._loop).result()

    def start(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Let it go on behind the scenes."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Stop what still goes on."""
        asyncio.run_coroutine_threadsafe(_stop_the_rest(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _stop_the_rest() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class Bell:
    """Rings whenever something new was heard; for waiting until something is so."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def until(self, found: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
        """The first thing `found` answers; it is asked again each time the bell rings."""
        try:
            async with asyncio.timeout(patience):
                while not (answer := found()):
                    await self._rung.wait()
                return answer
        except TimeoutError:
            raise AssertionError(f"never came: {what}") from None


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    """One for all tests of a process."""
    loop = Loop()
    yield loop
    loop.close()
