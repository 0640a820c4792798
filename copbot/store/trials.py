"""What members made of practices of others: whether it worked for them, and a word of context."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from copbot.store.base import Base
from copbot.store.people import Member


class Trial(Base):
    """What a member made of a practice. One per member: the newest counts."""

    __tablename__ = "practice_trials"
    __table_args__ = (
        sa.UniqueConstraint("practice_id", "member_id"),
        {"comment": "Who tried a practice of somebody else's, whether it worked, and what they say of it"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the row")
    practice_id: Mapped[int] = mapped_column(sa.ForeignKey("practices.id", ondelete="CASCADE"), comment="The practice")
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), index=True, comment="Who tried it")
    worked: Mapped[bool] = mapped_column(comment="Whether it worked for them")
    words: Mapped[str] = mapped_column(default="", comment="What they say of it")
    at: Mapped[datetime] = mapped_column(comment="When they said so")

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


def note(tx: Session, practice_id: int, member: Member, now: datetime, *, worked: bool) -> Trial:
    """Note that this member tried it; saying it again changes whether it worked, and keeps their words."""
    trial = of(tx, practice_id, member)
    if trial is None:
        trial = Trial(practice_id=practice_id, member=member, words="")
        tx.add(trial)
    trial.worked, trial.at = worked, now
    tx.flush()
    return trial


def of(tx: Session, practice_id: int, member: Member) -> Trial | None:
    """What this member made of it, if they said so."""
    return tx.scalars(sa.select(Trial).where(Trial.practice_id == practice_id, Trial.member_id == member.id)).first()


def counts(tx: Session, practice_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """For each of these practices that somebody tried: for how many it worked, and for how many not."""
    worked = sa.func.sum(sa.case((Trial.worked, 1), else_=0))
    query = sa.select(Trial.practice_id, worked, sa.func.count()).where(Trial.practice_id.in_(list(practice_ids)))
    return {id: (int(good), int(total - good)) for id, good, total in tx.execute(query.group_by(Trial.practice_id))}
