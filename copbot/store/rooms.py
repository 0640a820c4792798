"""The groups of a community: which of them is told what, how another one joins it, and where one that moved is."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.store import people
from copbot.store.base import Base
from copbot.store.people import Community, Room
from copbot.store.transactions import settle
from copbot.vocabulary import Place

#: What may have a home of its own, and what stands for all the rest.
TOPICS = ("practices", "checkins", "all")


def homes(community: Community, topic: str = "") -> Iterator[tuple[Room, Place]]:
    """Where what is about this is told: on each platform in the place chosen for it, else for all, else in the oldest room."""
    present = sorted((room for room in community.rooms if room.left_at is None), key=lambda room: room.id)
    for platform in dict.fromkeys(room.platform for room in present):
        here = [room for room in present if room.platform == platform]
        chosen = next(((room, key) for key in (topic, "all") for room in here if key in room.topics), None)
        room, thread = (chosen[0], chosen[0].topics[chosen[1]]) if chosen else (here[0], "")
        yield room, Place(platform, room.room, "group", thread)


def choose_home(community: Community, place: Place, topic: str) -> None:
    """From now on this is told in this place and nowhere else on the platform; with all, what had a home elsewhere as well."""
    dropped = set(TOPICS) if topic == "all" else {topic}
    for room in community.rooms:
        if room.platform == place.platform:
            kept = {key: thread for key, thread in room.topics.items() if key not in dropped}
            room.topics = {**kept, topic: place.thread} if room.room == place.room else kept


def is_oldest(community: Community, place: Place) -> bool:
    """Tell whether this is the room by which members of the community are known on the platform."""
    rooms = [room for room in community.rooms if room.platform == place.platform and room.left_at is None]
    return not rooms or min(rooms, key=lambda room: room.id).room == place.room


def add(tx: Session, community: Community, place: Place) -> Room:
    """One more group in which this community lives."""
    room = Room(platform=place.platform, room=place.room, topics={})
    community.rooms.append(room)
    tx.flush()
    return room


def depart(tx: Session, place: Place, now: datetime | None) -> None:
    """Note that copbot was put out of this group; None: that it is back."""
    if room := people.room_of(tx, place.platform, place.room):
        room.left_at = now
    heard_in(tx, place.platform, place.room)


def heard_in(tx: Session, platform: str, room: str) -> None:
    """Copbot can write in this group, whatever was noted before."""
    here = people.room_of(tx, platform, room)
    if here and here.unreachable:
        here.unreachable, here.unreachable_at = "", None


def move(tx: Session, place: Place, to: Place) -> None:
    """Follow a group to its new address, in every table that names it; calling it twice changes nothing."""
    settle(tx)
    known = sa.select(Room.id).where(Room.platform == to.platform, Room.room == to.room)
    if tx.scalars(known).first():
        tx.execute(sa.delete(Room).where(Room.platform == place.platform, Room.room == place.room))
    for table in Base.metadata.sorted_tables:
        if {"platform", "room"} <= set(table.columns.keys()):
            here = [table.c.platform == place.platform, table.c.room == place.room]
            group = [table.c.private.is_(False)] if "private" in table.columns else []
            tx.execute(sa.update(table).where(*here, *group).values(room=to.room))
        if {"platform", "within"} <= set(table.columns.keys()):
            shown = [table.c.platform == place.platform, table.c.within == place.room]
            tx.execute(sa.update(table).where(*shown).values(within=to.room))
    tx.expire_all()
