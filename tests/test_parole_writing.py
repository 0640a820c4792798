"""Writing in confidence: the prompt, the card, the receipt, and that nothing of it is in the main database."""

import pytest

from copbot.engine import perform
from copbot.store.base import Base
from tests.conftest import Bot
from tests.parole import Circle, choice

SECRET = "I am at the end of my tether, nobody sees it"


@pytest.fixture
def circle(bot: Bot) -> Circle:
    return Circle(bot)


def dump(bot: Bot) -> list[object]:
    """Every row of the main database."""
    return list(
        perform(bot.database, [lambda tx: [tx.execute(table.select()).all() for table in Base.metadata.sorted_tables]])[0]
    )


def test_the_card_comes_before_anything_is_sent(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {SECRET}")
    card, question = circle["cy"].heard()[-2:]
    assert "Who can read you?" in card
    assert "3114" in question
    assert "Send to the group" in question
    assert not any(SECRET in text or len(text.splitlines()) > 8 for text in (card, question))
    assert circle.rows()["parole_messages"] == 0


def test_the_prompt_takes_the_next_words(circle: Circle) -> None:
    circle["cy"].writes("/freespeech")
    circle["cy"].hears("I am listening", "3114")
    circle["cy"].writes(SECRET)
    circle["cy"].hears("Send to the group")


def test_in_the_group_everybody_gets_the_same_answer(circle: Circle) -> None:
    circle["cy"].says("/freespeech")
    first = circle.bot.last()
    circle["bo"].says("/freespeech help me")
    assert circle.bot.last() == first
    assert "private" in first
    assert circle.rows()["parole_desks"] == 0
    circle["bo"].hears("Your words stood in the group")
    assert not circle["cy"].heard()


def test_nothing_of_the_exchange_is_in_the_main_database_not_even_a_number(circle: Circle) -> None:
    before = dump(circle.bot), circle.bot.keeps("SELECT name, seq FROM sqlite_sequence ORDER BY name")
    circle.confides("cy", SECRET)
    circle["dee"].writes("/freespeech")
    circle["dee"].writes("/stop")
    assert (dump(circle.bot), circle.bot.keeps("SELECT name, seq FROM sqlite_sequence ORDER BY name")) == before


def test_cancelling_keeps_nothing(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {SECRET}")
    circle["cy"].writes(choice(circle["cy"].hears("Cancel"), "Cancel"))
    circle["cy"].hears("Nothing of it is kept")
    assert set(circle.rows().values()) == {0}


def test_an_exchange_that_is_left_alone_is_forgotten_within_the_hour(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {SECRET}")
    assert circle.rows()["parole_desks"] == 1
    circle.bot.passes(hours=1)
    assert set(circle.rows().values()) == {0}
    circle["cy"].writes("1")
    assert "Your code" not in circle["cy"].heard()[-1]


def test_words_are_written_anew(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {SECRET}")
    circle["cy"].writes(choice(circle["cy"].hears("Write it anew"), "Write it anew"))
    circle["cy"].writes("Something milder")
    circle["cy"].writes("1")
    circle["cy"].hears("Your code")


def test_what_could_point_to_somebody_is_pointed_out_and_never_blocks(circle: Circle) -> None:
    circle["cy"].writes("/freespeech Hal shouts at me, call 06 12 34 56 78")
    card = circle["cy"].heard()[-2]
    assert all(part in card for part in ("may point to somebody", "Hal", "06 12 34 56 78"))
    circle["cy"].hears("Send to the group")


def test_a_danger_shows_the_numbers_first_and_goes_to_listeners_only(circle: Circle) -> None:
    circle.listens("ida")
    circle["cy"].writes("/freespeech I want to end my life")
    numbers, _card, question = circle["cy"].heard()[-3:]
    assert "3114" in numbers
    assert "Send to the listeners" in question
    assert "Send to the group" not in question


def test_a_danger_where_nobody_listens_is_met_kindly(circle: Circle) -> None:
    circle["cy"].writes("/freespeech I want to end my life")
    assert "I do not put before the group" in circle["cy"].heard()[-2]
    assert "Send" not in circle["cy"].hears("What shall I do?")


def test_too_small_a_group_is_refused_with_the_reason(bot: Bot) -> None:
    small = Circle(bot, ("alice", "bo", "cy", "dee"))
    small["cy"].writes("/freespeech hello")
    small["cy"].hears("too small", "3", "8", "3114")
    assert set(small.rows().values()) == {0}


def test_one_new_voice_a_day(circle: Circle) -> None:
    circle.confides("cy", SECRET)
    circle["cy"].writes("/freespeech again")
    circle["cy"].hears("begun one today")
    circle.bot.passes(days=1)
    circle["cy"].writes("/freespeech again")
    circle["cy"].hears("Send to the group")


def test_what_is_too_long_is_turned_down_before_anything_is_kept(circle: Circle) -> None:
    circle["cy"].writes("/freespeech " + "é" * 2500)
    circle["cy"].hears("too long")
    assert set(circle.rows().values()) == {0}


def test_stopping_is_cancelling(circle: Circle) -> None:
    circle["cy"].writes("/freespeech")
    circle["cy"].writes("/stop")
    circle["cy"].hears("Nothing of it is kept", "3114")


def test_anonymous_is_a_word_it_never_says(circle: Circle) -> None:
    circle.listens("ida")
    circle.confides("cy", SECRET)
    assert not any("anonym" in line.casefold() for line in circle.bot.lines)


def test_parole_libre_speaks_french(french: Bot) -> None:
    circle = Circle(french)
    circle["cy"].writes("/parole je n'en peux plus")
    assert "Qui peut vous lire" in circle["cy"].heard()[-2]
    circle["cy"].hears("L'envoyer au groupe", "3114")
    circle["cy"].writes("1")
    circle["cy"].hears("Votre code", "/relire")


def test_words_of_danger_outside_of_it_bring_the_numbers_and_leave_nothing_more(circle: Circle) -> None:
    circle["cy"].writes("it rains")
    once = circle["cy"].heard()
    circle["cy"].writes("I do not want to wake up tomorrow")
    circle["cy"].hears("Somebody can help right now", "3114")
    assert len(circle["cy"].heard()[-1].splitlines()) <= 8
    assert len(circle["cy"].heard()) == len(once) + 1, "the numbers, and no word of what was not understood"
    assert "help right now" not in str(dump(circle.bot))
    assert len(circle.bot.keeps("SELECT id FROM outbox WHERE room = 'cy'")) == len(once)


def test_words_of_danger_in_a_check_in_bring_the_numbers_as_well(circle: Circle) -> None:
    circle["cy"].writes("/checkin")
    circle["cy"].writes("I do not want to wake up tomorrow")
    assert "I keep your words" in circle["cy"].heard()[-2]
    circle["cy"].hears("Somebody can help right now")
    circle["cy"].writes("2")
    circle["cy"].hears("stood in the way")
