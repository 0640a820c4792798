"""One-time codes that let copbot into a group."""

import hashlib
import random
import secrets
from datetime import datetime, timedelta
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.base import Base

#: Codes are secrets: they are drawn from the system, not from the chance that shuffles questions.
_DICE = secrets.SystemRandom()


class Invitation(Base):
    """A one-time code that lets copbot into a group."""

    __tablename__ = "invitations"
    __table_args__ = {"comment": "One-time codes that open copbot to a group, each kept as its hash"}

    digest: Mapped[str] = mapped_column(primary_key=True, comment="SHA-256 of the code")
    expires_at: Mapped[datetime] = mapped_column(comment="When the code stops working")
    community_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"),
        index=True,
        comment="The community the group is to belong to, if any",
    )

    @classmethod
    def spend(cls, tx: Session, digest: str, now: datetime) -> Self | None:
        """Take the code out of the table, if it is there and still good."""
        invitation = tx.get(cls, digest)
        if invitation is None or invitation.expires_at < now:
            return None
        tx.delete(invitation)
        return invitation


def invite(tx: Session, now: datetime, days: int = 7, chance: random.Random = _DICE, *, community_id: int | None = None) -> str:
    """Make a code that opens copbot to one group within so many days: twelve syllables, 74 bits, easy to read out.

    With `community_id` the group joins that community; else it begins one of its own.
    """
    syllables = [chance.choice("bdfgjklmnprstvz") + chance.choice("aeiou") for _ in range(12)]
    code = "-".join(first + second for first, second in zip(syllables[::2], syllables[1::2], strict=True))
    tx.add(Invitation(digest=digest(code), expires_at=now + timedelta(days=days), community_id=community_id))
    return code


def digest(code: str) -> str:
    """How a code is kept: its SHA-256, whatever the case, the spaces and the dashes it was typed with."""
    return hashlib.sha256("".join(filter(str.isalnum, code.casefold())).encode()).hexdigest()
