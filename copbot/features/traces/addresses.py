"""Where somebody lives."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from copbot.features.traces.reading import NAME, Span, one_of

#: A postal code with its town, which tells little alone; how those who live there say so.
_TOWN = r"(?<!\d)(?:0[1-9]|[1-8]\d|9[0-8])\d{3} [A-ZÉÈ][\w'’-]{2,30}"
_TOWN_AFTER = re.compile(rf"[\s,–-]{{0,4}}(?P<it>{_TOWN})")
_LIVING = re.compile(r"(?i:\b(?:j['’])?(?:habit\w{1,4}|vis|vit|vivons|vivent|lives?|domicile|chez)\b)")


def places(text: str, listing: dict[str, Any]) -> Iterator[Span]:
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
            rf"{number}(?:(?i:{one_of(streets)})\b{rest}|(?i:{one_of(ways)}) {between}{capital}{rest}"
            rf"|(?:{NAME} ){{1,3}}(?i:{one_of(ways)}|{one_of(streets)})\b)"
        ),
        re.compile(rf"(?i:\b(?:{one_of(public)})\b)"),
    )
