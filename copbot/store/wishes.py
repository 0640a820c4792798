"""What members asked to be told of, once somebody shares a practice on it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from copbot.store.base import Base
from copbot.store.people import Community, Member


class Wish(Base):
    """Words that found nothing yet, and who wants to know when they do. Told once, then gone."""

    __tablename__ = "practice_wishes"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "words"),
        {"comment": "What members searched for in vain and want to be told of when somebody shares it"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the row")
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), comment="Who wants to know")
    words: Mapped[str] = mapped_column(comment="What they searched for")
    created_at: Mapped[datetime] = mapped_column(comment="When they asked")

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


def add(tx: Session, member: Member, words: str, now: datetime) -> None:
    """Remember it; asking twice changes nothing."""
    if not tx.scalars(sa.select(Wish.id).where(Wish.member_id == member.id, Wish.words == words)).first():
        tx.add(Wish(member=member, words=words, created_at=now))
        tx.flush()


def of(tx: Session, community: Community) -> list[Wish]:
    """What members who are present wait for, oldest first."""
    query = sa.select(Wish).join(Wish.member).where(Member.community_id == community.id, Member.present())
    return list(tx.scalars(query.order_by(Wish.id)))
