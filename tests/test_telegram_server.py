"""The scripted server says what Telegram says: met by PTB's own client, and by requests in every form."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from tests.telegram import TOKEN, checked
from tests.telegram.limits import Limits
from tests.telegram.server import Server
from tests.telegram.wired import wired


@asynccontextmanager
async def client(server: Server, token: str = TOKEN) -> AsyncIterator[telegram.Bot]:
    """PTB's bot over its own request layer."""
    async with telegram.Bot(token, base_url=server.base_url, base_file_url=server.base_file_url) as bot:
        yield bot


async def refused(kind: type[TelegramError], words: str, request: Any) -> None:
    with pytest.raises(kind) as caught:
        await request
    assert words.lower() in str(caught.value).lower()


@wired
async def test_what_telegram_does_not_take_is_refused_in_its_words(server: Server) -> None:
    alice = server.person("alice")
    alice.starts()
    async with client(server) as bot:
        say = bot.send_message
        await say(alice.id, "😀" * 2048)
        await refused(BadRequest, "message is too long", say(alice.id, "😀" * 2048 + "x"))
        await refused(BadRequest, "message text is empty", say(alice.id, " "))
        await refused(BadRequest, "can't parse entities", say(alice.id, "<b>open", parse_mode="HTML"))
        await refused(BadRequest, "caption is too long", bot.send_document(alice.id, b"x", caption="x" * 1025))
        await refused(BadRequest, "file must be non-empty", bot.send_document(alice.id, b""))
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("no", callback_data="é" * 33)]])
        await refused(BadRequest, "BUTTON_DATA_INVALID", say(alice.id, "x", reply_markup=keyboard))
        await refused(BadRequest, "message to be replied not found", say(alice.id, "x", reply_to_message_id=999))
        await refused(BadRequest, "BOT_COMMAND_INVALID", bot.set_my_commands([("déplacer", "moves")]))
        await refused(BadRequest, "query is too old", bot.answer_callback_query("1"))
        await refused(BadRequest, "message thread not found", say(alice.id, "x", message_thread_id=7))


@wired
async def test_chats_that_cannot_be_written_to_are_refused_in_telegram_s_words(server: Server) -> None:
    alice, bo = server.person("alice"), server.person("bo")
    group, old = server.group("Team", alice), server.group("Old", alice, kind="group")
    async with client(server) as bot:
        say = bot.send_message
        await refused(BadRequest, "chat not found", say(1234, "x"))
        await refused(Forbidden, "bot can't initiate conversation with a user", say(bo.id, "x"))
        alice.starts()
        alice.blocks()
        await refused(Forbidden, "bot was blocked by the user", say(alice.id, "x"))
        bo.starts()
        bo.deactivates()
        await refused(Forbidden, "user is deactivated", say(bo.id, "x"))
        group.puts_out(alice)
        await refused(Forbidden, "bot was kicked from the supergroup chat", say(group.chat.id, "x"))
        new = old.becomes_supergroup()
        with pytest.raises(ChatMigrated) as moved:
            await say(old.chat.id, "x")
        assert moved.value.new_chat_id == new.chat.id


@wired
async def test_tokens_are_told_apart(server: Server) -> None:
    async with aiohttp.ClientSession() as session:
        for token, status in ((TOKEN, 200), ("7210000001:" + "B" * 35, 401), ("nonsense", 404)):
            async with session.get(f"{server.base_url}{token}/getMe") as answer:
                assert answer.status == status
    server.revoked = True
    with pytest.raises(InvalidToken):
        async with client(server):
            pass


@wired
async def test_updates_stay_until_the_next_offset_confirms_them_a_hundred_at_a_time(server: Server) -> None:
    alice = server.person("alice")
    for number in range(130):
        alice.writes(str(number))
    async with client(server) as bot:
        first = await bot.get_updates()
        assert [update.message.text for update in first] == [str(number) for number in range(100)]  # type: ignore[union-attr]
        assert await bot.get_updates(limit=1) == first[:1]
        rest = await bot.get_updates(offset=first[-1].update_id + 1)
        assert len(rest) == 30
        assert await bot.get_updates(offset=rest[-1].update_id + 1, timeout=0) == ()


