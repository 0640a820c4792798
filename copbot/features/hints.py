"""What is pointed out before something is said in confidence: traces of people."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from copbot.core import codes
from copbot.core.house import House
from copbot.letters import fold

_Span = tuple[int, int]

#: What people write between the digits of a telephone number; between its pairs.
_GAP = r"[\s.,;:*|/()_·‑–—-]{0,3}"
_PAIR = r"[\s.,;:*|/()_·‑–—-]{1,5}\d\d"

#: Letters that stand for a digit beside one; days and hours, whose digits belong to no telephone number.
_LOOKS_LIKE_DIGIT = re.compile(r"[OoIl](?=[OoIl]?\d)|(?<=\d)[OoIl](?=[\s./\dOoIl-])")
_DIGITS = str.maketrans("OoIl", "0011")
_DAY_OR_HOUR = re.compile(
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01]) ?[/.-] ?(?:0?[1-9]|1[0-2]) ?[/.-] ?(?:19|20)\d\d(?![.-]?\d)"
    r"|(?<!\d)(?<!\d )(?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]) (?:19|20)\d\d(?! ?\d)"
    r"|(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)"
    r"|(?<!\d)\d{1,2}\s?h(?:\s?[0-5]\d)?(?!\w)"
    r"|(?<![\d:])\d{1,2}:[0-5]\d(?![\d:])",
)

#: A telephone number: of any country; ten digits or so after a zero; in pairs, also with one forgotten, and the first one
#: apart; in pairs without the zero; in the way of North America; fewer digits after a word that announces it.
_TELEPHONES = tuple(
    map(
        re.compile,
        (
            rf"(?<![\w+:])(?<!\d[ .,])(?:\+|00){_GAP}[1-9](?:{_GAP}\d){{8,13}}",
            rf"(?<![\w+])(?<!\d[ .,])0[ \n()-]{{0,2}}[1-9](?:{_GAP}\d){{7,9}}(?!\d)",
            rf"(?<!\d)0\s?[1-9](?:(?:{_PAIR}){{4}}|(?:[\s./-]\d\d){{3}})(?!\d)",
            r"(?<!\d)0[1-9]\D{1,15}\d\d(?:[ ./-]\d\d){3}(?!\d)",
            rf"(?<![\d,])(?<!\d[ .])(?:33{_GAP}[1-9]|[67])([ .-]?)\d\d(?:\1\d\d){{3}}(?!\d)",
            r"(?<![\d.])(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]{1,2}[2-9]\d\d[ .-]\d{4}(?!\d)",
            (
                r"(?i:\b(?:t[ée]l(?:[ée]phone)?|portable|mobile|fixe|num|num[ée]ro(?! d)|whatsapp|signal|sms|texto|appel\w{0,4}"
                r"|joi[gn]\w{1,6}|phone|cell|number|call|ring|text)\b)[^\d\n]{0,20}(?P<it>\d(?:[ ./-]{0,2}\d){6,13})(?!\d)"
            ),
        ),
    )
)

#: Numbers that cost nothing or are dear are those of services, in France of ten digits.
_SERVICE = re.compile(r"08[0-2]\d{7}")

#: Numbers in words. A word counts for what it is worth; "double" for the digit more that it tells of.
_WORTH = {
    **dict.fromkeys(("zéro", "zero", "oh", "double", "triple"), 0),
    **dict.fromkeys(("un", "une", "one"), 1),
    **dict.fromkeys(("deux", "two"), 2),
    **dict.fromkeys(("trois", "three"), 3),
    **dict.fromkeys(("quatre", "four"), 4),
    **dict.fromkeys(("cinq", "five"), 5),
    "six": 6,
    **dict.fromkeys(("sept", "seven"), 7),
    **dict.fromkeys(("huit", "eight"), 8),
    **dict.fromkeys(("neuf", "nine"), 9),
    **dict.fromkeys(("dix", "ten"), 10),
    **dict.fromkeys(("onze", "eleven"), 11),
    **dict.fromkeys(("douze", "twelve"), 12),
    **dict.fromkeys(("treize", "thirteen"), 13),
    **dict.fromkeys(("quatorze", "fourteen"), 14),
    **dict.fromkeys(("quinze", "fifteen"), 15),
    **dict.fromkeys(("seize", "sixteen"), 16),
    **dict.fromkeys(("seventeen",), 17),
    **dict.fromkeys(("eighteen",), 18),
    **dict.fromkeys(("nineteen",), 19),
    **dict.fromkeys(("vingt", "vingts", "twenty"), 20),
    **dict.fromkeys(("trente", "thirty"), 30),
    **dict.fromkeys(("quarante", "forty"), 40),
    **dict.fromkeys(("cinquante", "fifty"), 50),
    **dict.fromkeys(("soixante", "sixty"), 60),
    **dict.fromkeys(("septante", "seventy"), 70),
    **dict.fromkeys(("huitante", "eighty"), 80),
    **dict.fromkeys(("nonante", "ninety"), 90),
}
_TENS = range(20, 100, 10)
_IN_WORDS = rf"(?:\d{{1,4}}|{'|'.join(sorted(_WORTH, key=len, reverse=True))})"
_SPELT = re.compile(rf"(?i:(?<!\w){_IN_WORDS}(?:[\s,.‑–-]{{1,3}}(?:(?:et|puis|and|then)[ -])?{_IN_WORDS}(?!\w)){{4,24}})")

#: Numbers of social security and of bank accounts, a birthday.
_PAPERS = tuple(
    map(
        re.compile,
        (
            r"(?<!\d)[12][ .]?\d{2}[ .]?\d{2}[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{2})?(?!\d)",
            r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b",
            r"\b(?i:née?s? le|born on) \d{1,2}[ ./-](?:\d{1,2}|[a-zéû]{3,9})[ ./-]\d{2,4}",
        ),
    )
)

_PROVIDER = (
    r"(?:gmail|hotmail|outlook|yahoo|ymail|orange|free|sfr|bbox|(?:la\s?)?poste|wanadoo"
    r"|proton(?:mail)?|icloud|live|msn|gmx|aol|neuf)"
)
_OF_ANYBODY = re.compile(rf"\s?{_PROVIDER}\b", re.IGNORECASE)
_ENDING = r"(?:com|fr|org|net|eu|be|ch|ca|io|de|es|it|lu|us|uk|ie|me|info|asso|pro|paris|bzh|ma|tn|dz|sn)"
_LABEL = r"[^\W_][\w-]{0,62}"
_LOCAL = r"(?<![\w.+-])[\w+-][\w.+-]{0,63}"
_SAID = r"(?:[\w-]{1,30}\s(?:point|dot|tiret|dash|underscore)\s){0,3}"
_AT = (
    r"(?:\s?@{1,2}\s?|\s?[(\[{<]\s?(?:at|arr?obase?|chez|à|a|@)\s?[)\]}>]\s?"
    r"|\s?[*_-](?:at|arr?obase?)[*_-]\s?|,?\s(?:arr?obase?|at-sign),?\s)"
)
_DOT = r"(?:\s\.\s?|[.,]|\s?[(\[{<*]\s?(?:dot|point|pt|\.)\s?[)\]}>*]\s?|,?\s(?:point|dot|pt),?\s)"
_DOMAIN = rf"(?:la\s)?{_LABEL}(?:\s(?:tiret|dash)\s{_LABEL}){{0,3}}(?:{_DOT}{_LABEL}){{0,3}}?{_DOT}{_ENDING}\b"

_NETWORKS = (
    r"(?:insta|instagram|ig|snap|snapchat|tik ?tok|telegram|discord|twitter|messenger|facebook|fb|whatsapp|signal|linkedin"
    r"|mastodon|bluesky|bsky|threads|skype|viber|twitch|youtube|matrix|element|steam|psn|xbox|roblox|reddit|gmail|hotmail|yahoo)"
)
_NETWORK = rf"(?i:\b{_NETWORKS}\b)"

#: What is rather an account than a word: letters with a digit, a low line, a dot or a capital among them.
_SHAPED = (
    rf"(?<![\w.@-])(?!(?i:{_NETWORKS}|i[po]\w+)\b)"
    r"(?=[\w.-]{4})(?=(?:[\d_.-]{0,9}[^\W\d_]){2})"
    r"[^\W\d][\w-]{0,39}(?:[\d_]|(?<=[a-zà-ÿ\d])\.[a-zà-ÿ\d]|(?<=[a-zà-ÿ])[A-Z])[\w.-]{0,40}"
)

#: An address of mail: as it is; spelt out; with its provider alone; with a word for the sign that also means something else.
_MAILS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LOCAL}@{{1,2}}{_LABEL}(?:\.{_LABEL}){{0,4}}\.[^\W\d_]{{2,24}}",
        rf"(?<![\w.+-]){_SAID}[\w+-][\w.+-]{{0,63}}{_AT}{_DOMAIN}",
        rf"{_LOCAL}{_AT}{_PROVIDER}\b",
        r"(?<![\w.+-])[^\W\d_][\w.+-]{1,63}@[^\W\d_][\w-]{2,62}",
        rf"{_LOCAL},?\s(?:chez|at|à|a)\s{_PROVIDER}{_DOT}{_ENDING}\b",
    )
) + tuple(
    map(
        re.compile,
        (
            rf"{_SHAPED},?\s(?i:chez|at|à|a|sur),?\s(?i:{_DOMAIN})",
            r"\b[^\W\d_]{2,30} ?\d{1,4},?\s(?i:chez|at) (?i:gmail|hotmail|outlook|yahoo|icloud|wanadoo|laposte|protonmail)\b",
            rf"{_SHAPED}(?:[\s,(]{{1,3}}(?i:chez\s|at\s|à\s|sur\s)?(?i:{_PROVIDER})\b|[\s,]{{1,2}}(?i:{_PROVIDER}\.{_ENDING})\b)",
            rf"(?<![\w.+*-])[\w.*-]{{1,60}}?(?:_|[.*_-](?i:at|chez)[.*_-])(?i:{_PROVIDER}[.*](?:dot\*)?{_ENDING})\b",
        ),
    )
)

_MINE = r"(?i:\b(?:mon|ma|mes|ton|ta|son|sa|notre|votre|leur|my|your|his|her|our|their) )"
_MY_OWN = (
    rf"{_MINE}(?i:(?:compte|profil|page|nom|adresse|cha[iî]ne|id|identifiant|pseudo|account|profile) )?(?i:(?:sur|on) )?"
    rf"{_NETWORK}(?: perso)?"
)
_PROPER = r"[A-ZÀ-ÖØ-Þ][\w'’.-]{1,39}(?: [A-ZÀ-ÖØ-Þ][\w'’.-]{0,39}){0,3}"
_CLAUSE_ENDS = r"(?!\w)(?=\s*(?:[.,;!?)\n]|$)|\s+(?i:et|ou|sur|and|or|on)\b)"
_IS = r"(?:\s?[:=>→]{1,2}\s?|,? (?i:c['’]est|ce sera|s['’]appelle|is called) (?i:@|arobase )?)"
_SINGLE = r"@?(?P<told>[^\W\d_][\w.-]{3,39})"
_ONE = rf"{_SINGLE}{_CLAUSE_ENDS}"
_ON_NETWORK = rf"(?i:sur|on|dans|in|via) (?i:mon |my )?{_NETWORK}"
_BE = r" (?i:est|is) "
_SELF = r"(?i:je suis|j['’]suis|chuis|i am|i['’]m|il est|elle est|he is|she is) "
_LOOK = (
    r"(?i:\b(?:cherche[rz]?|tape[rz]?|trouve[rz]?|retrouve[rz]?|ajoute[rz]?|contacte[rz]?|suivez|suis|[ée]cri(?:s|vez|re)"
    r"|demande[rz]?|voyez|voir|add|find|follow|look for|search(?: for)?|message|dm|mp|ask|write to)"
    r"(?:[ -](?:moi|nous|le|la|me|us|him|her))?\b)"
)
_UNDER = r"(?i:\b(?:pseudo|identifiant|login|username|user name|nom d['’]utilisateur|handle|nickname)\b)"
_PAGE = r"(?i:\b(?:compte|profil|page|cha[iî]ne|account|profile|channel)\b)"
_BY_NAME = r"(?i: (?:au nom de|sous le nom de|s['’]appelle|under the name(?: of)?) )"


def _word_as(kind: str) -> str:
    return rf"@?(?P<{kind}>[^\W\d_][\w.-]{{2,39}})(?: [\w.-]{{3,39}})?{_CLAUSE_ENDS}"


#: An account. What is caught as `named` may be any word that is not ordinary; as `told`, none that tells how something is.
_ACCOUNTS = tuple(
    map(
        re.compile,
        (
            # @somebody, @somebody:server, somebody#1234, a low line within a word
            r"(?<![\w@.])@(?=[\w.-]*[^\W\d_]{2})(?P<sign>[\w.-]{2,64})(?::[\w.-]{2,64})?",
            rf"(?<![\w@])@ {_SHAPED}",
            r"(?<![\w.])[^\W\d_][\w.]{0,31}#\d{4}(?!\w)",
            r"(?<![\w/.@])[^\W\d_]{2,30}\d{0,4}_\w{1,40}(?!\w|\.[a-z]{3,4}\b)",
            # beside a network: what looks like an account; after a word that tells of one; a name
            rf"{_NETWORK}(?: |, ?| ?: ?| ?live:)(?:[a-z]{{2,8}} )?@?{_SHAPED}",
            rf"{_SHAPED},? {_ON_NETWORK}",
            rf"{_NETWORK} @ ?[\w.-]{{3,40}}",
            rf"{_NETWORK}(?: perso)?\s?[:=>→]{{1,2}}\s?{_word_as('told')}",
            rf"{_MY_OWN}{_IS}{_word_as('named')}",
            rf"{_MY_OWN}{_BE}{_word_as('told')}",
            rf"{_NETWORK}(?:{_IS}|{_BE}|,? {_SELF}|,? {_LOOK} ){_PROPER}{_CLAUSE_ENDS}",
            rf"{_NETWORK},? (?i:je m['’]appelle|my name is|c['’]est|mon (?:nom|pseudo) (?:c['’]est|est)) {_word_as('named')}",
            rf"{_NETWORK},? {_SELF}{_word_as('told')}",
            rf"(?:{_SELF}|{_LOOK} (?i:à |to )?|(?i:\barobase )){_PROPER} {_ON_NETWORK}",
            rf"(?:{_SELF}|{_LOOK} (?i:à |to )?|(?i:\barobase )){_SINGLE} {_ON_NETWORK}",
            rf"(?m:^){_MINE}?{_NETWORK} {_ONE}",
            rf"{_MINE}{_NETWORK} {_ONE}",
            rf"{_NETWORK} \({_ONE}",
            rf"{_NETWORK},? {_LOOK} {_ONE}",
            rf"{_NETWORK},? \(?[A-ZÀ-ÖØ-Þ][\w'’-]{{1,39}} {_PROPER}{_CLAUSE_ENDS}",
            rf"{_MINE}{_PAGE}{_IS}{_word_as('named')} {_ON_NETWORK}",
            rf"{_NETWORK}(?i: sous | under ){_ONE}",
            rf"(?m:^){_SINGLE} {_ON_NETWORK}(?m:$)",
            rf"(?<!un )(?<!de )(?<!a )(?i:\b(?:arobase|pseudo|alias)) {_ONE}",
            # under a name
            rf"{_UNDER}(?i: (?:sur|on) (?:le |la |the )?\w{{2,20}}| \w{{2,8}})?(?:{_IS}|{_BE}){_word_as('told')}",
            rf"(?:{_UNDER}|{_PAGE})[^.!?\n]{{0,20}} (?P<it>{_SHAPED})",
            rf"(?i:\b(?:sous|par|avec|under|by) (?:le |the |mon |my )?){_UNDER} @?{_word_as('told')}",
            rf"(?:{_NETWORK}|{_PAGE})[^.!?\n]{{0,20}}(?:{_BY_NAME}|(?i: sous | under ))(?:{_SHAPED}|{_PROPER})",
            rf"(?:{_NETWORK}|{_PAGE})[^.!?\n]{{0,20}}{_BY_NAME}@?{_word_as('named')}",
            rf"{_LOOK}[^.!?\n]{{0,20}}[ :](?P<it>{_SHAPED})",
        ),
    )
)

#: A link, and the pages that carry their owner's name.
_LINK = re.compile(
    r"(?i:https?://|www\.)[^\s<>«»]{2,200}"
    r"|(?<![\w.@/-])(?:[\w-]{1,40}\.){1,3}(?i:com|fr|org|net|eu|io|be|ch|ca|me|gg|tv|app|to|uk|social|co|info|ly|ee|in)/[^\s<>«»]{2,200}"
    r"|(?<![\w.@/-])[\w-]{2,40}\.(?i:bsky\.social|(?:wordpress|blogspot|over-blog|canalblog|tumblr|wixsite)\.com)(?!\w)"
)

#: A postal code with its town, which tells little alone; how those who live there say so.
_TOWN = r"(?<!\d)(?:0[1-9]|[1-8]\d|9[0-8])\d{3} [A-ZÉÈ][\w'’-]{2,30}"
_TOWN_AFTER = re.compile(rf"[\s,–-]{{0,4}}(?P<it>{_TOWN})")
_LIVING = re.compile(r"(?i:\b(?:j['’])?(?:habit\w{1,4}|vis|vit|vivons|vivent|lives?|domicile|chez)\b)")

_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"

#: Names of members and parts of them shorter than this are found in too many words; a slip only in names as long as this,
#: two in those very long.
_SHORTEST = 2
_SHORTEST_PART = 3
_LONG = 6
_VERY_LONG = 9

#: What is before a name: nothing, since a sentence begins; a word.
_OPENING = re.compile(r"(?:^|[.!?…:\n])[^\w]*$")
_WORD_BEFORE = re.compile(r"(\w{1,30}'?)[^\w.!?\n]{0,8}$")
_INITIAL = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-Þ]\. ?$")
_AND_ME = re.compile(r" (?:et|and) (?:moi|nous|toi|vous|i|me|you)\b")
_TO = ("a", "de", "to", "with", "about")
_WORD_AFTER = re.compile(r"[^\w.!?:\n]{0,8}(\w{1,30}'?)")
_LETTERS = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile(r"[AEIOUYÉÈÎÔaeiouy]")

#: Words so ended tell how something is.
_TELLS = re.compile(r"(?:ée?s?|ives?|ables?|ibles?)$")


def personal(text: str, names: Iterable[str], house: House) -> list[str]:
    """The pieces of the text that could point to somebody, as they are written, each once, in the order they come.

    `names` are the names of members as they show them. Found are telephone numbers, addresses, handles, links, numbers of
    official papers, and names after one of the words in config/traces.yaml; members by a part of their name, their initials,
    what they are called for short, and with a slip.
    """
    listing = house.listing("traces")
    spans = [
        *_telephones(text),
        *(match.span() for pattern in _PAPERS for match in pattern.finditer(text)),
        *_mails(text, _words(listing, "offices")),
        *_links(text, _words(listing, "sites")),
        *_accounts(text, _words(listing, "ordinary"), _words(listing, "everyone")),
        *_places(text, listing),
        *_called(text, listing),
        *_members(text, names, listing),
    ]
    found: list[str] = []
    end = 0
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= end:
            found.append(text[start:stop].strip())
            end = stop
    return list(dict.fromkeys(found))


def _words(listing: dict[str, Any], *kinds: str) -> frozenset[str]:
    """The words of these kinds in config/traces.yaml, folded. A house's own file need not have them all."""
    return _folded(" ".join(listing.get(kind, "") for kind in kinds))


