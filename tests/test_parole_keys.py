"""Listeners' own keys: the server cannot open what it stored, the listener can, without any server."""

from pathlib import Path

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from typer.testing import CliRunner

from copbot.__main__ import app
from copbot.core import sealing
from copbot.core.sealing import Unsealable
from copbot.store import freespeech
from tests.conftest import Bot
from tests.parole import Circle, listened_to

WORDS = "Nobody helps me at night"


@pytest.fixture
def circle(bot: Bot) -> Circle:
    return listened_to(bot)


def test_a_listener_opens_offline_what_the_server_cannot(circle: Circle, tmp_path: Path) -> None:
    made = CliRunner().invoke(app, ["keys", "new", "--key", str(tmp_path / "ida.key")])
    assert made.exit_code == 0
    assert (tmp_path / "ida.key").stat().st_mode & 0o777 == 0o600
    public = made.stdout.split("/listener key ")[1].strip()
    circle["ida"].writes(f"/listener key {public}")
    circle["ida"].hears("Noted")
    circle.confides("cy", WORDS, "listeners")

    stored = circle.stored(lambda tx: [one.blob for one in tx.query(freespeech.Message)])
    (blob,) = stored  # type: ignore[misc]
    keys = circle.vault.keys
    for private in (keys.release, *keys.passing.values()):
        with pytest.raises(Unsealable):
            sealing.unseal(private, blob)
        with pytest.raises(CryptoError):
            SealedBox(PrivateKey(private)).decrypt(sealing.emptied(blob))
    assert WORDS.encode() not in blob

    circle.next_tick()
    name, file = next((name, file) for name, file in circle.bot.files.items() if name.endswith(".age"))
    (tmp_path / name).write_bytes(file)
    opened = CliRunner().invoke(app, ["keys", "open", str(tmp_path / name), "--key", str(tmp_path / "ida.key")])
    assert opened.stdout.strip() == WORDS
    assert not any(WORDS in text for text in circle["jon"].heard()), "who has no key gets nothing any more"


def test_another_key_does_not_open_it(circle: Circle, tmp_path: Path) -> None:
    for name in ("ida", "other"):
        CliRunner().invoke(app, ["keys", "new", "--key", str(tmp_path / name)])
    public = (tmp_path / "ida").read_text().split("public key: ")[1].split()[0]
    (tmp_path / "message.age").write_bytes(sealing.emptied(sealing.seal_for([public], b"hello")))
    opened = CliRunner().invoke(app, ["keys", "open", str(tmp_path / "message.age"), "--key", str(tmp_path / "other")])
    assert opened.exit_code == 1


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    arguments = ["keys", "new", "--key", str(tmp_path / "my.key")]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    before = (tmp_path / "my.key").read_bytes()
    assert CliRunner().invoke(app, arguments).exit_code == 1
    assert (tmp_path / "my.key").read_bytes() == before


def test_what_is_no_key_is_refused_kindly(circle: Circle) -> None:
    circle["ida"].writes("/listener key age1nonsense")
    circle["ida"].hears("begins with age1")


def test_only_willing_members_listen_and_the_group_knows(circle: Circle) -> None:
    circle["alice"].says("/listener add fay")
    circle["fay"].writes("2")
    circle["bo"].says("/listener")
    assert "ida and jon" in circle.bot.last()
    circle["ida"].writes("/listener remove")
    assert "ida no longer listens" in circle.bot.last()


def test_facilitators_do_not_listen(circle: Circle) -> None:
    circle["alice"].says("/listener add alice")
    assert "is a facilitator" in circle.bot.last()


def test_members_name_no_listeners(circle: Circle) -> None:
    circle["bo"].says("/listener add bo")
    assert "Only facilitators" in circle.bot.last()


def test_nobody_but_a_named_listener_presses_a_listeners_button(circle: Circle) -> None:
    circle.confides("cy", WORDS, "listeners")
    circle.next_tick()
    handle = circle.stored(lambda tx: tx.query(freespeech.Thread).one().handle)
    from copbot.vocabulary import Chose, Person, Place

    for name in ("bo", "alice"):
        place = Place("console", name, "private")
        circle.bot.rehearsal.happens(Chose("1", place, Person("console", name, name), f"fs.{handle}.mute"))
    assert not circle.stored(lambda tx: tx.query(freespeech.Thread).one().muted)
