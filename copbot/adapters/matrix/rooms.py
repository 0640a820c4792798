"""What copbot knows of the rooms it is in: who is there, what they are called, what the room is."""

from dataclasses import dataclass, field
from typing import Any

from copbot.vocabulary import Person, Place

PLATFORM = "matrix"

Json = dict[str, Any]

#: From this power on somebody looks after a room: they may remove people and messages unless the room says otherwise.
MODERATOR = 50

_OLDER_VERSIONS = frozenset(str(number) for number in range(1, 12))


@dataclass(slots=True)
class Room:
    """One room as its state says. `partner` is the other person where it is a private chat.

    `predecessor` is the room it says it follows, `follows` the same where that room says so too.
    """

    id: str
    me: str
    members: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    encryption: Json | None = None
    is_space: bool = False
    founder: str = ""
    creators: frozenset[str] = frozenset()
    predecessor: str = ""
    successor: str = ""
    follows: str = ""
    title: str = ""
    shows_invited: bool = True
    partner: str = ""

    def apply(self, event: Json) -> None:
        """Learn from a state event. What is not as it should be is left out."""
        content, key = event.get("content"), event.get("state_key")
        if not isinstance(content, dict) or not isinstance(key, str):
            return
        if event.get("type") == "m.room.member":
            self._member(key, content)
        elif key == "" and (learn := _LEARN.get(str(event.get("type")))):
            learn(self, event, content)

    def _member(self, user: str, content: Json) -> None:
        membership = content.get("membership")
        if membership in ("join", "invite"):
            self.members[user] = membership
        elif membership in ("leave", "ban", "knock"):
            self.members.pop(user, None)
        name = content.get("displayname")
        if isinstance(name, str) and name.strip():
            self.names[user] = name.strip()[:100]
        elif membership == "join":
            self.names.pop(user, None)

    def _created(self, event: Json, content: Json) -> None:
        self.is_space = content.get("type") == "m.space"
        self.founder = str(event.get("sender", ""))
        if content.get("room_version", "1") not in _OLDER_VERSIONS:  # from 12 on, creators have all power
            further = content.get("additional_creators")
            names = [event.get("sender"), *(further if isinstance(further, list) else [])]
            self.creators = frozenset(name for name in names if isinstance(name, str))
        before = content.get("predecessor")
        if isinstance(before, dict) and isinstance(before.get("room_id"), str):
            self.predecessor = before["room_id"]

    def _encrypted(self, _event: Json, content: Json) -> None:
        self.encryption = content  # once it is, a room never stops being encrypted

    def _replaced(self, _event: Json, content: Json) -> None:
        if isinstance(content.get("replacement_room"), str):
            self.successor = content["replacement_room"]

    def _named(self, _event: Json, content: Json) -> None:
        name = content.get("name")
        self.title = name.strip()[:100] if isinstance(name, str) else ""

    def _visibility(self, _event: Json, content: Json) -> None:
        self.shows_invited = content.get("history_visibility") != "joined"

    @property
    def present(self) -> bool:
        """Tell whether copbot is in."""
        return self.members.get(self.me) == "join"

    def readers(self) -> list[str]:
        """Those who may read what is said here."""
        return [user for user, membership in self.members.items() if membership == "join" or self.shows_invited]

    def others(self) -> set[str]:
        """Those who are here or invited, but for copbot."""
        return set(self.members) - {self.me}

    def person(self, user: str) -> Person:
        """This account by the name it has here."""
        return Person(PLATFORM, user, self.names.get(user) or user.removeprefix("@").partition(":")[0])

    def place(self, thread: str = "") -> Place:
        """The room as the house knows it: a private chat by the person's id."""
        return Place(PLATFORM, self.partner, "private") if self.partner else Place(PLATFORM, self.id, "group", thread)


_LEARN = {
    "m.room.create": Room._created,
    "m.room.encryption": Room._encrypted,
    "m.room.tombstone": Room._replaced,
    "m.room.name": Room._named,
    "m.room.history_visibility": Room._visibility,
}


def power(levels: Json, user: str) -> int:
    """The power of somebody by the content of m.room.power_levels."""
    users = levels.get("users")
    level = (users if isinstance(users, dict) else {}).get(user, levels.get("users_default", 0))
    return level if isinstance(level, int) else 0
