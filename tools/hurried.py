"""Sentences as they are written in a hurry, on a telephone, by those who do not spell: `make danger` learns from them too."""

import random
import re
import zlib

#: By language, what may be written and what is written instead.
_HABITS = {
    "fr": (
        (r"\bparce que\b", "pck"),
        (r"\btout le temps\b", "tt le tps"),
        (r"\bbeaucoup\b", "bcp"),
        (r"\bje suis\b", "chui"),
        (r"\bil y a\b", "ya"),
        (r"\bc['’]est\b", "c"),
        (r"\bj['’]ai\b", "jai"),
        (r"\bj['’]", "j"),
        (r"\bqu['’]", "k"),
        (r"\bque\b", "ke"),
        (r"qu(?=[eiao])", "k"),
        (r"\bplus\b", "plu"),
        (r"\bpas\b", "pa"),
        (r"\bne |\bn['’]", ""),
        (r"(?<=\w\w)(?:er|ée|és|ai)\b", "é"),
        (r"(?<=\w\w\w)[stxe]\b", ""),
        (r"ph", "f"),
        (r"eau", "o"),
    ),
    "en": (
        (r"\bgoing to\b", "gonna"),
        (r"\bbecause\b", "cuz"),
        (r"\bplease\b", "pls"),
        (r"\bI am\b", "im"),
        (r"\byou\b", "u"),
        (r"\bare\b", "r"),
        (r"\bto\b", "2"),
        (r"\bfor\b", "4"),
        (r"\band\b", "n"),
        (r"ing\b", "in"),
        (r"ght\b", "te"),
        (r"(?<=\w\w)e\b", ""),
        (r"['’]", ""),
    ),
}


def hurried(sentence: str, language: str) -> str:
    """The sentence with some habits, slips and missing marks, always the same ones."""
    chance = random.Random(zlib.crc32(sentence.encode()))
    for usual, instead in _HABITS[language]:
        if chance.random() < 0.5:
            sentence = re.sub(usual, instead, sentence, flags=re.IGNORECASE)
    if chance.random() < 0.6:
        sentence = re.sub("['’]", chance.choice(["", " "]), sentence)
    if chance.random() < 0.3:
        sentence = _slipped(sentence, chance)
    return re.sub(r"[.,;:!?]", "", sentence) if chance.random() < 0.5 else sentence


def _slipped(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    where = chance.randrange(len(words))
    word = words[where]
    if len(word) > 4:
        at = chance.randrange(1, len(word) - 2)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words[where] = chance.choice([swapped, word[:at] + word[at + 1 :]])
    return " ".join(words)
