"""What copbot has to say arrives: in order, once, whatever the platform does, and no chat waits for another."""

import asyncio
import stat
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from copbot.adapters.console import PLATFORM
from copbot.app import App
from copbot.core.house import House
from copbot.engine import perform
from copbot.journal import Journal
from copbot.store import outbox
from copbot.store.outbox import Letter
from copbot.vocabulary import Adapter, Batch, Outgoing, Person, Place, TryLater, Undeliverable, Unreachable
from tests.conftest import START


class Platform(Adapter):
    """A platform that does to each message what the test says, then takes it."""

    platform = PLATFORM

    def __init__(self, trouble: Callable[[Outgoing, int], Exception | None] = lambda _message, _attempt: None) -> None:
        self.trouble = trouble
        self.attempts: dict[int, int] = {}
        self.taken: list[tuple[str, str]] = []

    async def receive(self, cursor: str) -> AsyncIterator[Batch]:
        await asyncio.Event().wait()
        yield Batch([], "")

    async def send(self, outgoing: Outgoing) -> str:
        self.attempts[outgoing.id] = self.attempts.get(outgoing.id, 0) + 1
        if problem := self.trouble(outgoing, self.attempts[outgoing.id]):
            raise problem
        assert isinstance(outgoing.to, Person)
        self.taken.append((outgoing.to.id, outgoing.text))
        return f"m{outgoing.id}"

    async def administers(self, place: Place, person: Person) -> bool:
        return False


def letter(room: str, text: str, **more: object) -> Letter:
    return Letter(platform=PLATFORM, room=room, private=True, text=text, choices=[], created_at=START, **more)


def deliver(database: sa.Engine, platform: Adapter, *letters: Letter) -> None:
    async def run() -> None:
        async with App(database, House(), [platform]) as app:
            await app.engine.do(lambda tx: [outbox.put(tx, one) for one in letters] and None)
            await app.delivery.idle()

    asyncio.run(run())


def states(database: sa.Engine) -> list[tuple[str, str, str | None]]:
    with database.connect() as connection:
        rows = connection.execute(sa.text("SELECT state, message, text FROM outbox ORDER BY id"))
        return [(str(state), str(message), text) for state, message, text in rows]


def test_each_chat_hears_in_order_and_the_words_are_forgotten(database: sa.Engine) -> None:
    platform = Platform()
    deliver(database, platform, *(letter(f"p{n % 3}", str(n)) for n in range(30)))
    for chat in ("p0", "p1", "p2"):
        heard = [int(text) for to, text in platform.taken if to == chat]
        assert heard == sorted(heard)
        assert len(heard) == 10
    assert {(state, text) for state, _message, text in states(database)} == {("sent", None)}


def test_a_platform_that_asks_for_patience_gets_it_and_others_go_on(database: sa.Engine) -> None:
    def slow(message: Outgoing, attempt: int) -> Exception | None:
        return TryLater(0.05) if message.text == "first" and attempt == 1 else None

    platform = Platform(slow)
    deliver(database, platform, letter("slow", "first"), letter("slow", "second"), letter("other", "at once"))
    assert platform.taken == [("other", "at once"), ("slow", "first"), ("slow", "second")]


def test_a_platform_that_keeps_one_waiting_keeps_no_other_waiting(database: sa.Engine) -> None:
    class Slow(Platform):
        """Answers the first chat once everybody else was answered."""

        others = asyncio.Event()

        async def send(self, outgoing: Outgoing) -> str:
            if outgoing.text == "slow":
                await asyncio.wait_for(self.others.wait(), 10)
            message = await super().send(outgoing)
            if len(self.taken) == 20:
                self.others.set()
            return message

    platform = Slow()
    deliver(database, platform, letter("slow", "slow"), *(letter(f"p{number}", "quick") for number in range(20)))
    assert platform.taken[-1] == ("slow", "slow")
    assert len(platform.taken) == 21
    assert max(platform.attempts.values()) == 1


def test_one_who_cannot_be_reached_is_left_in_peace(database: sa.Engine) -> None:
    platform = Platform(lambda message, _attempt: Unreachable("blocked") if message.text == "hello" else None)
    deliver(database, platform, letter("gone", "hello"), letter("here", "good morning"))
    assert platform.taken == [("here", "good morning")]
    assert [state for state, _message, _text in states(database)] == ["unreachable", "sent"]
    assert max(platform.attempts.values()) == 1


