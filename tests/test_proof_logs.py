"""C11 and C17: what goes wrong, and what goes astray, leaves no word behind."""

from tests.proof import failing, straying, wires


def test_three_hundred_exceptions_log_nothing_of_anybody() -> None:
    raised, found = failing.hits(300)
    assert raised >= 300
    assert found == []


def test_a_word_in_the_log_would_be_noticed() -> None:
    assert failing.hits(5, leaking=True)[1]


def test_what_breaks_on_the_wire_to_telegram_logs_nothing_of_anybody() -> None:
    raised, told, found = wires.on_telegram(150)
    assert raised == told == 150
    assert found == []


def test_malformed_matrix_events_log_nothing_of_anybody() -> None:
    events, lines, found = wires.on_matrix()
    assert lines >= events / 3, "that there were some is told"
    assert found == []


def test_two_thousand_stray_texts_are_neither_kept_nor_logged() -> None:
    assert straying.found(2000) == []


def test_one_that_is_kept_would_be_noticed() -> None:
    assert straying.found(20, keeping=True)
