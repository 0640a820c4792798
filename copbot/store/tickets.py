"""Single-use tokens that lead somebody from the group into their private chat with copbot, to what waits for them there."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.base import Base
from copbot.store.people import Account

#: How long a token works, which is also how long what could not be brought to somebody waits for them.
GOOD_FOR = timedelta(days=7)

#: What goes wrong in this span is told once.
_AT_ONCE = timedelta(minutes=1)


class Ticket(Base):
    """A way into the private chat of one account. It holds no name, and is of no use to anybody else."""

    __tablename__ = "tickets"
    __table_args__ = {"comment": "Single-use tokens that lead somebody into their private chat, each kept as its hash"}

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the token")
    digest: Mapped[str] = mapped_column(unique=True, comment="SHA-256 of the token")
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True, comment="The account it leads in"
    )
    letter_id: Mapped[int] = mapped_column(comment="Number of the message that waits there")
    made_at: Mapped[datetime] = mapped_column(comment="When it was made")


def issue(tx: Session, account: Account, letter_id: int, now: datetime) -> str | None:
    """A new token for this account; None if it was just given one. Older ones stop working."""
    mine = sa.select(Ticket).where(Ticket.account_id == account.id)
    if tx.scalars(mine.where(Ticket.made_at > now - _AT_ONCE)).first():
        return None
    for old in tx.scalars(mine).all():
        tx.delete(old)
    token = secrets.token_urlsafe(16)
    tx.add(Ticket(digest=_digest(token), account_id=account.id, letter_id=letter_id, made_at=now))
    tx.flush()
    return token


def spend(tx: Session, account: Account, token: str, now: datetime) -> Ticket | None:
    """Use it up, if it is good and theirs."""
    ticket = tx.scalars(sa.select(Ticket).where(Ticket.digest == _digest(token))).first()
    if ticket is None or ticket.account_id != account.id:
        return None
    tx.delete(ticket)
    tx.flush()
    return ticket if ticket.made_at > now - GOOD_FOR else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
