"""Told by webhook instead of by poll, copbot hears the same: only from Telegram, each thing once, nothing before it is kept."""

import asyncio
import socket
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from copbot.adapters.telegram import Webhook
from copbot.vocabulary import Said
from tests.telegram.server import Server
from tests.telegram.wired import adapter_of, at_work, connected, rows, wired

PUBLIC = "https://copbot.example"


def doorway(server: Server) -> Webhook:
    """Where copbot listens behind its public address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    server.feed.doorstep[PUBLIC] = f"http://{listen}"
    return Webhook(f"{PUBLIC}/telegram", listen)


def texts(batch: Any) -> list[str]:
    return [event.text for event in batch.events if isinstance(event, Said)]


@wired
async def test_what_happens_is_brought_and_taken_for_kept_only_when_it_is(server: Server) -> None:
    alice = server.person("alice")
    async with connected(server, webhook=doorway(server)) as adapter:
        feed = adapter.receive("0")
        alice.writes("hello")
        batch = await anext(feed)
        while not texts(batch):
            batch = await anext(feed)
        assert server.feed.confirmed == 0, "the house has not kept it yet"
        more = asyncio.ensure_future(anext(feed))
        await server.until(lambda: server.feed.confirmed == 1)
        more.cancel()
        await asyncio.gather(more, return_exceptions=True)


@wired
async def test_who_does_not_know_the_secret_is_turned_away(server: Server) -> None:
    hook = doorway(server)
    update = {"update_id": 5, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "/forget"}}
    async with connected(server, webhook=hook), aiohttp.ClientSession() as session:
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}):
            async with session.post(f"http://{hook.listen}/telegram", json=update, headers=headers) as answer:
                assert answer.status in (401, 403, 404)
        assert len(server.feed.webhook["secret_token"]) >= 32
        assert server.calls["getUpdates"] == 0


@wired
async def test_what_is_brought_twice_is_done_once(server: Server, database: sa.Engine) -> None:
    alice = server.person("alice")
    alice.chat.standing = "member"
    group = server.group("Team", alice, bot="left")
    hook = doorway(server)
    async with at_work(server, database, adapter_of(server, webhook=hook)), aiohttp.ClientSession() as session:
        group.invites_bot(alice, administrator=True)
        alice.says(group, "/share Singing: every morning")
        twice = server.feed.waiting[-1]
        await server.until(lambda: "Thank you alice" in group.last)
        await server.drained()
        headers = {"X-Telegram-Bot-Api-Secret-Token": server.feed.webhook["secret_token"]}
        async with session.post(f"http://{hook.listen}/telegram", json=twice, headers=headers) as answer:
            assert answer.status == 200
        alice.says(group, "/share Dancing: every evening")
        await server.until(lambda: "practice 2" in group.last)
    assert rows(database, "select title from practices order by number") == [("Singing",), ("Dancing",)]


@wired
async def test_poison_is_taken_and_what_follows_is_heard(server: Server, database: sa.Engine) -> None:
    alice = server.person("alice")
    alice.chat.standing = "member"
    group = server.group("Team", alice, bot="left")
    async with at_work(server, database, adapter_of(server, webhook=doorway(server))):
        group.invites_bot(alice, administrator=True)
        server.world.garbles({"message": "nothing that anybody can read"})
        alice.says(group, "/share Singing: every morning")
        await server.until(lambda: "Thank you alice" in group.last)
        await server.drained()
        assert not server.feed.waiting


@wired
async def test_what_came_while_copbot_was_away_is_brought_again(server: Server, database: sa.Engine) -> None:
    alice = server.person("alice")
    alice.chat.standing = "member"
    group = server.group("Team", alice, bot="left")
    async with at_work(server, database, adapter_of(server, webhook=doorway(server))):
        group.invites_bot(alice, administrator=True)
        await server.until(lambda: alice.heard)
        await server.drained()
    alice.says(group, "/share Singing: every morning")
    posted = server.feed.posted
    await server.until(lambda: server.feed.posted >= posted + 2)
    async with at_work(server, database, adapter_of(server, webhook=doorway(server))):
        await server.until(lambda: "Thank you alice" in group.last)
    assert rows(database, "select count(*) from practices") == [(1,)]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"message": {}}', b'{"update_id": "x"}', b"\xff\xfe"])
def test_what_is_no_update_is_refused_and_harms_nothing(body: bytes) -> None:
    @wired
    async def test(server: Server) -> None:
        hook = doorway(server)
        async with connected(server, webhook=hook), aiohttp.ClientSession() as session:
            headers = {"X-Telegram-Bot-Api-Secret-Token": server.feed.webhook["secret_token"]}
            async with session.post(f"http://{hook.listen}/telegram", data=body, headers=headers) as answer:
                assert answer.status == 400

    test()
