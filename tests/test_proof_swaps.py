"""Whoever looks at copbot afterwards cannot tell who spoke in confidence, nor what they said, nor when."""

import pytest

from tests.proof import swaps


@pytest.mark.parametrize("which", swaps.PLANTED)
def test_planted_leaks_are_caught(which: str) -> None:
    assert swaps.plant(which, range(40)) == dict.fromkeys(swaps.PLANTED[which][1], True)


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("which", swaps.PLANTED)
def test_nothing_tells_two_runs_apart(which: str, part: int) -> None:
    swap, _planted = swaps.PLANTED[which]
    assert swaps.search(swap, range(part * 25, part * 25 + 25)).failures == {}
