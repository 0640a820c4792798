"""From what was said to the rule by which something comes again, and the first time on the wall."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from copbot.calendar import times
from copbot.calendar.clues import When
from copbot.calendar.occasions import Never, TooOften, Unreadable, hours_of, once

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = {"minute": "MINUTELY", "hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_LENGTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


@dataclass(frozen=True, slots=True)
class Bounds:
    """From when and until when something repeats, if that was said."""

    since: When | None = None
    until: When | None = None


def again(when: When, bounds: Bounds, now: datetime, zone: str) -> tuple[datetime, str]:
    """The first time on the wall and the rule of something that repeats. Raises Unreadable, TooOften, Never or Past."""
    if when.every == "second" or (when.every == "minute" and when.interval < 60):
        raise TooOften
    begins = max(now, times.to_instant(_begins(bounds, now, zone), zone) - timedelta(seconds=1))
    start = max(times.to_wall(now, zone), _begins(bounds, now, zone))
    hours = hours_of(when)
    if when.every == "hour" and when.last_hour is not None:  # "toutes les 2 heures de 8h à 20h"
        rule, anchor = _hours_of_day(when, hours[0]), datetime.combine(start.date(), hours[0])
    elif when.every in ("hour", "minute"):
        rule, anchor = _hourly(when), _first_hour(when, start)
    else:
        rule, anchor = _rule(when, start.date(), hours), datetime.combine(start.date(), hours[0])
    if bounds.until:
        last = once(bounds.until, times.to_instant(start, zone), zone).date()
        rule += f";UNTIL={datetime.combine(last, time(23, 59, 59)):%Y%m%dT%H%M%S}"
    # "One week in two on Thursday" begins with the coming Thursday, whichever week that is in.
    named = bool(when.weekdays or when.days or when.month)
    plain = rule.replace(f";INTERVAL={when.interval}", "") if named else rule
    wall = times.next_wall(anchor, plain, zone, begins)
    if wall is None:
        raise Never
    return wall, rule


def several(when: When, now: datetime, zone: str) -> tuple[datetime, str]:
    """What comes once for each of the days and hours that were said: the first time, and a rule that ends with the last."""
    hours, first = hours_of(when), once(when, now, zone)
    days = len(when.days) or (1 if when.nth or when.offset is not None else len(when.weekdays) or 1)
    over = hours.index(first.time()) if when.has_day and first.time() in hours else 0
    count = days * len(hours) - over
    if count == 1:
        return first, ""
    unit = "year" if when.month else "month" if when.days else "week" if days > 1 else "day"
    rule = _rule(replace(when if days > 1 else When(), every=unit), first.date(), hours)
    return first, f"{rule};COUNT={count}"


def _begins(bounds: Bounds, now: datetime, zone: str) -> datetime:
    """The midnight on the wall from which on it may come."""
    today = times.to_wall(now, zone).date()
    day = once(bounds.since, now, zone).date() if bounds.since and bounds.since.has_day else today
    return datetime.combine(day, time())


def _hourly(when: When) -> str:
    if when.interval > 366 * 24 * 60:
        raise Unreadable
    return f"FREQ={_FREQUENCIES[when.every]};INTERVAL={when.interval}"


def _hours_of_day(when: When, first: time) -> str:
    hours = range(first.hour, min(when.last_hour or 0, 23) + 1, when.interval)
    if not hours or when.interval > 12:
        raise Unreadable
    return f"FREQ=DAILY;BYHOUR={','.join(map(str, hours))};BYMINUTE={first.minute}"


def _first_hour(when: When, start: datetime) -> datetime:
    """Every so many hours begins at the hour that was said, else with the whole hour that lies so far ahead."""
    if when.hours:
        return datetime.combine(start.date(), hours_of(when)[0])
    ahead = start + when.interval * timedelta(**{f"{when.every}s": 1})
    return ahead.replace(minute=0 if when.every == "hour" else ahead.minute, second=0, microsecond=0)


def _rule(when: When, start: date, hours: Sequence[time]) -> str:
    """The RFC 5545 rule. Raises Never where its days do not exist."""
    if when.interval > 1000:
        raise Unreadable
    unit = _unit(when)
    parts = {"FREQ": _FREQUENCIES[unit]}
    if when.interval > 1:
        parts["INTERVAL"] = str(when.interval)
    parts |= _days_of(when, unit, start)
    if len(hours) > 1:
        parts |= _by_hour(parts, hours)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _unit(when: When) -> str:
    """The unit in which the rule counts: what was said, or what its days ask for."""
    if when.month:
        return "year"
    if when.days or when.nth:
        return "month"
    if when.weekdays:
        return "week" if when.every in ("", "day", "week") else when.every
    return when.every or "day"


def _days_of(when: When, unit: str, start: date) -> dict[str, str]:
    """On which days of its unit the rule comes; where none was said, on the day it starts."""
    parts = {"BYMONTH": str(when.month)} if when.month else {}
    if when.days:
        return parts | _by_day_of_month(when.days, when.month)
    weekdays = [day for day in when.weekdays or range(7) if day not in when.without]
    if when.nth or (when.weekdays and unit in ("month", "year")):
        return parts | {"BYDAY": _nth(when.nth or (1,), when.weekdays)}
    if not weekdays:
        raise Never
    if when.weekdays or when.without:
        return parts | {"BYDAY": ",".join(_CODES[day] for day in sorted(weekdays))}
    if unit == "week":
        return parts | {"BYDAY": _CODES[start.weekday()]}
    if unit == "year":
        return {"BYMONTH": str(start.month)} | _by_day_of_month((start.day,), start.month)
    return parts | _by_day_of_month((start.day,), 0) if unit == "month" else parts


def _nth(nth: Sequence[int], weekdays: Sequence[int]) -> str:
    if not all(number and -5 <= number <= 5 for number in nth):
        raise Never
    return ",".join(f"{number}{_CODES[day]}" for number in nth for day in weekdays)


def _by_day_of_month(days: Sequence[int], month: int) -> dict[str, str]:
    """Days of the month; one that some months lack becomes their last day. Raises Never for days that no month has."""
    longest = _LENGTHS.get(month, 31) if month <= 12 else 0
    if any(day != -1 and not 1 <= day <= longest for day in days):
        raise Never
    if len(days) == 1 and 28 < days[0] < longest and not month:
        return {"BYMONTHDAY": ",".join(map(str, range(28, days[0] + 1))), "BYSETPOS": "-1"}
    return {"BYMONTHDAY": ",".join("-1" if day == longest else str(day) for day in days)}


def _by_hour(parts: dict[str, str], hours: Sequence[time]) -> dict[str, str]:
    """Several hours a day. Where their minutes differ, they are picked out of all pairs; only rules that go by the day can."""
    listed = {"BYHOUR": sorted({hour.hour for hour in hours}), "BYMINUTE": sorted({hour.minute for hour in hours})}
    said = {name: ",".join(map(str, numbers)) for name, numbers in listed.items()}
    if len(listed["BYMINUTE"]) == 1:
        last = {"BYSETPOS": ",".join(str(-index) for index in range(len(hours), 0, -1))}
        return said | (last if "BYSETPOS" in parts else {})
    if parts["FREQ"] == "WEEKLY" and "INTERVAL" not in parts:
        parts["FREQ"] = "DAILY"
    if parts["FREQ"] != "DAILY":
        raise Unreadable
    pairs = [time(hour, minute) for hour in listed["BYHOUR"] for minute in listed["BYMINUTE"]]
    return said | {"BYSETPOS": ",".join(str(pairs.index(hour) + 1) for hour in hours)}
