"""A crash anywhere loses nothing and does nothing twice: on Matrix not even a message is doubled."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import Future

import pytest

from tests.matrix.at_work import Copbot, Copbots
from tests.matrix.loop import PATIENCE, Loop
from tests.matrix.members import Member, People

#: So many messages may wait for their answer.
AHEAD = 40


class Talker:
    """Somebody who goes on telling copbot to count, whether it is there or not; only not too far ahead of its answers."""

    def __init__(self, loop: Loop, member: Member, room: str, bot: str) -> None:
        self.said, self._member, self._room, self._bot, self._enough = 0, member, room, bot, False
        self._talking: Future[None] = loop.start(self._talk())

    async def _talk(self) -> None:
        while not self._enough:
            self.said += 1
            text = {"msgtype": "m.text", "body": f"/count {self.said}", "m.mentions": {}}
            await self._member.put(self._room, "m.room.message", text)
            await self._member.bell.until(self._may_go_on, "answers", 4 * PATIENCE)

    def _may_go_on(self) -> bool:
        return self._enough or self.said - len(self._member.texts(self._room, self._bot)) < AHEAD

    def has_said_enough(self) -> None:
        self._enough = True
        self._talking.result(PATIENCE)


class Lives:
    """Lives of one copbot, one after the other, each a process of its own."""

    def __init__(self, nursery: "subprocess.Popen[str]") -> None:
        self._nursery = nursery

    def begin(self) -> int:
        """Answers the number of the process."""
        self._tell("live")
        return int(self._hear())

    def wait_until_sent(self, count: int) -> None:
        for _ in range(count):
            assert self._hear() == "sent"

    def end(self, life: int, how: signal.Signals) -> None:
        os.kill(life, how)
        while self._hear() != "ended":
            pass

    def _tell(self, line: str) -> None:
        assert self._nursery.stdin
        self._nursery.stdin.write(line + "\n")
        self._nursery.stdin.flush()

    def _hear(self) -> str:
        assert self._nursery.stdout
        too_late = threading.Timer(2 * PATIENCE, self._nursery.kill)
        too_late.start()
        line = self._nursery.stdout.readline()
        too_late.cancel()
        assert line, "it lives and speaks"
        return line.strip()


@pytest.mark.parametrize(("encrypted", "kills"), [(False, 20), (True, 8)], ids=["plain", "encrypted"])
def test_kills_lose_nothing_and_double_nothing(
    loop: Loop, copbots: Copbots, people: People, encrypted: bool, kills: int
) -> None:
    copbot, alice = copbots(), people("alice")
    room = copbot.meets(alice, encrypted=encrypted)
    copbot.stops()
    copbot.account.write(copbot.folder / "account.json")
    command = [sys.executable, "-m", "tests.matrix.killed", str(copbot.folder)]
    chance = random.Random(7)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        lives, talker = Lives(nursery), Talker(loop, alice, room, copbot.id)
        for _ in range(kills):
            life = lives.begin()
            lives.wait_until_sent(chance.randrange(1, 20))
            lives.end(life, signal.SIGKILL)
        talker.has_said_enough()
        life = lives.begin()
        wanted = {f"Counted {number}." for number in range(1, talker.said + 1)}
        alice.waits(lambda: wanted <= set(alice.texts(room, by=copbot.id)) or alice.unread(), "every answer", 2 * PATIENCE)
        assert not alice.unread()
        lives.end(life, signal.SIGTERM)
        nursery.stdin.close()  # type: ignore[union-attr]
    assert talker.said > 2 * kills
    nothing_twice(copbot, alice, room, talker.said)


def nothing_twice(copbot: Copbot, alice: Member, room: str, count: int) -> None:
    """Each effect once, each answer once, nothing left to say."""
    done = copbot.rows("select subject from schedules where kind = 'never' order by subject")
    assert [number for (number,) in done] == list(range(1, count + 1))
    assert Counter(alice.texts(room, by=copbot.id)) == {f"Counted {number}.": 1 for number in range(1, count + 1)}
    assert copbot.rows("select count(*) from outbox where state = 'waiting'") == [(0,)]
    assert not alice.unread()
