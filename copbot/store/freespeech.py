"""Parole libre as it is kept: a database of its own that holds sealed words, numbers and days, and nobody's name.

No author, no event, no time of day, no running number. Ids are drawn by chance; on SQLite rows lie in their order, not in that
of arrival. Who asked what when is in the memory of the process alone, or sealed for the hour that an exchange lasts.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.apart import Apart


class Desk(Apart):
    """An exchange that is under way, for an hour at most: whose it is and how far it got, sealed to a passing key."""

    __tablename__ = "parole_desks"
    __table_args__ = {"comment": "Exchanges under way, sealed, an hour at most", "sqlite_with_rowid": False}

    id: Mapped[str] = mapped_column(primary_key=True, comment="Drawn by chance")
    key: Mapped[date] = mapped_column(comment="The day whose passing key opens it")
    blob: Mapped[bytes] = mapped_column(comment="Who writes and how far they are, sealed")
    words: Mapped[bytes] = mapped_column(comment="The words that are not sent yet, sealed")


class Slip(Apart):
    """A message of copbot's that nobody but its reader may know of; gone once it is sent."""

    __tablename__ = "parole_letters"
    __table_args__ = {"comment": "Confidential messages not yet sent, sealed", "sqlite_with_rowid": False}

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, comment="Drawn by chance")
    key: Mapped[date] = mapped_column(comment="The day whose passing key opens it")
    desk: Mapped[str] = mapped_column(default="", comment="The exchange it belongs to, if it does")
    subject: Mapped[str] = mapped_column(default="", comment="The message it brings to its readers, if it does")
    blob: Mapped[bytes] = mapped_column(comment="To whom, with which choices, sealed")
    words: Mapped[bytes] = mapped_column(comment="What it says, sealed")


class Thread(Apart):
    """One voice: what was said under one code, and what came back. Only the code leads to it."""

    __tablename__ = "parole_threads"
    __table_args__ = {"comment": "Threads: a pseudonym, a state, days; only the code leads to one", "sqlite_with_rowid": False}

    id: Mapped[str] = mapped_column(primary_key=True, comment="Made from the code; by chance once it was taken back")
    handle: Mapped[str] = mapped_column(unique=True, comment="By which listeners' buttons name it, drawn by chance")
    community_id: Mapped[int] = mapped_column(comment="The community it was said in")
    pseudonym: Mapped[str] = mapped_column(comment="What it is called, drawn by chance")
    public: Mapped[bytes] = mapped_column(comment="What replies are sealed to, made from the code")
    route: Mapped[str] = mapped_column(comment="group or listeners")
    state: Mapped[str] = mapped_column(
        default="received", comment="received, discussed, answered, closed, or lapsed for want of company"
    )
    day: Mapped[date] = mapped_column(
        comment="The day of its last message, for retention and the reply clock; the first of all days once it was taken back"
    )
    answered: Mapped[date | None] = mapped_column(comment="The day it was first answered")
    muted: Mapped[bool] = mapped_column(default=False, comment="Whether its code is refused")
    readers: Mapped[list[Any]] = mapped_column(default=list, comment="Listeners it was brought to, by number")
    address: Mapped[bytes | None] = mapped_column(comment="Where to tell of replies, if wished, sealed to a passing key")
    address_key: Mapped[date | None] = mapped_column(comment="The day whose passing key opens that")
    told: Mapped[bytes | None] = mapped_column(comment="What the group may hear of the answer, sealed")


class Message(Apart):
    """Words on their way: from the author to their readers, or from a listener to the author. Gone once they have arrived."""

    __tablename__ = "parole_messages"
    __table_args__ = {"comment": "Words on their way, sealed", "sqlite_with_rowid": False}

    id: Mapped[str] = mapped_column(primary_key=True, comment="Drawn by chance")
    thread_id: Mapped[str] = mapped_column(index=True, comment="The thread it belongs to")
    community_id: Mapped[int] = mapped_column(comment="The community it was said in")
    kind: Mapped[str] = mapped_column(comment="group, listeners, reply or wording")
    state: Mapped[str] = mapped_column(default="waiting", comment="waiting, leaving, arrived or ready")
    blob: Mapped[bytes] = mapped_column(comment="The words, sealed to the release key, to the listeners or to the code")
    sealed_to: Mapped[str] = mapped_column(default="house", comment="house, listeners or code")
    day: Mapped[date] = mapped_column(comment="The day it was written")
    readers: Mapped[list[Any] | None] = mapped_column(comment="Listeners who were named to its author, by number")


class Named(Apart):
    """The name of a voice that said who it is. Nobody else is given it, or they would be taken for that person."""

    __tablename__ = "parole_named"
    __table_args__ = {
        "comment": "Made-up names of voices that said who they are, not to be given again",
        "sqlite_with_rowid": False,
    }

    community_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="The community it was said in")
    pseudonym: Mapped[str] = mapped_column(primary_key=True, comment="What the voice was called")


TABLES = (Desk, Slip, Thread, Message)


# Reading


def desks(tx: Session) -> list[Desk]:
    """Every exchange under way."""
    return list(tx.scalars(sa.select(Desk)))