def test_a_passing_fault_loses_nothing(database: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copbot.delivery._LONGEST_WAIT", 0.01)
    platform = Platform(lambda _message, attempt: OSError("cable") if attempt < 4 else None)
    deliver(database, platform, letter("p", "one"), letter("p", "two"))
    assert platform.taken == [("p", "one"), ("p", "two")]
    assert {state for state, _message, _text in states(database)} == {"sent"}


def test_a_fault_that_stays_is_given_up_loudly(
    database: sa.Engine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("copbot.delivery._LONGEST_WAIT", 0.001)
    deliver(database, Platform(lambda _message, _attempt: OSError("cable")), letter("p", "secret words"))
    assert [state for state, _message, _text in states(database)] == ["failed"]
    said = "".join(capfd.readouterr())
    assert "message given up" in said
    assert "secret" not in said


def test_of_what_is_confidential_the_log_has_not_even_the_hour(
    database: sa.Engine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("copbot.delivery._LONGEST_WAIT", 0.001)
    for wrong in (OSError("cable"), Unreachable("blocked"), Undeliverable("refused")):
        deliver(database, Platform(lambda _message, _attempt, wrong=wrong: wrong), letter("p", "words", confidential=True))
    assert "".join(capfd.readouterr()) == ""


def test_what_is_of_no_more_use_is_not_sent(database: sa.Engine) -> None:
    platform = Platform()
    deliver(database, platform, letter("p", "too late", expires_at=START + timedelta(hours=1)), letter("p", "in time"))
    assert platform.taken == [("p", "in time")]
    assert [state for state, _message, _text in states(database)] == ["expired", "sent"]


def test_what_a_platform_took_goes_out_only_once_though_copbot_died_before_the_database_knew(database: sa.Engine) -> None:
    perform(
        database, [lambda tx: [outbox.put(tx, letter("p", text)) for text in ("taken", "not taken", "of an older database")]]
    )
    died = Journal(Path(f"{database.url.database}.taken"))
    died.note(1, START, "m17")
    died.note(3, START - timedelta(days=1), "m19")
    died.close()
    platform = Platform()
    deliver(database, platform)
    assert platform.taken == [("p", "not taken"), ("p", "of an older database")]
    assert states(database) == [("sent", "m17", None), ("sent", "m2", None), ("sent", "m3", None)]


@pytest.mark.parametrize("confidential", [True, False])
def test_what_is_confidential_leaves_no_line_in_the_journal(database: sa.Engine, confidential: bool) -> None:
    kept = Path(f"{database.url.database}.taken")

    class Killed(Platform):
        """Looks into the journal as a kill would leave it, when the message before was taken."""

        seen = b""

        async def send(self, outgoing: Outgoing) -> str:
            self.seen += await asyncio.to_thread(kept.read_bytes)
            return await super().send(outgoing)

    platform = Killed()
    deliver(database, platform, *(letter(f"p{number}", "words", confidential=confidential) for number in range(9)))
    assert len(platform.taken) == 9
    assert (platform.seen == b"") is confidential


def test_the_journal_of_what_was_taken_is_empty_once_the_database_knows(database: sa.Engine, tmp_path: Path) -> None:
    deliver(database, Platform(), *(letter(f"p{number}", "secret words") for number in range(50)))
    kept = Path(f"{database.url.database}.taken")
    assert kept.read_bytes() == b""
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    cut_off = Journal(tmp_path / "cut off")
    cut_off.note(1, START, "m1")
    with (tmp_path / "cut off").open("ab") as file:
        file.write(b'[2, "2026-03-02T0')
    assert cut_off.read() == [(1, START, "m1")]
    cut_off.close()


def test_what_waited_when_copbot_stopped_goes_out_at_the_next_start(database: sa.Engine) -> None:
    perform(database, [lambda tx: outbox.put(tx, letter("p", "one"))])
    platform = Platform()
    deliver(database, platform)
    assert platform.taken == [("p", "one")]
