"""Listeners: members whom the community knows as those who read what is said to them in confidence."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from copbot.store.base import Base
from copbot.store.people import Community, Member


class Listener(Base):
    """A member who was asked to listen, and from `accepted_at` on does. With a key, only they open what comes to them."""

    __tablename__ = "listeners"
    __table_args__ = {"comment": "Members who listen: known to all, asked by a facilitator, willing themselves"}

    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, comment="Who listens"
    )
    community_id: Mapped[int] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"), index=True, comment="The community they listen to"
    )
    accepted_at: Mapped[datetime | None] = mapped_column(comment="When they agreed to listen")
    key: Mapped[str] = mapped_column(default="", comment="The public half of their own key; empty without one")

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


def asked(tx: Session, member: Member) -> Listener | None:
    """What is known of this member as a listener."""
    return tx.get(Listener, member.id)


def ask(tx: Session, member: Member) -> Listener:
    """Note that this member was asked to listen."""
    found = Listener(member_id=member.id, community_id=member.community_id, key="")
    tx.add(found)
    tx.flush()
    return found


def active(tx: Session, community: Community) -> list[Listener]:
    """Those who listen now. Whoever has become a facilitator, or left, does not."""
    return list(tx.scalars(_ACTIVE, {"community": community.id}))


_ACTIVE = (
    sa.select(Listener)
    .join(Listener.member)
    .where(Listener.community_id == sa.bindparam("community"), Listener.accepted_at.is_not(None))
    .where(Member.present(), Member.facilitator.is_(False))
    .order_by(Listener.member_id)
)


def dismiss(tx: Session, listener: Listener) -> None:
    """They listen no more."""
    tx.delete(listener)
    tx.flush()
