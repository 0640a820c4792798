"""Check-ins: what each member answered when asked what they had tried, and what of it others may read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from copbot.store import rounds, schedules
from copbot.store.base import Base
from copbot.store.meetings import Meeting
from copbot.store.people import Community, Member
from copbot.store.rounds import Round
from copbot.store.schedules import Schedule

#: Words without a name are shown only where so many members left some: with fewer, the group would guess whose they are.
NAMELESS_FLOOR = 3

#: So long before a round opens an answer counts for it, and so long after it closes one still belongs to it.
GRACE = timedelta(days=14)

#: The hour, on the community's wall, at which a round opens by itself.
OPENING_HOUR = time(9)

DONE = "done"


class CheckIn(Base):
    """What one member answered in one round, or between rounds. Rows without an answer go as their round closes."""

    __tablename__ = "checkins"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "member_id"),
        sa.Index("ix_checkins_community_id_answered_at", "community_id", "answered_at"),
        {"comment": "What members answered in check-ins: what they meant to try, what came of it, who may read it"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the check-in")
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("communities.id", ondelete="CASCADE"), comment="The community")
    member_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.id", ondelete="CASCADE"), index=True, comment="The member who answers"
    )
    round_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("checkin_rounds.id", ondelete="SET NULL"), comment="The round; empty for an answer between rounds"
    )
    began_at: Mapped[datetime] = mapped_column(comment="When they were asked or began by themselves")
    asked_at: Mapped[datetime | None] = mapped_column(comment="When copbot asked them, if it did")
    nudges: Mapped[int] = mapped_column(default=0, comment="How often they were reminded of it, twice at most")
    passed: Mapped[bool] = mapped_column(default=False, comment="Whether they passed this time")
    stage: Mapped[str] = mapped_column(default="", comment="The question they have come to; done at the end")
    meant: Mapped[str] = mapped_column(default="", comment="What they had meant to try since last time")
    meant_at: Mapped[datetime | None] = mapped_column(comment="When they had meant it")
    meant_openly: Mapped[bool] = mapped_column(default=False, comment="Whether the group knows by name that they meant it")
    outcome: Mapped[str] = mapped_column(default="", comment="What came of it: tried, not_yet or dropped")
    happened: Mapped[str] = mapped_column(default="", comment="What happened when they tried, in their words")
    helped: Mapped[str] = mapped_column(default="", comment="What helped, in their words")
    effect: Mapped[str] = mapped_column(default="", comment="Who felt it: me, team, network or early to say")
    obstacle: Mapped[str] = mapped_column(default="", comment="What stood in the way: time, means, priority, knowhow or other")
    hindered: Mapped[str] = mapped_column(default="", comment="What stood in the way, in their words")
    reply: Mapped[str] = mapped_column(default="", comment="Their answer to the question of this round")
    intention: Mapped[str] = mapped_column(default="", comment="What they would like to try until next time")
    audience: Mapped[str] = mapped_column(default="", comment="Who may read it: named, nameless, facilitators; empty: nobody")
    answered_at: Mapped[datetime | None] = mapped_column(comment="When they last answered something")
    counted_at: Mapped[datetime | None] = mapped_column(comment="When a digest counted it")
    told_at: Mapped[datetime | None] = mapped_column(comment="When a digest told it; from then on it does not change")

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    round: Mapped[Round | None] = relationship(lazy="select")

    @property
    def question(self) -> str:
        """The question of its round, which `reply` answers; "" where there is none."""
        return self.round.question if self.round else ""

    @property
    def is_done(self) -> bool:
        """Tell whether they came to the end of the questions."""
        return self.stage == DONE

    @property
    def aim(self) -> str:
        """What they had meant to try, as others may see it.

        Where it was said without a name, it must not come back beside one; nor the other way round.
        """
        return self.meant if self.meant_openly and self.audience == "named" else ""

    @property
    def has_words(self) -> bool:
        """Tell whether there is something in their own words that others could read."""
        return any((self.happened, self.helped, self.hindered, self.reply, self.intention))


def adopt(tx: Session, round: Round) -> None:
    """Make the answers given lately, between rounds, answers to this one."""
    early = sa.select(CheckIn).where(
        CheckIn.community_id == round.community_id,
        CheckIn.round_id.is_(None),
        CheckIn.told_at.is_(None),
        CheckIn.answered_at >= round.opened_at - GRACE,
    )
    for checkin in {one.member_id: one for one in tx.scalars(early.order_by(CheckIn.id))}.values():
        checkin.round = round
    tx.flush()


def plan_after_meeting(tx: Session, community: Community, meeting: Meeting) -> None:
    """Set, move or unset the round that follows a meeting. To be called whenever the meeting is added, moved or cancelled."""
    key = f"checkins.after:{meeting.id}"
    schedules.cancel(tx, key)
    days = community.settings.get("checkin_after_days")
    if days is None or meeting.starts_at is None or meeting.cancelled_at is not None:
        return
    day = meeting.starts_at.astimezone(ZoneInfo(community.zone)).date() + timedelta(days=days)
    moment = datetime.combine(day, OPENING_HOUR, ZoneInfo(community.zone)).astimezone(UTC)
    before = rounds.latest(tx, community.id)
    if before is None or before.opened_at < moment:
        new = Schedule(
            key=key, kind="checkins.open", community_id=community.id, subject=meeting.id, zone=community.zone, next_at=moment
        )
        schedules.put(tx, new)


def unplan(tx: Session, community: Community) -> None:
    """Let no round open by itself any more."""
    planned = sa.delete(Schedule).where(Schedule.community_id == community.id, Schedule.kind == "checkins.open")
    tx.execute(planned)
    community.settings = {name: value for name, value in community.settings.items() if name != "checkin_after_days"}


def next_opening(tx: Session, community: Community) -> datetime | None:
    """When the next round opens by itself, if one does."""
    query = sa.select(sa.func.min(Schedule.next_at))
    return tx.scalar(query.where(Schedule.community_id == community.id, Schedule.kind == "checkins.open"))


def own(tx: Session, member: Member, id: int) -> CheckIn | None:
    """The check-in with this number if it is still there and theirs."""
    found = tx.get(CheckIn, id)
    return found if found and found.member_id == member.id else None


def in_round(tx: Session, round_id: int, member: Member) -> CheckIn | None:
    """The member's check-in in this round, if there is one yet."""
    return tx.scalars(sa.select(CheckIn).where(CheckIn.round_id == round_id, CheckIn.member_id == member.id)).first()


