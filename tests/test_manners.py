"""What people say instead of numbers and commands: yes, no, thanks, later, I do not know, a slip of the finger."""

import pytest

from copbot.core import commands, manners
from tests.conftest import Actor, Bot

TRIED = [("tried", "Oui, j'ai essayé quelque chose"), ("not_yet", "Pas encore"), ("pass", "Passer cette fois")]
WHO = [("me", "Moi"), ("team", "Mon équipe ou ma structure"), ("network", "Le réseau"), ("early", "Trop tôt pour le dire")]
OFFER = [("practice", "Yes, make it a practice"), ("no", "Not now")]
CONFIRM = [("ok", "C'est bon"), ("change", "Changer")]
NUDGE = [("now", "Answer now"), ("pass", "Skip this time"), ("pause", "Pause for a month")]
CONSENT = [("all", "D'accord pour tout"), ("choose", "Je choisis"), ("none", "Pas maintenant")]
HOURS = [("9", "9:00"), ("14", "14:00")]


@pytest.mark.parametrize(
    ("words", "choices", "key"),
    [
        ("oui", TRIED, "tried"),
        ("Oui !", TRIED, "tried"),
        ("non", TRIED, "not_yet"),
        ("non merci", TRIED, "pass"),
        ("non pas encore", TRIED, "not_yet"),
        ("pas enocre", TRIED, "not_yet"),
        ("le 2", TRIED, "not_yet"),
        ("2 merci", TRIED, "not_yet"),
        ("2️⃣", TRIED, "not_yet"),
        ("la deuxième", TRIED, "not_yet"),
        ("mon equpe", WHO, "team"),
        ("yes please", OFFER, "practice"),
        ("no thanks", OFFER, "no"),
        ("later", OFFER, "no"),
        ("ok merci", CONFIRM, "ok"),
        ("non", CONFIRM, "change"),
        ("yes", NUDGE, "now"),
        ("ok", CONSENT, "all"),
        ("non", CONSENT, "none"),
    ],
)
def test_people_are_understood_in_their_own_words(words: str, choices: list[tuple[str, str]], key: str) -> None:
    index = manners.choice(words, choices)
    assert index is not None
    assert choices[index][0] == key


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ("oui", WHO),
        ("1 et 2", WHO),
        ("7", WHO),
        ("ma mère", WHO),
        ("oui", [("keep", "Ne rien changer"), ("choose", "Je choisis"), ("all", "D'accord pour tout")]),
        (
            "oui",
            [
                ("keep", "Non, tout garder"),
                ("stay", "M'effacer, et laisser cela sans mon nom"),
                ("all", "M'effacer, et cela aussi"),
            ],
        ),
        ("yes", [("named", "Yes, with my name"), ("unnamed", "Yes, without my name"), ("no", "No, leave it")]),
        ("9.30", HOURS),
        ("", TRIED),
        ("later", TRIED),
    ],
)
def test_what_could_mean_several_things_is_not_guessed(words: str, choices: list[tuple[str, str]]) -> None:
    assert manners.choice(words, choices) is None


def test_later_leaves_a_question_open(french: Bot) -> None:
    for line in ("alice: bonjour", "bo: bonjour", "alice: /bilan ouvrir", "bo@bot: oui", "bo@bot: plus tard"):
        french.line(line)
    assert french.last("@bo") == "D'accord. La question reste ouverte : répondez quand vous voulez."
    french.line("bo@bot: des images au goûter")
    assert french.keeps("SELECT happened FROM checkins WHERE happened != ''") == [("des images au goûter",)]


def test_who_does_not_know_passes_the_question_and_is_not_quoted(bot: Bot, bo: Actor) -> None:
    bot.line("alice: /checkin open")
    for words in ("yes", "I don't know", "no idea", "I don't know", "bigger pictures"):
        bo.writes(words)
    bo.hears("Who may read what you wrote?")
    assert bot.keeps("SELECT happened, helped, intention FROM checkins WHERE outcome = 'tried'") == [
        ("", "", "bigger pictures")
    ]


def test_a_hint_shows_the_question_and_its_answers_again(bot: Bot, bo: Actor) -> None:
    bot.line("alice: /checkin open")
    for words in ("1", "pictures", "drawing them", "everybody at home"):
        bo.writes(words)
    bo.hears("Please answer with a number from 1 to 4", "Who has felt a difference?", "1) Me")
    bo.writes("1")
    bo.hears("What would you like to try")


def test_thanks_and_goodbyes_are_answered_in_kind(bot: Bot, bo: Actor) -> None:
    bo.writes("Thanks!")
    bo.hears("You are welcome.")
    bo.writes("bye")
    bo.hears("See you soon.")


@pytest.mark.parametrize(
    ("words", "answer"), [("help", "/checkin"), ("Pause.", "I do not write to you"), ("hello", "I am copbot")]
)
def test_a_command_is_understood_without_its_slash(bot: Bot, bo: Actor, words: str, answer: str) -> None:
    bo.writes(words)
    bo.hears(answer)


def test_a_bare_word_in_the_middle_of_a_story_is_part_of_the_story(bot: Bot, bo: Actor) -> None:
    bo.writes("/share")
    bo.writes("Pause")
    bo.hears("In what situation was it?")


def test_nothing_in_the_group_is_a_command_without_its_slash(bot: Bot, bo: Actor) -> None:
    bo.says("pause")
    bo.says("help")
    assert bot.said("group") == []


def test_passing_when_nothing_is_asked_says_so(bot: Bot, bo: Actor) -> None:
    bo.writes("/skip")
    bo.hears("No question is waiting for you.")
    bo.writes("stop")
    bo.hears("Nothing is under way.", "/pause", "/forget")


@pytest.mark.parametrize("words", ["/bilan statut", "/bilan avancement", "/checkin state", "/bilan état svp"])
def test_other_names_of_a_command_are_understood(bot: Bot, alice: Actor, words: str) -> None:
    alice.says(words)
    alice.hears("No check-in is open.")


def test_a_slip_in_the_second_word_is_pointed_out(bot: Bot, alice: Actor) -> None:
    alice.says("/bilan ouvir")
    assert bot.last() == "I did not quite get that. Did you mean /bilan ouvrir?"


def test_further_names_are_never_shown_and_never_hide_a_name() -> None:
    assert set(commands.ALSO).isdisjoint(commands.COMMANDS)
    assert commands.suggestions("/menuu") == []
