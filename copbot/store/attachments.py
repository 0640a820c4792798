"""Files that came with practices and answers: where they lie on their platform, and what they are; never what is in them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.base import Base
from copbot.store.people import Member
from copbot.vocabulary import Received

#: So many files belong to one practice or one check-in at most.
MOST = 10

#: Bytes of a file at most: what the narrowest of the platforms lets a bot fetch.
LARGEST = 20_000_000


class Attachment(Base):
    """A file that stays on the platform it came by. It belongs to a practice, a draft or a check-in, and goes with it."""

    __tablename__ = "attachments"
    __table_args__ = {"comment": "Files that members gave with practices and answers; they stay on the platform"}

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the file")
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("members.id", ondelete="CASCADE"), index=True, comment="Who gave it")
    practice_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("practices.id", ondelete="CASCADE"), index=True, comment="The practice it belongs to, if it is one"
    )
    draft_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("practice_drafts.id", ondelete="CASCADE"), index=True, comment="The draft it belongs to, if it is one"
    )
    checkin_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("checkins.id", ondelete="CASCADE"), index=True, comment="The check-in it belongs to, if it is one"
    )
    part: Mapped[str] = mapped_column(default="", comment="The question it answered")
    platform: Mapped[str] = mapped_column(comment="The platform on which it lies")
    kind: Mapped[str] = mapped_column(comment="picture, voice, audio, video or document")
    reference: Mapped[str] = mapped_column(comment="Where it lies there")
    name: Mapped[str] = mapped_column(default="", comment="The name it came with")
    media_type: Mapped[str] = mapped_column(default="", comment="Its type, as the platform says")
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0, comment="How many bytes it has; 0 where that is not known")
    caption: Mapped[str] = mapped_column(default="", comment="What was written with it")
    added_at: Mapped[datetime] = mapped_column(comment="When it came")


def keep(
    tx: Session,
    member: Member,
    files: Iterable[Received],
    now: datetime,
    *,
    practice: int | None = None,
    draft: int | None = None,
    checkin: int | None = None,
    part: str = "",
    caption: str = "",
) -> None:
    """Note where these files of the member's lie. Give one of practice, draft and checkin."""
    for file in files:
        tx.add(
            Attachment(
                member_id=member.id,
                practice_id=practice,
                draft_id=draft,
                checkin_id=checkin,
                part=part,
                platform=member.account.platform,
                kind=file.kind,
                reference=file.reference,
                name=file.name[:200],
                media_type=file.media_type[:100],
                size=file.size,
                caption=caption,
                added_at=now,
            )
        )
    tx.flush()


def of_practice(tx: Session, id: int) -> Sequence[Attachment]:
    """The files of this practice, in the order they came."""
    return tx.scalars(sa.select(Attachment).where(Attachment.practice_id == id).order_by(Attachment.id)).all()


def of_draft(tx: Session, id: int) -> Sequence[Attachment]:
    """The files of this draft, in the order they came."""
    return tx.scalars(sa.select(Attachment).where(Attachment.draft_id == id).order_by(Attachment.id)).all()


def of_checkin(tx: Session, id: int) -> Sequence[Attachment]:
    """The files of this check-in, in the order they came."""
    return tx.scalars(sa.select(Attachment).where(Attachment.checkin_id == id).order_by(Attachment.id)).all()


def follow(tx: Session, draft: int, practice: int) -> None:
    """The draft has become a practice: its files go with it."""
    mine = sa.update(Attachment).where(Attachment.draft_id == draft)
    tx.execute(mine.values(draft_id=None, practice_id=practice), execution_options={"synchronize_session": "fetch"})


def let_go(tx: Session, checkin: int, parts: Iterable[str]) -> None:
    """Forget the files that answered these questions of a check-in: they are answered otherwise."""
    old = sa.select(Attachment).where(Attachment.checkin_id == checkin, Attachment.part.in_(list(parts)))
    for file in tx.scalars(old).all():
        tx.delete(file)
    tx.flush()


def refile(tx: Session, checkin: int, part: str, to: str) -> None:
    """What was given in answer to one question of a check-in turns out to answer another."""
    mine = sa.update(Attachment).where(Attachment.checkin_id == checkin, Attachment.part == part)
    tx.execute(mine.values(part=to), execution_options={"synchronize_session": "fetch"})