@lru_cache
def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


def _one_of(words: str) -> str:
    """A pattern for these words; one that is written with a capital is meant with it."""
    longest_first = sorted(set(words.split()), key=len, reverse=True)
    found = (re.escape(word).replace("'", "['’]").replace(r"\-", "[ -]") for word in longest_first)
    return "|".join(word if word.islower() else f"(?-i:{word})" for word in found) or "(?!)"


def _place(match: re.Match[str]) -> _Span:
    return match.span("it") if "it" in match.re.groupindex else match.span()


def _telephones(text: str) -> Iterator[_Span]:
    plain = _LOOKS_LIKE_DIGIT.sub(lambda match: match[0].translate(_DIGITS), text)
    plain = _DAY_OR_HOUR.sub(lambda match: "#" * len(match[0]), plain)
    for pattern in _TELEPHONES:
        for match in pattern.finditer(plain):
            start, stop = _place(match)
            if not _SERVICE.fullmatch(re.sub(r"\D", "", plain[start:stop])):
                yield start, stop
    for match in _SPELT.finditer(plain):
        if _SERVICE.fullmatch(digits := _digits_of(re.findall(_IN_WORDS, match[0].lower()))):
            continue
        if len(digits) >= (8 if digits.startswith("0") else 9):
            yield match.span()


