"""The fixed local times at which parole libre lets things out, as config/parole.yaml has them."""

from datetime import date, datetime, time, timedelta

from copbot.calendar import times
from copbot.core.house import House

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def next_tick(house: House, zone: str, now: datetime) -> datetime:
    """The first of them after now. Raises ValueError with a sentence where the configuration makes no sense."""
    today = times.to_wall(now, zone).date()
    for day in (today + timedelta(days=ahead) for ahead in range(9)):
        if later := [moment for moment in _of_day(house, zone, day) if moment > now]:
            return min(later)
    raise ValueError("parole.yaml names no ticks")


def last_tick(house: House, zone: str, now: datetime) -> datetime:
    """The one before `now`. Raises ValueError as `next_tick` does."""
    today = times.to_wall(now, zone).date()
    for day in (today - timedelta(days=ago) for ago in range(9)):
        if earlier := [moment for moment in _of_day(house, zone, day) if moment < now]:
            return max(earlier)
    raise ValueError("parole.yaml names no ticks")


def _of_day(house: House, zone: str, day: date) -> list[datetime]:
    ticks = (_read(str(tick)) for tick in house.listing("parole")["ticks"])
    return [times.at(day, hour, zone) for weekday, hour in ticks if weekday in (None, day.weekday())]


def _read(tick: str) -> tuple[int | None, time]:
    """A weekday, None for every day, and the hour."""
    day, _space, hour = tick.strip().lower().rpartition(" ")
    try:
        return _DAYS.index(day) if day else None, time.fromisoformat(hour)
    except ValueError:
        raise ValueError(f"parole.yaml: a tick is written like «tuesday 19:00» or «19:00», not «{tick}»") from None
