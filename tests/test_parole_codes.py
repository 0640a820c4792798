"""Coming back with a code: answers, more words, being told, lifting confidentiality, taking it all back."""

import pytest

from copbot.store import freespeech
from tests.conftest import Bot
from tests.parole import Circle, listened_to


@pytest.fixture
def circle(bot: Bot) -> Circle:
    return listened_to(bot)


@pytest.fixture
def code(circle: Circle) -> str:
    """Of a voice that reached the listeners, whom ida answered."""
    code = circle.confides("cy", "Nobody helps me at night", "listeners")
    circle.next_tick()
    circle.chooses("ida", "Answer")
    circle["ida"].writes("We hear you. What would help first?")
    return code


def test_listeners_read_words_a_made_up_name_and_the_day(circle: Circle, code: str) -> None:
    read = next(text for text in circle["jon"].heard() if "Nobody helps me at night" in text)
    assert "cy" not in read.casefold()
    assert "March" in read
    assert "9:00" not in read


def test_the_answer_is_read_with_the_code_after_the_next_tick(circle: Circle, code: str) -> None:
    circle["cy"].writes(f"/reread {code}")
    assert not any("What would help first?" in text for text in circle["cy"].heard()), "not before the tick"
    circle.next_tick()
    assert "Answers have come" in circle.bot.last()
    circle["cy"].writes(f"/reread {code.upper().replace(' ', '-')}")
    assert any("What would help first?" in text for text in circle["cy"].heard())


def test_a_wrong_code_a_muted_one_and_none_get_the_same_sentence(circle: Circle, code: str) -> None:
    circle.chooses("jon", "Hear no more")
    assert circle.stored(lambda tx: not tx.query(freespeech.Thread).one().muted), "it asks first"
    circle.chooses("jon", "Yes")
    circle["cy"].writes(f"/reread {code}")
    muted = circle["cy"].hears("I find nothing under")
    circle["cy"].writes("/reread one two three four five")
    assert circle["cy"].hears("I find nothing under") == muted
    assert "Nobody learns who" in circle["jon"].hears("Done")


def test_five_wrong_codes_an_hour(circle: Circle, code: str) -> None:
    for _ in range(5):
        circle["dee"].writes("/reread one two three four five")
    circle["dee"].writes(f"/reread {code}")
    circle["dee"].hears("too many codes")
    circle.bot.passes(hours=1)
    circle["dee"].writes(f"/reread {code}")
    circle["dee"].hears("What shall I do?")


def test_going_on_under_the_same_code(circle: Circle, code: str) -> None:
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Write more")
    circle["cy"].writes("It was worse last night")
    circle.chooses("cy", "Send to the listeners")
    assert "Your code" not in circle["cy"].hears("I have it")
    circle.next_tick()
    assert any("It was worse last night" in text for text in circle["ida"].heard())


def test_taking_it_back_erases_what_is_on_its_way(circle: Circle) -> None:
    code = circle.confides("dee", "I regret this", "listeners")
    circle["dee"].writes(f"/takeback {code}")
    circle["dee"].hears("Taken back")
    assert circle.rows()["parole_messages"] == 0
    circle["dee"].writes(f"/reread {code}")
    circle["dee"].hears("I find nothing under")
    circle.next_tick()
    assert set(circle.rows().values()) == {0}
    assert not any("I regret this" in line for line in circle.bot.lines if "dee:" not in line)


def test_listeners_do_not_learn_the_hour_at_which_it_was_taken_back(circle: Circle, code: str) -> None:
    circle["ida"].writes("/listener read")
    before = circle["ida"].heard()[-1]
    circle["jon"].writes("/listener read")
    circle["jon"].writes("1")
    circle.chooses("jon", "Answer")
    circle["cy"].writes(f"/takeback {code}")
    circle["jon"].writes("What happened then?")
    assert "It goes out on Friday" in circle["jon"].heard()[-1]
    circle["ida"].writes("/listener read")
    assert circle["ida"].heard()[-1] == before
    announced = sum("Answers have come" in line for line in circle.bot.lines)
    circle.next_tick()
    circle["ida"].writes("/listener read")
    assert "No voice has reached you" in circle["ida"].heard()[-1]
    assert sum("Answers have come" in line for line in circle.bot.lines) == announced, "what was written to it went with it"
    assert set(circle.rows().values()) == {0}


