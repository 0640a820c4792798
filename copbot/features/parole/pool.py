"""Which messages go to the group together: enough of them, one voice once, in an order that tells nothing."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that waits. Within one `run` of copbot, messages with the same turn are of different people."""

    id: str
    run: str
    turn: int


@dataclass(frozen=True, slots=True)
class Pooled:
    """What is sealed of a message that waits for the group: its words, the run of copbot that took it, its turn."""

    run: str
    turn: int
    text: str

    def closed(self) -> bytes:
        """As bytes to be sealed."""
        return f"{self.run} {self.turn:03d}\n{self.text}".encode()


def opened(content: bytes) -> Pooled:
    """Read back."""
    head, _end, text = content.decode().partition("\n")
    run, turn = head.split(" ")
    return Pooled(run, int(turn), text)


def batch(pending: Sequence[Pending], together: int, chance: random.Random) -> list[str]:
    """The ids to go out now, in the order to say them; empty while there are fewer than `together`.

    Who wrote what is known while copbot runs and to nobody afterwards. So a batch is of one run alone: across a restart nobody
    could tell whether two messages are of one person.
    """
    rows: dict[tuple[int, str], list[str]] = {}
    for one in sorted(pending, key=lambda one: (one.turn, one.id)):
        rows.setdefault((one.turn, one.run), []).append(one.id)
    enough = [row for row, ids in rows.items() if len(ids) >= together]
    if not enough:
        return []
    first = min(turn for turn, _run in enough)
    chosen = max((rows[row] for row in enough if row[0] == first), key=len)
    chance.shuffle(chosen)
    return chosen


def turn_after(turn: int, gone: int, last: int, *, goes: bool) -> int:
    """The turn of a message once those of its run with the turn `gone` go out; these come last, should they not arrive."""
    return last + 1 if goes else turn - (turn > gone)
