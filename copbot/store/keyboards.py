"""The buttons under messages: taken off once nothing can be answered with them any more, one edit for each message."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, aliased, object_session

from copbot.store import outbox
from copbot.store.outbox import Letter
from copbot.store.questions import Question

#: A message under which buttons stay for longer than this is let be.
_PATIENCE = timedelta(days=1)

#: So many messages of a question are seen to at most, the newest: a practice may have been shown a hundred times.
_MOST = 10


@event.listens_for(Question.closed, "set")
def _note_closed(question: Question, closed: object, *_more: object) -> None:
    tx = object_session(question)
    if closed and tx and question.id:
        tx.info.setdefault("closed", set()).add(question.id)


def tidy(tx: Session, now: datetime) -> None:
    """Take the buttons off what was closed in this transaction, and off what could be answered anew until then."""
    closed = tx.info.pop("closed", set())
    if closed:
        tx.flush()
        before = tx.scalars(sa.select(Question.before).where(Question.id.in_(closed), Question.before.is_not(None)))
        strip(tx, now, {*closed, *before})


def strip(tx: Session, now: datetime, questions: Iterable[int]) -> None:
    """Take the buttons off those of these questions that are done: closed, and followed by none that is still open."""
    following = aliased(Question)
    goes_on = sa.exists().where(following.before == Question.id, following.closed.is_(False))
    done = sa.select(Question.id).where(Question.id.in_(questions), Question.closed, ~goes_on)
    _take_off(tx, now, Letter.question_id.in_(done))


def replace(tx: Session, now: datetime, question: Question) -> None:
    """Take the buttons off the messages in which this question was asked before: it is asked anew."""
    _take_off(tx, now, Letter.question_id == question.id)


def _take_off(tx: Session, now: datetime, which: sa.ColumnElement[bool]) -> None:
    """Only where the platform has the message: of one that is still on its way, `posted` sees to it."""
    shown = sa.select(Letter).where(Letter.pressable, Letter.state == "sent", which).order_by(Letter.id.desc())
    for letter in tx.scalars(shown).all()[:_MOST]:
        letter.pressable = False
        outbox.put(
            tx,
            Letter(
                act="strip",
                community_id=letter.community_id,
                member_id=letter.member_id,
                platform=letter.platform,
                room=letter.room,
                private=letter.private,
                thread=letter.thread,
                reply_to=letter.message,
                created_at=now,
                expires_at=now + _PATIENCE,
            ),
        )
