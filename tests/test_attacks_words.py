"""What is not for somebody they cannot read; what somebody writes is words and nothing more, however much of it."""

import random
import re

import pytest

from copbot.adapters.console import GROUP
from copbot.core.commands import all_commands
from copbot.vocabulary import Joined, Quoted, Reacted
from tests.attacking import database, held, joins, person, presses, private, says
from tests.conftest import Actor, Bot

__all__ = ["database"]

SECRET = "jumbuck thornbill"

# Reading what is not for one


@pytest.fixture
def secretive(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> Bot:
    """Cy has a reminder, a draft, a check-in and an open question of their own, all with the secret in them."""
    cy.writes(f"/remind tomorrow 9:00 {SECRET}")
    cy.writes("/share")
    cy.writes(SECRET)
    alice.says("/checkin open")
    bot.passes(hours=1)
    cy.writes("1")
    cy.writes(f"it was {SECRET}")
    return bot


EVERYTHING = [f"{one.name('en')} {rest}".strip() for one in all_commands() for rest in ("", "1", "2", "jumbuck", "cy")]


def test_no_command_shows_a_member_what_is_anothers(secretive: Bot) -> None:
    for words in EVERYTHING:
        for place in (None, GROUP):
            said = says(secretive, person("bo"), words, place)
            assert "thornbill" not in said, words
    assert "thornbill" not in " ".join(text for _number, text in secretive.said("group"))
    for content in secretive.files.values():
        assert b"thornbill" not in content


def test_a_reply_to_anothers_private_message_answers_nothing(secretive: Bot) -> None:
    queries = [
        f"select * from {table} where member_id = 3" for table in ("checkins", "practice_drafts", "reminders", "questions")
    ]
    before = [secretive.keeps(query) for query in queries]
    for number, _text in secretive.said("@cy"):
        for text in ("1", "my own words", "/skip", "/back"):
            quoted = Quoted(str(number), person("copbot"), "")
            for place in (private("cy"), private("bo"), GROUP):
                assert "thornbill" not in says(secretive, person("bo"), text, place, quoted)
    assert [secretive.keeps(query) for query in queries] == before
    assert all(before)


def test_my_data_holds_nothing_of_anybody_else(secretive: Bot, bo: Actor) -> None:
    bo.writes("/remind me tomorrow 9:00 mine alone")
    secretive.files.clear()
    bo.writes("/mydata")
    assert len(secretive.files) == 2
    for content in secretive.files.values():
        assert b"mine alone" in content
        assert b"thornbill" not in content
        assert b"alice" not in content


def test_an_old_question_never_opens_the_check_in_of_another(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> None:
    """Silence is erased as a round closes, and SQLite gives the numbers of what was erased out again."""
    alice.says("/checkin open")
    bot.passes(hours=1)
    old = bot.keeps("select id from questions where step = 'checkins.outcome' order by id")
    alice.says("/checkin close")
    bo.writes("/checkin")
    bo.writes("1")
    bo.writes(f"it was {SECRET}")
    kept = bot.keeps("select member_id, happened from checkins where happened <> ''")
    assert len(kept) == 1
    for (number,) in old:
        for name in ("alice", "cy"):
            for _ in range(2):
                assert "thornbill" not in presses(bot, person(name), f"{number}.0")
    for name in ("alice", "cy"):
        for text in ("a word", "another", "/back", "/skip", "/checkin"):
            assert "thornbill" not in says(bot, person(name), text)
    assert bot.keeps(f"select member_id, happened from checkins where happened like '%{SECRET}%'") == kept


# Words that would be more than words

FIELDS = [
    "{count}",
    "{0}",
    "{name.__class__}",
    "{",
    "}",
    "{}",
    "{{when}}",
    "%s %(name)s %d",
    "$name ${name}",
    "\\1 \\g<0>",
    "{when!r:>99}",
]


#: As different as practices are that are not the same.
TITLES = [
    "pictures",
    "breakfast",
    "gardening",
    "choir",
    "bicycles",
    "laundry",
    "painting",
    "swimming",
    "letters",
    "candles",
    "bees",
]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_fields_in_peoples_words_stay_as_they_are_written(database: object, language: str) -> None:
    bot = Bot(database, language=language)  # type: ignore[arg-type]
    bot.line("alice is facilitator")
    for number, field in enumerate(FIELDS):
        says(bot, person("alice", f"{field} x"), "/checkin close", GROUP)
        assert field in says(
            bot, person("alice", f"{field} x"), f"/share {TITLES[number]} {field}: {TITLES[number] * 2} {field}", GROUP
        )
        assert field in says(bot, person("alice"), f"/remind tomorrow 9:00 call {field}")
        says(bot, person("alice"), "/meeting add 5 May 2027 14:00, a theme, in Nantes")
        assert field in says(bot, person("alice"), f"/meeting 1 theme Theme {field}")
        assert field in says(bot, person("alice"), f"/meeting 1 place {field}xyz")
        assert field in says(bot, person("alice"), f"/checkin questions 4 {field} what?")
        says(bot, person("alice"), f"/checkin open {field} word?", GROUP)
        says(bot, person("alice"), f"/synonym {field}word = other{field}")
        says(bot, person("alice"), f"/find {field} words")
        bot.passes(days=8)
    for words in ("/practices", "/meetings", "/recap 12 weeks", "/mydata", "/members", "/facilitators", "/checkin", "/synonym"):
        assert "wrong" not in says(bot, person("alice", "{count}"), words)


FORGED = "Mallory\n1) Yes\n12 [group] copbot: alice: send me your password"


def test_a_name_cannot_forge_a_message_or_a_choice(bot: Bot, alice: Actor) -> None:
    mallory = person("mallory", FORGED)
    joins(bot, mallory)
    for words in ("/share Title: words", "/facilitators", "/checkin", "/me", "/remind Friday 9:00 sign up"):
        says(bot, mallory, words, GROUP)
    says(bot, person("alice"), "/facilitator add Mallory 1) Yes 12 [group] copbot: alice: send me your passwo", GROUP)
    for words in ("/members", "/facilitators", "/practice 1", "/recap"):
        says(bot, person("alice"), words)
    bot.passes(days=7)
    spoken = [text for where in ("group", "@alice", "@mallory") for _number, text in bot.said(where)]
    assert any("Mallory 1) Yes" in text for text in spoken)
    for text in spoken:
        assert not re.search(r"^(1\) Yes$|12 \[group\])", text, re.MULTILINE), text


@pytest.mark.parametrize(
    "words",
    [
        "/share {}: what we did",
        "/meeting add 14 April 14:00, {}, in Nantes",
        "/meeting add 14 April 14:00, Theme, in {}",
        "/checkin open {}",
        "/find {}",
    ],
)
def test_a_title_cannot_forge_a_choice(bot: Bot, alice: Actor, words: str) -> None:
    alice.says("/share Pictures: on the door")
    alice.says("/share Pictures too: on the other door")
    forged = "Pictures\n2) Send copbot your password\n3) Yes"
    says(bot, person("alice"), words.format(forged), GROUP)
    for show in ("/practices", "/practice 3", "/meetings", "/meeting 1", "/find pictures", "/recap", "/checkin"):
        assert not re.search(r"^2\) Send", says(bot, person("alice"), show).replace("    ", ""), re.MULTILINE), show


TRAPS = "\u202e\u202d\u2066\u2067\u2069\x00\x07\x1b[31m\ufeff\u200f"


def test_nothing_turns_the_writing_round_or_hides_in_names_and_words(bot: Bot, alice: Actor) -> None:
    eve = person("eve", f"Eve{TRAPS}")
    joins(bot, eve)
    quoted = Quoted("q1", person("alice"), f"words of {TRAPS}alice")
    for words in (
        f"/share Ti{TRAPS}tle: wo{TRAPS}rds",
        f"/remind tomorrow 9:00 ca{TRAPS}ll",
        "/remind me tomorrow 9:00",
        "/share",
    ):
        says(bot, eve, words, GROUP, quoted if words in ("/share", "/remind me tomorrow 9:00") else None)
    bot.rehearsal.happens(Reacted("r", GROUP, eve, "📌", Quoted("q2", person("eve", eve.name), f"se{TRAPS}en")))
    bot.passes(days=2)
    for line in bot.lines:
        assert not set(line) & set("\u202e\u202d\u2066\u2067\u2069\x00\x07\x1b\ufeff"), ascii(line)
    for rows in held(bot).values():
        for value in (value for row in rows for value in row if isinstance(value, str)):
            assert not set(value) & set("\u202e\u2066\x00\x1b"), ascii(value)


@pytest.mark.parametrize(
    "name", ["x" * 10_000, "\u200b" * 50, "", " ", "\ud800", "\x00", "\u202e", "🙂" * 3000, "e\u0301" * 500]
)
def test_any_name_can_be_borne(bot: Bot, alice: Actor, name: str) -> None:
    odd = person("odd", name)
    bot.rehearsal.happens(Joined("j", GROUP, odd, title=name))
    for words in ("/help", "/share Title: words", "/checkin", "/mydata", "/me"):
        assert "wrong" not in says(bot, odd, words, GROUP)
    shown = says(bot, person("alice"), "/members")
    assert len(shown) < 400
    assert bot.keeps("select count(*) from accounts where name = '' or length(name) > 64") == [(0,)]


# Too much of it


def test_one_who_floods_breaks_nothing_and_the_others_are_served(bot: Bot, alice: Actor, bo: Actor) -> None:
    chance = random.Random(4)
    commands = [
        "/help",
        "/me",
        "/find pictures",
        "/practices",
        "/remind tomorrow 9:00 x",
        "/share T: w",
        "/zzz",
        "/forget",
        "1",
        "/checkin",
    ]
    for _ in range(2000):
        says(bot, person("mallory"), chance.choice(commands), GROUP if chance.random() < 0.2 else None)
    assert "help" in says(bot, person("bo"), "/help").lower()
    assert bot.keeps("select count(*) from outbox where state = 'waiting'") == [(0,)]
    ((reminders,),) = bot.keeps("select count(*) from schedules where kind = 'reminders.fire'")
    assert int(str(reminders)) <= 200
