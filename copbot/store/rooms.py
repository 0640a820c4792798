"""The groups of a community: which of them is told what, and how another one joins it."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from copbot.store.people import Community, Room
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
