"""C15 and C16: what is found in people's words before they are sent, measured on sentences written before the detectors."""

import pytest

from copbot.features.danger import WEIGHTS, words
from tests.proof import corpora
from tools import danger


def test_the_corpora_are_whole() -> None:
    french = ("crisis", "personal", "crisis.blind", "personal.blind", "crisis.unseen")
    for name, language in (*((name, "fr") for name in french), ("crisis.unseen", "en")):
        sentences = corpora.read(name, language).sentences
        assert len(sentences) == len({text for _kind, text in sentences}) == (300 if "unseen" in name else 200)


def test_words_of_crisis_are_noticed_and_others_seldom_taken_for_them() -> None:
    found = corpora.crisis()
    assert found.recall >= 0.95, found
    assert found.false_alarms <= 0.10, found


def test_what_points_to_somebody_is_pointed_out_and_little_else() -> None:
    found = corpora.personal()
    assert found.recall >= 0.95, found
    assert found.false_alarms <= 0.10, found


def test_in_sentences_nobody_had_seen_little_less_is_found() -> None:
    """What the detectors reach where they could not be fitted to the sentences; it is not to sink."""
    crisis, personal = corpora.crisis("crisis.blind"), corpora.personal("personal.blind")
    assert crisis.recall >= 0.97, crisis
    assert crisis.false_alarms <= 0.16, crisis
    assert personal.recall >= 0.96, personal
    assert personal.false_alarms <= 0.05, personal


@pytest.mark.parametrize(("language", "recall", "false_alarms"), [("fr", 0.94, 0.12), ("en", 0.93, 0.16)])
def test_words_of_crisis_are_noticed_where_neither_sentences_nor_writer_were_known(
    language: str, recall: float, false_alarms: float
) -> None:
    found = corpora.crisis("crisis.unseen", language)
    assert found.recall >= recall, found
    assert found.false_alarms <= false_alarms, found


def test_the_weights_are_those_of_the_training_sentences() -> None:
    """Who changes the sentences or how they are learned from runs `make danger`."""
    assert WEIGHTS.read_text(encoding="utf-8").splitlines()[1] == f"# {danger.digest()}"


def test_nothing_is_learned_from_the_sentences_that_measure() -> None:
    learned = {tuple(words(one.text)) for one in danger.sentences()}
    for name, language in (("crisis", "fr"), ("crisis.blind", "fr"), ("crisis.unseen", "fr"), ("crisis.unseen", "en")):
        assert not learned & {tuple(words(text)) for _kind, text in corpora.read(name, language).sentences}
