"""What is pointed out before something is said in confidence: traces of people, and words that tell of a danger."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from copbot.core import codes
from copbot.core.house import House
from copbot.letters import fold

#: What points to somebody, whoever it is. The patterns are wide: a space more or less must not hide a number.
_NETWORK = r"(?i:\b(?:insta|instagram|snap|snapchat|tiktok|telegram|discord|twitter|messenger|facebook|fb|whatsapp|signal)\b)"
_AT = r"(?: ?@ ?| ?[(\[](?i:at)[)\]] ?|(?i: arobase | arobas | at ))"
_DOT = r"(?:\.| ?[(\[](?i:dot)[)\]] ?|(?i: point | dot ))"
_TRACES = (
    # an e-mail address, also spelt out
    rf"[\w.+-]{{1,64}}{_AT}[\w-]{{1,64}}(?:{_DOT}[\w-]{{1,64}}){{1,4}}",
    # @handle, @name:server, a link, an account named without @
    r"(?<![\w.])@[\w.-]{2,64}(?::[\w.-]{2,64})?",
    r"(?:https?://|www\.|t\.me/|\b[\w-]{2,40}\.(?:com|fr|org|net|eu|io|be|ch|ca)/)[^\s<>«»]{2,200}",
    r"(?i:\bpseudo)(?i: ?:| c'est| est| sur \w{2,20}){0,2} @?[\w.-]{3,40}",
    rf"{_NETWORK}(?i: ?:| c'est| sous le nom de| au nom de) @?[\w.-]{{3,40}}",
    rf"{_NETWORK} (?=[\w.-]{{0,30}}[\d_.][\w.-])[\w.-]{{3,40}}",
    # a telephone number of any country; a French one, also with a pair forgotten; one spelt out
    r"(?<![\d+])(?:\+|00)\s?\d(?:[\s.\-/()]{0,2}\d){7,14}",
    r"(?<![\w+])(?<!\d[ .,])[0Oo]\s?[1-9](?:[\s.\-/_]{0,2}\d){6,8}(?!\d)",
    r"(?i:\bz[ée]ro[\s-](?:un|deux|trois|quatre|cinq|six|sept|huit|neuf)\b(?:[\s,.-]{1,2}[a-zéû]{2,10}){3,12})",
    # numbers of social security and of bank accounts, a postal code with its town, a birthday
    r"(?<!\d)[12][ .]?\d{2}[ .]?\d{2}[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{2})?(?!\d)",
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b",
    r"(?<!\d)(?:0[1-9]|[1-8]\d|9[0-8])\d{3} [A-ZÉÈ][\w'’-]{2,30}",
    r"\b(?i:née?s? le|born on) \d{1,2}[ ./-](?:\d{1,2}|[a-zéû]{3,9})[ ./-]\d{2,4}",
)

#: An address: the number, the word for street, its name.
_ADDRESS = r"\b\d{{1,4}} ?(?:bis|ter)?,? (?i:{streets})\b[^.!?\n,;]{{0,40}}"

#: A name after a word that tells that it is one.
_NAMED = r"(?<![\w-])(?i:{words}),? (?:(?i:de|du|des|le|la|les|est|is) )?{name}(?: {name})?"
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"

#: Names of members and parts of them shorter than this are found in too many words.
_SHORTEST = 2
_SHORTEST_PART = 3


def personal(text: str, names: Iterable[str], house: House) -> list[str]:
    """The pieces of the text that could point to somebody, as they are written, each once, in the order they come.

    `names` are the names of members as they show them. Found are telephone numbers, addresses, handles, links, numbers of
    official papers, and names after one of the words in config/traces.yaml.
    """
    listing = house.listing("traces")
    patterns = _traces(listing["streets"], " ".join(listing[kind] for kind in ("titles", "bonds", "houses")))
    spans = [match.span() for pattern in patterns for match in pattern.finditer(text)]
    spans += _members(text, names, set(listing["titles"].split()) | set(listing["particles"].split()))
    found: list[str] = []
    end = 0
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= end:
            found.append(text[start:stop].strip())
            end = stop
    return list(dict.fromkeys(found))


@lru_cache
def _traces(streets: str, before_names: str) -> tuple[re.Pattern[str], ...]:
    address = _ADDRESS.format(streets=_one_of(streets))
    named = _NAMED.format(words=_one_of(before_names), name=_NAME)
    return tuple(map(re.compile, (*_TRACES, address, named)))


def _one_of(words: str) -> str:
    return "|".join(re.escape(word).replace("'", "['’]") for word in sorted(set(words.split()), key=len, reverse=True))


def _members(text: str, names: Iterable[str], besides: set[str]) -> Iterator[tuple[int, int]]:
    """Where a member's name is written: whole, or a part of it that is more than a title or a particle (`besides`)."""
    folded = _aligned(text)
    for name in names:
        parts = [part for part in re.split(r"[\s._]+", name) if part.casefold() not in besides and len(part) >= _SHORTEST_PART]
        for part in dict.fromkeys((name, *parts)):
            wanted = _aligned(part.strip("@ "))
            if len(wanted) < _SHORTEST or wanted not in folded:
                continue
            for match in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded):
                if part == name or text[match.start()].isupper() or wanted not in _common():
                    yield match.span()


@lru_cache
def _common() -> frozenset[str]:
    """Words that in small letters are rather themselves than somebody's name."""
    return frozenset(word for language in ("fr", "en") for word in codes.words(language))


def _aligned(text: str) -> str:
    """Folded letter by letter, so that places in it are places in the text."""
    if text.isascii():
        return text.lower()
    return "".join(found if len(found := fold(letter)) == 1 else letter for letter in text)


_WORDS = re.compile(r"[^\W_]+'?|(?:[.!?;]|\n)+")


def is_crisis(text: str, house: House) -> bool:
    """Tell whether the words tell of a danger, by the phrases of config/crisis.yaml, in any of its languages."""
    said = _said(text)
    listing = house.listing("crisis")
    for language in listing.values():
        plain = said
        for pattern in _patterns(tuple(language["unless"])):
            plain = pattern.sub(" |", plain)
        if any(pattern.search(plain) for pattern in _patterns(tuple(language["phrases"]))):
            return True
    return False


def _said(text: str) -> str:
    """The words, folded, each after a space; `|` where a sentence ends."""
    words = _WORDS.findall(fold(text).replace("œ", "oe"))
    return "".join(f" {word if word[0].isalnum() else '|'}" for word in words) + " "


@lru_cache
def _patterns(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_sequence(_ELEMENT.findall(phrase))) for phrase in phrases)


#: An element of a phrase: a group with at most one group in it, an ellipsis, or a word.
_ELEMENT = re.compile(r"\((?:[^()]|\([^()]*\))*\)\??|\.\.\.|[^\s()']+'?|'")


def _sequence(elements: list[str]) -> str:
    return "".join(map(_element, elements))


def _element(element: str) -> str:
    if element == "...":
        return r"(?: [\w']+){0,4}"
    if element.startswith("("):
        inner = element.removesuffix("?")[1:-1]
        found = "|".join(_sequence(_ELEMENT.findall(one)) for one in re.split(r"\|(?![^(]*\))", inner))
        return f"(?:{found})" + ("?" if element.endswith("?") else "")
    word = "".join(r"\w*" if part == "*" else re.escape(part) for part in re.split(r"(\*)", element) if part)
    return f" {word}(?= )"
