"""C11 and C17: what goes wrong, and what goes astray, leaves no word behind."""

from tests.proof import failing, straying


def test_three_hundred_exceptions_log_nothing_of_anybody() -> None:
    raised, found = failing.hits(300)
    assert raised >= 300
    assert found == []


def test_a_word_in_the_log_would_be_noticed() -> None:
    assert failing.hits(5, leaking=True)[1]


def test_two_thousand_stray_texts_are_neither_kept_nor_logged() -> None:
    assert straying.found(2000) == []


def test_one_that_is_kept_would_be_noticed() -> None:
    assert straying.found(20, keeping=True)
