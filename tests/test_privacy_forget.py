"""Being forgotten: everything goes that is to go, from every file, and nothing of anybody else's."""

import json
import random
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.engine import perform
from copbot.store import erasure, index, people, privacy
from copbot.store.base import sweep
from copbot.store.practices import Practice
from copbot.vocabulary import Chose, Person, Place
from tests.canary import fill, fill_for, member, tables_with, traces, writings
from tests.conftest import Actor, Bot

BO, CY = "Quizzaciously-bo", "Jumbuckthorn-cy"


@pytest.mark.parametrize("gifts", ["stay", "go"])
def test_forget_leaves_no_trace_in_any_file(bot: Bot, bo: Actor, cy: Actor, tmp_path: Path, gifts: str) -> None:
    fill_for(bot.database, bo=BO, cy=CY)
    before = traces(tmp_path, BO)
    assert before, "the scanner must see the words while they are there"
    bo.writes("/me zone Montreal")
    bo.writes("/forget")
    bo.writes("2" if gifts == "stay" else "3")
    bo.hears("It is done")
    bot.passes(seconds=60)
    left = traces(tmp_path, BO)
    if gifts == "go":
        assert left == []
    else:
        assert tables_with(bot.database, BO) == {"practices", "practice_tags", "search_entries", "checkin_rounds"}
    assert traces(tmp_path, CY), "what is others' stays"
    assert not [row for row in bot.keeps("select room from outbox") if row == ("bo",)]


def test_forget_leaves_no_trace_of_somebody_who_used_everything(bot: Bot, cy: Actor, tmp_path: Path) -> None:
    """Through the real conversations, the index of practices and its distinct words included."""
    zoe, name = Actor(bot, "zanzibarine"), "zanzibarine"
    for group in ("Hello", "/remind every friday 15:00 flummoxed together"):
        zoe.says(group)
    Actor(bot, "alice").says("/checkin open")
    _shares_a_practice(cy, "handprints on the window")
    bot.passes(hours=1)
    zoe.writes("planning at the flummoxatory door")
    zoe.writes("1")
    _shares_a_practice(zoe, "flummoxified pictures by the door #flummoxtag")
    zoe.writes("/share flummoxidraft by the gate")
    zoe.writes("/stop")
    zoe.writes("/remind tomorrow 9:00 call flummoxmother")
    zoe.writes("/find flummoxwish")
    zoe.writes("2")
    zoe.writes("/practice 1")
    zoe.writes("1")
    zoe.writes("it was flummoxworthy for all of us")
    cy.writes("/practice 2")
    cy.writes("/find pictures")
    Actor(bot, "alice").writes("/recap 2 weeks")
    words = ("flummox", name)
    used = tables_with(bot.database, "flummox")
    assert used >= {
        "checkins",
        "practices",
        "practice_drafts",
        "practice_trials",
        "practice_wishes",
        "reminders",
        "search_words",
    }
    zoe.writes("/forget")
    zoe.hears("1 check-in", "1 practice")
    zoe.writes("3")
    bot.passes(seconds=60)
    assert [tables_with(bot.database, word) for word in words] == [set(), set()]
    assert traces(tmp_path, *words) == []
    cy.writes("/find pictures")
    assert "flummox" not in cy.hears("")


def _shares_a_practice(actor: Actor, words: str) -> None:
    actor.writes(f"/share {words}")
    while "Shared by" not in actor.hears(""):
        actor.writes("/skip")
    actor.writes("/skip")


def test_forget_takes_only_the_persons_rows(bot: Bot, bo: Actor, cy: Actor) -> None:
    fill_for(bot.database, bo=BO, cy=CY)
    cys = privacy_of(bot, "cy")
    bo.writes("/forget")
    bo.writes("3")
    assert privacy_of(bot, "cy") == cys
    with pytest.raises(sa.exc.NoResultFound):
        privacy_of(bot, "bo")


def privacy_of(bot: Bot, user: str) -> dict[str, privacy.Rows]:
    held = perform(bot.database, [lambda tx: privacy.held(tx, member(tx, user).account)])[0][0]
    return {name: rows for name, rows in held.items() if name not in ("questions", "outbox")}


