"""The layers of the house hold, and a violation of each is noticed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

VIOLATIONS = {
    "store/people.py": "from copbot.core import words",
    "core/words.py": "from copbot.handlers import help",
    "calendar/times.py": "import asyncio",
    "handlers/help.py": "from copbot.handlers import me",
    "handlers/me.py": "import copbot.app",
    "jobs/checkins.py": "from copbot.jobs import nudges",
    "jobs/nudges.py": "from copbot.handlers import nudges",
    "adapters/console.py": "import sqlalchemy",
    "vocabulary.py": "from copbot.store import base",
    "handlers/recap.py": "from copbot.store import freespeech",
    "core/dispatch.py": "from copbot.core import sealing",
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "copbot", tmp_path / "copbot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_room_that_nobody_placed_is_noticed(copy: Path) -> None:
    (copy / "copbot" / "utils.py").write_text('"""Anything."""\n')
    linted = lint(copy)
    assert linted.returncode == 1
    assert "copbot.utils" in linted.stdout


@pytest.mark.parametrize("file", VIOLATIONS)
def test_a_violation_is_noticed(copy: Path, file: str) -> None:
    path = copy / "copbot" / file
    path.write_text(path.read_text() + f"\n{VIOLATIONS[file]}\n")
    linted = lint(copy)
    assert linted.returncode == 1
    assert "BROKEN" in linted.stdout


def test_the_house_as_it_is_holds(copy: Path) -> None:
    assert lint(copy).returncode == 0