def slips(tx: Session) -> list[Slip]:
    """Every message not yet sent, in the order to send them."""
    return list(tx.scalars(sa.select(Slip).order_by(Slip.id)))


def is_all_said(tx: Session) -> bool:
    """Tell whether no message is still to be sent."""
    return not tx.scalar(sa.select(sa.exists().where(Slip.id.is_not(None))))


def has_voices(tx: Session, community_id: int) -> bool:
    """Tell whether anything was said in this community that is not over yet."""
    return bool(tx.scalar(sa.select(sa.exists().where(Thread.community_id == community_id))))


def has_waiting(tx: Session, community_id: int) -> bool:
    """Tell whether any message waits in this community."""
    return bool(tx.scalar(sa.select(sa.exists().where(Message.community_id == community_id, Message.state == "waiting"))))


def waiting(tx: Session, community_id: int, kind: str) -> list[Message]:
    """The messages of this kind that wait in this community."""
    query = sa.select(Message).where(Message.community_id == community_id, Message.kind == kind, Message.state == "waiting")
    return list(tx.scalars(query.order_by(Message.id)))


def is_on_its_way(tx: Session, thread: Thread) -> bool:
    """Tell whether words of its author wait to go out."""
    mine = sa.select(Message.id).where(Message.thread_id == thread.id, Message.kind.in_(["group", "listeners"]))
    return tx.scalars(mine.limit(1)).first() is not None


def ready(tx: Session, thread: Thread) -> list[Message]:
    """What waits to be read by the one who has the code."""
    return list(
        tx.scalars(sa.select(Message).where(Message.thread_id == thread.id, Message.state == "ready").order_by(Message.id))
    )


def still_there(tx: Session, ids: list[str]) -> list[Message]:
    """Those of these messages that have not gone."""
    return list(tx.scalars(sa.select(Message).where(Message.id.in_(ids)))) if ids else []


def take_in_again(tx: Session, community_id: int) -> None:
    """What was to leave and is in no message to be sent waits again."""
    lost = Message.id.not_in(sa.select(Slip.subject))
    leaving = sa.update(Message).where(Message.community_id == community_id, Message.state == "leaving", lost)
    tx.execute(leaving.values(state="waiting"))


def threads(tx: Session, community_id: int) -> list[Thread]:
    """Every thread of this community."""
    return list(tx.scalars(sa.select(Thread).where(Thread.community_id == community_id).order_by(Thread.pseudonym, Thread.id)))


def pseudonyms(tx: Session, community_id: int) -> set[str]:
    """The names that are taken in this community."""
    taken = tx.scalars(sa.select(Thread.pseudonym).where(Thread.community_id == community_id))
    return {*taken, *tx.scalars(sa.select(Named.pseudonym).where(Named.community_id == community_id))}


def is_named(tx: Session, thread: Thread) -> bool:
    """Tell whether this voice said who it is."""
    return tx.get(Named, (thread.community_id, thread.pseudonym)) is not None


def handled(tx: Session, handle: str) -> Thread | None:
    """The thread that listeners' buttons call so."""
    return tx.scalars(sa.select(Thread).where(Thread.handle == handle)).first()


# Letting go


def drop_desk(tx: Session, id: str) -> None:
    """End an exchange, with what was still to be said in it."""
    tx.execute(sa.delete(Slip).where(Slip.desk == id, Slip.subject == ""))
    tx.execute(sa.delete(Desk).where(Desk.id == id))


def drop_slip(tx: Session, id: int, *, reached: bool) -> bool:
    """Forget a message that was sent, or will not be; answer whether words arrived by it that are to be forgotten as well.

    Words that several messages bring have arrived once one of them did; where none did they wait for the next release.
    """
    slip = tx.get(Slip, id)
    brought = tx.get(Message, slip.subject) if slip and slip.subject else None
    if slip:
        tx.delete(slip)
        tx.flush()
    if brought is None:
        return False
    brought.state = "arrived" if reached or brought.state == "arrived" else brought.state
    if tx.scalar(sa.select(sa.func.count()).where(Slip.subject == brought.id)):
        return False
    if brought.state != "arrived":
        brought.state = "waiting"
        return False
    tx.delete(brought)
    return True


def drop_thread(tx: Session, thread: Thread) -> None:
    """Erase a thread with all its words, also those about to be said."""
    drop_words(tx, thread)
    tx.delete(thread)


def empty_thread(tx: Session, thread: Thread, id: str) -> None:
    """Erase its words, and lead its code nowhere. What listeners see of it stays until the next tick: its hour would tell."""
    drop_words(tx, thread)
    thread.id, thread.day = id, date.min
    thread.address = thread.address_key = None


def mute_thread(tx: Session, thread: Thread) -> None:
    """Refuse its code from now on. Nothing will come of it, so neither words nor an address wait any more."""
    drop_words(tx, thread)
    thread.muted, thread.address, thread.address_key = True, None, None


def drop_words(tx: Session, thread: Thread) -> None:
    """Erase all words of a thread, also those about to be said."""
    mine = sa.select(Message.id).where(Message.thread_id == thread.id)
    tx.execute(sa.delete(Slip).where(Slip.subject.in_(mine)))
    tx.execute(sa.delete(Message).where(Message.thread_id == thread.id))