def test_being_told_is_a_choice_and_its_key_is_destroyed(circle: Circle, code: str) -> None:
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Tell me when an answer comes (less protected)")
    assert "two weeks" in circle["cy"].heard()[-2]
    circle.next_tick()
    assert any("Something has come for you" in text for text in circle["cy"].heard())
    circle.bot.passes(days=15)
    heard = len(circle["cy"].heard())
    circle["jon"].writes("/listener read")
    circle["jon"].writes("1")
    circle.chooses("jon", "Answer")
    circle["jon"].writes("One more word")
    circle.next_tick()
    assert len(circle["cy"].heard()) == heard, "its key is gone"


def test_only_the_author_lifts_confidentiality_and_confirms_it_twice(circle: Circle, code: str) -> None:
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Say who I am")
    circle.chooses("cy", "Yes, go on")
    assert not any("it is cy" in text for text in circle["ida"].heard())
    circle.chooses("cy", "Yes, say my name")
    assert "it is cy" in circle["ida"].heard()[-1]
    assert "it is cy" not in circle.bot.last()


def test_staying_unnamed_is_one_number_away(circle: Circle, code: str) -> None:
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Say who I am")
    circle.chooses("cy", "No, stay unnamed")
    assert "you stay unnamed" in circle["cy"].heard()[-2]


def test_another_wording_goes_to_the_group_only_if_its_author_sends_it(circle: Circle, code: str) -> None:
    circle["jon"].writes("/listener read")
    circle["jon"].writes("1")
    circle.chooses("jon", "Suggest another wording")
    circle["jon"].writes("Some of us are alone at night")
    circle.next_tick()
    circle["cy"].writes(f"/reread {code}")
    assert any("Some of us are alone at night" in text for text in circle["cy"].heard())
    circle.chooses("cy", "Put these words in")
    circle.chooses("cy", "Send to the group")
    circle.confides("dee", "Words of dee")
    circle.confides("eli", "Words of eli")
    circle.next_tick()
    assert any("Some of us are alone at night" in text for _n, text in circle.bot.said("group"))


def test_listeners_alone_hear_that_a_voice_waits(circle: Circle) -> None:
    circle.confides("cy", "Nobody helps me at night", "listeners")
    circle.bot.passes(days=9)
    assert any("has waited for an answer" in text for text in circle["ida"].heard())
    assert not any("has waited for an answer" in text for text in circle["alice"].heard())


def test_you_said_we_did_once_three_were_answered(circle: Circle) -> None:
    for name in ("cy", "dee", "eli"):
        circle.confides(name, f"Words of {name}", "listeners")
    circle.next_tick()
    for number in (1, 1, 1):
        circle["ida"].writes("/listener read")
        circle["ida"].writes(str(number))
        circle.chooses("ida", "Answer")
        circle["ida"].writes("We hear you")
        circle.next_tick()
    circle["ida"].writes("/listener read")
    circle["ida"].writes("1")
    circle.chooses("ida", "Close")
    circle["ida"].writes("A night line has been set up")
    circle["alice"].writes("/share Picture cards: we drew the evening in pictures")
    circle["alice"].writes("/recap 4 weeks")
    assert any("You said, we did: 3 voices" in text and "A night line" in text for text in circle["alice"].heard())


def test_threads_are_erased_after_three_months(circle: Circle, code: str) -> None:
    circle.bot.passes(days=100)
    assert set(circle.rows().values()) == {0}