def all_in_round(tx: Session, round_id: int) -> list[CheckIn]:
    """Every check-in of this round, whether answered or only asked for."""
    return list(tx.scalars(sa.select(CheckIn).where(CheckIn.round_id == round_id).order_by(CheckIn.id)))


def current(tx: Session, member: Member, now: datetime) -> CheckIn:
    """The check-in this member can answer now: in the open round, else late for the last one, else between rounds."""
    number = _round_to_answer(tx, member, now)
    mine = in_round(tx, number, member) if number else _between(tx, member, now)
    if mine is None:
        mine = CheckIn(community_id=member.community_id, member_id=member.id, round_id=number, began_at=now)
        if before := remembered(tx, member):
            mine.meant, mine.meant_at = before.intention, before.answered_at
            mine.meant_openly = before.audience == "named" and before.told_at is not None
        tx.add(mine)
        tx.flush()
    return mine


def _round_to_answer(tx: Session, member: Member, now: datetime) -> int | None:
    newest = rounds.latest(tx, member.community_id)
    if newest is None or newest.closed_at is None:
        return newest.id if newest else None
    mine = in_round(tx, newest.id, member)
    is_late = newest.opened_at >= member.joined_at and newest.closed_at >= now - GRACE
    return newest.id if (is_late if mine is None else mine.told_at is None) else None


def _between(tx: Session, member: Member, now: datetime) -> CheckIn | None:
    """What the member began lately, outside rounds, and that no digest has told yet."""
    query = sa.select(CheckIn).where(CheckIn.member_id == member.id, CheckIn.round_id.is_(None), CheckIn.told_at.is_(None))
    return tx.scalars(query.where(CheckIn.began_at >= now - GRACE).order_by(CheckIn.id.desc()).limit(1)).first()


