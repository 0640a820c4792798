"""The index of practices: terms of every text, kept so that SQLite and PostgreSQL find the same; and words, to mend slips.

On SQLite an FTS5 table stands beside `search_entries` and follows it by triggers; on PostgreSQL a GIN index of tsvectors does.
Every term begins with the number of its community: no query can reach the texts of another. Terms consist of letters and digits
and are quoted besides, so that nothing anybody types is ever read as query syntax.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store import tokens
from copbot.store.base import Base
from copbot.store.people import Community

#: The full-text table on SQLite. It keeps no text of its own: `search_entries` is its content. A migration repeats these.
SQLITE_DDL = (
    """CREATE VIRTUAL TABLE search_index USING fts5(terms, content='search_entries', content_rowid='practice_id',
        detail='none', columnsize=0, tokenize="ascii tokenchars ':#'")""",
    """CREATE TRIGGER search_entries_inserted AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_index(rowid, terms) VALUES (new.practice_id, new.terms); END""",
    """CREATE TRIGGER search_entries_deleted AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.practice_id, old.terms); END""",
    """CREATE TRIGGER search_entries_updated AFTER UPDATE ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.practice_id, old.terms);
        INSERT INTO search_index(rowid, terms) VALUES (new.practice_id, new.terms); END""",
)
SQLITE_UNDO = ("DROP TABLE IF EXISTS search_index",)

#: The same on PostgreSQL; the index goes with its table.
POSTGRESQL_DDL = (
    """CREATE INDEX ix_search_entries_terms ON search_entries
        USING gin (array_to_tsvector(string_to_array(terms, ' '))) WITH (fastupdate = off)""",
)

#: Each database's way to the newest matches. SQLite walks its index backwards and stops early; PostgreSQL must be kept from
#: walking the whole table backwards, hence the sum.
_NEWEST = {
    "sqlite": "SELECT rowid AS id FROM search_index WHERE search_index MATCH :query{at} ORDER BY rowid DESC LIMIT :limit",
    "postgresql": "SELECT practice_id AS id FROM search_entries WHERE array_to_tsvector(string_to_array(terms, ' ')) "
    "@@ CAST(:query{at} AS tsquery) ORDER BY practice_id + 0 DESC LIMIT :limit",
}

#: Shorter words are too near to too many others.
_SHORTEST_MENDED = 4


class Entry(Base):
    """What a practice is found under."""

    __tablename__ = "search_entries"
    __table_args__ = {"comment": "The terms under which each practice is found"}

    practice_id: Mapped[int] = mapped_column(
        sa.ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, comment="The practice"
    )
    terms: Mapped[str] = mapped_column(sa.Text, comment="The stems of its words, each behind the number of its community")
    titled: Mapped[str] = mapped_column(sa.Text, comment="The stems of the words of its title")
    words: Mapped[str] = mapped_column(sa.Text, comment="Its distinct words, without accents")


class Word(Base):
    """A word that practices of a community use."""

    __tablename__ = "search_words"
    __table_args__ = (
        sa.UniqueConstraint("community_id", "word"),
        {"comment": "The distinct words of a community's practices, to recognise typing errors"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Number of the word")
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("communities.id", ondelete="CASCADE"), comment="The community")
    word: Mapped[str] = mapped_column(comment="The word in lower case without accents")
    uses: Mapped[int] = mapped_column(comment="How many practices use it")


class Slip(Base):
    """A word less one of its letters. Two words that are one typing error apart have one of these in common."""

    __tablename__ = "search_slips"
    __table_args__ = (
        sa.Index("ix_search_slips_slip", "community_id", "slip"),
        {
            "comment": "The same words less one letter each, to find those that are one typing error apart",
            "sqlite_with_rowid": False,
        },
    )

    word_id: Mapped[int] = mapped_column(
        sa.ForeignKey("search_words.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, comment="The word"
    )
    slip: Mapped[str] = mapped_column(primary_key=True, comment="The word less one letter")
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("communities.id", ondelete="CASCADE"), comment="The community")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Texts that match any of these."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Texts that match all of these."""

    parts: tuple["Expression", ...]


#: What to look for: a term, or a combination of terms.
Expression = str | AnyOf | AllOf


def put(tx: Session, community: Community, id: int, title: str, body: str) -> None:
    """Make a practice findable by its words, in place of those it had before."""
    new = entry_of(community, id, title, body)
    entry = tx.get(Entry, id)
    before, after = set(entry.words.split()) if entry else set(), set(new.words.split())
    tx.merge(new) if entry else tx.add(new)
    tx.flush()
    _learn(tx, community.id, after - before)
    _unlearn(tx, community.id, before - after)


def entry_of(community: Community, id: int, title: str, body: str) -> Entry:
    """What a practice of these words is found under."""
    titled = tokens.terms_in(title, community.language)
    told = tokens.terms_in(body, community.language) | titled
    terms = {f"{community.id}:{term}" for term in told} | {f"{community.id}#{term}" for term in titled}
    words = {tokens.unaccented(word) for text in (title, body) for *_span, word in tokens.words(text, community.language)}
    return Entry(practice_id=id, terms=_in_a_row(terms), titled=_in_a_row(titled), words=_in_a_row(words))


