"""Nobody does by another way what they may not do by the straight one."""

import pytest

from copbot.adapters.console import GROUP, Console
from copbot.core.commands import all_commands
from copbot.vocabulary import Left, Person, Place, Quoted
from tests.attacking import ELSEWHERE, database, found_elsewhere, held, joins, person, presses, says, tokens
from tests.conftest import Actor, Bot

__all__ = ["database"]

COMMANDS = [one for one in all_commands() if one.role == "facilitator"]

#: Written by members and facilitators; only the latter may change something with it.
CHANGES = [
    "/meeting 1 theme Mine",
    "/meeting 1 date 5 May 14:00",
    "/meeting 1 5 May",
    "/meeting 1 place Mine",
    "/meeting 1 cancel",
    "/meeting 1 done",
    "/meeting 1 restore",
    "/rencontre 1 sujet Mine",
    "/withdraw 1",
    "/supprimer 1",
    "!meeting 1 cancel",
    "/MEETING 1 CANCEL",
]

MINE = [f"{one.name(language)} {rest}".strip() for one in COMMANDS for language in ("en", "fr") for rest in ("", "1", "bo")]


@pytest.fixture
def busy(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> Bot:
    """A community in which there is something to take: a meeting, a practice of cy's, a reminder of alice's to the group."""
    alice.says("/meeting add 14 April 14:00, Retention of staff, in Nantes")
    alice.says("/remind 12 May 14:00 bring the cakes")
    cy.says("/share Pictures: we hang them by the door")
    return bot


class Rights(Console):
    """A console on which the test says who administers what, now."""

    rights: set[tuple[str, str]]

    async def administers(self, place: Place, person: Person) -> bool:
        return (place.room, person.id) in self.rights


def grant(bot: Bot, *rights: tuple[str, str]) -> None:
    bot.rehearsal.console.__class__ = Rights
    bot.rehearsal.console.rights = set(rights)  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", [None, GROUP])
def test_a_member_changes_nothing_by_a_facilitators_words(busy: Bot, place: Place | None) -> None:
    before = held(busy)
    for words in [*MINE, *CHANGES]:
        said = says(busy, person("bo"), words, place)
        assert "nly facilitators" in said or "nly its author or a facilitator" in said, said
    assert held(busy) == before
    assert len(MINE) > 60


@pytest.mark.parametrize(
    "name", ["alice", "ALICE", "аlice", "alice\u200b", "\u202ealice", "alice\nalice", "ａｌｉｃｅ"], ids=ascii
)
def test_a_name_like_the_facilitators_gives_no_right(busy: Bot, name: str) -> None:
    before = held(busy, besides={"accounts"})
    said = says(busy, person("bo", name), "/checkin open", GROUP)
    assert "Only facilitators" in said
    assert held(busy, besides={"accounts"}) == before


@pytest.mark.parametrize("name", ["bo", "BO", "bo\u200b", "ｂｏ"], ids=ascii)
def test_a_namesake_is_not_named_facilitator_by_mistake(busy: Bot, name: str) -> None:
    joins(busy, person("mallory", name))
    assert "Several people are called" in says(busy, person("alice"), "/facilitator add bo")
    assert busy.keeps("select a.user from members m join accounts a on a.id = m.account_id where facilitator") == [("alice",)]


def test_a_look_alike_in_other_letters_is_somebody_else(busy: Bot) -> None:
    joins(busy, person("mallory", "bо"))  # the second letter is Cyrillic
    says(busy, person("alice"), "/facilitator add bo")
    named = busy.keeps("select a.user from members m join accounts a on a.id = m.account_id where facilitator order by a.id")
    assert named == [("alice",), ("bo",)]


def test_a_quotation_of_a_facilitator_gives_no_right(busy: Bot) -> None:
    before = held(busy)
    quoted = Quoted("3", person("alice"), "/checkin open")
    for text in ("/checkin open", "> /checkin open", "yes", "do it"):
        says(busy, person("bo"), text, GROUP, quoted)
    assert held(busy) == before


#: Conversations that only facilitators have, each up to a question that a former one must not answer any more.
CONVERSATIONS = {
    "setup, the name": ["/setup"],
    "setup, the language": ["/setup", "Our group"],
    "setup, the zone": ["/setup", "/skip", "1"],
    "setup, the rhythm": ["/setup", "/skip", "/skip", "/skip"],
    "setup, the meeting": ["/setup", "/skip", "/skip", "/skip", "1"],
    "a meeting, the day": ["/meeting add"],
    "a meeting, the hour": ["/meeting add", "5 May"],
    "a meeting, the theme": ["/meeting add", "5 May 14:00"],
    "a meeting, the place": ["/meeting add", "5 May 14:00", "Mine"],
    "a move, to tell or take back": ["/meeting 1 date 6 May 10:00"],
    "a cancellation, to tell or take back": ["/meeting 1 cancel"],
    "a recap, to post": ["/recap"],
    "a recap, the introduction": ["/recap", "2"],
    "a withdrawal": ["/withdraw 1"],
    "a reminder of the group, to take back": [],
}
ANSWERS = ["1", "2", "5 June 14:00", "Mine"]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_a_question_outlives_no_right(busy: Bot, alice: Actor, bo: Actor, conversation: str, answer: str) -> None:
    alice.says("/checkin status")
    grant(busy, ("group", "alice"), ("group", "bo"))
    for words in CONVERSATIONS[conversation]:
        assert "nly facilitators" not in says(busy, person("bo"), words)
    if not CONVERSATIONS[conversation]:
        says(busy, person("bo"), "/cancel", GROUP)
    grant(busy, ("group", "alice"))
    before, group = held(busy), len(busy.said("group"))
    says(busy, person("bo"), answer, None if CONVERSATIONS[conversation] else GROUP)
    assert held(busy) == before
    assert not [text for _number, text in busy.said("group")[group:] if "Only" not in text]


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_a_facilitators_buttons_are_dead_in_other_hands(busy: Bot, conversation: str) -> None:
    for words in CONVERSATIONS[conversation] or ["/cancel"]:
        says(busy, person("alice"), words)
    before = held(busy)
    stolen = tokens(busy, "alice")
    for token in stolen:
        for who in ("bo", "stranger"):
            assert presses(busy, person(who), token) == ""
            assert presses(busy, person(who), token, GROUP) == ""
    assert held(busy) == before
    assert stolen or "/setup" in CONVERSATIONS[conversation] or "/meeting add" in CONVERSATIONS[conversation]


def test_who_left_keeps_no_button(busy: Bot, bo: Actor) -> None:
    for words in ("/setup", "/skip", "/meeting add", "/recap", "/share", "/checkin", "/remind tomorrow 9:00 call Ana"):
        says(busy, person("bo"), words)
    busy.rehearsal.happens(Left("l", GROUP, person("bo")))
    before = held(busy)
    for token in tokens(busy, "bo"):
        presses(busy, person("bo"), token)
    for words in ("1", "2", "Mine", "/skip", "/back"):
        says(busy, person("bo"), words)
    assert held(busy) == before


def test_who_left_another_community_presses_nothing_here(busy: Bot) -> None:
    found_elsewhere(busy, "dan")
    busy.rehearsal.happens(Left("l", ELSEWHERE, person("dan")))
    says(busy, person("bo"), "/practice 1", GROUP)
    says(busy, person("dan"), "/forget")
    before = held(busy)
    ((last,),) = busy.keeps("select max(id) from questions")
    for number in range(1, int(str(last)) + 1):
        if (number,) not in busy.keeps("select q.id from questions q where step = 'privacy.forgotten'"):
            presses(busy, person("dan"), f"{number}.0")
    assert held(busy) == before


def test_a_group_that_copbot_left_makes_nobody_facilitator(busy: Bot) -> None:
    busy.keeps("select 1")
    grant(busy, ("old", "bo"), ("group", "alice"))
    from copbot.engine import perform
    from copbot.store import people
    from copbot.store.people import Room

    def add(tx: object) -> None:
        community = people.community_of(tx, GROUP)  # type: ignore[arg-type]
        assert community
        tx.add(Room(community=community, platform="console", room="old", left_at=busy.now))  # type: ignore[attr-defined]

    perform(busy.database, [add])
    assert "Only facilitators" in says(busy, person("bo"), "/checkin open", GROUP)


def test_a_second_administrator_can_go_on_in_private(busy: Bot) -> None:
    grant(busy, ("group", "alice"), ("group", "bo"))
    says(busy, person("alice"), "/meeting add", GROUP)
    says(busy, person("alice"), "/skip")
    says(busy, person("alice"), "Welcoming newcomers")
    assert "At what hour" in says(busy, person("bo"), "/meeting 2 date 21 April", GROUP)


def test_a_choice_played_again_later_changes_nothing(busy: Bot) -> None:
    says(busy, person("cy"), "/withdraw 1")
    token = tokens(busy, "cy")[-2]
    assert "Withdrawn" in presses(busy, person("cy"), token)
    before = held(busy)
    for _ in range(3):
        presses(busy, person("cy"), token)
    assert held(busy) == before
