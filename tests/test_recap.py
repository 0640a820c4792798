"""What is in a recap, in French and in English, and what must not be: nothing that was not for the group."""

import re

import pytest

from tests.conftest import Actor, Bot
from tests.telling import Shelf, drafted, posted

pytestmark = pytest.mark.conversation


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


@pytest.mark.parametrize("count", [2, 3])
def test_a_real_check_in_without_names_is_told_from_three_on(met: Bot, alice: Actor, bo: Actor, cy: Actor, count: int) -> None:
    alice.writes("/checkin open")
    for actor in (bo, cy, alice)[:count]:
        for answer in ("1", f"words of {actor.name[0]}.", "/skip", "/skip", "/skip", "2"):
            actor.writes(answer)
    met.passes(days=8)
    start = len(alice.heard())
    alice.writes("/recap")
    assert drafted(alice, start).count("Somebody: words of") == (3 if count == 3 else 0)
    assert f"{count} people answered the check-in." in drafted(alice, start)


def test_the_order_of_stories_without_a_name_does_not_tell_who_answered_first(bot: Bot, alice: Actor, cy: Actor) -> None:
    words = {"bo": "zebra", "cy": "apple", "alice": "melon"}
    told = []
    for order in (("bo", "cy", "alice"), ("alice", "cy", "bo")):
        for name in order:
            Shelf(bot).tells(name, words[name], audience="nameless")
            bot.passes(hours=1)
        start = len(alice.heard())
        alice.writes("/recap 1 day")
        told.append(re.findall("zebra|apple|melon", drafted(alice, start)))
        bot.passes(days=3)
    assert sorted(told[0]) == ["apple", "melon", "zebra"]
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


def test_it_says_that_answers_to_an_open_check_in_come_later(met: Bot, alice: Actor, bo: Actor) -> None:
    alice.writes("/checkin open")
    alice.writes("/recap")
    alice.hears("The check-in is open until", "there is nothing to tell yet")


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
    file = french.files["recap-2026-03-10.md"].decode().replace("\u00a0", " ")
    assert file.startswith("# Communauté de démonstration : récapitulatif du mardi 10 mars\n\nVoici ce qui s'est passé depuis")
