"""C1 and C2: a scenario is played twice, with another author, another text or another hour; nothing may tell the two apart."""

import gc
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tests.proof import leaks, scenarios
from tests.proof.scenarios import AUTHOR, Scenario
from tests.proof.world import ONE, THE_OTHER, Leak, Observed, World

#: Plays a scenario both ways and tells the differences.
Swap = Callable[[int, Leak | None], list[str]]


def author(seed: int, leak: Leak | None = None) -> list[str]:
    """C1: somebody else is the author."""
    other = World(scenarios.scenario(seed), THE_OTHER, leak).play()
    return _as_it_is(seed, leak).differences(other)


def text(seed: int, leak: Leak | None = None) -> list[str]:
    """C2: the author writes something else, as long or short as falls in the same size class."""
    scenario = scenarios.scenario(seed)
    other = scenarios.other_words(scenario, random.Random(f"other words {seed}"))
    observed = World(other, ONE, leak).play()
    return _without_texts(_as_it_is(seed, leak), scenario).differences(_without_texts(observed, other))


def time(seed: int, leak: Leak | None = None) -> list[str]:
    """C2: the author writes at another moment between the same two ticks."""
    other = scenarios.other_times(scenarios.scenario(seed), random.Random(f"other times {seed}"))
    return _as_it_is(seed, leak).after_ticks().differences(World(other, ONE, leak).play().after_ticks())


@lru_cache(maxsize=1)
def _as_it_is(seed: int, leak: Leak | None) -> Observed:
    """What all three compare with: played once, as long as they come one after another."""
    return World(scenarios.scenario(seed), ONE, leak).play()


def _without_texts(observed: Observed, scenario: Scenario) -> Observed:
    """Less the texts themselves, which are said to the group in the end."""
    texts = [step.text for step in scenario.steps if step.who == AUTHOR and step.text]
    return replace(observed, heard=[heard.without(texts) for heard in observed.heard])


@dataclass
class Tally:
    """What came of it: scenarios run, the differences found by seed, and which planted leaks were caught."""

    runs: int = 0
    failures: dict[int, list[str]] = field(default_factory=dict)
    caught: dict[str, bool] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Put what came of other scenarios to it."""
        self.runs += other.runs
        self.failures |= other.failures


PLANTED = {"C1": (author, leaks.OF_AUTHORS), "C2 text": (text, leaks.OF_TEXTS), "C2 time": (time, leaks.OF_TIMES)}


def search(seeds: Iterable[int], kinds: Iterable[str] = PLANTED) -> dict[str, Tally]:
    """Play all of these scenarios as they are, and otherwise in each of these ways."""
    tallies = {which: Tally() for which in kinds}
    with _without_collection():
        for seed in seeds:
            for which, tally in tallies.items():
                tally.runs += 1
                if found := PLANTED[which][0](seed, None):
                    tally.failures[seed] = found
            gc.collect()
    return tallies


@contextmanager
def _without_collection() -> Iterator[None]:
    """What is there stays there: it need not be looked through for every play."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


#: Planted leaks are looked for in these; the first has something of everything in it, so that most are caught at once.
SEEDS = (92, *range(40))


def plant(which: str, seeds: Iterable[int] = SEEDS) -> dict[str, bool]:
    """Tell of each planted leak whether one of these scenarios finds it out; the first that does is enough."""
    swap, planted = PLANTED[which]
    return {name: any(swap(seed, leak) for seed in seeds) for name, leak in planted.items()}
