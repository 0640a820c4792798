"""/find: practices by words, and what can be done where none answers."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Actor, Bot

SNACK = "/share Visual planning: at snack time each child sees what comes next, with pictograms"


def test_a_number_opens_a_result(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    cy.writes("/find planing pictogram")
    cy.hears(
        "One practice on “planing pictogram”. Its number opens it.",
        "1) Visual planning (Monday 2 March)",
        "with « pictograms »",
        "2) None of these",
    )
    cy.writes("1")
    cy.hears("Practice 1: Visual planning", "1) I tried it", "3) Back to the results")
    cy.writes("3")
    cy.hears("One practice on “planing pictogram”.")


def test_results_say_how_many_tried_it(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    cy.writes("/practice 1")
    cy.writes("1")
    cy.writes("/skip")
    cy.writes("/find planning")
    cy.hears("1) Visual planning (Monday 2 March, tried by one person)")


def test_in_the_group_results_stay_open_and_anybody_may_have_tried_it(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.says(SNACK)
    bo.says("/share Singing: at snack time we sing")
    cy.says("/find snack time")
    results = bot.number()
    cy.says("1", to=results)
    assert "Practice 2: Singing" in bot.last()
    cy.says("2", to=results)
    assert "Practice 1: Visual planning" in bot.last()
    bot.line(f"dee^{bot.number()}: 1")
    assert "Noted under practice 1" in bot.last("@dee")


def test_nothing_found_asks_the_group_without_a_name(bot: Bot, bo: Actor) -> None:
    bo.writes("/find sleeping badly")
    bo.hears("Nothing in our practices on “sleeping badly”.", "1) Put the question to the group", "2) Tell me when")
    bo.writes("1")
    bo.hears("The group is asked, without your name.")
    asked = bot.last()
    assert asked.startswith("Somebody here is looking for experience with “sleeping badly”.")
    assert "bo" not in asked.replace("somebody", "").replace("Somebody", "").split()


def test_the_group_is_asked_the_same_thing_once_a_day(bot: Bot, bo: Actor, cy: Actor) -> None:
    for actor in (bo, cy):
        actor.writes("/find Sleeping badly")
        actor.writes("1")
    assert len(bot.said("group")) == 1
    cy.hears("The group was asked this today already.")


def test_who_wants_to_know_is_told_once_in_private(bot: Bot, bo: Actor, cy: Actor) -> None:
    cy.writes("/find troubles sleeping")
    cy.writes("2")
    cy.hears("Noted. I write to you once, in private, when somebody shares on “troubles sleeping”.")
    bo.says("/share Meals: we eat together")
    bot.passes(days=1)
    assert "You were looking for" not in bot.last("@cy")
    bo.says("/share Night: what we do when he has trouble to sleep")
    bot.passes(minutes=15)
    cy.hears("You were looking for “troubles sleeping”.", "Practice 2: Night", "1) I tried it")
    assert len([text for text in bot.said("group") if "looking for" in text[1]]) == 0
    bo.says("/share More: he sleeps without trouble since then")
    bot.passes(days=1)
    assert len([text for text in cy.heard() if "You were looking for" in text]) == 1


def test_who_wants_to_know_is_told_in_their_own_hours(bot: Bot, bo: Actor, cy: Actor) -> None:
    cy.writes("/me hours 18 to 20")
    cy.writes("/find sleep")
    cy.writes("2")
    bo.says("/share Night: sleep comes with music")
    bot.passes(hours=2)
    assert "You were looking for" not in bot.last("@cy")
    bot.passes(hours=8)
    cy.hears("You were looking for “sleep”.")


def test_a_practice_withdrawn_meanwhile_is_not_told(bot: Bot, bo: Actor, cy: Actor) -> None:
    cy.writes("/find sleep")
    cy.writes("2")
    bo.writes("/share Night: sleep comes with music")
    bo.writes("/withdraw 1")
    bo.writes("1")
    bot.passes(hours=1)
    assert "You were looking for" not in bot.last("@cy")
    bo.writes("/share Evening: sleep comes with a story")
    bot.passes(hours=1)
    cy.hears("You were looking for “sleep”.", "Practice 2: Evening")


def test_ones_own_practice_is_no_news(bot: Bot, bo: Actor) -> None:
    bo.writes("/find sleep")
    bo.writes("2")
    bo.writes("/share Night: sleep comes with music")
    bot.passes(days=1)
    assert not any("You were looking for" in text for text in bo.heard())


def test_none_of_these_leads_on(bot: Bot, bo: Actor) -> None:
    bo.says(SNACK)
    bo.writes("/find snack")
    bo.writes("2")
    bo.hears("What would help you?", "1) Put the question to the group")


def test_small_words_alone_ask_for_better_ones(bot: Bot, bo: Actor) -> None:
    bo.writes("/find the of and")
    bo.hears("Give me a word or two that matter.")


def test_synonyms_are_added_listed_used_and_taken_out(bot: Bot, bo: Actor) -> None:
    bo.writes("/synonym")
    bo.hears("No synonyms yet.")
    bo.writes("/synonym IME = institut médico-éducatif")
    bo.hears("searching for “IME” also finds “institut médico-éducatif”, and the other way round.")
    bo.writes("/share House: we opened the doors of our institut médico-éducatif")
    bo.writes("/find ime")
    bo.hears("1) House", "« institut médico-éducatif »")
    bo.writes("/synonym")
    bo.hears("IME = institut médico-éducatif")
    bo.writes("/synonym remove IME")
    bo.hears("Taken out:", "IME = institut médico-éducatif")
    bo.writes("/find ime")
    bo.hears("Nothing in our practices on “ime”.")


def test_a_synonym_needs_two_sides(bot: Bot, bo: Actor) -> None:
    for words in ("IME", "IME =", "= IME", "a = b = c", "the = IME", "x" * 90 + " = IME"):
        bo.writes(f"/synonym {words}")
        bo.hears("Write it like this: /synonym IME = institut médico-éducatif")
    bo.writes("/synonym remove nothing")
    bo.hears("“nothing” has no synonym here.")


def test_the_whole_in_french(french: Bot) -> None:
    bo, cy = Actor(french, "bo"), Actor(french, "cy")
    bo.says("/fiche Au goûter : les évènements imprévus et les repas difficiles se préparent avec des images")
    cy.writes("/cherche evenement repas difficil")
    cy.hears("Une fiche sur « evenement repas difficil ». Son numéro l'ouvre.", "1) Au goûter (lundi 2 mars)")
    cy.hears("les « évènements » imprévus et les « repas difficiles »")
    cy.writes("/cherche troubles du sommeil")
    cy.hears("Rien dans nos fiches sur « troubles du sommeil ».")
    cy.hears("1) Poser la question au groupe", "2) Me prévenir si quelqu'un partage sur ce sujet")
    cy.writes("2")
    bo.says("/fiche La nuit : ce que nous faisons des troubles de sommeil")
    french.passes(minutes=15)
    cy.hears("Vous cherchiez « troubles du sommeil ».", "Fiche 2 : La nuit")
    bo.says("/synonyme IME = institut médico-éducatif")
    assert "chercher « IME » trouve aussi « institut médico-éducatif »" in french.last()


def test_whatever_is_searched_for_gets_one_clear_answer(bot: Bot, bo: Actor) -> None:
    """300 hostile lines through the whole of copbot."""
    bo.says(SNACK)

    @settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=200))
    def searched(text: str) -> None:
        before = len(bo.heard())
        bo.writes("/find " + " ".join(text.split()))
        assert len(bo.heard()) == before + 1
        assert "Something went wrong" not in bo.heard()[-1]

    searched()
