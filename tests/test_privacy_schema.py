"""Every table and column is described, is somebody's or nobody's, and has an end."""

import re

import pytest
import sqlalchemy as sa

from copbot.core.house import House
from copbot.features import keeping
from copbot.store import privacy
from copbot.store.apart import Apart
from copbot.store.base import Base

TABLES = [pytest.param(table, id=table.name) for table in privacy.tables()]

#: Column names that speak of people. Only the platforms' own ids may stand without a foreign key.
_PERSONAL = re.compile(r"(^|_)(member|account|author|user|person|people|who|by)(_id)?$")
_PLATFORM_IDS = {("accounts", "user")}


@pytest.mark.parametrize("table", TABLES)
def test_tables_and_columns_are_described(table: sa.Table) -> None:
    assert table.comment
    assert [column.name for column in table.columns if not column.comment] == []


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_a_rule_of_its_own(table: sa.Table) -> None:
    listing = House().listing("retention")
    rule = keeping.rules(House())[table.name]
    assert table.name in listing["tables"], "add it to config/retention.yaml"
    assert rule.kept or rule.days is not None
    assert rule.days is None or rule.since in table.columns
    assert set(rule.touched) | set(rule.unless) <= set(table.columns.keys())
    assert rule.purpose in listing["purposes"]


def test_no_rule_is_left_for_a_table_that_is_gone() -> None:
    assert set(House().listing("retention")["tables"]) == set(Base.metadata.tables) | set(Apart.metadata.tables)


@pytest.mark.parametrize("table", TABLES)
def test_who_a_row_is_about_shows_in_its_foreign_keys(table: sa.Table) -> None:
    for column in table.columns:
        if _PERSONAL.search(column.name) and (table.name, column.name) not in _PLATFORM_IDS:
            assert privacy.names_people(column), f"{column.name} needs a foreign key"


@pytest.mark.parametrize("table", TABLES)
def test_erasing_a_person_reaches_every_row_of_theirs(table: sa.Table) -> None:
    for column in filter(privacy.names_people, table.columns):
        assert {key.ondelete for key in column.foreign_keys} <= {"CASCADE", "SET NULL"}
        assert column.index or column.primary_key or _leads_an_index(table, column), f"{column.name} needs an index"


def _leads_an_index(table: sa.Table, column: sa.Column[object]) -> bool:
    keys = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint | sa.PrimaryKeyConstraint)]
    return any(next(iter(one.columns), None) is column for one in [*table.indexes, *keys])


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("table", TABLES)
def test_people_are_told_of_every_table_that_is_about_them(table: sa.Table, language: str) -> None:
    about = privacy.is_about(table, 0, keeping.touched(House())) is not None
    told = House().template("privacy", language)["tables"].get(table.name)
    assert about == (told is not None), "add it to config/privacy.*.yaml"
    if told:
        assert set(told["columns"]) <= set(table.columns.keys())
        assert ("one" in told) == ("many" in told)


def test_people_are_told_the_same_in_both_languages() -> None:
    english, french = (House().template("privacy", language) for language in ("en", "fr"))
    assert english.keys() == french.keys()
    for name, table in english["tables"].items():
        assert table["columns"].keys() == french["tables"][name]["columns"].keys(), name
        assert table.keys() == french["tables"][name].keys(), name


def test_what_stays_when_its_author_goes_is_only_what_others_build_on() -> None:
    stays = {table.name for table in privacy.tables() if any(map(privacy.may_lose_its_author, table.columns))}
    assert stays == {"practices", "checkin_rounds", "reminders"}, "erasure.gifts knows these"


def test_the_record_of_processing_names_every_table_and_column() -> None:
    text = keeping.register(House(controller="Une fédération", contact="dpo@example.org"))
    assert "Une fédération" in text
    assert "dpo@example.org" in text
    for table in privacy.tables():
        part = text.partition(f"## {table.name}\n")[2].partition("\n## ")[0]
        assert table.comment
        assert table.comment in part
        for column in table.columns:
            assert f"| {column.name} | {column.comment} |" in part
    assert "3 years" not in text, "days are written as days"


def test_a_deployer_sets_other_days() -> None:
    assert keeping.days(House(keep_days={"checkins": 30}))["checkins"] == 30
    with pytest.raises(ValueError, match="keep_days names meetings"):
        keeping.rules(House(keep_days={"meetings": 30}))
