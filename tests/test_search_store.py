"""Searching in the store: the same on SQLite and on PostgreSQL, whatever anybody types."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.french import Author, queries
from copbot.store import index, people, practices, search, synonyms, tokens, trials
from copbot.store.base import open_database, sweep
from copbot.store.people import Community, Member
from copbot.store.practices import Practice
from copbot.store.transactions import Transaction
from copbot.vocabulary import Person, Place
from tests.french import ACCENTED, RELATED, UNRELATED
from tests.postgres import Postgres

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Library:
    """A community with practices: `library.keep("Title", "what was done")`, `library.finds("words")`."""

    def __init__(self, tx: Transaction, name: str = "group", language: str = "fr") -> None:
        self.tx = tx
        place = Place("console", name, "group")
        self.community = people.found(tx, name=name, language=language, zone="Europe/Paris", place=place, now=NOW)
        self.member = self.joins("alice")

    def joins(self, name: str) -> Member:
        return people.join(self.tx, self.community, Person("console", name, name), NOW)

    def keep(self, title: str, did: str = "", *, days_ago: int = 0, tags: tuple[str, ...] = ()) -> Practice:
        when = NOW - timedelta(days=days_ago)
        practice = Practice(member_id=self.member.id, title=title, did=did, created_at=when, changed_at=when)
        return practices.shelve(self.tx, self.community, practice, tags)

    def finds(self, words: str, limit: int = 5) -> list[str]:
        return [found.title for found in search.find(self.tx, self.community, words, NOW, limit)]


@pytest.fixture
def tx(both: sa.Engine) -> Iterator[Transaction]:
    with Transaction(both) as tx, tx.begin():
        yield tx


@pytest.fixture
def library(tx: Transaction) -> Library:
    return Library(tx)


def test_accents_plurals_and_conjugated_forms_are_found(library: Library) -> None:
    library.keep("Au goûter", "Les évènements imprévus et les repas difficiles : nous les préparons ensemble.")
    for words in ("evenement repas difficil", "ÉVÉNEMENT", "repas difficile", "préparer", "preparons", "l’événement", "gouter"):
        assert library.finds(words) == ["Au goûter"], words


def test_one_typing_error_is_forgiven(library: Library) -> None:
    library.keep("Planning", "Le recrutement par un jeu d'évasion, avec les évènements du mois")
    for words in ("recrutemnt", "rcerutement", "recrutementt", "rekrutement", "evenemant", "evenemnts", "plannnig"):
        assert library.finds(words) == ["Planning"], words


def test_two_typing_errors_are_too_many(library: Library) -> None:
    library.keep("Planning", "Le recrutement par un jeu")
    assert library.finds("rekrutemnt") == []


def test_a_word_that_is_there_is_not_mended(library: Library) -> None:
    library.keep("Le pain", "une recette")
    library.keep("Le bain", "un moment calme")
    assert library.finds("pain") == ["Le pain"]


def test_either_synonym_finds_the_other(library: Library) -> None:
    library.keep("Court", "Dans notre IME, une journée portes ouvertes")
    library.keep("Long", "Dans un institut médico-éducatif de la région")
    synonyms.add(library.tx, library.community, "IME", "institut médico-éducatif", NOW)
    for words in ("IME", "ime", "I.M.E.", "instituts medico-educatifs", "institut médico éducatif"):
        assert set(library.finds(words)) == {"Court", "Long"}, words
    assert set(library.finds("institut")) == {"Long"}, "a part of a phrase is no synonym"
    synonyms.remove(library.tx, library.community, "ime")
    assert library.finds("IME") == ["Court"]


def test_an_acronym_may_look_like_a_small_word(library: Library) -> None:
    library.keep("Relève", "Le binôme avec une aide-soignante")
    synonyms.add(library.tx, library.community, "AS", "aide-soignante", NOW)
    assert library.finds("AS") == ["Relève"]


def test_adding_a_synonym_twice_or_the_other_way_round_changes_nothing(library: Library) -> None:
    for term, meaning in (("IME", "institut"), ("ime", "Institut"), ("institut", "IME")):
        synonyms.add(library.tx, library.community, term, meaning, NOW)
    assert len(synonyms.known(library.tx, library.community)) == 1


def test_communities_never_see_each_others_practices(library: Library) -> None:
    library.keep("La nôtre", "le planning visuel au goûter")
    other = Library(library.tx, "elsewhere")
    synonyms.add(other.tx, other.community, "zoo", "planning", NOW)
    assert other.finds("planning visuel") == other.finds("plannnig") == other.finds("zoo") == []
    theirs = other.keep("La leur", "un autre planning")
    assert library.finds("planning") == ["La nôtre"]
    assert not search.answers(library.tx, library.community, "zoo", theirs.id)
    assert practices.numbered(other.tx, other.community, 1) is theirs


def test_relevance_comes_first(library: Library) -> None:
    library.keep("Un", "le planning seul", days_ago=0)
    library.keep("Deux", "le planning des repas", days_ago=700)
    assert library.finds("planning repas") == ["Deux", "Un"]


def test_a_title_that_says_it_comes_before_a_text_that_does(library: Library) -> None:
    library.keep("Les repas", "tout autre chose", days_ago=700)
    library.keep("Divers", "un mot des repas")
    assert library.finds("repas") == ["Les repas", "Divers"]


def test_what_is_recent_comes_before_what_is_old(library: Library) -> None:
    library.keep("Ancienne", "les repas", days_ago=400)
    library.keep("Nouvelle", "les repas", days_ago=1)
    assert library.finds("repas") == ["Nouvelle", "Ancienne"]


def test_of_the_same_season_what_worked_more_often_comes_first(library: Library) -> None:
    tried = library.keep("Essayée", "les repas", days_ago=20)
    library.keep("Fraîche", "les repas", days_ago=1)
    for name in ("bo", "cy"):
        trials.note(library.tx, tried.id, library.joins(name), NOW, worked=True)
    assert library.finds("repas") == ["Essayée", "Fraîche"]
    assert search.find(library.tx, library.community, "repas", NOW)[0].tried == 2


def test_words_that_nothing_has_do_not_hide_what_the_others_find(library: Library) -> None:
    library.keep("Repas", "un repas partagé avec les familles")
    assert library.finds("repas partagé zygomatique") == ["Repas"]
    assert library.finds("zygomatique") == []


def test_five_results_at_most(library: Library) -> None:
    for number in range(9):
        library.keep(f"Repas {number}", "un repas")
    assert len(library.finds("repas")) == 5


def test_the_extract_shows_the_words_as_they_were_written(library: Library) -> None:
    library.keep(
        "Titre", "Bien avant, il y avait autre chose à raconter. " * 4 + "Puis les Évènements imprévus, les repas difficiles."
    )
    (found,) = search.find(library.tx, library.community, "evenement repas difficil", NOW)
    plain = found.extract.replace("\u00a0", " ")
    assert "les « Évènements » imprévus, les « repas difficiles »." in plain
    assert plain.startswith("… ")
    assert len(plain) < 200


def test_the_extract_of_what_only_the_title_says_is_the_beginning(library: Library) -> None:
    library.keep("Planning visuel", "Avec des images, au mur de la cuisine. " * 10)
    (found,) = search.find(library.tx, library.community, "planning", NOW)
    assert found.extract.startswith("Avec des images")
    assert found.extract.endswith("…")


def test_changed_words_are_found_and_the_old_ones_are_not(library: Library) -> None:
    practice = library.keep("Titre", "le prénom Zébulon")
    practices.change(library.tx, practice, NOW, did="sans aucun prénom", tags=["calme"])
    assert library.finds("Zébulon") == []
    assert library.finds("zebulo") == []
    assert library.finds("calme") == ["Titre"]


def test_a_withdrawn_practice_is_not_found_and_its_number_never_comes_back(library: Library) -> None:
    practice = library.keep("Titre", "le planning visuel")
    practices.withdraw(library.tx, practice)
    assert library.finds("planning") == []
    assert library.keep("Autre").number == 2
    for table in ("search_words", "search_slips"):
        rows = library.tx.execute(sa.text(f"SELECT * FROM {table}")).all()
        assert "planning" not in str(rows)


def test_a_community_that_changes_its_language_still_finds_everything(library: Library) -> None:
    library.keep("Meetings", "We were meeting families at the meals")
    library.community.language = "en"
    assert library.finds("family meal") == ["Meetings"]


def test_whoever_erases_a_community_erases_its_index(library: Library) -> None:
    library.keep("Titre", "le planning visuel")
    mark = library.community.id
    library.tx.execute(sa.delete(Community).execution_options(synchronize_session=False))
    assert index.newest(library.tx, [f"{mark}:planning"], 5) == [[]]
    for table in ("search_entries", "search_words", "search_slips"):
        assert library.tx.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0


def test_related_french_words_find_each_other_and_unrelated_ones_do_not(library: Library) -> None:
    """At least 32 of 40 related pairs and every accentless form, as measured before; ours are better than that."""

    def terms(text: str) -> set[str]:
        return tokens.terms_in(text, "fr")

    together = [pair for pair in RELATED if terms(pair[0]) & terms(pair[1])]
    assert len(RELATED) == len(ACCENTED) == 40
    assert len(together) >= 36
    assert [word for word in ACCENTED if not terms(word) & terms(tokens.fold(word))] == []
    assert [pair for pair in UNRELATED if terms(pair[0]) & terms(pair[1])] == []


def test_words_without_meaning_ask_for_nothing(library: Library) -> None:
    library.keep("Titre", "le planning de la semaine")
    for words in ("", "le de la", "!!! ... ???", "d'", "   ", "\u0301\u0301", "_ _"):
        assert library.finds(words) == [], words
        assert search.asked(library.tx, library.community, words) == []


SYNTAX = ["AND", "OR", "NOT", "NEAR(", '"', "'", "*", "col:", "1:", "1#", "repas", "--", ";", "<->", ":*", "{", "é" * 60]
HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="\"'*()^:#-+{}[]|&!<>~\\/ANDORNT nearabé\u2019\u00a0\u0301%_;", max_size=120),
    st.lists(st.sampled_from(SYNTAX), max_size=40).map(" ".join),
)


def test_nothing_that_anybody_types_is_read_as_query_syntax(library: Library) -> None:
    """3,000 hostile inputs on SQLite, 1,000 on PostgreSQL: never an exception, never another community's practice."""
    library.keep("Repas", "le repas AND OR NOT NEAR col 1 é")
    other = Library(library.tx, "elsewhere")
    other.keep("Secret", "repas AND OR NOT NEAR col 1 é near")
    synonyms.add(library.tx, library.community, "NEAR", "repas", NOW)

    many = 3000 if library.tx.get_bind().dialect.name == "sqlite" else 1000

    @settings(max_examples=many, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(HOSTILE)
    def tried(text: str) -> None:
        assert set(library.finds(text)) <= {"Repas"}
        search.answers(library.tx, library.community, text, 1)

    tried()


def test_anything_can_be_shared_and_changed(library: Library) -> None:
    """500 hostile texts on each database."""
    practice = library.keep("Titre")

    @settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(HOSTILE, HOSTILE)
    def shared(title: str, did: str) -> None:
        clean = (text.replace("\x00", "").encode("utf-8", "ignore").decode() for text in (title, did))
        practices.change(library.tx, practice, NOW, **dict(zip(("title", "did"), clean, strict=True)))

    shared()


def test_both_databases_find_the_same_in_the_same_order(database: sa.Engine, postgres: Postgres) -> None:
    answered = []
    with postgres.fresh() as other:
        for engine in (database, other):
            with Transaction(engine) as tx, tx.begin():
                library, author = Library(tx), Author(3)
                for number in range(150):
                    practice = library.keep(author.text(5), author.text(40), days_ago=300 - number)
                    if number % 7 == 0:
                        trials.note(tx, practice.id, library.member, NOW, worked=True)
                found = [search.find(tx, library.community, words, NOW) for words in queries(80)]
                answered.append([[(one.number, one.extract, one.tried) for one in results] for results in found])
    assert answered[0] == answered[1]
    assert sum(bool(results) for results in answered[0]) > 40


def test_nothing_is_left_of_withdrawn_words_in_the_file(tmp_path: Path, template: bytes) -> None:
    """Not the word, and not the word less its first three letters: FTS5 compresses prefixes."""
    path = tmp_path / "copbot.db"
    path.write_bytes(template)
    database = open_database(f"sqlite:///{path}")
    secrets = [f"zqxw{number}vernal" for number in range(40)]
    with Transaction(database) as tx, tx.begin():
        library = Library(tx)
        for number in range(60):
            library.keep(f"Titre {number}", f"le repas numéro {number}")
        mine = [library.keep(secret, f"{secret} et encore {secret}s") for secret in secrets[:20]]
        changed = library.keep("Titre", " ".join(secrets[20:]))
    assert any(secret.encode() in kept(tmp_path) for secret in secrets), "the scan must be able to find them"
    with Transaction(database) as tx, tx.begin():
        for practice in mine:
            practices.withdraw(tx, tx.get_one(Practice, practice.id))
        practices.change(tx, tx.get_one(Practice, changed.id), NOW, did="rien")
        assert tx.info["erased"]
    sweep(database)
    database.dispose()
    content = kept(tmp_path)
    assert [secret for secret in secrets if secret[3:].encode() in content] == []


def kept(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
