"""Whoever looks at copbot afterwards cannot tell who spoke in confidence, nor what they said, nor when."""

import pytest

from tests.proof import swaps


@pytest.mark.parametrize("which", swaps.PLANTED)
def test_planted_leaks_are_caught(which: str) -> None:
    assert swaps.plant(which) == dict.fromkeys(swaps.PLANTED[which][1], True)


#: Scenarios, each played as it is, with another author, with other texts and at other hours; `make proof` plays many more.
SIZE, TOGETHER = 1000, 50


@pytest.mark.parametrize("start", range(0, SIZE, TOGETHER))
def test_nothing_tells_two_runs_apart(start: int) -> None:
    tallies = swaps.search(range(start, start + TOGETHER))
    assert {which: tally.failures for which, tally in tallies.items()} == {which: {} for which in swaps.PLANTED}
    assert {tally.runs for tally in tallies.values()} == {TOGETHER}
