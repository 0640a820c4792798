"""Who copbot lives among: communities, their rooms, the accounts of people, and who is a member of what."""

from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, object_session, relationship

from copbot.store.base import Base
from copbot.store.names import alike, shown
from copbot.store.transactions import Transaction, known
from copbot.vocabulary import Person, Place

#: A pause without an end is kept as a pause until this moment.
NO_END = datetime(9000, 1, 1, tzinfo=UTC)


class Community(Base):
    """A community of practice and the settings it chose for itself."""

    __tablename__ = "communities"
    lasts = True
    __table_args__ = {
        "comment": "The communities and what they chose: name, language, zone, rhythm",
    }

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the community")
    name: Mapped[str] = mapped_column(comment="What the community calls itself")
    language: Mapped[str] = mapped_column(comment="Language of the group: fr or en")
    zone: Mapped[str] = mapped_column(comment="Time zone of the group, an IANA name")
    created_at: Mapped[datetime] = mapped_column(comment="When copbot came")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="Choices of the community, by name")

    rooms: Mapped[list["Room"]] = relationship(back_populates="community", lazy="select")


class Room(Base):
    """A group on a platform in which a community lives. A community may have several, on several platforms."""

    __tablename__ = "rooms"
    lasts = True
    __table_args__ = (
        sa.UniqueConstraint("platform", "room"),
        {"comment": "The groups on the platforms in which a community lives"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the room")
    community_id: Mapped[int] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"), index=True, comment="The community that lives here"
    )
    platform: Mapped[str] = mapped_column(comment="telegram, matrix or console")
    room: Mapped[str] = mapped_column(comment="The platform's id of the group")
    left_at: Mapped[datetime | None] = mapped_column(comment="When copbot was put out of it, if it was")
    unreachable: Mapped[str] = mapped_column(default="", comment="Why copbot cannot write there, if so: not allowed")
    unreachable_at: Mapped[datetime | None] = mapped_column(comment="Since when copbot cannot write there")
    topics: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="The topics where practices and check-ins are told")

    community: Mapped[Community] = relationship(back_populates="rooms", lazy="joined")

    @property
    def place(self) -> Place:
        """Where to write to in this room."""
        return Place(self.platform, self.room, "group")


class Account(Base):
    """Somebody's account on a platform, with the comfort they chose. None means: as the community has it."""

    __tablename__ = "accounts"
    lasts = True
    __table_args__ = (
        sa.UniqueConstraint("platform", "user"),
        {"comment": "Accounts on the platforms of the people who are members of a community"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the account")
    platform: Mapped[str] = mapped_column(comment="telegram, matrix or console")
    user: Mapped[str] = mapped_column(comment="The platform's id of the person")
    name: Mapped[str] = mapped_column(comment="The name the person shows on the platform")
    language: Mapped[str | None] = mapped_column(comment="Language to write to them in, if they chose one")
    easy: Mapped[bool] = mapped_column(default=False, comment="Whether they asked for easy-to-read messages")
    zone: Mapped[str | None] = mapped_column(comment="Their time zone, if not the community's")
    unreachable: Mapped[str] = mapped_column(
        default="", comment="Why copbot cannot write to them in private, if so: never started, blocked or deactivated"
    )
    unreachable_at: Mapped[datetime | None] = mapped_column(comment="Since when copbot cannot write to them")
    hours_from: Mapped[time] = mapped_column(default=time(8), comment="Copbot writes to them from this hour on")
    hours_to: Mapped[time] = mapped_column(default=time(21), comment="Copbot writes to them until this hour")
    community_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="SET NULL"), comment="The community they mean when writing in private"
    )

    @property
    def person(self) -> Person:
        """The person as platforms know them."""
        return Person(self.platform, self.user, self.name)


class Member(Base):
    """Somebody in a community. Leaving keeps the row until retention or the person erases it."""

    __tablename__ = "members"
    lasts = True
    __table_args__ = (
        sa.UniqueConstraint("community_id", "account_id"),
        {"comment": "Who is a member of which community, and what they allowed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the membership")
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("communities.id", ondelete="CASCADE"), comment="The community")
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True, comment="The account of the person"
    )
    facilitator: Mapped[bool] = mapped_column(default=False, comment="Whether a facilitator named them facilitator")
    joined_at: Mapped[datetime] = mapped_column(comment="When they joined")
    left_at: Mapped[datetime | None] = mapped_column(comment="When they left, if they did")
    consented_at: Mapped[datetime | None] = mapped_column(comment="When they last said what copbot may do")
    consents: Mapped[list[Any]] = mapped_column(default=list, comment="The purposes they allow, by name")
    charter: Mapped[int | None] = mapped_column(comment="Version of the charter they agreed to")
    charter_asked: Mapped[int | None] = mapped_column(comment="Newest version of the charter they were asked about")
    paused_until: Mapped[datetime | None] = mapped_column(comment="Copbot does not write first before this moment")
    silent_rounds: Mapped[int] = mapped_column(default=0, comment="Check-ins in a row left unanswered, to keep quiet")

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
    community: Mapped[Community] = relationship(lazy="select")

    @property
    def name(self) -> str:
        """What to call them in front of others."""
        return self.account.name

    @property
    def zone(self) -> str:
        """The zone their hours are meant in."""
        return self.account.zone or self.community.zone

    @property
    def locale(self) -> str:
        """The catalogue to write to them from, such as fr or fr@falc."""
        language = self.account.language or self.community.language
        return language + {"fr": "@falc", "en": "@easy"}.get(language, "") if self.account.easy else language

    def allows(self, purpose: str) -> bool:
        """Tell whether they consented to this purpose."""
        return purpose in self.consents

    def is_paused(self, now: datetime) -> bool:
        """Tell whether copbot must not write to them first."""
        return self.paused_until is not None and now < self.paused_until

    @classmethod
    def present(cls) -> sa.ColumnElement[bool]:
        """Those who have not left."""
        return cls.left_at.is_(None)


