"""copbot connect telegram and copbot check: one clear sentence whatever happens, and the token in nobody else's eyes."""

import asyncio
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from copbot.__main__ import app
from tests.telegram.server import TOKEN, Server


class Telegram:
    """The scripted Bot API on a thread of its own, for programs that are not on our event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.server = Server()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.server.__aenter__(), self.loop).result()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.server.__aexit__(None, None, None), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    there = Telegram()
    yield there
    there.close()


@pytest.fixture
def run(tmp_path: Path, telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COPBOT_TELEGRAM_BASE_URL", telegram.server.base_url)
    return lambda *verb, stdin="": CliRunner().invoke(app, verb, input=stdin)


def test_a_good_token_is_kept_for_its_owner_alone(run: Callable[..., Result], tmp_path: Path) -> None:
    connected = run("connect", "telegram", stdin=f"{TOKEN}\n")
    kept = tmp_path / "telegram.token"
    assert connected.exit_code == 0, connected.stderr
    assert kept.read_text().strip() == TOKEN
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "@copbot" in connected.stdout
    assert "https://t.me/copbot?startgroup" in connected.stdout
    assert "Privacy mode is on" in connected.stdout
    assert TOKEN not in connected.stdout + connected.stderr
    checked = run("check")
    assert "Telegram: connected as @copbot." in checked.stdout
    kept.chmod(0o644)
    assert "chmod 600" in run("check").stdout


def test_a_token_may_stay_out_of_files(run: Callable[..., Result], tmp_path: Path) -> None:
    connected = run("connect", "telegram", "--no-keep", stdin=f"{TOKEN}\n")
    assert "COPBOT_TELEGRAM_TOKEN" in connected.stdout
    assert not (tmp_path / "telegram.token").exists()


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("hello", "That is not a token."),
        ("", "That is not a token."),
        (TOKEN[:-1] + "x", "Telegram does not know this token."),
    ],
)
def test_a_wrong_token_gets_one_sentence_and_leaves_nothing(
    run: Callable[..., Result], tmp_path: Path, token: str, sentence: str
) -> None:
    connected = run("connect", "telegram", stdin=f"{token}\n")
    assert connected.exit_code == 1
    assert connected.stderr.startswith(sentence)
    assert connected.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_server_that_cannot_be_reached_gets_one_sentence(
    run: Callable[..., Result], tmp_path: Path, telegram: Telegram
) -> None:
    telegram.server.faults.add("break", "getMe", times=9)
    connected = run("connect", "telegram", stdin=f"{TOKEN}\n")
    assert connected.stderr.startswith("I cannot reach Telegram.")
    assert not list(tmp_path.iterdir())
