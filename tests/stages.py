"""Where rehearsals play: the terminal, and real platforms that stand in for it. Modules marked `conversation` play on each."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from copbot.adapters.console import Console
from copbot.rehearsal import at_once
from copbot.vocabulary import Attachment

#: Each has a fixture named NAME_stage.
PLATFORMS = ["console", "telegram", "matrix"]


@dataclass(frozen=True)
class Stage:
    """What reads the script's lines and prints what is heard, and how to wait for the platform behind it."""

    console: Callable[[Callable[[str], None], Callable[[Attachment], None]], Console]
    run: Callable[[Coroutine[Any, Any, Any]], Any] = at_once


@pytest.fixture
def console_stage() -> Stage:
    """The terminal itself."""
    return Stage(lambda write, save: Console(write, save=save))


@pytest.fixture
def telegram_stage() -> Iterator[Stage]:
    """Telegram, with the adapter's every request going over HTTP to a server of our own."""
    from tests.telegram.stage import on_telegram

    with on_telegram() as stage:
        yield stage


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Stage:
    """The stage of this test."""
    return request.getfixturevalue(f"{getattr(request, 'param', 'console')}_stage")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Conversations are played on every platform."""
    if "stage" in metafunc.fixturenames and metafunc.definition.get_closest_marker("conversation"):
        metafunc.parametrize("stage", PLATFORMS, indirect=True)
