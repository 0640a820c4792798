"""Traces of people in what somebody is about to say in confidence: they are pointed out, and nothing is held up for it."""

from collections.abc import Iterable

from copbot.core.house import House
from copbot.features.traces.accounts import accounts, links, mails
from copbot.features.traces.addresses import places
from copbot.features.traces.names import called, members
from copbot.features.traces.numbers import papers, telephones
from copbot.features.traces.reading import words

__all__ = ["personal"]


def personal(text: str, names: Iterable[str], house: House) -> list[str]:
    """The pieces of the text that could point to somebody, as they are written, each once, in the order they come.

    `names` are the names of members as they show them. Found are telephone numbers, addresses, handles, links, numbers of
    official papers, and names after one of the words in config/traces.yaml; members by a part of their name, their initials,
    what they are called for short, and with a slip.
    """
    listing = house.listing("traces")
    spans = [
        *telephones(text),
        *papers(text),
        *mails(text, words(listing, "offices")),
        *links(text, words(listing, "sites")),
        *accounts(text, words(listing, "ordinary"), words(listing, "everyone")),
        *places(text, listing),
        *called(text, listing),
        *members(text, names, listing),
    ]
    found: list[str] = []
    end = 0
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= end:
            found.append(text[start:stop].strip())
            end = stop
    return list(dict.fromkeys(found))
