"""The safe of parole libre: its database and its keys, opened at the first use."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from copbot.core.errors import Refusal
from copbot.core.sealing import Keyring, Unsafe, Unsealable
from copbot.core.words import _
from copbot.store import apart

log = structlog.get_logger()

Draw = Callable[[int], int]


class Unkept(Refusal):
    """What was to be sealed could not be; nothing of it is kept, and its author is told."""

    def __init__(self) -> None:
        super().__init__(
            _("I cannot keep this safely right now, so I kept nothing. Your words are not lost to you: try later.")
        )


class Safe:
    """`keyring` may be the path of the key file; `draw(n)` is a number below n nobody can guess."""

    def __init__(self, url: str | sa.Engine, keyring: Keyring | Path, *, draw: Draw = secrets.randbelow) -> None:
        self._url, self._keyring = url, keyring
        self._engine = url if isinstance(url, sa.Engine) else None
        self._made = False
        self._tx: Session | None = None
        self._untidy = True  # as far as is known: an earlier copbot may have stopped in between
        self._after: list[Callable[[], None]] = []
        self.draw = draw

    @property
    def engine(self) -> sa.Engine:
        """The database; made and opened at the first use. Raises Unkept."""
        try:
            if self._engine is None:
                self._engine = apart.open_apart(str(self._url))
            elif not self._made:
                apart.Apart.metadata.create_all(self._engine)
            self._made = True
        except (sa.exc.SQLAlchemyError, OSError) as problem:
            log.error("parole libre cannot be opened", error=type(problem).__name__)
            raise Unkept from None
        return self._engine

    @property
    def keys(self) -> Keyring:
        """The keys; made at the first use. Raises Unkept."""
        try:
            if not isinstance(self._keyring, Keyring):
                self._keyring = Keyring.at(self._keyring)
        except (Unsafe, OSError) as problem:
            log.error("the keys of parole libre cannot be used", error=type(problem).__name__)
            raise Unkept from None
        return self._keyring

    @property
    def is_used(self) -> bool:
        """Tell whether there is anything to open."""
        return self._made or isinstance(self._url, sa.Engine) or apart.is_there(str(self._url))

    @contextmanager
    def change(self) -> Iterator[Session]:
        """A transaction of this database; inside another one, a part of it. Raises Unkept, keeping nothing."""
        if self._tx is not None:
            yield self._tx
            return
        try:
            with apart.Change(self.engine, expire_on_commit=False) as tx, tx.begin():
                self._tx = tx
                yield tx
            self._untidy |= tx.changed
            if tx.changed:
                apart.forget_hour(self.engine)
        except (sa.exc.SQLAlchemyError, OSError, Unsealable) as problem:
            log.error("parole libre could not be kept", error=type(problem).__name__)
            self._after.clear()
            raise Unkept from None
        except BaseException:
            self._after.clear()
            raise
        finally:
            self._tx = None
        after, self._after = self._after, []
        for effect in after:
            effect()

    def then(self, effect: Callable[[], None]) -> None:
        """Do this in memory once the change is committed."""
        self._after.append(effect)

    def rewrite(self) -> None:
        """Leave nothing of what was erased in the file; nothing is to do where nothing changed since the last time."""
        if not self._untidy:
            return
        try:
            apart.rewrite(self.engine)
            self._untidy = False
        except (sa.exc.SQLAlchemyError, Unkept) as problem:
            log.error("rewriting parole libre failed", error=type(problem).__name__)

    def name(self) -> str:
        """An id drawn by chance, 62 bits."""
        return f"{self.draw(2**62):016x}"
