"""Letters: what of them counts when words are compared, and which may be kept."""

import re
import unicodedata


def fold(word: str) -> str:
    """Lower case, no accents: how commands and choices are compared."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def without_traps(text: str) -> str:
    """The text as it may be kept and shown: no NUL, no lone surrogates, nothing that turns the writing direction round."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _TRAPS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n"))


#: Control characters but newline and tab, and the invisible ones that override the direction of writing.
_TRAPS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
