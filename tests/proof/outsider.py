"""The simulated outsider: knows who was online when, and when texts appeared; how often do they guess who wrote one?"""

import random
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from copbot.core.house import House
from copbot.core.ticks import next_tick

MEMBERS = 15
DAYS = 365
CHANCE = 1 / MEMBERS

#: The hours of the year at which copbot lets texts out, as its configuration has them.
_BEGINS = datetime(2026, 1, 5, tzinfo=UTC)


@lru_cache
def ticks() -> tuple[int, ...]:
    """Those hours, by the rules that copbot brings."""
    found, now = [], _BEGINS
    while (now := next_tick(House(), "UTC", now)) < _BEGINS + timedelta(days=DAYS):
        found.append(int((now - _BEGINS) / timedelta(hours=1)))
    return tuple(found)


#: Takes the numbers of what waits, and tells which of them go to the group now.
Release = Callable[[list[int]], list[int]]


@dataclass(frozen=True, slots=True)
class Text:
    """Who wrote it, at which hour of the year."""

    author: int
    hour: int


def presence(chance: random.Random) -> list[list[int]]:
    """The hours of the year at which each member is online, by habits of their own: how many days, how often, at what hours."""
    found = []
    for _member in range(MEMBERS):
        days, often, around = chance.uniform(0.5, 1), chance.randrange(1, 6), chance.uniform(7, 22)
        hours: set[int] = set()
        for day in range(DAYS):
            if chance.random() < days:
                hours |= {day * 24 + max(0, min(23, round(chance.gauss(around, 4)))) for _ in range(often)}
        found.append(sorted(hours))
    return found


def written(online: list[list[int]], a_week: float, chance: random.Random) -> list[Text]:
    """Texts of a year: anybody writes, at a moment when they are online."""
    count = round(a_week * DAYS / 7)
    authors = [chance.randrange(MEMBERS) for _ in range(count)]
    return sorted((Text(author, chance.choice(online[author])) for author in authors), key=lambda text: text.hour)


def released(texts: Sequence[Text], release: Release) -> list[tuple[int, list[Text]]]:
    """The batches: at what hour, and what was in it, as the pool lets them go tick after tick."""
    batches, waiting, upcoming = [], [], list(enumerate(texts))
    for hour in ticks():
        while upcoming and upcoming[0][1].hour < hour:
            waiting.append(upcoming.pop(0)[0])
        if going := release(waiting):
            batches.append((hour, [texts[number] for number in going]))
            waiting = [number for number in waiting if number not in going]
    return batches


def guessed(online: list[list[int]], batches: list[tuple[int, list[Text]]]) -> tuple[int, int]:
    """How many texts there were, and of how many the observer names the author.

    They reckon as Bayes would: each member writes as likely as another, at any of the hours at which they are online; one text
    of a batch came since the last tick, or it would have gone before, and the others at any time since the batch before.
    """
    total = right = before = 0
    hours_of_ticks = ticks()
    for hour, batch in batches:
        last, size = max([before, *(tick for tick in hours_of_ticks if tick < hour)][-1], before), len(batch)

        def likely(member: int, before: int = before, last: int = last, hour: int = hour, size: int = size) -> float:
            hours = online[member]
            recent = _between(hours, last, hour)
            windows = (hour - before) / (hour - last)
            return (recent + (size - 1) * _between(hours, before, hour) / windows) / len(hours)

        suspect = max(range(MEMBERS), key=likely)
        total += size
        right += sum(text.author == suspect for text in batch)
        before = hour
    return total, right


def at_once(online: list[list[int]], texts: Sequence[Text]) -> tuple[int, int]:
    """The same where each text appears at the moment it is written: what shows that the observer is not a fool."""
    right = 0
    for text in texts:
        present = [member for member in range(MEMBERS) if _between(online[member], text.hour, text.hour + 1)]
        right += min(present, key=lambda member: len(online[member])) == text.author
    return len(texts), right


def _between(hours: list[int], start: int, end: int) -> int:
    return bisect_left(hours, end) - bisect_right(hours, start - 1)


@dataclass(frozen=True, slots=True)
class Advantage:
    """Texts seen; by how many points in a hundred the observer is better than chance, and would be without a pool."""

    texts: int
    points: float
    without_pool: float


def advantage(years: int, a_week: float, make_release: Callable[[random.Random], Release], seed: int = 0) -> Advantage:
    """Over so many years of so many texts a week."""
    pooled, alone = Counter[str](), Counter[str]()
    for year in range(years):
        chance = random.Random(f"{seed} {year} {a_week}")
        online = presence(chance)
        texts = written(online, a_week, chance)
        for count, found in ((pooled, guessed(online, released(texts, make_release(chance)))), (alone, at_once(online, texts))):
            count.update(seen=found[0], right=found[1])
    return Advantage(pooled["seen"], *(100 * (one["right"] / max(one["seen"], 1) - CHANCE) for one in (pooled, alone)))
