"""Easy reading: short sentences of usual words, one idea each, in every message that members meet from week to week."""

import io
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.conftest import Bot
from tests.parole import Circle
from tools import words

CATALOGUES = {"fr_falc": "fr", "en_easy": ""}

#: Where the messages come from that a member meets in check-ins, practices, reminders, consent, pauses, help and parole libre.
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
MET += ("core/dispatch", "core/hearing", "features/helplines", "features/parole", "handlers/freespeech", "handlers/listeners")

_CHOICE = re.compile(r"^\d\) ", re.MULTILINE)
_COMMAND = re.compile(r"/\w+(?: \{?\w+\}?)?")
_END = re.compile(r"(?<=[.!?:])\s+|\n")
_WORD = re.compile(r"[\w{}'’/-]+")
_SHORT_FORMS = re.compile(r"\b(?:etc|ex|svp|stp|rdv|cf|e\.g|i\.e|asap|nb|tél)\b", re.IGNORECASE)


#: What takes the reader for a man, or for a woman, and what takes one listener for several women.
_GENDERED = re.compile(
    r"\b(?:vous (?:êtes|étiez|serez|restez) (?:\w+ )?(?:seul|sûr|prêt)e?s?|nombreux|elles (?:seules|lisent|ouvrent))\b",
    re.IGNORECASE,
)


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


@pytest.mark.parametrize("name", ["fr", "fr_falc"])
def test_parole_libre_takes_nobody_for_a_man_or_a_woman(name: str) -> None:
    told = [one for one in catalogue_of(name) if any("parole" in place for place, _line in one.locations)]
    assert len(told) > 60
    assert [form for one in told for form in forms(one) if _GENDERED.search(form)] == []
    assert _GENDERED.search("Si vous êtes seul 21 jours, elles seules lisent.")


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


#: What is done in parole libre, and easy words that come of it, in French and in English.
_PLAY = (
    ("cy: /freespeech", "Je vous écoute pendant une heure", "I listen for an hour"),
    ("cy: 42", "Je garde seulement des mots", "I only keep words"),
    ("cy: hal dort mal", "Au groupe : je montre vos mots", "To the group: I show your words"),
    ("cy: moi aussi, je dors mal", "J'ai ajouté cela à vos mots", "I added this to your words"),
    ("cy: peut-être", "Pour arrêter, écrivez : /arreter", "To stop, write: /stop"),
    ("cy: 3", "J'ai oublié ces mots", "I forgot those words"),
    ("cy: je dors mal la nuit", "Envoyer seulement à ida", "Send only to ida"),
    ("cy: 2", "Personne ne peut vous redonner ce code", "Nobody can give you this code again"),
    ("cy: /freespeech encore", "Sinon, revenez demain", "Or come back tomorrow"),
    ("dee: /freespeech je dors mal aussi", "Que voulez-vous faire ?", "What do you want to do?"),
    ("dee: 4", "Je n'ai rien gardé", "I kept nothing"),
    ("dee: /freespeech je dors mal aussi", "avec d'autres messages", "with other messages"),
    ("dee: 1", "Alors le groupe les lira", "Then the group reads them"),
    ("cy: /reread {code}", "Vos mots attendent encore", "Your words still wait"),
    ("cy: 4", "Plus tard, vous pourrez dire", "Later, you can say"),
    ("the next hour", "Proposer d'autres mots", "Offer other words"),
    ("ida: 1", "Votre réponse est pour une seule personne", "Your answer is for one person"),
    ("ida: 7", "Je garde seulement des mots", "I only keep words"),
    ("ida: Je suis là", "Cela partira le", "It goes out on"),
    ("ida: /listener read", "Quel nom choisissez-vous ?", "Which name do you choose?"),
    ("ida: 1", "Ne plus lire cette personne", "Stop reading this person"),
    ("ida: 2", "Quels mots proposez-vous ?", "Which words do you offer?"),
    ("ida: La nuit est dure", "C'est noté", "Noted"),
    ("the next hour", "", ""),
    ("cy: /reread {code}", "Vous avez une réponse", "You have an answer"),
    ("cy: 3", "Je garde de quoi vous écrire", "I keep where to write to you"),
    ("cy: 3", "Je ne vous préviendrai plus", "I will not tell you"),
    ("cy: 5", "C'est pour toujours", "That is for ever"),
    ("cy: 2", "pour éviter une erreur", "to be sure"),
    ("cy: 2", "Votre nom reste caché", "Your name stays hidden"),
    ("cy: 1", "Je ne donne jamais votre nom", "I never give your name"),
    ("cy: 1", "C'est reçu", "I have it"),
    ("cy: /reread un deux trois quatre cinq", "Un code a 5 mots", "A code has 5 words"),
    ("cy: /reread", "Écrivez-moi les 5 mots", "Write me the 5 words"),
    ("cy: /takeback {code}", "J'ai effacé vos mots et les réponses", "I erased your words and the answers"),
    ("ida: /listener read", "a reçu une réponse", "answered"),
    ("ida: 1", "que voulez-vous faire ?", "what do you want to do?"),
    ("ida: 4", "Je refuserai son code", "I refuse the code"),
    ("ida: 1", "que voulez-vous faire ?", "what do you want to do?"),
    ("ida: 3", "Que peut-on dire au groupe", "What can the group hear"),
    ("ida: /skip", "C'est fini", "It is ended"),
    ("ida: /listener remove", "ida ne recevra plus rien", "ida gets nothing more"),
)


@pytest.mark.parametrize(("language", "turn_on"), [("fr", "/moi facile oui"), ("en", "/me easy on")])
def test_parole_libre_is_easy_all_along_for_those_who_write_and_those_who_listen(
    request: pytest.FixtureRequest, language: str, turn_on: str
) -> None:
    circle = Circle(request.getfixturevalue("french" if language == "fr" else "bot"))
    circle.bot.passes(days=7)
    for name in ("cy", "dee", "ida"):
        circle[name].writes(turn_on)
    before = _heard(circle)
    circle.listens("ida")
    for done, in_french, in_english in _PLAY:
        known = len(_heard(circle))
        _play(circle, done)
        assert (in_french if language == "fr" else in_english) in "\n".join(_heard(circle)[known:]), done
    heard = _heard(circle)[len(before) :]
    assert len(heard) > len(_PLAY)
    assert [(text, wrong) for text in heard if (wrong := _hard_to_answer(text))] == []


def _play(circle: Circle, done: str) -> None:
    name, _colon, words_said = done.partition(": ")
    if not words_said:
        circle.next_tick()
        return
    code = re.search(r"(?:Votre code|Your code) ?: (.+)", "\n".join(circle["cy"].heard()))
    circle[name].writes(words_said.replace("{code}", code[1] if code else ""))


def _heard(circle: Circle) -> list[str]:
    """All that those who read easily have heard, in its order."""
    said = sorted(one for name in ("cy", "dee", "ida") for one in circle.bot.said(f"@{name}"))
    return [text.replace("\u00a0", " ") for _number, text in said]


def _hard_to_answer(text: str) -> str:
    """What makes a whole message hard; how a help number answers is said in brackets."""
    if len(text.splitlines()) > 8:
        return "more than eight lines"
    if text.count("?") > 1:
        return "more than one question"
    return hard(re.sub(r" \((?:SMS|text message)\)", "", _CHOICE.sub("", text)))
