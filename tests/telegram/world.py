"""What is on the other side of the wire: people, chats and messages, and what a bot is told of them."""

import itertools
import time
from collections.abc import Callable
from typing import Any, Literal

from tests.telegram import checked, rules
from tests.telegram.chats import Chat, Kind, Object, Sent, Topic, quoted

BOT: Object = {"id": 7210000001, "is_bot": True, "first_name": "copbot", "username": "copbot"}

#: Accounts that are not people: anonymous administrators, channels, Telegram itself.
ANONYMOUS: Object = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL: Object = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
SERVICE: Object = {"id": 777000, "is_bot": False, "first_name": "Telegram"}

#: What bots are told of unless they ask for more.
USUAL = frozenset(
    {"message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member", "poll"}
)


class World:
    """Everything that exists. `tell` is called with each update for the bot.

    `strict`: others' models read each update before.
    """

    def __init__(self, tell: Callable[[Object], None], *, strict: bool = True) -> None:
        self.strict = strict
        self.privacy = True
        self.accepts_ephemeral: Literal["yes", "no", "unknown"] = "yes"
        self.allowed = USUAL
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Object] = {}
        self.sent: list[Sent] = []
        self.files: dict[str, bytes] = {}
        self.menus: dict[tuple[str, str], list[Object]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.queries: dict[str, Object] = {}  #: pressed buttons by query, until they are answered
        self.answered: list[str] = []
        self.typing: list[int] = []
        self.left: list[int] = []
        self._tell = tell
        self._updates = itertools.count(500_001)
        self._queries = itertools.count(4_382_000_000_000_001)
        self._numbers = itertools.count(101)  # private chats and basic groups share one row of numbers, as on Telegram
        self._people = itertools.count(5_100_000_001)  # more than 32 bits hold
        self._groups = itertools.count(4_200_001)

    # What exists

    def new_person(self, name: str, language: str = "en") -> Object:
        """Somebody, with a private chat that was not started."""
        person = {"id": next(self._people), "is_bot": False, "first_name": name, "language_code": language}
        self.people[person["id"]] = person
        about = {"first_name": name}
        self.chats[person["id"]] = Chat(person["id"], "private", about, self._numbers, "never started")
        return person

    def new_chat(self, kind: Kind, title: str, **about: Any) -> Chat:
        """A group or channel without anybody."""
        number = next(self._groups)
        id, numbers = (-number, self._numbers) if kind == "group" else (-1_002_000_000_000 - number, itertools.count(1))
        chat = Chat(id, kind, {"title": title, **about}, numbers)
        self.chats[id] = chat
        return chat

    def new_file(self, content: bytes) -> Object:
        """A file on Telegram, without what its kind adds."""
        id = f"BQACAgQAAxkB{len(self.files):08d}"
        self.files[id] = content
        return {"file_id": id, "file_unique_id": id[-9:], "file_size": len(content)}

    # What happens

    def message(
        self,
        chat: Chat,
        sender: Object | None,
        *,
        topic: int = 0,
        to: int = 0,
        sender_chat: Object | None = None,
        **content: Any,
    ) -> Object:
        """A message in the chat, as Telegram shows it to bots."""
        number = next(chat.numbers)
        one: Object = {"message_id": number, "date": int(time.time()), "chat": chat.shown, **content}
        if sender:
            one["from"] = sender
        if sender_chat:
            one["sender_chat"] = sender_chat
        if to in chat.messages:
            one["reply_to_message"] = quoted(chat.messages[to])
            if chat.kind == "supergroup" and not chat.forum:
                one["message_thread_id"] = chat.messages[to].get("message_thread_id", to)  # a thread of answers, not a topic
        if topic:
            one |= {"message_thread_id": topic, "is_topic_message": True}
            one.setdefault("reply_to_message", quoted(chat.topics[topic].opening))  # as in forums, though nobody answered it
        if text := one.get("text") or one.get("caption"):
            name = "entities" if "text" in one else "caption_entities"
            if marked := content.get(name) or rules.entities(text):
                one[name] = marked
        chat.messages[number] = one
        return one

    def happens(self, kind: str, what: Object) -> int:
        """Tell the bot, if it asked for this kind; answer the update's number, or 0."""
        if kind not in self.allowed:
            return 0
        update = {"update_id": next(self._updates), kind: what}
        if self.strict:
            checked.update(update)
        self._tell(update)
        return int(update["update_id"])

    def garbles(self, what: Object) -> int:
        """Tell the bot something that no library can read."""
        update = {"update_id": next(self._updates), **what}
        self._tell(update)
        return int(update["update_id"])

    def said(self, chat: Chat, message: Object, kind: str = "message") -> Object:
        """Tell the bot of a message, where it is shown such messages."""
        if self._is_shown(chat, message):
            self.happens(kind, message)
        return message

    def stands(self, chat: Chat, by: Object, status: str, old: Object, new: Object) -> None:
        """The bot's own standing in a chat changed."""
        chat.standing = status
        what = {"chat": chat.shown, "from": by, "date": int(time.time()), "old_chat_member": old, "new_chat_member": new}
        self.happens("my_chat_member", what)

    def presses(self, chat: Chat, person: Object, message: Object, data: str) -> str:
        """A button is pressed; answer the number of the query."""
        query = str(next(self._queries))
        self.queries[query] = message
        what = {"id": query, "from": person, "message": message, "chat_instance": str(chat.id * 31), "data": data}
        self.happens("callback_query", what)
        return query

    def _is_shown(self, chat: Chat, message: Object) -> bool:
        """Privacy mode: from groups only commands, answers to the bot, mentions and what is no message of anybody's."""
        if chat.kind == "private":
            return chat.standing == "member"
        if chat.standing not in ("member", "administrator", "restricted"):
            return False
        if not self.privacy or chat.standing == "administrator" or chat.kind == "channel":
            return True
        text = message.get("text") or message.get("caption") or ""
        if not text and not {"photo", "document", "voice"} & set(message):
            return True
        answers_me = message.get("reply_to_message", {}).get("from", {}).get("id") == BOT["id"]
        named = f"@{BOT['username']}" in text.lower()
        return answers_me or named or (text.startswith("/") and "@" not in text.split()[0] and chat.bare_commands)

    def topic(self, chat: Chat, name: str, by: Object) -> Topic:
        """A new topic of a forum."""
        about = {"name": name, "icon_color": 7322096}
        opening = self.message(chat, by, forum_topic_created=about)
        opening |= {"message_thread_id": opening["message_id"], "is_topic_message": True}
        chat.topics[opening["message_id"]] = topic = Topic(opening["message_id"], name, opening)
        self.said(chat, opening)
        return topic
