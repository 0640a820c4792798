"""What came of the proofs: a line for people, and proof.json for machines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Result:
    """Scenarios run, those that showed something they should not, and of the planted leaks how many were caught."""

    runs: int
    failures: int
    planted: int = 0
    caught: int = 0
    notes: str = ""
    seeds: list[int] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether the promise was kept, and the proof itself was worth something."""
        return not self.failures and self.caught == self.planted and self.runs > 0


def of_leaks(runs: int, failures: Mapping[int, Any], caught: Mapping[str, bool], notes: str = "") -> Result:
    """The result of a search that was tried on planted leaks as well."""
    return Result(runs, len(failures), len(caught), sum(caught.values()), notes, sorted(failures)[:10])


def line(id: str, result: Result) -> str:
    """One line for an id of the table of proofs."""
    leaks = f"{result.caught} of {result.planted} planted leaks caught" if result.planted else "no leak to plant"
    seeds = f" · seeds {', '.join(map(str, result.seeds))}" if result.seeds else ""
    told = f"{'kept ' if result.holds else 'BROKEN'} {id:<8} {result.runs:>6,} runs · {result.failures} failures · {leaks}"
    return told + (f" · {result.notes}" if result.notes else "") + seeds


def write(results: Mapping[str, Result], path: Path) -> None:
    """As `{"C1": {"runs": …, "failures": …, "planted": …, "caught": …}, …}`."""
    kept = ("runs", "failures", "planted", "caught", "notes")
    content = {
        id: {name: getattr(result, name) for name in kept if name != "notes" or result.notes} for id, result in results.items()
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
