"""What members found to work and put down for the others: practices, what others made of them, and their numbers."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, lazyload, mapped_column, relationship

from copbot.store import index, tokens, traces
from copbot.store.base import Base
from copbot.store.people import Community, Member
from copbot.store.trials import Trial

#: The parts of a practice in the order in which they are asked for and shown.
PARTS = ("title", "context", "did", "changed", "redo")


class Parts:
    """The words of a practice, and the message they were taken from; a draft has them too."""

    title: Mapped[str] = mapped_column(default="", comment="What it is called")
    context: Mapped[str] = mapped_column(default="", comment="In what situation it was done")
    did: Mapped[str] = mapped_column(default="", comment="What was done")
    changed: Mapped[str] = mapped_column(default="", comment="What it changed")
    redo: Mapped[str] = mapped_column(default="", comment="What one needs to do it again elsewhere")
    named: Mapped[bool] = mapped_column(default=True, comment="Whether its author is shown by name")
    platform: Mapped[str] = mapped_column(default="", comment="Platform of the message it was taken from")
    room: Mapped[str] = mapped_column(default="", comment="Group of the message it was taken from")
    message: Mapped[str] = mapped_column(default="", comment="Id of the message it was taken from, to follow its edits")


class Practice(Parts, Base):
    """Something that was done, told so that others may take it up. `number` is what the community calls it by."""

    __tablename__ = "practices"
    __table_args__ = (
        sa.UniqueConstraint("community_id", "number"),
        sa.Index("ix_practices_message", "platform", "room", "message"),
        {"comment": "What members did and told the others, part by part"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the practice among all communities")
    community_id: Mapped[int] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"), comment="The community it was shared in"
    )
    number: Mapped[int] = mapped_column(comment="Number of the practice in its community")
    member_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("members.id", ondelete="SET NULL"), index=True, comment="Its author, unless they erased themselves"
    )
    curator_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("members.id", ondelete="SET NULL"), index=True, comment="Who put down the words of another, if so"
    )
    created_at: Mapped[datetime] = mapped_column(comment="When it was shared")
    changed_at: Mapped[datetime] = mapped_column(comment="When its words last changed")
    shown: Mapped[int] = mapped_column(default=0, comment="How often it was brought to light in the group")

    author: Mapped[Member | None] = relationship(foreign_keys=[member_id], lazy="select")
    tags: Mapped[list["Tag"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", passive_deletes=True, order_by="Tag.id"
    )


class Tag(Base):
    """A word under which a practice is filed."""

    __tablename__ = "practice_tags"
    __table_args__ = (
        sa.UniqueConstraint("practice_id", "tag"),
        sa.Index("ix_practice_tags_tag", "tag"),
        {"comment": "Words under which practices are filed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the row")
    practice_id: Mapped[int] = mapped_column(sa.ForeignKey("practices.id", ondelete="CASCADE"), comment="The practice")
    tag: Mapped[str] = mapped_column(comment="The word in lower case without accents, to compare")
    label: Mapped[str] = mapped_column(comment="The word as it was written")


class Shelf(Base):
    """How far the numbers of a community's practices have come: a number that was withdrawn never comes back."""

    __tablename__ = "practice_shelves"
    __table_args__ = {"comment": "How far the numbers of a community's practices have come"}

    community_id: Mapped[int] = mapped_column(
        sa.ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, comment="The community"
    )
    last: Mapped[int] = mapped_column(default=0, comment="The highest number given so far")
    terms: Mapped[str] = mapped_column(default="", comment="Language and version of the terms its index was made of")


@dataclass(frozen=True, slots=True)
class Echo:
    """What others made of a practice: how many it worked for, how many not, and their words, newest first."""

    practice: Practice
    worked: int
    failed: int
    trials: Sequence[Trial]


def shelve(tx: Session, community: Community, practice: Practice, tags: Iterable[str] = ()) -> Practice:
    """Keep a new practice under the next number of its community, and make it findable."""
    practice.community_id = community.id
    practice.number = _next_number(tx, community)
    tag(practice, tags)
    tx.add(practice)
    tx.flush()
    _index(tx, practice, community)
    return practice


def _next_number(tx: Session, community: Community) -> int:
    keep_findable(tx, community)
    if tx.get(Shelf, community.id) is None:
        tx.add(Shelf(community_id=community.id, last=0, terms=terms_of(community)))
        tx.flush()
    shelf = tx.get_one(Shelf, community.id, with_for_update=True, populate_existing=True)
    shelf.last += 1
    return shelf.last


def change(tx: Session, practice: Practice, now: datetime, tags: Iterable[str] | None = None, **parts: str) -> None:
    """Put other words into a practice; `parts` are named as in PARTS. The old ones are gone from the index too."""
    for part, words in parts.items():
        setattr(practice, part, words)
    if tags is not None:
        practice.tags.clear()
        tx.flush()
        tag(practice, tags)
    practice.changed_at = now
    traces.forget_practice(tx, practice.community_id, practice.id, close=False)
    tx.flush()
    _index(tx, practice, tx.get_one(Community, practice.community_id))
    index.sweep(tx)


def withdraw(tx: Session, practice: Practice) -> None:
    """Erase a practice, what others said of it, and every trace of its words in the index and in questions."""
    index.remove(tx, practice.community_id, practice.id)
    traces.forget_practice(tx, practice.community_id, practice.id, close=True)
    tx.delete(practice)
    tx.flush()
    index.sweep(tx)
    tx.info["erased"] = True


def tag(practice: Practice, labels: Iterable[str]) -> None:
    """File it under these words as well."""
    known = {one.tag for one in practice.tags}
    for label in (label.strip().lstrip("#") for label in labels):
        if (word := tokens.fold(label)) and word not in known:
            known.add(word)
            practice.tags.append(Tag(tag=word, label=label))