@wired
async def test_a_poll_waits_for_news(server: Server) -> None:
    alice = server.person("alice")
    async with client(server) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=5))
        await server.drained()
        alice.writes("here I am")
        assert [update.message.text for update in await poll] == ["here I am"]  # type: ignore[union-attr]


@wired
async def test_of_two_who_poll_the_first_is_sent_away(server: Server) -> None:
    async with client(server) as bot, client(server) as other:
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await server.drained()
        second = asyncio.create_task(other.get_updates(timeout=0))
        await refused(Conflict, "terminated by other getUpdates request", first)
        assert await second == ()
        await bot.set_webhook("https://copbot.example/hook")
        await refused(Conflict, "can't use getUpdates method while webhook is active", bot.get_updates())


@wired
async def test_privacy_mode_shows_commands_answers_and_mentions_only(server: Server) -> None:
    alice = server.person("alice")
    group = server.group("Team", alice)
    async with client(server) as bot:
        mine = await bot.send_message(group.chat.id, "Hello")
        alice.says(group, "among us")
        for heard in ("/help", "/help@copbot", "well @copbot, yes"):
            alice.says(group, heard)
        alice.says(group, "/help@otherbot")
        alice.says(group, "yes", to=mine.message_id)
        heard = [update.message.text for update in await bot.get_updates()]  # type: ignore[union-attr]
        assert heard == ["/help", "/help@copbot", "well @copbot, yes", "yes"]


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
@wired
async def test_flood_limits_are_kept_to_the_letter(server: Server) -> None:
    server.limits = Limits()
    people = [server.person(f"p{number}") for number in range(31)]
    for one in people:
        one.starts()
    async with client(server) as bot:
        await bot.send_message(people[0].id, "one")
        await refused(RetryAfter, "retry in 1", bot.send_message(people[0].id, "two"))
        for one in people[1:30]:
            await bot.send_message(one.id, "x")
        await refused(RetryAfter, "retry in 1", bot.send_message(people[30].id, "x"))
    assert server.limits.refused == 2


def test_a_group_hears_twenty_a_minute() -> None:
    limits = Limits()
    for second in range(20):
        limits.take(-5, float(second))
    with pytest.raises(Exception, match="retry after 40"):
        limits.take(-5, 20.0)
    limits.take(-5, 60.0)


@wired
async def test_requests_come_in_every_form(server: Server) -> None:
    alice = server.person("alice")
    alice.starts()
    words = {"chat_id": alice.id, "text": "12"}
    async with aiohttp.ClientSession() as session:
        url = f"{server.base_url}{TOKEN}/sendMessage"
        form = aiohttp.FormData(words | {"chat_id": str(alice.id)}, default_to_multipart=True)
        for how in ({"json": words}, {"data": words}, {"params": words}, {"data": form}):
            async with session.post(url, **how) as answer:  # type: ignore[arg-type]
                assert (await answer.json())["result"]["text"] == "12"
        async with session.get(url, data=words) as answer:
            assert (await answer.json())["ok"]


def test_others_models_read_nothing_that_telegram_does_not_say() -> None:
    user = {"id": 1, "is_bot": False, "first_name": "a"}
    message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private", "first_name": "a"}, "from": user, "text": "a"}
    checked.update({"update_id": 1, "message": message})
    for wrong in ({**message, "colour": "red"}, {**message, "message_id": "first"}):
        with pytest.raises(checked.Wrong):
            checked.update({"update_id": 1, "message": wrong})
    with pytest.raises(checked.Wrong):
        checked.request("sendMessage", {"chat_id": 1, "text": "a", "volume": 11})
    with pytest.raises(checked.Wrong):
        checked.result("getMe", {"id": 1})
