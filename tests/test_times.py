"""Clocks on walls: rules keep their hour over summer time, come exactly once, and always lie ahead."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copbot.calendar import times

PARIS, SYDNEY = "Europe/Paris", "Australia/Sydney"


def wall(written: str) -> datetime:
    return datetime.fromisoformat(written)


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def following(starts: str, rule: str, zone: str, after: str, count: int) -> list[str]:
    """The next times as the clock on the wall shows them, with their distance from UTC."""
    found = times.next_times(wall(starts), rule, zone, times.to_instant(wall(after), zone), count)
    return [f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M%z}" for moment in found]


def test_half_past_six_stays_half_past_six_in_spring() -> None:
    found = following("2026-03-10T18:30", "FREQ=WEEKLY;BYDAY=TU", PARIS, "2026-03-20T00:00", 3)
    assert found == ["03-24 18:30+0100", "03-31 18:30+0200", "04-07 18:30+0200"]


def test_half_past_six_stays_half_past_six_in_autumn() -> None:
    found = following("2026-10-20T18:30", "FREQ=WEEKLY;BYDAY=TU", PARIS, "2026-10-20T00:00", 3)
    assert found == ["10-20 18:30+0200", "10-27 18:30+0100", "11-03 18:30+0100"]


def test_an_hour_that_is_jumped_over_in_spring_comes_an_hour_later_that_day_alone() -> None:
    found = following("2026-03-01T02:30", "FREQ=DAILY", PARIS, "2026-03-27T12:00", 3)
    assert found == ["03-28 02:30+0100", "03-29 03:30+0200", "03-30 02:30+0200"]


def test_an_hour_that_exists_twice_in_autumn_comes_once() -> None:
    found = following("2026-10-01T02:30", "FREQ=DAILY", PARIS, "2026-10-23T12:00", 4)
    assert found == ["10-24 02:30+0200", "10-25 02:30+0200", "10-26 02:30+0100", "10-27 02:30+0100"]


def test_in_the_hour_that_comes_twice_nothing_comes_again() -> None:
    second = utc("2026-10-25T01:30")  # 2:30 in Paris for the second time
    assert times.next_time(wall("2026-10-01T02:30"), "FREQ=DAILY", PARIS, second) == utc("2026-10-26T01:30")


def test_south_of_the_equator_clocks_go_the_other_way() -> None:
    assert following("2026-04-01T02:30", "FREQ=DAILY", SYDNEY, "2026-04-04T12:00", 2) == [
        "04-05 02:30+1100",
        "04-06 02:30+1000",
    ]
    assert following("2026-10-01T02:30", "FREQ=DAILY", SYDNEY, "2026-10-03T12:00", 2) == [
        "10-04 03:30+1100",
        "10-05 02:30+1100",
    ]


def test_half_an_hour_of_summer_time_is_enough_to_matter() -> None:
    found = following("2026-04-01T18:30", "FREQ=DAILY", "Australia/Lord_Howe", "2026-04-04T12:00", 2)
    assert found == ["04-04 18:30+1100", "04-05 18:30+1030"]


def test_the_last_day_of_the_month_is_that_of_each_month() -> None:
    found = following("2028-01-31T09:00", "FREQ=MONTHLY;BYMONTHDAY=-1", PARIS, "2028-01-31T12:00", 3)
    assert [day[:5] for day in found] == ["02-29", "03-31", "04-30"]


def test_the_thirtieth_is_the_last_of_february() -> None:
    rule = "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"
    assert [day[:5] for day in following("2026-01-30T09:00", rule, PARIS, "2026-01-31T00:00", 3)] == ["02-28", "03-30", "04-30"]


def test_a_rule_that_ends_comes_no_more() -> None:
    rule = "FREQ=DAILY;UNTIL=20260304T235959"
    assert len(following("2026-03-02T09:00", rule, PARIS, "2026-03-01T00:00", 9)) == 3


def test_a_rule_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid"):
        times.next_time(wall("2026-03-02T09:00"), "FREQ=SOMETIMES", PARIS, utc("2026-03-01T00:00"))


RULES = st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0,30;BYSETPOS=2,3",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=-1SU",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
    ]
)
ZONES = st.sampled_from([PARIS, SYDNEY, "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia", "UTC"])
WALLS = st.datetimes(min_value=wall("2024-01-01"), max_value=wall("2032-12-31")).map(
    lambda at: at.replace(second=0, microsecond=0)
)
SPANS = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=1200))


@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(WALLS, RULES, ZONES, SPANS)
def test_the_next_time_lies_ahead_and_keeps_the_hour_on_the_wall(
    starts: datetime, rule: str, zone: str, span: timedelta
) -> None:
    after = times.to_instant(starts, zone) + span
    found = times.next_time(starts, rule, zone, after)
    assert found is not None
    assert found > after
    shown = times.to_wall(found, zone)
    meant = times.next_wall(starts, rule, zone, after)
    assert meant is not None
    jumped = times.to_wall(times.to_instant(meant, zone), zone) != meant
    assert shown == meant or (jumped and shown - meant in (timedelta(hours=1), timedelta(minutes=30), timedelta(days=1)))
    if "BYHOUR" not in rule:
        assert meant.time() == starts.time()


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(WALLS, RULES, ZONES)
def test_nothing_comes_twice_and_nothing_is_left_out(starts: datetime, rule: str, zone: str) -> None:
    found = times.next_times(starts, rule, zone, times.to_instant(starts, zone) - timedelta(minutes=1), 6)
    assert found == sorted(set(found))
    halfway = found[2] + (found[3] - found[2]) / 2
    assert times.next_time(starts, rule, zone, halfway) == found[3]


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(WALLS, ZONES, st.times(), st.times())
def test_own_hours_begin_now_or_later_never_before(at: datetime, zone: str, start: time, end: time) -> None:
    moment = times.to_instant(at, zone)
    allowed = times.within_hours(moment, zone, start, end)
    assert moment <= allowed <= moment + timedelta(hours=26)


def test_a_zone_is_found_by_city_in_both_languages() -> None:
    assert times.find_zone("montreal") == "America/Montreal"
    assert times.find_zone("Europe/paris") == PARIS
    assert times.find_zone("La Réunion") == "Indian/Reunion"
    assert times.find_zone("Nowhere") is None
