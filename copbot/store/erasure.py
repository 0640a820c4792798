"""Forgetting somebody: their rows, and what of their words still lies in messages and questions to others."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.store import index, privacy, retention, schedules
from copbot.store.attachments import Attachment
from copbot.store.outbox import Letter
from copbot.store.people import Account, Member
from copbot.store.practices import Practice
from copbot.store.questions import Question
from copbot.store.reminders import Reminder
from copbot.store.rounds import Round
from copbot.store.schedules import Schedule
from copbot.store.transactions import settle

#: What copbot itself wrote or set: not the person's words.
_OURS = {Letter.__tablename__, Question.__tablename__, Schedule.__tablename__, Account.__tablename__, Member.__tablename__}

#: So many words in a row are told again as the person's words.
_RUN = 4

#: A text of two or three words tells nothing of its author when it is shorter than this.
_TELLING = 12

#: Stands where a forgotten person's words stood.
_GONE = "(…)"


def gifts(tx: Session, account: Account) -> dict[str, int]:
    """How much, by table, this person made for others: practices, reminders of the group, questions of rounds."""
    mine = sa.select(Member.id).where(Member.account_id == account.id)
    numbers = {
        model.__tablename__: tx.scalar(sa.select(sa.func.count()).select_from(model).where(condition)) or 0
        for model, condition in _gifts(mine).items()
    }
    return {name: number for name, number in numbers.items() if number}


def _gifts(mine: sa.Select[int]) -> dict[type[Practice | Reminder | Round], sa.ColumnElement[bool]]:
    return {
        Practice: Practice.member_id.in_(mine),
        Reminder: Reminder.author_id.in_(mine) & Reminder.member_id.is_(None),
        Round: Round.opener_id.in_(mine) & (Round.question != ""),
    }


def erase(tx: Session, account: Account, *, gifts_too: bool) -> None:
    """Erase this person from every community. What they made for others stays without its author, unless it is to go too.

    In the session nothing of theirs is left; the caller must not touch their rows any more.
    """
    settle(tx)
    traces = Traces(account.name, _words_of(tx, account), _files_of(tx, account))
    communities = list(tx.scalars(sa.select(Member.community_id).where(Member.account_id == account.id)))
    if gifts_too:
        _take_back(tx, sa.select(Member.id).where(Member.account_id == account.id))
    tx.flush()
    tx.execute(sa.delete(Account).where(Account.id == account.id), execution_options={"synchronize_session": False})
    retention.let_go(tx)
    for community in communities:
        _blot_out(tx, community, traces)
    tx.flush()
    tx.info["erased"] = True


def _take_back(tx: Session, mine: sa.Select[int]) -> None:
    which = _gifts(mine)
    shared = tx.scalars(sa.select(Practice).where(which[Practice])).all()
    for practice in shared:
        index.remove(tx, practice.community_id, practice.id)
        tx.delete(practice)
    if shared:
        tx.flush()
        index.sweep(tx)
    for reminder in tx.scalars(sa.select(Reminder).where(which[Reminder])).all():
        schedules.cancel_for(tx, "reminders.", reminder.id)
        tx.delete(reminder)
    for round in tx.scalars(sa.select(Round).where(which[Round])):
        round.question = ""  # the round itself is the others' as well


class Traces:
    """What tells that a line is, or quotes, what somebody wrote: their name, and any four words in a row of theirs."""

    def __init__(self, name: str, texts: Iterable[str], files: Iterable[str] = ()) -> None:
        self._files = set(files)
        self._name = re.compile(rf"(?<!\w){re.escape(name.casefold())}(?!\w)") if re.search(r"\w", name) else None
        self._runs = {run for text in texts for run in _runs(text)}

    def are_in(self, line: str) -> bool:
        """Tell whether the line holds one."""
        folded = line.casefold()
        return bool(self._name and self._name.search(folded)) or any(run in self._runs for run in _runs(line, short=True))

    def is_file(self, described: Any) -> bool:
        """Tell whether this describes a file of theirs."""
        return isinstance(described, dict) and described.get("reference") in self._files

    def without(self, value: Any) -> Any:
        """The value (a text, a file, or lists and mappings of them) without the lines that hold one."""
        match value:
            case str():
                return "\n".join(_GONE if self.are_in(line) else line for line in value.split("\n"))
            case bytes():
                return self.without(value.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
            case list():
                return [self.without(one) for one in value]
            case dict():
                # Files on their way into a practice go, whosesoever they are: they are easily sent again.
                return {name: [] if name == "came" else self.without(one) for name, one in value.items()}
            case _:
                return value


def _runs(text: str, *, short: bool = False) -> Iterator[tuple[str, ...]]:
    """Every four words in a row; of a text that has two or three all of them; with `short` every two and three as well."""
    for line in text.casefold().splitlines():
        words = re.findall(r"\w+", line)
        for length in (2, 3, _RUN):
            if length == _RUN or short or (len(words) == length and len(line) >= _TELLING):
                yield from (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _files_of(tx: Session, account: Account) -> list[str]:
    mine = sa.select(Member.id).where(Member.account_id == account.id)
    return list(tx.scalars(sa.select(Attachment.reference).where(Attachment.member_id.in_(mine))))


def _words_of(tx: Session, account: Account) -> Iterator[str]:
    """All that the person wrote, from every table of features."""
    for name, rows in privacy.held(tx, account, {}).items():
        if name not in _OURS:
            yield from (value for row in rows for value in row.values() if isinstance(value, str))


def _blot_out(tx: Session, community_id: int, traces: Traces) -> None:
    """Take the traces out of what waits to be said to others, and of the questions that others can still answer."""
    # Answered questions are kept for /back alone: it is simpler and surer to let them go.
    tx.execute(sa.delete(Question).where(Question.community_id == community_id, Question.closed))
    retention.let_go(tx)
    for question in tx.scalars(sa.select(Question).where(Question.community_id == community_id)):
        question.text, question.state, question.choices = map(traces.without, (question.text, question.state, question.choices))
    waiting = sa.select(Letter).where(Letter.community_id == community_id, Letter.state.in_(("waiting", "held")))
    for letter in tx.scalars(waiting):
        letter.text, letter.choices, letter.content = map(traces.without, (letter.text, letter.choices, letter.content))
        if traces.is_file(letter.attachment):
            letter.attachment = None
    for schedule in tx.scalars(sa.select(Schedule).where(Schedule.community_id == community_id)):
        schedule.state = traces.without(schedule.state)
