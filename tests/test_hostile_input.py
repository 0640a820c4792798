"""Every input is somebody's: whatever is written gets a clear answer or silence, never a crash."""

import random
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copbot.adapters.console import GROUP, PLATFORM
from copbot.core import commands
from copbot.core.commands import match_choice
from copbot.letters import without_traps
from copbot.store import schema
from copbot.store.base import open_database
from copbot.vocabulary import Person, Place, Quoted, Said
from tests.conftest import Bot

QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck))

HEADS = sorted({" ".join(key) for key in commands.COMMANDS})
WORDS = [
    "1", "14", "-3", "99999999999", "#tag", "2h", "demain 9h", "tous les 2es mardis à 18h30, préparer", "every friday 15:00",
    "=", "IME = a", "passer", "retour", "stop", "oui", "on", "off", "fr", "Europe/Paris", "9 to 20", "30 février", "2 weeks",
    "\u202egnp", "\x00", "\ud800",
    "'; DROP TABLE practices; --", '"a" OR b*', "NEAR(", "{0}", "{when}", "%s", "٣", "²", "é" * 50, "🙂", "\n\n", "\u00a0",
]  # fmt: skip

heads = st.sampled_from(HEADS)
texts = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "L", "N", "P", "S", "Z"]), max_size=80),
    st.builds(
        lambda head, rest: f"/{head} {' '.join(rest)}", st.sampled_from(HEADS), st.lists(st.sampled_from(WORDS), max_size=4)
    ),
    st.builds(lambda head, rest: f"/{head} {rest}", st.sampled_from(HEADS), st.text(max_size=40)),
    st.sampled_from(WORDS),
)


@pytest.fixture(scope="module")
def crowd() -> Iterator[Bot]:
    """Three members, none of them consistent, on one database that remembers all they said."""
    database = open_database("sqlite://")
    schema.upgrade(database)
    yield Bot(database)
    database.dispose()


numbers = iter(range(10**9))


def says(bot: Bot, name: str, text: str, *, private: bool, quoted: str = "") -> None:
    place = Place(PLATFORM, name, "private") if private else GROUP
    number = str(next(numbers))
    reply = Quoted(quoted, Person(PLATFORM, "bo", "bo"), "words of bo") if quoted else None
    bot.rehearsal.happens(Said(number, place, Person(PLATFORM, name, name), number, text, reply))


@settings(QUICK, max_examples=6000)
@given(texts, st.sampled_from(["alice", "bo", "cy"]), st.booleans(), st.sampled_from(["", "", "1", "7"]))
def test_nothing_that_is_written_breaks_copbot(crowd: Bot, text: str, name: str, private: bool, quoted: str) -> None:
    says(crowd, name, text, private=private, quoted=quoted)
    crowd.lines.clear()


@settings(QUICK, max_examples=4000)
@given(st.text(max_size=300))
def test_what_is_kept_can_be_kept_anywhere(text: str) -> None:
    clean = without_traps(text)
    assert "\x00" not in clean
    clean.encode("utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", clean)


@settings(QUICK, max_examples=6000)
@given(texts, st.lists(st.text(max_size=20), max_size=6))
def test_a_choice_is_one_that_was_offered_or_none(text: str, labels: list[str]) -> None:
    index = match_choice(text, labels)
    assert index is None or 0 <= index < len(labels)


@settings(QUICK, max_examples=4000)
@given(texts)
def test_a_command_is_found_or_not_but_never_breaks(text: str) -> None:
    call = commands.find(text)
    assert call is None or text.startswith(("/", "!"))
    if commands.is_command(text):
        commands.suggestions(text)


@pytest.mark.parametrize(
    "text",
    [
        "/share " + "x" * 64_000,
        "/find " + "a b " * 16_000,
        "/remind " + "tous les " * 7000,
        "\n" * 10_000,
        "/me\n" * 10_000,
        "",
        " ",
        "/",
        "//",
        "!",
    ],
)
def test_huge_and_empty_messages_get_a_clear_answer_or_silence(bot: Bot, text: str) -> None:
    says(bot, "alice", text, private=True)
    says(bot, "alice", text, private=False)
    assert "Something went wrong" not in " ".join(bot.lines)
    assert bot.keeps("SELECT count(*) FROM outbox WHERE state = 'waiting'") == [(0,)]


def test_the_talk_of_the_group_is_left_alone_however_long(bot: Bot) -> None:
    chance = random.Random(3)
    for _ in range(300):
        says(bot, "alice", "".join(chance.choices("abc de\n1/!", k=chance.randrange(200))).lstrip("/!"), private=False)
    assert bot.said("group") == []


def test_one_who_turns_the_writing_round_is_written_the_right_way(bot: Bot) -> None:
    says(bot, "alice", "/remind tomorrow 9:00 call \u202eanA", private=True)
    assert "\u202e" not in bot.last("@alice")
