"""Own data: whoever asks gets all of theirs, and nothing that is somebody else's."""

import json

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.engine import perform
from copbot.store import privacy
from tests.canary import fill_for, member
from tests.conftest import Actor, Bot

BO, CY = "Quizzaciously-bo", "Jumbuckthorn-cy"


def test_mydata_holds_every_row_about_the_person_and_no_one_elses(bot: Bot, bo: Actor, cy: Actor) -> None:
    fill_for(bot.database, bo=BO, cy=CY)
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
    fill_for(bot.database, bo=BO, cy=CY)
    held = perform(bot.database, [lambda tx: privacy.held(tx, member(tx, "bo").account)])[0][0]
    for table in privacy.tables():
        expected = [row for row in bot.keeps(f"select * from {table.name}") if _is_bos(bot, table, row)]
        assert len(held.get(table.name, [])) == len(expected), table.name


def _is_bos(bot: Bot, table: sa.Table, row: tuple[object, ...]) -> bool:
    """Found out in another way than the code does: by the values of the row."""
    values = dict(zip(table.columns.keys(), row, strict=True))
    if table.name == "accounts":
        return values["user"] == "bo"
    members = {
        number
        for (number,) in bot.keeps("select m.id from members m join accounts a on a.id = m.account_id where a.user = 'bo'")
    }
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
    fill_for(bot.database, bo=BO, cy=CY)
    perform(bot.database, [_let_bo_curate_cys_practice])
    bo.writes("/mydata")
    rows = json.loads(bot.files["my-data.json"])["tables"]["practices"]["rows"]
    assert [set(row) & {"title", "did"} for row in rows] == [{"title", "did"}, set()]
    assert CY not in bot.files["my-data.json"].decode()


def _let_bo_curate_cys_practice(tx: Session) -> None:
    tx.execute(
        sa.text("update practices set curator_id = :bo where member_id = :cy"),
        {"bo": member(tx, "bo").id, "cy": member(tx, "cy").id},
    )
