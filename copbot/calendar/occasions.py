"""From what was said to the day and hour that is meant, for what comes once."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from copbot.calendar import times
from copbot.calendar.clues import When

#: Nothing is planned further ahead.
_YEARS = 50

#: The hour that a part of the day stands for, and the hour at which it is over.
_PARTS = {"": (9, 24), "morning": (9, 12), "noon": (12, 14), "afternoon": (14, 18), "evening": (19, 24), "night": (21, 24)}


class Unreadable(ValueError):
    """What was written is not a date that exists or that copbot understands."""


class NoDate(Unreadable):
    """Nothing in the words looks like a date or an hour."""


class TooOften(Unreadable):
    """It would come more than once an hour."""


class Past(ValueError):
    """The moment is over."""


class Never(ValueError):
    """The rule never comes: "every 31 February"."""


def hours_of(when: When) -> list[time]:
    """The hours on the wall that were said, or that the part of the day stands for. Raises Unreadable."""
    if any(hour > 24 for hour, _minute in when.hours):
        raise Unreadable
    if not when.hours or len(when.parts) > 1:  # "matin, midi et soir"
        named = [time(_PARTS[part][0]) for part in when.parts or ("",)]
        return sorted({*named, *(_hour(hour, minute, "") for hour, minute in when.hours)})
    return sorted({_hour(hour, minute, when.parts[0] if when.parts else "") for hour, minute in when.hours})


def _hour(hour: int, minute: int, part: str) -> time:
    """The hour on the wall: "8h du soir" is 20:00, and midnight the last minute of the day that people mean."""
    if hour == 24:
        return time(23, 59)
    late = 4 < hour < 12 if part in ("evening", "night") else part == "afternoon" and hour < 9
    return time(hour + 12 if late else hour, minute)


def once(when: When, now: datetime, zone: str) -> datetime:
    """The time on the wall of something that comes once. Raises Unreadable or Past."""
    today, hours = times.to_wall(now, zone).date(), hours_of(when)
    if when.past:
        raise Past
    if not when.has_day and when.hours == ((24, 0),):  # "à minuit" and no day
        return datetime.combine(today + timedelta(days=1), time())
    for day in _days(when, today):
        for hour in hours:
            if times.to_instant(datetime.combine(day, hour), zone) > now:
                return datetime.combine(day, hour)
        if day == today and (soon := _later_today(when, now, zone)):
            return soon
        if day == today and when.month:
            break
    raise Past


def _later_today(when: When, now: datetime, zone: str) -> datetime | None:
    """Where no hour was said and the usual one is over: the next whole hour at least half an hour away, while there is time."""
    wall = times.to_wall(now, zone)
    soon = (wall + timedelta(minutes=90)).replace(minute=0, second=0, microsecond=0)
    until = _PARTS[when.parts[0] if when.parts else ""][1]
    named = when.offset == 0 or when.month
    in_time = soon.date() == wall.date() and soon.hour < until
    return soon if named and not when.hours and in_time and times.to_instant(soon, zone) > now else None


def _days(when: When, today: date) -> Iterator[date]:
    """The days that may be meant, nearest first. Raises Unreadable where there is no such day."""
    if when.span and when.weekdays:  # "jeudi dans deux semaines"
        monday = day_after(when, today - timedelta(days=today.weekday()))
        yield from (monday + timedelta(days=weekday) for weekday in when.weekdays)
    elif when.span:
        yield day_after(when, today)
    elif when.offset is not None:
        yield today + timedelta(days=when.offset)
    elif when.nth:
        yield from _nth_days(when, today)
    elif when.month:
        yield from _dates(when, today)
    elif when.days:
        yield from _days_of_month(when, today)
    elif when.weekdays or when.next_week:
        yield from _weekdays(when, today)
    elif when.next_month:
        yield _first_of_next_month(today)
    else:
        yield today
        yield today + timedelta(days=1)


def ahead(wall: datetime, by: tuple[int, str], now: datetime, zone: str) -> datetime:
    """So much before that: "two weeks before 12 May". Raises Unreadable or Past."""
    count, unit = by
    multiple, unit = {"fortnight": (2, "week"), "quarter": (3, "month"), "halfyear": (6, "month")}.get(unit, (1, unit))
    if count > 1000:
        raise Unreadable
    wall -= relativedelta(**{f"{unit}s": count * multiple})  # type: ignore[arg-type]
    if times.to_instant(wall, zone) <= now:
        raise Past
    return wall


def day_after(when: When, today: date) -> date:
    """The day at the end of a span of days, weeks, months or years. Raises Unreadable where it is too far."""
    count, unit = when.span or (0, "day")
    if count > 366 * _YEARS:
        raise Unreadable
    try:
        day = today + relativedelta(**{f"{unit}s": count}) + timedelta(days=when.minutes // 1440)  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        raise Unreadable from None
    if not _in_reach(day.year, today):
        raise Unreadable
    return day


def _nth_days(when: When, today: date) -> Iterator[date]:
    first = _first_of_next_month(today) if when.next_month else today.replace(day=1)
    if when.month:
        years = [when.year] if when.year else [today.year, today.year + 1]
        months = [date(year, when.month, 1) for year in years if _in_reach(year, today)]
    else:
        months = [first] if when.next_month else [first, _first_of_next_month(first)]
    found = False
    for month in months:
        for nth in when.nth:
            if day := _nth_weekday(month, when.weekdays[0], nth):
                found = True
                yield day
    if not found:
        raise Unreadable


def _nth_weekday(month: date, weekday: int, nth: int) -> date | None:
    days = [month + timedelta(days=index) for index in range(31)]
    days = [day for day in days if day.month == month.month and day.weekday() == weekday]
    return days[nth - 1 if nth > 0 else nth] if -len(days) <= nth <= len(days) and nth else None


def _dates(when: When, today: date) -> Iterator[date]:
    years = [when.year] if when.year else range(today.year, today.year + 9)  # 29 February may be eight years away
    found = False
    for year in years:
        if _in_reach(year, today) and (day := _date(year, when.month, when.days[0])):
            found = True
            yield day
    if not found:
        raise Unreadable


def _in_reach(year: int, today: date) -> bool:
    return 1900 <= year <= today.year + _YEARS


def _date(year: int, month: int, day: int) -> date | None:
    if day == -1:
        return _first_of_next_month(date(year, month, 1)) - timedelta(days=1)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _days_of_month(when: When, today: date) -> Iterator[date]:
    month = _first_of_next_month(today) if when.next_month else today.replace(day=1)
    for index in range(1 if when.next_month else 2 if when.weekdays else 3):
        start = month + relativedelta(months=index)
        days = sorted(day for number in when.days if (day := _date(start.year, start.month, number)))
        # "mardi 12" is the nearest 12th that is a Tuesday; where none is near, it is a mistake.
        yield from (day for day in days if not when.weekdays or day.weekday() in when.weekdays)
    raise Unreadable


def _weekdays(when: When, today: date) -> Iterator[date]:
    monday = today - timedelta(days=today.weekday())
    if when.next_week:
        yield from (monday + timedelta(days=7 + weekday) for weekday in when.weekdays or (0,))
        return
    ahead = sorted((weekday - today.weekday()) % 7 for weekday in when.weekdays)
    if when.coming or when.weeks:
        ahead = sorted(days or 7 for days in ahead)
    for week in range(2):
        for days in ahead:
            yield today + timedelta(days=days + 7 * (week + when.weeks))


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
