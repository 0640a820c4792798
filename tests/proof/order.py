"""C6: texts go out at ticks, at least k together, one voice once, in an order that tells nothing of when they came."""

import itertools
import random
from collections.abc import Sequence

from copbot.features.parole.pool import Pending, batch


def tau(order: Sequence[int]) -> float:
    """Kendall's rank correlation with the order of arrival: 1 as they came, -1 the other way round, 0 on average by chance."""
    pairs = list(itertools.combinations(order, 2))
    return sum(1 if first < second else -1 for first, second in pairs) / len(pairs)


def arrivals(chance: random.Random, count: int) -> list[Pending]:
    """So many texts in the order in which they came; the ids are drawn by chance, as copbot draws them."""
    return [Pending(f"{chance.getrandbits(62):016x}", "run", 0) for _text in range(count)]


def mean_tau(batches: int, *, shuffled: bool = True, seed: int = 0) -> tuple[float, int]:
    """Over so many batches; and how many were not what had come. Not `shuffled` is a planted leak."""
    chance = random.Random(seed)
    total, wrong = 0.0, 0
    for _batch in range(batches):
        came = arrivals(chance, chance.randrange(3, 8))
        order = [one.id for one in came]
        out = batch(came, 3, chance) if shuffled else order
        wrong += sorted(out) != sorted(order)
        total += tau([order.index(id) for id in out])
    return total / batches, wrong


def too_few(times: int, seed: int = 0) -> int:
    """How often something went out though fewer than three waited of whom it is known that they are not one."""
    chance = random.Random(seed)
    found = 0
    for _time in range(times):
        runs = [Pending(one.id, f"run {chance.randrange(3)}", chance.randrange(2)) for one in arrivals(chance, 6)]
        out = batch(runs, 3, chance)
        together = {(one.run, one.turn) for one in runs if one.id in out}
        found += bool(out) and (len(out) < 3 or len(together) > 1)
    return found
