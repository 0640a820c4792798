"""The verbs that look after copbot, as the one who runs it meets them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from copbot.settings import Settings
from copbot.store import schema
from tests.conftest import Actor, Bot


def copbot(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "copbot", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


def test_check_says_in_plain_words_what_is_missing(tmp_path: Path) -> None:
    checked = copbot(tmp_path, "check")
    assert checked.returncode == 0, checked.stderr
    assert f"Database ./copbot.db: opened, version {schema.newest()}." in checked.stdout
    assert "Missing: controller (who is responsible for people's data)." in checked.stdout
    assert "Missing: controller" not in copbot(tmp_path, "check", COPBOT_CONTROLLER="Federation of the West").stdout


def test_settings_come_from_the_file_and_the_environment_goes_before(tmp_path: Path) -> None:
    (tmp_path / "copbot.toml").write_text('database_url = "sqlite:///here.db"\n')
    assert "./here.db" in copbot(tmp_path, "check").stdout
    assert "./there.db" in copbot(tmp_path, "check", COPBOT_DATABASE_URL="sqlite:///there.db").stdout


@pytest.mark.parametrize(
    ("line", "name"), [('language = "de"', "language"), ("telegran = 1", "telegran"), ("[keep_days]\nnothing = 3", "nothing")]
)
def test_a_setting_that_cannot_be_read_gets_one_sentence(tmp_path: Path, line: str, name: str) -> None:
    (tmp_path / "copbot.toml").write_text(line + "\n")
    checked = copbot(tmp_path, "check")
    assert checked.returncode == 1
    assert name in checked.stderr
    assert checked.stderr.count("\n") == 1


def test_every_setting_stands_in_the_file_with_its_meaning() -> None:
    shown = (Path(__file__).parent.parent / "config" / "copbot.toml").read_text()
    for name, field in Settings.model_fields.items():
        assert f"#{name} = " in shown or f"#[{name}]" in shown, f"{name} is not in config/copbot.toml"
        assert field.description


def test_the_database_goes_back_and_forward(tmp_path: Path) -> None:
    assert f"version {schema.newest()}" in copbot(tmp_path, "db", "upgrade").stdout
    assert "version base" in copbot(tmp_path, "db", "downgrade", "base").stdout
    assert f"version base; this copbot needs {schema.newest()}" in copbot(tmp_path, "db", "current").stdout
    assert f"version {schema.newest()}" in copbot(tmp_path, "db", "upgrade").stdout


def test_an_invitation_is_one_line_to_copy(tmp_path: Path) -> None:
    made = copbot(tmp_path, "invite")
    assert made.returncode == 0, made.stderr
    assert "/open " in made.stdout
    assert made.stdout.split()[-1].encode() not in (tmp_path / "copbot.db").read_bytes()


def test_purge_says_what_would_go_and_erases_nothing_when_dry(tmp_path: Path) -> None:
    assert copbot(tmp_path, "purge", "--dry-run").stdout == "Nothing has been kept for too long.\n"


def test_the_record_of_processing_describes_every_table(tmp_path: Path, bot: Bot, alice: Actor) -> None:
    printed = copbot(tmp_path, "register").stdout
    for (table,) in bot.keeps("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_index%'"):
        assert table in {"alembic_version", "sqlite_sequence"} or f"## {table}" in printed


@pytest.mark.parametrize(
    "verb", ["run", "chat", "check", "commands", "invite", "purge", "register", "db upgrade", "db downgrade"]
)
def test_every_verb_explains_itself(tmp_path: Path, verb: str) -> None:
    helped = copbot(tmp_path, *verb.split(), "--help")
    assert helped.returncode == 0
    assert "Usage" in helped.stdout


def test_the_table_of_commands_names_both_languages(tmp_path: Path) -> None:
    assert "| `/find` | `/cherche` | all |" in copbot(tmp_path, "commands").stdout
