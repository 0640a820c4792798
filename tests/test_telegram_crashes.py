"""Killed at any moment on Telegram's wire, copbot loses nothing, and says at most one thing twice per kill."""

import asyncio
import math
import random
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter

import sqlalchemy as sa

from tests.telegram.people import Someone
from tests.telegram.server import Server
from tests.telegram.wired import rows

KILLS, MESSAGES, PEOPLE = 20, 2000, 10


def test_kills_lose_nothing_and_double_at_most_one_message_each(database: sa.Engine) -> None:
    asyncio.run(asyncio.wait_for(_play(database), 300))


async def _play(database: sa.Engine) -> None:
    url = database.url.render_as_string(hide_password=False)
    chance = random.Random(7)
    async with Server(strict=False) as server:
        people = [server.person(f"p{number}") for number in range(PEOPLE)]
        process = await _start(server, url)
        await server.drained(60)
        await _settle(server, people)
        server.faults.add("slow", "sendMessage", times=math.inf, seconds=0.003)
        killed, share = 0, MESSAGES // KILLS
        for kill in range(KILLS):
            for number in range(kill * share + 1, (kill + 1) * share + 1):
                people[number % PEOPLE].writes(f"/count {number}")
            enough = len(server.world.sent) + chance.randrange(1, share)
            await server.until(lambda enough=enough: len(server.world.sent) >= enough, 60)  # type: ignore[misc]
            process.kill()
            killed += await process.wait() == -signal.SIGKILL
            process = await _start(server, url)
        said = {f"Counted {number}." for number in range(1, MESSAGES + 1)}
        await server.until(lambda: said <= {sent.text for sent in server.world.sent}, 120)
        process.terminate()
        await process.wait()
        heard = Counter(sent.text for sent in server.world.sent if sent.text in said)
    done = [number for (number,) in rows(database, "select subject from schedules where kind = 'never' order by subject")]
    assert done == list(range(1, MESSAGES + 1)), "each done, and once"
    assert set(heard) == said, "each answered"
    assert killed == KILLS
    assert sum(heard.values()) - len(heard) <= killed, "at most one message twice per kill"
    assert rows(database, "select count(*) from outbox where state = 'waiting'") == [(0,)]


async def _start(server: Server, url: str) -> Process:
    command = [sys.executable, "-m", "tests.telegram.crashing", url, server.base_url, server.base_file_url]
    return await asyncio.create_subprocess_exec(*command)


async def _settle(server: Server, people: list[Someone]) -> None:
    """Copbot comes into a group, and everybody after it."""
    group = server.group("Team", bot="left")
    host = server.person("host")
    group.invites_bot(host, administrator=True)
    group.takes_in(*people)
    for one in people:
        one.writes("/help")
    await server.until(lambda: all(one.heard for one in people), 60)
