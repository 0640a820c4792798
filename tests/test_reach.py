"""People whom copbot cannot write to: noted once, never pestered, shown the way, and met where they come in."""

import re

import sqlalchemy as sa

from copbot.core.house import House
from copbot.core.reach import lost
from copbot.store import outbox
from copbot.store.outbox import Letter
from copbot.store.transactions import Transaction
from copbot.vocabulary import Joined, Person, Place, Said
from tests.conftest import Actor, Bot

BO = Person("console", "bo", "bo")


def state(bot: Bot, who: str = "bo") -> str:
    return str(bot.keeps(f"SELECT unreachable FROM accounts WHERE \"user\" = '{who}'")[0][0])


def link(bot: Bot) -> str:
    """The token of the link that the group was last shown."""
    found = re.search(r"copbot://start/([\w-]+)", bot.last("group"))
    assert found
    return found[1]


def test_who_never_opened_the_chat_gets_a_link_to_what_waits(both: sa.Engine) -> None:
    bot = Bot(both)
    Actor(bot, "alice").says("Hello everybody")
    bo = Actor(bot, "bo")
    bo.says("Hello")
    bot.line("bo has no private chat")
    bo.says("/me")
    assert bo.heard() == []
    assert bot.last("group").startswith("bo, what I have for you waits in our private chat: copbot://start/")
    assert state(bot) == "never started"
    bo.writes(f"/start {link(bot)}")
    assert len(bo.heard()) == 1
    bo.hears("here is what I know of your choices")
    assert state(bot) == ""


def test_the_group_is_not_told_that_a_message_came_when_it_did_not(bot: Bot, bo: Actor) -> None:
    bot.line("bo has no private chat")
    bo.says("/checkin")
    before = len(bot.said("group"))
    bot.passes(minutes=2)
    bo.says("/checkin")
    told = [text for _number, text in bot.said("group")[before:]]
    assert len(told) == 1
    assert "copbot://" in told[0]


def test_one_link_is_enough_for_what_comes_together(bot: Bot, bo: Actor) -> None:
    bot.line("bo has no private chat")
    bo.says("/mydata")
    assert sum("copbot://" in text for _number, text in bot.said("group")) == 1
    bo.writes(f"/start {link(bot)}")
    assert len(bo.heard()) == 2


def test_a_token_serves_once_and_only_whom_it_is_for(bot: Bot, bo: Actor, cy: Actor) -> None:
    bot.line("bo has no private chat")
    bo.says("/me")
    token = link(bot)
    cy.writes(f"/start {token}")
    cy.hears("Hello. I am copbot")
    assert bo.heard() == []
    bo.writes(f"/start {token}")
    bo.hears("what I know of your choices")
    bo.writes(f"/start {token}")
    bo.hears("Hello. I am copbot")


def test_no_token_and_no_name_is_kept(bot: Bot, bo: Actor) -> None:
    bot.line("bo has no private chat")
    bo.says("/me")
    kept = bot.keeps("SELECT * FROM tickets")
    assert link(bot) not in str(kept)
    assert "bo" not in str(kept)


def test_a_stranger_with_a_token_is_met_kindly(bot: Bot, bo: Actor) -> None:
    bot.line("bo has no private chat")
    bo.says("/me")
    stranger = Person("console", "zed", "zed")
    said = Said("s", Place("console", "zed", "private"), stranger, "900", f"/start {link(bot)}")
    bot.rehearsal.happens(said)
    assert "Je ne parle qu'avec les membres" in bot.last("@zed")


def test_nothing_is_sent_first_to_who_closed_the_chat_until_they_come_back(bot: Bot, alice: Actor, bo: Actor) -> None:
    bot.line("bo closes private chat")
    assert state(bot) == "blocked"
    before = bot.keeps("SELECT count(*) FROM outbox WHERE room = 'bo'")
    alice.says("/checkin open")
    bot.passes(days=6)
    assert bot.keeps("SELECT count(*) FROM outbox WHERE room = 'bo'") == before
    bot.line("bo opens private chat")
    assert state(bot) == ""
    bo.writes("/checkin")
    bo.hears("have you tried something")


