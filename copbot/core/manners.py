"""What people say instead of a number: yes, no, thanks, later, I do not know, and a word with a slip of the finger in it."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein

from copbot.letters import fold

_YES = {"oui", "ok", "okay", "d'accord", "daccord", "c'est bon", "yes", "yep", "sure", "i agree", "volontiers", "je veux bien"}
_YES |= {"bien sur", "parfait", "of course", "ouais"}
_NO = {"non", "no", "nope", "nan"}
_DECLINED = {"non merci", "no thanks", "no thank you", "pas cette fois", "not this time", "une autre fois", "je ne veux pas"}
_LATER = {"plus tard", "later", "pas maintenant", "not now", "une autre fois", "another time"}
_NO_IDEA = {
    "je sais pas",
    "je ne sais pas",
    "j'sais pas",
    "sais pas",
    "aucune idee",
    "je passe",
    "passe",
    "suivant",
    "suivante",
}
_NO_IDEA |= {"i don't know", "i dont know", "don't know", "dont know", "no idea", "pass", "next"}
THANKS = {"merci", "merci beaucoup", "merci bien", "thanks", "thank you", "thanks a lot", "thank you very much"}
FAREWELLS = {"au revoir", "bye", "goodbye", "a bientot", "bonne journee", "bonne soiree", "see you", "see you soon"}

_POLITE = re.compile(r"(?: (?:merci|merci beaucoup|stp|svp|s'il (?:te|vous) plait|please|thanks|thank you|quand meme))+$")
_NUMBERED = re.compile(r"(?:(?:le|la|the|n|n°|no|numero|number|option|choix|choice|reponse|answer|je prends|i take) )*(\w+)")
_NUMBERS = {"un": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5}
_NUMBERS |= {"premier": 1, "premiere": 1, "first": 1, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "third": 3}

#: Keys of choices that a plain yes, no or later means, where such a choice is offered.
_YES_KEYS, _NO_KEYS, _LATER_KEYS = {"yes", "ok", "now"}, {"no", "pass"}, {"later"}


def plain(text: str) -> str:
    """The words alone: folded, without punctuation, emoji variants and spaces that say nothing."""
    return " ".join(re.sub(r"[.,;:!?…()«»“”\"\ufe0f\u20e3]", " ", fold(text)).split())


def choice(text: str, choices: Sequence[Sequence[str]]) -> int | None:
    """Which of the choices (pairs of key and label) is meant by words that are none of the labels; None if none surely is."""
    said, labels = plain(text)[:80], [plain(label) for _key, label in choices]
    if not said or not labels:
        return None
    found = _plainly(said, choices, labels)
    return found if found is not None else _in_other_words(_POLITE.sub("", said), choices, labels)


def is_put_off(text: str) -> bool:
    """Tell whether these words leave the question for another time, or only say thanks."""
    return plain(text) in _LATER | THANKS | FAREWELLS


def is_passed(text: str) -> bool:
    """Tell whether these words pass the question: I do not know, no thanks."""
    return plain(text) in _NO_IDEA | _DECLINED


def _plainly(said: str, choices: Sequence[Sequence[str]], labels: list[str]) -> int | None:
    """No, no thanks and later: "Not yet" to "Have you tried?", else the choice that turns the offer down."""
    refusing = [index for index, (key, _label) in enumerate(choices) if key in _NO_KEYS or _begins(labels[index], _NO | _LATER)]
    keys = [key for key, _label in choices]
    if said in _NO and "not_yet" in keys and any(_begins(label, _YES) for label in labels):
        return keys.index("not_yet")
    if said in _NO and keys == ["ok", "change"]:
        return 1
    if said in _NO | _DECLINED and len(refusing) == 1:
        return refusing[0]
    if said in _LATER:
        return _only([index for index, label in enumerate(labels) if label in _LATER or choices[index][0] in _LATER_KEYS])
    return None


def _in_other_words(said: str, choices: Sequence[Sequence[str]], labels: list[str]) -> int | None:
    """A number in words, a plain yes where yes and no are the question, a label with a slip in it."""
    if found := _NUMBERED.fullmatch(said):
        number = int(found[1]) if found[1].isascii() and found[1].isdigit() else _NUMBERS.get(found[1], 0)
        if 1 <= number <= len(labels):
            return number - 1
    return _yes(choices, labels) if said in _YES else _slip(said, labels)


def _yes(choices: Sequence[Sequence[str]], labels: list[str]) -> int | None:
    """The one choice that agrees; only where another one refuses or changes, lest a yes to nothing opens a door."""
    agreeing = [index for index, (key, _label) in enumerate(choices) if key in _YES_KEYS or _begins(labels[index], _YES)]
    refusing = [key in {"ok", *_NO_KEYS} or _begins(labels[index], _NO | _LATER) for index, (key, _label) in enumerate(choices)]
    return _only(agreeing) if any(refusing) else None


def _slip(said: str, labels: list[str]) -> int | None:
    """A label, or its first words, a slip or two away; "non pas encore" is "pas encore"."""
    said = said.partition(" ")[2] if said.partition(" ")[0] in _YES | _NO and " " in said else said
    if len(said) < 4 or any(letter.isdigit() for letter in said):
        return None
    size = said.count(" ") + 1
    cuts = [(label, " ".join(label.split()[:size])) for label in labels]
    return _only([index for index, cut in enumerate(cuts) if any(_is_near(said, words) for words in cut)])


def _is_near(said: str, label: str) -> bool:
    slips = 1 if len(said) < 9 else 2
    return DamerauLevenshtein.distance(said, label, score_cutoff=slips) <= slips


def _begins(label: str, words: set[str]) -> bool:
    return any(label == word or label.startswith(f"{word} ") for word in words)


def _only(found: list[int]) -> int | None:
    return found[0] if len(found) == 1 else None
