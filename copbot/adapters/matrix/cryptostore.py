"""The file of encryption keys: nio's store, made durable where it matters and idle where nothing has changed.

As nio has it, the store writes at every sync and reads at every message. Here the hot path touches no disk: what is trusted is
known in memory, and only keys that come or go are written; they are on the disk before the homeserver is told.

And as nio has it, the store notes when copbot last spoke with each device, to the microsecond. Here it knows no dates.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from nio.crypto import OlmDevice, SessionStore
from nio.store import SqliteStore
from nio.store.database import use_database
from nio.store.models import OlmSessions
from peewee import SqliteDatabase

#: What stands where nio wants a date.
_NO_DATE = datetime(1970, 1, 1)  # noqa: DTZ001  (nio's dates have no zone)


class CryptoStore(SqliteStore):  # type: ignore[misc]
    """Keys enciphered with the account's own key, in one file for its owner's eyes alone."""

    def _create_database(self) -> SqliteDatabase:
        pragmas = {"foreign_keys": 1, "secure_delete": 1, "journal_mode": "wal", "synchronous": "full"}
        return SqliteDatabase(self.database_path, pragmas=pragmas)

    def __post_init__(self) -> None:
        """Open the file; make it if it is not there."""
        super().__post_init__()
        self._account_row: Any = None
        self.database.execute_sql("CREATE TABLE IF NOT EXISTS identities (user TEXT PRIMARY KEY, master TEXT NOT NULL)")
        self._drop_dates()

    @use_database  # type: ignore[untyped-decorator]
    def _drop_dates(self) -> None:
        """Those that were noted before this store stopped noting them."""
        undated = {OlmSessions.creation_time: _NO_DATE, OlmSessions.last_usage_date: _NO_DATE}
        if OlmSessions.update(undated).where(OlmSessions.last_usage_date != _NO_DATE).execute():
            self.wipe()

    @use_database  # type: ignore[untyped-decorator]
    def save_session(self, curve_key: str, session: Any) -> None:
        """Keep a session with a device, in the place it has: neither dates nor order tell who was written to last."""
        pickled = session.pickle(self.pickle_key)
        row = {"creation_time": _NO_DATE, "last_usage_date": _NO_DATE, "sender_key": curve_key, "account": self._get_account()}
        OlmSessions.insert(**row, session=pickled, session_id=session.id).on_conflict(
            conflict_target=[OlmSessions.session_id], update={OlmSessions.session: pickled}
        ).execute()

    def load_sessions(self) -> SessionStore:
        """The sessions with each device, the newest first: it is the one to speak in."""
        found: SessionStore = super().load_sessions()
        for sessions in found.values():
            sessions.reverse()
        return found

    def _get_account(self) -> Any:
        if self.__dict__.get("_account_row") is None:
            self._account_row = super()._get_account()
        return self._account_row

    def save_account(self, account: Any) -> None:
        """Keep copbot's own keys."""
        super().save_account(account)
        self._account_row = None

    def is_device_verified(self, device: OlmDevice) -> bool:
        """Tell without asking the disk."""
        return bool(device.verified)

    def is_device_blacklisted(self, device: OlmDevice) -> bool:
        """Tell without asking the disk."""
        return bool(device.blacklisted)

    def is_device_ignored(self, device: OlmDevice) -> bool:
        """Tell without asking the disk."""
        return bool(device.ignored)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write everything that is kept meanwhile in one go."""
        with self.database.atomic():
            yield

    def known_master(self, user: str, master: str) -> str:
        """The key by which this person signs, as it was when it was first seen; `master` if that is now."""
        self.database.execute_sql("INSERT OR IGNORE INTO identities (user, master) VALUES (?, ?)", (user, master))
        row = self.database.execute_sql("SELECT master FROM identities WHERE user = ?", (user,)).fetchone()
        return str(row[0])

    def drop_sessions(self, room: str) -> None:
        """Drop every key by which something in this room can be read."""
        self.database.execute_sql(
            "DELETE FROM forwardedchains WHERE session_id IN (SELECT session_id FROM megolminboundsessions WHERE room_id = ?)",
            (room,),
        )
        self.database.execute_sql("DELETE FROM megolminboundsessions WHERE room_id = ?", (room,))

    def wipe(self) -> None:
        """Have nothing of what was dropped left in the file or beside it."""
        self.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()


def open_store(path: Path, user: str, device: str, pickle_key: str) -> CryptoStore:
    """The store in this file, or in the file keys.db of this folder."""
    file = store_file(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    file.chmod(0o600)
    return CryptoStore(user, device, str(file.parent), pickle_key, file.name)


def store_file(path: Path) -> Path:
    """The file in which the keys are."""
    return path / "keys.db" if path.is_dir() else path
