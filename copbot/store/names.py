"""Names of people and groups, which anybody may choose: made fit to be kept, shown and compared."""

import unicodedata


def shown(name: str) -> str:
    """A name as it may be kept and shown: one line, 64 characters, nothing unseen that hides or turns the others round."""
    name = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = "".join(one for one in name if one.isspace() or one in _JOINERS or unicodedata.category(one)[0] != "C")
    return " ".join(kept.split())[:64] or "…"


#: Unseen, but some scripts cannot be written without them.
_JOINERS = "\u200c\u200d"


def alike(name: str) -> str:
    """The name as it is compared: two that differ only in case, width or unseen letters are the same."""
    letters = unicodedata.normalize("NFKC", shown(name)).casefold()
    return "".join(letter for letter in letters if letter not in _JOINERS)
