"""The methods by which bots ask and settle: who they are, who is where, their menus, their files."""

import json

from tests.telegram import rules
from tests.telegram.chats import Chat, Object, member
from tests.telegram.refusals import bad
from tests.telegram.sending import Upload, reachable
from tests.telegram.world import BOT, World

#: What a bot may fetch at most.
_LARGEST = 20 * 1024 * 1024

_ANY_GIFT = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
)


def get_me(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """GetMe."""
    may = {"can_join_groups": True, "can_read_all_group_messages": not world.privacy, "supports_inline_queries": False}
    return {**BOT, **may, "can_connect_to_business": False, "has_main_web_app": False}


def get_chat(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """GetChat."""
    chat = _chat(world, asked)
    return {**chat.shown, "accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": _ANY_GIFT}


def get_chat_member(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """GetChatMember."""
    chat, person = _chat(world, asked), int(asked["user_id"])
    if person == BOT["id"]:
        return member(BOT, chat.standing)
    if person not in world.people:
        raise bad("PARTICIPANT_ID_INVALID")
    return chat.members.get(person) or member(world.people[person], "left")


def get_chat_administrators(world: World, asked: Object, uploads: dict[str, Upload]) -> list[Object]:
    """GetChatAdministrators: those who do not hide, without bots but this one."""
    chat = _chat(world, asked)
    if chat.kind == "private":
        raise bad("there are no administrators in the private chat")
    found = [one for one in chat.members.values() if one["status"] in ("creator", "administrator")]
    return found + ([member(BOT, "administrator")] if chat.standing == "administrator" else [])


def leave_chat(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """LeaveChat."""
    chat = reachable(world, asked["chat_id"])
    world.left.append(chat.id)
    old, chat.standing = chat.standing, "left"
    change = {"from": BOT, "date": 1, "old_chat_member": member(BOT, old), "new_chat_member": member(BOT, "left")}
    world.happens("my_chat_member", {"chat": chat.shown, **change})
    return True


def set_my_commands(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """SetMyCommands."""
    rules.check_menu(asked["commands"])
    world.menus[_scope(world, asked)] = asked["commands"]
    return True


def get_my_commands(world: World, asked: Object, uploads: dict[str, Upload]) -> list[Object]:
    """GetMyCommands."""
    return world.menus.get(_scope(world, asked), [])


def delete_my_commands(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """DeleteMyCommands."""
    world.menus.pop(_scope(world, asked), None)
    return True


def set_my_description(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """SetMyDescription: what people see before they press Start."""
    return _describe(world, asked, "description", 512)


def set_my_short_description(world: World, asked: Object, uploads: dict[str, Upload]) -> bool:
    """SetMyShortDescription: what stands on the bot's profile."""
    return _describe(world, asked, "short_description", 120)


def get_my_description(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """GetMyDescription."""
    return {"description": _described(world, asked, "description")}


def get_my_short_description(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """GetMyShortDescription."""
    return {"short_description": _described(world, asked, "short_description")}


def get_file(world: World, asked: Object, uploads: dict[str, Upload]) -> Object:
    """GetFile: where to fetch it."""
    content = world.files.get(asked["file_id"])
    if content is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(content) > _LARGEST:
        raise bad("file is too big")
    id = asked["file_id"]
    return {"file_id": id, "file_unique_id": id[-9:], "file_size": len(content), "file_path": f"documents/{id}"}


def _chat(world: World, asked: Object) -> Chat:
    chat = world.chats.get(asked["chat_id"])
    if chat is None or chat.trouble == "gone":
        raise bad("chat not found")
    return reachable(world, chat.id) if chat.moved_to or chat.standing == "kicked" else chat


def _scope(world: World, asked: Object) -> tuple[str, str]:
    scope = asked.get("scope") or {"type": "default"}
    if "chat_id" in scope and scope["chat_id"] not in world.chats:
        raise bad("chat not found")
    return json.dumps(scope, sort_keys=True), asked.get("language_code") or ""


def _describe(world: World, asked: Object, what: str, longest: int) -> bool:
    text = asked.get(what) or ""
    if len(text) > longest:
        raise bad(f"{what.replace('_', ' ')} is too long")
    world.descriptions[what, asked.get("language_code") or ""] = text
    return True


def _described(world: World, asked: Object, what: str) -> str:
    found = world.descriptions
    return found.get((what, asked.get("language_code") or ""), found.get((what, ""), ""))
