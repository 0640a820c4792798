"""Who reads what of check-ins: whatever members do on the way, nobody reads more than the author allowed."""

import random

import pytest

from copbot.engine import perform
from copbot.store import checkins
from copbot.store.checkins import Story
from copbot.store.people import Community
from tests.conftest import Actor, Bot

MOVES = (
    "1",
    "2",
    "3",
    "4",
    "5",
    "/skip",
    "/back",
    "/stop",
    "/checkin",
    "rien",
    "…",
    "WORDS",
    "WORDS",
    "WORDS",
    "WAIT",
    "CLOSE",
)


def community(tx: object) -> Community:
    return tx.get_one(Community, 1)  # type: ignore[attr-defined, no-any-return]


def stories(bot: Bot, days: int = 365) -> list[Story]:
    since = bot.now.replace(year=bot.now.year - 1) if days == 365 else bot.now
    return list(perform(bot.database, [lambda tx: checkins.stories_since(tx, community(tx), since)])[0][0])


def tells(member: Actor, story: str, audience: str) -> None:
    for answer in ("1", story, "/skip", "1", "/skip", audience, "2"):
        member.writes(answer)


def lives(bot: Bot, alice: Actor, members: list[Actor], chance: random.Random) -> None:
    """Sixty things that members might do, in no sensible order."""
    for number in range(60):
        member, move = chance.choice(members), chance.choice(MOVES)
        if move == "WAIT":
            bot.passes(hours=chance.randint(1, 30))
        elif move == "CLOSE" and chance.random() < 0.2:
            alice.says("/checkin close")
            alice.says("/checkin open")
        elif move != "CLOSE":
            member.writes(f"word{number:03}x of {member.name}" if move == "WORDS" else move)


def allowed(bot: Bot) -> dict[tuple[str, str], set[str]]:
    """For each word the audiences its author chose, wherever they said it."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, audience, *words in bot.keeps(
        "select name, audience, happened, helped, hindered, reply, intention from checkins"
        " join members on members.id = member_id join accounts on accounts.id = account_id"
    ):
        for word in words:
            if str(word).startswith("word"):
                found.setdefault((str(name), str(word)[:8]), set()).add(str(audience))
    return found


@pytest.mark.parametrize("seed", range(24))
def test_whatever_members_do_nobody_reads_more_than_the_author_allowed(bot: Bot, alice: Actor, seed: int) -> None:
    chance = random.Random(seed)
    members = [Actor(bot, name) for name in ("bo", "cy", "dee", "eli")]
    for member in members:
        member.says("Hello")
    alice.says(chance.choice(["/checkin open", "/checkin open What changed?"]))
    lives(bot, alice, members, chance)
    bot.passes(days=9)
    group = "\n".join(text for _number, text in bot.said("group"))
    facilitator = "\n".join(alice.heard())
    for (name, word), audiences in allowed(bot).items():
        assert "facilitators" in audiences or word not in facilitator
        assert audiences & {"named", "nameless"} or word not in group
        assert "named" in audiences or f"{name}: {word}" not in group
    assert all(text.count("\n") < 8 for _number, text in bot.said("group"))


def test_stories_for_the_recap_are_those_a_digest_told(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> None:
    alice.says("/checkin open")
    tells(bo, "It went well", "1")
    tells(cy, "It went badly", "2")
    assert stories(bot) == []
    alice.says("/checkin close")
    assert [(story.name, story.happened, story.effect) for story in stories(bot)] == [("bo", "It went well", "me")]


def test_three_nameless_stories_for_the_recap_have_no_name(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> None:
    dee = Actor(bot, "dee")
    dee.says("Hello")
    alice.says("/checkin open")
    for member in (bo, cy, dee):
        tells(member, "It went well", "2")
    alice.says("/checkin close")
    assert [story.name for story in stories(bot)] == [None] * 3
    bot.passes(hours=1)
    assert stories(bot, days=0) == []


def test_counts_for_the_recap_count_everybody(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> None:
    alice.says("/checkin open")
    tells(bo, "It went well", "3")
    for answer in ("2", "2", "/skip"):
        cy.writes(answer)
    alice.says("/checkin close")
    counts = perform(bot.database, [lambda tx: checkins.counts_since(tx, community(tx), bot.now.replace(year=2025))])[0][0]
    assert (counts.answered, counts.outcomes["tried"], counts.obstacles["means"], counts.effects["me"]) == (2, 1, 1, 1)
