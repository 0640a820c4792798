"""Clocks on walls: when something comes again, and when somebody may be written to.

Rules are RFC 5545 and are followed on local wall-clock time, so that "every Tuesday at 18:30" stays 18:30 over summer time.
An hour that does not exist on the night clocks go forward is moved on by the gap; one that exists twice is taken once.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import rrulestr

from copbot.letters import fold

#: A rule that has not come within so many years never will.
_HORIZON = timedelta(days=366 * 9)


def to_instant(wall: datetime, zone: str) -> datetime:
    """The moment at which the clock on the wall in `zone` shows `wall` (naive)."""
    # Through UTC and back: a wall time inside the spring gap comes out on the far side of it.
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def to_wall(moment: datetime, zone: str) -> datetime:
    """What the clock on the wall in `zone` shows (naive) at this moment."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def next_time(starts: datetime, rule: str, zone: str, after: datetime) -> datetime | None:
    """The first moment strictly after `after` at which the rule comes; None if it never comes again.

    `starts` is the first wall-clock time, naive. Raises ValueError if the rule cannot be read.
    """
    wall = next_wall(starts, rule, zone, after)
    return to_instant(wall, zone) if wall else None


def next_wall(starts: datetime, rule: str, zone: str, after: datetime) -> datetime | None:
    """The same as the clock on the wall shows it, naive, even where clocks jump over it."""
    occurrences = rrulestr(rule, dtstart=starts, ignoretz=True)
    wall = to_wall(after, zone) - timedelta(hours=3)  # where clocks went back, the same wall time may still be to come
    latest = wall + _HORIZON
    while (found := occurrences.after(wall)) and (wall := found) < latest:
        if to_instant(wall, zone) > after:
            return wall
    return None


def next_times(starts: datetime, rule: str, zone: str, after: datetime, count: int) -> list[datetime]:
    """The next `count` moments after `after`, fewer where the rule ends."""
    found: list[datetime] = []
    while len(found) < count and (moment := next_time(starts, rule, zone, found[-1] if found else after)):
        found.append(moment)
    return found


def within_hours(moment: datetime, zone: str, hours_from: time, hours_to: time) -> datetime:
    """`moment` if it lies in somebody's own hours, else the moment these begin next. Hours may span midnight."""
    wall = to_wall(moment, zone)
    now = wall.time()
    if hours_from == hours_to:
        return moment
    inside = hours_from <= now < hours_to if hours_from < hours_to else now >= hours_from or now < hours_to
    if inside:
        return moment
    begins = datetime.combine(wall.date(), hours_from)
    return to_instant(begins if now < hours_from else begins + timedelta(days=1), zone)


def at(day: date, hour: time, zone: str) -> datetime:
    """This day at this hour on the wall in `zone`."""
    return to_instant(datetime.combine(day, hour), zone)


def find_zone(name: str) -> str | None:
    """The IANA zone of this name, or of the city it ends in, whatever the case: "europe/paris", "Paris", "la réunion"."""
    wanted = fold(name.strip()).replace(" ", "_").removeprefix("la_")
    zones = sorted(available_timezones())
    exact = [zone for zone in zones if fold(zone) == wanted]
    city = [zone for zone in zones if fold(zone).rpartition("/")[2] == wanted]
    return (exact + city + [None])[0]
