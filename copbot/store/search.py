"""Finding practices: what words ask for, which practices answer, in what order, and which look like one another."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.store import index, practices, synonyms, tokens
from copbot.store.extracts import extract
from copbot.store.index import AllOf, AnyOf, Entry, Expression
from copbot.store.people import Community
from copbot.store.practices import Practice
from copbot.store.trials import Trial

#: More words than these are not looked for: they come from pasted texts.
_MOST_WORDS = 8

#: So many of the newest matches are ranked.
_POOL = 30

#: Practices of the same two months, the rhythm of meetings, are as recent as each other.
_CYCLE_DAYS = 60


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that belong together, each as the terms it is found under."""

    words: tuple[tuple[str, ...], ...]

    def expression(self, mark: str) -> Expression:
        """What to look for, with every term behind `mark`."""
        return AllOf(tuple(AnyOf(tuple(mark + term for term in word)) for word in self.words))

    def is_in(self, terms: Set[str]) -> bool:
        """Tell whether a text of these terms has all of its words."""
        return all(not terms.isdisjoint(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class Idea:
    """One of the things asked for: the words typed, and whatever means the same."""

    typed: tuple[str, ...]
    phrases: tuple[Phrase, ...]

    def expression(self, mark: str) -> Expression:
        """What to look for, with every term behind `mark`."""
        return AnyOf(tuple(phrase.expression(mark) for phrase in self.phrases))

    def is_in(self, terms: Set[str]) -> bool:
        """Tell whether a text of these terms answers it."""
        return any(phrase.is_in(terms) for phrase in self.phrases)

    @property
    def terms(self) -> frozenset[str]:
        """Every term by which a text may answer it."""
        return frozenset(term for phrase in self.phrases for word in phrase.words for term in word)


@dataclass(frozen=True, slots=True)
class Found:
    """A practice that answers: its extract has the words asked for in « »; so many tried it."""

    id: int
    number: int
    title: str
    shared_at: datetime
    extract: str
    tried: int


def find(tx: Session, community: Community, text: str, now: datetime, limit: int = 5) -> list[Found]:
    """The practices that answer these words best: by how many of them, in the title first; then the recent; then the tried.

    A word that no practice has is read as the one it would be without a typing error.
    """
    tx.flush()
    practices.keep_findable(tx, community)
    ideas = asked(tx, community, text)
    if not ideas:
        return []
    answered, each = _look(tx, community, ideas)
    if len(answered) < limit:
        before, ideas = ideas, _mended(tx, community, ideas, each)
        mended = [at for at, idea in enumerate(ideas) if idea is not before[at]]
        answered = _look_wider(tx, community, ideas, mended, each) | answered
    terms = frozenset().union(*(idea.terms for idea in ideas))
    best = _best(tx, ideas, answered, now, limit)
    texts = practices.texts_of(tx, [one.id for one in best])
    return [
        Found(one.id, one.number, one.title, one.created_at, extract(texts[one.id], terms, community.language), one.tried)
        for one in best
    ]


def answers(tx: Session, community: Community, text: str, id: int) -> bool:
    """Tell whether a practice answers these words: all of them, or of three and more all but one."""
    ideas = asked(tx, community, text)
    ideas = _mended(tx, community, ideas, _look(tx, community, ideas)[1]) if ideas else []
    terms, _titled = index.terms_of(tx, [id]).get(id, (frozenset(), frozenset()))
    hits = sum(idea.is_in(terms) for idea in ideas)
    return bool(ideas) and hits >= (len(ideas) if len(ideas) < 3 else len(ideas) - 1)


def asked(tx: Session, community: Community, text: str) -> list[Idea]:
    """The ideas in what somebody typed, each widened by the community's synonyms; [] where no word tells anything."""
    typed = [word for *_span, word in tokens.words(text, community.language)]
    typed = list(dict.fromkeys(typed))[:_MOST_WORDS]
    phrases = [_phrase([word], community.language) for word in typed]
    sides = _sides(tx, community) if typed else []
    ideas: list[Idea] = []
    at = 0
    while at < len(typed):
        length, same = _longest(phrases[at:], sides)
        own = Phrase(tuple(word for phrase in phrases[at : at + length] for word in phrase.words))
        ideas.append(Idea(tuple(typed[at : at + length]), (own, *same)))
        at += length
    return ideas


def _phrase(words: Iterable[str], language: str) -> Phrase:
    return Phrase(tuple(tokens.terms(word, language) for word in words))


def _sides(tx: Session, community: Community) -> list[tuple[Phrase, Phrase]]:
    """Each of the community's synonyms, both ways."""
    found: list[tuple[Phrase, Phrase]] = []
    for pair in synonyms.pairs(tx, community):
        term, meaning = (
            _phrase((word for *_span, word in tokens.words(text, community.language)), community.language) for text in pair
        )
        if term.words and meaning.words:
            found += [(term, meaning), (meaning, term)]
    return found


def _longest(typed: Sequence[Phrase], sides: Sequence[tuple[Phrase, Phrase]]) -> tuple[int, list[Phrase]]:
    """How many of the typed words, from the first on, have synonyms as a phrase, and which; one word where none has."""
    words = [phrase.words[0] for phrase in typed]
    matching = [(len(side.words), other) for side, other in sides if _begins(words, side)]
    length = max((length for length, _other in matching), default=1)
    return length, [other for other_length, other in matching if other_length == length]


def _begins(words: Sequence[tuple[str, ...]], side: Phrase) -> bool:
    return len(side.words) <= len(words) and all(set(one) & set(two) for one, two in zip(words, side.words, strict=False))


def _look(tx: Session, community: Community, ideas: Sequence[Idea]) -> tuple[dict[int, int], list[list[int]]]:
    """The newest practices that answer every idea, in their titles or anywhere, with how many that is; then those for each."""
    each = _each(community, ideas)
    found = index.newest(tx, [*_whole(community, ideas), *(each if len(each) > 1 else ())], _POOL)
    return {id: len(ideas) for ids in found[:2] for id in ids}, found[2:] or [found[1]]


def _look_wider(
    tx: Session, community: Community, ideas: Sequence[Idea], mended: Sequence[int], found: Sequence[list[int]]
) -> dict[int, int]:
    """Practices that answer all ideas but one, the newest that answer any, and what those that were mended add.

    `found` is what `_look` found for each idea before some were mended; the answer tells how many ideas each practice answers.
    """
    each = _each(community, ideas)
    whole = _whole(community, ideas) if mended else []
    fewer = [AllOf(those) for those in combinations(each, len(each) - 1)] if len(each) > 2 else []
    more = iter(index.newest(tx, [*whole, *fewer, *(each[at] for at in mended)], _POOL))
    answered = {id: len(each) for _expression in whole for id in next(more)}
    almost = {id: len(each) - 1 for _expression in fewer for id in next(more)}
    renewed = dict(zip(mended, more, strict=True))
    hits = Counter(id for at, ids in enumerate(found) for id in renewed.get(at, ids))
    return {**hits, **almost, **answered}


def _each(community: Community, ideas: Sequence[Idea]) -> list[Expression]:
    return [idea.expression(f"{community.id}:") for idea in ideas]


def _whole(community: Community, ideas: Sequence[Idea]) -> list[Expression]:
    return [AllOf(tuple(idea.expression(f"{community.id}{mark}") for idea in ideas)) for mark in "#:"]


def _mended(tx: Session, community: Community, ideas: Sequence[Idea], found: Sequence[Sequence[int]]) -> list[Idea]:
    """The ideas; those for which nothing was found with the words that are one typing error away."""
    unknown = {idea.typed[0] for idea, ids in zip(ideas, found, strict=True) if not ids and len(idea.typed) == 1}
    near = index.near(tx, community, unknown)
    return [_widened(idea, near.get(idea.typed[0], []), community.language) for idea in ideas]


def _widened(idea: Idea, words: Sequence[str], language: str) -> Idea:
    return Idea(idea.typed, (*idea.phrases, *(_phrase([word], language) for word in words))) if words else idea


def _best(tx: Session, ideas: Sequence[Idea], answered: dict[int, int], now: datetime, limit: int) -> list[sa.Row[Any]]:
    """The best candidates, best first; `answered` tells how many ideas each answers."""
    enough = sorted(answered.values(), reverse=True)[:limit]
    ids = [id for id, count in answered.items() if count >= enough[-1]] if enough else []

    def rank(one: sa.Row[Any]) -> tuple[float, ...]:
        id, created_at, titled, worked = one.id, one.created_at, set(one.titled.split()), one.worked
        in_title = sum(idea.is_in(titled) for idea in ideas)
        return -answered[id], -in_title, (now - created_at).days // _CYCLE_DAYS, -worked, -id

    return sorted(tx.connection().execute(_CANDIDATES, {"ids": ids}), key=rank)[:limit] if ids else []


#: Built once: it runs for every search.
_TRIALS = sa.select(sa.func.count()).where(Trial.practice_id == Practice.id)
_CANDIDATES = (
    sa.select(
        *(Practice.id, Practice.number, Practice.title, Practice.created_at, Entry.titled),
        _TRIALS.where(Trial.worked).scalar_subquery().label("worked"),
        _TRIALS.scalar_subquery().label("tried"),
    )
    .join(Entry, Entry.practice_id == Practice.id)
    .where(Practice.id.in_(sa.bindparam("ids", expanding=True)))
)
