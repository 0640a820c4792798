"""Easy reading: short sentences of usual words, one idea each, in every message that members meet from week to week."""

import io
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.conftest import Bot
from tools import words

CATALOGUES = {"fr_falc": "fr", "en_easy": ""}

#: Where the messages come from that a member meets in check-ins, practices, reminders, consent, pauses and help.
MET = ("handlers/checkins", "handlers/practices", "handlers/trials", "handlers/reminders", "handlers/welcome", "handlers/pause")
MET += (
    "handlers/help",
    "core/answers",
    "core/questionnaire",
    "core/reminding",
    "jobs/checkins",
    "jobs/reminders",
    "jobs/wishes",
)

_CHOICE = re.compile(r"^\d\) ", re.MULTILINE)
_COMMAND = re.compile(r"/\w+(?: \{?\w+\}?)?")
_END = re.compile(r"(?<=[.!?:])\s+|\n")
_WORD = re.compile(r"[\w{}'’/-]+")
_SHORT_FORMS = re.compile(r"\b(?:etc|ex|svp|stp|rdv|cf|e\.g|i\.e|asap|nb|tél)\b", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """What is read in one breath; a command is one word, and so is what is filled in."""
    return [one for one in _END.split(_COMMAND.sub("X", text)) if one.strip()]


def hard(text: str) -> str:
    """What makes it hard to read; empty if nothing does."""
    if long := [one for one in sentences(text) if len(_WORD.findall(one)) > 12]:
        return f"more than twelve words: {long[0]}"
    if re.search(r"[()\[\];]", text):
        return "brackets or a semicolon"
    if _SHORT_FORMS.search(text):
        return "an abbreviation"
    return "an emoji" if words._EMOJI.search(text) else ""


def catalogue_of(name: str) -> Catalog:
    return read_po(io.BytesIO(words.path(name).read_bytes()), locale=name[:2])


def forms(message: object) -> tuple[str, ...]:
    return words._forms(getattr(message, "string", None) or getattr(message, "id", None))


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_easy_sentence_is_easy(name: str) -> None:
    catalogue = catalogue_of(name)
    found = [(form, hard(form)) for message in catalogue if message.id for form in forms(message)]
    assert [one for one in found if one[1]] == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_what_members_meet_is_easy_or_has_an_easy_variant(name: str) -> None:
    easy = catalogue_of(name)
    usual = catalogue_of("fr") if CATALOGUES[name] else words.template()
    met = [one for one in usual if one.id and any(place[7:].startswith(MET) for place, _line in one.locations)]
    assert len(met) > 100
    left = [one for one in met if not (known := easy.get(one.id)) or not words._filled(known)]
    assert [(form, hard(form)) for one in left for form in forms(one) if hard(form)] == []


def test_rules_that_nothing_could_break_would_prove_nothing() -> None:
    assert "twelve" in hard("un deux trois quatre cinq six sept huit neuf dix onze douze treize")
    for words_that_stop_readers in ("Oui (peut-être).", "Par ex. demain.", "Bravo 🎉", "Oui ; non."):
        assert hard(words_that_stop_readers)
    assert not hard("Vous pouvez changer votre réponse jusqu'au {when}. Écrivez /bilan")


@pytest.mark.parametrize(("language", "turn_on"), [("fr", "/moi facile oui"), ("en", "/me easy on")])
def test_a_member_with_easy_reading_meets_it_all_along_a_check_in(
    request: pytest.FixtureRequest, language: str, turn_on: str
) -> None:
    bot: Bot = request.getfixturevalue("french" if language == "fr" else "bot")
    for line in ("alice: hello", "bo: hello", f"bo@bot: {turn_on}", "alice: /checkin open"):
        bot.line(line)
    begun = len(bot.said("@bo"))
    for answer in ("1", "images", "les dessiner", "1", "encore", "1", "2", "/checkin", "5", "merci"):
        bot.line(f"bo@bot: {answer}")
    heard = [_CHOICE.sub("", text.replace("\u00a0", " ")) for _number, text in bot.said("@bo")[begun - 1 :]]
    assert len(heard) > 8
    assert [(text, hard(text)) for text in heard if hard(text)] == []
    assert any(easy in " ".join(heard) for easy in ("Qui peut lire vos mots ?", "Who can read your words?"))
