"""What is not meant for copbot leaves no trace in it."""

import random
from pathlib import Path

import pytest

from copbot.store.base import sweep
from copbot.vocabulary import Person, Place, Said
from tests.canary import sizes, traces
from tests.conftest import Actor, Bot


def _say(bot: Bot, number: int, text: str, *, private: bool) -> None:
    name = ("alice", "bo", "cy")[number % 3]
    place = Place("console", name if private else "group", "private" if private else "group")
    bot.rehearsal.happens(Said(f"e{number}", place, Person("console", name, name), f"m{number}", text))


def test_ten_thousand_group_messages_not_addressed_to_copbot_leave_nothing(bot: Bot, cy: Actor, tmp_path: Path) -> None:
    canary, chance = "Flummoxatron", random.Random(3)
    before = sizes(bot.database)
    sweep(bot.database)
    for number in range(10_000):
        words = [
            chance.choice(["1", "yes", "2)", canary, "pour", "demain", "!", "@", "12 h", "ok"])
            for _word in range(chance.randrange(1, 30))
        ]
        _say(bot, number, f"{canary} " * (number % 2) + " ".join(words), private=False)
    assert sizes(bot.database) == before
    assert traces(tmp_path, canary) == []
    assert (tmp_path / "copbot.db-wal").stat().st_size == 0, "not one page was written"


def test_two_thousand_stray_private_texts_are_neither_kept_nor_logged(
    bot: Bot, cy: Actor, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    canary, chance = "Flummoxatron", random.Random(4)
    before = sizes(bot.database)
    for number in range(2_000):
        _say(bot, number, f"{canary} " + "mal dormi " * chance.randrange(9), private=True)
    new = {name: size - before[name] for name, size in sizes(bot.database).items() if size != before[name]}
    assert set(new) <= {"outbox"}, "but for copbot's own hints nothing is kept"
    assert traces(tmp_path, canary) == []
    assert canary not in "".join(capfd.readouterr())
