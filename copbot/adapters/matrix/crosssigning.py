"""Cross-signing: the account vouches for copbot's device, so that clients do not warn of a device nobody signed.

nio has none of it. The three signing keys come from seeds in the account file; they are published once, when the account has
none yet.
"""

from typing import Any

import structlog
from nacl.signing import SigningKey
from nio.api import Api

from copbot.adapters.matrix.account import SEEDS, Account
from copbot.adapters.matrix.homeserver import Homeserver, Problem
from copbot.adapters.matrix.machine import Machine, in_letters, signed_by

log = structlog.get_logger()

Json = dict[str, Any]


class Signer:
    """One of the account's signing keys."""

    def __init__(self, account: Account, usage: str) -> None:
        self._key = SigningKey(account.seed(usage))
        self._user = account.user
        self._usage = usage
        self.public = in_letters(bytes(self._key.verify_key))

    def body(self) -> Json:
        """The public key as it is published."""
        return {"user_id": self._user, "usage": [self._usage], "keys": {f"ed25519:{self.public}": self.public}}

    def sign(self, body: Json) -> Json:
        """The body with this key's signature alone."""
        plain = {name: value for name, value in body.items() if name not in ("signatures", "unsigned")}
        signature = in_letters(self._key.sign(Api.to_canonical_json(plain).encode()).signature)
        return {**plain, "signatures": {self._user: {f"ed25519:{self.public}": signature}}}


async def vouch(account: Account, server: Homeserver, machine: Machine, *, password: str = "") -> str:
    """Have the account vouch for this device, once; answers the master key, "" where the account is signed for by other keys.

    With a password, keys that are not copbot's are replaced.
    """
    master, signing, user_signing = (Signer(account, usage) for usage in SEEDS)
    me, device = account.user, account.device
    known = await server.ask("POST", "/v3/keys/query", {"device_keys": {me: [device]}})
    published = known.get("master_keys", {}).get(me, {}).get("keys", {})
    if published and master.public not in published.values() and not password:
        log.warning("device not signed", platform="matrix", reason="the account has other signing keys")
        return ""
    if master.public not in published.values():
        body = {
            "master_key": master.body(),
            "self_signing_key": master.sign(signing.body()),
            "user_signing_key": master.sign(user_signing.body()),
        }
        await _publish(server, account, body, password)
    keys = known.get("device_keys", {}).get(me, {}).get(device)
    if keys and not signed_by(keys, me, signing.public):
        await _sign(server, machine, signing.sign(keys), master)
    return master.public


async def _publish(server: Homeserver, account: Account, body: Json, password: str) -> None:
    try:
        await server.ask("POST", "/v3/keys/device_signing/upload", body)
    except Problem as problem:
        if problem.status != 401 or not password or problem.is_signed_out:
            raise
        proof = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": account.user},
            "password": password,
            "session": problem.body.get("session", ""),
        }
        await server.ask("POST", "/v3/keys/device_signing/upload", {**body, "auth": proof})


async def _sign(server: Homeserver, machine: Machine, device: Json, master: Signer) -> None:
    """Publish the account's signature of the device, and the device's of the account, as other clients do."""
    own = master.body()
    own["signatures"] = {machine.user_id: {f"ed25519:{machine.device_id}": machine.sign_json(master.body())}}
    body = {machine.user_id: {machine.device_id: device, master.public: own}}
    answer = await server.ask("POST", "/v3/keys/signatures/upload", body)
    if answer.get("failures"):
        log.warning("device not signed", platform="matrix", reason="the homeserver refused the signature")


def shown_fingerprint(key: str) -> str:
    """A fingerprint in groups of four, as clients show it."""
    return " ".join(key[first : first + 4] for first in range(0, len(key), 4))
