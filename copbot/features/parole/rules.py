"""The rules of parole libre, as config/parole.yaml has them, within what is promised whatever it says."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from copbot.core.house import House
from copbot.store.people import Member

#: What no configuration goes below.
_LEAST_TOGETHER = 3
_LEAST_MEMBERS = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """How many go out together, when, from how many members on; how long is waited and kept; how much one may write."""

    together: int
    members: int
    cap: timedelta
    keep: timedelta
    reply_within: timedelta
    weeks: bool
    threads_a_day: int
    messages_a_thread: int
    messages_a_group: int
    tries_an_hour: int
    external: str
    pseudonyms: dict[str, list[str]]

    def week(self, day: date) -> tuple[date, date] | None:
        """The temps de parole week of this month: its first day, and the day of the release at its end; None without one."""
        if not self.weeks:
            return None
        first = day.replace(day=1) + timedelta(days=-day.replace(day=1).weekday() % 7)
        return first, first + timedelta(days=7)

    def is_held(self, day: date) -> bool:
        """Tell whether the pool waits for the end of a temps de parole week."""
        found = [self.week(day), self.week(day - timedelta(days=7))]
        return any(week and week[0] <= day < week[1] for week in found)


def rules(house: House) -> Rules:
    """The rules of this house."""
    listed: dict[str, Any] = house.listing("parole")
    return Rules(
        together=max(_LEAST_TOGETHER, int(listed["together"])),
        members=max(_LEAST_MEMBERS, int(listed["members"])),
        cap=timedelta(days=int(listed["cap_days"])),
        keep=timedelta(days=int(listed["keep_days"])),
        reply_within=timedelta(days=int(listed["reply_days"])),
        weeks=bool(listed["weeks"]),
        threads_a_day=int(listed["threads_a_day"]),
        messages_a_thread=int(listed["messages_a_thread"]),
        messages_a_group=int(listed["messages_a_group"]),
        tries_an_hour=int(listed["tries_an_hour"]),
        external=str(listed["external"] or ""),
        pseudonyms={language: list(names) for language, names in listed["pseudonyms"].items()},
    )


def counted(members: list[Member], listeners: set[int]) -> int:
    """How many members protect one another: not facilitators (one at least, named or not), nor listeners."""
    found = sum(not member.facilitator and member.id not in listeners for member in members)
    return found if any(member.facilitator for member in members) else max(0, found - 1)
