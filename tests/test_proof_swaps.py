"""Whoever looks at copbot afterwards cannot tell who spoke in confidence, nor what they said, nor when."""

import pytest

from tests.proof import swaps


@pytest.mark.parametrize("which", swaps.PLANTED)
def test_planted_leaks_are_caught(which: str) -> None:
    assert swaps.plant(which, range(150)) == dict.fromkeys(swaps.PLANTED[which][1], True)


#: Scenarios of each kind; `make proof` plays many more.
SIZES = {"C1": 1000, "C2 text": 50, "C2 time": 50}

_TOGETHER = 50
PARTS = [(which, start) for which, size in SIZES.items() for start in range(0, size, _TOGETHER)]


@pytest.mark.parametrize(("which", "start"), PARTS)
def test_nothing_tells_two_runs_apart(which: str, start: int) -> None:
    swap, _planted = swaps.PLANTED[which]
    assert swaps.search(swap, range(start, start + _TOGETHER)).failures == {}
