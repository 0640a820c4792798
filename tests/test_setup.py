"""Setting up, and consent: what is asked, what may be skipped, and what follows from the answers."""

import pytest
import sqlalchemy as sa

from copbot.core.house import House
from copbot.vocabulary import Joined, Person, Place, Said
from tests.conftest import Actor, Bot


@pytest.fixture
def asking(database: sa.Engine) -> Bot:
    """copbot that asks newcomers for their consent."""
    return Bot(database, ask_consent=True)


# Setting up


@pytest.fixture
def host(bot: Bot) -> Actor:
    """Somebody who has just brought copbot into an allowed group of theirs, which they administer."""
    bot.rehearsal.house = House(ask_consent=False, strict=True, language="en", allow=frozenset({"console:group2"}))
    bot.rehearsal.console.facilitators.add("dan")
    bot.rehearsal.console._present.add("dan")  # in a group of their own, not in the demonstration's
    place = Place("console", "group2", "group")
    bot.rehearsal.happens(Joined("j", place, Person("console", "dan", "dan"), me=True, title="HR people"))
    return Actor(bot, "dan")


def _is_new(bot: Bot) -> dict[str, object]:
    ((name, language, zone, settings),) = bot.keeps("select name, language, zone, settings from communities where id = 2")
    return {"name": name, "language": language, "zone": zone, "settings": settings}


def test_the_one_who_brings_copbot_is_asked_five_questions(bot: Bot, host: Actor) -> None:
    host.hears("five short questions", "For now I say: HR people")
    host.writes("RH Pays de la Loire")
    host.hears("In which language", "1) Français", "2) English")
    host.writes("2")
    host.hears("In which time zone", "1) Paris time")
    host.writes("Montreal")
    host.hears("How long after?")
    host.writes("1")
    host.hears("When is the next meeting")
    host.writes("14 April 14:00, Retention of staff")
    text = host.hears("All is set for RH Pays de la Loire", "a week after each meeting", "Retention of staff")
    assert len(text.splitlines()) <= 8
    assert "Hello everybody. I am copbot, the companion of RH Pays de la Loire." in bot.last("group")
    assert _is_new(bot)["zone"] == "America/Montreal"
    assert bot.keeps("select starts_at, theme from meetings") == [("2026-04-14 18:00:00.000000", "Retention of staff")]
    assert bot.keeps("select count(*) from schedules where kind = 'checkins.open'") == [(1,)]


def test_every_question_can_be_skipped_and_the_defaults_are_good(bot: Bot, host: Actor) -> None:
    for _question in range(5):
        host.writes("/skip")
    host.hears("All is set for HR people", "2 weeks after each meeting", "No meeting is planned yet: /meeting add")
    assert _is_new(bot)["language"] == "en"
    assert bot.keeps("select count(*) from meetings") == [(0,)]


def test_an_interrupted_setup_keeps_what_was_answered(bot: Bot, host: Actor) -> None:
    host.writes("RH Pays de la Loire")
    host.writes("/stop")
    assert _is_new(bot)["name"] == "RH Pays de la Loire"


def test_going_back_changes_the_answer_and_adds_nothing_twice(bot: Bot, host: Actor) -> None:
    host.writes("One")
    host.writes("/back")
    host.writes("Two")
    for _question in range(3):
        host.writes("/skip")
    host.writes("14 April 14:00")
    host.writes("/setup")
    for _question in range(4):
        host.writes("/skip")
    host.hears("The next meeting I know of: Meeting 1, Tuesday 14 April at 14:00", "When is the meeting after that?")
    host.writes("14 April 14:00")
    assert _is_new(bot)["name"] == "Two"
    assert bot.keeps("select count(*) from meetings") == [(1,)]
    assert len([text for _number, text in bot.said("group") if "Hello everybody" in text]) == 1


@pytest.mark.parametrize(
    ("skips", "answer", "sentence"),
    [
        (0, "x" * 81, "80 characters at most"),
        (2, "Atlantis", "I do not know this city"),
        (4, "when pigs fly", "I did not understand the date"),
        (4, "14 April 2020", "This date is over"),
    ],
)
def test_what_is_not_understood_gets_an_example_and_the_question_stays(
    bot: Bot, host: Actor, skips: int, answer: str, sentence: str
) -> None:
    for _question in range(skips):
        host.writes("/skip")
    host.writes(answer)
    host.hears(sentence)
    for _question in range(5 - skips):
        host.writes("/skip")
    host.hears("All is set for HR people")


