"""What happens on Telegram is heard: each thing once, after any trouble, and nothing that was said before copbot came."""

import asyncio
import math
import time
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from copbot.adapters.telegram import polling
from copbot.core.menus import menus
from copbot.vocabulary import Joined, Refused, Said
from tests.telegram import TOKEN
from tests.telegram.refusals import bad, too_many
from tests.telegram.server import Server
from tests.telegram.wired import Listener, adapter_of, at_work, connected, rows, wired

SECRET = "Flummoxatron"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience that a test can wait for."""
    monkeypatch.setattr(polling, "_SHORTEST", 0.01)
    monkeypatch.setattr(polling, "_LONGEST", 0.08)
    monkeypatch.setattr(polling, "_OPEN", 1)
    monkeypatch.setattr(polling, "_GRACE", 0.2)


def texts(events: list[Any]) -> list[str]:
    return [event.text for event in events if isinstance(event, Said)]


@wired
async def test_an_update_that_nobody_can_read_costs_the_others_nothing(server: Server) -> None:
    alice = server.person("alice")
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        with capture_logs() as logged:
            alice.writes("before")
            for poison in (
                {"message": {"message_id": SECRET}},
                {"message": SECRET},
                {"message": None},
                {"callback_query": {"id": 5, "from": {}}},
                {"my_chat_member": [SECRET]},
                {"message": {"message_id": 1, "date": "x", "chat": {"id": "1", "type": "private"}, "text": SECRET}},
                {"of_tomorrow": {"text": SECRET}},
            ):
                server.world.garbles(poison)
            alice.writes("after")
            assert texts(await listener.hears()) == ["before", "after"]
    assert SECRET not in str(logged)


@wired
async def test_nothing_is_confirmed_before_it_is_kept(server: Server) -> None:
    alice = server.person("alice")
    async with connected(server) as adapter:
        feed = adapter.receive("")
        start = (await anext(feed)).cursor
        alice.writes("keep me")
        batch = await anext(feed)
        assert server.feed.confirmed == 0, "the house has not kept it yet"
        cursor, again = batch.cursor, adapter.receive(start)
        assert texts(list((await anext(again)).events)) == ["keep me"], "whoever asks anew gets it again"
        going_on = asyncio.ensure_future(anext(adapter.receive(cursor)))
        await server.until(lambda: server.feed.confirmed == 1)
        going_on.cancel()
        with suppress(asyncio.CancelledError):
            await going_on


@wired
async def test_more_than_a_hundred_come_in_order_and_once(server: Server) -> None:
    alice = server.person("alice")
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        for number in range(250):
            alice.writes(str(number))
        assert texts(await listener.hears()) == [str(number) for number in range(250)]


@wired
async def test_what_was_said_before_the_first_contact_does_nothing(server: Server, database: sa.Engine) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    group = server.group("Team", alice, bo, bot="left")
    group.promotes(alice)
    group.invites_bot(alice)
    long_ago = int(time.time()) - 3600
    bo.writes("/forget", date=long_ago)
    alice.says(group, "/checkin open", date=long_ago)
    async with at_work(server, database):
        await server.until(lambda: rows(database, "select * from communities"))  # that copbot was let in does count
        assert rows(database, "select count(*) from checkin_rounds") == [(0,)]
        bo.says(group, "/share Singing: every morning")
        await server.until(lambda: "Thank you bo" in group.last)


@pytest.mark.parametrize(("trouble", "reason"), [("revoked", "token refused"), ("another", "another reader")])
def test_who_may_not_listen_says_so_loudly(
    database: sa.Engine, monkeypatch: pytest.MonkeyPatch, trouble: str, reason: str
) -> None:
    monkeypatch.setattr("copbot.app._LONGEST_PATIENCE", 0.02)

    @wired
    async def test(server: Server) -> None:
        with capture_logs() as logged:
            async with at_work(server, database):
                server.revoked = trouble == "revoked"
                server.feed.let_another_poll(polls=trouble == "another")
                server.feed.end_poll()
                await server.until(lambda: any(entry.get("reason") == reason for entry in logged))
        assert {entry["log_level"] for entry in logged if entry.get("reason") == reason} == {"error"}
        assert TOKEN not in str(logged)

    test()


@wired
async def test_a_token_refused_at_the_start_is_told_at_once(server: Server) -> None:
    server.revoked = True
    adapter = adapter_of(server)
    with pytest.raises(Refused, match="token refused"):
        await adapter.open(menus())
    await adapter.close()


@pytest.mark.usefixtures("impatient")
@wired
async def test_a_server_that_fails_is_asked_ever_more_slowly_never_in_a_hot_loop(server: Server) -> None:
    alice = server.person("alice")
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        with capture_logs() as logged:
            before = server.calls["getUpdates"]
            server.faults.add("break", "getUpdates", times=6)
            server.feed.end_poll()
            alice.writes("patience")
            assert texts(await listener.hears()) == ["patience"]
        waits = [entry["seconds"] for entry in logged if entry["event"] == "poll failed"]
        assert waits == [0.01, 0.02, 0.04, 0.08, 0.08, 0.08]
        assert server.calls["getUpdates"] - before <= 6 + 2, "six that failed, one that was answered, one that waits"


def test_the_patience_of_polls_is_a_second_at_first_and_a_minute_at_last() -> None:
    assert (polling._SHORTEST, polling._LONGEST) == (1.0, 60.0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("what", ["hang", "cut", "break"])
def test_a_connection_left_half_open_loses_nothing(what: Any) -> None:
    @wired
    async def test(server: Server) -> None:
        alice = server.person("alice")
        async with connected(server) as adapter, Listener(server, adapter) as listener:
            server.faults.add(what, "getUpdates", times=2)
            server.feed.end_poll()
            alice.writes("still there")
            assert texts(await listener.hears()) == ["still there"]

    test()


@pytest.mark.usefixtures("impatient")
@pytest.mark.filterwarnings("error")
@wired
async def test_refusals_of_the_poll_end_no_poll(server: Server) -> None:
    alice = server.person("alice")
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        server.faults.refuse("getUpdates", too_many(0))
        server.faults.refuse("getUpdates", bad("something new"))
        server.feed.end_poll()
        alice.writes("on it goes")
        assert texts(await listener.hears()) == ["on it goes"]


@pytest.mark.usefixtures("impatient")
@wired
async def test_liveness_is_the_age_of_the_last_good_poll(server: Server) -> None:
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        server.faults.add("break", "getUpdates", times=math.inf)
        server.feed.end_poll()
        calls = server.calls["getUpdates"]
        await server.until(lambda: server.calls["getUpdates"] >= calls + 2)
        silence = adapter.silent_for()
        await server.until(lambda: server.calls["getUpdates"] >= calls + 4)
        assert adapter.silent_for() > silence
        server.faults.heal()
        server.person("alice").writes("hello")
        assert texts(await listener.hears()) == ["hello"]
        assert adapter.silent_for() < 5


@wired
async def test_copbot_asks_for_what_it_needs_and_for_no_more(server: Server) -> None:
    async with connected(server) as adapter, Listener(server, adapter):
        pass
    assert server.world.allowed >= {
        *("message", "edited_message", "callback_query", "message_reaction", "my_chat_member", "chat_member")
    }
    assert not server.world.allowed & {"inline_query", "channel_post", "business_message"}


@wired
async def test_a_webhook_left_behind_does_not_keep_copbot_from_listening(server: Server) -> None:
    server.feed.webhook = {"url": "https://somewhere.example/old"}
    alice = server.person("alice")
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        alice.writes("hello")
        assert texts(await listener.hears()) == ["hello"]


@wired
async def test_people_come_and_go_once_however_often_telegram_says_it(server: Server, database: sa.Engine) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    group = server.group("Team", alice, bot="left")
    async with at_work(server, database):
        group.invites_bot(alice, administrator=True)
        group.takes_in(bo, by=alice)
        await server.drained()
        bo.says(group, "/share Singing: every morning")
        await server.until(lambda: "Thank you bo" in group.last)
        members = "select count(*) from members where left_at is null"
        assert rows(database, members) == [(2,)]
        group.loses(bo)
        alice.says(group, "/share Dancing: every evening")
        await server.until(lambda: "Thank you alice" in group.last)
        assert rows(database, members) == [(1,)]


@wired
async def test_who_opens_or_closes_the_private_chat_is_told(server: Server) -> None:
    alice = server.person("alice")
    async with connected(server) as adapter, Listener(server, adapter) as listener:
        alice.starts()
        alice.blocks()
        alice.unblocks()
        said, left, joined = await listener.hears()
        assert isinstance(said, Said)
        assert (type(left).__name__, left.place.kind) == ("Left", "private")
        assert isinstance(joined, Joined)
        assert not joined.me