def numbered(tx: Session, community: Community, number: int) -> Practice | None:
    """The practice that the community knows by this number."""
    query = sa.select(Practice).where(Practice.community_id == community.id, Practice.number == number)
    return tx.scalars(query).first()


def of_ids(tx: Session, ids: Sequence[int]) -> dict[int, Practice]:
    """These practices, their tags not yet loaded."""
    query = sa.select(Practice).where(Practice.id.in_(ids)).options(lazyload(Practice.tags))
    return {practice.id: practice for practice in tx.scalars(query)} if ids else {}


def texts_of(tx: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """The words of these practices, part by part, without titles and empty parts."""
    rows = tx.connection().execute(_TEXTS, {"ids": ids}) if ids else ()
    return {id: [text for text in parts if text] for id, *parts in rows}


#: Built once: it runs for every search. What was done comes first: it tells most.
_TEXTS = sa.select(Practice.id, Practice.did, Practice.context, Practice.changed, Practice.redo).where(
    Practice.id.in_(sa.bindparam("ids", expanding=True))
)


def taken_from(tx: Session, community: Community, platform: str, room: str, message: str) -> Practice | None:
    """The practice that was made of this message, if one was."""
    where = (Practice.platform == platform, Practice.room == room, Practice.message == message)
    return tx.scalars(sa.select(Practice).where(Practice.community_id == community.id, *where)).first()


def shared_by(tx: Session, member: Member) -> list[Practice]:
    """The practices this member is the author of, oldest first."""
    return list(tx.scalars(sa.select(Practice).where(Practice.member_id == member.id).order_by(Practice.number)))


def listed(tx: Session, community: Community, tag: str = "", *, limit: int, offset: int = 0) -> list[Practice]:
    """The community's practices, newest first; with `tag` only those filed under it."""
    query = sa.select(Practice).where(Practice.community_id == community.id)
    if tag:
        query = query.where(Practice.id.in_(sa.select(Tag.practice_id).where(Tag.tag == tokens.fold(tag.lstrip("#")))))
    return list(tx.scalars(query.order_by(Practice.number.desc()).limit(limit).offset(offset)))


def tags_of(tx: Session, community: Community, limit: int = 8) -> list[tuple[str, int]]:
    """The community's most used tags as they are written, with how many practices each has."""
    count = sa.func.count().label("count")
    query = sa.select(sa.func.min(Tag.label), count).join(Practice, Practice.id == Tag.practice_id)
    query = (
        query.where(Practice.community_id == community.id)
        .group_by(Tag.tag)
        .order_by(count.desc(), sa.func.min(Tag.id))
        .limit(limit)
    )
    return [(label, number) for label, number in tx.execute(query)]


def echo(tx: Session, practice: Practice, since: datetime | None = None) -> Echo:
    """What others made of it, ever or since a moment."""
    query = sa.select(Trial).where(Trial.practice_id == practice.id).order_by(Trial.at.desc(), Trial.id.desc())
    trials = list(tx.scalars(query.where(Trial.at > since) if since else query))
    worked = sum(trial.worked for trial in trials)
    return Echo(practice, worked, len(trials) - worked, trials)


def since(tx: Session, community: Community, moment: datetime) -> list[Practice]:
    """Practices shared after this moment, oldest first."""
    query = sa.select(Practice).where(Practice.community_id == community.id, Practice.created_at > moment)
    return list(tx.scalars(query.order_by(Practice.number)))


def trials_since(tx: Session, community: Community, moment: datetime) -> list[Echo]:
    """What others made of practices after this moment, practice by practice; those nobody tried are left out."""
    tried = sa.select(Trial.practice_id).where(Trial.at > moment)
    query = sa.select(Practice).where(Practice.community_id == community.id, Practice.id.in_(tried))
    return [echo(tx, practice, moment) for practice in tx.scalars(query.order_by(Practice.number))]


def spotlight(tx: Session, community: Community, chance: random.Random) -> Practice | None:
    """One practice to bring to light in the group: among those shown least so far, one of the five that worked most often."""
    told = (Practice.community_id == community.id, Practice.did != "")
    least = tx.scalar(sa.select(sa.func.min(Practice.shown)).where(*told))
    worked = sa.select(sa.func.count()).where(Trial.practice_id == Practice.id, Trial.worked).scalar_subquery()
    query = sa.select(Practice).where(*told, Practice.shown == least)
    best = list(tx.scalars(query.order_by(worked.desc(), Practice.id.desc()).limit(5)))
    if not best:
        return None
    chosen = chance.choice(best)
    chosen.shown += 1
    return chosen


def keep_findable(tx: Session, community: Community) -> None:
    """Index the community's practices anew if its language changed, or the way terms are made."""
    shelf = tx.get(Shelf, community.id)
    if shelf and shelf.terms != terms_of(community):
        shelf.terms = terms_of(community)
        for practice in tx.scalars(sa.select(Practice).where(Practice.community_id == community.id)):
            _index(tx, practice, community)
        index.sweep(tx)


def terms_of(community: Community) -> str:
    """What the terms of its index are made of: its language, and how this copbot makes them."""
    return f"{community.language} {tokens.VERSION}"


def body(parts: "Parts | Practice") -> str:
    """All of its words but the title."""
    return "\n".join(str(getattr(parts, part)) for part in PARTS[1:])


def _index(tx: Session, practice: Practice, community: Community) -> None:
    tags = (one.label for one in practice.tags)
    index.put(tx, community, practice.id, practice.title, "\n".join([body(practice), *tags]))
