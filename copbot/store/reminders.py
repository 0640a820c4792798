"""Reminders: what members asked to be reminded of, themselves or the group. When they come is for the schedules."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from copbot.store import schedules
from copbot.store.base import Base
from copbot.store.people import Community, Member
from copbot.store.schedules import Schedule

#: The job that makes them come.
FIRE = "reminders.fire"


class Reminder(Base):
    """Something to say at a time. `closed_at` is set once it came for good, was done or taken back."""

    __tablename__ = "reminders"
    __table_args__ = (
        sa.Index("ix_reminders_open", "community_id", "member_id", "number"),
        {"comment": "What members asked to be reminded of, and when"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the reminder in the database")
    community_id: Mapped[int] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"), comment="The community it was set in"
    )
    member_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("members.id", ondelete="CASCADE"), index=True, comment="The member it is for; none: it is for the group"
    )
    author_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("members.id", ondelete="SET NULL"), index=True, comment="The member who set it"
    )
    number: Mapped[int] = mapped_column(comment="The small number under which the member or the group knows it")
    text: Mapped[str] = mapped_column(comment="What to remind of, in the member's words")
    starts: Mapped[str] = mapped_column(comment="First time by the clock on the wall, ISO 8601, no zone")
    rule: Mapped[str] = mapped_column(comment="How it repeats, an RFC 5545 rule; empty for once")
    created_at: Mapped[datetime] = mapped_column(comment="When it was set")
    closed_at: Mapped[datetime | None] = mapped_column(comment="When it was done, taken back, or came for the only time")

    author: Mapped[Member | None] = relationship(foreign_keys=[author_id], lazy="select")
    member: Mapped[Member | None] = relationship(foreign_keys=[member_id], lazy="select")

    @property
    def key(self) -> str:
        """The key of its schedule."""
        return f"reminder:{self.id}"

    @property
    def again_key(self) -> str:
        """The key of the schedule that brings a repeating one once more in between."""
        return f"reminder:{self.id}:again"


def add(tx: Session, community: Community, member: Member | None, author: Member, text: str, now: datetime) -> Reminder:
    """Keep a new one under the smallest number that is free, for the member or, without one, for the group."""
    reminder = Reminder(
        community_id=community.id,
        member_id=member.id if member else None,
        author_id=author.id,
        number=_free_number(tx, community.id, member.id if member else None),
        text=text,
        starts="",
        rule="",
        created_at=now,
    )
    tx.add(reminder)
    tx.flush()
    return reminder


def reopen(tx: Session, reminder: Reminder) -> None:
    """Have it come again after all; it keeps its number unless that is taken."""
    if reminder.closed_at is not None:
        taken = of(tx, reminder.community_id, reminder.member_id)
        if any(other.number == reminder.number for other, _schedule in taken):
            reminder.number = _free_number(tx, reminder.community_id, reminder.member_id)
        reminder.closed_at = None


def close(tx: Session, reminder: Reminder, now: datetime) -> None:
    """It comes no more."""
    reminder.closed_at = now
    schedules.cancel(tx, reminder.key)
    schedules.cancel(tx, reminder.again_key)


def of(tx: Session, community_id: int, member_id: int | None) -> list[tuple[Reminder, Schedule]]:
    """What is still to come for this member or, without one, for the group, each with its schedule, the next first."""
    query = (
        sa.select(Reminder, Schedule)
        .join(Schedule, sa.and_(Schedule.kind == FIRE, Schedule.subject == Reminder.id))
        .where(*_open(community_id, member_id))
        .order_by(Schedule.next_at, Reminder.id)
    )
    found: dict[int, tuple[Reminder, Schedule]] = {}
    for reminder, schedule in tx.execute(query):
        found.setdefault(reminder.id, (reminder, schedule))
    return list(found.values())


def count(tx: Session, community_id: int, member_id: int | None) -> int:
    """How many are still to come for this member or, without one, for the group."""
    return tx.scalar(sa.select(sa.func.count()).select_from(Reminder).where(*_open(community_id, member_id))) or 0


def meant(tx: Session, member: Member, id: int) -> Reminder | None:
    """The one with this id if it is theirs or their group's: SQLite gives the ids of erased ones out again."""
    found = tx.get(Reminder, id)
    is_theirs = found and found.community_id == member.community_id and found.member_id in (None, member.id)
    return found if is_theirs else None


def numbered(tx: Session, community_id: int, member_id: int | None, number: int) -> Reminder | None:
    """The one known under this number to the member or to the group."""
    return tx.scalars(sa.select(Reminder).where(*_open(community_id, member_id), Reminder.number == number)).first()


def upcoming_of(tx: Session, account_id: int) -> list[Schedule]:
    """The schedules of the reminders that somebody set for themselves, in whichever community."""
    mine = sa.select(Member.id).where(Member.account_id == account_id)
    return list(tx.scalars(sa.select(Schedule).where(Schedule.kind == FIRE, Schedule.member_id.in_(mine))))


def upcoming_of_group(tx: Session, community_id: int) -> list[Schedule]:
    """The schedules of the reminders to a group."""
    query = sa.select(Schedule).where(Schedule.kind == FIRE, Schedule.community_id == community_id)
    return list(tx.scalars(query.where(Schedule.member_id.is_(None))))


def _open(community_id: int, member_id: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    whose = Reminder.member_id == member_id if member_id else Reminder.member_id.is_(None)
    return Reminder.community_id == community_id, whose, Reminder.closed_at.is_(None)


def _free_number(tx: Session, community_id: int, member_id: int | None) -> int:
    taken = set(tx.scalars(sa.select(Reminder.number).where(*_open(community_id, member_id))))
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
