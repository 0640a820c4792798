"""C15 and C16: sentences as people write them, frozen, and what the detectors find in them."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from copbot.core.house import House
from copbot.features import traces
from copbot.features.danger import may_be_danger

_FOLDER = Path(__file__).parent.parent / "corpora"

#: What the kinds of sentences begin with in which nothing is to be found.
NOTHING = "none"


@dataclass(frozen=True)
class Corpus:
    """Sentences with their kinds; `members` are the names shown in the group."""

    sentences: tuple[tuple[str, str], ...]
    members: tuple[str, ...]


def read(name: str, language: str = "fr") -> Corpus:
    """The corpus in tests/corpora."""
    lines = (_FOLDER / f"{name}.{language}.tsv").read_text(encoding="utf-8").splitlines()
    names = next((line.partition(":")[2] for line in lines if line.startswith("# members:")), "")
    sentences = tuple((kind, text) for kind, _tab, text in (line.partition("\t") for line in lines if not line.startswith("#")))
    return Corpus(sentences, tuple(name.strip() for name in names.split("|")))


@dataclass(frozen=True)
class Found:
    """How many sentences there were of each kind, and in how many something was found."""

    there: Counter[str]
    found: Counter[str]

    @property
    def recall(self) -> float:
        """The share of those that it should be found in."""
        return self._share(nothing=False)

    @property
    def false_alarms(self) -> float:
        """The share of the others."""
        return self._share(nothing=True)

    def _share(self, *, nothing: bool) -> float:
        kinds = [kind for kind in self.there if kind.startswith(NOTHING) == nothing]
        return sum(self.found[kind] for kind in kinds) / sum(self.there[kind] for kind in kinds)


def crisis(name: str = "crisis", language: str = "fr") -> Found:
    """Words of crisis in this corpus."""
    house, corpus = House(), read(name, language)
    found = Counter(kind for kind, text in corpus.sentences if may_be_danger(text, house))
    return Found(Counter(kind for kind, _text in corpus.sentences), found)


def personal(name: str = "personal") -> Found:
    """What points to somebody, in this corpus."""
    house = House()
    corpus = read(name)
    found = Counter(kind for kind, text in corpus.sentences if traces.personal(text, corpus.members, house))
    return Found(Counter(kind for kind, _text in corpus.sentences), found)
