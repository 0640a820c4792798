"""Comparing emoji: nio's short authentication string, repaired where it differs from what other clients do.

matrix-nio 0.26 writes the commitment in hexadecimal, splits emoji that are split already, and announces one MAC but computes
another. https://github.com/matrix-nio/matrix-nio/pull/573 repairs all three: once a release has it, `Repaired` can go.
"""

import hashlib
from dataclasses import replace
from typing import Any

from nio.api import Api
from nio.crypto import OlmDevice, Sas
from nio.events import KeyVerificationStart

from copbot.adapters.matrix.machine import in_letters

Json = dict[str, Any]

_MAC = "hkdf-hmac-sha256.v2"


class Repaired(Sas):  # type: ignore[misc]
    """One side of a comparison that somebody else began."""

    _mac_normal = _MAC

    @classmethod
    def answering(cls, user: str, device: str, fingerprint: str, other: OlmDevice, start: KeyVerificationStart) -> "Repaired":
        """Copbot's side, from the event by which the other began; cancelled already where they offer nothing copbot knows."""
        offered = start.message_authentication_codes
        known = replace(start, message_authentication_codes=[*offered, Sas._mac_normal] if _MAC in offered else [])
        sas: Repaired = cls.from_key_verification_start(user, device, fingerprint, other, known)
        said = Api.to_canonical_json(start.source["content"])
        sas.commitment = in_letters(hashlib.sha256(sas.pubkey.encode() + said.encode()).digest())
        return sas

    def _generate_emoji(self, extra_info: str) -> list[tuple[str, str]]:
        return [self.emoji[index] for index in self.established_sas.bytes(extra_info).emoji_indices]

    def macs(self, keys: dict[str, str]) -> Json:
        """What proves that these keys of ours, by their names, are the ones that the other side sees."""
        other = self.other_olm_device
        info = f"MATRIX_KEY_VERIFICATION_MAC{self.own_user}{self.own_device}{other.user_id}{other.id}{self.transaction_id}"
        calculate = self.established_sas.calculate_mac
        names = ",".join(sorted(keys))
        return {
            "mac": {name: calculate(key, info + name) for name, key in keys.items()},
            "keys": calculate(names, info + "KEY_IDS"),
        }
