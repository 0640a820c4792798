"""Own data: whoever asks gets all of theirs and nothing else, and whoever wants to be forgotten is."""

import json
import random
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.core import keeping
from copbot.core.house import House
from copbot.engine import perform
from copbot.store import erasure, people, privacy
from copbot.store.base import sweep
from copbot.vocabulary import Chose, Person, Place, Said
from tests.canary import fill, traces, writings
from tests.conftest import Actor, Bot

BO, CY = "Quizzaciously-bo", "Jumbuckthorn-cy"


def _member(tx: Session, user: str) -> people.Member:
    return tx.scalars(sa.select(people.Member).join(people.Account).where(people.Account.user == user)).one()


def _filled(database: sa.Engine) -> None:
    """Rows about bo and about cy in every table there is."""

    def work(tx: Session) -> None:
        bo, cy = _member(tx, "bo"), _member(tx, "cy")
        fill(tx, {bo.id: BO, cy.id: CY}, bo.community_id)

    perform(database, [work])


def _sizes(database: sa.Engine) -> dict[str, int]:
    def sizes(tx: Session) -> dict[str, int]:
        return {table.name: tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in privacy.tables()}

    return dict(perform(database, [sizes])[0][0])


def test_mydata_holds_every_row_about_the_person_and_no_one_elses(bot: Bot, bo: Actor, cy: Actor) -> None:
    _filled(bot.database)
    bo.writes("/mydata")
    given = bot.files["my-data.json"].decode()
    tables = json.loads(given)["tables"]
    about = {table.name for table in privacy.tables() if privacy.is_about(table, 0) is not None}
    assert set(tables) == about
    for name, table in tables.items():
        wordless = name in ("accounts", "members")
        assert wordless or BO in json.dumps(table["rows"]), name
        assert table["holds"]
        assert set(table["rows"][0]) <= set(table["columns"])
    assert CY not in given
    assert CY not in bot.files["my-data.txt"].decode()


def test_mydata_counts_as_many_rows_as_the_database(bot: Bot, bo: Actor, cy: Actor) -> None:
    _filled(bot.database)
    held = perform(bot.database, [lambda tx: privacy.held(tx, _member(tx, "bo").account)])[0][0]
    for table in privacy.tables():
        expected = [row for row in bot.keeps(f"select * from {table.name}") if _is_bos(bot, table, row)]
        assert len(held.get(table.name, [])) == len(expected), table.name


def _is_bos(bot: Bot, table: sa.Table, row: tuple[object, ...]) -> bool:
    """Found out in another way than the code does: by the values of the row."""
    values = dict(zip(table.columns.keys(), row, strict=True))
    if table.name == "accounts":
        return values["user"] == "bo"
    members = {number for (number,) in bot.keeps("select m.id from members m join accounts a on a.id = m.account_id where a.user = 'bo'")}
    accounts = {number for (number,) in bot.keeps("select id from accounts where user = 'bo'")}
    mine = any(
        values[column.name] in (accounts if "accounts.id" in {key.target_fullname for key in column.foreign_keys} else members)
        for column in filter(privacy.names_people, table.columns)
    )
    return mine or BO in str(row)


def test_the_file_to_read_speaks_the_persons_language(french: Bot) -> None:
    bo = Actor(french, "bo")
    bo.says("Bonjour")
    bo.writes("/mesdonnees")
    text = french.files["mes-donnees.txt"].decode()
    assert "Votre compte (1)" in text
    assert "Nom affiché\u00a0: bo" in text
    assert "Votre accord\u00a0: bilans, fiches et rappels" in text


def test_having_put_down_anothers_practice_does_not_give_out_their_words(bot: Bot, bo: Actor, cy: Actor) -> None:
    _filled(bot.database)
    perform(bot.database, [_let_bo_curate_cys_practice])
    bo.writes("/mydata")
    rows = json.loads(bot.files["my-data.json"])["tables"]["practices"]["rows"]
    assert [set(row) & {"title", "did"} for row in rows] == [{"title", "did"}, set()]
    assert CY not in bot.files["my-data.json"].decode()


def _let_bo_curate_cys_practice(tx: Session) -> None:
    tx.execute(
        sa.text("update practices set curator_id = :bo where member_id = :cy"),
        {"bo": _member(tx, "bo").id, "cy": _member(tx, "cy").id},
    )


@pytest.mark.parametrize("practices", ["stay", "go"])
def test_forget_leaves_no_trace_in_any_file(bot: Bot, bo: Actor, cy: Actor, tmp_path: Path, practices: str) -> None:
    _filled(bot.database)
    before = traces(tmp_path, BO)
    assert before, "the scanner must see the words while they are there"
    bo.writes("/me zone Montreal")
    bo.writes("/forget")
    bo.writes("2" if practices == "stay" else "3")
    bo.hears("It is done")
    bot.passes(seconds=60)
    left = traces(tmp_path, BO)
    if practices == "go":
        assert left == []
    else:
        assert {"practices", "practice_tags", "search_entries"} == _tables_with(bot, BO)
    assert traces(tmp_path, CY), "what is others' stays"
    assert not [row for row in bot.keeps("select room from outbox") if row == ("bo",)]


def _tables_with(bot: Bot, word: str) -> set[str]:
    return {table.name for table in privacy.tables() if word in str(bot.keeps(f"select * from {table.name}"))}


