"""Whoever looks at copbot afterwards cannot tell who spoke in confidence, nor what they said, nor when."""

import pytest

from tests.proof import swaps


@pytest.mark.parametrize("which", swaps.PLANTED)
def test_planted_leaks_are_caught(which: str) -> None:
    assert swaps.plant(which) == dict.fromkeys(swaps.PLANTED[which][1], True)


#: Scenarios that are played with another author, and with other texts and at other hours as well; `make proof` plays many more.
SIZES = {"C1": 1000, "C2 text": 100, "C2 time": 100}

TOGETHER = 50


@pytest.mark.parametrize("start", range(0, max(SIZES.values()), TOGETHER))
def test_nothing_tells_two_runs_apart(start: int) -> None:
    kinds = [which for which, size in SIZES.items() if start < size]
    tallies = swaps.search(range(start, start + TOGETHER), kinds)
    assert {which: tally.failures for which, tally in tallies.items()} == {which: {} for which in kinds}
    assert {tally.runs for tally in tallies.values()} == {TOGETHER}