def _digits_of(words: list[str]) -> str:
    """What is dialled when these numbers are said; nothing if it is rather counting, or too little of it is said in words."""
    values: list[str] = []
    before = 0
    for word in words:
        value = _WORTH.get(word, -1)
        if word.startswith("vingt") and before == 4:
            before = 80
            values[-1] = "80"
        elif before in _TENS and 0 < value < (20 if before in (60, 80) else 10):
            values[-1] = str(before + value)
            before = 0
        else:
            before = value
            values.append(word if value < 0 else str(value))
    digits = "".join(values)
    if all(int(after) - int(one) == 1 for one, after in pairwise(values)):
        return ""
    if not digits.startswith("0"):
        return digits if sum(word in _WORTH for word in words) >= 3 else ""
    in_pairs = len(digits) == 10 and all(len(value) == 2 for value in values)
    return digits if in_pairs or any(word in _WORTH for word in words) else ""


def _mails(text: str, offices: frozenset[str]) -> Iterator[_Span]:
    """Addresses of mail, but for those of an office, which begin with what they are for."""
    for pattern in _MAILS:
        for match in pattern.finditer(text):
            whose, _sign, where = match[0].partition("@")
            if fold(re.split(r"[\W_\d]", whose)[0]) not in offices or _OF_ANYBODY.match(where):
                yield match.span()


