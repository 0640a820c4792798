"""Numbers that point to somebody: of telephones, in digits or in words, of official papers, and birthdays."""

import re
from collections.abc import Iterator
from itertools import pairwise

from copbot.features.traces.reading import Span, place

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
    word: worth
    for worth, words in {
        0: "zéro zero oh double triple",
        1: "un une one",
        2: "deux two",
        3: "trois three",
        4: "quatre four",
        5: "cinq five",
        6: "six",
        7: "sept seven",
        8: "huit eight",
        9: "neuf nine",
        10: "dix ten",
        11: "onze eleven",
        12: "douze twelve",
        13: "treize thirteen",
        14: "quatorze fourteen",
        15: "quinze fifteen",
        16: "seize sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "vingt vingts twenty",
        30: "trente thirty",
        40: "quarante forty",
        50: "cinquante fifty",
        60: "soixante sixty",
        70: "septante seventy",
        80: "huitante eighty",
        90: "nonante ninety",
    }.items()
    for word in words.split()
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


def telephones(text: str) -> Iterator[Span]:
    """Telephone numbers of people, in digits or in words; those of services are left alone."""
    plain = _LOOKS_LIKE_DIGIT.sub(lambda match: match[0].translate(_DIGITS), text)
    plain = _DAY_OR_HOUR.sub(lambda match: "#" * len(match[0]), plain)
    for pattern in _TELEPHONES:
        for match in pattern.finditer(plain):
            start, stop = place(match)
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


def papers(text: str) -> Iterator[Span]:
    """Numbers of social security and of bank accounts, and days of birth."""
    return (match.span() for pattern in _PAPERS for match in pattern.finditer(text))
