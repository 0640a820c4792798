"""Answers to copbot's questions: by number, word or button; passed, taken back, put off; never lost to an interruption."""

import pytest

from copbot.core.context import Answer, Conversation
from copbot.core.errors import NotAnAnswer, Refusal
from copbot.core.steps import STEPS
from copbot.core.words import _
from copbot.vocabulary import Chose, Person, Place
from tests.conftest import Actor, Bot

Heard = list[tuple[str, str, bool]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What two questions of the test's own were answered: size (three choices), then why (own words)."""
    found: Heard = []

    def size(talk: Conversation, answer: Answer) -> None:
        if answer.choice or answer.skipped:
            found.append(("size", answer.choice, answer.skipped))
            talk.ask(_("Why?"), "quiz.why")
        else:
            talk.ask(_("Which size?"), "quiz.size", {"s": _("Small"), "m": _("Medium size"), "l": _("Large")})

    def why(talk: Conversation, answer: Answer) -> None:
        if answer.text == "no":
            raise Refusal(_("Not that."))
        if answer.text == "none of your business":
            raise NotAnAnswer
        found.append(("why", answer.text, answer.skipped))
        talk.reply(_("Done."))

    monkeypatch.setitem(STEPS, "quiz.size", size)
    monkeypatch.setitem(STEPS, "quiz.why", why)
    return found


def ask(bot: Bot, name: str) -> None:
    """Have copbot begin the quiz with somebody."""

    def begin(tx: object) -> None:
        from copbot.adapters.console import GROUP
        from copbot.core.context import Context
        from copbot.store import people

        community = people.community_of(tx, GROUP)  # type: ignore[arg-type]
        assert community
        member = people.member_of(tx, community, Person("console", name, name))  # type: ignore[arg-type]
        assert member
        Context(tx, bot.now, community, bot.rehearsal.house).begin(member, "quiz.size")  # type: ignore[arg-type]

    bot.rehearsal._do(begin)


@pytest.mark.parametrize("words", ["2", "2)", "2.", "medium size", "MEDIUM", "Médium sîze"])
def test_a_choice_is_taken_by_its_number_or_its_words(bot: Bot, bo: Actor, heard: Heard, words: str) -> None:
    ask(bot, "bo")
    bo.writes(words)
    assert heard == [("size", "m", False)]


@pytest.mark.parametrize("words", ["4", "0", "s m", "whatever"])
def test_what_is_no_answer_gets_the_way_to_answer(bot: Bot, bo: Actor, heard: Heard, words: str) -> None:
    ask(bot, "bo")
    bo.writes(words)
    bo.hears("Please answer with a number from 1 to 3, or /skip.")
    bo.writes("1")
    assert heard == [("size", "s", False)]


@pytest.mark.parametrize("word", ["/skip", "skip", "/passer", "passer"])
def test_every_question_can_be_passed(bot: Bot, bo: Actor, heard: Heard, word: str) -> None:
    ask(bot, "bo")
    bo.writes(word)
    bo.writes(word)
    assert [skipped for _step, _answer, skipped in heard] == [True, True]


@pytest.mark.parametrize("word", ["/back", "back", "/retour", "retour"])
def test_every_step_can_be_taken_back(bot: Bot, bo: Actor, heard: Heard, word: str) -> None:
    ask(bot, "bo")
    bo.writes("1")
    bo.writes(word)
    bo.hears("Which size?")
    bo.writes("3")
    assert [answer for _step, answer, _skipped in heard] == ["s", "l"]


def test_there_is_nothing_before_the_first_question(bot: Bot, bo: Actor, heard: Heard) -> None:
    ask(bot, "bo")
    bo.writes("/back")
    bo.hears("This is the first question")
    bo.writes("1")
    assert heard == [("size", "s", False)]


def test_stopping_keeps_what_was_answered_and_asks_no_more(bot: Bot, bo: Actor, heard: Heard) -> None:
    ask(bot, "bo")
    bo.writes("1")
    bo.writes("/stop")
    bo.hears("What you had already answered is kept.")
    bo.writes("because")
    assert heard == [("size", "s", False)]


def test_an_answer_that_is_refused_leaves_the_question_open(bot: Bot, bo: Actor, heard: Heard) -> None:
    ask(bot, "bo")
    bo.writes("1")
    bo.writes("no")
    bo.hears("Not that.")
    bo.writes("it fits")
    assert heard[-1] == ("why", "it fits", False)


def test_words_that_are_no_answer_are_taken_as_if_nothing_had_been_asked(bot: Bot, bo: Actor, heard: Heard) -> None:
    ask(bot, "bo")
    bo.writes("1")
    bo.writes("none of your business")
    bo.hears("I did not keep that")
    assert len(heard) == 1


def test_a_conversation_that_was_interrupted_is_taken_up_again(bot: Bot, bo: Actor, heard: Heard) -> None:
    ask(bot, "bo")
    bo.writes("1")
    ask(bot, "bo")
    bo.writes("2")
    bo.writes("the second why")
    bo.hears("Let us go on where we were.", "Why?")
    bo.writes("the first why")
    assert [answer for step, answer, _skipped in heard if step == "why"] == ["the second why", "the first why"]


def test_a_command_in_between_loses_nothing(bot: Bot, bo: Actor, heard: Heard) -> None:
    ask(bot, "bo")
    bo.writes("1")
    bo.writes("/me")
    bo.writes("still here")
    assert heard[-1] == ("why", "still here", False)


def press(bot: Bot, name: str, token: str) -> None:
    bot.rehearsal.happens(Chose("e", Place("console", name, "private"), Person("console", name, name), token))


def test_a_button_is_taken_once_and_may_be_changed_until_the_next_answer(bot: Bot, bo: Actor, heard: Heard) -> None:
    ask(bot, "bo")
    ((number,),) = bot.keeps("SELECT max(id) FROM questions")
    press(bot, "bo", f"{number}.0")
    press(bot, "bo", f"{number}.2")
    bo.writes("it fits")
    press(bot, "bo", f"{number}.1")
    bo.hears("You have already answered this.")
    assert [answer for _step, answer, _skipped in heard] == ["s", "l", "it fits"]


@pytest.mark.parametrize(
    "token", ["", "x", "1", "1.", ".1", "1.99", "99999.0", "-1.0", "1.-1", "1.0.0", "٣.٣", "9" * 40 + ".0"]
)
def test_a_button_that_was_tampered_with_does_nothing(bot: Bot, bo: Actor, heard: Heard, token: str) -> None:
    ask(bot, "bo")
    said = len(bot.lines)
    press(bot, "bo", token)
    assert heard == []
    assert len(bot.lines) == said


def test_a_button_pressed_by_another_does_nothing(bot: Bot, bo: Actor, cy: Actor, heard: Heard) -> None:
    ask(bot, "bo")
    ((number,),) = bot.keeps("SELECT max(id) FROM questions")
    press(bot, "cy", f"{number}.0")
    press(bot, "stranger", f"{number}.0")
    assert heard == []


def test_plain_words_to_copbot_by_name_are_a_command_in_the_group(bot: Bot, bo: Actor) -> None:
    bo.says("@copbot practices")
    assert "No practice yet" in bot.last()
    bo.says("practices")
    assert len(bot.said("group")) == 1
