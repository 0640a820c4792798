"""Check-ins as a member lives them: being asked, answering in any order and at any time, changing one's mind."""

import pytest

from tests.conftest import Actor, Bot

pytestmark = pytest.mark.conversation


def answer(member: Actor, *answers: str) -> None:
    for one in answers:
        member.writes(one)


TRIED = ("1", "They calmed down at once", "Photos of each moment", "2", "A visual timetable at snack time", "1", "2")


def a_round_with_an_intention(bot: Bot, alice: Actor, bo: Actor) -> None:
    """bo answers a first round and says what comes next; then it closes."""
    alice.says("/checkin open")
    answer(bo, *TRIED)
    bot.passes(days=8)


def test_each_member_is_asked_in_private(bot: Bot, alice: Actor, bo: Actor, cy: Actor) -> None:
    alice.says("/checkin open")
    assert "The check-in is open until Monday 9 March at 18:00." in bot.last("group")
    for member in (alice, bo, cy):
        member.hears("Since last time, have you tried something", "1) Yes, I tried something", "3) Skip this time")


def test_a_remembered_intention_comes_first_with_its_date(bot: Bot, alice: Actor, bo: Actor) -> None:
    a_round_with_an_intention(bot, alice, bo)
    alice.says("/checkin open What changed at mealtimes?")
    bo.hears(
        "On Monday 2 March you meant to try: A visual timetable at snack time\nWhere are you with it?\n"
        "1) I tried it\n2) Not yet\n3) I dropped it\n4) Skip this time"
    )


def test_tried_asks_what_happened_what_helped_and_who_felt_it(bot: Bot, alice: Actor, bo: Actor) -> None:
    a_round_with_an_intention(bot, alice, bo)
    alice.says("/checkin open")
    bo.writes("1")
    bo.hears("What happened")
    bo.writes("The children asked for it themselves")
    bo.hears("What helped?")
    bo.writes("Starting small")
    bo.hears("1) Me\n2) My team or organisation\n3) The network\n4) Too early to say")
    bo.writes("the network")
    bo.hears("What would you like to try until next time?", "1) The same again")
    bo.writes("A quiet corner")
    bo.hears(
        "Who may read what you wrote?", "1) The group, with my name\n2) The group, without my name\n3) Only the facilitators"
    )
    bo.writes("1")
    bo.hears("The group will read it in the digest, with your name.", "make it a practice")


def test_not_yet_asks_what_stood_in_the_way(bot: Bot, alice: Actor, bo: Actor) -> None:
    a_round_with_an_intention(bot, alice, bo)
    alice.says("/checkin open")
    bo.writes("not yet")
    bo.hears("What stood in the way", "1) Time\n2) Means\n3) It was not the priority\n4) I did not know", "5) Something else")
    bo.writes("5")
    bo.hears("What was it, in a few words?")
    bo.writes("The new building")
    bo.writes("1")
    assert bot.keeps("select outcome, obstacle, hindered, intention from checkins where round_id = 2 and outcome <> ''") == [
        ("not_yet", "other", "The new building", "A visual timetable at snack time")
    ]


def test_dropped_goes_straight_to_what_comes_next(bot: Bot, alice: Actor, bo: Actor) -> None:
    a_round_with_an_intention(bot, alice, bo)
    alice.says("/checkin open")
    bo.writes("3")
    bo.hears("Noted, thank you.\nWhat would you like to try until next time?")
    assert "The same again" not in bo.hears()


def test_what_was_dropped_is_not_asked_about_again(bot: Bot, alice: Actor, bo: Actor) -> None:
    a_round_with_an_intention(bot, alice, bo)
    alice.says("/checkin open")
    answer(bo, "3", "nothing")
    bo.hears("Your answer is only counted.")
    bot.passes(days=8)
    alice.says("/checkin open")
    bo.hears("Since last time, have you tried something")


def test_what_was_not_tried_yet_is_asked_about_again(bot: Bot, alice: Actor, bo: Actor) -> None:
    a_round_with_an_intention(bot, alice, bo)
    alice.says("/checkin open")
    answer(bo, "2", "1", "/skip", "/skip")
    bot.passes(days=8)
    alice.says("/checkin open")
    bo.hears("On Monday 2 March you meant to try: A visual timetable at snack time")


