"""No text, however made, keeps copbot thinking: every pattern it has reads hostile words in time."""

import functools
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

import copbot

SIZE = 4096
SECONDS = 0.05

#: Each repeats what patterns like to repeat, and ends otherwise than they expect.
HOSTILE: dict[str, Callable[[int], str]] = {
    "spaces": lambda n: " " * n + "!",
    "new lines": lambda n: "\n" * n + "x",
    "digits": lambda n: "1" * n + "!",
    "letters": lambda n: "a" * n + "!",
    "words": lambda n: ("a " * n)[:n] + "!",
    "numbers": lambda n: ("12 " * n)[:n] + "x",
    "hours": lambda n: ("18h30 et " * n)[:n] + "x",
    "days": lambda n: ("mardi 12 mai à 14h, " * n)[:n] + "\x00",
    "every": lambda n: ("tous les 2es mardis " * n)[:n],
    "every, in English": lambda n: ("every second tuesday of the month at " * n)[:n],
    "spans": lambda n: ("dans 2 heures et 30 minutes " * n)[:n] + "!",
    "dots and dashes": lambda n: ("1.2-3/4:5," * n)[:n] + "x",
    "commas": lambda n: (", \n ," * n)[:n] + "x",
    "brackets": lambda n: "(" * n + "[" * n,
    "hashes": lambda n: ("#a" * n)[:n] + "#",
    "wrong turns": lambda n: ("no non rather " * n)[:n] + "#",
    "links": lambda n: ("http://a.b?" * n)[:n],
    "quotes": lambda n: ("“'’\"" * n)[:n],
    "spaces of another kind": lambda n: ("\u00a0\u202f\t" * n)[:n] + "x",
    "letters of others": lambda n: ("éŒßİ🙂٣" * n)[:n],
}


def _patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern in every module, wherever it is kept: in names, tuples, dicts, classes or behind a cache."""
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(copbot.__path__, "copbot."):
        if "__main__" in module.name or "migrations" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in _in(value, module.name, set()):
                if isinstance(pattern.pattern, str):
                    found.setdefault(pattern.pattern + str(pattern.flags), pattern)
                    NAMES.setdefault(pattern.pattern + str(pattern.flags), f"{module.name}.{name}")
    return found


NAMES: dict[str, str] = {}


def _in(value: Any, module: str, seen: set[int]) -> Iterator[re.Pattern[str]]:  # noqa: C901
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for part in [*value.keys(), *value.values()]:
            yield from _in(part, module, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from _in(part, module, seen)
    elif isinstance(value, functools._lru_cache_wrapper):
        try:
            yield from _in(value(), module, seen)  # what builds a pattern once and takes nothing for it
        except TypeError:
            return
    elif isinstance(value, type) and value.__module__ == module:
        yield from _in(dict(vars(value)), module, seen)
    elif type(value).__module__ == module and hasattr(value, "__dict__"):
        yield from _in(vars(value), module, seen)


PATTERNS = _patterns()


def _cost(read: Callable[[], object], enough: float) -> float:
    """The least of a few tries, in seconds of this process alone: what others do on the machine does not count."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        read()
        best = min(best, time.process_time() - began)
        if best <= enough:
            break
    return best


def _reads(pattern: re.Pattern[str], text: str, how: str = "") -> Callable[[], object]:
    if how == "whole":
        return lambda: (pattern.match(text), pattern.fullmatch(text))
    return lambda: (pattern.match(text), pattern.fullmatch(text), [*pattern.finditer(text)])


def _how(name: str) -> str:
    """From the beginning alone, if the module that has the pattern never looks for it elsewhere in a text."""
    module, _dot, bare = name.rpartition(".")
    used = set(re.findall(rf"\b{bare}\.(\w+)\(", inspect.getsource(importlib.import_module(module))))
    return "whole" if used and used <= {"match", "fullmatch"} else "anywhere"


HOW = {key: _how(name) for key, name in NAMES.items()}


@pytest.mark.parametrize("made", HOSTILE)
def test_every_pattern_reads_hostile_words_in_time(made: str) -> None:
    half, whole = HOSTILE[made](SIZE // 2)[: SIZE // 2], HOSTILE[made](SIZE)[:SIZE]
    slow = {}
    for key, pattern in PATTERNS.items():
        if (cost := _cost(_reads(pattern, whole, HOW[key]), SECONDS)) > SECONDS:
            growth = cost / max(_cost(_reads(pattern, half, HOW[key]), 0), 1e-6)
            slow[NAMES[key]] = f"{cost * 1000:.0f} ms, {growth:.1f} times that of half the text"
    assert not slow


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 30
    names = set(NAMES.values())
    assert {"copbot.core.dispatch._TOKEN", "copbot.features.agenda._PLACE", "copbot.handlers.reminders._RATHER"} <= names


def test_a_pattern_that_explodes_would_be_caught() -> None:
    quadratic = re.compile(r"\s*x$")
    twice = [_cost(_reads(quadratic, HOSTILE["spaces"](size)), 0) for size in (SIZE, 2 * SIZE)]
    assert twice[1] > 3 * twice[0]
    assert twice[1] > SECONDS
