"""How fast practices are found among 10,000 and 100,000, against a raw query on the same index."""

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.french import Author, queries
from copbot.store import index, people, practices, search, tokens
from copbot.store.base import Base, open_database
from copbot.store.index import Entry, Slip, Word
from copbot.store.people import Community
from copbot.store.practices import Practice, Shelf
from copbot.store.transactions import Transaction
from copbot.vocabulary import Place

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)

_RAW = "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rowid DESC LIMIT 40"


def fill(tx: Transaction, community: Community, count: int) -> None:
    """Share so many practices of sixty words at once; what `practices.shelve` does one by one."""
    author, uses = Author(), Counter[str]()
    tx.add(Shelf(community_id=community.id, last=count, terms=practices.terms_of(community)))
    for first in range(1, count + 1, 5000):
        shared = [_practice(author, community, number, count) for number in range(first, min(first + 5000, count + 1))]
        entries = [index.entry_of(community, one["id"], one["title"], f"{one['did']}\n{one['changed']}") for one in shared]
        uses.update(word for entry in entries for word in entry.words.split())
        tx.execute(sa.insert(Practice), shared)
        columns = ("practice_id", "terms", "titled", "words")
        tx.execute(sa.insert(Entry), [{name: getattr(entry, name) for name in columns} for entry in entries])
    words = [
        {"id": id, "community_id": community.id, "word": word, "uses": many} for id, (word, many) in enumerate(uses.items(), 1)
    ]
    tx.execute(sa.insert(Word), words)
    slips = ((one["id"], slip) for one in words for slip in index.slips_of(str(one["word"])))
    tx.execute(sa.insert(Slip), [{"word_id": id, "slip": slip, "community_id": community.id} for id, slip in slips])


def _practice(author: Author, community: Community, number: int, count: int) -> dict[str, Any]:
    when = NOW - timedelta(minutes=5 * (count - number))
    words = {"title": author.text(5), "did": author.text(40), "changed": author.text(15)}
    return {"id": number, "community_id": community.id, "number": number, "created_at": when, "changed_at": when, **words}


def timed(run: Callable[[str], Any], texts: list[str]) -> list[float]:
    """Milliseconds each takes, after some to warm up."""
    for text in texts[:50]:
        run(text)
    took = []
    for text in texts:
        begins = time.perf_counter()
        run(text)
        took.append(1000 * (time.perf_counter() - begins))
    return took


def p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def one_size(count: int, folder: Path) -> dict[str, dict[str, object]]:
    """The figures for so many practices."""
    size = f"{count // 1000}k"
    database = open_database(f"sqlite:///{folder / size}.db")
    Base.metadata.create_all(database)
    texts = list(queries(300))
    with Transaction(database) as tx, tx.begin():
        group = Place("console", "group", "group")
        fill(tx, people.found(tx, name="x", language="fr", zone="Europe/Paris", place=group, now=NOW), count)
    with Transaction(database) as tx, tx.begin():
        community = tx.get_one(Community, 1)

        def raw(text: str) -> None:
            terms = (f'"1:{term}"' for *_span, word in tokens.words(text, "fr") for term in tokens.terms(word, "fr"))
            tx.connection().exec_driver_sql(_RAW, (" OR ".join(terms),)).all()

        ours, theirs = timed(lambda text: search.find(tx, community, text, NOW), texts), timed(raw, texts)
        begins = time.perf_counter()
        practices.withdraw(tx, tx.get_one(Practice, count // 2))
        withdrawn = 1000 * (time.perf_counter() - begins)
    database.dispose()
    median = statistics.median(ours), statistics.median(theirs)
    return {
        f"search_p50_ms_{size}": _figure(*median, "a raw query for any of the words on the same index"),
        f"search_p95_ms_{size}": _figure(p95(ours), p95(theirs), "a raw query for any of the words on the same index"),
        f"withdraw_ms_{size}": _figure(withdrawn, median[0], "a search, median"),
    }


def _figure(value: float, against: float, what: str) -> dict[str, object]:
    return {"value": round(value, 2), "unit": "ms", "against": f"{what}: {against:.2f} ms", "ratio": round(value / against, 1)}


def measure() -> dict[str, dict[str, object]]:
    """Search among 10,000 and among 100,000 practices of one community on a SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        return {name: one for count in (10_000, 100_000) for name, one in one_size(count, Path(folder)).items()}


if __name__ == "__main__":
    for name, one in measure().items():
        print(name, one)
