"""From words to the terms they are found under: stems with and without accents, the same on every database."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import snowballstemmer

#: Changes whenever the same text would give other terms than before: then communities are indexed anew.
VERSION = 1

#: Acronyms with dots, or runs of letters and digits with the combining marks on them. Apostrophes and hyphens part words.
_WORD = re.compile(r"(?:[A-ZÀ-Þ]\.){2,}|(?:[^\W_][\u0300-\u036f]*)+")

#: Longer words are cut: nobody types them, and databases have limits.
_LONGEST = 40

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_ALGORITHMS = {"fr": "french", "en": "english"}

#: Words that tell nothing about a text, folded. Elided forms come without their apostrophe.
_STOP = {
    language: frozenset(text.split())
    for language, text in {
        "fr": """
            ai aie aient ainsi alors apres as assez au aucun aucune aujourd aura aurait aussi autant autre autres aux avaient
            avais avait avant avec avez avoir avons ayant beaucoup bien car ce cela celle celles celui ces cet cette ceux chaque
            chez ci comme comment contre dans de deja depuis des donc dont du elle elles en encore entre es est et etaient
            etais etait etant etc etes etre eu eux faire fait faites faut fois font hui ici il ils je jusqu la le les leur
            leurs lorsqu lorsque lui ma mais me meme memes mes moi moins mon ne ni non nos notre nous on ont ou par parce pas
            pendant peu peut peuvent plus pour pourquoi presqu puis puisqu puisque qu quand que quel quelle quelles quelqu
            quelque quelques quels qui quoi quoiqu quoique sa sans se sera serait ses si soit sommes son sont sous sur ta te
            tes toi ton tous tout toute toutes tres trop tu un une va vais vers voici voila vont vos votre vous y
        """,
        "en": """
            about after again all also am an and any are aren as at be because been before being but by can cannot could
            couldn did didn do does doesn doing don done for from had has have having he her here hers him his how if in into
            is isn it its just ll made make may me might more most must my no nor not now of off on once one only or other our
            ours out over own re same she should so some such than that the their them then there these they this those
            through to too under until up us ve very was wasn we were what when where which while who whom why will with won
            would you your yours
        """,
    }.items()
}


def words(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Every word of the text that tells something: where it begins and ends, and the word in lower case.

    In capitals even a small word may be an acronym: AS is an aide-soignante.
    """
    for match in _WORD.finditer(text):
        if word := _telling(match.group(), language):
            yield match.start(), match.end(), word


@lru_cache(maxsize=8192)
def _telling(raw: str, language: str) -> str:
    """The word in lower case; "" where it tells nothing."""
    word = _plain(raw)
    tells = word.isdigit() or (len(word) > 1 and (raw.isupper() or unaccented(word) not in _STOP[language]))
    return word if tells else ""


@lru_cache(maxsize=8192)
def terms(word: str, language: str) -> tuple[str, ...]:
    """What a word from `words` is found under: its stem without accents, and the stem of it without accents.

    Both are needed: the first knows that "différencié" is a participle, the second is all that "differencie" has. French words
    whose forms Snowball leaves apart get a third.
    """
    stem, bare = _stemmer(language).stemWord, unaccented(word)
    found = unaccented(stem(word)), stem(bare)
    return tuple(dict.fromkeys((*found, *(_kin(bare, found[0]) if language == "fr" else ()))))


def _kin(bare: str, stem: str) -> Iterator[str]:
    """What brings together organisons and organiser, formatrice and formation, planifier and planification, jeux and jeu."""
    if (verb := _FIRST_PLURAL.fullmatch(bare)) and verb["noun"] not in _NOUNS:
        yield verb["stem"].removesuffix("y") + "i" if verb["stem"].endswith("y") else verb["stem"]
    if agent := _AGENT.fullmatch(bare):
        yield agent["stem"]
    if stem.endswith("ifi"):
        yield stem[:-1]
    if bare.endswith(("eux", "oux")):
        yield bare[:-1]


_FIRST_PLURAL = re.compile(r"(?P<noun>(?P<stem>\w{2,}[^e\W])e?on)s(?<![tsx]ions)")
_AGENT = re.compile(r"(?P<stem>\w{4,}t)(?:eur|rice)s?")

#: Nouns whose plural looks like a verb that it is no kin of.
_NOUNS = frozenset(
    re.findall(
        r"\w+",
        """
        avion balcon ballon bonbon bouton buisson camion canton carton chanson citron cochon coupon crayon flocon galon garcon
        glacon jalon jambon jeton maison melon menton mouton patron pension poison poisson prison raison saison salon savon
        talon toison torchon version violon wagon
        """,
    )
)


def terms_in(text: str, language: str) -> set[str]:
    """What all the words of a text are found under."""
    return {term for *_span, word in words(text, language) for term in terms(word, language)}


def fold(text: str) -> str:
    """Lower case, without accents, ligatures or spaces around: how tags and words are compared."""
    return unaccented(_plain(text)).strip()


def unaccented(word: str) -> str:
    """The word without its accents."""
    if word.isascii():
        return word
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower().replace(".", "")[:_LONGEST]
    word = unicodedata.normalize("NFKC", word).casefold().replace(".", "").translate(_LIGATURES)
    return unicodedata.normalize("NFC", word)[:_LONGEST]


@lru_cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(_ALGORITHMS[language])
