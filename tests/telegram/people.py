"""People and groups with verbs: `alice.writes("/start")`, `alice.says(group, "hello")`, `group.puts_out()`."""

import time
from dataclasses import dataclass, replace
from typing import Any

from tests.telegram.chats import Chat, Object, Sent, Topic, member
from tests.telegram.world import ANONYMOUS, BOT, CHANNEL, World


@dataclass(eq=False)
class Someone:
    """A person on Telegram. What they write answers the message, whose "message_id" can be quoted, edited, reacted to."""

    world: World
    person: Object

    @property
    def id(self) -> int:
        """Their number, which is also that of the private chat with them."""
        return int(self.person["id"])

    @property
    def chat(self) -> Chat:
        """Their private chat with the bot."""
        return self.world.chats[self.id]

    # In private

    def starts(self, payload: str = "") -> Object:
        """Press Start, or open the link that carries `payload`."""
        if self.chat.standing == "kicked":
            self._stands("member")
        self.chat.standing = "member"
        return self.writes(f"/start {payload}".strip())

    def writes(self, text: str, *, to: int = 0, **content: Any) -> Object:
        """In private."""
        self._opens()
        return self.world.said(self.chat, self.world.message(self.chat, self.person, to=to, text=text, **content))

    def _opens(self) -> None:
        """Whoever writes has started the bot."""
        if self.chat.standing == "never started":
            self.chat.standing = "member"

    def blocks(self) -> None:
        """Block the bot."""
        self._stands("kicked")

    def unblocks(self) -> None:
        """Let it write again."""
        self._stands("member")

    def deactivates(self) -> None:
        """Delete the account."""
        self.chat.trouble = "deactivated"

    def _stands(self, status: str) -> None:
        old = member(BOT, self.chat.standing)
        self.world.stands(self.chat, self.person, status, old, member(BOT, status))

    # In groups

    def says(self, group: "Group", text: str, *, to: int = 0, topic: Topic | None = None, **content: Any) -> Object:
        """In a group, or in a topic of it."""
        one = self.world.message(group.chat, self.person, to=to, topic=topic.id if topic else 0, text=text, **content)
        return self.world.said(group.chat, one)

    def edits(self, message: Object, text: str) -> Object:
        """Rewrite an own message."""
        chat = self.world.chats[message["chat"]["id"]]
        edited = {**message, "text": text, "edit_date": int(time.time())}
        chat.messages[message["message_id"]] = edited
        return self.world.said(chat, edited, "edited_message")

    def presses(self, sent: Sent, button: int | str = 1) -> str:
        """One of the buttons under a message, by its place or its words; answer the query's number."""
        found = sent.buttons[button - 1] if isinstance(button, int) else next(b for b in sent.buttons if button in b["text"])
        return self.world.presses(self.world.chats[sent.chat], self.person, sent.message, found["callback_data"])

    def reacts(self, group: "Group", number: int, emoji: str) -> None:
        """Put an emoji under a message; bots hear of it where they administer."""
        if group.chat.standing != "administrator":
            return
        new = [{"type": "emoji", "emoji": emoji}]
        what = {"chat": group.chat.shown, "message_id": number, "user": self.person, "date": int(time.time())}
        self.world.happens("message_reaction", {**what, "old_reaction": [], "new_reaction": new})

    # Files

    def sends(self, kind: str, content: bytes, *, where: "Group | None" = None, to: int = 0, **more: Any) -> Object:
        """A photo, voice, audio, video or document."""
        self._opens()
        chat = where.chat if where else self.chat
        return self.world.said(chat, self.world.message(chat, self.person, to=to, **self._file(kind, content), **more))

    def sends_album(self, photos: list[bytes], caption: str, *, where: "Group | None" = None) -> list[Object]:
        """Several photos at once: one update each, the caption on the first."""
        self._opens()
        chat = where.chat if where else self.chat
        album = {"media_group_id": f"1380{next(chat.numbers)}"}
        captions = [{"caption": caption}] + [{}] * (len(photos) - 1)
        return [
            self.world.said(chat, self.world.message(chat, self.person, **self._file("photo", photo), **album, **words))
            for photo, words in zip(photos, captions, strict=True)
        ]

    def _file(self, kind: str, content: bytes) -> Object:
        file = self.world.new_file(content)
        if kind == "photo":
            small = self.world.new_file(content[:10])
            return {kind: [{**small, "width": 90, "height": 90}, {**file, "width": 800, "height": 800}]}
        about: Object = {
            "voice": {"duration": 3, "mime_type": "audio/ogg"},
            "audio": {"duration": 3, "mime_type": "audio/mpeg", "file_name": "song.mp3"},
            "video": {"duration": 3, "width": 320, "height": 240, "mime_type": "video/mp4"},
            "document": {"file_name": "timetable.pdf", "mime_type": "application/pdf"},
        }[kind]
        return {kind: {**file, **about}}

    # What they hear

    @property
    def heard(self) -> list[Sent]:
        """What the bot said to them in private."""
        return [sent for sent in self.world.sent if sent.chat == self.id]

    @property
    def last(self) -> str:
        """The last of it, in words; "" before there was anything."""
        return self.heard[-1].text if self.heard else ""


