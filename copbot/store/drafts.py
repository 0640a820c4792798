"""Practices being put down: what their writers have answered so far, kept when they are interrupted."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from copbot.store import traces
from copbot.store.base import Base
from copbot.store.people import Member
from copbot.store.practices import PARTS, Parts, Practice

#: What is asked for, in this order.
ASKED = (*PARTS, "tags")


class Draft(Parts, Base):
    """A practice that is not shared yet. Its author is somebody else than its writer where it is made of their message."""

    __tablename__ = "practice_drafts"
    __table_args__ = {"comment": "Practices being put down, kept when their writers are interrupted"}

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the draft")
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.id", ondelete="CASCADE"), index=True, comment="Who puts it down"
    )
    author_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.id", ondelete="CASCADE"), index=True, comment="Whose practice it is"
    )
    tags: Mapped[list[Any]] = mapped_column(default=list, comment="The words to file it under")
    reached: Mapped[str] = mapped_column(default="", comment="The part that was asked for last")
    changed_at: Mapped[datetime] = mapped_column(comment="When something was last answered")

    writer: Mapped[Member] = relationship(foreign_keys=[member_id], lazy="select")
    author: Mapped[Member] = relationship(foreign_keys=[author_id], lazy="select")

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing in it to keep. Files are told of in words."""
        return not any(getattr(self, part) for part in PARTS)

    def next_part(self) -> str:
        """What to ask for next: the first part after the one reached that has no words yet; "" when all were asked for."""
        after = ASKED[ASKED.index(self.reached) + 1 :] if self.reached else ASKED
        return next((part for part in after if not getattr(self, part)), "")

    def practice(self, now: datetime) -> Practice:
        """The practice it becomes."""
        parts = {name: getattr(self, name) for name in (*PARTS, "named", "platform", "room", "message")}
        curator = self.member_id if self.member_id != self.author_id else None
        return Practice(member_id=self.author_id, curator_id=curator, created_at=now, changed_at=now, **parts)


def begin(tx: Session, writer: Member, now: datetime, *, author: Member | None = None, **parts: Any) -> Draft:
    """Start a draft; `parts` are columns of Parts. Drafts of the same writer in which nothing stands go."""
    for old in tx.scalars(sa.select(Draft).where(Draft.member_id == writer.id)).all():
        if old.is_empty:
            tx.delete(old)
    draft = Draft(member_id=writer.id, author_id=(author or writer).id, changed_at=now, tags=[], **parts)
    tx.add(draft)
    tx.flush()
    return draft


def unfinished(tx: Session, writer: Member) -> Draft | None:
    """The draft this member touched last, if there is one with words in it."""
    query = sa.select(Draft).where(Draft.member_id == writer.id).order_by(Draft.changed_at.desc(), Draft.id.desc())
    return next((draft for draft in tx.scalars(query) if not draft.is_empty), None)


def own(tx: Session, member: Member, id: int) -> Draft | None:
    """The draft with this number if it is still there and theirs."""
    found = tx.get(Draft, id)
    return found if found and found.member_id == member.id else None


def drop(tx: Session, draft: Draft) -> None:
    """Throw it away, with what the questions about it quoted."""
    traces.forget_draft(tx, draft.member_id, draft.id)
    tx.delete(draft)
    tx.flush()
