"""Which practices look like one about to be shared, so that the same thing is not told twice."""

from collections import Counter
from collections.abc import Set
from math import sqrt

from sqlalchemy.orm import Session

from copbot.store import index, practices, tokens
from copbot.store.index import AnyOf
from copbot.store.people import Community
from copbot.store.practices import Parts, Practice

#: From this likeness on, two practices look alike: 1 is the same words, 0 is none in common.
_ALIKE = 0.5

#: With fewer terms in common than this, texts are too short to tell.
_LEAST = 3

#: So many words of the new text are looked for: those of its title first, then the longest, which tell most.
_WORDS = 12
_POOL = 50


def alike(tx: Session, community: Community, parts: Parts, limit: int = 2) -> list[Practice]:
    """The community's practices that look most like these words, most alike first."""
    practices.keep_findable(tx, community)
    language = community.language
    title = [word for *_span, word in tokens.words(parts.title, language)]
    told = [word for *_span, word in tokens.words(f"{parts.title}\n{practices.body(parts)}", language)]
    mine = {term for word in told for term in tokens.terms(word, language)}
    telling = list(dict.fromkeys([*title, *sorted(told, key=len, reverse=True)]))[:_WORDS]
    each = [AnyOf(tuple(f"{community.id}:{term}" for term in tokens.terms(word, language))) for word in telling]
    hits = Counter(id for ids in index.newest(tx, each, _POOL) for id in ids)
    titled = {term for word in title for term in tokens.terms(word, language)}
    shares = {
        id: max(_likeness(mine, terms), _same_title(titled, theirs))
        for id, (terms, theirs) in index.terms_of(tx, [id for id, _count in hits.most_common(_POOL)]).items()
    }
    best = sorted(((share, id) for id, share in shares.items() if share >= _ALIKE), reverse=True)[:limit]
    found = practices.of_ids(tx, [id for _share, id in best])
    return [found[id] for _share, id in best]


def _likeness(mine: Set[str], theirs: Set[str]) -> float:
    """The cosine of the angle between the texts as vectors of terms."""
    common = len(mine & theirs)
    return common / sqrt(len(mine) * len(theirs)) if common >= _LEAST else 0.0


def _same_title(mine: Set[str], theirs: Set[str]) -> float:
    """The share of terms that titles have in common; of a single one only where it is all there is."""
    common = len(mine & theirs)
    return common / len(mine | theirs) if common > 1 or (common and mine == theirs) else 0.0
