"""Rounds of check-ins as facilitators and the group live them: opening, rhythm, figures, the digest at the end."""

import pytest
import sqlalchemy as sa

from tests.conftest import Actor, Bot

NAMES = ("bo", "cy", "dee", "eli", "fay")
NAMED, NAMELESS, CONFIDED = "1", "2", "3"


@pytest.fixture
def people(bot: Bot, alice: Actor) -> dict[str, Actor]:
    """Five members besides the facilitator."""
    found = {name: Actor(bot, name) for name in NAMES}
    for member in found.values():
        member.says("Hello")
    return found


def tells(member: Actor, story: str, audience: str) -> None:
    """Answer a first check-in with a story."""
    for answer in ("1", story, "/skip", "1", "/skip", audience, "2"):
        member.writes(answer)


def group(bot: Bot) -> str:
    return "\n\n".join(text.replace("\u00a0", " ") for _number, text in bot.said("group"))


def test_only_facilitators_open_a_round(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.says("/checkin open")
    assert "Only facilitators" in bot.last("group")
    assert bot.keeps("select id from checkin_rounds") == []


def test_one_round_at_a_time(bot: Bot, alice: Actor) -> None:
    alice.says("/checkin open")
    alice.says("/checkin open")
    assert "A check-in is open already, until Monday 9 March at 18:00." in bot.last("group")
    assert len(bot.keeps("select id from checkin_rounds")) == 1


def test_members_are_asked_in_their_own_hours(bot: Bot, alice: Actor, bo: Actor) -> None:
    bo.writes("/me hours 17 to 20")
    alice.says("/checkin open")
    assert "check-in is open" not in bo.hears()
    bot.passes(hours=7, minutes=59)
    assert "check-in is open" not in bo.hears()
    bot.passes(minutes=1)
    bo.hears("Our check-in is open until Monday 9 March at 18:00.")


def test_a_round_that_opens_by_itself_at_night_waits_for_the_morning(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin every monday 6:00")
    bot.passes(days=6, hours=22)
    assert bo.heard() == []
    bot.passes(hours=1)
    bo.hears("Our check-in is open")


def test_figures_are_for_facilitators_in_private(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    tells(people["bo"], "It went well", NAMED)
    alice.says("/checkin status")
    assert "Of the 6 people asked so far, 1 answered." in alice.hears()
    assert not any(name in alice.hears() for name in NAMES)
    assert "answered" not in group(bot)
    people["cy"].writes("/checkin status")
    people["cy"].hears("Only facilitators")


def test_closing_early_brings_the_digest_at_once_and_only_once(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    tells(people["bo"], "It went well", NAMED)
    alice.says("/checkin close")
    assert "bo: It went well" in group(bot)
    bot.passes(days=10)
    assert group(bot).count("It went well") == 1


def test_a_round_closes_by_itself(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    tells(people["bo"], "It went well", NAMED)
    bot.passes(days=7, hours=8, minutes=59)
    assert "It went well" not in group(bot)
    bot.passes(minutes=1)
    assert "bo: It went well" in group(bot)


def test_the_digest_tells_stories_first_then_counts(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    tells(people["bo"], "We moved the tables", NAMED)
    tells(people["cy"], "We rang a bell", NAMED)
    for answer in ("2", "1", "/skip"):
        people["dee"].writes(answer)
    alice.says("/checkin close")
    text = group(bot)
    assert "Our check-in is over: 3 people answered.\n2 people tried something.\nHere are their words." in text
    assert text.index("We moved the tables") < text.index("In figures: tried 2, not yet 1, dropped 0.")
    assert text.index("We rang a bell") < text.index("In figures")


def test_the_digest_follows_the_meeting(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/meeting add 3 March 14:00, Welcoming newcomers")
    bot.passes(days=2)
    alice.says("/checkin open")
    tells(people["bo"], "We moved the tables", NAMED)
    alice.says("/checkin close")
    assert "Since our last meeting 1 person answered." in group(bot)


@pytest.mark.parametrize("number", [1, 2])
def test_fewer_than_three_nameless_answers_are_counted_and_not_shown(
    bot: Bot, alice: Actor, people: dict[str, Actor], number: int
) -> None:
    alice.says("/checkin open")
    for name in NAMES[:number]:
        tells(people[name], f"The secret of {name}", NAMELESS)
    alice.says("/checkin close")
    assert "secret" not in group(bot)
    assert ("1 person answered" if number == 1 else "2 people answered") in group(bot)
    assert not any("secret" in text for text in alice.heard())


def test_three_nameless_answers_are_shown_without_names(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    for name in NAMES[:3]:
        tells(people[name], f"Story of number {NAMES.index(name)}", NAMELESS)
    alice.says("/checkin close")
    for number in range(3):
        assert f"Somebody: Story of number {number}" in group(bot)
    assert not any(f"{name}:" in text for name in NAMES for _number, text in bot.said("group"))


def test_the_order_of_stories_does_not_tell_who_answered_when(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    orders = set()
    for _round in range(12):
        alice.says("/checkin open")
        for name in NAMES[:3]:
            people[name].writes("/checkin")
            for answer in ("1", f"Story of {name}", "/skip", "1", "/skip", NAMELESS, "2"):
                people[name].writes(answer)
        before = len(group(bot))
        alice.says("/checkin close")
        new = group(bot)[before:]
        orders.add(tuple(sorted(NAMES[:3], key=lambda name: new.index(f"Story of {name}"))))
        bot.passes(days=15)
    assert len(orders) > 3


def test_an_intention_said_without_a_name_does_not_come_back_beside_one(
    bot: Bot, alice: Actor, people: dict[str, Actor]
) -> None:
    alice.says("/checkin open")
    for answer in ("2", "1", "A daring plan", NAMELESS):
        people["bo"].writes(answer)
    bot.passes(days=8)
    alice.says("/checkin open")
    people["bo"].hears("you meant to try: A daring plan")
    for answer in ("1", "It went well", "/skip", "1", "/skip", NAMED, "2"):
        people["bo"].writes(answer)
    alice.says("/checkin close")
    assert "bo: It went well" in group(bot)
    assert "A daring plan" not in group(bot)


def test_an_intention_said_with_a_name_does_not_give_a_nameless_story_away(
    bot: Bot, alice: Actor, people: dict[str, Actor]
) -> None:
    alice.says("/checkin open")
    for answer in ("2", "1", "A daring plan", NAMED):
        people["bo"].writes(answer)
    for name in ("cy", "dee"):
        tells(people[name], "Once", NAMED)
    bot.passes(days=8)
    alice.says("/checkin open")
    for name in ("bo", "cy", "dee"):
        tells(people[name], f"Story of {name}", NAMELESS)
    before = group(bot)
    alice.says("/checkin close")
    assert "Somebody: Story of bo" in group(bot)
    assert "A daring plan" not in group(bot)[len(before) :]


def test_a_named_story_reminds_of_what_was_meant(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    for answer in ("2", "1", "A quiet corner", NAMED):
        people["bo"].writes(answer)
    bot.passes(days=8)
    alice.says("/checkin open")
    tells(people["bo"], "It is full all day", NAMED)
    alice.says("/checkin close")
    assert "bo had meant to try: A quiet corner\nbo: It is full all day" in group(bot)


def test_words_for_facilitators_go_to_facilitators_alone(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    tells(people["bo"], "I think of leaving", CONFIDED)
    alice.says("/checkin close")
    assert any("bo: I think of leaving" in text for text in alice.heard())
    assert "leaving" not in group(bot)
    assert not any("leaving" in text for name in NAMES[1:] for text in people[name].heard())


def test_a_member_who_became_facilitator_reads_them_too(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    with bot.database.begin() as connection:
        connection.execute(
            sa.text("update members set facilitator = true where account_id in (select id from accounts where name = 'cy')")
        )
    alice.says("/checkin open")
    tells(people["bo"], "I think of leaving", CONFIDED)
    alice.says("/checkin close")
    assert any("bo: I think of leaving" in text for text in people["cy"].heard())


def test_facilitators_are_told_within_their_own_hours(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.writes("/me hours 9 to 17")
    alice.says("/checkin open")
    tells(people["bo"], "I think of leaving", CONFIDED)
    bot.passes(days=7, hours=9)
    assert not any("leaving" in text for text in alice.heard())
    bot.passes(hours=15)
    assert any("bo: I think of leaving" in text for text in alice.heard())


def test_nobody_is_told_who_was_silent_and_no_trace_of_it_stays(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    tells(people["bo"], "It went well", NAMED)
    bot.passes(days=8)
    for name in NAMES[1:]:
        assert name not in group(bot).replace("copbot", "")
        assert not any(name in text for text in alice.heard())
    assert bot.keeps("select count(*) from checkins") == [(1,)]


def test_a_round_without_answers_says_nothing_to_the_group(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    before = group(bot)
    bot.passes(days=8)
    assert group(bot) == before
    alice.hears("No answer came this time", "/checkin open What was hard this month?")


def test_one_persons_reason_is_nobodys_business(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    for name in ("bo", "cy"):
        for answer in ("2", "3", "/skip"):
            people[name].writes(answer)
    alice.says("/checkin close")
    assert "Thank you to those who answered." in group(bot)
    assert "priorities" not in group(bot)


def test_reasons_and_effects_are_counted_where_there_are_several(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    for name, reason in (("bo", "1"), ("cy", "1"), ("dee", "2")):
        for answer in ("2", reason, "/skip"):
            people[name].writes(answer)
    alice.says("/checkin close")
    assert "What stood in the way: lack of time (2) and lack of means (1)." in group(bot)


def test_a_digest_is_cut_into_messages_of_eight_lines(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open What changed?")
    for name in NAMES:
        for answer in (f"Everything, says {name}", f"More of it, says {name}", NAMED):
            people[name].writes(answer)
    alice.says("/checkin close")
    assert all(text.count("\n") < 8 for _number, text in bot.said("group"))
    for name in NAMES:
        assert f"{name}: Everything, says {name}" in group(bot)
        assert f"{name}: More of it, says {name}" in group(bot)


def test_a_digest_of_many_does_not_flood_the_group(bot: Bot, alice: Actor) -> None:
    crowd = [Actor(bot, f"m{letter}{other}") for letter in "abcde" for other in "abcdefgh"]
    for member in crowd:
        member.says("Hello")
    alice.says("/checkin open")
    for member in crowd:
        tells(member, f"It went well, says {member.name}. " + "And so on. " * 20, NAMED)
    before = len(bot.said("group"))
    alice.says("/checkin close")
    texts = [text for _number, text in bot.said("group")[before:]]
    assert len(texts) < 8
    assert max(len(text) for text in texts) < 4000
    assert all(f"It went well, says {member.name}." in "".join(texts) for member in crowd)


def test_the_longest_words_fit_into_messages(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    for audience, member in zip((NAMED, NAMED, CONFIDED, CONFIDED), people.values(), strict=False):
        for answer in ("1", "h" * 1000, "w" * 500, "1", "i" * 500, audience, "2", "/checkin"):
            member.writes(answer)
    alice.says("/checkin close")
    for where in ("group", "@alice", "@bo"):
        assert max(len(text) for _number, text in bot.said(where)) < 4000


def test_a_late_answer_stands_under_the_question_it_answers(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open What changed at mealtimes?")
    bot.passes(days=8)
    for answer in ("/checkin", "Fewer plates", "/skip", NAMED):
        people["bo"].writes(answer)
    alice.says("/checkin open What changed at night?")
    for answer in ("More sleep", "/skip", NAMED):
        people["cy"].writes(answer)
    alice.says("/checkin close")
    assert "To the question “What changed at mealtimes?”:\nbo: Fewer plates" in group(bot)
    assert "To the question “What changed at night?”:\ncy: More sleep" in group(bot)


def test_words_withdrawn_with_the_consent_are_not_told(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    tells(people["bo"], "It went well", NAMED)
    tells(people["cy"], "It went badly", NAMED)
    allow(bot, "[]")
    alice.says("/checkin close")
    assert "It went badly" in group(bot)
    assert "It went well" not in group(bot)


def test_a_newcomer_is_not_pressed_but_may_answer(bot: Bot, alice: Actor, people: dict[str, Actor]) -> None:
    alice.says("/checkin open")
    bot.passes(minutes=1)
    gil = Actor(bot, "gil")
    gil.says("Hello")
    bot.passes(days=5)
    assert not any("check-in" in text for text in gil.heard())
    gil.writes("/checkin")
    tells(gil, "First week, first success", NAMED)
    bot.passes(days=3)
    assert "gil: First week, first success" in group(bot)


def test_who_agrees_after_the_opening_is_asked_the_next_day(bot: Bot, alice: Actor, bo: Actor) -> None:
    allow(bot, "[]")
    alice.says("/checkin open")
    bot.passes(hours=20)
    allow(bot, '["checkins"]')
    assert bo.heard() == []
    bot.passes(hours=5)
    bo.hears("Our check-in is open until Monday 9 March at 18:00.")
    bot.passes(days=7)
    assert sum("Answer now" in text for text in bo.heard()) == 2


def allow(bot: Bot, purposes: str) -> None:
    with bot.database.begin() as connection:
        of_bo = "account_id in (select id from accounts where name = 'bo')"
        connection.execute(sa.text(f"update members set consents = :purposes where {of_bo}"), {"purposes": purposes})


def test_who_left_is_not_asked_any_more(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin open")
    said = len(bo.heard())
    bot.line("bo leaves")
    bot.passes(days=8)
    assert len(bo.heard()) == said


# The rhythm


def test_rounds_open_in_a_rhythm(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin every 2 weeks")
    assert "Monday 16 March at 9:00\nMonday 30 March at 9:00\nMonday 13 April at 9:00" in bot.last("group")
    bot.passes(days=43)
    assert bot.keeps("select count(*) from checkin_rounds") == [(3,)]
    assert sum("Our check-in is open" in text for text in bo.heard()) == 3


def test_weekly_rounds_close_before_the_next_one_opens(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin every monday 9:00")
    bot.passes(days=7)
    bo.hears("Our check-in is open until Sunday 15 March at 18:00.")
    bot.passes(days=7)
    bo.hears("Our check-in is open until Sunday 22 March at 18:00.")


def test_a_rhythm_that_leaves_no_time_is_turned_down(bot: Bot, alice: Actor) -> None:
    alice.says("/checkin every day")
    assert "give people a week at least" in bot.last("group")
    alice.says("/checkin every now and then")
    assert "I did not understand this rhythm: “now and then”." in bot.last("group")
    assert bot.keeps("select id from schedules where kind = 'checkins.open'") == []


@pytest.mark.parametrize("words", ["tous les mois", "toutes les 2 semaines", "tous les premiers lundis 9h", "chaque lundi 9h"])
def test_a_rhythm_is_understood_in_french(french: Bot, words: str) -> None:
    alice = Actor(french, "alice")
    alice.says(f"/bilan {words}")
    assert "Les prochains bilans s'ouvrent :" in french.last("group")


def test_a_rhythm_can_be_stopped(bot: Bot, alice: Actor) -> None:
    alice.says("/checkin every 2 weeks")
    alice.says("/checkin off")
    bot.passes(days=30)
    assert bot.keeps("select id from checkin_rounds") == []


def test_rounds_follow_meetings(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/meeting add 10 March 14:00, Welcoming newcomers")
    alice.says("/checkin after 7")
    assert "The next one opens on Tuesday 17 March at 9:00." in bot.last("group")
    bot.passes(days=15, minutes=1)
    bo.hears("Our check-in is open until Tuesday 24 March at 18:00.")


def openings(bot: Bot) -> list[tuple[object, ...]]:
    return bot.keeps("select next_at from schedules where kind = 'checkins.open'")


def test_rounds_follow_meetings_that_are_added_moved_and_cancelled(bot: Bot, alice: Actor) -> None:
    alice.says("/checkin after 7")
    assert "No date is set yet." in bot.last("group")
    alice.says("/meeting add 10 March 14:00, Welcoming newcomers")
    assert str(openings(bot)[0][0]).startswith("2026-03-17 08:00")
    alice.says("/meeting 1 date 12 March 14:00")
    assert str(openings(bot)[0][0]).startswith("2026-03-19 08:00")
    alice.says("/meeting cancel 1")
    assert openings(bot) == []


def test_a_round_missed_by_days_is_passed_over(bot: Bot, alice: Actor) -> None:
    alice.says("/checkin every 2 weeks")
    with bot.database.begin() as connection:
        connection.execute(sa.text("update schedules set next_at = '2026-02-20 08:00:00.000000' where kind = 'checkins.open'"))
    bot.passes(minutes=1)
    assert bot.keeps("select id from checkin_rounds") == []
    bot.passes(days=14)
    assert len(bot.keeps("select id from checkin_rounds")) == 1


# The questions


def test_a_facilitator_puts_the_communitys_own_words(bot: Bot, alice: Actor, bo: Actor) -> None:
    alice.says("/checkin questions")
    assert "4. What helped?" in bot.last("group")
    alice.says("/checkin questions 4 What made it easier?")
    alice.says("/checkin open")
    for answer in ("1", "It went well"):
        bo.writes(answer)
    bo.hears("What made it easier?")
    alice.says("/checkin questions reset")
    bo.writes("/checkin")
    bo.hears("What helped?")


def test_a_question_that_does_not_exist_is_not_changed(bot: Bot, alice: Actor) -> None:
    for number in ("0", "8", "four", "-1", "²"):
        alice.says(f"/checkin questions {number} What?")
        assert "The questions are numbered from 1 to 7." in bot.last("group")
    alice.says("/checkin questions 4")
    assert "What should question 4 be?" in bot.last("group")


def test_the_digest_in_french(french: Bot) -> None:
    alice, bo, cy = (Actor(french, name) for name in ("alice", "bo", "cy"))
    for one in (alice, bo, cy):
        one.says("Bonjour")
    alice.says("/bilan ouvrir")
    tells(bo, "Le calme est revenu", NAMED)
    for answer in ("2", "1", "Un coin calme", NAMED):
        cy.writes(answer)
    french.passes(days=8)
    assert "Notre bilan est terminé : 2 personnes ont répondu.\n1 personne a essayé quelque chose.\nVoici leurs mots." in group(
        french
    )
    assert "bo : Le calme est revenu" in group(french)
    assert "En chiffres : essayé 1, pas encore 1, renoncé 0." in group(french)
    alice.hears("Le bilan est fermé : 3 personnes sollicitées, réponses reçues : 2.")


def test_a_whole_round_on_either_database(both: sa.Engine) -> None:
    bot = Bot(both)
    alice = Actor(bot, "alice")
    alice.says("Hello")
    members = [Actor(bot, name) for name in NAMES[:3]]
    for member in members:
        member.says("Hello")
    alice.says("/checkin open What changed?")
    for member in members:
        for answer in ("Everything", "More of it", NAMELESS):
            member.writes(answer)
    bot.passes(days=8)
    assert "Somebody: Everything" in group(bot)
    alice.says("/checkin open")
    members[0].hears("you meant to try: More of it")
