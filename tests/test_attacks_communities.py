"""Two communities in one database, and somebody who is in both: nothing of one is seen in the other."""

import re

import pytest

from copbot.adapters.console import GROUP, Console
from copbot.core.commands import all_commands
from copbot.vocabulary import Left, Outgoing, Person, Place
from tests.attacking import ELSEWHERE, database, found_elsewhere, held, joins, person, presses, private, says, tokens
from tests.conftest import Actor, Bot

__all__ = ["database"]

HERE, THERE = re.compile("hither", re.IGNORECASE), re.compile("yonder", re.IGNORECASE)


class Both(Console):
    """A console on which alice administers the one group and dan the other; it writes down what it brings to which group."""

    heard: dict[str, list[str]]

    async def send(self, outgoing: Outgoing) -> str:
        if isinstance(outgoing.to, Place):
            self.heard.setdefault(outgoing.to.room, []).append(outgoing.text)
        return await super().send(outgoing)

    async def administers(self, place: Place, person: Person) -> bool:
        return (place.room, person.id) in {("group", "alice"), ("elsewhere", "dan")}


@pytest.fixture
def two(bot: Bot, alice: Actor, bo: Actor) -> Bot:
    """Much goes on in both communities: words of the one say hither, words of the other yonder. Eve is in both."""
    bot.rehearsal.console.__class__ = Both
    bot.rehearsal.console.heard = {}  # type: ignore[attr-defined]
    found_elsewhere(bot, "dan", "fay", "eve")
    joins(bot, person("eve"))
    for place, who, word in ((GROUP, "alice", "hither"), (ELSEWHERE, "dan", "yonder")):
        for words in (
            f"/meeting add 14 April 14:00, Theme {word}, in Nantes",
            f"/remind Friday 9:00 cakes {word}",
            f"/share Pictures {word} #door: we hang them {word}",
            f"/synonym pic = {word}",
            f"/checkin open What {word}?",
            "/nudge day tuesday 9:00",
        ):
            says(bot, person(who), words, place)
    bot.passes(hours=1)
    for name, word in (("bo", "hither"), ("fay", "yonder")):
        says(bot, person(name), f"story of {word}")
        says(bot, person(name), f"/remind tomorrow 9:00 own {word}")
    return bot


EVERYTHING = [
    f"{one.name('en')} {rest}".strip()
    for one in all_commands()
    for rest in ("", "1", "2", "pictures", "#door", "me 1", "pic", "eve", "dan")
    if one.names[0] not in ("checkin close", "checkin open", "synonym", "withdraw", "cancel")
]


def test_no_command_in_one_group_shows_anything_of_the_other(two: Bot) -> None:
    for words in EVERYTHING:
        assert not THERE.search(says(two, person("alice"), words, GROUP)), words
        assert not HERE.search(says(two, person("dan"), words, ELSEWHERE)), words
        assert not THERE.search(says(two, person("bo"), words)), words
        assert not HERE.search(says(two, person("fay"), words)), words


def test_what_comes_by_itself_comes_to_its_own_community(two: Bot) -> None:
    two.passes(days=30)
    here, there = ("\n".join(two.rehearsal.console.heard[room]) for room in ("group", "elsewhere"))  # type: ignore[attr-defined]
    assert HERE.search(here)
    assert not THERE.search(here)
    assert THERE.search(there)
    assert not HERE.search(there)
    for mine, name in ((THERE, "alice"), (THERE, "bo"), (HERE, "dan"), (HERE, "fay")):
        assert not mine.search(" ".join(text for _number, text in two.said(f"@{name}")))


def test_practices_and_meetings_are_numbered_in_each_community(two: Bot) -> None:
    assert HERE.search(says(two, person("bo"), "/practice 1"))
    assert THERE.search(says(two, person("fay"), "/practice 1"))
    assert "There is no practice 2" in says(two, person("bo"), "/practice 2")
    assert "There is no meeting 2" in says(two, person("fay"), "/meeting 2")


def test_who_is_in_both_is_answered_for_the_one_they_chose(two: Bot) -> None:
    for name, mine, other in (("Elsewhere", THERE, HERE), ("Demonstration community", HERE, THERE)):
        says(two, person("eve"), "/community")
        assert "is now for" in says(two, person("eve"), name)
        for words in (
            "/practices",
            "/practice 1",
            "/meetings",
            "/meeting 1",
            "/find pictures",
            "/synonym",
            "/checkin",
            "/checkin",
        ):
            said = says(two, person("eve"), words)
            assert not other.search(said), words
            assert mine.search(said) or words == "/checkin", words


@pytest.mark.parametrize(("place", "mine", "other"), [(GROUP, HERE, THERE), (ELSEWHERE, THERE, HERE)])
def test_who_is_in_both_is_answered_in_a_group_for_that_group(
    two: Bot, place: Place, mine: re.Pattern[str], other: re.Pattern[str]
) -> None:
    for chosen in ("Elsewhere", "Demonstration community"):
        says(two, person("eve"), "/community")
        says(two, person("eve"), chosen)
        for words in ("/practices", "/practice 1", "/meetings", "/reminders", "/find pictures"):
            said = says(two, person("eve"), words, place)
            assert mine.search(said), words
            assert not other.search(said), words


def test_what_is_written_in_both_is_kept_apart(two: Bot) -> None:
    for chosen in ("Elsewhere", "Demonstration community"):
        says(two, person("eve"), "/community")
        says(two, person("eve"), chosen)
        says(two, person("eve"), f"/share Cups {chosen}: in a row")
        says(two, person("eve"), f"/remind tomorrow 9:00 {chosen}")
    shared = two.keeps(
        "select c.name from practices p join communities c on c.id = p.community_id where p.title like 'Cups%' order by p.id"
    )
    assert shared == [("Elsewhere",), ("Demonstration community",)]
    apart = two.keeps(
        "select c.name = r.text from reminders r join communities c on c.id = r.community_id "
        "where r.text = 'Elsewhere' or r.text like 'Demo%'"
    )
    assert apart == [(1,), (1,)]


def test_buttons_of_one_community_are_dead_for_members_of_the_other(two: Bot) -> None:
    for who, place in (("alice", GROUP), ("dan", ELSEWHERE)):
        says(two, person(who), "/practice 1", place)
    ((last,),) = two.keeps("select max(id) from questions")
    theirs = [str(number) for (number,) in two.keeps("select id from questions where community_id = 1")]
    before = held(two)
    for number in theirs:
        for place in (ELSEWHERE, GROUP, private("fay")):
            assert presses(two, person("fay"), f"{number}.0", place) == ""
    assert held(two) == before
    assert last


def test_leaving_one_community_leaves_the_other_as_it_was(two: Bot) -> None:
    two.rehearsal.happens(Left("l", ELSEWHERE, person("eve")))
    said = [says(two, person("eve"), words) for words in EVERYTHING]
    assert not THERE.search("\n".join(one for one in said if "Elsewhere" not in one))
    before = held(two)
    for token in tokens(two, "eve"):
        if two.keeps(f"select 1 from questions where id = {token.partition('.')[0]} and community_id = 2"):
            presses(two, person("eve"), token)
    assert held(two) == before
