"""How long rows are kept, and the cleaning that sees to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.store import index, privacy, tickets
from copbot.store.base import Base
from copbot.store.outbox import Letter
from copbot.store.people import Account, Community, Member, Room
from copbot.store.questions import Question
from copbot.store.transactions import settle


@dataclass(frozen=True, slots=True)
class Rule:
    """How long the rows of one table are kept: `days` after the moment in column `since`, or as long as `kept` says.

    Rows with the values of `unless` stay. `touched` names the columns that tell who had a hand in somebody else's row.
    """

    purpose: str
    days: int | None = None
    since: str = ""
    unless: Mapping[str, Any] = field(default_factory=dict)
    kept: str = ""
    touched: list[str] = field(default_factory=list)

    def is_over(self, table: sa.Table, now: datetime) -> sa.ColumnElement[bool]:
        """What is true of the rows whose time has come."""
        stays = (table.c[name] != value for name, value in self.unless.items())
        return sa.and_(table.c[self.since] < now - timedelta(days=self.days or 0), *stays)


def purge(tx: Session, now: datetime, rules: Mapping[str, Rule], *, dry_run: bool = False) -> dict[str, int]:
    """Erase what has been kept long enough; answer how many rows went from each table, or would go."""
    settle(tx)
    before = _sizes(tx)
    with tx.begin_nested() as trial:
        _erase(tx, now, rules)
        after = _sizes(tx)
        if dry_run:
            trial.rollback()
    gone = {name: number - after[name] for name, number in before.items() if number > after[name]}
    if gone and not dry_run:
        index.sweep(tx)
        let_go(tx)
    if not dry_run:
        tx.info["erased"] = True  # also for what was changed since the last time
    return gone


def _erase(tx: Session, now: datetime, rules: Mapping[str, Rule]) -> None:
    for table in reversed(privacy.tables()):
        if (rule := rules[table.name]).days is not None:
            tx.execute(sa.delete(table).where(rule.is_over(table, now)))
    # Who is in no community any more, communities without a room, and strangers who were told that they are strangers.
    _execute(tx, sa.delete(Community).where(Community.id.not_in(sa.select(Room.community_id))))
    _execute(tx, sa.delete(Account).where(Account.id.not_in(sa.select(Member.account_id))))
    _execute(tx, sa.delete(Letter).where(Letter.private, Letter.member_id.is_(None), Letter.state != "waiting"))
    _execute(tx, sa.delete(Letter).where(Letter.state == "held", Letter.created_at < now - tickets.GOOD_FOR))


def _execute(tx: Session, statement: sa.Delete) -> None:
    tx.execute(statement, execution_options={"synchronize_session": False})


def _sizes(tx: Session) -> dict[str, int]:
    return {table.name: tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in privacy.tables()}


def drop_questions(tx: Session, step: str, before: datetime) -> None:
    """Drop the questions of this step that nobody answered since then."""
    _execute(tx, sa.delete(Question).where(Question.step == step, Question.asked_at < before))


def drop_letter(tx: Session, letter: Letter | None) -> None:
    """Erase a message, sent or not, with the trace that it was ever there."""
    if letter:
        tx.delete(letter)
    tx.info["erased"] = True


def let_go(tx: Session) -> None:
    """Drop from the session what is no longer in the database, so that nothing tries to write it. To be called flushed."""
    for thing in list(tx):
        mapper, identity = sa.inspect(thing).mapper, sa.inspect(thing).identity
        key = sa.and_(*(column == value for column, value in zip(mapper.primary_key, identity or (), strict=True)))
        if tx.execute(sa.select(sa.literal(1)).select_from(mapper.local_table).where(key)).first() is None:
            tx.expunge(thing)
        elif not isinstance(thing, Letter) and any(map(privacy.may_lose_its_author, mapper.columns)):
            tx.expire(thing)


def register(rules: Mapping[str, Rule], purposes: Mapping[str, str], metadata: sa.MetaData = Base.metadata) -> str:
    """The record of processing, as Markdown: what each table holds, about whom, what for and for how long."""
    parts = [_entry(table, rules[table.name], purposes) for table in sorted(metadata.tables.values(), key=lambda one: one.name)]
    return "\n\n".join(parts)


def _entry(table: sa.Table, rule: Rule, purposes: Mapping[str, str]) -> str:
    about = "people" if privacy.is_about(table, 0) is not None else "nobody in person"
    keeps = rule.kept or f"{rule.days} days after «{table.c[rule.since].comment}»"
    if rule.days is not None and rule.kept:
        keeps = f"{rule.kept}; {rule.days} days after «{table.c[rule.since].comment}»"
    return "\n".join(
        [
            f"## {table.name}",
            "",
            f"{table.comment}.",
            "",
            f"- About: {about}",
            f"- What for: {purposes[rule.purpose]}",
            f"- How long: {keeps}",
            "",
            "| Column | What it holds |",
            "| --- | --- |",
            *_columns(table.columns),
        ]
    )


def _columns(columns: Iterable[sa.Column[Any]]) -> list[str]:
    return [f"| {column.name} | {column.comment} |" for column in columns]
