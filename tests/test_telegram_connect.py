"""`copbot connect telegram`, as the person runs it who has just got a token from @BotFather."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.telegram import TOKEN
from tests.telegram.server import Server
from tests.telegram.wired import wired


async def connect(server: Server, folder: Path, typed: str, *options: str) -> tuple[int, str]:
    """Run it there; answer its end and all it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "copbot", "connect", "telegram", *options),
        env=os.environ | {"COPBOT_TELEGRAM_BASE_URL": server.base_url},
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    written, _nothing = await process.communicate(typed.encode())
    return process.returncode or 0, written.decode()


@wired
async def test_the_token_is_checked_and_kept_for_its_owner_alone(server: Server, tmp_path: Path) -> None:
    code, said = await connect(server, tmp_path, f"{TOKEN}\n")
    assert code == 0, said
    kept = tmp_path / "telegram.token"
    assert kept.read_text().strip() == TOKEN
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "@copbot" in said
    assert "https://t.me/copbot?startgroup" in said
    assert TOKEN not in said


@wired
async def test_who_keeps_tokens_elsewhere_is_told_which_variable_to_set(server: Server, tmp_path: Path) -> None:
    code, said = await connect(server, tmp_path, f"{TOKEN}\n", "--no-keep")
    assert code == 0, said
    assert "COPBOT_TELEGRAM_TOKEN" in said
    assert os.listdir(tmp_path) == []  # noqa: PTH208


@pytest.mark.parametrize("typed", ["", "hello", "7210000001:" + "B" * 35])
def test_a_wrong_token_gets_one_sentence_and_nothing_is_kept(tmp_path: Path, typed: str) -> None:
    @wired
    async def test(server: Server) -> None:
        code, said = await connect(server, tmp_path, f"{typed}\n")
        assert code == 1
        assert "BotFather" in said
        assert "Traceback" not in said
        assert os.listdir(tmp_path) == []  # noqa: PTH208

    test()


@wired
async def test_another_reader_of_the_same_account_is_found_out(server: Server, tmp_path: Path) -> None:
    server.feed.let_another_poll()
    code, said = await connect(server, tmp_path, f"{TOKEN}\n")
    assert code == 1
    assert "Another program" in said


@wired
async def test_what_privacy_mode_means_is_said(server: Server, tmp_path: Path) -> None:
    _code, strict = await connect(server, tmp_path, f"{TOKEN}\n")
    server.world.privacy = False
    _code, open_ = await connect(server, tmp_path, f"{TOKEN}\n")
    assert strict != open_
    assert "privacy" in (strict + open_).lower()
