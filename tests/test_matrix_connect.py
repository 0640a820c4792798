"""Connecting Matrix takes one command, works when piped, and says in one sentence what is in the way."""

import asyncio
import re
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from copbot.__main__ import app
from copbot.adapters.matrix import Account, Matrix
from copbot.vocabulary import Refused
from tests.matrix.synapse import PASSWORD, Synapse


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where copbot is started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def copbot(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, words, input=typed)


def test_one_command_signs_in_and_keeps_what_it_needs_for_its_owner_alone(synapse: Synapse, folder: Path) -> None:
    user = synapse.register("copbot").id
    done = copbot("connect", "matrix", "--homeserver", synapse.url, typed=f"{user}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert f"Connected as {user}" in done.output
    assert f"invite {user}" in done.output
    for name in ("matrix.json", "matrix.keys"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    shown = re.search(r"Fingerprint: ([\w+/ ]+)", done.output)
    assert shown
    assert f"fingerprint {shown[1].strip()}." in copbot("check").output


def test_an_access_token_does_as_well(synapse: Synapse, folder: Path) -> None:
    account = synapse.register("copbot")
    done = copbot("connect", "matrix", "--with", "token", typed=f"{synapse.url}\n{account.token}\n")
    assert done.exit_code == 0, done.output
    assert Account.read(folder / "matrix.json").user == account.id


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (["--user", "@copbot:localhost"], "wrong\n", "does not know this account with this password"),
        (["--with", "token"], "syt_wrong\n", "does not know this access token"),
        (["--with", "sso"], "wrong\n", "no sign-on by browser"),
        (["--user", "@copbot:localhost"], "", "An answer is missing: Password"),
    ],
)
def test_what_is_in_the_way_is_one_sentence_and_leaves_nothing(
    synapse: Synapse, folder: Path, words: list[str], typed: str, sentence: str
) -> None:
    done = copbot("connect", "matrix", "--homeserver", synapse.url, *words, typed=typed)
    assert done.exit_code == 1
    assert sentence in done.output
    assert len(done.output.strip().splitlines()) == 1
    assert not list(folder.glob("matrix*"))


def test_where_nobody_answers_copbot_says_so(folder: Path) -> None:
    done = copbot("connect", "matrix", "--homeserver", "http://127.0.0.1:1", "--user", "@copbot:localhost", typed="x\n")
    assert done.exit_code == 1
    assert "cannot reach the homeserver" in done.output


def test_an_account_is_not_written_over(synapse: Synapse, folder: Path) -> None:
    (folder / "matrix.json").write_text("{}")
    assert "is there already" in copbot("connect", "matrix").output


def test_lost_keys_are_explained_and_never_replaced_in_silence(synapse: Synapse, folder: Path) -> None:
    user = synapse.register("copbot").id
    assert copbot("connect", "matrix", "--homeserver", synapse.url, "--user", user, typed=f"{PASSWORD}\n").exit_code == 0
    for file in folder.glob("matrix.keys*"):
        file.unlink()
    said = copbot("check").output
    assert "its keys are not in matrix.keys" in said
    assert "copbot connect matrix" in said
    matrix = Matrix(Account.read(folder / "matrix.json"), store=folder / "matrix.keys")
    with pytest.raises(Refused, match="lost"):
        asyncio.run(_opened(matrix))


async def _opened(matrix: Matrix) -> None:
    try:
        await matrix.open([])
    finally:
        await matrix.close()