@dataclass(eq=False)
class Group:
    """A group, supergroup or channel."""

    world: World
    chat: Chat

    @property
    def heard(self) -> list[Sent]:
        """What the bot said there, and all could read."""
        return [sent for sent in self.world.sent if sent.chat == self.chat.id and not sent.only_for]

    @property
    def last(self) -> str:
        """The last of it, in words; "" before there was anything."""
        return self.heard[-1].text if self.heard else ""

    # Comings and goings

    def takes_in(self, *people: Someone, by: Someone | None = None) -> None:
        """They join, or are added."""
        for one in people:
            old = self.chat.members.get(one.id, member(one.person, "left"))
            new = self.chat.members[one.id] = member(one.person, "member")
            host = (by or one).person
            if self.chat.standing != "left":
                self._changed(host, old, new)
                self.world.said(self.chat, self.world.message(self.chat, host, new_chat_members=[one.person]))

    def loses(self, one: Someone) -> None:
        """They leave."""
        old = self.chat.members[one.id]
        new = self.chat.members[one.id] = member(one.person, "left")
        self._changed(one.person, old, new)
        self.world.said(self.chat, self.world.message(self.chat, one.person, left_chat_member=one.person))

    def _changed(self, by: Object, old: Object, new: Object) -> None:
        if self.chat.standing == "administrator":
            change = {"from": by, "date": int(time.time()), "old_chat_member": old, "new_chat_member": new}
            self.world.happens("chat_member", {"chat": self.chat.shown, **change})

    def promotes(self, one: Someone, status: str = "administrator", **rights: Any) -> None:
        """Make somebody administrator, or the owner."""
        self.chat.members[one.id] = member(one.person, status, **rights)

    def demotes(self, one: Someone) -> None:
        """Take it back."""
        self.chat.members[one.id] = member(one.person, "member")

    def invites_bot(self, by: Someone, *, administrator: bool = False) -> None:
        """The bot is added."""
        status = "administrator" if administrator else "member"
        self.world.stands(self.chat, by.person, status, member(BOT, self.chat.standing), member(BOT, status))
        self.world.said(self.chat, self.world.message(self.chat, by.person, new_chat_members=[BOT]))

    def puts_out(self, by: Someone) -> None:
        """The bot is removed."""
        self.world.stands(self.chat, by.person, "kicked", member(BOT, self.chat.standing), member(BOT, "kicked"))

    def goes(self) -> None:
        """The group is deleted."""
        self.chat.trouble = "gone"

    def silences_bot(self) -> None:
        """The bot may read, not write."""
        self.chat.trouble = "no rights"

    # What groups can be

    def becomes_supergroup(self, *, backwards: bool = False) -> "Group":
        """The group gets another number; both service messages come, in either order."""
        new = self.world.new_chat("supergroup", self.chat.about["title"])
        new.members, new.standing = dict(self.chat.members), self.chat.standing
        self.chat.moved_to = new.id
        sides = [(self.chat, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": self.chat.id})]
        for chat, content in reversed(sides) if backwards else sides:
            self.world.said(chat, self.world.message(chat, ANONYMOUS, **content))
        return replace(self, chat=new)

    def opens_topic(self, name: str, by: Someone) -> Topic:
        """A new topic."""
        return self.world.topic(self.chat, name, by.person)

    def says_anonymously(self, text: str) -> Object:
        """An administrator who hides behind the group."""
        one = self.world.message(self.chat, ANONYMOUS, sender_chat=self.chat.shown, text=text, author_signature="chief")
        return self.world.said(self.chat, one)

    def says_as_channel(self, channel: "Group", text: str) -> Object:
        """Somebody who speaks in the group as their channel."""
        return self.world.said(self.chat, self.world.message(self.chat, CHANNEL, sender_chat=channel.chat.shown, text=text))

    def posts(self, text: str) -> Object:
        """A post of a channel, which nobody signs."""
        one = self.world.message(self.chat, None, sender_chat=self.chat.shown, text=text)
        return self.world.said(self.chat, one, "channel_post")