def test_own_words_at_the_first_question_are_kept(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bo.writes("We moved the tables and it is calmer")
    bo.hears("I keep your words", "1) Yes, I tried something\n2) Not yet")
    bo.writes("1")
    bo.hears("What helped?")
    assert bot.keeps("select happened from checkins where outcome = 'tried'") == [("We moved the tables and it is calmer",)]


def test_own_words_about_what_stood_in_the_way_are_kept(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, "Two colleagues were ill", "2", "5")
    bo.hears("What would you like to try")
    assert bot.keeps("select outcome, hindered from checkins where outcome <> ''") == [("not_yet", "Two colleagues were ill")]


def test_words_said_first_and_words_said_then_are_both_kept(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, "Two colleagues were ill", "2", "And it rained", "/skip", "1", "/checkin")
    bo.hears("What stood in the way: Two colleagues were ill; And it rained")


def test_the_question_of_a_round_is_asked(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open What changed at mealtimes?")
    bo.hears("What changed at mealtimes?\n1) Skip this time")
    bo.writes("Fewer plates on the floor")
    bo.hears("What would you like to try until next time?")


def test_the_question_of_a_round_comes_after_the_intention(bot: Bot, alice: Actor, bo: Actor) -> None:
    a_round_with_an_intention(bot, alice, bo)
    alice.says("/checkin open What changed at mealtimes?")
    answer(bo, "1", "Well", "/skip", "1")
    bo.hears("What changed at mealtimes?")
    answer(bo, "Fewer plates on the floor", "/skip", "1")
    bo.hears("it is noted")


def test_going_back_and_answering_again_keeps_the_last_answer(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, "1", "It went badly", "/back", "It went badly at first", "Patience", "/back", "/back", "/back", "2", "1")
    bo.hears("What would you like to try until next time?")
    answer(bo, "Again in May", "1")
    assert bot.keeps("select outcome, happened, helped, obstacle from checkins where answered_at is not null") == [
        ("not_yet", "", "", "time")
    ]


def test_every_question_can_be_skipped(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, "1", "/skip", "/skip", "/skip", "/skip")
    bo.hears("Your answer is only counted.")


def test_words_that_nobody_was_named_for_are_read_by_nobody(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, "1", "A secret of mine", "/skip", "/skip", "/skip", "/skip")
    bo.hears("Nobody reads your words")
    alice.says("/checkin close")
    assert not any("secret" in text for _number, text in [*bot.said("group"), *bot.said("@alice")])


def test_an_interrupted_check_in_goes_on_where_it_stopped(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, "1", "It went well", "/stop")
    bot.passes(days=1)
    bo.writes("/checkin")
    bo.hears("What helped?")
    bo.writes("Photos")
    bo.hears("Who has felt a difference?")


def test_another_command_in_between_loses_nothing(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, "1", "/me", "It went well")
    bo.hears("What helped?")


def test_answers_can_be_changed_until_the_round_closes(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, *TRIED)
    bo.writes("/checkin")
    bo.hears("Here is your check-in.", "What happened: They calmed down at once", "Who may read it: The group, with my name")
    answer(bo, "1", "1", "They calmed down after a while", "/skip", "/skip")
    bo.hears("What happened: They calmed down after a while", "What helped: Photos of each moment")
    answer(bo, "2", "A quiet corner")
    bo.hears("Until next time: A quiet corner")
    answer(bo, "3", "3")
    bo.hears("Who may read it: Only the facilitators, with my name")
    alice.says("/checkin close")
    assert not any("They calmed down" in text for _number, text in bot.said("group"))
    assert any("bo: They calmed down after a while" in text for text in alice.heard())


def test_answers_can_be_taken_back(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, *TRIED, "/checkin", "4")
    bo.hears("Erased.")
    assert bot.keeps("select happened, intention from checkins where happened <> ''") == []
    said = len(bo.heard())
    bot.passes(days=6)
    assert len(bo.heard()) == said


def test_a_closed_check_in_does_not_change(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, *TRIED, "/checkin")
    alice.says("/checkin close")
    bo.writes("2")
    bo.hears("The digest of that check-in is out")
    assert bot.keeps("select intention from checkins") == [("A visual timetable at snack time",)]


def test_a_late_answer_is_kept_for_the_next_digest(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bot.passes(days=8)
    answer(bo, "/checkin", *TRIED[:-1])
    bo.hears("The digest is out already: this will be in the next one.")
    bo.writes("2")
    alice.says("/checkin open")
    bo.hears("you meant to try: A visual timetable at snack time")
    answer(bo, "2", "1", "/skip", "/skip")
    alice.says("/checkin close")
    texts = "\n".join(text for _number, text in bot.said("group"))
    assert texts.count("bo: They calmed down at once") == 1


def test_a_late_answer_to_the_invitation_itself_is_kept_too(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    asked = bot.number("@bo")
    bot.passes(days=8)
    bo.writes("1", to=asked)
    bo.hears("What happened")
    answer(bo, *TRIED[1:-1])
    bo.hears("this will be in the next one")


def test_an_early_answer_counts_for_the_round_that_follows(bot: Bot, alice: Actor, bo: Actor) -> None:
    answer(bo, "/checkin", *TRIED[:-1])
    bo.hears("It will be in the next digest.")
    bo.writes("2")
    said = len(bo.heard())
    bot.passes(days=3)
    alice.says("/checkin open")
    assert len(bo.heard()) == said
    alice.says("/checkin close")
    assert any("bo: They calmed down at once" in text for _number, text in bot.said("group"))


def test_a_check_in_begun_in_the_group_goes_on_in_private(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.says("/checkin")
    assert "I wrote to you there" in bot.last("group")
    bo.hears("have you tried something")


def test_who_passes_is_left_in_peace(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bo.writes("3")
    bo.hears("All right, not this time.")
    said = len(bo.heard())
    bot.passes(days=8)
    assert len(bo.heard()) == said


def test_numbers_are_no_story(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, "1", "7")
    bo.hears("In words, please")
    bo.writes("It went well")
    bo.hears("What helped?")


def test_a_very_long_story_is_turned_down_with_its_reason(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, "1", "and then " * 200)
    bo.hears("this has 1799 characters, and 1000 fit")


def test_without_consent_nobody_is_asked_and_nothing_is_kept(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    bo.writes("1")
    withdraw(bot, "bo")
    bo.writes("It went well")
    bo.hears("You asked me not to keep check-ins")
    assert bot.keeps("select happened from checkins where happened <> ''") == []
    alice.says("/checkin close")
    alice.says("/checkin open")
    assert "have you tried" not in bo.hears()


def withdraw(bot: Bot, name: str) -> None:
    """Take the consent back, as /privacy does."""
    with bot.database.begin() as connection:
        connection.exec_driver_sql(
            f"update members set consents = '[]' where account_id = (select id from accounts where name = '{name}')"
        )


def test_easy_questions_for_those_who_asked_for_them(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.writes("/me easy on")
    alice.says("/checkin open")
    bo.hears("Did you try something new?")


def test_each_member_is_asked_in_their_own_language(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.writes("/moi langue fr")
    alice.says("/checkin open")
    bo.hears("Depuis la dernière fois, avez-vous essayé quelque chose, même de petit ?", "2) Pas encore")
    bo.writes("pas encore")
    bo.hears("C'est noté, merci.", "Qu'est-ce qui a manqué, surtout ?", "1) Du temps\n2) Des moyens")


def test_a_check_in_in_french(french: Bot) -> None:
    alice, bo = Actor(french, "alice"), Actor(french, "bo")
    alice.says("Bonjour")
    bo.says("Bonjour")
    alice.says("/bilan ouvrir")
    assert "Le bilan est ouvert jusqu'au lundi 9 mars à 18 h." in french.last("group")
    answer(bo, "1", "Le calme est revenu", "Des images", "2", "Le planning visuel au goûter", "1", "2")
    french.passes(days=8)
    alice.says("/bilan ouvrir")
    bo.hears(
        "Le lundi 2 mars, vous vouliez essayer : Le planning visuel au goûter\nOù en êtes-vous ?\n"
        "1) Je l'ai essayé\n2) Pas encore\n3) J'y ai renoncé\n4) Passer cette fois"
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_message_of_a_check_in_is_longer_than_a_phone(bot: Bot, alice: Actor, bo: Actor, language: str) -> None:
    bo.writes(f"/me language {language}")
    a_round_with_an_intention(bot, alice, bo)
    alice.says("/checkin open What changed at mealtimes?")
    answer(bo, *TRIED[:-3], "Fewer plates", "A quiet corner", "1", "2")
    assert max(text.count("\n") + 1 for text in bo.heard()) <= 8


def test_a_story_becomes_a_practice_in_one_step(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    answer(bo, *TRIED[:-1], "1")
    assert "Something went wrong" not in bo.hears()
    assert "practices." in str(bot.keeps("select step from questions where closed = false order by id desc limit 1"))
