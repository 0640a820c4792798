"""Chats as Telegram keeps them: who is in, what was said, what a message about it looks like."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Object = dict[str, Any]
Kind = Literal["private", "group", "supergroup", "channel"]

#: What administrators may do, as Telegram lists it.
_RIGHTS = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": False,
    "can_restrict_members": False,
    "can_promote_members": False,
    "can_change_info": False,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_send_welcome_messages": False,
}


@dataclass
class Topic:
    """A topic of a forum, with the service message that opened it."""

    id: int
    name: str
    opening: Object
    closed: bool = False


@dataclass
class Sent:
    """A message of the bot's, as the server took it: what people see of it, and what it was asked with."""

    chat: int
    message: Object
    asked: Object
    files: list[tuple[str, str, bytes]] = field(default_factory=list)  #: name, media type, content
    only_for: int = 0  #: the one person who sees it, in a group

    @property
    def text(self) -> str:
        """The words or the caption."""
        return str(self.message.get("text") or self.message.get("caption") or "")

    @property
    def id(self) -> int:
        """Its number in its chat."""
        return int(self.message["message_id"])

    @property
    def buttons(self) -> list[Object]:
        """The buttons that stand under it now."""
        rows = self.message.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]


@dataclass
class Chat:
    """A chat and all that is in it. `standing` is what the bot is in it; private chats: "member" once they were started."""

    id: int
    kind: Kind
    about: Object
    numbers: Iterator[int]
    standing: str = "left"
    members: dict[int, Object] = field(default_factory=dict)  #: by person, the ChatMember
    messages: dict[int, Object] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    moved_to: int = 0
    trouble: str = ""  #: what sending here is answered with: deactivated, no rights, gone
    bare_commands: bool = True  #: whether the bot was the last to speak of the bots in a group with privacy mode

    @property
    def shown(self) -> Object:
        """The chat as it stands in messages."""
        return {"id": self.id, "type": self.kind, **self.about}

    @property
    def forum(self) -> bool:
        """Whether it has topics."""
        return bool(self.about.get("is_forum"))


def member(person: Object, status: str, **more: Any) -> Object:
    """A ChatMember."""
    if status == "creator":
        return {"status": status, "user": person, "is_anonymous": False, **more}
    if status == "administrator":
        return {"status": status, "user": person, **_RIGHTS, **more}
    if status == "kicked":
        return {"status": status, "user": person, "until_date": 0}
    return {"status": status, "user": person, **more}


def quoted(message: Object) -> Object:
    """A message as it stands in the answer to it: without what it answered itself."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}
