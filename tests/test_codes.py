"""Codes: enough chance in them, and understood as people type them."""

import math
import random
import re

import pytest

from copbot.core import codes


@pytest.mark.parametrize("language", ["fr", "en"])
def test_five_words_hold_at_least_64_bits(language: str) -> None:
    words = codes.words(language)
    assert len(set(words)) == len(words)
    assert codes.LENGTH * math.log2(len(words)) >= 64
    assert all(re.fullmatch("[a-z]{3,9}", word) for word in words)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_word_is_drawn_alike(language: str) -> None:
    asked: list[int] = []

    def draw(below: int) -> int:
        asked.append(below)
        return below - 1

    assert codes.make(language, draw) == " ".join([codes.words(language)[-1]] * 5)
    assert asked == [len(codes.words(language))] * 5


def test_a_code_is_understood_as_it_was_made() -> None:
    chance = random.Random(1)
    for language in ("fr", "en") * 200:
        code = codes.make(language, chance.randrange)
        assert codes.read(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "BATEAU citron-Jardin, panier.  pomme",
        "bâteau citron jardin panier pommé",
        "« bateau citron jardin panier pomme »",
        "bateau citrno jardin panierr pomme",
    ],
)
def test_case_accents_marks_and_slips_are_forgiven(typed: str) -> None:
    assert codes.read(typed) == "bateau citron jardin panier pomme"


@pytest.mark.parametrize(
    "typed", ["", "bateau", "bateau citron jardin panier", "bateau citron jardin panier pomme poire", "xq zw kj vb pf"]
)
def test_other_words_are_no_code(typed: str) -> None:
    assert codes.read(typed) is None


def test_a_slip_that_could_be_two_words_is_not_guessed() -> None:
    assert {"agace", "agate"} <= set(codes.words("fr"))
    assert codes.read("agaze citron jardin panier pomme") is None


def test_words_of_two_languages_are_no_code() -> None:
    assert "zipfile" in codes.words("en")
    assert codes.read("bateau citron jardin panier zipfile") is None
