"""What listeners come to: as many voices as there are, and an end of it for whoever administers the group."""

import pytest

from tests.conftest import Bot
from tests.parole import Circle, choice, listened_to

WORDS = "Nobody helps me at night"


@pytest.fixture
def circle(bot: Bot) -> Circle:
    """Eleven members; ida and jon listen."""
    return listened_to(bot)


def administers(circle: Circle, name: str) -> None:
    """The platform says so from now on; nobody told copbot."""
    circle.bot.rehearsal.console.facilitators.add(name)


def test_who_has_come_to_administer_the_group_is_named_to_no_author_any_more(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {WORDS}")
    circle["cy"].hears("Send to the listeners: ida and jon")
    administers(circle, "ida")
    circle["cy"].writes("/listener")
    circle["cy"].hears("Those who listen here: jon")
    circle["dee"].writes("/freespeech Neither me")
    circle["dee"].hears("Send to the listeners: jon")


def test_who_has_come_to_administer_the_group_gets_nothing_that_is_sent_from_then_on(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {WORDS}")
    administers(circle, "ida")
    circle.chooses("cy", "Send to the listeners: ida and jon")
    circle["cy"].hears("Your code")
    circle.confides("dee", "Neither me", "listeners")
    circle.next_tick()
    for words in (WORDS, "Neither me"):
        assert any(words in text for text in circle["jon"].heard())
        assert not any(words in text for text in circle["ida"].heard())


def test_who_has_come_to_administer_the_group_can_do_nothing_with_a_voice_they_heard(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    offered = circle["ida"].hears("what would you like to do?")
    administers(circle, "ida")
    circle["ida"].writes(choice(offered, "Answer"))
    circle["ida"].hears("so you cannot listen any more")
    circle["ida"].writes("/listener read")
    circle["ida"].hears("so you cannot listen any more")
    circle["ida"].writes("/freespeech pause")
    circle["ida"].hears("Those who listen here decide that")
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Say who I am")
    circle.chooses("cy", "Yes, go on")
    circle.chooses("cy", "Yes, say my name")
    assert "it is cy" in circle["jon"].heard()[-1]
    assert not any("it is cy" in text for text in circle["ida"].heard())


def test_words_that_a_new_administrator_was_writing_to_a_voice_are_not_taken(circle: Circle) -> None:
    circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    circle.chooses("ida", "Answer")
    administers(circle, "ida")
    circle["ida"].writes("Come and see me")
    circle["ida"].hears("so you cannot listen any more")
    assert circle.rows()["parole_messages"] == 0


def test_where_the_only_listener_has_come_to_administer_the_group_nobody_listens(bot: Bot) -> None:
    circle = Circle(bot)
    circle.listens("ida")
    administers(circle, "ida")
    circle["cy"].writes("/listener")
    circle["cy"].hears("Nobody listens here yet")


def test_all_voices_can_be_seen_to_however_many_there_are(circle: Circle) -> None:
    for name in ("bo", "cy", "dee", "eli", "fay", "gus", "hal", "kay", "alice"):
        circle.confides(name, f"Words of {name}", "listeners")
    circle.next_tick()
    circle["ida"].writes("/listener read")
    first = circle["ida"].hears("Which voice")
    circle.chooses("ida", "Other voices")
    further = circle["ida"].hears("Which voice")
    shown = [line.split(") ")[1] for text in (first, further) for line in text.splitlines() if ") " in line]
    assert len(set(shown) - {"Other voices"}) == 9
    assert "Other voices" not in further
    circle["ida"].writes("2")
    circle["ida"].hears("what would you like to do?")
