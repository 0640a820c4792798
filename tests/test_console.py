"""The terminal as a platform: its lines, its numbers, its switches."""

import subprocess
import sys
from pathlib import Path

import pytest

from copbot.adapters.console import Console, Misread, Wait
from copbot.vocabulary import Edited, Joined, Left, Reacted, Removed, Said


def console() -> tuple[Console, list[str]]:
    lines: list[str] = []
    return Console(lines.append), lines


def test_every_message_gets_a_number_and_further_lines_are_indented() -> None:
    here, lines = console()
    here.read("alice: hello")
    here.read("bo@bot: one\ntwo")
    assert lines == ["1 [group] alice: hello", "2 [@bo] bo: one", "    two"]


def test_a_line_is_heard_as_what_it_says() -> None:
    here, _lines = console()
    assert [type(event) for event in here.read("alice: hello")] == [Joined, Said]
    assert [type(event) for event in here.read("bo^1: thanks")] == [Joined, Said]
    assert [type(event) for event in here.read("bo!1: 📌")] == [Reacted]
    assert [type(event) for event in here.read("alice~1: good evening")] == [Edited]
    assert [type(event) for event in here.read("alice~1: ")] == [Removed]
    assert [type(event) for event in here.read("bo leaves")] == [Left]
    assert [type(event) for event in here.read("cy joins")] == [Joined]
    assert here.read("# only a comment") == []
    assert [type(event) for event in here.read("wait 2h30m")] == [Wait]


def test_a_reply_carries_the_words_it_answers() -> None:
    here, _lines = console()
    here.read("alice: the picture cards helped")
    said = here.read("bo^1: how?")[-1]
    assert isinstance(said, Said)
    assert said.reply_to
    assert said.reply_to.text == "the picture cards helped"
    assert said.reply_to.author
    assert said.reply_to.author.name == "alice"


def test_bare_text_is_the_current_person_in_the_current_place() -> None:
    here, lines = console()
    here.read("as alice")
    here.read("hello")
    here.read("in private")
    here.read("/help")
    here.read("as bo")
    here.read("in group")
    here.read("me too")
    assert lines == ["1 [group] alice: hello", "2 [@alice] alice: /help", "3 [group] bo: me too"]


@pytest.mark.parametrize("line", ["hello", "copbot: I am you", "wait until yesterday"])
def test_a_line_that_means_nothing_says_what_would(line: str) -> None:
    here, _lines = console()
    with pytest.raises(Misread):
        here.read(line)


def test_only_the_author_edits_a_message() -> None:
    here, _lines = console()
    here.read("alice: hello")
    with pytest.raises(Misread):
        here.read("bo~1: goodbye")


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "copbot", *arguments], input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_script_prints_the_same_bytes_from_run_to_run(tmp_path: Path) -> None:
    script = tmp_path / "scene.txt"
    script.write_text("alice: hello\nalice@bot: /me\nbo: /help\nwait 8d\nalice: /help all\n")
    first, second = (run("chat", "--script", str(script), "--at", "2026-03-02T09:00", "--lang", "fr") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert "2 [@alice] alice: /me" in first.stdout


def test_time_does_not_move_without_at() -> None:
    played = run("chat", "--script", "-", stdin="alice: hello\nwait 1d\n")
    assert played.returncode == 1
    assert "--at" in played.stderr


def test_a_second_copbot_on_the_same_file_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'copbot.db'}"
    command = [sys.executable, "-m", "copbot", "chat", "--database-url", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdin
        assert first.stdout
        first.stdin.write("alice: hello\n")
        first.stdin.flush()
        assert first.stdout.readline() == "1 [group] alice: hello\n"
        second = run("check", "--database-url", url)
        first.stdin.close()
    assert second.returncode == 1
    assert "Another copbot is using" in second.stderr


def test_numbers_go_on_where_the_last_talk_stopped(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'copbot.db'}"
    first = run("chat", "--database-url", url, "--lang", "en", stdin="alice@bot: /me\n")
    second = run("chat", "--database-url", url, "--lang", "en", stdin="alice@bot: /me\n")
    assert first.stdout.startswith("1 [@alice] alice: /me\n2 [@alice] copbot:")
    assert second.stdout.startswith("3 [@alice] alice: /me\n4 [@alice] copbot:")


def test_run_says_where_it_keeps_things_and_how_to_go_on(tmp_path: Path) -> None:
    opened = subprocess.run(
        [sys.executable, "-m", "copbot", "run"], input="", capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False
    )
    assert opened.returncode == 0, opened.stderr
    assert "./copbot.db" in opened.stdout
    assert "Telegram" in opened.stdout
    assert (tmp_path / "copbot.db").stat().st_mode & 0o777 == 0o600


def test_a_database_that_cannot_be_opened_gets_one_sentence(tmp_path: Path) -> None:
    refused = run("check", "--database-url", f"sqlite:///{tmp_path}")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.stderr
