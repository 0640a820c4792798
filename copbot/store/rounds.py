"""The rounds of check-ins: when the members of a community are asked, and until when."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from copbot.store.base import Base
from copbot.store.people import Community, Member


class Round(Base):
    """A time in which the members of a community are asked. One at most is open in a community."""

    __tablename__ = "checkin_rounds"
    __table_args__ = {"comment": "The rounds of check-ins of a community: when they were open and who opened them"}

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the round")
    community_id: Mapped[int] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"), index=True, comment="The community that is asked"
    )
    opener_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("members.id", ondelete="SET NULL"), index=True, comment="The facilitator who opened it, if somebody did"
    )
    question: Mapped[str] = mapped_column(default="", comment="The question asked in this round only, if there is one")
    opened_at: Mapped[datetime] = mapped_column(comment="When it opened")
    closes_at: Mapped[datetime] = mapped_column(comment="Until when answers are in time for the digest")
    closed_at: Mapped[datetime | None] = mapped_column(comment="When it closed")

    opener: Mapped[Member | None] = relationship(lazy="select")


def running(tx: Session, community_id: int) -> Round | None:
    """The round that is open in this community."""
    return tx.scalars(sa.select(Round).where(Round.community_id == community_id, Round.closed_at.is_(None))).first()


def latest(tx: Session, community_id: int) -> Round | None:
    """The newest round, open or closed."""
    return tx.scalars(sa.select(Round).where(Round.community_id == community_id).order_by(Round.id.desc()).limit(1)).first()


def closed_before(tx: Session, round: Round) -> datetime | None:
    """When the round before this one closed; None if this is the first."""
    query = sa.select(Round.closed_at).where(Round.community_id == round.community_id, Round.id < round.id)
    return tx.scalars(query.order_by(Round.id.desc()).limit(1)).first()


def start(tx: Session, community: Community, now: datetime, closes_at: datetime, opener: Member | None, question: str) -> Round:
    """Open a round."""
    new = Round(community_id=community.id, opener=opener, question=question, opened_at=now, closes_at=closes_at)
    tx.add(new)
    tx.flush()
    return new