def test_forget_shows_what_goes_and_what_stays_and_happens_only_on_an_explicit_choice(bot: Bot, bo: Actor) -> None:
    bo.writes("/forget")
    text = bo.hears("I would erase your account", "What others wrote stays theirs", "It cannot be undone")
    assert text.splitlines()[-2:] == ["1) No, keep everything", "2) Yes, erase everything about me"]
    for word in ("no", "1", "why?", "/skip"):
        bo.writes("/forget")
        bo.writes(word)
        assert bot.keeps("select count(*) from accounts where name = 'bo'") == [(1,)]


def test_forgetting_speaks_french(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Bonjour")
    bo.writes("/oublier")
    bo.hears("J'effacerais votre compte", "C'est définitif. Le voulez-vous ?", "1) Non, tout garder")
    bo.writes("2")
    bo.hears("C'est fait : je ne sais plus rien de vous.", "/bonjour")


def test_nobody_can_take_that_choice_for_somebody_else(bot: Bot, bo: Actor, cy: Actor) -> None:
    bo.writes("/forget")
    ((number,),) = bot.keeps("select max(id) from questions")
    bot.rehearsal.happens(Chose("press", Place("console", "cy", "private"), Person("console", "cy", "cy"), f"{number}.1"))
    assert bot.keeps("select count(*) from accounts") == [(3,)]


def test_the_last_facilitator_is_told_before(bot: Bot, alice: Actor) -> None:
    alice.says("/setup")
    alice.writes("/forget")
    alice.hears("You are the only facilitator")


def test_who_was_forgotten_can_come_back_as_a_newcomer(bot: Bot, bo: Actor) -> None:
    bo.writes("/me hours 10 to 11")
    bo.writes("/forget")
    bo.writes("2")
    bo.says("good morning")
    assert bot.keeps("select count(*) from accounts where user = 'bo'") == [(0,)]
    bo.says("/start")
    bo.writes("/me")
    bo.hears("between 8:00 and 21:00")


def test_a_number_that_was_somebodys_is_never_given_again(bot: Bot, bo: Actor, cy: Actor) -> None:
    ((was,),) = bot.keeps("select max(id) from members")
    cy.writes("/forget")
    cy.writes("2")
    cy.says("/start")
    ((new,),) = bot.keeps("select max(id) from members")
    assert new > was


def test_forgetting_works_on_every_database(both: sa.Engine) -> None:
    bot = Bot(both)
    bo, cy = Actor(bot, "bo"), Actor(bot, "cy")
    for one in (Actor(bot, "alice"), bo, cy):
        one.says("Hello")
    fill_for(both, bo=BO, cy=CY)
    bo.writes("/mydata")
    assert BO in bot.files["my-data.json"].decode()
    assert CY not in bot.files["my-data.json"].decode()
    bo.writes("/forget")
    bo.writes("3")
    bot.passes(seconds=60)
    assert tables_with(bot.database, BO) == set()
    about = {table.name for table in privacy.tables() if privacy.is_about(table, 0) is not None}
    assert tables_with(bot.database, CY) == about - {"accounts", "members"}


def test_what_others_still_have_in_front_of_them_loses_the_forgotten_words(bot: Bot, bo: Actor, cy: Actor) -> None:
    words = "we hang the pictures of the day by the kitchen door"
    perform(bot.database, [partial(_quote_to_cy, words=words)])
    bo.writes("/forget")
    bo.writes("2")
    ((text, state),) = bot.keeps("select text, state from questions where step = 'recap.decide'")
    assert text == "Here is the draft.\n(…)\nPost it?"
    assert "pictures" not in str(state)
    assert "untouched" in str(state)


def _quote_to_cy(tx: Session, words: str) -> None:
    bo, cy = member(tx, "bo"), member(tx, "cy")
    fill(tx, {bo.id: words}, bo.community_id)
    state = json.dumps({"draft": f"Said: {words}", "other": "untouched"})
    tx.execute(
        sa.text(
            "insert into questions"
            " (community_id, member_id, platform, room, step, state, choices, free, text, asked_at, closed)"
            " values (:community, :cy, 'console', '', 'recap.decide', :state, '[]', true, :text, '2026-03-02 08:00:00', false)"
        ),
        {"community": bo.community_id, "cy": cy.id, "state": state, "text": f"Here is the draft.\n{words}\nPost it?"},
    )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Bo tried it", True),
        ("Bob tried it", False),
        ("as somebody said, the planning on the wall really helped us", True),
        ("the planning is on Tuesday", False),
        ("What would you like to try?", False),
    ],
)
def test_a_line_is_somebodys_when_it_names_or_quotes_them(line: str, found: bool) -> None:
    assert erasure.Traces("Bo", ["the planning on the wall", "yes"]).are_in(line) == found