def has_answered(tx: Session, member: Member) -> bool:
    """Tell whether they have answered a check-in before, in whichever round."""
    query = sa.select(CheckIn.id).where(CheckIn.member_id == member.id, CheckIn.answered_at.is_not(None))
    return tx.scalars(query.limit(1)).first() is not None


def remembered(tx: Session, member: Member) -> CheckIn | None:
    """Where the member last said what they would try, unless they have tried or dropped it since."""
    query = sa.select(CheckIn).where(CheckIn.member_id == member.id, CheckIn.answered_at.is_not(None))
    for checkin in tx.scalars(query.order_by(CheckIn.id.desc()).limit(20)):
        if checkin.intention:
            return checkin
        if checkin.outcome in ("tried", "dropped"):
            return None
    return None


def untold(tx: Session, community: Community) -> list[CheckIn]:
    """What no digest has told yet, of members who still allow it, in the order it was begun."""
    query = sa.select(CheckIn).where(
        CheckIn.community_id == community.id, CheckIn.answered_at.is_not(None), CheckIn.told_at.is_(None)
    )
    return [one for one in tx.scalars(query.order_by(CheckIn.id)) if one.member.allows("checkins")]


def forget_silence(tx: Session, round_id: int) -> None:
    """Drop who was asked in this round and did not answer: nobody is to make a list of them."""
    tx.execute(sa.delete(CheckIn).where(CheckIn.round_id == round_id, CheckIn.answered_at.is_(None)))


# What others may read


@dataclass(frozen=True, slots=True)
class Story:
    """What a member tried, as the group may read it; `meant` may be empty. Without a name it is nobody's."""

    name: str | None
    meant: str
    happened: str
    helped: str
    effect: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many answered and what. Keys are those of CheckIn: tried, time, team and so on."""

    answered: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    obstacles: Counter[str] = field(default_factory=Counter)
    effects: Counter[str] = field(default_factory=Counter)


def readable(checkins: Iterable[CheckIn]) -> list[tuple[CheckIn, str | None]]:
    """Those whose words the group may read, with the name to put to them; nameless ones only if there are enough of them."""
    found = [one for one in checkins if one.has_words]
    nameless = {one.member_id for one in found if one.audience == "nameless"}
    shown = {"named", "nameless"} if len(nameless) >= NAMELESS_FLOOR else {"named"}
    return [(one, one.member.name if one.audience == "named" else None) for one in found if one.audience in shown]


def count(checkins: Sequence[CheckIn]) -> Counts:
    """Count them, whoever may read them."""
    return Counts(
        answered=len({one.member_id for one in checkins}),
        outcomes=Counter(one.outcome for one in checkins if one.outcome),
        obstacles=Counter(one.obstacle for one in checkins if one.obstacle),
        effects=Counter(one.effect for one in checkins if one.effect),
    )


def stories_since(tx: Session, community: Community, since: datetime) -> list[Story]:
    """What was tried since then, as far as the group may read it, oldest first.

    Only what a digest has dealt with: the rest can still be changed by those who wrote it.
    """
    tried = [one for one in _dealt_with(tx, community, since) if one.told_at and one.outcome == "tried"]
    return [
        Story(name, one.aim, one.happened, one.helped, one.effect, one.answered_at or one.began_at)
        for one, name in readable(tried)
        if one.happened or one.helped
    ]


def counts_since(tx: Session, community: Community, since: datetime) -> Counts:
    """The figures of what was answered since then and stood in a digest."""
    return count(_dealt_with(tx, community, since))


def _dealt_with(tx: Session, community: Community, since: datetime) -> list[CheckIn]:
    query = sa.select(CheckIn).where(
        CheckIn.community_id == community.id, CheckIn.answered_at >= since, CheckIn.counted_at.is_not(None)
    )
    return [one for one in tx.scalars(query.order_by(CheckIn.id)) if one.member.allows("checkins")]