def test_forget_takes_only_the_persons_rows(bot: Bot, bo: Actor, cy: Actor) -> None:
    _filled(bot.database)
    cys = privacy_of(bot, "cy")
    bo.writes("/forget")
    bo.writes("3")
    assert privacy_of(bot, "cy") == cys
    with pytest.raises(sa.exc.NoResultFound):
        privacy_of(bot, "bo")


def privacy_of(bot: Bot, user: str) -> dict[str, privacy.Rows]:
    held = perform(bot.database, [lambda tx: privacy.held(tx, _member(tx, user).account)])[0][0]
    return {name: rows for name, rows in held.items() if name not in ("questions", "outbox")}


def test_forget_shows_what_goes_and_what_stays_and_happens_only_on_an_explicit_choice(bot: Bot, bo: Actor) -> None:
    bo.writes("/forget")
    text = bo.hears("I would erase your account", "What others wrote stays theirs", "It cannot be undone")
    assert text.splitlines()[-2:] == ["1) No, keep everything", "2) Yes, erase everything about me"]
    for word in ("yes", "/skip"):
        bo.writes("/forget")
        bo.writes(word)
        assert bot.keeps("select count(*) from accounts where name = 'bo'") == [(1,)]


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
    _filled(both)
    bo.writes("/mydata")
    assert BO in bot.files["my-data.json"].decode()
    assert CY not in bot.files["my-data.json"].decode()
    bo.writes("/forget")
    bo.writes("3")
    bot.passes(seconds=60)
    assert _tables_with(bot, BO) == set()
    assert _tables_with(bot, CY) == {table.name for table in privacy.tables() if privacy.is_about(table, 0) is not None} - {
        "accounts",
        "members",
    }


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
    bo, cy = _member(tx, "bo"), _member(tx, "cy")
    fill(tx, {bo.id: words}, bo.community_id)
    state = json.dumps({"draft": f"Said: {words}", "other": "untouched"})
    tx.execute(
        sa.text(
            "insert into questions (community_id, member_id, platform, room, step, state, choices, free, text, asked_at, closed)"
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


def test_a_thousand_rows_of_one_person_leave_nothing_behind(bot: Bot, bo: Actor, cy: Actor, tmp_path: Path) -> None:
    """Of many lengths, changed in between: secure_delete alone leaves pieces of such rows in the file."""
    chance = random.Random(1)

    def write(tx: Session, turn: int) -> None:
        bo, cy = _member(tx, "bo"), _member(tx, "cy")
        words = {bo.id: BO + "o" * chance.randrange(300), cy.id: CY + "y" * chance.randrange(300)}
        fill(tx, words, bo.community_id, turn)
        tx.execute(sa.text("update practice_drafts set did = did || did where id % 4 = 1 and length(did) < 2000"))
        tx.execute(sa.text("update outbox set text = null where id % 3 = 1"))

    for turn in range(100):
        perform(bot.database, [partial(write, turn=turn)])
    perform(bot.database, [lambda tx: erasure.erase(tx, _member(tx, "bo").account, practices_too=True)])
    assert traces(tmp_path, BO) == []
    assert traces(tmp_path, CY) != []


def test_sweeping_is_safe_at_any_time(both: sa.Engine) -> None:
    sweep(both)
    sweep(both)


# Messages that are nobody's business


def _say(bot: Bot, number: int, text: str, *, private: bool) -> None:
    name = ("alice", "bo", "cy")[number % 3]
    place = Place("console", name if private else "group", "private" if private else "group")
    bot.rehearsal.happens(Said(f"e{number}", place, Person("console", name, name), f"m{number}", text))


def test_ten_thousand_group_messages_not_addressed_to_copbot_leave_nothing(bot: Bot, cy: Actor, tmp_path: Path) -> None:
    canary, chance = "Flummoxatron", random.Random(3)
    sizes = _sizes(bot.database)
    sweep(bot.database)
    for number in range(10_000):
        words = [chance.choice(["1", "yes", "2)", canary, "pour", "demain", "!", "@", "12 h", "ok"]) for _word in range(chance.randrange(1, 30))]
        _say(bot, number, f"{canary} " * (number % 2) + " ".join(words), private=False)
    assert _sizes(bot.database) == sizes
    assert traces(tmp_path, canary) == []
    assert (tmp_path / "copbot.db-wal").stat().st_size == 0, "not one page was written"


def test_two_thousand_stray_private_texts_are_neither_kept_nor_logged(
    bot: Bot, cy: Actor, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    canary, chance = "Flummoxatron", random.Random(4)
    sizes = _sizes(bot.database)
    for number in range(2_000):
        _say(bot, number, f"{canary} " + "mal dormi " * chance.randrange(9), private=True)
    new = {name: size - sizes[name] for name, size in _sizes(bot.database).items() if size != sizes[name]}
    assert set(new) <= {"outbox"}, "but for copbot's own hints nothing is kept"
    assert traces(tmp_path, canary) == []
    assert canary not in "".join(capfd.readouterr())


def test_a_dry_run_of_the_purge_changes_nothing(both: sa.Engine) -> None:
    bot = Bot(both)
    for name in ("bo", "cy"):
        Actor(bot, name).says("Hello")
    _filled(both)
    sizes = _sizes(both)
    later = bot.now + timedelta(days=2000)
    would = perform(both, [lambda tx: keeping.purge(tx, later, House(), dry_run=True)])[0][0]
    assert _sizes(both) == sizes
    assert perform(both, [lambda tx: keeping.purge(tx, later, House())])[0][0] == would
    assert {name: sizes[name] - size for name, size in _sizes(both).items() if size != sizes[name]} == would
    assert would["checkins"] == 2