def _links(text: str, sites: frozenset[str]) -> Iterator[_Span]:
    """Links, but for those to public sites."""
    for match in _LINK.finditer(text):
        host = fold(match[0]).removeprefix("https://").removeprefix("http://").split("/")[0]
        if not sites.intersection(re.split(r"[.-]", host)):
            yield match.span()


def _accounts(text: str, ordinary: frozenset[str], everyone: frozenset[str]) -> Iterator[_Span]:
    for pattern in _ACCOUNTS:
        for match in pattern.finditer(text):
            kinds = match.groupdict()
            if fold(kinds.get("sign") or "").rstrip(".-") in everyone or fold(kinds.get("named") or "") in ordinary:
                continue
            told = (kinds.get("told") or "").casefold()
            if told and (fold(told) in ordinary or fold(told) in _common() or _TELLS.search(told)):
                continue
            start, stop = _place(match)
            yield start, start + len(text[start:stop].rstrip(" .-"))


def _places(text: str, listing: dict[str, Any]) -> Iterator[_Span]:
    """Addresses, but for those of a public place that is named before."""
    address, public = _addresses(listing["streets"], listing.get("ways", ""), listing.get("public", ""))
    for match in address.finditer(text):
        before = re.split(r"[.!?\n]", text[max(0, match.start() - 60) : match.start()])[-1]
        if public.search(before) and not _LIVING.search(before):
            continue
        yield match.span()
        if town := _TOWN_AFTER.match(text, match.end()):
            yield town.span("it")
    for match in re.finditer(_TOWN, text):
        if _LIVING.search(text[max(0, match.start() - 20) : match.start()]):
            yield match.span()


