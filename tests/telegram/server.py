"""The server itself: requests in every form that Telegram takes, each answered by its method or with a refusal."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Self
from urllib.parse import parse_qsl

from aiohttp import web

from tests.telegram import TOKEN, asking, checked, sending
from tests.telegram.chats import Object, member
from tests.telegram.faults import Fault, Faults, cut, hang
from tests.telegram.feeding import Feed
from tests.telegram.limits import Limits
from tests.telegram.people import Group, Someone
from tests.telegram.refusals import NOT_FOUND, UNAUTHORIZED, Refusal, bad
from tests.telegram.sending import Upload
from tests.telegram.world import World

#: Parameters that stay text even if they look like a number or like JSON.
_TEXTS = frozenset(
    [
        *("text", "caption", "parse_mode", "callback_query_id", "file_id", "description", "short_description", "language_code"),
        *("name", "url", "secret_token"),
    ]
)

_METHODS: dict[str, Callable[[World, Object, dict[str, Upload]], Any]] = {
    "getMe": asking.get_me,
    "getChat": asking.get_chat,
    "getChatMember": asking.get_chat_member,
    "getChatAdministrators": asking.get_chat_administrators,
    "leaveChat": asking.leave_chat,
    "setMyCommands": asking.set_my_commands,
    "getMyCommands": asking.get_my_commands,
    "deleteMyCommands": asking.delete_my_commands,
    "setMyDescription": asking.set_my_description,
    "getMyDescription": asking.get_my_description,
    "setMyShortDescription": asking.set_my_short_description,
    "getMyShortDescription": asking.get_my_short_description,
    "getFile": asking.get_file,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_file,
    "sendPhoto": sending.send_file,
    "sendVoice": sending.send_file,
    "sendAudio": sending.send_file,
    "sendVideo": sending.send_file,
    "sendMediaGroup": sending.send_media_group,
    "editMessageText": sending.edit_message_text,
    "editMessageReplyMarkup": sending.edit_message_reply_markup,
    "deleteMessage": sending.delete_message,
    "answerCallbackQuery": sending.answer_callback_query,
    "sendChatAction": sending.send_chat_action,
    "deleteEphemeralMessage": sending.delete_ephemeral_message,
    "editEphemeralMessageReplyMarkup": sending.edit_ephemeral_message_reply_markup,
    "setMessageReaction": sending.set_message_reaction,
}
_BY_LOWER = {name.lower(): name for name in [*_METHODS, "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"]}
_SENDS = frozenset(name for name in _METHODS if name.startswith("send") and name != "sendChatAction")


class Server(AbstractAsyncContextManager["Server"]):
    """`async with Server() as server:` listens on a free port of this machine. Everything happens on one event loop."""

    def __init__(self, *, strict: bool = True, limits: Limits | None = None) -> None:
        self.feed = Feed()
        self.world = World(self.feed.put, strict=strict)
        self.faults = Faults()
        self.limits = limits
        self.revoked = False
        self.calls: Counter[str] = Counter()
        self.asked: list[tuple[float, str, Object]] = []  #: every call: when, what, with what
        self.wrong: list[str] = []  #: what others' models could not read; the tests end with none
        self._moved = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/file/bot{token}/{path:.+}", self._file)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        self._runner = web.AppRunner(app, shutdown_timeout=0.001)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.feed.close()
        await self._runner.cleanup()
        if exception[0] is None and self.wrong:
            raise checked.Wrong("\n".join(self.wrong))

    @property
    def base_url(self) -> str:
        """What bots take for https://api.telegram.org/bot."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        """What bots take for https://api.telegram.org/file/bot."""
        return f"http://127.0.0.1:{self.port}/file/bot"

    # Who there is

    def person(self, name: str, **more: Any) -> Someone:
        """Somebody who has not started the bot."""
        return Someone(self.world, self.world.new_person(name, **more))

    def group(self, title: str, *people: Someone, kind: Any = "supergroup", bot: str = "member", **about: Any) -> Group:
        """A group; `bot` is what the bot is in it: left, member or administrator."""
        chat = self.world.new_chat(kind, title, **about)
        chat.standing = bot
        chat.members = {one.id: member(one.person, "member") for one in people}
        return Group(self.world, chat)

    # What tests wait for

    async def until(self, happened: Callable[[], object], seconds: float = 10) -> None:
        """Wait until it is so; looked at whenever the bot has asked for something."""
        async with asyncio.timeout(seconds):
            while not happened():
                self._moved.clear()
                await asyncio.wait([asyncio.ensure_future(self._moved.wait())], timeout=0.05)

    async def heard(self, count: int, seconds: float = 10) -> None:
        """Wait until the bot has said so many messages in all."""
        await self.until(lambda: len(self.world.sent) >= count, seconds)

    async def drained(self, seconds: float = 10) -> None:
        """Wait until the bot has confirmed all and asks for more."""
        async with asyncio.timeout(seconds):
            await self.feed.quiet.wait()

    # Requests

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if refused := self._refused_token(request):
            return _no(Refusal(*refused))
        method = _BY_LOWER.get(request.match_info["method"].lower(), "")
        asked, uploads = await _read(request)
        self.calls[method] += 1
        self.asked.append((asyncio.get_running_loop().time(), method, asked))
        fault = self.faults.of(method, asked)
        if fault and fault.what != "lose" and (answer := await self._trouble(fault, request)):
            return answer
        try:
            answer = await self._answer(method, asked, uploads)
        except Refusal as refusal:
            answer = _no(refusal)
        self._moved.set()
        return await hang() if fault and fault.what == "lose" else answer

    def _refused_token(self, request: web.Request) -> tuple[int, str] | None:
        token = request.match_info["token"]
        if not re.fullmatch(r"\d+:[\w-]{30,}", token):
            return NOT_FOUND
        return UNAUTHORIZED if token != TOKEN or self.revoked else None

    async def _trouble(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        match fault.what:
            case "refuse" if fault.refusal:
                return _no(fault.refusal)
            case "break":
                return web.Response(status=fault.status, text="<html>Bad Gateway</html>", content_type="text/html")
            case "hang":
                return await hang()
            case "cut":
                return await cut(request)
            case _:
                await asyncio.sleep(fault.seconds)
                return None

    async def _answer(self, method: str, asked: Object, uploads: dict[str, Upload]) -> web.Response:
        if not method:
            raise Refusal(*NOT_FOUND)
        inline = [name for name in uploads if f"attach://{name}" not in str(asked)]
        self._check(checked.request, method, {**dict.fromkeys(inline, "uploaded"), **asked})
        if self.limits and method in _SENDS:
            self.limits.take(int(asked["chat_id"]), asyncio.get_running_loop().time())
        try:
            result = await self._result(method, asked, uploads)
        except KeyError as missing:
            raise bad(f"parameter {missing} is required") from None
        if method != "getUpdates":  # each of them was read when it happened
            self._check(checked.result, method, result)
        return web.json_response({"ok": True, "result": result})

    async def _result(self, method: str, asked: Object, uploads: dict[str, Upload]) -> Any:
        match method:
            case "getUpdates":
                return await self.feed.get_updates(self.world, asked)
            case "setWebhook":
                return self.feed.set_webhook(self.world, asked)
            case "deleteWebhook":
                return self.feed.delete_webhook(self.world, asked)
            case "getWebhookInfo":
                return self.feed.webhook_info(self.world)
            case _:
                return _METHODS[method](self.world, asked, uploads)

    def _check(self, check: Callable[[str, Any], None], method: str, what: Any) -> None:
        if self.world.strict:
            try:
                check(method, what)
            except checked.Wrong as wrong:
                self.wrong.append(f"{method}: {wrong}")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if refused := self._refused_token(request):
            return _no(Refusal(*refused))
        self.calls["file"] += 1
        content = self.world.files.get(request.match_info["path"].rpartition("/")[2])
        fault = self.faults.of("file", {})
        if fault and (answer := await self._trouble(fault, request)):
            return answer
        return web.Response(body=content) if content is not None else _no(Refusal(*NOT_FOUND))


async def _read(request: web.Request) -> tuple[Object, dict[str, Upload]]:
    """Parameters and files, from the address and from a body of any kind; a GET may carry a form."""
    asked: Object = {name: _value(name, value) for name, value in request.query.items()}
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        asked |= await request.json() if request.can_read_body else {}
    elif request.content_type == "multipart/form-data":
        for name, field in (await request.post()).items():
            if isinstance(field, web.FileField):
                uploads[name] = (field.filename, field.content_type, field.file.read())
                field.file.close()
            else:
                asked[name] = _value(name, str(field))
    elif request.can_read_body:
        form = parse_qsl((await request.read()).decode(), keep_blank_values=True)
        asked |= {name: _value(name, value) for name, value in form}
    return asked, uploads


def _value(name: str, value: str) -> Any:
    if name in _TEXTS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _no(refusal: Refusal) -> web.Response:
    body: Object = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)
