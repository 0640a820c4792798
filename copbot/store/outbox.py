"""What copbot has to say, kept in the transaction that decided to say it, until the platform has it."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.base import Base
from copbot.store.transactions import Transaction, changed, directly, settle
from copbot.vocabulary import Act, Attachment, Choice, Outgoing, Person, Place

#: After so many failures of an unknown kind a message is given up, loudly. With the back-off this is about a day.
MOST_ATTEMPTS = 30

#: How long copbot remembers which of its messages was about what, so that replies and buttons keep working.
REMEMBERED = timedelta(days=70)


#: What a message is about that lies in the database of parole libre and not in this one.
APART = "apart"


_WAITING = sa.text("state = 'waiting'")


class Letter(Base):
    """One message of copbot's. The words go as soon as the platform has them; what it was about stays a while."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(
            "ix_outbox_waiting", "id", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        ),
        sa.Index("ix_outbox_message", "platform", "room", "message"),
        sa.Index(
            "ix_outbox_pressable", "question_id", sqlite_where=sa.text("pressable"), postgresql_where=sa.text("pressable")
        ),
        {
            "comment": "Messages of copbot's that wait to be sent, and for a while what a sent one was about",
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the message, also its id when it is sent again")
    community_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"), index=True, comment="The community it belongs to"
    )
    member_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("members.id", ondelete="CASCADE"), index=True, comment="The member it is for, when it is private"
    )
    platform: Mapped[str] = mapped_column(comment="telegram, matrix or console")
    room: Mapped[str] = mapped_column(comment="The group, or the person's id on the platform")
    private: Mapped[bool] = mapped_column(comment="Whether it goes to one person in private")
    thread: Mapped[str] = mapped_column(default="", comment="The thread in the group")
    within: Mapped[str] = mapped_column(
        default="", comment="The group where one may be shown it who is not to be had in private"
    )
    act: Mapped[Act] = mapped_column(sa.String, default="say", comment="say, strip, remove or forget")
    text: Mapped[str | None] = mapped_column(comment="The words, until they are sent")
    choices: Mapped[list[Any]] = mapped_column(default=list, comment="The answers offered under it, until it is sent")
    reply_to: Mapped[str] = mapped_column(default="", comment="The platform's id of the message it answers")
    attachment: Mapped[dict[str, Any] | None] = mapped_column(comment="Name and type of its file, until it is sent")
    content: Mapped[bytes | None] = mapped_column(comment="The file, until it is sent")
    confidential: Mapped[bool] = mapped_column(default=False, comment="Whether platforms must protect it from copying")
    leave: Mapped[bool] = mapped_column(default=False, comment="Whether copbot leaves the group after it")
    prompts: Mapped[bool] = mapped_column(default=False, comment="Whether own words are expected in answer, in a group")
    pressable: Mapped[bool] = mapped_column(default=False, comment="Whether its choices can be pressed where it was sent")
    about: Mapped[str] = mapped_column(default="", comment="What it is about, such as practice:14")
    question_id: Mapped[int | None] = mapped_column(comment="Number of the question it asks, if it asks one")
    dedupe: Mapped[str | None] = mapped_column(unique=True, comment="What makes it the same message if said twice")
    state: Mapped[str] = mapped_column(default="waiting", comment="waiting, sent, held, expired, unreachable or failed")
    attempts: Mapped[int] = mapped_column(default=0, comment="How often sending it failed")
    created_at: Mapped[datetime] = mapped_column(comment="When it was decided")
    not_before: Mapped[datetime | None] = mapped_column(comment="When to try again")
    expires_at: Mapped[datetime | None] = mapped_column(comment="When it is of no more use")
    message: Mapped[str] = mapped_column(default="", comment="The platform's id of the sent message")

    @property
    def chat(self) -> tuple[str, str, bool]:
        """What must stay in order: one chat's messages."""
        return self.platform, self.room, self.private

    @property
    def vanishes(self) -> bool:
        """Tell whether nothing is left of it once it is done: it only did something to another message."""
        return self.act != "say"

    @property
    def apart(self) -> bool:
        """Tell whether it is kept elsewhere: this database knows nothing of it."""
        return self.about == APART

    def outgoing(self) -> Outgoing:
        """The message as adapters take it."""
        to = Person(self.platform, self.room, "") if self.private else Place(self.platform, self.room, "group", self.thread)
        return Outgoing(
            id=self.id,
            to=to,
            text=self.text or "",
            choices=tuple(Choice(label, token) for label, token in self.choices),
            reply_to=self.reply_to,
            attachment=self._file(),
            confidential=self.confidential,
            leave=self.leave,
            act=self.act,
            prompts=self.prompts,
            within=Place(self.platform, self.within, "group", self.thread) if self.within else None,
        )

    def _file(self) -> Attachment | None:
        if self.attachment is None:
            return None
        name, media_type, reference = (self.attachment.get(key, "") for key in ("name", "media_type", "reference"))
        return Attachment(name, media_type, self.content or b"", reference)

    @property
    def fetched_from(self) -> str:
        """The other platform from which its file is to be brought; "" where there is none."""
        lies_on = str((self.attachment or {}).get("lies_on", ""))
        return lies_on if lies_on != self.platform else ""

    @property
    def otherwise(self) -> str:
        """What is said in place of a file that cannot be brought."""
        return "\n".join(filter(None, (self.text, str((self.attachment or {}).get("otherwise", "")))))


