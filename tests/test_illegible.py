"""What copbot cannot decipher is not passed over in silence: whoever wrote it is told how to be read."""

from copbot.adapters.console import GROUP
from copbot.vocabulary import Illegible, Person, Place
from tests.conftest import Actor, Bot


def test_who_wrote_what_cannot_be_read_is_told_where_they_wrote(bot: Bot, bo: Actor) -> None:
    bo_ = Person("console", "bo", "bo")
    bot.rehearsal.happens(Illegible("1", GROUP, bo_, "7"))
    assert "write it again" in bot.last("group")
    bot.rehearsal.happens(Illegible("2", Place("console", "bo", "private"), bo_, "8"))
    bo.hears("write it again")


def test_strangers_are_told_nothing(bot: Bot, bo: Actor) -> None:
    before = list(bot.lines)
    stranger = Person("console", "zoe", "zoe")
    bot.rehearsal.happens(Illegible("1", GROUP, stranger, "7"))
    bot.rehearsal.happens(Illegible("2", Place("console", "zoe", "private"), stranger, "8"))
    assert bot.lines == before
