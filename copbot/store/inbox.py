"""How far copbot has read on each platform, so that nothing is lost and nothing is done twice.

A batch of events and the cursor behind it are kept in one transaction: which events they were need not be remembered.
"""

from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.base import Base
from copbot.store.transactions import directly


class Cursor(Base):
    """Where to go on reading."""

    __tablename__ = "cursors"
    __table_args__ = {"comment": "How far copbot has read on each platform"}

    platform: Mapped[str] = mapped_column(primary_key=True, comment="telegram, matrix or console")
    position: Mapped[str] = mapped_column(comment="The platform's own mark of how far copbot has read")


def position(tx: Session, platform: str) -> str:
    """Where to go on reading; "" at the very first start."""
    cursor = tx.get(Cursor, platform)
    return cursor.position if cursor else ""


def advance(tx: Session, platform: str, to: str) -> None:
    """Everything up to `to` is dealt with; said in the transaction that dealt with it."""
    if not directly(tx, _ADVANCE, {"of": platform, "to": to}).rowcount:
        tx.add(Cursor(platform=platform, position=to))


_TABLE = cast("sa.Table", Cursor.__table__)
_ADVANCE = sa.update(_TABLE).where(_TABLE.c.platform == sa.bindparam("of")).values(position=sa.bindparam("to"))
