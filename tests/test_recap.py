"""/recap: drafted in private, posted once, as it was drafted, with nothing in it that was not for the group."""

import re

import pytest
import sqlalchemy as sa

from copbot.store.checkins import CheckIn
from tests.conftest import Actor, Bot
from tests.telling import Shelf, drafted, member_named, posted


@pytest.fixture
def shelf(bot: Bot) -> Shelf:
    return Shelf(bot)


@pytest.fixture
def met(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> Bot:
    """The group met on 3 March; it is the morning of 10 March."""
    alice.writes("/meeting add 3 March 14:00, Welcoming new staff, in Nantes")
    alice.writes("/meeting add 14 April 14:00, Retention of staff, in Angers")
    bot.passes(days=8)
    return bot


# What is in it


def test_the_draft_tells_stories_then_practices_then_dates_then_figures(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.", meant="visual planning", meant_openly=True, helped="The night team")
    shelf.shares("cy", "Escape game to recruit")
    shelf.tries("bo", 1, "They loved it")
    start = len(alice.heard())
    alice.writes("/recap")
    assert drafted(alice, start) == "\n\n".join(
        (
            "Here is what happened since our meeting of Tuesday 3 March.",
            "What was tried\nbo had meant to try: visual planning\nbo: We began on Monday.\nWhat helped: The night team",
            "New practices\nPractice 1, by cy: Escape game to recruit\nTo read one whole: /practice 1",
            "What others made of them\nPractice 1: Escape game to recruit\nIt worked for one person.\nbo: They loved it",
            "Coming dates\nMeeting 2, Tuesday 14 April at 14:00, Angers: Retention of staff",
            "In figures\nOne person answered the check-in.\nOne of them tried something.\nOne new practice.",
        )
    )


def test_the_draft_ends_with_the_choices_and_the_file(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    assert alice.hears("1) Post", "2) Change the introduction", "3) Cancel").endswith("bytes]")
    assert list(met.files) == ["recap-2026-03-10.md"]


def test_nobody_but_the_facilitator_sees_the_draft(met: Bot, alice: Actor, bo: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.says("/recap")
    assert posted(met) == "The draft is in your private chat with me."
    assert bo.heard() == []


def test_only_facilitators_draft_a_recap(met: Bot, bo: Actor) -> None:
    bo.writes("/recap")
    bo.hears("Only facilitators can use /recap.")


def test_the_file_is_markdown_with_nothing_cut(met: Bot, alice: Actor, shelf: Shelf) -> None:
    long = "word " * 300 + "end."
    shelf.tells("bo", long)
    shelf.shares("cy", "Escape game")
    alice.writes("/recap")
    text = met.files["recap-2026-03-10.md"].decode()
    assert text.startswith("# Demonstration community: recap of Tuesday 10 March\n\nHere is what happened since our meeting")
    assert "\n## What was tried\n\n- bo: word word" in text
    assert "end." in text
    assert "\n## New practices\n\n- Practice 1, by cy: Escape game\n" in text


def test_a_practice_shared_without_a_name_stays_without(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.shares("cy", "Escape game", named=False)
    alice.writes("/recap")
    assert "Practice 1: Escape game" in "\n".join(alice.heard())
    assert "by cy" not in "\n".join(alice.heard())
    assert b"by cy" not in met.files["recap-2026-03-10.md"]


# What must not be in it


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_stories_without_a_name_are_counted_and_not_shown(
    met: Bot, alice: Actor, shelf: Shelf, count: int
) -> None:
    for name in ("bo", "cy")[:count]:
        shelf.tells(name, f"secret of {name}", audience="nameless")
    alice.writes("/recap")
    alice.writes("1")
    everything = posted(met) + met.files["recap-2026-03-10.md"].decode() + "".join(alice.heard())
    assert "secret" not in everything
    assert ("One person" if count == 1 else "2 people") + " answered the check-in." in posted(met)


def test_three_stories_without_a_name_are_told_without_names(met: Bot, alice: Actor, shelf: Shelf) -> None:
    for name in ("bo", "cy", "alice"):
        shelf.tells(name, f"words of {name[0]}.", audience="nameless")
    alice.writes("/recap")
    alice.writes("1")
    assert posted(met).count("Somebody: words of") == 3
    assert not re.search(r"\b(bo|cy|alice)\b", posted(met))


def test_the_order_of_stories_without_a_name_does_not_tell_who_answered_first(bot: Bot, alice: Actor, cy: Actor) -> None:
    words = {"bo": "zebra", "cy": "apple", "alice": "melon"}
    told = []
    for order in (("bo", "cy", "alice"), ("alice", "cy", "bo")):
        for name in order:
            Shelf(bot).tells(name, words[name], audience="nameless")
            bot.passes(hours=1)
        alice.writes("/recap 1 day")
        told.append(re.findall("zebra|apple|melon", alice.heard()[-2])[:3])
        bot.passes(days=3)
    assert told[0] == told[1]


@pytest.mark.parametrize(("audience", "told"), [("facilitators", True), ("", True), ("named", False)])
def test_what_is_not_for_the_group_yet_or_ever_stays_out(
    met: Bot, alice: Actor, shelf: Shelf, audience: str, told: bool
) -> None:
    shelf.tells("bo", "for your eyes only", audience=audience, told=told)
    shelf.shares("cy", "Escape game")
    alice.writes("/recap")
    alice.writes("1")
    everything = posted(met) + met.files["recap-2026-03-10.md"].decode() + "".join(alice.heard())
    assert "for your eyes only" not in everything
    assert "Escape game" in posted(met)


# Posting


def test_what_was_drafted_is_what_is_posted(met: Bot, alice: Actor, shelf: Shelf) -> None:
    for number in range(12):
        shelf.tells("bo", f"Story {number}: " + "word " * 30)
    start = len(alice.heard())
    alice.writes("/recap")
    draft = drafted(alice, start)
    assert posted(met) == ""
    alice.writes("post")
    alice.hears("Posted: the group has the recap.")
    assert posted(met) == draft


def test_a_recap_is_the_same_on_every_database(both: sa.Engine) -> None:
    bot = Bot(both)
    alice, shelf = Actor(bot, "alice"), Shelf(bot)
    for text in ("/meeting add 3 March 14:00, Welcoming new staff", "/meeting add 14 April 14:00, Retention of staff"):
        alice.says(text)
    bot.passes(days=8)
    shelf.tells("alice", "We began on Monday.")
    shelf.shares("alice", "Escape game")
    shelf.tries("alice", 1, worked=False)
    alice.writes("/recap")
    alice.writes("1")
    parts = ("of Tuesday 3 March", "We began on Monday.", "Escape game", "It did not work for one person.", "Meeting 2,")
    assert [part for part in parts if part not in posted(bot)] == []


def test_a_long_recap_comes_in_several_messages_in_order(met: Bot, alice: Actor, shelf: Shelf) -> None:
    for number in range(12):
        shelf.tells("bo", f"Story {number:02}: " + "word " * 200)
    alice.writes("/recap")
    alice.writes("1")
    messages = [text for _number, text in met.said("group")]
    assert len(messages) > 3
    assert max(map(len, messages)) <= 1500
    assert re.findall(r"Story (\d\d)", "".join(messages)) == [f"{number:02}" for number in range(12)]


def test_pressing_twice_posts_once(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    question = met.number("@alice")
    alice.writes("1", to=question)
    alice.writes("1", to=question)
    assert posted(met).count("We began on Monday.") == 1


def test_two_facilitators_who_post_the_same_recap_post_it_once(met: Bot, alice: Actor, bo: Actor, shelf: Shelf) -> None:
    shelf.tells("cy", "We began on Monday.")
    met.line("bo is facilitator")
    alice.writes("/recap")
    bo.writes("/recap")
    alice.writes("1")
    bo.writes("1")
    bo.hears("This recap is in the group already.")
    assert posted(met).count("We began on Monday.") == 1


def test_a_new_draft_closes_the_one_before(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    first = met.number("@alice")
    alice.writes("/recap 2 weeks")
    alice.writes("1", to=first)
    assert posted(met) == ""


def test_what_was_erased_after_the_draft_is_not_posted(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    shelf.shares("cy", "Escape game")
    alice.writes("/recap")
    shelf.does(lambda tx, _community: tx.execute(sa.delete(CheckIn)))
    alice.writes("1")
    assert posted(met) == ""
    assert "Something has changed since the draft. Here is the new one." in alice.heard()
    alice.hears("1) Post")
    alice.writes("1")
    assert "Escape game" in posted(met)
    assert "Monday" not in posted(met)


def test_somebody_who_is_no_facilitator_any_more_cannot_post(met: Bot, alice: Actor, bo: Actor, shelf: Shelf) -> None:
    shelf.tells("cy", "We began on Monday.")
    alice.writes("/meetings")
    met.line("bo is facilitator")
    bo.writes("/recap")
    met.rehearsal.console.facilitators.discard("bo")
    shelf.does(lambda tx, community: setattr(member_named(tx, community, "bo"), "facilitator", False))
    bo.writes("1")
    bo.hears("Only facilitators can use /recap.")
    assert posted(met) == ""


def test_the_draft_is_kept_nowhere(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    kept = met.keeps("select text, state from questions") + met.keeps("select text, content from outbox where text is not null")
    assert "Monday." not in str(kept)


def test_cancelling_posts_nothing(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    alice.writes("3")
    alice.hears("All right, nothing was posted.")
    assert posted(met) == ""


def test_the_introduction_can_be_changed_before_posting(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    alice.writes("/recap")
    alice.writes("2")
    alice.hears("How would you begin?")
    alice.writes("Dear all, *thank you* for <b>your</b> words!")
    alice.hears("1) Post")
    assert "\n\nDear all, \\*thank you\\* for \\<b\\>your\\</b\\> words" in met.files["recap-2026-03-10.md"].decode()
    alice.writes("1")
    assert posted(met).startswith("Dear all, *thank you* for <b>your</b> words!\n\nWhat was tried")


def test_skipping_the_introduction_leaves_it(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    for text in ("/recap", "2", "/skip", "1"):
        alice.writes(text)
    assert posted(met).startswith("Here is what happened since our meeting")


def test_an_introduction_that_is_too_long_is_asked_again(met: Bot, alice: Actor, shelf: Shelf) -> None:
    shelf.tells("bo", "We began on Monday.")
    for text in ("/recap", "2", "word " * 200):
        alice.writes(text)
    alice.hears("That is long for an introduction: 600 characters at most.")
    alice.writes("Short.")
    alice.writes("1")
    assert posted(met).startswith("Short.")


# In French


def test_the_whole_recap_is_in_the_language_of_the_group(french: Bot) -> None:
    alice, bo = Actor(french, "alice"), Actor(french, "bo")
    alice.says("Bonjour")
    bo.says("Bonjour")
    alice.writes("/rencontre ajouter le 3 mars à 14h, Intégration des nouveaux salariés, à Nantes")
    alice.writes("/rencontre ajouter le 14 avril à 14h, Fidélisation des salariés, à Nantes")
    french.passes(days=8)
    shelf = Shelf(french)
    shelf.tells("bo", "Trois sont venus.", meant="la journée d'accueil", meant_openly=True, helped="Le tutorat")
    shelf.shares("bo", "Une annonce décalée")
    shelf.tries("alice", 1, "Deux réponses", worked=True)
    alice.writes("/moi langue en")
    alice.writes("/recap depuis la dernière rencontre")
    alice.hears("This is the draft.", "1) Post")
    alice.writes("1")
    assert posted(french).split("\n\n") == [
        "Voici ce qui s'est passé depuis notre rencontre du mardi 3 mars.",
        "Ce qui a été essayé\nbo voulait essayer : la journée d'accueil\nbo : Trois sont venus.\nCe qui a aidé : Le tutorat",
        "Les nouvelles fiches\nFiche 1, par bo : Une annonce décalée\nPour en lire une en entier : /fiche 1",
        "Ce que d'autres en ont fait\nFiche 1 : Une annonce décalée\nCela a marché pour une personne.\nalice : Deux réponses",
        "Les prochaines dates\nRencontre 2, mardi 14 avril à 14 h, Nantes : Fidélisation des salariés",
        "En chiffres\nUne personne a répondu au bilan.\nUne personne a essayé quelque chose.\nUne nouvelle fiche.",
    ]
    assert (
        french.files["recap-2026-03-10.md"]
        .decode()
        .startswith("# Communauté de démonstration : récapitulatif du mardi 10 mars")
    )
