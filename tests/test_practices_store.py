"""Practices in the store, on SQLite and on PostgreSQL."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from copbot.features import parts
from copbot.store import drafts, likeness, people, practices, tokens, trials, wishes
from copbot.store.people import Community, Member
from copbot.store.practices import Practice
from copbot.store.transactions import Transaction
from copbot.vocabulary import Person, Place

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def tx(both: sa.Engine) -> Iterator[Transaction]:
    with Transaction(both) as tx, tx.begin():
        yield tx


@pytest.fixture
def community(tx: Transaction) -> Community:
    place = Place("console", "group", "group")
    return people.found(tx, name="x", language="fr", zone="Europe/Paris", place=place, now=NOW)


@pytest.fixture
def alice(tx: Transaction, community: Community) -> Member:
    return people.join(tx, community, Person("console", "alice", "alice"), NOW)


@pytest.fixture
def bo(tx: Transaction, community: Community) -> Member:
    return people.join(tx, community, Person("console", "bo", "bo"), NOW)


def kept(
    tx: Transaction, author: Member, title: str, did: str = "fait", when: datetime = NOW, tags: tuple[str, ...] = ()
) -> Practice:
    practice = Practice(member_id=author.id, title=title, did=did, created_at=when, changed_at=when)
    return practices.shelve(tx, author.community, practice, tags)


def test_numbers_go_on_in_each_community(tx: Transaction, alice: Member, bo: Member) -> None:
    other = people.found(tx, name="y", language="fr", zone="UTC", place=Place("console", "other", "group"), now=NOW)
    stranger = people.join(tx, other, Person("console", "cy", "cy"), NOW)
    assert [kept(tx, author, "x").number for author in (alice, bo, stranger, alice)] == [1, 2, 1, 3]
    assert practices.numbered(tx, other, 2) is None


def test_new_practices_and_what_others_made_of_them_since_a_moment(
    tx: Transaction, community: Community, alice: Member, bo: Member
) -> None:
    old = kept(tx, alice, "Ancienne", when=NOW - 20 * DAY)
    new = kept(tx, alice, "Nouvelle", when=NOW - DAY)
    trials.note(tx, old.id, bo, NOW - 2 * DAY, worked=True).words = "Très bien"
    trials.note(tx, old.id, alice, NOW - 15 * DAY, worked=False)
    assert practices.since(tx, community, NOW - 7 * DAY) == [new]
    (echo,) = practices.trials_since(tx, community, NOW - 7 * DAY)
    assert (echo.practice, echo.worked, echo.failed) == (old, 1, 0)
    assert [(trial.words, trial.member.name) for trial in echo.trials] == [("Très bien", "bo")]
    whole = practices.echo(tx, old)
    assert (whole.worked, whole.failed) == (1, 1)
    assert trials.counts(tx, [old.id, new.id]) == {old.id: (1, 1)}


def test_every_practice_comes_to_light_before_one_comes_again(tx: Transaction, community: Community, alice: Member) -> None:
    chance = random.Random(1)
    assert practices.spotlight(tx, community, chance) is None
    for number in range(12):
        kept(tx, alice, f"Fiche {number}")
    kept(tx, alice, "Vide", did="")
    shown = [practices.spotlight(tx, community, chance) for _week in range(12)]
    assert len({one.number for one in shown if one}) == 12
    again = practices.spotlight(tx, community, chance)
    assert again is not None
    assert again.shown == 2


def test_what_worked_comes_to_light_first(tx: Transaction, community: Community, alice: Member, bo: Member) -> None:
    first, *_others = [kept(tx, alice, f"Fiche {number}") for number in range(9)]
    trials.note(tx, first.id, bo, NOW, worked=True)
    shown = [practices.spotlight(tx, community, random.Random(seed)) for seed in range(5)]
    assert first in shown


def test_tags_are_compared_without_case_and_accents(tx: Transaction, community: Community, alice: Member) -> None:
    one = kept(tx, alice, "Un", tags=("#Été", "repas", "ETE", " "))
    two = kept(tx, alice, "Deux", tags=("#ete",))
    assert [tag.label for tag in one.tags] == ["Été", "repas"]
    assert practices.listed(tx, community, "#éte", limit=5) == [two, one]
    assert sorted(practices.tags_of(tx, community), key=lambda tag: -tag[1])[0][1] == 2
    practices.change(tx, one, NOW, tags=["calme"])
    assert practices.listed(tx, community, "ete", limit=5) == [two]


def test_similar_practices_are_recognised_and_different_ones_are_not(
    tx: Transaction, community: Community, alice: Member
) -> None:
    snack = kept(tx, alice, "Planning visuel", "Au goûter, chaque enfant voit avec des pictogrammes ce qui vient ensuite")
    kept(tx, alice, "Livre d'accueil", "Un livre de photos et de prénoms pour les nouveaux salariés")

    def alike(title: str, did: str) -> list[Practice]:
        return likeness.alike(tx, community, drafts.begin(tx, alice, NOW, title=title, did=did))

    assert alike("Les pictogrammes", "Chaque enfant voit ce qui vient au goûter grâce aux pictogrammes du planning") == [snack]
    assert alike("Plannings visuels", "Tout autre chose, dans une autre maison, avec des adultes") == [snack]
    assert alike("Le goûter", "Nous le prenons dehors avec les familles quand il fait beau") == []
    assert alike("Recrutement", "Un jeu d'évasion pour les candidats") == []
    assert alike("", "") == []


def test_a_draft_asks_for_what_is_missing_and_becomes_a_practice(tx: Transaction, alice: Member, bo: Member) -> None:
    draft = drafts.begin(tx, alice, NOW, author=bo, did="fait", named=False, platform="console", room="group", message="12")
    asked = []
    while part := draft.next_part():
        asked.append(part)
        draft.reached = part
    assert asked == ["title", "context", "changed", "redo", "tags"]
    assert drafts.unfinished(tx, alice) is draft
    practice = practices.shelve(tx, alice.community, draft.practice(NOW))
    assert (practice.member_id, practice.curator_id, practice.named) == (bo.id, alice.id, False)
    assert practices.taken_from(tx, alice.community, "console", "group", "12") is practice
    drafts.drop(tx, draft)
    assert drafts.unfinished(tx, alice) is None


def test_empty_drafts_do_not_pile_up(tx: Transaction, alice: Member) -> None:
    for _ in range(3):
        drafts.begin(tx, alice, NOW)
    assert tx.scalar(sa.select(sa.func.count()).select_from(drafts.Draft)) == 1


def test_a_wish_is_kept_once_and_goes_with_the_member(tx: Transaction, community: Community, alice: Member) -> None:
    for words in ("sommeil", "sommeil", "repas"):
        wishes.add(tx, alice, words, NOW)
    assert [wish.words for wish in wishes.of(tx, community)] == ["sommeil", "repas"]
    alice.left_at = NOW
    tx.flush()
    assert wishes.of(tx, community) == []


def test_practices_stay_without_their_author_and_trials_go(
    tx: Transaction, community: Community, alice: Member, bo: Member
) -> None:
    practice = kept(tx, alice, "Titre")
    trials.note(tx, practice.id, bo, NOW, worked=True)
    assert practices.shared_by(tx, alice) == [practice]
    tx.execute(sa.delete(Member).execution_options(synchronize_session=False))
    tx.expire_all()
    assert practice.author is None
    assert practices.echo(tx, practice).trials == []


@pytest.mark.parametrize(
    "hostile", [" " * 4096, ": " * 2048, "a " * 1000 + ":" + " " * 2000, "A." * 2048, "e\u0301" * 2048, "#-" * 2048]
)
def test_hostile_texts_are_read_in_no_time(hostile: str) -> None:
    begins = time.thread_time()
    parts.split(hostile)
    parts.tags_in(hostile)
    parts.title_from(hostile)
    tokens.terms_in(hostile, "fr")
    assert time.thread_time() - begins < 0.05
