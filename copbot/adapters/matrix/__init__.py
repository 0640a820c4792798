"""Matrix as a platform: encrypted rooms and private chats on any homeserver.

The keys are nio's (matrix-nio, vodozemac); the loop around the homeserver is copbot's own, because nothing may be lost between
an event and what came of it. One room a file:

account       who copbot is, in a file for its owner's eyes alone        homeserver    questions and answers over HTTP
syncing       the loop: answers, gaps, invitations, moves                reading       one event: deciphered, or waited for
incoming      pure: from an event to what happened                       contents      pure: from what is said to events
rooms         pure: what a room's state says                             directory     rooms, private chats, ways in and out
sending       saying, once; offering choices; taking back                spare         how much may be sent that is not needed
files         uploads and downloads                                      lean          nio's store without unneeded drivers
cipher        keys exchanged, events enciphered and deciphered           machine       nio's Olm machine and what it lacks
cryptostore   the file of keys                                           cursor        how far copbot has read
identities    whose device is whose                                      crosssigning  the account vouches for the device
verification  comparing emoji                                            sas           nio's part of that, repaired
discretion    nothing logged of what is confidential
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import structlog

import copbot.adapters.matrix.lean  # noqa: F401  (before anything of nio's)
from copbot.adapters.matrix import files
from copbot.adapters.matrix.account import Account, Misfiled, login
from copbot.adapters.matrix.cipher import Cipher, Trust
from copbot.adapters.matrix.crosssigning import shown_fingerprint, vouch
from copbot.adapters.matrix.cryptostore import open_store, store_file
from copbot.adapters.matrix.directory import Directory
from copbot.adapters.matrix.homeserver import Homeserver, Problem, part
from copbot.adapters.matrix.reading import Reader
from copbot.adapters.matrix.rooms import MODERATOR, PLATFORM, power
from copbot.adapters.matrix.sending import Offer, Speaker
from copbot.adapters.matrix.syncing import Listener
from copbot.vocabulary import Adapter, Batch, Menu, Outgoing, Person, Place, Refused, TryLater

__all__ = ["Account", "Matrix", "Misfiled", "fingerprint", "login"]

log = structlog.get_logger()

#: Seconds that a message waits, at the start, until copbot knows its rooms.
_START = 30.0


class Matrix(Adapter):
    """One account on one homeserver.

    `store` is the file of encryption keys; `trust` says which devices of a room's members may read: all, or those that their
    owners have verified; `offer` how choices are offered besides their numbers.
    """

    platform = PLATFORM

    def __init__(self, account: Account, *, store: Path, trust: Trust = "all", offer: Offer = "reactions") -> None:
        self._account = account
        self._store = store
        self._trust = trust
        self._offer = offer
        self._server = Homeserver(account.homeserver, account.token)
        self._opened: tuple[Cipher, Reader, Listener, Speaker] | None = None

    async def open(self, menus: Sequence[Menu]) -> None:
        """Make sure that the account is copbot's, that its keys are there, and that the account vouches for the device."""
        await self.prepare()

    async def prepare(self, password: str = "") -> str:
        """The same; answers the device's fingerprint. A password lets copbot's signing keys replace others. Raises Refused."""
        account = self._account
        self._server.open()
        try:
            who = await self._server.ask("GET", "/v3/account/whoami")
        except Problem as problem:
            if problem.is_signed_out:
                raise Refused("signed out") from None
            raise
        if (who.get("user_id"), who.get("device_id")) != (account.user, account.device):
            raise Refused("another account")
        if self._opened is None:
            self._opened = self._put_together()
        cipher = self._opened[0]
        await self._check_keys(cipher)
        await cipher.upload()
        try:
            cipher.verification.master = await vouch(account, self._server, cipher.machine, password=password)
        except Problem as problem:
            log.warning("device not signed", platform=PLATFORM, error=problem.code)
        return cipher.machine.fingerprint

    def _put_together(self) -> tuple[Cipher, Reader, Listener, Speaker]:
        account, server = self._account, self._server
        try:
            cipher = Cipher(account, self._store, server, self._trust)
        except Exception as problem:
            log.error("keys unreadable", platform=PLATFORM, error=type(problem).__name__)
            raise Refused("the store of keys cannot be opened with this account") from None
        self._directory = Directory(server, account.user)
        reader = Reader(server, cipher, self._directory, account.user)
        listener = Listener(server, cipher, self._directory, reader, account.user)
        speaker = Speaker(server, cipher, self._directory, reader, self._offer, account.naming_key)
        cipher.verification.say, cipher.verification.show = speaker.tell, speaker.show
        return cipher, reader, listener, speaker

    async def _check_keys(self, cipher: Cipher) -> None:
        """Where the store was lost, a new one must not take its place under the same name: nobody would trust it."""
        if cipher.machine.account.shared:
            return
        me, device = self._account.user, self._account.device
        answer = await self._server.ask("POST", "/v3/keys/query", {"device_keys": {me: [device]}})
        known = answer.get("device_keys", {}).get(me, {}).get(device, {}).get("keys", {})
        if known and known.get(f"ed25519:{device}") != cipher.machine.fingerprint:
            raise Refused("the store of keys was lost")

    async def close(self) -> None:
        """Let go of connections and files."""
        if self._opened:
            cipher, reader, listener, speaker = self._opened
            self._opened = None
            self._directory.close()
            reader.close()
            listener.close()
            speaker.close()
            cipher.close()
        await self._server.close()

    async def receive(self, cursor: str) -> AsyncIterator[Batch]:
        """Yield what happened after `cursor`, for ever. Raises Refused."""
        async for batch in self._parts[2].batches(cursor):
            yield batch

    async def send(self, outgoing: Outgoing) -> str:
        """Say it and answer the event's id. Raises TryLater or Unreachable."""
        _cipher, _reader, listener, speaker = self._parts
        if not listener.ready.is_set():
            try:
                await asyncio.wait_for(listener.ready.wait(), _START)
            except TimeoutError:
                raise TryLater(_START) from None
        return await speaker.send(outgoing)

    async def administers(self, place: Place, person: Person) -> bool:
        """Tell whether this very account moderates the room, by the homeserver's word as of now."""
        if person.platform != PLATFORM or place.kind == "private":
            return False
        room = f"/v3/rooms/{part(place.room)}/state"
        try:
            membership = await self._server.ask("GET", f"{room}/m.room.member/{part(person.id)}")
            if membership.get("membership") != "join":
                return False
            known = self._directory.rooms.get(place.room)
            if known and person.id in known.creators:
                return True
            return power(await self._server.ask("GET", f"{room}/m.room.power_levels"), person.id) >= MODERATOR
        except Problem as problem:
            if problem.status in (403, 404):
                return False
            raise

    async def typing(self, place: Place) -> None:
        """Show there, for a few seconds, that copbot is at work."""
        await self._parts[3].type(place)

    async def fetch(self, reference: str, most: int) -> bytes:
        """The content of a file that came with a message. Raises ValueError if it has more than `most` bytes or is gone."""
        return await files.fetch(self._server, reference, most)

    def silent_for(self) -> float:
        """Seconds since the homeserver last answered."""
        return max(0.0, time.monotonic() - self._opened[2].heard) if self._opened else 0.0

    @property
    def _parts(self) -> tuple[Cipher, Reader, Listener, Speaker]:
        if self._opened is None:
            raise RuntimeError("not open")
        return self._opened


def fingerprint(account: Account, store: Path) -> str | None:
    """The fingerprint of the account's device, as clients show it; None where the store has no keys that it opens."""
    if not store_file(store).is_file():
        return None
    keys = open_store(store, account.user, account.device, account.pickle_key)
    try:
        known = keys.load_account()
    except ValueError:
        return None
    finally:
        keys.close()
    return shown_fingerprint(known.identity_keys["ed25519"]) if known else None