@lru_cache
def _addresses(streets: str, ways: str, public: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """An address: the number, the word for street, its name; a word for street that counts things too needs a name after it."""
    number = r"\b\d{1,4} ?(?:bis|ter)?,? "
    rest = r"[^.!?\n,;\d]{0,40}"
    between = r"(?:(?i:de la|de|du|des|la|le|les) |(?i:de l|d|l)['’])?"
    capital = "[A-ZÀ-ÖØ-Þ]"
    return (
        re.compile(
            rf"{number}(?:(?i:{_one_of(streets)})\b{rest}|(?i:{_one_of(ways)}) {between}{capital}{rest}"
            rf"|(?:{_NAME} ){{1,3}}(?i:{_one_of(ways)}|{_one_of(streets)})\b)"
        ),
        re.compile(rf"(?i:\b(?:{_one_of(public)})\b)"),
    )


def _called(text: str, listing: dict[str, Any]) -> Iterator[_Span]:
    """Names after a word that tells that they are one, but for words that are nobody's name though they have a capital."""
    nobody = _words(listing, "nobody", "titles")
    sorts = nobody | _words(listing, "sorts", "bonds", "houses", "institutions")
    known = sorts | _words(listing, "known")
    kinds = ("titles", "namings", "bonds", "houses", "institutions")
    for match in _before_names(*(listing.get(kind, "") for kind in kinds)).finditer(text):
        besides = known if match["house"] else sorts if match["bond"] else nobody
        if fold(match["name"].split()[0]).strip("'-") not in besides:
            yield match.span()


@lru_cache
def _before_names(titles: str, namings: str, bonds: str, houses: str, institutions: str) -> re.Pattern[str]:
    of = r"(?:(?i:de|du|des|le|la|les) |(?i:d)['’])?"
    ways = (
        rf"(?i:{_one_of(titles)}) (?:(?i:de|du|des) |(?i:d)['’])?",
        rf"(?<!ça )(?<!ça s['’])(?i:{_one_of(namings)}) (?i:est |is |c['’]est |: ?)?",
        rf"(?P<bond>(?i:{_one_of(bonds)}),? {of})",
        rf"(?P<house>(?i:{_one_of(houses)}),? {of}|(?i:{_one_of(institutions)}) (?i:le |la |les )?)",
    )
    return re.compile(rf"(?<![\w-])(?:{'|'.join(ways)})(?P<name>{_NAME}(?: {_NAME})?)")


def _members(text: str, names: Iterable[str], listing: dict[str, Any]) -> Iterator[_Span]:
    """Where a member's name is written, whole or in part, as it is or almost."""
    reading = _Reading(text, listing)
    parts: set[str] = set()
    for name in names:
        for form in _forms(name, reading.besides, reading.nicknames):
            if form.isalpha() and len(form) >= _LONG:
                parts.add(form)
            if form.split()[0] in reading.folded:
                spans = (match.span() for match in _written(form, ordinary=form in reading.ordinary).finditer(reading.folded))
                yield from (span for span in spans if reading.is_name(span, doubtful=form in reading.ordinary))
        if initials := _initials(name):
            spans = (match.span() for match in initials.finditer(text))
            yield from (span for span in spans if not _VOWEL.match(text, span[0]) or reading.stands(span))
    known = sorted(parts)
    for match in _LETTERS.finditer(reading.folded):
        word = match[0]
        if len(word) >= _LONG - 1 and word not in reading.ordinary and word not in parts:
            near = process.extractOne(word, known, scorer=DamerauLevenshtein.distance, score_cutoff=2)
            if not near or near[1] > (2 if len(near[0]) >= _VERY_LONG else 1) or word == f"{near[0]}e":
                continue
            if reading.is_name(match.span(), doubtful=True):
                yield match.span()


class _Reading:
    """A text in which names are looked for: what of it is before a word and after it tells whether the word is one."""

    def __init__(self, text: str, listing: dict[str, Any]) -> None:
        self.text = text
        self.folded = _aligned(text)
        self.ordinary = _words(listing, "ordinary") | _common()
        roles = _words(listing, "titles", "namings", "bonds", "houses", "institutions")
        self.besides = _words(listing, "particles") | (roles - _words(listing, "ordinary"))
        self.capitals = _words(listing, "capitals")
        self.places = _words(listing, "streets", "ways", "saints")
        self.articles = _words(listing, "articles")
        self.leading = _words(listing, "leading")
        self.telling = _words(listing, "telling")
        self.joining = _words(listing, "joining")
        self.resuming = _words(listing, "resuming") | {"à"}
        self.following = _words(listing, "following")
        self.nicknames: dict[str, list[str]] = {}
        for nickname, full in listing.get("nicknames", {}).items():
            for name in full.split():
                self.nicknames.setdefault(fold(name), []).append(nickname)

    def is_name(self, span: _Span, *, doubtful: bool) -> bool:
        """Tell whether a name stands there: it is no part of another, and if it is `doubtful`, it is used as one."""
        start, stop = span
        before, after = self._before(start), self.folded[stop : stop + 2]
        if re.search(r"\w-$", before) or (after[:1] == "-" and after[1:].isalpha() and self.text[stop + 1].islower()):
            return False
        previous = self._word_before(before)
        if previous in self.places:
            return False
        if not doubtful or self.stands(span):
            return True
        if not self.text[start].isupper() or self.folded[start:stop] in self.capitals or previous in self.articles:
            return False
        if not _OPENING.search(before):
            return True
        following = self._word_after(stop)
        if self.folded[stop : stop + 1] == ",":
            return following in self.joining or following in self.resuming
        if not following or following[0].isdigit() or self.folded[stop : stop + 2].strip()[:1] in (":", "!"):
            return False
        return not any(following in words for words in (self.ordinary, self.resuming, self.joining))

    def stands(self, span: _Span) -> bool:
        """Tell whether only a name stands so: after a word that leads to one, or, beginning, before what somebody does."""
        start, stop = span
        before = self._before(start)
        previous = self._word_before(before)
        initial = _INITIAL.search(self.text[max(0, start - 3) : start])
        if initial or _AND_ME.match(self.folded, stop) or previous in self.leading:
            return True
        if previous in _TO and self._word_before(before[: before.rstrip().rfind(previous)]) in self.telling:
            return True
        begins = bool(_OPENING.search(before)) or previous in self.joining or before.rstrip().endswith(",")
        return begins and self._word_after(stop) in self.following

    def _before(self, start: int) -> str:
        return self.folded[start - 40 : start] if start > 40 else "\n" + self.folded[:start]

    def _word_before(self, before: str) -> str:
        found = _WORD_BEFORE.search(before)
        return found[1] if found else ""

    def _word_after(self, stop: int) -> str:
        found = _WORD_AFTER.match(self.folded, stop)
        if not found:
            return ""
        return "à" if self.text[found.start(1) : found.end(1)] == "à" else found[1]


def _forms(name: str, besides: frozenset[str], nicknames: dict[str, list[str]]) -> dict[str, None]:
    """How a member may be called, folded: by the name, by what follows the first name, by each part, for short."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-ÖØ-Þ])", " ", name)
    words = [word for word in re.split(r"[\s._\d]+", _aligned(apart)) if word]
    given = next(iter(words), "")
    parts = [words[0], *(part for word in words[1:] for part in (word, *word.split("-")))] if words else []
    named = [part for part in parts if part not in besides and len(part) >= _SHORTEST_PART]
    phrases = [_aligned(name.strip("@ ")), " ".join(words[1:]) if len(words) > 2 else ""]
    found = (*phrases, *named, *nicknames.get(given, ()))
    return dict.fromkeys(form for form in (one.replace("-", " ").strip() for one in found) if len(form) >= _SHORTEST)


@lru_cache(maxsize=4096)
def _written(form: str, *, ordinary: bool) -> re.Pattern[str]:
    """This form with its words apart or not; with an s after it, as people write what is hers, if it is no word."""
    hers = "" if ordinary or len(form) < _LONG - 1 else "s?"
    return re.compile(rf"(?<!\w){'[ -]?'.join(map(re.escape, form.split()))}{hers}(?!\w)")


@lru_cache(maxsize=4096)
def _initials(name: str) -> re.Pattern[str] | None:
    """A double first name cut short: JB, J.-B., Jean-Ba; its initials in small letters too if they make no word."""
    first, *others = re.split(r"[\s._]+", name)
    given = first.split("-")
    if len(given) != 2 or not all(given):
        return None
    one, two = (re.escape(word) for word in given)
    last = f"{re.escape(others[-1][0])}?" if others and others[-1] else ""
    letters = rf"{one[0]}[.-]{{0,2}}{two[0]}{last}"
    if not _VOWEL.search(one[0] + two[0]):
        letters = f"(?i:{letters})"
    return re.compile(rf"(?<![\w.-])(?:{letters}|(?i:{one}-{two[0]}\w{{0,6}})|{one} {two[0]}\w{{0,3}})(?![\w-])")


@lru_cache
def _common() -> frozenset[str]:
    """Words that in small letters are rather themselves than somebody's name."""
    return frozenset(word for language in ("fr", "en") for word in codes.words(language))


def _aligned(text: str) -> str:
    """Folded letter by letter, so that places in it are places in the text."""
    if text.isascii():
        return text.lower()
    return "".join(found if len(found := fold(letter)) == 1 else letter for letter in text)
