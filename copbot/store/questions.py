"""Questions that copbot asked and that wait for an answer: what was asked, of whom, and what happens next."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.base import Base
from copbot.store.transactions import changed

#: How long a question can still be answered.
OPEN_FOR = timedelta(days=70)


class Question(Base):
    """A question and the step that takes its answer. Without a member, anybody in the room may answer, and it stays."""

    __tablename__ = "questions"
    __table_args__ = (
        sa.Index("ix_questions_member", "member_id", "room", "id"),
        sa.Index("ix_questions_before", "before"),
        {
            "comment": "Questions copbot asked and that can still be answered, with what was answered on the way",
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the question")
    community_id: Mapped[int] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"), index=True, comment="The community it was asked in"
    )
    member_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("members.id", ondelete="CASCADE"), comment="The member it was asked, if it was one member"
    )
    platform: Mapped[str] = mapped_column(comment="telegram, matrix or console")
    room: Mapped[str] = mapped_column(comment="The group it was asked in; empty in private")
    step: Mapped[str] = mapped_column(comment="The step that takes the answer, such as checkins.where")
    state: Mapped[dict[str, Any]] = mapped_column(comment="What the step needs to know, such as the number of a draft")
    choices: Mapped[list[Any]] = mapped_column(comment="The answers offered: pairs of key and label")
    free: Mapped[bool] = mapped_column(comment="Whether an answer in one's own words is welcome")
    text: Mapped[str] = mapped_column(comment="The question as it was asked, to ask it again")
    asked_at: Mapped[datetime] = mapped_column(comment="When it was asked")
    before: Mapped[int | None] = mapped_column(comment="The question before it in the same conversation, to go back")
    closed: Mapped[bool] = mapped_column(default=False, comment="Whether it was answered; kept a while to go back")

    def offers(self) -> list[list[str]]:
        """Label and token of each choice, as the outbox takes them."""
        return [[label, f"{self.id}.{index}"] for index, (_key, label) in enumerate(self.choices)]


def still_open(tx: Session, member_id: int, room: str) -> list[Question]:
    """The open questions to this member in this room ("" is in private), newest first, ten at most."""
    return list(tx.scalars(_STILL_OPEN, {"member": member_id, "where": room}))


#: Built once: it runs for many messages.
_STILL_OPEN = (
    sa.select(Question)
    .where(Question.member_id == sa.bindparam("member"), Question.room == sa.bindparam("where"), Question.closed.is_(False))
    .order_by(Question.id.desc())
    .limit(10)
)


def reopen(tx: Session, question: Question) -> bool:
    """Let an answered question be answered anew, in place of the one that followed it; False if that was answered as well."""
    query = sa.select(Question).where(Question.before == question.id, Question.closed.is_(False))
    following = tx.scalars(query.order_by(Question.id.desc()).limit(1)).first()
    if following is None:
        return False
    following.closed, question.closed = True, False
    return True


def close(tx: Session, member_id: int, prefix: str, **state: Any) -> None:
    """Close the member's open questions whose step begins with `prefix` and whose state has these values."""
    query = sa.select(Question).where(Question.member_id == member_id, Question.closed.is_(False))
    for question in tx.scalars(query.where(Question.step.startswith(prefix, autoescape=True))):
        if all(question.state.get(name) == value for name, value in state.items()):
            question.closed = True


def forget(tx: Session, now: datetime) -> int:
    """Drop questions older than OPEN_FOR; answer how many."""
    return changed(tx, sa.delete(Question).where(Question.asked_at < now - OPEN_FOR))
