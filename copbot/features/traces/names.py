"""Names: those after a word that tells that they are one, and those of members, as they are or almost."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from copbot.features.traces.reading import NAME, Span, aligned, common, one_of, words
from copbot.letters import fold

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


def called(text: str, listing: dict[str, Any]) -> Iterator[Span]:
    """Names after a word that tells that they are one, but for words that are nobody's name though they have a capital."""
    nobody = words(listing, "nobody", "titles")
    sorts = nobody | words(listing, "sorts", "bonds", "houses", "institutions")
    known = sorts | words(listing, "known")
    kinds = ("titles", "namings", "bonds", "houses", "institutions")
    for match in _before_names(*(listing.get(kind, "") for kind in kinds)).finditer(text):
        besides = known if match["house"] else sorts if match["bond"] else nobody
        if fold(match["name"].split()[0]).strip("'-") not in besides:
            yield match.span()


@lru_cache
def _before_names(titles: str, namings: str, bonds: str, houses: str, institutions: str) -> re.Pattern[str]:
    of = r"(?:(?i:de|du|des|le|la|les) |(?i:d)['’])?"
    ways = (
        rf"(?i:{one_of(titles)}) (?:(?i:de|du|des) |(?i:d)['’])?",
        rf"(?<!ça )(?<!ça s['’])(?i:{one_of(namings)}) (?i:est |is |c['’]est |: ?)?",
        rf"(?P<bond>(?i:{one_of(bonds)}),? {of})",
        rf"(?P<house>(?i:{one_of(houses)}),? {of}|(?i:{one_of(institutions)}) (?i:le |la |les )?)",
    )
    return re.compile(rf"(?<![\w-])(?:{'|'.join(ways)})(?P<name>{NAME}(?: {NAME})?)")


def members(text: str, names: Iterable[str], listing: dict[str, Any]) -> Iterator[Span]:
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
        self.folded = aligned(text)
        self.ordinary = words(listing, "ordinary") | common()
        roles = words(listing, "titles", "namings", "bonds", "houses", "institutions")
        self.besides = words(listing, "particles") | (roles - words(listing, "ordinary"))
        self.capitals = words(listing, "capitals")
        self.places = words(listing, "streets", "ways", "saints")
        self.articles = words(listing, "articles")
        self.leading = words(listing, "leading")
        self.telling = words(listing, "telling")
        self.joining = words(listing, "joining")
        self.resuming = words(listing, "resuming") | {"à"}
        self.following = words(listing, "following")
        self.nicknames: dict[str, list[str]] = {}
        for nickname, full in listing.get("nicknames", {}).items():
            for name in full.split():
                self.nicknames.setdefault(fold(name), []).append(nickname)

    def is_name(self, span: Span, *, doubtful: bool) -> bool:
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

    def stands(self, span: Span) -> bool:
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
    words = [word for word in re.split(r"[\s._\d]+", aligned(apart)) if word]
    given = next(iter(words), "")
    parts = [words[0], *(part for word in words[1:] for part in (word, *word.split("-")))] if words else []
    named = [part for part in parts if part not in besides and len(part) >= _SHORTEST_PART]
    phrases = [aligned(name.strip("@ ")), " ".join(words[1:]) if len(words) > 2 else ""]
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
