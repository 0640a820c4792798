"""The one database thread: whatever waits shares a commit, and either all of a piece of work is kept or nothing."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from copbot.store import outbox
from copbot.store.base import sweep
from copbot.store.outbox import Letter
from copbot.store.transactions import Lost, Transaction

log = structlog.get_logger()

T = TypeVar("T")
Work = Callable[[Session], Any]

#: So many pieces of work share one commit at most.
_TOGETHER = 256


class Performer:
    """Does work in one transaction after another, on one thread at a time."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self._tx = Transaction(database)

    def do(self, works: Sequence[Work]) -> tuple[list[Any], list[Letter]]:
        """Do all the work in one transaction; answer the results and the messages that now wait to be sent."""
        try:
            results, letters, erased = _done(self._tx, works)
        except (Lost, DBAPIError) as lost:
            log.info("done anew with care", error=type(lost.__cause__ or lost).__name__)
            with Transaction(self._database, careful=True) as careful:
                results, letters, erased = _done(careful, works)
        if erased:
            self._tx.forget()
            _sweep(self._database)
        return results, letters


def perform(database: sa.Engine, works: Sequence[Work]) -> tuple[list[Any], list[Letter]]:
    """The same, once."""
    return Performer(database).do(works)


def _done(tx: Transaction, works: Sequence[Work]) -> tuple[list[Any], list[Letter], bool]:
    try:
        with tx.begin():
            tx.wake()
            results = [work(tx) for work in works]
            letters, erased = outbox.fresh(tx), bool(tx.info.get("erased", False))
            tx.mark()
        tx.rest()
    except BaseException:
        tx.forget()
        raise
    return results, letters, erased


def _sweep(database: sa.Engine) -> None:
    """Wipe what was erased out of the files. Should it fail, the work is kept all the same, and the next time does it."""
    try:
        sweep(database)
    except Exception as problem:
        log.error("sweeping failed", error=type(problem).__name__)


class Engine:
    """Runs pieces of work on its own thread, several per commit when several wait.

    `on_letters` is called on that thread, after each commit, with what is to be sent; `apart` tells what else is.
    """

    def __init__(
        self,
        database: sa.Engine,
        on_letters: Callable[[list[Letter]], None],
        apart: Callable[[], list[Letter]] = list,
    ) -> None:
        self._performer = Performer(database)
        self._on_letters = on_letters
        self._apart = apart
        self._queue: SimpleQueue[tuple[Work, Future[Any]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="database", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[Session], T]) -> T:
        """Do this in a transaction and wait until it is kept. Whatever it raises is raised here, and nothing is kept."""
        return await asyncio.wrap_future(self.submit(work))

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """The same without waiting."""
        future: Future[T] = Future()
        self._queue.put((work, future))
        return future

    def close(self) -> None:
        """Finish what waits, then stop."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            waiting = [first]
            while len(waiting) < _TOGETHER and not self._queue.empty():
                further = self._queue.get()
                if further is None:
                    self._queue.put(None)
                    break
                waiting.append(further)
            # From here on a piece of work can no longer be called off; what was called off before is not begun.
            if wanted := [(work, future) for work, future in waiting if future.set_running_or_notify_cancel()]:
                self._together(wanted)

    def _together(self, waiting: list[tuple[Work, Future[Any]]]) -> None:
        """Do the work of all in one commit; where it fails, each by itself, so that one does not cost the others theirs."""
        try:
            results, letters = self._performer.do([work for work, _future in waiting])
        except BaseException as problem:
            if len(waiting) == 1:
                waiting[0][1].set_exception(problem)
                return
            log.info("done one by one", error=type(problem).__name__, count=len(waiting))
            for one in waiting:
                self._together([one])
            return
        if letters := letters + self._apart():
            self._on_letters(letters)
        for (_work, future), result in zip(waiting, results, strict=True):
            future.set_result(result)
