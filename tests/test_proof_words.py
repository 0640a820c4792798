"""C15 and C16: what is found in people's words before they are sent, measured on sentences written before the detectors."""

from tests.proof import corpora


def test_the_corpora_are_whole() -> None:
    for name in ("crisis", "personal"):
        sentences = corpora.read(name).sentences
        assert len(sentences) == len({text for _kind, text in sentences}) == 200