def put(tx: Session, letter: Letter) -> Letter | None:
    """Keep it for delivery; None if the same (by `dedupe`) was put before. It has its number once the transaction settles."""
    if letter.dedupe and tx.scalars(sa.select(Letter.id).where(Letter.dedupe == letter.dedupe)).first():
        return None
    if isinstance(tx, Transaction) and not letter.dedupe:
        tx.later.append(letter)
    else:
        settle(tx)  # what was put before keeps the smaller number
        tx.add(letter)
    tx.info.setdefault("letters", []).append(letter)
    return letter


def fresh(tx: Session) -> list[Letter]:
    """The messages put in this transaction, less those that a savepoint took back; asked once, at its end."""
    tx.flush()
    last = _written(tx)
    kept = [letter for letter in tx.info.pop("letters", []) if letter in last or letter in tx]
    for letter in kept:
        if sa.inspect(letter).expired_attributes:  # by a savepoint that was rolled back: it is read after the transaction
            tx.refresh(letter)
    return kept


def _written(tx: Session) -> set[Letter]:
    """Those that waited for the end of the transaction: nobody looks for them in the session any more."""
    if not (isinstance(tx, Transaction) and tx.later):
        return set()
    letters = cast("list[Letter]", tx.later)
    for letter in letters:
        for name, value in _BLANK.items():
            if getattr(letter, name) is None:
                setattr(letter, name, copy(value))
    numbers = directly(tx, _PUT, [{name: getattr(letter, name) for name in _BLANK} for letter in letters]).scalars()
    for letter, number in zip(letters, numbers, strict=True):
        letter.id = number
    tx.later = []
    return set(letters)


def waiting(tx: Session, after: int = 0) -> list[Letter]:
    """What is still to be sent with a number above `after`, oldest first."""
    return list(tx.scalars(sa.select(Letter).where(Letter.state == "waiting", Letter.id > after).order_by(Letter.id)))


@dataclass(frozen=True, slots=True)
class Stub:
    """A message that waits, without its words."""

    id: int
    platform: str
    room: str
    private: bool
    not_before: datetime | None
    attempts: int


def stubs(tx: Session) -> list[Stub]:
    """What is still to be sent, oldest first, as little of it as tells where it goes: there may be very much."""
    columns = (Letter.id, Letter.platform, Letter.room, Letter.private, Letter.not_before, Letter.attempts)
    return [Stub(*row) for row in tx.execute(sa.select(*columns).where(Letter.state == "waiting").order_by(Letter.id))]