def test_closing_the_chat_is_not_counted_as_silence(bot: Bot, alice: Actor, bo: Actor) -> None:
    bot.line("bo closes private chat")
    alice.says("/checkin open")
    bot.passes(days=20)
    assert bot.keeps("SELECT silent_rounds FROM members JOIN accounts a ON a.id = account_id WHERE a.\"user\" = 'bo'") == [(0,)]


def test_at_most_three_messages_wait_and_those_that_are_of_no_more_use_do_not_come(bot: Bot, bo: Actor) -> None:
    bot.line("bo has no private chat")
    for _ in range(3):
        bo.says("/mydata")
    assert bot.keeps("SELECT count(*) FROM outbox WHERE state = 'held'") == [(3,)]
    bot.passes(days=8)
    assert bot.keeps("SELECT count(*) FROM outbox WHERE state = 'held'") == [(0,)]
    bot.line("bo opens private chat")
    assert bo.heard() == []


def test_facilitators_are_told_once_and_see_it_at_any_time(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> None:
    alice.says("/setup")
    alice.writes("/stop")
    bot.line("bo has no private chat")
    bo.says("/me")
    bot.passes(hours=2)
    told = [text for text in alice.heard() if "have not opened our private chat" in text]
    assert len(told) == 1
    assert "I cannot write to one of them in private: bo." in told[0]
    assert "open our private chat once: copbot://start/hello" in told[0]
    bot.line("cy closes private chat")
    bot.passes(days=2)
    assert sum("have not opened our private chat" in text for text in alice.heard()) == 1
    alice.writes("/members")
    alice.hears("I cannot write to 2 of them in private: bo and cy.")


def test_a_newcomer_who_speaks_in_the_group_first_is_shown_the_way(database: sa.Engine) -> None:
    bot = Bot(database, ask_consent=True)
    Actor(bot, "alice").says("Hello everybody")
    bot.line("dee has no private chat")
    assert state(bot, "dee") == "never started"
    assert not any("copbot://" in text for _number, text in bot.said("group"))  # they only came in
    bot.rehearsal.console._closed["eve"] = "never started"
    eve = Person("console", "eve", "eve")
    bot.rehearsal.happens(Said("s", Place("console", "group", "group"), eve, "900", "/start"))
    assert "eve, what I have for you waits in our private chat" in bot.last("group")
    bot.rehearsal.console._closed.clear()
    bot.rehearsal.happens(Said("s2", Place("console", "eve", "private"), eve, "901", f"/start {link(bot)}"))
    assert "Hello eve. I am copbot" in bot.last("@eve")


def test_pressing_a_button_in_private_shows_that_the_chat_is_open(bot: Bot, bo: Actor) -> None:
    bot.rehearsal.happens(Joined("j", Place("console", "bo", "private"), BO))
    assert state(bot) == ""
    bot.line("bo closes private chat")
    bo.writes("hello")
    assert state(bot) == ""


def test_a_group_that_put_copbot_out_is_left_and_one_that_silences_it_is_told_of(bot: Bot, alice: Actor) -> None:
    alice.says("/setup")
    alice.writes("/stop")

    def fail(reason: str) -> None:
        with Transaction(bot.database) as tx, tx.begin():
            letter = Letter(community_id=1, platform="console", room="group", private=False, text="x", created_at=bot.now)
            outbox.put(tx, letter)
            tx.flush()
            lost(tx, letter, reason, bot.now, House())  # type: ignore[arg-type]

    fail("not allowed")
    fail("not allowed")
    bot.passes(hours=2)
    assert sum("I may not write in the group" in text for text in alice.heard()) == 1
    alice.says("/help")
    assert bot.keeps("SELECT unreachable FROM rooms") == [("",)]
    fail("kicked")
    assert bot.keeps("SELECT left_at IS NOT NULL FROM rooms") == [(1,)]
