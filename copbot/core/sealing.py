"""Sealing words so that only a key opens them, and making that key out of a code: libsodium and age, nothing of our own."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pyrage
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id

#: What is sealed is padded to one of these sizes in bytes, so that its length tells nothing.
SIZES = (512, 1024, 4096)

#: So many bytes fit into the largest.
MOST = SIZES[-1] - 4

#: A passing key is destroyed after so many days, and with it all that was sealed to it.
PASSING = timedelta(days=14)


class Unsealable(Exception):
    """This cannot be sealed, or cannot be opened with this key."""


class Unsafe(Exception):
    """The key file can be read by others, or is no key file; what is sealed to it would be worth nothing."""


def pad(content: bytes) -> bytes:
    """The content, its length before it, filled up to one of SIZES. Raises Unsealable."""
    size = next((size for size in SIZES if len(content) <= size - 4), 0)
    if not size:
        raise Unsealable
    return (len(content).to_bytes(4, "big") + content).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """The content without what filled it up."""
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def seal(public: bytes, content: bytes) -> bytes:
    """Seal so that only the private key opens it. Raises Unsealable."""
    try:
        return bytes(SealedBox(PublicKey(public)).encrypt(pad(content)))
    except (CryptoError, ValueError, TypeError) as problem:
        raise Unsealable from problem


def unseal(private: bytes, sealed: bytes) -> bytes:
    """What was sealed to the public half of this key. Raises Unsealable."""
    try:
        return unpad(SealedBox(PrivateKey(private)).decrypt(sealed))
    except (CryptoError, ValueError, TypeError) as problem:
        raise Unsealable from problem


def public_of(private: bytes) -> bytes:
    """The public half of a private key. Raises Unsealable."""
    try:
        return bytes(PrivateKey(private).public_key)
    except (CryptoError, ValueError, TypeError) as problem:
        raise Unsealable from problem


# Codes


@dataclass(frozen=True, slots=True)
class Cost:
    """What it costs on purpose to try a code: memory in bytes, and passes over it."""

    memory: int = 64 * 2**20
    passes: int = 3


@dataclass(frozen=True, slots=True)
class Derived:
    """What a code opens: the thread with this id, and what is sealed to its key."""

    thread: str
    private: bytes

    @property
    def public(self) -> bytes:
        """What replies are sealed to."""
        return public_of(self.private)


def derive(code: str, salt: bytes, cost: Cost) -> Derived:
    """The thread and the key of a code: Argon2id, slow on purpose. Not to be called on the database thread."""
    drawn = argon2id.kdf(64, code.encode(), salt, opslimit=cost.passes, memlimit=cost.memory)
    return Derived(drawn[:32].hex(), drawn[32:])


# The keys of the house


@dataclass
class Keyring:
    """The release key, which opens what waits for the group; passing keys, one a day, for what is soon gone; the salt of codes.

    With a `path` it lives in that file (mode 0600) and the one beside it for the passing keys.
    """

    release: bytes
    salt: bytes
    passing: dict[date, bytes] = field(default_factory=dict)
    path: Path | None = None

    @classmethod
    def fresh(cls) -> "Keyring":
        """A new one, in memory."""
        return cls(bytes(PrivateKey.generate()), os.urandom(argon2id.SALTBYTES))

    @classmethod
    def at(cls, path: Path) -> "Keyring":
        """The one in this file, made if there is none. Raises Unsafe, or OSError."""
        if not path.exists():
            ring = cls.fresh()
            _write(path, {"release": _text(ring.release), "salt": _text(ring.salt)})
        try:
            kept = _read(path)
            beside = _beside(path)
            passing = _read(beside) if beside.exists() else {}
            days = {date.fromisoformat(day): b64decode(key) for day, key in passing.items()}
            ring = cls(b64decode(kept["release"]), b64decode(kept["salt"]), days, path)
        except (ValueError, KeyError) as problem:
            raise Unsafe from problem
        if len(ring.salt) != argon2id.SALTBYTES or any(len(key) != PrivateKey.SIZE for key in (ring.release, *days.values())):
            raise Unsafe
        return ring

    def today(self, day: date) -> bytes:
        """The public half of the key of this day, made if there is none; older ones are destroyed in time. Raises OSError."""
        kept = {made: key for made, key in self.passing.items() if made > day - PASSING}
        kept.setdefault(day, bytes(PrivateKey.generate()))
        if kept.keys() != self.passing.keys():
            if self.path:
                _replace(_beside(self.path), {made.isoformat(): _text(key) for made, key in kept.items()})
            self.passing = kept
        return public_of(kept[day])

    def of(self, day: date) -> bytes:
        """The private key of that day. Raises Unsealable where it was destroyed."""
        try:
            return self.passing[day]
        except KeyError:
            raise Unsealable from None


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".passing")


def _read(path: Path) -> dict[str, str]:
    if path.stat().st_mode & 0o077:
        raise Unsafe
    found = json.loads(path.read_text(encoding="ascii"))
    if not isinstance(found, dict):
        raise Unsafe
    return found


def _write(path: Path, content: dict[str, str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, content: dict[str, str]) -> None:
    """Put the new file in place of the old one, whose bytes are written over first."""
    new, old = path.with_name(path.name + ".new"), path.with_name(path.name + ".old")
    new.unlink(missing_ok=True)
    _write(new, content)
    os.utime(new, (0, 0))  # it would tell the hour of a day's first use
    if path.exists():
        path.replace(old)
    new.replace(path)
    if old.exists():
        with old.open("r+b") as file:
            file.write(b"\0" * old.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        old.unlink()


def _text(key: bytes) -> str:
    return b64encode(key).decode("ascii")


# The listeners' own keys (age), which the server never sees


def new_identity() -> tuple[str, str]:
    """A listener's new key: the secret half, which stays with them, and the public one."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def is_recipient(key: str) -> bool:
    """Tell whether this is the public half of such a key."""
    try:
        pyrage.x25519.Recipient.from_str(key)
    except (pyrage.RecipientError, ValueError):
        return False
    return True


def seal_for(recipients: Sequence[str], content: bytes) -> bytes:
    """An age file that each of these listeners opens, filled up to one of three lengths; see `emptied`. Raises Unsealable."""
    size = next((size for size in SIZES if len(content) <= size - 4), 0)
    if not size or not recipients:
        raise Unsealable
    try:
        keys = [pyrage.x25519.Recipient.from_str(key) for key in recipients]
        file = bytes(pyrage.encrypt(content.ljust(size, b"\n"), keys))
    except (pyrage.RecipientError, pyrage.EncryptError, ValueError) as problem:
        raise Unsealable from problem
    room = -(-(_AGE_ROOM + _AGE_RECIPIENT * len(recipients)) // 1024) * 1024
    return (len(file).to_bytes(4, "big") + file).ljust(size + room, b"\0")


#: What an age file takes besides its content, at most: a head with a stanza of chance in it, and a stanza for each recipient.
_AGE_ROOM = 700
_AGE_RECIPIENT = 110


def emptied(filled: bytes) -> bytes:
    """The age file itself, as it is handed over."""
    return unpad(filled)


def open_with(identity: str, sealed: bytes) -> bytes:
    """What such a file holds. Raises Unsealable."""
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
        return bytes(pyrage.decrypt(sealed, [key])).rstrip(b"\n")
    except (pyrage.IdentityError, pyrage.DecryptError, ValueError) as problem:
        raise Unsealable from problem
