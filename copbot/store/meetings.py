"""The meetings of a community: number, theme, date, place, and whether they took place."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.base import Base
from copbot.store.people import Community


class Meeting(Base):
    """A meeting, past or to come. Its number is its own for ever: a cancelled meeting's is not given again."""

    __tablename__ = "meetings"
    __table_args__ = (
        sa.UniqueConstraint("community_id", "number"),
        {"comment": "The programme of a community: its meetings with theme, date and place"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the row")
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("communities.id", ondelete="CASCADE"), comment="The community")
    number: Mapped[int] = mapped_column(comment="Number of the meeting in its community, as people write it")
    theme: Mapped[str] = mapped_column(default="", comment="What the meeting is about")
    starts_at: Mapped[datetime | None] = mapped_column(comment="When it begins, once that is known")
    place: Mapped[str] = mapped_column(default="", comment="Where it is held: a town, a room, a link")
    created_at: Mapped[datetime] = mapped_column(comment="When it came into the programme")
    done_at: Mapped[datetime | None] = mapped_column(comment="When a facilitator said that it took place")
    cancelled_at: Mapped[datetime | None] = mapped_column(comment="When it was cancelled, if it was")

    def held_at(self, now: datetime) -> datetime | None:
        """When it took place: at its date, or when it was said to be done if that came first; None if it did not yet."""
        if self.cancelled_at:
            return None
        return min((moment for moment in (self.starts_at, self.done_at) if moment and moment <= now), default=None)

    def is_coming(self, now: datetime) -> bool:
        """Tell whether it is still to come, with or without a date."""
        return self.cancelled_at is None and self.held_at(now) is None


def add(
    tx: Session, community: Community, now: datetime, *, starts_at: datetime | None = None, theme: str = "", place: str = ""
) -> Meeting:
    """Put a meeting into the programme, under the next number."""
    # Two processes that add at the same time wait for each other, so that they do not take the same number.
    tx.execute(sa.select(Community.id).where(Community.id == community.id).with_for_update())
    highest = tx.scalar(sa.select(sa.func.max(Meeting.number)).where(Meeting.community_id == community.id))
    meeting = Meeting(
        community_id=community.id,
        number=(highest or 0) + 1,
        theme=theme,
        starts_at=starts_at,
        place=place,
        created_at=now,
    )
    tx.add(meeting)
    tx.flush()
    return meeting


def numbered(tx: Session, community: Community, number: int) -> Meeting | None:
    """The meeting with this number, also if it was cancelled."""
    return tx.scalars(sa.select(Meeting).where(Meeting.community_id == community.id, Meeting.number == number)).first()


def programme(tx: Session, community: Community) -> list[Meeting]:
    """Every meeting that was not cancelled, earliest first, those without a date last."""
    query = sa.select(Meeting).where(Meeting.community_id == community.id, Meeting.cancelled_at.is_(None))
    return sorted(tx.scalars(query), key=_order)


def upcoming(tx: Session, community: Community, now: datetime) -> list[Meeting]:
    """Those with a date from now on, soonest first: `starts_at` is never None here."""
    return [one for one in programme(tx, community) if one.starts_at and one.is_coming(now)]


def undated(tx: Session, community: Community, now: datetime) -> list[Meeting]:
    """Those to come whose date is not known yet, in the order they were added."""
    return [one for one in programme(tx, community) if one.starts_at is None and one.is_coming(now)]


def held(tx: Session, community: Community, now: datetime) -> list[Meeting]:
    """Those that took place, earliest first: done, or their date has passed."""
    found = [(moment, one.number, one) for one in programme(tx, community) if (moment := one.held_at(now))]
    return [one for _moment, _number, one in sorted(found, key=lambda entry: entry[:2])]


def last(tx: Session, community: Community, now: datetime) -> Meeting | None:
    """The latest that took place: done, or its date has passed. `meeting.held_at(now)` says when."""
    return next(reversed(held(tx, community, now)), None)


def _order(meeting: Meeting) -> tuple[bool, datetime, int]:
    moment = meeting.starts_at or meeting.done_at
    return moment is None, moment or meeting.created_at, meeting.number
