"""How much somebody may write and try: counted in memory alone, so that no trace of who wrote is ever kept."""

from collections import Counter
from collections.abc import Hashable
from datetime import date, datetime, timedelta

#: An hour of wrong codes.
_HOUR = timedelta(hours=1)


class Quotas:
    """Counters that a restart forgets."""

    def __init__(self) -> None:
        self._day = date.min
        self._counted: Counter[Hashable] = Counter()
        self._tries: dict[Hashable, list[datetime]] = {}

    def used(self, day: date, what: Hashable) -> int:
        """How often this was counted that day."""
        if day != self._day:
            self._day, self._counted = day, Counter()
        return self._counted[what]

    def count(self, day: date, what: Hashable) -> None:
        """Count it once more."""
        self.used(day, what)
        self._counted[what] += 1

    def tries(self, who: Hashable, now: datetime) -> int:
        """How many wrong codes came from there within an hour."""
        recent = [tried for tried in self._tries.get(who, []) if tried > now - _HOUR]
        self._tries = {**self._tries, who: recent} if recent else {one: all for one, all in self._tries.items() if one != who}
        return len(recent)

    def tried(self, who: Hashable, now: datetime) -> None:
        """Count a wrong code."""
        self._tries.setdefault(who, []).append(now)
