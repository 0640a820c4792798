"""Learn what words of danger weigh: `make danger` writes copbot/features/danger.tsv; --measure tells how well that does.

A linear support vector machine, over signs that are each taken the more seriously the more their frequency differs between the
two kinds of sentences (Wang and Manning, "Baselines and Bigrams", 2012). scikit-learn is needed here alone: copbot adds up.
"""

import hashlib
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from copbot.features import danger
from tools.hurried import hurried

ROOT = Path(__file__).parent.parent
TRAINING = ROOT / "training" / "danger"
SOURCES = (*sorted(TRAINING.glob("*.tsv")), Path(__file__), Path(__file__).with_name("hurried.py"))

#: Above which score there is danger; together with the rule, this finds 95 of 100 at 12 false alarms in unseen French.
BAR = 10

#: How many signs are kept, those that weigh most and are met most.
KEPT = 45_000

#: What the distance between the two kinds of sentences, as the machine sees it, is written as.
SCALE = 100

_SELDOM = 2  #: a sign is met so often at least
_SMOOTH = 0.3
_SLACK = 0.5

#: Written down for the tests, and counted so often: these must be known without fail.
EXPLICIT = "explicit"
_COUNTS = 4


class Sentence(NamedTuple):
    """One of the training sentences."""

    language: str
    writer: str
    kind: int
    text: str


def main(arguments: list[str]) -> int:
    """Write the weights, or measure."""
    if "--measure" in arguments:
        measure()
    else:
        weights = learned(list(sentences()))
        danger.WEIGHTS.write_text(printed(weights), encoding="utf-8")
    return 0


def sentences() -> Iterator[Sentence]:
    """All of the training sentences, in the order of the files."""
    for path in sorted(TRAINING.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                kind, writer, text = line.split("\t")
                yield Sentence(path.stem, writer, int(kind), text)


def digest() -> str:
    """Of all that the weights come from."""
    return hashlib.sha256(b"\0".join(path.read_bytes().replace(b"\r\n", b"\n") for path in SOURCES)).hexdigest()


def printed(weights: dict[str, int]) -> str:
    """The file of weights."""
    head = "# What signs of danger weigh, learned from training/danger by tools/danger.py: make danger. Not to be edited.\n"
    return f"{head}# {digest()}\n" + "".join(f"{sign}\t{weight}\n" for sign, weight in sorted(weights.items()))


def learned(examples: list[Sentence]) -> dict[str, int]:
    """What each sign weighs, and each passage by itself."""
    import numpy as np

    texts = list(chain.from_iterable((one.text, hurried(one.text, one.language)) for one in examples))
    kinds = np.repeat([one.kind for one in examples], 2)
    counts = np.repeat([_COUNTS if one.writer == EXPLICIT else 1 for one in examples], 2)
    found = [danger.signs(danger.words(text)) for text in texts]
    names, matrix = _matrix(found)
    first, _always = _fitted(matrix, kinds, counts)
    met = np.asarray((matrix > 0).sum(axis=0)).ravel()
    kept = np.sort(np.argsort(-np.abs(first) * np.sqrt(met), kind="stable")[:KEPT])
    weights, always = _fitted(matrix[:, kept], kinds, counts)
    rounded = {names[place]: round(float(weight * SCALE)) for place, weight in zip(kept, weights, strict=True)}
    return {danger.ALWAYS: round(always * SCALE) - BAR} | {sign: weight for sign, weight in rounded.items() if weight}


def _matrix(found: list[tuple[set[str], set[str]]]) -> tuple[list[str], Any]:
    """The signs that are not too seldom, and how much of each there is in each sentence."""
    from scipy.sparse import diags, hstack
    from sklearn.feature_extraction.text import CountVectorizer

    names, blocks = [], []
    for which in (0, 1):
        vectorizer = CountVectorizer(analyzer=list, binary=True, min_df=_SELDOM, dtype=float)
        matrix = vectorizer.fit_transform([signs[which] for signs in found])
        blocks.append(diags([max(1, len(signs[which])) ** -0.5 for signs in found]) @ matrix)
        names += list(vectorizer.get_feature_names_out())
    return names, hstack(blocks).tocsr()


def _fitted(matrix: Any, kinds: Any, counts: Any) -> tuple[Any, float]:
    import numpy as np
    from scipy.sparse import diags
    from sklearn.svm import LinearSVC

    met = [np.asarray((matrix[kinds == kind] > 0).sum(axis=0)).ravel() + _SMOOTH for kind in (1, 0)]
    telling = np.abs(np.log(met[0] / met[0].sum()) - np.log(met[1] / met[1].sum()))
    machine = LinearSVC(C=_SLACK, class_weight="balanced", max_iter=5000, random_state=0)
    machine.fit(matrix @ diags(telling), kinds, sample_weight=counts)
    return machine.coef_[0] * telling, float(machine.intercept_[0])


def measure() -> None:
    """Learn without each writer in turn and judge that writer's sentences; print how many are found, and how many wrongly."""
    examples = list(sentences())
    for one_of in dict.fromkeys((one.language, one.writer) for one in examples if one.writer != EXPLICIT):
        weights = learned([one for one in examples if (one.language, one.writer) != one_of])
        theirs = [
            (one.kind, danger.strongest(one.text, weights) > 0) for one in examples if (one.language, one.writer) == one_of
        ]
        found, wrongly = ([told for kind, told in theirs if kind == asked] for asked in (1, 0))
        print(f"{' '.join(one_of):<14} found {_share(found)} · wrongly {_share(wrongly)}", flush=True)


def _share(told: list[bool]) -> str:
    return f"{sum(told):>3} of {len(told):>3}, {sum(told) / max(1, len(told)):.1%}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