def _in_a_row(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def remove(tx: Session, community_id: int, id: int) -> None:
    """Make a practice unfindable."""
    if entry := tx.get(Entry, id):
        _unlearn(tx, community_id, set(entry.words.split()))
        tx.delete(entry)
        tx.flush()


def sweep(tx: Session) -> None:
    """Leave no trace of removed words in the index: FTS5 only marks them as deleted until its segments are merged."""
    if tx.get_bind().dialect.name == "sqlite":
        # Not 'optimize': each adds levels (SQLite 3.40), and after a thousand the index is malformed. 100,000 take 0.3 s.
        tx.execute(sa.text("INSERT INTO search_index(search_index) VALUES ('rebuild')"))


def newest(tx: Session, wanted: Sequence[Expression], limit: int) -> list[list[int]]:
    """For each of these expressions, the numbers of the newest practices that match it, newest first; in one statement."""
    dialect = tx.get_bind().dialect.name
    write = _fts5 if dialect == "sqlite" else _tsquery
    values = {f"query{at}": write(one) for at, one in enumerate(wanted)}
    found: list[list[int]] = [[] for _ in wanted]
    if wanted:
        for at, id in tx.connection().execute(_newest(dialect, len(wanted)), {**values, "limit": limit}):
            found[at].append(id)
    return found


@lru_cache(maxsize=64)
def _newest(dialect: str, count: int) -> sa.TextClause:
    one = f"SELECT {{at}} AS at, id FROM ({_NEWEST[dialect]}) AS found{{at}}"  # noqa: S608 (constants and numbers alone)
    return sa.text(" UNION ALL ".join(one.format(at=at) for at in range(count)))


def terms_of(tx: Session, ids: Iterable[int]) -> dict[int, tuple[Set[str], Set[str]]]:
    """The terms of these practices, without the mark of their community, and those of their titles."""
    query = sa.select(Entry.practice_id, Entry.terms, Entry.titled).where(Entry.practice_id.in_(list(ids)))
    return {
        id: ({term.partition(":")[2] for term in terms.split() if ":" in term}, set(titled.split()))
        for id, terms, titled in tx.execute(query)
    }


def near(tx: Session, community: Community, words: Set[str], limit: int = 8) -> dict[str, list[str]]:
    """For each word the community's words that are the same but for one typing error and a plural's ending, nearest first."""
    slips = {word: slips_of(tokens.unaccented(word)) for word in words}
    wanted = {slip for those in slips.values() for slip in those}
    if not wanted:
        return {}
    rows = tx.connection().execute(_NEAR, {"community_id": community.id, "slips": sorted(wanted)})
    known = {(word, -uses) for word, uses in rows}
    return {word: _nearest(_light(tokens.unaccented(word)), known)[:limit] for word, those in slips.items() if those}


#: Built once: it runs for every search that finds little.
_NEAR = (
    sa.select(Word.word, Word.uses)
    .join(Slip, Slip.word_id == Word.id)
    .where(Slip.community_id == sa.bindparam("community_id"), Slip.slip.in_(sa.bindparam("slips", expanding=True)))
)


def _nearest(light: str, known: Iterable[tuple[str, int]]) -> list[str]:
    """Those of the words that are one slip away at most, nearest and then most used first."""
    found = ((OSA.distance(light, _light(word), score_cutoff=1), rarity, word) for word, rarity in known)
    return [word for distance, _rarity, word in sorted(found) if distance <= 1]


def _learn(tx: Session, community_id: int, words: Set[str]) -> None:
    """Count one more use of these words; those that are new become known with all their slips."""
    if not words:
        return
    insert = import_module(f"sqlalchemy.dialects.{tx.get_bind().dialect.name}").insert
    rows = [{"community_id": community_id, "word": word, "uses": 1} for word in sorted(words)]
    add = insert(Word).values(rows)
    add = add.on_conflict_do_update(index_elements=["community_id", "word"], set_={"uses": Word.uses + 1})
    known = tx.execute(add.returning(Word.id, Word.word, Word.uses))
    slips = [
        {"word_id": id, "slip": slip, "community_id": community_id}
        for id, word, uses in known
        if uses == 1
        for slip in slips_of(word)
    ]
    if slips:
        tx.execute(sa.insert(Slip), slips)


def _unlearn(tx: Session, community_id: int, words: Set[str]) -> None:
    if words:
        these = (Word.community_id == community_id, Word.word.in_(sorted(words)))
        tx.execute(sa.update(Word).where(*these).values(uses=Word.uses - 1), execution_options={"synchronize_session": False})
        tx.execute(sa.delete(Word).where(*these, Word.uses < 1), execution_options={"synchronize_session": False})


def _light(word: str) -> str:
    """The word without the endings that come and go most: s, x and e."""
    return word.rstrip("sx").rstrip("e")


def slips_of(word: str) -> list[str]:
    """What is left of the word where a letter is missing, and the word itself; [] where it is too short to tell."""
    light = _light(word)
    if len(light) < _SHORTEST_MENDED:
        return []
    return sorted({light, *(light[:at] + light[at + 1 :] for at in range(len(light)))})


def _fts5(wanted: Expression) -> str:
    match wanted:
        case str():
            return '"' + wanted.replace('"', '""') + '"'
        case AnyOf(parts):
            return "(" + " OR ".join(map(_fts5, parts)) + ")"
        case AllOf(parts):
            return "(" + " AND ".join(map(_fts5, parts)) + ")"


def _tsquery(wanted: Expression) -> str:
    match wanted:
        case str():
            return "'" + wanted.replace("\\", "\\\\").replace("'", "''") + "'"
        case AnyOf(parts):
            return "(" + " | ".join(map(_tsquery, parts)) + ")"
        case AllOf(parts):
            return "(" + " & ".join(map(_tsquery, parts)) + ")"


def _follow(moment: str, statements: Sequence[str], dialect: str) -> None:
    """Have these executed at this moment in the life of the table of entries, on this kind of database."""
    for statement in statements:
        event.listen(Entry.__table__, moment, sa.DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]


_follow("after_create", SQLITE_DDL, "sqlite")
_follow("before_drop", SQLITE_UNDO, "sqlite")
_follow("after_create", POSTGRESQL_DDL, "postgresql")
