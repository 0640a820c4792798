"""Dates as people write them, in French and in English: what is understood, what is not, and in what time."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from copbot.calendar import moments, times
from copbot.calendar.moments import Moment

PARIS = "Europe/Paris"
NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo(PARIS))
TABLE = [
    tuple(line.split(" => "))
    for line in (Path(__file__).parent / "moments.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def wall(written: str) -> datetime:
    return datetime.fromisoformat(written)


def read(text: str, *, now: datetime = NOW, zone: str = PARIS, language: str = "fr") -> Moment:
    return moments.read(text, now=now, zone=zone, language=language)


def written(text: str) -> str:
    """What was read, as it stands in the table."""
    try:
        found = read(text)
    except ValueError as problem:
        return type(problem).__name__
    parts = [f"{found.wall:%Y-%m-%d %H:%M}", found.rule, found.rest]
    return " | ".join(parts[: 3 if found.rest else 2 if found.rule else 1]).replace("|  |", "| |")


@pytest.mark.parametrize(("phrase", "meaning"), TABLE, ids=[phrase for phrase, _meaning in TABLE])
def test_a_phrase_is_understood(phrase: str, meaning: str) -> None:
    assert written(phrase) == meaning


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(TABLE) >= 300


@pytest.mark.parametrize(("phrase", "meaning"), TABLE[::7], ids=[phrase for phrase, _meaning in TABLE[::7]])
def test_capitals_and_typographic_signs_change_nothing(phrase: str, meaning: str) -> None:
    dressed = phrase.replace("'", "’").replace(" ", "\u00a0").upper()
    plain = written(dressed).replace("’", "'").replace("\u00a0", " ")
    assert plain.casefold() == meaning.casefold()


def test_in_english_a_is_no_hour() -> None:
    assert read("tomorrow a 9 year old comes", language="en").rest == "a 9 year old comes"
    assert read("demain à 9", language="en").wall.hour == 9


def test_an_hour_that_was_not_said_is_told_apart() -> None:
    assert not read("demain").has_hour
    assert read("demain 9h").has_hour
    assert read("demain soir").has_hour
    assert not read("à 18h").has_day


def test_a_weekday_that_is_not_that_of_the_date_is_noticed() -> None:
    assert read("mardi 11 mars").doubt  # a Wednesday
    assert not read("mercredi 11 mars").doubt


@pytest.mark.parametrize(
    ("now", "phrase", "meant"),
    [
        ("2026-03-06T08:00", "vendredi", "2026-03-06T09:00"),
        ("2026-03-06T10:00", "vendredi", "2026-03-13T09:00"),
        ("2026-03-06T10:00", "vendredi 9h", "2026-03-13T09:00"),
        ("2026-03-06T20:10", "ce soir", "2026-03-06T21:00"),
        ("2026-12-31T23:00", "demain", "2027-01-01T09:00"),
        ("2026-12-31T10:00", "le 1er janvier", "2027-01-01T09:00"),
        ("2026-05-13T10:00", "12 mai", "2027-05-12T09:00"),
        ("2026-05-12T10:00", "12 mai", "2026-05-12T11:00"),
        ("2026-01-31T10:00", "dans un mois", "2026-02-28T09:00"),
        ("2026-01-31T10:00", "le 31", "2026-03-31T09:00"),
        ("2028-02-28T10:00", "demain 8h", "2028-02-29T08:00"),
        ("2026-03-06T10:00", "une semaine sur deux le jeudi", "2026-03-12T09:00"),
    ],
)
def test_what_is_over_today_is_meant_for_the_next_time(now: str, phrase: str, meant: str) -> None:
    moment = wall(now).replace(tzinfo=ZoneInfo(PARIS))
    assert read(phrase, now=moment).wall == wall(meant)


@pytest.mark.parametrize("phrase", ["ce matin", "aujourd'hui 9h", "12 mai à 8h", "12 mai 2026", "cet après-midi"])
def test_what_is_over_and_cannot_come_again_is_said_to_be_past(phrase: str) -> None:
    with pytest.raises(moments.Past):
        read(phrase, now=datetime(2026, 5, 12, 23, 30, tzinfo=ZoneInfo(PARIS)))


def test_days_begin_where_the_member_lives() -> None:
    moment = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert read("demain 9h", now=moment, zone=PARIS).wall == wall("2026-03-04T09:00")
    assert read("demain 9h", now=moment, zone="America/Montreal").wall == wall("2026-03-03T09:00")


def test_two_hours_are_two_hours_even_in_the_night_clocks_change() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30 in Paris, for the first time
    assert read("dans 1 heure", now=before).first(PARIS) == before + timedelta(hours=1)
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30 in Paris; at 2:00 it is 3:00
    assert read("dans 1 heure", now=before).wall == wall("2026-03-29T03:30")


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("2h", 120),
        ("1h30", 90),
        ("30 min", 30),
        ("une demi-heure", 30),
        ("in 2 hours", 120),
        ("1 jour", 1440),
        ("2 weeks", 20160),
    ],
)
def test_a_bare_span_counts_from_now(words: str, after: int) -> None:
    assert moments.read_span(words, now=NOW) == NOW + timedelta(minutes=after)


@pytest.mark.parametrize("words", ["", "demain", "2", "h", "2h demain", "9999999 ans"])
def test_what_is_no_bare_span_is_none(words: str) -> None:
    assert moments.read_span(words, now=NOW) is None


# Whatever people write


def check(text: str, now: datetime, zone: str) -> None:
    """Nothing but the three exceptions; what is read lies ahead, and its rule can be followed."""
    try:
        found = read(text, now=now, zone=zone)
    except (moments.Unreadable, moments.Past, moments.Never):
        return
    first = found.first(zone)
    assert first > now
    assert found.wall.tzinfo is None
    assert len(found.rest) <= len(text) + 60
    if found.rule:
        following = times.next_time(found.wall, found.rule, zone, first)
        assert following is None or following > first


_PIECES = sorted(
    {word for phrase, _meaning in TABLE for word in phrase.split()} | {"de", "du", "-", ",", "31", "0", "99h99", "à"}
)
_SENTENCES = st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join)
_ZONES = st.sampled_from([PARIS, "UTC", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"])
_NOWS = st.datetimes(min_value=wall("2000-01-01"), max_value=wall("2090-01-01"), timezones=st.just(UTC))


@settings(max_examples=7000, deadline=None, suppress_health_check=list(HealthCheck))
@given(_SENTENCES, _NOWS, _ZONES)
@example("tous les 31 février", NOW, PARIS)
@example("le 29 février tous les 4 ans jusqu'au 12 mai", NOW, PARIS)
def test_words_of_dates_in_any_order_are_read_or_refused(text: str, now: datetime, zone: str) -> None:
    check(text, now, zone)


@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=120), _NOWS, _ZONES)
def test_any_text_is_read_or_refused(text: str, now: datetime, zone: str) -> None:
    check(text, now, zone)


_HOSTILE = [
    "le ",
    "12 ",
    "9h ",
    "1er et ",
    "lundi, ",
    "de ",
    "dans ",
    "demain à ",
    "12/05/",
    "du lundi au ",
    "'",
    "-",
    "ﷺ",
    "9",
    "à",
    "2e, ",
]


@pytest.mark.parametrize("piece", _HOSTILE)
def test_hostile_text_takes_no_time(piece: str) -> None:
    text = (piece * 4096)[:4096]
    took = []
    for _try in range(3):
        start = time.perf_counter()
        check(text, NOW, PARIS)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.05
