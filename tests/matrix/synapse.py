"""A real homeserver for tests: Synapse from its wheel, on loopback with SQLite; one per test process, fresh people per test."""

import base64
import hashlib
import hmac
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "a long enough password"
_SECRET = "registration"
_OFF = {"per_second": 100_000, "burst_count": 100_000}


@dataclass(frozen=True)
class Account:
    """Somebody on the homeserver."""

    id: str
    token: str
    device: str


class Synapse:
    """A running homeserver: `register` makes an account, `ask` calls its API as one."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        key = base64.b64encode(os.urandom(32)).decode().rstrip("=")
        (folder / "signing.key").write_text(f"ed25519 a_test {key}\n")
        (folder / "log.yaml").write_text(json.dumps(_logging(folder)))
        (folder / "homeserver.yaml").write_text(json.dumps({**_settings(folder, self._port), **settings}))

    def start(self, patience: float = 90) -> "Synapse":
        """Be ready when this returns."""
        command = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(self.folder / "homeserver.yaml")]
        output = self.folder / "output.txt"
        with output.open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise RuntimeError(output.read_text()[-2000:])
            try:
                urllib.request.urlopen(f"{self.url}/_matrix/client/versions", timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise TimeoutError("the homeserver does not get ready")

    def stop(self) -> None:
        """Let it finish; `start` goes on from there."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def register(self, name: str, *, admin: bool = False, shown: str = "") -> Account:
        """A new account whose name is `name` and a number; people see `shown`, or the bare name."""
        user = f"{name}{next(self._numbers)}"
        path = "/_synapse/admin/v1/register"
        nonce = self.ask("GET", path)["nonce"]
        signed = b"\0".join(part.encode() for part in (nonce, user, PASSWORD, "admin" if admin else "notadmin"))
        mac = hmac.new(_SECRET.encode(), signed, hashlib.sha1).hexdigest()
        wanted = {"nonce": nonce, "username": user, "password": PASSWORD, "admin": admin, "mac": mac}
        made = self.ask("POST", path, {**wanted, "displayname": shown or name})
        return Account(made["user_id"], made["access_token"], made["device_id"])

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """What the homeserver answers to this call, as `token`'s owner. Raises HTTPError."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, headers, method=method)) as answer:
            return json.load(answer)


def _settings(folder: Path, port: int) -> dict[str, Any]:
    """Loopback, one file, no limits; and no first answer from a cache, which a bot started anew would be given stale."""
    return {
        "server_name": "localhost",
        "pid_file": f"{folder}/homeserver.pid",
        "listeners": [
            {"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": False, "resources": [{"names": ["client"]}]}
        ],
        "database": {"name": "sqlite3", "args": {"database": f"{folder}/homeserver.db"}},
        "log_config": f"{folder}/log.yaml",
        "media_store_path": f"{folder}/media",
        "signing_key_path": f"{folder}/signing.key",
        "registration_shared_secret": _SECRET,
        "macaroon_secret_key": "macaroon",
        "form_secret": "form",
        "report_stats": False,
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "enable_registration": False,
        "bcrypt_rounds": 4,
        "presence": {"enabled": False},
        "stats": {"enabled": False},
        "user_directory": {"enabled": False},
        "caches": {"sync_response_cache_duration": "0s"},
        "default_room_version": "12",
        "rc_message": _OFF,
        "rc_registration": _OFF,
        "rc_login": {"address": _OFF, "account": _OFF, "failed_attempts": _OFF},
        "rc_joins": {"local": _OFF, "remote": _OFF},
        "rc_joins_per_room": _OFF,
        "rc_invites": {"per_room": _OFF, "per_user": _OFF, "per_issuer": _OFF},
        "rc_media_create": _OFF,
        "rc_room_creation": _OFF,
        "rc_admin_redaction": _OFF,
    }


def _logging(folder: Path) -> dict[str, Any]:
    file = {"class": "logging.FileHandler", "filename": f"{folder}/homeserver.log"}
    return {
        "version": 1,
        "handlers": {"file": file},
        "root": {"level": "WARNING", "handlers": ["file"]},
        "disable_existing_loggers": False,
    }


def memory_folder() -> Path | None:
    """A folder that is kept in memory, where the machine has one: half as fast again."""
    shared = Path("/dev/shm")
    return shared if shared.is_dir() and os.access(shared, os.W_OK) else None


def needed(there: object, what: str) -> None:
    """Without it these tests tell nothing: skipped, saying so; but where the project is judged, that is a failure."""
    if not there:
        sentence = f"NOT TESTED ON MATRIX: {what}"
        pytest.fail(sentence) if os.environ.get("CI") else pytest.skip(sentence)


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """The homeserver, started when the first test needs it."""
    needed(importlib.util.find_spec("synapse"), "the homeserver Synapse is not installed (make .venv/dev)")
    folder = (memory_folder() or tmp_path_factory.mktemp("synapse")) / f"copbot-synapse-{os.getpid()}"
    server = Synapse(folder)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
