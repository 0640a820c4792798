"""Whose row is whose: read from the live schema, so that no table can be forgotten when people ask for what is theirs.

A row is about the people its foreign keys name. Where none names anybody, it is a part of the row it hangs on, and about the
same people. What hangs on neither is nobody's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.store.base import Base, Instant
from copbot.store.people import Account, Member
from copbot.store.transactions import settle

#: The tables that are people. A foreign key to one of them says whose a row is.
_PEOPLE = (Account.__tablename__, Member.__tablename__)

Rows = list[dict[str, Any]]
Touched = Mapping[str, Sequence[str]]

_NOTHING: Touched = {}


def tables(metadata: sa.MetaData = Base.metadata) -> list[sa.Table]:
    """Every table, each after those it hangs on."""
    return list(metadata.sorted_tables)


def names_people(column: sa.Column[Any]) -> bool:
    """Tell whether this column says whose the row is."""
    return any(key.column.table.name in _PEOPLE for key in column.foreign_keys)


def may_lose_its_author(column: sa.ColumnElement[Any]) -> bool:
    """Tell whether the row stays when the one whom this column names is erased."""
    if not isinstance(column, sa.Column):
        return False
    return names_people(column) and any(key.ondelete == "SET NULL" for key in column.foreign_keys)


def is_about(table: sa.Table, account_id: int, touched: Touched = _NOTHING) -> sa.ColumnElement[bool] | None:
    """What is true of the rows of this table that are about this person; None if the table is about nobody.

    `touched` names the columns, by table, that only tell who had a hand in a row of somebody else's.
    """
    if table.name == Account.__tablename__:
        return table.c.id == account_id
    if named := _owners(table, touched):
        return sa.or_(*(_is_one_of(column, account_id) for column in named))
    parents = [
        (key.parent, key.column, condition)
        for key in table.foreign_keys
        if key.ondelete == "CASCADE" and key.column.table is not table
        if (condition := is_about(key.column.table, account_id, touched)) is not None
    ]
    return sa.or_(*(child.in_(sa.select(id).where(condition)) for child, id, condition in parents)) if parents else None


def _owners(table: sa.Table, touched: Touched) -> list[sa.Column[Any]]:
    return [column for column in table.columns if names_people(column) and column.name not in touched.get(table.name, ())]


def _is_one_of(column: sa.Column[Any], account_id: int) -> sa.ColumnElement[bool]:
    people = next(iter(column.foreign_keys)).column.table
    if people.name == Account.__tablename__:
        return column == account_id
    return column.in_(sa.select(people.c.id).where(people.c.account_id == account_id))


def held(tx: Session, account: Account, touched: Touched = _NOTHING) -> dict[str, Rows]:
    """Every row about this person by table, each as a mapping of columns to values; tables without any are left out.

    Of rows of somebody else's in which they only had a hand there are the numbers and times, not the words.
    """
    settle(tx)
    found: dict[str, Rows] = {}
    for table in tables():
        condition = is_about(table, account.id, touched)
        if condition is not None:
            hands = [table.c[name] for name in touched.get(table.name, ())]
            rows = _rows(tx, table, [column for column in table.columns if column not in hands], condition)
            for hand in hands:
                theirs = sa.not_(sa.func.coalesce(condition, sa.false()))
                rows += _rows(tx, table, [*_when(table), hand], _is_one_of(hand, account.id) & theirs)
            if rows:
                found[table.name] = rows
    return found


def _when(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if column.primary_key or isinstance(column.type, Instant)]


def _rows(tx: Session, table: sa.Table, columns: list[sa.Column[Any]], condition: sa.ColumnElement[bool]) -> Rows:
    return [dict(row) for row in tx.execute(sa.select(*columns).where(condition).order_by(*table.primary_key)).mappings()]


def count(tx: Session, account: Account, touched: Touched = _NOTHING) -> dict[str, int]:
    """How many rows of this person's each table holds; tables without any are left out."""
    settle(tx)
    found = {}
    for table in tables():
        condition = is_about(table, account.id, touched)
        if condition is not None:
            number = tx.scalar(sa.select(sa.func.count()).select_from(table).where(condition))
            if number:
                found[table.name] = number
    return found
