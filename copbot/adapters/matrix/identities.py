"""Whose device is whose: devices that their owner signed, by the signing key that was theirs when copbot first saw it."""

from typing import Any

from nio.crypto import OlmDevice

from copbot.adapters.matrix.cryptostore import CryptoStore
from copbot.adapters.matrix.machine import signed_by

Json = dict[str, Any]


class Identities:
    """Learns from answers to /keys/query. A homeserver that slips in a device, or another identity, is not believed."""

    def __init__(self, store: CryptoStore) -> None:
        self._store = store
        self._signed: dict[str, dict[str, str]] = {}

    def learn(self, user: str, answer: Json, devices: Json) -> None:
        """Note which of these devices this person's keys signed."""
        signing = self._signing_key(user, answer)
        self._signed[user] = {
            device: keys["keys"][f"ed25519:{device}"]
            for device, keys in devices.items()
            if signing and signed_by(keys, user, signing)
        }

    def _signing_key(self, user: str, answer: Json) -> str:
        """The key that signs this person's devices, vouched for by the master key copbot knows them by."""
        master, signing = (answer.get(kind, {}).get(user, {}) for kind in ("master_keys", "self_signing_keys"))
        known = _only_key(master)
        if not known or self._store.known_master(user, known) != known or not signed_by(signing, user, known):
            return ""
        return _only_key(signing)

    def signed(self, device: OlmDevice) -> bool:
        """Tell whether the owner signed this device."""
        return bool(self._signed.get(device.user_id, {}).get(device.id) == device.ed25519)


def _only_key(body: Json) -> str:
    keys = body.get("keys")
    return str(next(iter(keys.values()))) if isinstance(keys, dict) and len(keys) == 1 else ""