def found(tx: Session, *, name: str, language: str, zone: str, place: Place, now: datetime) -> Community:
    """Start a community that lives in `place`."""
    community = Community(name=shown(name), language=language, zone=zone, created_at=now, settings={})
    community.rooms.append(Room(platform=place.platform, room=place.room))
    tx.add(community)
    tx.flush()
    return community


_ROOM = sa.select(Room).where(Room.platform == sa.bindparam("platform"), Room.room == sa.bindparam("room"))


def communities(tx: Session) -> list[Community]:
    """Every community, oldest first."""
    return list(tx.scalars(sa.select(Community).order_by(Community.id)))


def is_oldest(tx: Session, community: Community) -> bool:
    """Tell whether no other community was here before."""
    return tx.scalar(sa.select(sa.func.min(Community.id))) == community.id


def community_of(tx: Session, place: Place) -> Community | None:
    """The community that lives in this group, if any."""
    room = room_of(tx, place.platform, place.room)
    return room.community if room else None


def room_of(tx: Session, platform: str, room: str) -> Room | None:
    """The group of this id, if a community lives there or did."""
    found: Room | None = known(tx).get((Room, platform, room))
    if found is None and (found := tx.scalars(_ROOM, {"platform": platform, "room": room}).first()):
        known(tx)[Room, platform, room] = found
    return found


def account_of(tx: Session, person: Person) -> Account | None:
    """The account of this person, with the name they show now."""
    query = sa.select(Account).where(Account.platform == person.platform, Account.user == person.id)
    account = tx.scalars(query).first()
    if account and account.name != (name := shown(person.name)):
        account.name = name
    return account


def account_of_user(tx: Session, platform: str, user: str) -> Account | None:
    """The account with this id on the platform."""
    return tx.scalars(sa.select(Account).where(Account.platform == platform, Account.user == user)).first()


def member_of(tx: Session, community: Community, person: Person) -> Member | None:
    """This person's membership here, if they have not left, with the name they show now."""
    found = memberships(tx, person)
    member = next((one for one in found if one.community_id == community.id), None)
    if member and member.account.name != (name := shown(person.name)):
        member.account.name = name
    return member


#: Built once: it runs for every message.
_MEMBERSHIPS = (
    sa.select(Member)
    .join(Member.account)
    .where(Member.left_at.is_(None))
    .where(Account.platform == sa.bindparam("platform"), Account.user == sa.bindparam("user"))
    .join(Member.community)
    .options(contains_eager(Member.account), contains_eager(Member.community))
    .order_by(Member.id)
)


def memberships(tx: Session, person: Person) -> list[Member]:
    """Every community this person is in, oldest membership first."""
    found: list[Member] = known(tx).get((Member, person.platform, person.id), [])
    if not found and (found := list(tx.scalars(_MEMBERSHIPS, {"platform": person.platform, "user": person.id}))):
        known(tx)[Member, person.platform, person.id] = found
    return [*found]


@event.listens_for(Transaction, "transient_to_pending")
def _call_the_roll_anew(tx: Transaction, thing: Base) -> None:
    if isinstance(thing, Member | Room):
        known(tx).clear()


@event.listens_for(Member.left_at, "set")
def _note_who_leaves(member: Member, *_more: object) -> None:
    if tx := object_session(member):
        known(tx).clear()


def all_memberships(tx: Session, account: Account) -> list[Member]:
    """Every membership of this account, also in communities it left."""
    return list(tx.scalars(sa.select(Member).where(Member.account_id == account.id).order_by(Member.id)))


def join(tx: Session, community: Community, person: Person, now: datetime) -> Member:
    """Make this person a member, or one again; calling it twice changes nothing."""
    account = account_of(tx, person)
    if account is None:
        account = Account(platform=person.platform, user=person.id, name=shown(person.name))
        tx.add(account)
        tx.flush()
    query = sa.select(Member).where(Member.community_id == community.id, Member.account_id == account.id)
    member = tx.scalars(query).first()
    if member is None:
        member = Member(community=community, account=account, joined_at=now, consents=[])
        tx.add(member)
    elif member.left_at is not None:
        member.left_at, member.joined_at = None, now
    tx.flush()
    return member


def leave(tx: Session, community: Community, person: Person, now: datetime) -> Member | None:
    """Note that this person left; their grant as facilitator ends with it."""
    member = member_of(tx, community, person)
    if member:
        member.left_at, member.facilitator = now, False
    return member


def members(tx: Session, community: Community) -> list[Member]:
    """Everybody present, in the order they joined."""
    return list(tx.scalars(_MEMBERS, {"community": community.id}))


_MEMBERS = sa.select(Member).where(Member.community_id == sa.bindparam("community"), Member.present()).order_by(Member.id)


def facilitators(tx: Session, community: Community) -> list[Member]:
    """Those whom a facilitator named facilitator."""
    return [member for member in members(tx, community) if member.facilitator]


def ensure_facilitator(tx: Session, community: Community, member: Member) -> None:
    """The first administrator who facilitates a community stays its facilitator."""
    if not member.facilitator and not facilitators(tx, community):
        member.facilitator = True


def member_named(tx: Session, community: Community, name: str) -> list[Member]:
    """Those present whose shown name is `name`, whatever the case, with or without @."""
    wanted = alike(name.strip().removeprefix("@"))
    return [member for member in members(tx, community) if alike(member.name) == wanted]
