"""What happens at a time: one table for every feature, owned by the community, read by every tick."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.base import Base


class Schedule(Base):
    """Something due at `next_at`. With a rule it comes again; without one it is gone once done."""

    __tablename__ = "schedules"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.Index("ix_schedules_next_at", "next_at"),
        {"comment": "What copbot does at a time: what, for whom, when next and how it repeats"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the schedule")
    key: Mapped[str | None] = mapped_column(comment="What makes it the same schedule if set twice")
    kind: Mapped[str] = mapped_column(comment="The job that takes it, such as reminders.fire")
    community_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"), index=True, comment="The community that owns it"
    )
    member_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("members.id", ondelete="CASCADE"), index=True, comment="The member it is for, if it is for one"
    )
    subject: Mapped[int | None] = mapped_column(comment="Number of the row it is about, such as a reminder")
    state: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="What else the job needs to know")
    starts: Mapped[str] = mapped_column(default="", comment="First time by the clock on the wall, ISO 8601, no zone")
    rule: Mapped[str] = mapped_column(default="", comment="How it repeats, an RFC 5545 rule; empty for once")
    zone: Mapped[str] = mapped_column(default="UTC", comment="The zone in which the clock hangs")
    next_at: Mapped[datetime] = mapped_column(comment="When it is due next")
    failures: Mapped[int] = mapped_column(default=0, comment="How often in a row it went wrong")


def due(tx: Session, now: datetime, limit: int = 200) -> list[Schedule]:
    """What is due, longest overdue first. On PostgreSQL each row goes to one process only."""
    query = sa.select(Schedule).where(Schedule.next_at <= now).order_by(Schedule.next_at, Schedule.id).limit(limit)
    return list(tx.scalars(query.with_for_update(skip_locked=True)))


def next_due(tx: Session) -> datetime | None:
    """When something is due next."""
    return tx.scalar(sa.select(Schedule.next_at).order_by(Schedule.next_at).limit(1))


def put(tx: Session, schedule: Schedule) -> Schedule:
    """Set it, in place of the one with the same key."""
    if schedule.key:
        cancel(tx, schedule.key)
    tx.add(schedule)
    tx.flush()
    return schedule


def keyed(tx: Session, key: str) -> Schedule | None:
    """The schedule with this key, if it is set."""
    return tx.scalars(sa.select(Schedule).where(Schedule.key == key)).first()


def of_group(tx: Session, community_id: int) -> list[Schedule]:
    """What is set for a community as a whole, not for one member."""
    query = sa.select(Schedule).where(Schedule.community_id == community_id, Schedule.member_id.is_(None))
    return list(tx.scalars(query.order_by(Schedule.id)))


def cancel(tx: Session, key: str) -> None:
    """Unset it; nothing happens if it is not set."""
    tx.execute(sa.delete(Schedule).where(Schedule.key == key))


def cancel_for(tx: Session, kind: str, subject: int) -> None:
    """Unset everything of this kind (or kinds beginning so, with a trailing dot) about this row."""
    which = Schedule.kind.startswith(kind, autoescape=True) if kind.endswith(".") else Schedule.kind == kind
    tx.execute(sa.delete(Schedule).where(which, Schedule.subject == subject))
