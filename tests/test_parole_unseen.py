"""What listeners, thieves and bystanders do not get to see: hours, keys, names; and what becomes of words nobody can take."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from copbot.core import door, due, sealing, ticks
from copbot.core.sealing import Cost
from copbot.engine import perform
from copbot.features.parole import pool
from copbot.features.parole.vault import Vault
from copbot.store import freespeech, people
from copbot.store.freespeech import Message, Named, Thread
from copbot.vocabulary import Person, Place
from tests.conftest import Bot
from tests.parole import NAMES, Circle, choice, listened_to

WORDS = "Nobody ever asks how I am, not even my brother"


@pytest.fixture
def circle(bot: Bot) -> Circle:
    return listened_to(bot)


def overview(circle: Circle, name: str) -> str:
    circle[name].writes("/listener read")
    return circle[name].heard()[-1]


def posted(circle: Circle) -> str:
    return "\n".join(text for _number, text in circle.bot.said("group"))


def acts(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """From now on: what is asked of the platform besides saying, where, and about which message."""
    found: list[tuple[str, str, str]] = []
    console = circle.bot.rehearsal.console
    send = console.send

    async def noted(outgoing):  # type: ignore[no-untyped-def]
        if outgoing.act != "say":
            where = outgoing.to.room if isinstance(outgoing.to, Place) else outgoing.to.id
            found.append((outgoing.act, where, outgoing.reply_to))
        return await send(outgoing)

    monkeypatch.setattr(console, "send", noted)
    return found


# Hours


def test_listeners_see_at_ticks_alone_that_somebody_wrote(circle: Circle) -> None:
    nothing = overview(circle, "ida")
    code = circle.confides("cy", WORDS, "listeners")
    assert overview(circle, "ida") == nothing
    circle.next_tick()
    circle.chooses("ida", "Answer")
    circle["ida"].writes("We hear you")
    circle.next_tick()
    answered = overview(circle, "jon")
    assert "answered" in answered
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Write more")
    circle["cy"].writes("It was worse last night, much worse")
    circle.chooses("cy", "Send to the listeners")
    assert overview(circle, "jon") == answered
    circle.next_tick()
    assert "waits for an answer" in overview(circle, "jon")


def test_a_tick_that_was_missed_waits_for_the_next_one(bot: Bot) -> None:
    circle = Circle(bot)
    bot.passes(days=7)
    for name in ("cy", "dee", "eli"):
        circle.confides(name, f"Words of {name}")
    rehearsal = bot.rehearsal
    rehearsal.now = ticks.next_tick(rehearsal.house, "Europe/Paris", rehearsal.now) + timedelta(minutes=40)
    perform(rehearsal.database, [lambda tx: due.tick(tx, rehearsal.now, rehearsal.house)])
    assert circle.rows()["parole_letters"] == 0
    circle.next_tick()
    assert "Words of cy" in posted(circle)


def test_files_do_not_tell_when_somebody_wrote(database: sa.Engine, tmp_path: Path) -> None:
    vault = Vault(f"sqlite:///{tmp_path}/freespeech.db", tmp_path / "freespeech.key", cost=Cost(memory=8192, passes=1))
    circle = Circle(Bot(database, vault=vault))
    circle["cy"].writes(f"/freespeech {WORDS}")
    times = {path.name: path.stat().st_mtime for path in tmp_path.glob("freespeech.*") if path.name != "freespeech.key"}
    assert {"freespeech.db", "freespeech.key.passing"} <= times.keys()
    assert set(times.values()) == {0}
    vault.engine.dispose()


# Keys and messages


def test_passing_keys_are_destroyed_though_nobody_writes(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Tell me when an answer comes")
    circle["cy"].writes("/stop")
    ring = circle.vault.keys
    day = next(iter(ring.passing))
    circle.bot.passes(days=18)
    assert day not in ring.passing
    assert circle.stored(lambda tx: tx.query(Thread).one().address) is None


def test_what_was_left_lying_is_taken_off_the_platform(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    found = acts(circle, monkeypatch)
    circle["cy"].writes(f"/freespeech {WORDS}")
    circle.bot.passes(hours=2)
    assert sum(act == "remove" and where == "cy" for act, where, _message in found) >= 3, "the words, the card, the question"
    assert ("forget", "cy", "") in found


def test_what_a_second_beginning_replaces_is_taken_off_as_well(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    found = acts(circle, monkeypatch)
    circle["cy"].writes(f"/freespeech {WORDS}")
    first = circle.vault._exchanges["console", "cy"].messages[0]
    circle["cy"].writes("/freespeech Something else altogether, and longer")
    circle.chooses("cy", "Cancel")
    assert ("remove", "cy", first) in found


def test_keys_of_listeners_chats_are_forgotten_too(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    circle.confides("cy", WORDS, "listeners")
    found = acts(circle, monkeypatch)
    circle.next_tick()
    assert {("forget", "ida", ""), ("forget", "jon", "")} <= set(found)


# Names


def test_the_name_of_a_voice_that_said_who_it_is_is_not_given_again(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Say who I am")
    circle.chooses("cy", "Yes, go on")
    circle.chooses("cy", "Yes, say my name")
    circle["cy"].writes(f"/takeback {code}")
    circle.next_tick()
    named = circle.stored(lambda tx: tx.query(Named).one().pseudonym)
    assert named in circle.stored(lambda tx: freespeech.pseudonyms(tx, 1))  # type: ignore[operator]


def test_who_said_their_name_says_no_more_in_confidence_under_it(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    circle["cy"].writes(f"/reread {code}")
    for label in ("Say who I am", "Yes, go on", "Yes, say my name"):
        circle.chooses("cy", label)
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Write more")
    circle["cy"].hears("know who you are")


# One voice in a batch


def turns(circle: Circle) -> list[tuple[str, int]]:
    """Of each message that waits for the group: its words and its turn."""

    def read(tx: sa.orm.Session) -> list[tuple[str, int]]:
        found = [pool.opened(sealing.unseal(circle.vault.keys.release, one.blob)) for one in tx.query(Message)]
        return sorted((one.text, one.turn) for one in found)

    return circle.stored(read)  # type: ignore[return-value]


@pytest.fixture
def alone(bot: Bot) -> Circle:
    """Nobody listens, so that everything goes to the group."""
    circle = Circle(bot)
    bot.passes(days=7)
    return circle


def test_after_a_taking_back_no_two_of_one_person_have_the_same_turn(alone: Circle) -> None:
    first = alone.confides("cy", "cy one")
    alone.bot.passes(days=1, hours=11)
    for number in ("two", "three"):
        alone.confides("cy", f"cy {number}")
        alone.bot.passes(days=1)
    alone["cy"].writes(f"/takeback {first}")
    alone.confides("cy", "cy four")
    mine = [turn for text, turn in turns(alone) if text.startswith("cy")]
    assert len(mine) == len(set(mine)) == 3


def test_a_batch_is_of_one_turn_alone() -> None:
    rows = [pool.Pending(f"{turn}{name}", "run", turn) for turn, name in ((0, "a"), (0, "b"), (1, "c"), (1, "d"), (1, "e"))]
    assert sorted(pool.batch(rows, 3, random.Random(1))) == ["1c", "1d", "1e"], "of one turn alone"
    assert pool.turn_after(1, 0, 3, goes=False) == 0
    assert pool.turn_after(0, 0, 3, goes=True) == 4, "last, should it not arrive"


def test_a_batch_that_did_not_arrive_does_not_mix_with_what_came_after(alone: Circle) -> None:
    for name in ("cy", "dee", "eli"):
        alone.confides(name, f"{name} one")
    alone.bot.passes(days=1)
    alone.confides("cy", "cy two")
    rehearsal, vault = alone.bot.rehearsal, alone.vault
    rehearsal.now = ticks.next_tick(rehearsal.house, "Europe/Paris", rehearsal.now)
    perform(rehearsal.database, [lambda tx: due.tick(tx, rehearsal.now, rehearsal.house)])
    vault.ended([(letter, "") for letter in vault.ready()], rehearsal.now)
    mine = [turn for text, turn in turns(alone) if text.startswith("cy")]
    assert len(mine) == len(set(mine)) == 2


def test_what_somebody_confides_to_one_group_holds_nothing_up_in_another(alone: Circle) -> None:
    bot = alone.bot
    place = Place("console", "elsewhere", "group")

    def work(tx: sa.orm.Session) -> None:
        other = people.found(tx, name="Elsewhere", language="en", zone="UTC", place=place, now=bot.now)
        for name in NAMES:
            people.join(tx, other, Person("console", name, name), bot.now)
        door.keep_house(tx, other, bot.now)

    perform(bot.database, [work])
    alone["cy"].writes("/community")
    alone["cy"].writes("Elsewhere")
    alone.confides("cy", "cy elsewhere")
    bot.passes(days=1)
    alone["cy"].writes("/community")
    alone.chooses("cy", bot.keeps("select name from communities order by id limit 1")[0][0])
    for number in ("one", "two"):
        alone.confides("cy", f"cy {number}")
        bot.passes(days=1)
    assert turns(alone) == [("cy elsewhere", 0), ("cy one", 0), ("cy two", 1)]


def test_without_a_room_nothing_leaves_and_nothing_is_stranded(alone: Circle) -> None:
    for name in ("cy", "dee", "eli"):
        alone.confides(name, f"Words of {name}")

    def gone(tx: sa.orm.Session) -> None:
        for room in people.communities(tx)[0].rooms:
            room.left_at = alone.bot.now

    def back(tx: sa.orm.Session) -> None:
        for room in people.communities(tx)[0].rooms:
            room.left_at = None

    perform(alone.bot.database, [gone])
    alone.next_tick()
    assert alone.stored(lambda tx: {one.state for one in tx.query(Message)}) == {"waiting"}
    perform(alone.bot.database, [back])
    alone.next_tick()
    assert "Words of cy" in posted(alone)


# Nobody there to take it


def test_listeners_who_left_are_not_promised(circle: Circle) -> None:
    circle["cy"].writes(f"/freespeech {WORDS}")
    question = circle["cy"].hears("Send to the listeners")
    for name in ("ida", "jon"):
        circle[name].writes("/listener remove")
    circle["cy"].writes(choice(question, "Send to the listeners"))
    assert any("Those who listen have changed" in text for text in circle["cy"].heard())
    assert circle.rows()["parole_messages"] == 0


def test_what_nobody_was_there_to_take_is_said_to_be_erased(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    for name in ("ida", "jon"):
        circle[name].writes("/listener remove")
    circle["cy"].writes(f"/reread {code}")
    circle["cy"].hears("nobody listens at the moment")
    circle.bot.passes(days=50)
    circle["cy"].writes(f"/reread {code}")
    circle["cy"].hears("was erased")


def test_while_it_is_paused_nothing_comes_in_or_goes_out(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    circle.chooses("jon", "Answer")
    circle["jon"].writes("We hear you")
    circle["dee"].writes("/freespeech I am worn out by all of this")
    question = circle["dee"].hears("Send to the listeners")
    circle["ida"].says("/freespeech pause")
    circle["dee"].writes(choice(question, "Send to the listeners"))
    circle["dee"].hears("is paused", "nothing was sent")
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Write more")
    circle["cy"].hears("is paused")
    circle.bot.passes(days=60)
    assert "Answers have come" not in posted(circle)
    circle["ida"].says("/freespeech resume")
    circle.next_tick()
    assert "Answers have come" in posted(circle)


def test_a_muted_voice_is_neither_brought_nor_answered(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    circle["cy"].writes(f"/reread {code}")
    circle.chooses("cy", "Write more")
    circle["cy"].writes("And one more word about it")
    circle.chooses("cy", "Send to the listeners")
    circle.chooses("jon", "Answer")
    circle["jon"].writes("We hear you")
    circle.chooses("ida", "Hear no more")
    circle.chooses("ida", "Yes")
    circle.next_tick()
    assert not any("one more word" in text for text in circle["ida"].heard() + circle["jon"].heard())
    assert "Answers have come" not in posted(circle)


def test_when_its_author_came_before_a_voice_was_muted_shows_nowhere(circle: Circle) -> None:
    before = circle.confides("cy", WORDS, "listeners")
    after = circle.confides("dee", "Nor me", "listeners")
    circle.next_tick()
    circle["cy"].writes(f"/reread {before}")
    circle.chooses("cy", "Tell me when an answer comes")
    circle["dee"].writes(f"/reread {after}")
    menu = circle["dee"].hears("Your voice")
    for _voice in range(2):
        circle["ida"].writes("/listener read")
        circle["ida"].writes("1")
        circle.chooses("ida", "Hear no more")
        circle.chooses("ida", "Yes")
    for label in ("Tell me when an answer comes", "Write more", "Say who I am"):
        circle["dee"].writes(choice(menu, label))
        circle["dee"].hears("Nobody who listens hears this voice any more")
    assert circle.stored(lambda tx: {one.address for one in tx.query(Thread)}) == {None}
    assert circle.stored(lambda tx: tx.query(Message).count()) == 0
    circle["dee"].writes(choice(menu, "Take it all back"))
    circle["dee"].hears("Taken back")


def test_who_listens_no_more_answers_no_more(circle: Circle) -> None:
    circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    circle.chooses("ida", "Answer")
    circle["alice"].says("/listener remove ida")
    circle["ida"].writes("A last word from me")
    circle["ida"].hears("This is for listeners")


def test_who_left_the_group_can_still_take_it_back(circle: Circle) -> None:
    code = circle.confides("cy", WORDS, "listeners")
    circle.bot.line("cy leaves")
    circle["cy"].writes(f"/takeback {code}")
    circle["cy"].hears("Taken back")
    circle.next_tick()
    assert set(circle.rows().values()) == {0}


def test_who_leaves_while_writing_leaves_nothing_in_another_question(circle: Circle) -> None:
    circle["cy"].writes("/checkin")
    circle.bot.passes(minutes=1)
    circle["cy"].writes("/freespeech")
    circle.bot.line("cy leaves")
    circle["cy"].writes(WORDS)
    assert "my brother" not in str(circle.bot.keeps("SELECT * FROM questions"))
