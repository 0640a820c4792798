"""The words and acronyms that mean the same to a community, for searching."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store.base import Base
from copbot.store.people import Community
from copbot.store.tokens import fold


class Synonym(Base):
    """Two ways of saying the same thing; either finds the other."""

    __tablename__ = "synonyms"
    __table_args__ = (
        sa.UniqueConstraint("community_id", "folded", "folded_meaning"),
        {"comment": "Words and acronyms that mean the same to a community"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the row")
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("communities.id", ondelete="CASCADE"), comment="The community")
    term: Mapped[str] = mapped_column(comment="A word or an acronym as it was written")
    meaning: Mapped[str] = mapped_column(comment="What means the same, as it was written")
    folded: Mapped[str] = mapped_column(comment="The word in lower case without accents, to compare")
    folded_meaning: Mapped[str] = mapped_column(comment="Its meaning in lower case without accents, to compare")
    created_at: Mapped[datetime] = mapped_column(comment="When it was added")


def add(tx: Session, community: Community, term: str, meaning: str, now: datetime) -> None:
    """Let either find the other; adding the same twice, or the other way round, changes nothing."""
    sides = fold(term), fold(meaning)
    either = sa.tuple_(Synonym.folded, Synonym.folded_meaning).in_([sides, sides[::-1]])
    if not tx.scalars(sa.select(Synonym.id).where(Synonym.community_id == community.id, either)).first():
        new = Synonym(term=term, meaning=meaning, folded=sides[0], folded_meaning=sides[1], created_at=now)
        new.community_id = community.id
        tx.add(new)
        tx.flush()


def remove(tx: Session, community: Community, words: str) -> list[Synonym]:
    """Take out those of which these words are one side; answer what they were."""
    found = [one for one in known(tx, community) if fold(words) in (one.folded, one.folded_meaning)]
    for one in found:
        tx.delete(one)
    tx.flush()
    return found


def pairs(tx: Session, community: Community) -> list[tuple[str, str]]:
    """Both sides of each of the community's synonyms."""
    rows = tx.connection().execute(_PAIRS, {"community_id": community.id})
    return [(term, meaning) for term, meaning in rows]


#: Built once: it runs for every search.
_PAIRS = (
    sa.select(Synonym.term, Synonym.meaning).where(Synonym.community_id == sa.bindparam("community_id")).order_by(Synonym.id)
)


def known(tx: Session, community: Community) -> list[Synonym]:
    """All of the community's, by the alphabet."""
    found = tx.scalars(sa.select(Synonym).where(Synonym.community_id == community.id))
    return sorted(found, key=lambda one: (one.folded, one.id))  # databases do not agree on the alphabet
