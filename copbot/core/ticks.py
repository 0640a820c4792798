"""The fixed local times at which parole libre lets things out, as config/parole.yaml has them."""

from datetime import datetime, time, timedelta

from copbot.calendar import times
from copbot.core.house import House

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def next_tick(house: House, zone: str, now: datetime) -> datetime:
    """The first of them after now. Raises ValueError with a sentence where the configuration makes no sense."""
    ticks = [_read(str(tick)) for tick in house.listing("parole")["ticks"]]
    today = times.to_wall(now, zone).date()
    coming = (today + timedelta(days=ahead) for ahead in range(9))
    moments = (times.at(day, hour, zone) for day in coming for weekday, hour in ticks if weekday in (None, day.weekday()))
    try:
        return min(moment for moment in moments if moment > now)
    except ValueError:
        raise ValueError("parole.yaml names no ticks") from None


def last_tick(house: House, zone: str, now: datetime) -> datetime:
    """The one before `now`."""
    tick = next_tick(house, zone, now - timedelta(days=9))
    while (following := next_tick(house, zone, tick)) < now:
        tick = following
    return tick


def _read(tick: str) -> tuple[int | None, time]:
    """A weekday, None for every day, and the hour."""
    day, _space, hour = tick.strip().lower().rpartition(" ")
    try:
        return _DAYS.index(day) if day else None, time.fromisoformat(hour)
    except ValueError:
        raise ValueError(f"parole.yaml: a tick is written like «tuesday 19:00» or «19:00», not «{tick}»") from None
