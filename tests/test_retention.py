"""What has been kept long enough goes by itself, every night, and nothing else does."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.core.house import House
from copbot.engine import perform
from copbot.features import keeping
from copbot.store import people, privacy
from copbot.vocabulary import Joined, Left, Person, Place, Said
from tests.canary import fill_for, sizes, traces
from tests.conftest import Actor, Bot

GROUP = Place("console", "group", "group")
COPBOT = Person("console", "copbot", "copbot")
DAYS = keeping.days(House())


def _age(bot: Bot, table: str, column: str, days: float) -> None:
    """Make it so many days old."""

    def work(tx: Session) -> None:
        rows = privacy.Base.metadata.tables[table]
        tx.execute(sa.update(rows).values({column: bot.now - timedelta(days=days)}))

    perform(bot.database, [work])


@pytest.mark.parametrize("name", [name for name, rule in keeping.rules(House()).items() if rule.days and name != "rooms"])
def test_rows_stay_until_their_time_and_go_after_it(both: sa.Engine, name: str) -> None:
    bot = Bot(both)
    Actor(bot, "bo").says("Hello")
    fill_for(bot.database, bo="Quizzaciously")
    perform(both, [lambda tx: tx.execute(sa.text("update outbox set state = 'sent'"))])
    rule = keeping.rules(House())[name]
    assert rule.days
    for days, gone in ((rule.days - 0.1, 0), (rule.days + 0.1, 1)):
        _age(bot, name, rule.since, days)
        counted = perform(both, [partial(keeping.purge, now=bot.now, house=House())])[0][0]
        assert bool(counted.get(name)) == bool(gone), f"{name} after {days} days"


def test_who_left_is_forgotten_in_time_with_everything_but_what_they_gave(bot: Bot, bo: Actor, tmp_path: Path) -> None:
    fill_for(bot.database, bo="Quizzaciously")
    bot.line("bo leaves")
    bot.passes(days=DAYS["members"] - 1)
    assert traces(tmp_path, "Quizzaciously")
    bot.passes(days=2)
    assert bot.keeps("select count(*) from accounts where user = 'bo'") == [(0,)]
    assert bot.keeps("select member_id from practices") == [(None,)]
    assert bot.keeps("select count(*) from checkins") == [(0,)]


def test_whoever_comes_back_in_time_keeps_what_was_theirs(bot: Bot, bo: Actor) -> None:
    fill_for(bot.database, bo="Quizzaciously")
    bot.line("bo leaves")
    bot.passes(days=100)
    bot.line("bo joins")
    bot.passes(days=100)
    assert bot.keeps("select count(*) from checkins") == [(1,)]


def test_the_nights_go_on_without_failing(bot: Bot, cy: Actor) -> None:
    fill_for(bot.database, bo="Quizzaciously")
    _age(bot, "checkins", "began_at", DAYS["checkins"] - 100)
    bot.passes(days=150)
    assert bot.keeps("select failures, count(*) from schedules where kind = 'retention.purge' group by 1") == [(0, 1)]
    assert bot.keeps("select count(*) from checkins") == [(0,)]


def test_a_message_not_yet_sent_is_not_purged(bot: Bot, bo: Actor) -> None:
    fill_for(bot.database, bo="Quizzaciously")
    _age(bot, "outbox", "created_at", 400)
    perform(bot.database, [partial(keeping.purge, now=bot.now, house=House())])
    assert bot.keeps("select state from outbox") == [("waiting",)]


def test_strangers_who_wrote_are_forgotten_the_next_night(bot: Bot, bo: Actor) -> None:
    stranger = Person("console", "zoe", "zoe")
    bot.rehearsal.happens(Said("e", Place("console", "zoe", "private"), stranger, "m", "hello?"))
    assert bot.keeps("select count(*) from outbox where room = 'zoe'") == [(1,)]
    bot.passes(days=1)
    assert bot.keeps("select count(*) from outbox where room = 'zoe'") == [(0,)]


def test_a_community_that_put_copbot_out_is_erased_after_its_time(bot: Bot, bo: Actor, tmp_path: Path) -> None:
    fill_for(bot.database, bo="Quizzaciously")
    other = perform(bot.database, [partial(_found_another, now=bot.now)])[0][0]
    bot.rehearsal.happens(Left("left", GROUP, COPBOT, me=True))
    bot.passes(days=DAYS["rooms"] - 1)
    assert len(bot.keeps("select id from communities")) == 2
    bot.passes(days=3)
    assert bot.keeps("select id from communities") == [(other,)]
    assert traces(tmp_path, "Quizzaciously") == []
    assert bot.keeps("select count(*) from accounts") == [(0,)]


def _found_another(tx: Session, now: datetime) -> int:
    from copbot.core import door

    place = Place("console", "elsewhere", "group")
    community = people.found(tx, name="Another", language="en", zone="UTC", place=place, now=now)
    door.keep_house(tx, community, now)
    return community.id


def test_coming_back_in_time_saves_the_community(bot: Bot, bo: Actor) -> None:
    bot.rehearsal.happens(Left("left", GROUP, COPBOT, me=True))
    bot.passes(days=20)
    bot.rehearsal.happens(Joined("joined", GROUP, Person("console", "alice", "alice"), me=True))
    bot.passes(days=200)
    assert len(bot.keeps("select id from communities")) == 1


def test_the_purge_tells_what_it_would_do_and_the_deployer_decides_how_long(bot: Bot, bo: Actor) -> None:
    fill_for(bot.database, bo="Quizzaciously")
    later, short = bot.now + timedelta(days=100), House(keep_days={"checkins": 90})
    assert "checkins" not in perform(bot.database, [partial(keeping.purge, now=later, house=House(), dry_run=True)])[0][0]
    assert perform(bot.database, [partial(keeping.purge, now=later, house=short, dry_run=True)])[0][0]["checkins"] == 1


def test_a_command_that_waits_for_an_agreement_is_kept_for_a_day_at_most(database: sa.Engine, tmp_path: Path) -> None:
    bot = Bot(database, ask_consent=True)
    bo = Actor(bot, "bo")
    bo.says("Hello")
    bo.writes("3")
    bo.writes("/checkin")
    bo.hears("For this I need your agreement")
    assert bot.keeps("select count(*) from questions where step = 'welcome.agreed'") == [(1,)]
    bot.passes(days=3)
    assert bot.keeps("select count(*) from questions where step = 'welcome.agreed'") == [(0,)]


def test_a_new_charter_is_asked_about_once_in_each_persons_own_hours(database: sa.Engine, tmp_path: Path) -> None:
    bot = Bot(database)
    bo = Actor(bot, "bo")
    bo.says("Hello")
    config = tmp_path / "config"
    config.mkdir()
    (config / "charter.en.yaml").write_text("version: 2\nlines: [We share.]\nchanges: {2: we meet by video as well.}\n")
    bot.rehearsal.house = House(config=config, ask_consent=False, strict=True)
    before = len(bo.heard())
    bot.passes(days=1)
    assert bot.now.hour in range(7, 20)
    assert len(bo.heard()) == before + 1
    bo.hears("Our charter has changed: we meet by video as well.", "You agreed to: check-ins, practices and reminders.")
    bo.writes("1")
    assert bot.keeps("select charter, charter_asked from members") == [(2, 2)]
    bot.passes(days=100)
    assert len(bo.heard()) == before + 2


def test_a_dry_run_of_the_purge_changes_nothing(both: sa.Engine) -> None:
    bot = Bot(both)
    for name in ("bo", "cy"):
        Actor(bot, name).says("Hello")
    fill_for(both, bo="Quizzaciously", cy="Jumbuckthorn")
    before = sizes(both)
    later = bot.now + timedelta(days=2000)
    would = perform(both, [lambda tx: keeping.purge(tx, later, House(), dry_run=True)])[0][0]
    assert sizes(both) == before
    assert perform(both, [lambda tx: keeping.purge(tx, later, House())])[0][0] == would
    assert {name: before[name] - size for name, size in sizes(both).items() if size != before[name]} == would
    assert would["checkins"] == 2