def test_whoever_brought_copbot_but_is_no_administrator_sets_nothing(bot: Bot, host: Actor) -> None:
    bot.rehearsal.console.facilitators.discard("dan")
    host.writes("Mine")
    host.hears("Only an administrator of the group can set me up")
    assert _is_new(bot)["name"] == "HR people"


def test_the_community_keeps_its_hours_when_it_changes_zone(bot: Bot, alice: Actor) -> None:
    alice.writes("/setup")
    alice.writes("/skip")
    alice.writes("/skip")
    alice.writes("La Réunion")
    alice.hears("How long after?")
    zones = bot.keeps("select distinct zone from schedules where rule != ''")
    assert zones == [("Indian/Reunion",)]
    ((due,),) = bot.keeps("select next_at from schedules where kind = 'retention.purge'")
    assert str(due).startswith("2026-03-02 23:30")


def test_setting_up_speaks_french(french: Bot) -> None:
    alice = Actor(french, "alice")
    alice.says("/installer")
    alice.hears("cinq questions courtes")
    for answer in ("RH", "1", "passer", "2", "mardi 14 avril à 14h, Fidélisation"):
        alice.writes(answer)
    alice.hears("Tout est réglé pour RH", "2 semaines après chaque rencontre", "mardi 14 avril à 14 h")
    assert "Bonjour à toutes et à tous. Je suis copbot et j'accompagne le groupe « RH »." in french.last("group")


# Consent


def test_newcomers_are_asked_once_and_told_where_to_read_more(asking: Bot) -> None:
    alice, bo = Actor(asking, "alice"), Actor(asking, "bo")
    alice.says("Hello")
    bo.says("Hello")
    text = bo.hears("Hello bo. I am copbot", "Check-ins:", "Practices:", "Reminders:", "/privacy", "1) I agree to all")
    assert len(text.splitlines()) <= 8
    bo.writes("1")
    bo.hears("You agreed to: check-ins, practices and reminders.")
    bo.says("Hello again")
    assert len(bo.heard()) == 2
    assert asking.keeps("select consents, charter from members m join accounts a on a.id = account_id where a.name = 'bo'") == [
        ('["checkins","practices","reminders"]', 1)
    ]


def test_not_now_is_an_answer_and_is_respected(asking: Bot) -> None:
    bo = Actor(asking, "bo")
    bo.says("Hello")
    bo.writes("3")
    bo.hears("Then I do nothing for you, and that is fine.")
    asking.passes(days=60)
    assert len(bo.heard()) == 2


def test_each_purpose_can_be_chosen_and_nothing_holds_before_the_last_answer(asking: Bot) -> None:
    bo = Actor(asking, "bo")
    bo.says("Hello")
    bo.writes("2")
    bo.writes("yes")
    assert asking.keeps("select consents from members") == [("[]",)]
    bo.writes("no")
    bo.writes("/skip")
    bo.hears("You agreed to: check-ins.")
    assert asking.keeps("select consents from members") == [('["checkins"]',)]


def test_going_back_over_the_purposes_counts_each_once(asking: Bot) -> None:
    bo = Actor(asking, "bo")
    bo.says("Hello")
    for answer in ("2", "yes", "yes", "/back", "no", "yes"):
        bo.writes(answer)
    bo.hears("You agreed to: check-ins and reminders.")


def test_a_command_that_needs_an_agreement_asks_and_is_then_carried_out(asking: Bot) -> None:
    bo = Actor(asking, "bo")
    bo.says("Hello")
    bo.writes("3")
    bo.writes("/checkin")
    bo.hears("For this I need your agreement.", "Check-ins:", "1) Yes")
    bo.writes("1")
    assert asking.keeps("select consents from members") == [('["checkins"]',)]
    assert "agreement" not in bo.hears("")
    assert asking.keeps("select count(*) from checkins") == [(1,)]


