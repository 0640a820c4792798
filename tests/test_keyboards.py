"""Buttons go when nothing can be answered with them any more; until then they stay."""

import asyncio

import pytest
import sqlalchemy as sa

from copbot.app import App, clock
from copbot.core.house import House
from copbot.store import outbox, posted
from copbot.store.outbox import Letter
from copbot.store.questions import Question
from copbot.store.transactions import Transaction
from copbot.vocabulary import Chose, Outgoing, Person, Place
from tests.conftest import START, Actor, Bot
from tests.test_delivery import Platform


def buttons(bot: Bot) -> list[int]:
    """The numbers of the messages under which something can be pressed."""
    return sorted(int(number) for number in bot.rehearsal.console.buttons)


def press(bot: Bot, who: str, number: int, choice: int) -> None:
    token = bot.rehearsal.console.buttons[str(number)][choice]
    bot.rehearsal.happens(Chose("e", Place("console", who, "private"), Person("console", who, who), token, str(number)))


@pytest.fixture
def strips(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> list[Outgoing]:
    """Every act of taking buttons off."""
    seen: list[Outgoing] = []
    act = bot.rehearsal.console._act

    def note(outgoing: Outgoing) -> str:
        seen.append(outgoing)
        return act(outgoing)

    monkeypatch.setattr(bot.rehearsal.console, "_act", note)
    return seen


def test_buttons_stay_as_long_as_another_answer_can_be_given(both: sa.Engine) -> None:
    bot = Bot(both)
    Actor(bot, "alice").says("Hello everybody")
    bo = Actor(bot, "bo")
    bo.says("/checkin")
    first = bot.number("@bo")
    press(bot, "bo", first, 0)
    assert first in buttons(bot)  # they may have slipped
    press(bot, "bo", first, 1)
    assert first in buttons(bot)
    reason = bot.number("@bo")
    bo.writes("1")
    assert first not in buttons(bot)
    assert reason in buttons(bot)


def test_a_question_left_behind_with_back_has_no_buttons(bot: Bot, bo: Actor) -> None:
    bo.says("/checkin")
    first = bot.number("@bo")
    bo.writes("2")
    reason = bot.number("@bo")
    bo.writes("/back")
    asked_again = bot.number("@bo")
    assert reason not in buttons(bot)
    assert first not in buttons(bot)
    assert asked_again in buttons(bot)


def test_each_message_is_stripped_once_and_no_row_of_it_stays(bot: Bot, bo: Actor, strips: list[Outgoing]) -> None:
    bo.says("/consent")
    asked = bot.number("@bo")
    bo.writes("1")
    bo.writes("/help")
    bo.writes("/checkin")
    assert [one.reply_to for one in strips] == [str(asked)]
    assert strips[0].to == Person("console", "bo", "")
    assert bot.keeps("SELECT count(*) FROM outbox WHERE act <> 'say'") == [(0,)]


def test_buttons_under_a_card_in_the_group_go_with_the_practice(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/share Visual planning: at snack time each child sees what comes next")
    bo.says("/practice 1")
    card = bot.number("group")
    bo.says("1")
    assert card in buttons(bot)  # the others may have tried it as well
    alice.writes("/withdraw 1")
    alice.writes("1")
    assert card not in buttons(bot)


def test_what_is_answered_before_it_is_sent_loses_its_buttons_when_it_is(database: sa.Engine) -> None:
    class Slow(Platform):
        async def send(self, outgoing: Outgoing) -> str:
            acts.append((outgoing.act, outgoing.reply_to))
            return await super().send(outgoing)

    acts: list[tuple[str, str]] = []
    bot = Bot(database)
    Actor(bot, "bo").says("Hello")

    async def run() -> None:
        async with App(database, House(), [Slow()]) as app:
            await app.engine.do(ask)
            await app.delivery.idle()

    def ask(tx: Transaction) -> None:
        question = Question(
            community_id=1, member_id=1, platform="console", room="", step="s", state={}, choices=[["yes", "Yes"]], free=False
        )
        question.text, question.asked_at, question.closed = "?", clock(), True
        tx.add(question)
        tx.flush()
        letter = Letter(community_id=1, platform="console", room="bo", private=True, text="?", created_at=clock())
        letter.choices, letter.pressable, letter.question_id = question.offers(), True, question.id
        outbox.put(tx, letter)

    asyncio.run(run())
    assert acts[0] == ("say", "")
    assert acts[1][0] == "strip"
    assert acts[1][1] == bot.keeps("SELECT message FROM outbox WHERE question_id IS NOT NULL ORDER BY id DESC LIMIT 1")[0][0]


def test_an_act_that_is_of_no_more_use_leaves_nothing(database: sa.Engine) -> None:
    with Transaction(database) as tx, tx.begin():
        letter = Letter(platform="console", room="bo", private=True, act="strip", reply_to="4", created_at=START)
        outbox.put(tx, letter)
        tx.flush()
        posted.given_up(tx, letter, "expired")
        assert tx.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0


def test_own_words_are_prompted_for_in_the_group_alone(bot: Bot, alice: Actor) -> None:
    alice.says("/share")
    alice.says("/remind")
    asked = bot.keeps("SELECT private, prompts FROM outbox JOIN questions ON questions.id = question_id WHERE free")
    assert {(bool(private), bool(prompts)) for private, prompts in asked} == {(True, False), (False, True)}


def test_a_private_question_pressed_in_the_group_goes_on_in_private(bot: Bot, bo: Actor) -> None:
    bo.says("/checkin")
    asked, said = bot.number("@bo"), len(bot.said("group"))
    token = bot.rehearsal.console.buttons[str(asked)][1]
    bot.rehearsal.happens(Chose("e", Place("console", "group", "group"), Person("console", "bo", "bo"), token, str(asked)))
    assert len(bot.said("group")) == said
    bo.hears("What stood in the way")
