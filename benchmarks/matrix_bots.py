"""The bots that are measured on Matrix, each a process of its own: copbot, a bare nio one, and one of bare HTTP."""

import asyncio
import json
import sys
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

FILTER = {"room": {"timeline": {"limit": 500}}, "presence": {"types": []}}


async def copbot(url: str, user: str, password: str, folder: Path) -> None:
    """The real thing: database, dispatch, outbox, delivery, adapter; its answer is kept before it goes."""
    sys.modules["twisted"] = None  # type: ignore[assignment]  # the homeserver's, here for tests alone: structlog would load it
    from copbot import handlers, jobs
    from copbot.adapters.matrix import Matrix, login
    from copbot.app import App, serve
    from copbot.core.commands import command
    from copbot.core.context import Conversation
    from copbot.core.house import House
    from copbot.core.words import _
    from copbot.store import schema
    from copbot.store.base import open_database

    handlers.load()
    jobs.load()

    @command("ping", "ping", help=_("Answers."))
    def ping(talk: Conversation, number: int) -> None:
        talk.reply(_("Pong {number}.", number=number))

    database = open_database(f"sqlite:///{folder}/copbot.db")
    schema.upgrade(database)
    account = await login(url, user, password=password)
    matrix = Matrix(account, store=folder / "keys")
    await serve(App(database, House(ask_consent=False, open_to_all=True), [matrix]))


async def nio(url: str, user: str, password: str, folder: Path) -> None:
    """As its documentation has it, but for a timeline limit of 500."""
    from nio import AsyncClient, AsyncClientConfig, InviteMemberEvent, MatrixRoom, RoomMessageText

    config = AsyncClientConfig(encryption_enabled=True, store_sync_tokens=True)
    client = AsyncClient(url, user, store_path=str(folder), config=config)

    async def invited(room: MatrixRoom, _event: InviteMemberEvent) -> None:
        await client.join(room.room_id)

    async def said(room: MatrixRoom, event: RoomMessageText) -> None:
        if event.sender != client.user_id and event.body.startswith("!ping "):
            content = {"msgtype": "m.text", "body": f"Pong {event.body[6:]}."}
            await client.room_send(room.room_id, "m.room.message", content, ignore_unverified_devices=True)

    client.add_event_callback(invited, InviteMemberEvent)
    client.add_event_callback(said, RoomMessageText)
    await client.login(password)
    await client.sync_forever(30_000, sync_filter=FILTER)


async def bare(url: str, user: str, password: str, _folder: Path) -> None:
    """The least that can be done: ask, answer."""
    import aiohttp

    path = f"{url}/_matrix/client/v3"
    numbers = count(1)

    async def answer(room: str, event: dict[str, Any]) -> None:
        words = event["content"].get("body", "")
        if event["type"] == "m.room.message" and event["sender"] != user and words.startswith("!ping "):
            said = {"msgtype": "m.text", "body": f"Pong {words[6:]}."}
            await (await session.put(f"{path}/rooms/{quote(room)}/send/m.room.message/{next(numbers)}", json=said)).read()

    async with aiohttp.ClientSession() as session:
        who = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user}, "password": password}
        async with session.post(f"{path}/login", json=who) as got:
            session.headers["Authorization"] = f"Bearer {(await got.json())['access_token']}"
        query = {"timeout": "30000", "filter": json.dumps(FILTER)}
        while True:
            async with session.get(f"{path}/sync", params=query) as got:
                news = json.loads(await got.read())
            query["since"], rooms = news["next_batch"], news.get("rooms", {})
            for room in rooms.get("invite", {}):
                await (await session.post(f"{path}/join/{quote(room)}", json={})).read()
            for room, what in rooms.get("join", {}).items():
                for event in what["timeline"]["events"]:
                    await answer(room, event)


if __name__ == "__main__":
    asyncio.run({"copbot": copbot, "nio": nio, "bare": bare}[sys.argv[1]](*sys.argv[2:5], Path(sys.argv[5])))
