"""C1 and C2: a scenario is played twice, with another author, another text or another hour; nothing may tell the two apart."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tests.proof import leaks, scenarios
from tests.proof.scenarios import AUTHOR, Scenario
from tests.proof.world import ONE, THE_OTHER, Leak, Observed, World

#: Plays a scenario both ways and tells the differences.
Swap = Callable[[int, Leak | None], list[str]]


def author(seed: int, leak: Leak | None = None) -> list[str]:
    """C1: somebody else is the author."""
    scenario = scenarios.scenario(seed)
    return World(scenario, ONE, leak).play().differences(World(scenario, THE_OTHER, leak).play())


def text(seed: int, leak: Leak | None = None) -> list[str]:
    """C2: the author writes something else, as long or short as falls in the same size class."""
    scenario = scenarios.scenario(seed)
    other = scenarios.other_words(scenario, random.Random(f"other words {seed}"))
    return _played(scenario, leak).differences(_played(other, leak))


def _played(scenario: Scenario, leak: Leak | None) -> Observed:
    """What is observed, less the texts themselves, which are said to the group in the end."""
    observed = World(scenario, ONE, leak).play()
    texts = [step.text for step in scenario.steps if step.who == AUTHOR and step.text]
    observed.heard = [heard.without(texts) for heard in observed.heard]
    return observed


def time(seed: int, leak: Leak | None = None) -> list[str]:
    """C2: the author writes at another moment between the same two ticks."""
    scenario = scenarios.scenario(seed)
    other = scenarios.other_times(scenario, random.Random(f"other times {seed}"))
    played = [World(one, ONE, leak, at_every_step=False).play() for one in (scenario, other)]
    for observed in played:
        observed.heard = [replace(heard, id=min(heard.id, 2**52)) for heard in observed.heard]  # ids apart are drawn by chance
        observed.heard.sort(key=lambda heard: (heard.when, heard.to, heard.text))
    return played[0].differences(played[1])


@dataclass
class Tally:
    """What came of it: scenarios run, the differences found by seed, and which planted leaks were caught."""

    runs: int = 0
    failures: dict[int, list[str]] = field(default_factory=dict)
    caught: dict[str, bool] = field(default_factory=dict)


def search(swap: Swap, seeds: Iterable[int]) -> Tally:
    """Play all of these scenarios."""
    tally = Tally()
    for seed in seeds:
        tally.runs += 1
        if found := swap(seed, None):
            tally.failures[seed] = found
    return tally


PLANTED = {"C1": (author, leaks.OF_AUTHORS), "C2 text": (text, leaks.OF_TEXTS), "C2 time": (time, leaks.OF_TIMES)}


def plant(which: str, seeds: Iterable[int]) -> dict[str, bool]:
    """Tell of each planted leak whether one of these scenarios finds it out."""
    swap, planted = PLANTED[which]
    return {name: any(swap(seed, leak) for seed in seeds) for name, leak in planted.items()}
