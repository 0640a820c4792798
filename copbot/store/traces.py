"""Where words of a practice lie besides the practice: in questions that showed it, kept so that they can still be answered."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.store.questions import Question

#: Stands where words stood.
_GONE = "…"

#: Steps whose choices are practices.
_LISTS = ("search.opened", "practices.compared")


def forget_practice(tx: Session, community_id: int, id: int, *, close: bool) -> None:
    """Take the words of a practice out of the questions that showed it; with `close` they cannot be answered any more."""
    for question in tx.scalars(sa.select(Question).where(Question.community_id == community_id)):
        if id in (question.state.get("practice"), question.state.get("similar")):
            _empty(question)
            question.closed = question.closed or close
        elif question.step in _LISTS and str(id) in (key for key, _label in question.choices):
            question.choices = [[key, _GONE if key == str(id) else label] for key, label in question.choices]


def forget_draft(tx: Session, member_id: int, id: int) -> None:
    """The same for a draft that was thrown away or has become a practice."""
    mine = sa.select(Question).where(Question.member_id == member_id, Question.step.startswith("practices.", autoescape=True))
    _close(question for question in tx.scalars(mine) if question.state.get("draft") == id)


def _close(questions: Iterable[Question]) -> None:
    for question in questions:
        _empty(question)
        question.closed = True


def _empty(question: Question) -> None:
    question.text = _GONE
    if "words" in question.state:
        question.state = {**question.state, "words": ""}
