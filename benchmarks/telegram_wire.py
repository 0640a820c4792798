"""A Bot API that hands out messages and takes note of the answers, and does so little that it is the bots that are measured."""

import asyncio
import json
import time
from collections import deque
from typing import Any, Self
from urllib.parse import parse_qs

from aiohttp import web

from tests.telegram.limits import Limits
from tests.telegram.refusals import Refusal

PEOPLE = 200

_BOT = {"id": 7210000001, "is_bot": True, "first_name": "copbot", "username": "copbot", "can_join_groups": True}
_GROUP = {"id": -1002004200001, "type": "supergroup", "title": "Measured"}
_HOST = {"id": 5100000000, "is_bot": False, "first_name": "Host"}
_OUT, _IN = ({"user": _BOT, "status": status} for status in ("left", "member"))


class Wire:
    """`async with Wire() as wire:` listens; what people write goes in by `write`, `answered` waits for what the bot says."""

    def __init__(self) -> None:
        self.added = 0.0  #: seconds by which sendMessage takes longer
        self.limits: Limits | None = None
        self.taken = 0  #: messages of the bot's
        self.began: dict[int, float] = {}  #: by person, when they wrote
        self.took: list[float] = []  #: seconds from writing to the answer
        self.last = 0.0  #: when the last answer came
        self._waiting: deque[dict[str, Any]] = deque()
        self._news, self._came, self._quiet = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._number = 0

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=0.001)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._runner.cleanup()

    # What happens

    def settle(self) -> None:
        """The bot comes into a group in which everybody is."""
        change = {"chat": _GROUP, "from": _HOST, "old_chat_member": _OUT, "new_chat_member": _IN}
        self._put("my_chat_member", {**change, "date": int(time.time())})
        for person in range(1, PEOPLE + 1):
            self._put("message", self._message(_GROUP, _person(person), new_chat_members=[_person(person)]))

    def write(self, person: int, text: str) -> None:
        """Somebody writes in private."""
        who = _person(person)
        chat = {"id": who["id"], "type": "private", "first_name": who["first_name"]}
        self.began[who["id"]] = time.perf_counter()
        self._put("message", self._message(chat, who, text=text))

    async def answered(self, count: int, seconds: float = 300) -> None:
        """Wait until the bot has sent so many messages in all."""
        async with asyncio.timeout(seconds):
            while self.taken < count:
                self._came.clear()
                await self._came.wait()

    async def drained(self, seconds: float = 60) -> None:
        """Wait until the bot has fetched all, and waits for more."""
        async with asyncio.timeout(seconds):
            await self._quiet.wait()

    def _message(self, chat: dict[str, Any], person: dict[str, Any], **content: Any) -> dict[str, Any]:
        self._number += 1
        return {"message_id": self._number, "date": int(time.time()), "chat": chat, "from": person, **content}

    def _put(self, kind: str, what: dict[str, Any]) -> None:
        self._number += 1
        self._waiting.append({"update_id": self._number, kind: what})
        self._quiet.clear()
        self._news.set()

    # Requests

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        method = request.path.rpartition("/")[2].lower()
        asked = _read(request.content_type, await request.text()) if request.content_type != "multipart/form-data" else None
        if asked is None:
            asked = {name: str(value) for name, value in (await request.post()).items()}
        try:
            return _json({"ok": True, "result": await self._result(method, asked)}, 200)
        except Refusal as refusal:
            answer = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            return _json({**answer, "parameters": refusal.parameters}, refusal.code)

    async def _result(self, method: str, asked: dict[str, Any]) -> Any:
        match method:
            case "getupdates":
                return await self._updates(int(asked.get("offset") or 0), float(asked.get("timeout") or 0))
            case "sendmessage":
                return await self._take(int(asked["chat_id"]), str(asked["text"]))
            case "getme":
                return _BOT
            case "getwebhookinfo":
                return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
            case "getchatmember":
                return {"user": _HOST, "status": "member"}
            case "getmycommands":
                return []
            case "getmydescription" | "getmyshortdescription":
                return {"description": "", "short_description": ""}
            case _:
                return True

    async def _updates(self, offset: int, seconds: float) -> list[dict[str, Any]]:
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()
        if not self._waiting:
            self._news.clear()
            self._quiet.set()
            try:
                await asyncio.wait_for(self._news.wait(), seconds)
            except TimeoutError:
                return []
        return [self._waiting[number] for number in range(min(100, len(self._waiting)))]

    async def _take(self, chat: int, text: str) -> dict[str, Any]:
        now = time.perf_counter()
        if self.limits:
            self.limits.take(chat, now)
        if self.added:
            await asyncio.sleep(self.added)
        self.taken += 1
        self.last = now
        if (began := self.began.pop(chat, None)) is not None:
            self.took.append(now - began)
        self._came.set()
        return self._message({"id": chat, "type": "private", "first_name": "P"}, _BOT, text=text)


def _person(number: int) -> dict[str, Any]:
    return {"id": 5_100_000_000 + number, "is_bot": False, "first_name": f"Person {number}", "language_code": "en"}


def _read(content_type: str, body: str) -> dict[str, Any]:
    if content_type == "application/json":
        return dict(json.loads(body or "{}"))
    return {name: values[0] for name, values in parse_qs(body).items()}


def _json(answer: dict[str, Any], status: int) -> web.Response:
    return web.Response(body=json.dumps(answer).encode(), status=status, content_type="application/json")
