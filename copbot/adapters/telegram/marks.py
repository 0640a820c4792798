"""How far copbot has handled what Telegram hands over: a number, and below it those that are still to come."""

from collections.abc import Iterable
from dataclasses import dataclass

#: So many of those that are still to come are remembered at most: the newest.
_MOST_MISSING = 200

#: A number further away than this was not left out, nor handled before: after a quiet week Telegram counts anew from anywhere.
_LEAP = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """Every update below `next` is handled, except `missing`; as text it is the cursor."""

    next: int = 0
    missing: tuple[int, ...] = ()

    @classmethod
    def read(cls, cursor: str) -> "Mark":
        """The mark that a cursor stands for; "" is the very beginning."""
        number, _space, missing = cursor.partition(" ")
        return cls(int(number or 0), tuple(int(one) for one in missing.split(",") if one))

    def __str__(self) -> str:
        """The cursor."""
        return f"{self.next} {','.join(map(str, self.missing))}".strip()

    @property
    def offset(self) -> int:
        """Where Telegram is to begin; what is below it may be forgotten there."""
        return min(self.missing, default=self.next)

    def has(self, number: int) -> bool:
        """Whether this one is handled."""
        return self.next - _LEAP <= number < self.next and number not in self.missing

    def after(self, numbers: Iterable[int], missing: Iterable[int] = ()) -> "Mark":
        """The mark once these are handled, or seen and still `missing`."""
        last = max(numbers, default=self.next - 1)
        counts_anew = last < self.next - _LEAP
        return Mark(last + 1 if counts_anew else max(self.next, last + 1), tuple(sorted(missing)))

    def after_one(self, number: int) -> "Mark":
        """The mark once this one is handled, where those between may come later."""
        if self.next <= number < self.next + _LEAP and self.next:
            missing = (*self.missing, *range(self.next, number))
            return Mark(number + 1, missing[-_MOST_MISSING:])
        if number in self.missing:
            return Mark(self.next, tuple(one for one in self.missing if one != number))
        return Mark(number + 1)
