"""How much somebody may write and try: counted in memory alone, so that no trace of who wrote is ever kept."""

from collections import Counter
from collections.abc import Hashable
from datetime import date, datetime, timedelta

#: An hour of wrong codes.
_HOUR = timedelta(hours=1)

#: At any moment it is one of two days, somewhere.
_ZONES = timedelta(days=1)


class Quotas:
    """Counters that a restart forgets."""

    def __init__(self) -> None:
        self._counted: dict[date, Counter[Hashable]] = {}
        self._tries: dict[Hashable, list[datetime]] = {}

    def used(self, day: date, what: Hashable) -> int:
        """How often this was counted that day."""
        return self._counted.get(day, Counter())[what]

    def count(self, day: date, what: Hashable) -> None:
        """Count it once more."""
        near = {kept: counted for kept, counted in self._counted.items() if abs(kept - day) <= _ZONES}
        self._counted = {day: Counter(), **near}
        self._counted[day][what] += 1

    def tries(self, who: Hashable, now: datetime) -> int:
        """How many wrong codes came from there within an hour."""
        recent = [tried for tried in self._tries.get(who, []) if tried > now - _HOUR]
        self._tries = {**self._tries, who: recent} if recent else {one: all for one, all in self._tries.items() if one != who}
        return len(recent)

    def tried(self, who: Hashable, now: datetime) -> None:
        """Count a wrong code."""
        self._tries.setdefault(who, []).append(now)
