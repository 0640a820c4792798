"""A crash anywhere loses nothing and does nothing twice: on Matrix not even a message is doubled."""

import random
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import Future

import pytest

from tests.matrix.at_work import Copbot, Copbots
from tests.matrix.loop import Loop
from tests.matrix.members import Member, People


class Talker:
    """Somebody who goes on telling copbot to count, whether it is there or not."""

    def __init__(self, loop: Loop, member: Member, room: str) -> None:
        self.said, self._member, self._room, self._enough = 0, member, room, False
        self._talking: Future[None] = loop.start(self._talk())

    async def _talk(self) -> None:
        while not self._enough:
            self.said += 1
            text = {"msgtype": "m.text", "body": f"/count {self.said}", "m.mentions": {}}
            await self._member.put(self._room, "m.room.message", text)

    def has_said_enough(self) -> None:
        self._enough = True
        self._talking.result(60)


@pytest.mark.parametrize(("encrypted", "kills"), [(False, 20), (True, 8)], ids=["plain", "encrypted"])
def test_kills_lose_nothing_and_double_nothing(
    loop: Loop, copbots: Copbots, people: People, encrypted: bool, kills: int
) -> None:
    copbot, alice = copbots(), people("alice")
    room = copbot.meets(alice, encrypted=encrypted)
    copbot.stops()
    copbot.account.write(copbot.folder / "account.json")
    command = [sys.executable, "-m", "tests.matrix.killed", str(copbot.folder)]
    chance, talker, killed = random.Random(7), Talker(loop, alice, room), 0
    for _ in range(kills):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            for _line in range(chance.randrange(1, 20)):
                process.stdout.readline()  # type: ignore[union-attr]
            process.send_signal(signal.SIGKILL)
        killed += process.returncode == -signal.SIGKILL
    talker.has_said_enough()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        wanted = {f"Counted {number}." for number in range(1, talker.said + 1)}
        alice.waits(lambda: wanted <= set(alice.texts(room, by=copbot.id)), "every answer", patience=60)
        process.terminate()
    assert killed == kills, "the kills must land while there is work"
    assert talker.said > 2 * kills
    nothing_twice(copbot, alice, room, talker.said)


def nothing_twice(copbot: Copbot, alice: Member, room: str, count: int) -> None:
    """Each effect once, each answer once, nothing left to say."""
    done = copbot.rows("select subject from schedules where kind = 'never' order by subject")
    assert [number for (number,) in done] == list(range(1, count + 1))
    assert Counter(alice.texts(room, by=copbot.id)) == {f"Counted {number}.": 1 for number in range(1, count + 1)}
    assert copbot.rows("select count(*) from outbox where state = 'waiting'") == [(0,)]
    assert not alice.unread()
