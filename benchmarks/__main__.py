"""`make bench`: measure everything, print a table, write bench.json."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import commanding, handling, matrix, parole, reminders, search, starting, telegram

Figures = dict[str, dict[str, object]]

PARTS: dict[str, Callable[[], Figures]] = {
    "handling": handling.measure,
    "commanding": commanding.measure,
    "starting": starting.measure,
    "reminders": reminders.measure,
    "search": search.measure,
    "telegram": telegram.measure,
    "matrix": matrix.measure,
    "parole": parole.measure,
}


def main(wanted: list[str]) -> None:
    """Measure the parts named, or all."""
    figures: Figures = {}
    for name in wanted or PARTS:
        figures |= PARTS[name]()
    table = Table("name", "value", "unit", "against", "ratio")
    for name, figure in figures.items():
        table.add_row(name, *(str(figure[column]) for column in ("value", "unit", "against", "ratio")))
    Console(width=140).print(table)
    Path("bench.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