def still_waiting(tx: Session, id: int) -> Letter | None:
    """This message, unless it was withdrawn meanwhile."""
    letter = tx.get(Letter, id)
    return letter if letter and letter.state == "waiting" else None


def shorten(tx: Session, id: int, text: str) -> None:
    """The platform has the beginning: only this is still to be said."""
    tx.execute(sa.update(Letter).where(Letter.id == id).values(text=text, attachment=None, content=None, reply_to=""))


def shortened(letter: Letter, text: str) -> None:
    """The same for the message in memory."""
    letter.text, letter.attachment, letter.content, letter.reply_to = text, None, None, ""


def sent_as(tx: Session, place: Place, message: str) -> Letter | None:
    """Copbot's own message with this platform id, if it remembers it."""
    query = sa.select(Letter).where(Letter.platform == place.platform, Letter.room == place.room, Letter.message == message)
    query = query.where(Letter.private.is_(place.kind == "private"))  # a group may be called like a person
    return tx.scalars(query.order_by(Letter.id.desc())).first()


def messages(tx: Session, platform: str) -> list[str]:
    """The platform's ids of the messages that copbot remembers."""
    return list(tx.scalars(sa.select(Letter.message).where(Letter.platform == platform)))


def withdraw(tx: Session, dedupe: str) -> None:
    """Do not send the waiting message with this key after all."""
    tx.execute(sa.delete(Letter).where(Letter.dedupe == dedupe, Letter.state == "waiting"))


def sent(tx: Session, id: int, message: str) -> None:
    """The platform has it: forget the words, remember its id there."""
    directly(tx, _ENDED, {"letter": id, "to": "sent", "known_as": message})


def all_sent(tx: Session, taken: list[tuple[int, str]]) -> None:
    """The same for many at once."""
    directly(tx, _ENDED, [{"letter": id, "to": "sent", "known_as": message} for id, message in taken])


def end(tx: Session, id: int, state: str) -> None:
    """It will not be sent: `state` is expired, unreachable or failed."""
    directly(tx, _ENDED, {"letter": id, "to": state, "known_as": ""})


def hold(tx: Session, id: int) -> None:
    """It cannot be brought to this person now: it keeps its words until they open the chat, for a while."""
    tx.execute(sa.update(Letter).where(Letter.id == id).values(state="held"))


def held(tx: Session, person: Person) -> list[Letter]:
    """What waits for this person to open the private chat, oldest first."""
    theirs = sa.select(Letter).where(Letter.platform == person.platform, Letter.room == person.id, Letter.private)
    return list(tx.scalars(theirs.where(Letter.state == "held").order_by(Letter.id)))


def release(tx: Session, letter: Letter) -> None:
    """Send it after all."""
    letter.state, letter.attempts, letter.not_before = "waiting", 0, None
    tx.info.setdefault("letters", []).append(letter)


def postpone(tx: Session, id: int, until: datetime, failures: int) -> None:
    """Try again at `until`."""
    tx.execute(sa.update(Letter).where(Letter.id == id).values(not_before=until, attempts=failures))


def forget(tx: Session, now: datetime) -> int:
    """Drop the memory of messages older than REMEMBERED; answer how many."""
    return changed(tx, sa.delete(Letter).where(Letter.state != "waiting", Letter.created_at < now - REMEMBERED))


#: On the table itself and built once: these run for every message copbot sends.
_TABLE = cast("sa.Table", Letter.__table__)

#: What a message is where it says nothing.
_BLANK = {
    name: (column.default.arg if column.default.is_scalar else []) if isinstance(column.default, sa.ColumnDefault) else None
    for name, column in _TABLE.columns.items()
    if name != "id"
}

_PUT = sa.insert(_TABLE).returning(_TABLE.c.id, sort_by_parameter_order=True)
_ENDED = (
    sa.update(_TABLE)
    .where(_TABLE.c.id == sa.bindparam("letter"))
    .values(state=sa.bindparam("to"), message=sa.bindparam("known_as"))
    .values(text=None, choices=[], attachment=None, content=None)
)
