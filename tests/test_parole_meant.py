"""What somebody writes reaches what it was meant for: confidential words go nowhere else, other words not into confidence."""

import pytest

from copbot.vocabulary import Chose, Edited, Person, Place, Said
from tests.conftest import Bot
from tests.parole import Circle, listened_to

WORDS = "Nobody ever asks how I am, not even my brother"


@pytest.fixture
def circle(bot: Bot) -> Circle:
    return listened_to(bot)


def kept(circle: Circle) -> str:
    """All that the main database keeps of what people said."""
    tables = ("questions", "checkins", "outbox", "practices")
    return str([circle.bot.keeps(f"SELECT * FROM {table}") for table in tables])


def test_a_number_is_for_the_newest_question(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {WORDS}")
    circle.bot.passes(minutes=2)
    circle["cy"].writes("/checkin")
    circle["cy"].writes("2")
    assert circle.rows()["parole_messages"] == 0
    assert not any("Your code" in text for text in circle["cy"].heard())


def test_a_number_under_the_prompt_is_for_the_newer_question(circle: Circle) -> None:
    circle["cy"].writes("/freespeech")
    circle.bot.passes(minutes=2)
    circle["cy"].writes("/checkin")
    circle["cy"].writes("2")
    assert "Who can read you?" not in str(circle["cy"].heard())


def test_a_lone_number_or_emoji_is_no_confession(circle: Circle) -> None:
    circle["cy"].writes("/freespeech")
    for said in ("2", "👍"):
        circle["cy"].writes(said)
        circle["cy"].hears("I keep words only")
    circle["cy"].writes("no thanks")
    circle["cy"].hears("Nothing of it is kept")


def test_few_words_are_shown_again(circle: Circle) -> None:
    circle["cy"].writes("/freespeech")
    circle["cy"].writes("hello there")
    assert "Your words: “hello there”" in circle["cy"].heard()[-2]


def test_what_is_written_under_the_card_goes_on_with_the_words(circle: Circle) -> None:
    circle["cy"].writes("/freespeech I am so tired")
    circle["cy"].writes("and my sisters do not help at all")
    assert "I added this to your words" in circle["cy"].heard()[-2]
    circle.chooses("cy", "Send to the listeners")
    circle.next_tick()
    assert any("I am so tired\nand my sisters do not help at all" in text for text in circle["ida"].heard())


def test_a_stray_word_of_a_label_sends_nothing(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {WORDS}")
    for said in ("jon", "with", "others"):
        circle["cy"].writes(said)
    assert circle.rows()["parole_messages"] == 0
    circle["cy"].writes("Send to the listeners: ida and jon")
    circle["cy"].hears("Your code")


def test_a_forwarded_number_sends_nothing(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {WORDS}")
    here, cy = Place("console", "cy", "private"), Person("console", "cy", "cy")
    circle.bot.rehearsal.happens(Said("f1", here, cy, message="900", text="1", forwarded=True))
    circle["cy"].hears("You forwarded this")
    assert circle.rows()["parole_messages"] == 0


def test_who_mends_a_message_learns_that_it_is_not_seen(circle: Circle) -> None:
    circle["cy"].writes("/freespeech Hal shouts at me every morning")
    here, cy = Place("console", "cy", "private"), Person("console", "cy", "cy")
    circle.bot.rehearsal.happens(Edited("e1", here, cy, "1", "Somebody shouts"))
    circle["cy"].hears("I do not see what is changed")


def test_words_that_come_when_the_hour_is_over_are_no_answer_to_something_else(circle: Circle) -> None:
    circle["cy"].writes("/checkin")
    circle.bot.passes(minutes=1)
    circle["cy"].writes("/freespeech")
    circle.bot.passes(minutes=61)
    circle["cy"].writes(WORDS)
    circle["cy"].hears("The hour for what is said in confidence is over")
    assert "my brother" not in kept(circle)
    circle["cy"].writes("I tried the pictures at breakfast")
    assert "I keep your words" in str(circle["cy"].heard()[-1:]), "the next ones are for the check-in"


def test_the_hour_begins_anew_with_every_word_of_copbots(circle: Circle) -> None:
    circle["cy"].writes("/freespeech")
    circle.bot.passes(minutes=50)
    circle["cy"].writes(WORDS)
    circle.bot.passes(minutes=50)
    circle.chooses("cy", "Send to the listeners")
    circle["cy"].hears("Your code")


def test_a_late_press_is_answered(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {WORDS}")
    exchange = circle.vault.exchange(Person("console", "cy", "cy"), circle.bot.now)
    circle.bot.passes(hours=2)
    here, cy = Place("console", "cy", "private"), Person("console", "cy", "cy")
    circle.bot.rehearsal.happens(Chose("c1", here, cy, exchange.token("listeners")))  # type: ignore[union-attr]
    circle["cy"].hears("That choice is over")
    assert circle.rows()["parole_messages"] == 0


def test_a_code_without_its_command_is_never_kept(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle["cy"].writes("/checkin")
    circle["cy"].writes(code)
    circle["cy"].hears("What shall I do?")
    circle["cy"].writes("/stop")
    circle["cy"].writes("/reread")
    circle["cy"].hears("five words of your code")
    circle["cy"].writes(f"it is {code} I think")
    assert code not in kept(circle)


def test_a_code_in_the_group_is_said_to_be_seen(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle["cy"].says(f"/reread {code}")
    circle["cy"].hears("whoever saw it can use it")


def test_a_listeners_number_or_cancel_is_no_answer(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    circle.chooses("ida", "Answer")
    circle["ida"].writes("2")
    circle["ida"].hears("I keep words only")
    circle["ida"].writes("/cancel")
    circle["ida"].hears("Nothing was kept")
    circle.chooses("jon", "Answer")
    circle["jon"].writes("/listener read")
    circle["jon"].writes("1")
    circle.next_tick()
    circle["cy"].writes(f"/reread {code}")
    assert not any("Answer from" in text for text in circle["cy"].heard())


def test_cancelling_another_wording_changes_nothing(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    circle.chooses("ida", "Suggest another wording")
    circle["ida"].writes("Somebody feels put down at meetings")
    circle.next_tick()
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Put these words in")
    circle.chooses("cy", "Cancel")
    circle["cy"].hears("Your voice stays as it is")
    circle["ida"].writes("/listener read")
    assert "No voice" not in circle["ida"].heard()[-1]
    circle["cy"].writes(f"/reread {code}")
    circle["cy"].hears("Put these words in")
    circle.chooses("cy", "Say who I am")
    circle["cy"].hears("I would tell the listeners")


def test_a_name_is_not_said_before_the_words(circle: Circle) -> None:
    code = circle.confides("cy", WORDS)
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Say who I am")
    circle["cy"].hears("have not gone out yet")


def test_whatever_is_not_a_yes_leaves_one_unnamed(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    for said in ("I have changed my mind", "2"):
        circle["cy"].writes(f"/reread {code}")
        circle.chooses("cy", "Say who I am")
        circle["cy"].writes("2")
        circle["cy"].writes(said)
        assert any("you stay unnamed" in text for text in circle["cy"].heard()[-2:])
    assert not any("it is cy" in text for text in circle["ida"].heard()), "the same number twice is no second yes"


def test_danger_comes_before_a_refusal(circle: Circle) -> None:
    circle.confides("cy", WORDS)
    circle["cy"].writes("/freespeech I want to end my life")
    assert "Somebody can help right now" in circle["cy"].heard()[-2]
    circle["dee"].says("/freespeech I want to end my life")
    assert "Somebody can help right now" in circle["dee"].heard()[-2]
    circle["dee"].hears("stood in the group")
    circle["eli"].writes("/share I want to end my life")
    circle["eli"].hears("Somebody can help right now")


def test_danger_under_a_code_of_the_group_can_go_to_the_listeners(circle: Circle) -> None:
    code = circle.confides("cy", WORDS)
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Write more")
    circle["cy"].writes("I want to end my life")
    circle["cy"].hears("Send to the listeners")


def test_in_a_group_of_few_the_card_says_that_listeners_may_guess(bot: Bot) -> None:
    small = Circle(bot, ("alice", "bo", "cy", "ida", "jon"))
    small.listens("ida", "jon")
    small["cy"].writes(f"/freespeech {WORDS}")
    assert "could guess who writes" in small["cy"].heard()[-2]
