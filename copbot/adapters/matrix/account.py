"""Copbot's account on a homeserver: how it signs in, and the file that only its owner may read in which it is kept."""

import base64
import dataclasses
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from copbot.adapters.matrix.homeserver import Homeserver

#: The name under which the device appears in the account.
_DEVICE_NAME = "copbot"

SEEDS = ("master", "self_signing", "user_signing")


class Misfiled(ValueError):
    """The account file cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is needed to be this account on this device again.

    `pickle_key` opens the store of encryption keys; `seeds` are those of the three keys by which the account signs its devices.
    """

    homeserver: str
    user: str
    device: str
    token: str
    pickle_key: str
    seeds: dict[str, str]

    def __repr__(self) -> str:
        """Nothing of what is secret."""
        return f"Account({self.user!r}, {self.device!r})"

    @classmethod
    def read(cls, path: Path) -> "Account":
        """The account kept in this file. Raises Misfiled."""
        if path.exists() and path.stat().st_mode & 0o077:
            raise Misfiled(f"{path} can be read by others on this machine. Close it: chmod 600 {path}")
        try:
            return cls(**json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            raise Misfiled(f"{path} is missing. copbot connect matrix makes it.") from None
        except (OSError, ValueError, TypeError):
            raise Misfiled(f"{path} is no account file. copbot connect matrix makes one.") from None

    def write(self, path: Path) -> None:
        """Keep it in this file, for its owner's eyes alone; all of it or nothing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(dataclasses.asdict(self), file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def seed(self, name: str) -> bytes:
        """The seed of one of the signing keys."""
        return base64.b64decode(self.seeds[name])

    @property
    def naming_key(self) -> bytes:
        """What messages are named with, so that a name says nothing of them to the homeserver, which does not have it."""
        return hashlib.blake2s(self.pickle_key.encode(), person=b"naming").digest()


async def login(
    homeserver: str, user: str = "", *, password: str = "", token: str = "", sso_token: str = "", device: str = ""
) -> Account:
    """Sign in once: with a password, an access token or the token that a single sign-on hands out. Raises Problem."""
    server = Homeserver(homeserver, token)
    try:
        if token:
            answer = await server.ask("GET", "/v3/account/whoami")
        else:
            body = _password(user, password) if password else {"type": "m.login.token", "token": sso_token}
            body |= {"initial_device_display_name": _DEVICE_NAME} | ({"device_id": device} if device else {})
            answer = await server.ask("POST", "/v3/login", body)
    finally:
        await server.close()
    return Account(
        homeserver=server.url,
        user=answer["user_id"],
        device=answer["device_id"],
        token=token or answer["access_token"],
        pickle_key=secrets.token_urlsafe(32),
        seeds={name: base64.b64encode(secrets.token_bytes(32)).decode() for name in SEEDS},
    )


def _password(user: str, password: str) -> dict[str, object]:
    return {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user}, "password": password}


async def discover(name: str) -> str:
    """The address of the homeserver behind a server name. Raises ValueError, or what the network raises."""
    if name.startswith(("http://", "https://")):
        return name.rstrip("/")
    server = Homeserver(f"https://{name}")
    try:
        known = await server.well_known()
    finally:
        await server.close()
    return known or f"https://{name}"
