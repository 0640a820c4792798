"""Platforms are never written to faster than they ask, and nothing waits that need not."""

import random
from collections import Counter

import pytest

from copbot.lines import Chat, Line
from copbot.pacing import Pacer
from copbot.vocabulary import Pace

PACE = Pace(overall_per_second=30, seconds_per_chat=1, per_group_minute=20)


def private(number: int) -> Chat:
    return "telegram", str(number), True


def group(number: int) -> Chat:
    return "telegram", str(-number), False


def delivered(line: Line[str], *, takes: float = 0.0, late: float = 0.0) -> list[tuple[float, Chat, str]]:
    """Everything that is said and when it arrives, on a clock of our own.

    Answers take so long at least, and messages may arrive up to so much later than that asks for.
    """
    chance = random.Random(7)
    now, said, under_way = 0.0, [], []
    while True:
        while chat := line.next(now):
            delay = chance.random() * late
            said.append((now + takes / 2 + delay, chat, line.head(chat)))
            under_way.append((now + takes + delay, chat))
        moments = [end for end, _chat in under_way] + [at for at in [line.wakes_at()] if at is not None]
        if not moments:
            break
        now = max(now, min(moments))
        for end, chat in [one for one in under_way if one[0] <= now]:
            under_way.remove((end, chat))
            line.answered(chat, now)
            line.done(chat, now)
    return sorted(said, key=lambda one: one[0])


def most_within(times: list[float], span: float) -> int:
    return max(sum(start <= time < start + span for time in times) for start in times)


@pytest.mark.parametrize("takes", [0.0, 0.002, 0.08])
def test_a_thousand_private_messages_take_what_the_limit_imposes_and_no_more(takes: float) -> None:
    line: Line[str] = Line(Pacer(PACE))
    for number in range(1000):
        line.put(private(number), "hello", 0, bulk=True)
    said = delivered(line, takes=takes)
    assert len(said) == 1000
    assert most_within([at for at, _chat, _text in said], 1.0) == 30
    assert said[-1][0] <= 1.05 * (1000 - 30) / 30


@pytest.mark.parametrize("takes", [0.002, 0.08])
def test_what_arrives_late_does_not_make_a_platform_refuse_what_follows(takes: float) -> None:
    line: Line[str] = Line(Pacer(PACE))
    for number in range(300):
        for text in ("one", "two"):
            line.put(private(number), text, 0)
    said = delivered(line, takes=takes, late=0.3)
    assert most_within([at for at, _chat, _text in said], 1.0) == 30
    assert max(most_within([at for at, chat, _text in said if chat == private(one)], 1.0) for one in range(300)) == 1


def test_a_chat_hears_one_message_a_second_and_a_group_twenty_a_minute() -> None:
    line: Line[str] = Line(Pacer(PACE))
    for number in range(50):
        line.put(private(1), str(number), 0)
        line.put(group(1), str(number), 0)
    said = delivered(line)
    alone, together = ([(at, text) for at, chat, text in said if chat == one] for one in (private(1), group(1)))
    assert [text for _at, text in alone] == [text for _at, text in together] == [str(number) for number in range(50)]
    assert most_within([at for at, _text in alone], 1.0) == 1
    assert alone[-1][0] <= 1.05 * 49
    assert most_within([at for at, _text in together], 60.0) == 20
    assert together[-1][0] <= 1.05 * (2 * 60 + 9)


def test_an_answer_in_a_quiet_chat_goes_before_what_goes_to_many() -> None:
    line: Line[str] = Line(Pacer(PACE))
    for number in range(1000):
        line.put(private(number), "news", 0, bulk=True)
    for _turn in range(30):
        chat = line.next(0)
        assert chat
        line.answered(chat, 0.02)
        line.done(chat, 0.02)
    line.put(private(5000), "answer", 0.5)
    line.put(private(999), "answer behind the news", 0.5)
    now = line.wakes_at()
    assert now is not None
    assert [line.next(now), line.next(now)] == [private(5000), private(999)]
    assert now < 1.05


def test_where_nothing_was_said_lately_nothing_waits() -> None:
    line: Line[str] = Line(Pacer(PACE))
    line.put(private(1), "one", 100.0)
    assert line.next(100.0) == private(1)
    line.done(private(1), 100.1)
    line.put(private(1), "two", 101.5)
    assert line.next(101.5) == private(1)


def test_without_limits_nothing_waits() -> None:
    line: Line[str] = Line(Pacer(None))
    for number in range(100):
        line.put(private(number % 10), str(number), 0)
    assert {at for at, _chat, _text in delivered(line)} == {0.0}


def test_a_chat_that_rests_keeps_its_order_and_holds_up_no_other() -> None:
    line: Line[str] = Line(Pacer(PACE))
    for text in ("first", "second"):
        line.put(private(1), text, 0)
    line.put(private(2), "elsewhere", 0)
    assert line.next(0) == private(1)
    line.again(private(1), "first", 0, rest=7.0)
    rest = delivered(line)
    assert [text for _at, _chat, text in rest] == ["elsewhere", "first", "second"]
    assert [at for at, chat, _text in rest if chat == private(1)] == pytest.approx([7.0, 8.005])


def test_what_is_planned_for_later_holds_nothing_up() -> None:
    line: Line[str] = Line(Pacer(PACE))
    line.plan(group(1), "goodbye", 3600)
    line.put(group(1), "hello", 0)
    assert [(at, text) for at, _chat, text in delivered(line)] == [(0.0, "hello"), (3600, "goodbye")]


def test_taking_buttons_off_does_not_use_up_the_turn_of_a_chat() -> None:
    line: Line[str] = Line(Pacer(PACE), is_act=lambda item: item == "strip")
    for text in ("strip", "answer"):
        line.put(private(1), text, 0)
    assert [at for at, _chat, _text in delivered(line)] == [0.0, 0.0]


def test_many_chats_share_the_way_evenly() -> None:
    line: Line[str] = Line(Pacer(PACE))
    for text in range(5):
        for number in range(100):
            line.put(private(number), str(text), 0, bulk=True)
    first_hundred = delivered(line)[:100]
    assert set(Counter(chat for _at, chat, _text in first_hundred).values()) == {1}


def test_what_was_said_long_ago_is_not_remembered() -> None:
    pacer = Pacer(PACE)
    for number in range(10_000):
        pacer.departs()
        pacer.answered(number / 30, number / 30, private(number))
    assert len(pacer._chats) < 30 * 63
