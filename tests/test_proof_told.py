"""What members, facilitators and data protection officers are told of parole libre is what is proved."""

import re
from pathlib import Path

import pytest

from copbot.core.house import House
from tests.proof import proofs

PAGES = Path(__file__).parent.parent / "docs" / "parole-libre.md"
_FRENCH, _ENGLISH = re.split(r"^# In English$", PAGES.read_text(encoding="utf-8"), flags=re.MULTILINE)
LANGUAGES = {"fr": _FRENCH, "en": _ENGLISH}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_threat_names_its_proof_and_each_proof_its_threat(language: str) -> None:
    table = re.findall(r"^\|.+\|.+\| (C\d+|outsider) \|$", LANGUAGES[language], re.MULTILINE)
    assert table == [*proofs.SWAPS, *proofs.PROOFS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_for_emergencies_are_those_of_the_configuration(language: str) -> None:
    page = LANGUAGES[language]
    numbers = [str(one["number"]) for one in House().template("help", language)["numbers"]]
    told = re.findall(r"(?:^|· )(\d{2,4}) \(", page, re.MULTILINE)
    assert told == numbers


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_promises_anonymity(language: str) -> None:
    promised = [line for line in LANGUAGES[language].splitlines() if "anonym" in line.lower()]
    assert len(promised) == 1, "only to say that it is not"
