"""C15 and C16: what is found in people's words before they are sent, measured on sentences written before the detectors."""

from tests.proof import corpora


def test_the_corpora_are_whole() -> None:
    for name in ("crisis", "personal", "crisis.blind", "personal.blind"):
        sentences = corpora.read(name).sentences
        assert len(sentences) == len({text for _kind, text in sentences}) == 200


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
    assert crisis.recall >= 0.93, crisis
    assert crisis.false_alarms <= 0.12, crisis
    assert personal.recall >= 0.96, personal
    assert personal.false_alarms <= 0.05, personal
