"""The methods by which bots speak: messages, files, edits, deletions, answers to buttons."""

import time
from typing import Any

from tests.telegram import rules
from tests.telegram.chats import Chat, Object, Sent
from tests.telegram.refusals import NOT_FOUND, NOT_MODIFIED, TOO_OLD, Refusal, bad, forbidden
from tests.telegram.world import BOT, World

#: A file that came with a request: name, media type, content.
Upload = tuple[str, str, bytes]

_MEDIA = ("document", "photo", "voice", "audio", "video")


def send_message(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """SendMessage."""
    text = rules.check_text(asked.get("text"))
    _check_words(text, asked, "entities")
    content: Object = {"text": text}
    if options := asked.get("link_preview_options"):
        content["link_preview_options"] = options
    return _post(world, asked, content, [])


def send_file(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """SendDocument, sendPhoto, sendVoice, sendAudio, sendVideo: uploaded, or by the number of a file that is there already."""
    kind = next((kind for kind in _MEDIA if kind in asked or kind in uploads), "")
    if not kind:
        raise bad("there is no document in the request")
    content, files = _media(world, kind, asked.get(kind), uploads.get(kind) or uploads.get(_attached(asked.get(kind))))
    return _post(world, asked, {**content, **_caption(asked)}, files)


def send_media_group(world: World, asked: Object, uploads: dict[str, Upload]) -> list[Object]:
    """SendMediaGroup: two to ten of them."""
    media = asked["media"]
    if not 2 <= len(media) <= 10:
        raise bad("wrong number of items in the album")
    album = {"media_group_id": str(time.monotonic_ns())}
    sent = []
    for one in media:
        content, files = _media(world, one["type"], one["media"], uploads.get(_attached(one["media"])))
        sent.append(_post(world, asked, {**content, **_caption(one), **album}, files))
    return sent


def edit_message_text(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """EditMessageText, of the bot's own."""
    text = rules.check_text(asked.get("text"))
    _check_words(text, asked, "entities")
    return _edit(world, asked, {"text": text}, keep=())


def edit_message_reply_markup(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """EditMessageReplyMarkup: other buttons, or none."""
    return _edit(world, asked, {}, keep=("text", "caption"))


def delete_message(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """DeleteMessage: the bot's own, and others' in private or where it may."""
    chat = reachable(world, asked["chat_id"])
    message = chat.messages.get(int(asked["message_id"]))
    if message is None:
        raise bad("message to delete not found")
    mine = message.get("from", {}).get("id") == BOT["id"]
    if not mine and chat.kind != "private" and chat.standing != "administrator":
        raise bad("message can't be deleted")
    if time.time() - message["date"] > 48 * 3600:
        raise bad("message can't be deleted for everyone")
    del chat.messages[message["message_id"]]
    return True


def answer_callback_query(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """AnswerCallbackQuery, in time and once."""
    if world.queries.pop(asked["callback_query_id"], None) is None:
        raise bad(TOO_OLD)
    world.answered.append(asked["callback_query_id"])
    return True


def send_chat_action(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """SendChatAction: for five seconds it looks as if somebody typed."""
    world.typing.append(reachable(world, asked["chat_id"]).id)
    return True


def set_message_reaction(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """SetMessageReaction."""
    if int(asked["message_id"]) not in reachable(world, asked["chat_id"]).messages:
        raise bad("message to react not found")
    return True


def delete_ephemeral_message(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """DeleteEphemeralMessage."""
    _ephemeral(world, asked)
    return True


def edit_ephemeral_message_reply_markup(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """EditEphemeralMessageReplyMarkup."""
    rules.check_markup(asked.get("reply_markup"))
    message = _ephemeral(world, asked).message
    if asked.get("reply_markup"):
        message["reply_markup"] = asked["reply_markup"]
    else:
        message.pop("reply_markup", None)
    return True


def reachable(world: World, id: Any) -> Chat:
    """The chat, if the bot may write there. Raises what Telegram answers otherwise."""
    chat = world.chats.get(id)
    if chat is None:
        raise bad("chat not found")
    if chat.moved_to:
        raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
    match chat.trouble:
        case "deactivated":
            raise forbidden("user is deactivated")
        case "no rights":
            raise bad("not enough rights to send text messages to the chat")
        case "gone":
            raise forbidden("the group chat was deleted")
    match chat.standing:
        case "never started":
            raise forbidden("bot can't initiate conversation with a user")
        case "kicked" if chat.kind == "private":
            raise forbidden("bot was blocked by the user")
        case "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        case "left":
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
    return chat


# The parts


def _check_words(text: str, asked: Object, entities: str) -> None:
    if mode := asked.get("parse_mode"):
        rules.check_parse_mode(text, mode)
    rules.check_entities(text, asked.get(entities) or [])


def _caption(asked: Object) -> Object:
    caption = rules.check_caption(asked.get("caption"))
    _check_words(caption, asked, "caption_entities")
    return {"caption": caption} if caption else {}


def _attached(media: Any) -> str:
    return media.removeprefix("attach://") if isinstance(media, str) else ""


def _media(world: World, kind: str, named: Any, upload: Upload | None) -> tuple[Object, list[Upload]]:
    """What the message shows of a file, and what people get."""
    if upload is None:
        if named not in world.files:
            raise bad("wrong file identifier/HTTP URL specified")
        upload = ("", "application/octet-stream", world.files[named])
    name, media_type, content = upload
    if not content:
        raise bad("file must be non-empty")
    file = world.new_file(content)
    if kind == "photo":
        return {"photo": [{**file, "width": 800, "height": 600}]}, [upload]
    about: Object = {"mime_type": media_type} | ({"file_name": name} if name and kind == "document" else {})
    about |= {"duration": 1} if kind in ("voice", "audio", "video") else {}
    about |= {"width": 1, "height": 1} if kind == "video" else {}
    return {kind: {**file, **about}}, [upload]


def _post(world: World, asked: Object, content: Object, files: list[Upload]) -> Object:
    """Say it in the chat, if all that belongs to it is as it must be."""
    chat = reachable(world, asked["chat_id"])
    rules.check_markup(asked.get("reply_markup"))
    topic = _topic(chat, asked.get("message_thread_id"))
    to = _answered(chat, asked.get("reply_parameters") or {})
    if markup := asked.get("reply_markup"):
        content |= {"reply_markup": markup} if "inline_keyboard" in markup else {}
    if asked.get("protect_content"):
        content["has_protected_content"] = True
    only_for = _only_for(world, chat, asked.get("ephemeral_message_parameters"))
    if only_for:
        content |= {"ephemeral_message_id": len(world.sent) + 1, "receiver_user": world.people[only_for]}
    message = world.message(chat, BOT, topic=topic, to=to, **content)
    if not topic and to and chat.forum:
        answered = chat.messages[to]
        message |= {name: answered[name] for name in ("message_thread_id", "is_topic_message") if name in answered}
    if not only_for:
        chat.bare_commands = True
    world.sent.append(Sent(chat.id, message, asked, files, only_for))
    return message


def _topic(chat: Chat, thread: Any) -> int:
    if not thread:
        return 0
    topic = chat.topics.get(int(thread))
    if topic is None:
        raise bad("message thread not found")
    if topic.closed:
        raise bad("TOPIC_CLOSED")
    return topic.id


def _answered(chat: Chat, reply: Object) -> int:
    number = int(reply.get("message_id", 0))
    if number and number not in chat.messages:
        if not reply.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        return 0
    return number


def _only_for(world: World, chat: Chat, ephemeral: Object | None) -> int:
    """The one person in the group who is to see it. A server older than that takes no notice: it shows it to everybody."""
    if not ephemeral or world.accepts_ephemeral == "unknown":
        return 0
    receiver = int(ephemeral["receiver_user_id"])
    standing = chat.members.get(receiver, {}).get("status")
    if world.accepts_ephemeral == "no" or standing not in ("member", "administrator", "creator"):
        raise bad("USER_ID_INVALID")
    return receiver


def _ephemeral(world: World, asked: Object) -> Sent:
    """The message that one person of the group sees."""
    if world.accepts_ephemeral == "unknown":
        raise Refusal(*NOT_FOUND)
    chat, one = reachable(world, asked["chat_id"]).id, int(asked["ephemeral_message_id"])
    for sent in world.sent:
        if (sent.chat, sent.message.get("ephemeral_message_id"), sent.only_for) == (chat, one, int(asked["receiver_user_id"])):
            return sent
    raise bad("message not found")


def _edit(world: World, asked: Object, changed: Object, *, keep: tuple[str, ...]) -> Object:
    chat = reachable(world, asked["chat_id"])
    message = chat.messages.get(int(asked["message_id"]))
    if message is None:
        raise bad("message to edit not found")
    if message["from"]["id"] != BOT["id"]:
        raise bad("message can't be edited")
    rules.check_markup(asked.get("reply_markup"))
    markup = asked.get("reply_markup") or {}
    changed |= {name: message[name] for name in keep if name in message}
    if markup.get("inline_keyboard"):
        changed["reply_markup"] = markup
    same = ("text", "caption", "reply_markup")
    if {name: message.get(name) for name in same} == {name: changed.get(name) for name in same}:
        raise bad(NOT_MODIFIED)
    for name in same:
        message.pop(name, None)
    message |= {**changed, "edit_date": int(time.time())}
    return message