def test_refusing_keeps_nothing_of_the_command(asking: Bot) -> None:
    bo = Actor(asking, "bo")
    bo.says("Hello")
    bo.writes("3")
    bo.writes("/remind tomorrow 9:00 flummoxatron")
    bo.hears("For this I need your agreement.", "Reminders:")
    bo.writes("no")
    bo.hears("Nothing was done, and nothing of it was kept.")
    assert "flummoxatron" not in str(asking.keeps("select * from questions"))


def test_the_agreement_holds_even_if_the_command_cannot_be_carried_out(asking: Bot) -> None:
    bo = Actor(asking, "bo")
    bo.says("Hello")
    bo.writes("3")
    bo.writes("/remind")
    bo.writes("yes")
    assert asking.keeps("select consents from members") == [('["reminders"]',)]
    assert "For example" in bo.hears("")


def test_consent_is_taken_back_in_one_command_and_told_what_follows(bot: Bot, bo: Actor) -> None:
    bo.says("/consent off")
    text = bo.hears(
        "For now you have agreed to nothing.",
        "I no longer ask you what you tried",
        "I keep nothing new that you share",
        "I send you no reminders",
        "/forget erases it",
    )
    assert len(text.splitlines()) <= 8
    assert bot.keeps("select consents from members m join accounts a on a.id = account_id where a.name = 'bo'") == [("[]",)]


def test_taking_it_back_closes_the_questions_it_was_for(bot: Bot, bo: Actor) -> None:
    bo.writes("/checkin")
    bo.writes("/consent off")
    assert bot.keeps("select count(*) from questions where not closed and step like 'checkins.%'") == [(0,)]


def test_consent_can_be_looked_at_without_changing_it(bot: Bot, bo: Actor) -> None:
    bo.writes("/consent")
    bo.hears("You agreed to: check-ins, practices and reminders.", "You said so on Monday 2 March", "4) Nothing any more")
    bo.writes("/skip")
    bo.hears("nothing changes")
    assert bot.keeps("select distinct consents from members") == [('["checkins","practices","reminders"]',)]


def test_consent_is_taken_back_in_french(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Bonjour")
    bo.writes("/consentement non")
    bo.hears("Pour l'instant, vous n'avez donné votre accord à rien.", "/oublier l'efface")


def test_the_charter_is_shown_in_the_readers_language(bot: Bot, bo: Actor) -> None:
    bo.writes("/charter")
    bo.hears("We share experience, not lessons")
    bo.writes("/me language fr")
    bo.writes("/charte")
    bo.hears("Nous partageons des expériences")


# Privacy in plain words


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("easy", [False, True])
def test_privacy_is_a_short_screen_with_more_on_request(bot: Bot, bo: Actor, language: str, easy: bool) -> None:
    bot.rehearsal.house = House(strict=True, controller="Uriopss", contact="dpo@example.org")
    bo.writes(f"/me language {language}")
    bo.writes(f"/me easy {'on' if easy else 'off'}")
    bo.writes("/privacy")
    bo.hears("Uriopss", "dpo@example.org", "1) ", "3) ")
    for number in ("1", "1", "2"):
        bo.writes(number)
    for text in bo.heard():
        assert len(text.splitlines()) <= 8, text
        assert "{" not in text


def test_privacy_without_a_controller_says_whom_to_ask(bo: Actor) -> None:
    bo.writes("/privacy")
    bo.hears("Who is responsible for your data? Ask your facilitators.")


def test_privacy_names_the_durations_that_are_really_used(bot: Bot, bo: Actor) -> None:
    bot.rehearsal.house = House(strict=True, keep_days={"checkins": 60, "members": 21, "questions": 1})
    bo.writes("/privacy")
    bo.writes("1")
    bo.hears("Your check-ins: 2 months", "goes after 3 weeks", "on the way: a day")


def test_a_stranger_is_told_where_to_begin_and_not_remembered(bot: Bot, bo: Actor) -> None:
    bot.rehearsal.happens(Said("e", Place("console", "zoe", "private"), Person("console", "zoe", "zoe"), "m", "/mydata"))
    assert bot.keeps("select count(*) from accounts where user = 'zoe'") == [(0,)]
