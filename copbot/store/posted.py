"""What becomes of a message of copbot's once the platform has it, or will not have it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.store import keyboards, outbox, rooms
from copbot.store.outbox import Letter


def sent(tx: Session, letter: Letter, message: str, now: datetime) -> None:
    """The platform has it and calls it `message`."""
    if letter.vanishes:
        _drop(tx, letter)
        return
    outbox.sent(tx, letter.id, message)
    if letter.choices and letter.question_id:  # it may have been answered otherwise while this was on its way
        keyboards.strip(tx, now, [letter.question_id])
    if not letter.private:
        rooms.heard_in(tx, letter.platform, letter.room)


def all_sent(tx: Session, taken: Sequence[tuple[Letter, str]], now: datetime) -> None:
    """The platform has these, and calls them so: most of them need nothing but the note, which is one for all."""
    if plain := [(letter, message) for letter, message in taken if not _needs_more(letter)]:
        outbox.all_sent(tx, [(letter.id, message) for letter, message in plain])
        for platform, room in {(letter.platform, letter.room) for letter, _message in plain if not letter.private}:
            rooms.heard_in(tx, platform, room)
    for letter, message in taken:
        if _needs_more(letter):
            sent(tx, letter, message, now)


def found_sent(tx: Session, taken: Sequence[tuple[int, datetime, str]], now: datetime) -> None:
    """The same for what an earlier copbot had sent and could not note any more: number, date, and the platform's id."""
    for id, created_at, message in taken:
        letter = outbox.still_waiting(tx, id)
        if letter and letter.created_at == created_at:
            sent(tx, letter, message, now)


def _needs_more(letter: Letter) -> bool:
    return letter.vanishes or not letter.private or bool(letter.choices and letter.question_id)


def given_up(tx: Session, letter: Letter, state: str, *, keep: bool = False) -> None:
    """It will not be sent: `state` is expired, failed or unreachable; with `keep` it waits for the chat to be opened."""
    if letter.vanishes:
        _drop(tx, letter)
    elif keep:
        outbox.hold(tx, letter.id)
    else:
        outbox.end(tx, letter.id, state)


def _drop(tx: Session, letter: Letter) -> None:
    tx.execute(sa.delete(Letter).where(Letter.id == letter.id))