def test_the_scanner_finds_every_way_of_writing(tmp_path: Path) -> None:
    word = "Où-est-le-Canari"
    for number, written in enumerate(writings(word).values()):
        (tmp_path / f"{number}.db").write_bytes(random.Random(number).randbytes(1000) + written + b"after")
    assert len({name for name, _word, _how in traces(tmp_path, word)}) == len(writings(word)) == 10


def test_what_secure_delete_leaves_in_rearranged_pages_is_swept(database: sa.Engine, tmp_path: Path) -> None:
    """Rows of many lengths that come, grow and go leave pieces of themselves, until the file is written anew."""
    with database.begin() as connection:
        for seed in range(2, 5):
            connection.exec_driver_sql(f"CREATE TABLE notes{seed} (id INTEGER PRIMARY KEY, who INT, name TEXT, body TEXT)")
            connection.exec_driver_sql(f"CREATE INDEX ix_notes{seed} ON notes{seed} (name)")
            _churn(connection, f"notes{seed}", random.Random(seed))
            connection.exec_driver_sql(f"DELETE FROM notes{seed} WHERE who = 7")
    sweep(database)
    assert traces(tmp_path, BO) == []


def _churn(connection: sa.Connection, table: str, chance: random.Random) -> None:
    def letters(count: int) -> str:
        return "".join(chance.choices("abcdef ", k=count))

    for number in range(5000):
        who = chance.randrange(20)
        word = f"{BO}{number}" if who == 7 else letters(12)
        row = (who, word + "n" * chance.randrange(30), f"{word} " + "b" * chance.randrange(600))
        connection.exec_driver_sql(f"INSERT INTO {table} (who, name, body) VALUES (?, ?, ?)", row)
        other = chance.randrange(1, number + 2)
        if number % 7 == 0:
            more = "u" * chance.randrange(300)
            connection.exec_driver_sql(f"UPDATE {table} SET body = body || ? WHERE id = ?", (more, other))
        if number % 11 == 0:
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE id = ?", (other,))


def test_sweeping_is_safe_at_any_time(both: sa.Engine) -> None:
    sweep(both)
    sweep(both)


def test_the_index_bears_more_sweeping_than_a_community_ever_asks_for(database: sa.Engine) -> None:
    def work(tx: Session) -> None:
        for number in range(1, 1202):
            tx.execute(sa.text("delete from search_entries where practice_id = :number"), {"number": number})
            index.sweep(tx)

    perform(database, [_index_some])
    perform(database, [work])
    perform(database, [lambda tx: tx.execute(sa.text("insert into search_index(search_index) values ('integrity-check')"))])


def _index_some(tx: Session) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    community = people.found(tx, name="C", language="en", zone="UTC", place=Place("console", "group", "group"), now=now)
    for number in range(1, 4002):
        tx.add(Practice(id=number, community_id=community.id, number=number, created_at=now, changed_at=now, shown=0))
    tx.flush()
    for number in range(1, 4002):
        tx.add(
            index.Entry(practice_id=number, terms=f"{community.id}:a{number} {community.id}:b", titled="", words=f"a{number} b")
        )
    tx.flush()
