"""The vault of parole libre: a safe, what is under way in memory, and what is to be said in confidence.

Nothing of it enters the main database: no row, no number, no time. What is kept here is committed here at once, before the main
transaction that carries the event is; should the event come again, it finds what it had done.
"""

import copy
import secrets
from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.core import sealing
from copbot.core.sealing import Cost, Keyring, Unsealable
from copbot.features.parole import envelopes
from copbot.features.parole.exchange import LASTS, WRITING, Exchange
from copbot.features.parole.quotas import Quotas
from copbot.features.parole.safe import Draw, Safe, Unkept
from copbot.store import freespeech
from copbot.store.freespeech import Desk, Message, Slip
from copbot.store.outbox import Letter
from copbot.store.transactions import Undone
from copbot.vocabulary import Act, Attachment, Person, Place


class Vault(Safe):
    """A safe with those who come to it; `cost` is what a code costs to check."""

    def __init__(
        self, url: str | sa.Engine, keyring: Keyring | Path, *, cost: Cost | None = None, draw: Draw = secrets.randbelow
    ) -> None:
        super().__init__(url, keyring, draw=draw)
        self._ready: list[Letter] = []
        self._belongs: dict[int, str] = {}
        self._exchanges: dict[tuple[str, str], Exchange] = {}
        self._abandoned: list[Exchange] = []
        self._seen: deque[Hashable] = deque(maxlen=1024)
        self.cost = cost or Cost()
        self.quotas = Quotas()
        self.pooled: dict[tuple[str, str, int], list[str]] = {}  #: whose messages of this run wait for which group
        self.broken_off: dict[tuple[str, str], datetime] = {}  #: who may still be writing, though their exchange is over
        self.at_hand: dict[tuple[str, str], tuple[datetime, list[tuple[str, str]]]] = {}  #: what a number means to a listener
        self.run = self.name()

    def start(self, now: datetime) -> list[Letter]:
        """Go on after a stop: read back what was under way; answer what was still to be said."""
        if not self.is_used:
            return []
        try:
            with self.change() as tx:
                for desk in freespeech.desks(tx):
                    self._read_back(tx, desk)
                letters = [letter for slip in freespeech.slips(tx) if (letter := self._opened(tx, slip, now))]
        except Unkept:
            return []
        self.sweep(now)
        return letters

    def _read_back(self, tx: Session, desk: Desk) -> None:
        try:
            private = self.keys.of(desk.key)
            found = Exchange.unpacked(desk.id, sealing.unseal(private, desk.blob), sealing.unseal(private, desk.words))
            self._exchanges[_who(found.person)] = found
        except Unsealable:
            tx.delete(desk)  # its key was destroyed: nobody can go on with it

    def _opened(self, tx: Session, slip: Slip, now: datetime) -> Letter | None:
        try:
            private = self.keys.of(slip.key)
            blob, words = sealing.unseal(private, slip.blob), sealing.unseal(private, slip.words).decode()
        except Unsealable:
            tx.delete(slip)
            return None
        if slip.desk:
            self._belongs[slip.id] = slip.desk
        return envelopes.letter(slip.id, blob, words, self._file(tx, blob, slip.subject), now)

    def _file(self, tx: Session, blob: bytes, subject: str) -> bytes:
        message = tx.get(Message, subject) if envelopes.has_file(blob) else None
        return sealing.emptied(message.blob) if message else b""

    # Events that come again

    def is_done(self, event: Hashable) -> bool:
        """Tell whether this event was dealt with in this run, though the main transaction may have been done anew."""
        return event in self._seen

    def done(self, event: Hashable) -> None:
        """Note, in memory, that it was."""
        self.then(lambda: self._seen.append(event))

    # Exchanges

    def exchange(self, person: Person, now: datetime) -> Exchange | None:
        """What is under way with this person."""
        found = self._exchanges.get(_who(person))
        return found if found and found.until > now else None

    @contextmanager
    def unless_undone(self, person: Person) -> Iterator[None]:
        """What is done to somebody's exchange meanwhile holds, unless the event is to be handled anew."""
        before = copy.deepcopy(self._exchanges.get(_who(person)))
        try:
            yield
        except Undone:
            if before:
                self._exchanges[_who(person)] = before
            raise

    def begin(self, person: Person, community: int, stage: str, now: datetime, **more: object) -> Exchange:
        """A new exchange with this person, in place of the one that was under way. To be kept."""
        person = Person(person.platform, person.id, "")
        return Exchange(self.name(), person, community, stage, now + LASTS, now, **more)  # type: ignore[arg-type]

    def keep(self, exchange: Exchange, now: datetime) -> None:
        """Keep how far it got. Raises Unkept."""
        with self.change() as tx:
            before = self._exchanges.get(_who(exchange.person))
            if before and before.id != exchange.id:
                exchange.messages = [*before.messages, *exchange.messages]
                self._belongs = {letter: exchange.id if desk == before.id else desk for letter, desk in self._belongs.items()}
                freespeech.drop_desk(tx, before.id)
            public = self.keys.today(now.astimezone(UTC).date())
            row = Desk(
                id=exchange.id,
                key=now.astimezone(UTC).date(),
                blob=sealing.seal(public, exchange.packed()),
                words=sealing.seal(public, exchange.text.encode()),
            )
            tx.merge(row)
            self.then(lambda: self._exchanges.__setitem__(_who(exchange.person), exchange))

    def drop(self, exchange: Exchange) -> None:
        """End it and keep nothing of it. What was said of it and not yet sent goes as well."""
        if self._exchanges.get(_who(exchange.person)) is exchange:
            del self._exchanges[_who(exchange.person)]
        with self.change() as tx:
            freespeech.drop_desk(tx, exchange.id)

    def abandon(self, exchange: Exchange) -> None:
        """End it whatever the database says; what still lies there is forgotten as soon as it can be."""
        self._abandoned.append(exchange)
        self._exchanges.pop(_who(exchange.person), None)
        self.sweep(exchange.asked)

    def sweep(self, now: datetime) -> None:
        """Forget exchanges that nobody went on with; destroy keys that are due."""
        if not self.is_used:
            return
        try:
            self.keys.today(now.astimezone(UTC).date())
            for exchange in [*self._abandoned, *(one for one in self._exchanges.values() if one.until <= now)]:
                if exchange.stage in WRITING:
                    self.broken_off[_who(exchange.person)] = exchange.asked
                with self.change():
                    self._clear(exchange, now)
                    self.drop(exchange)
                self._abandoned = [one for one in self._abandoned if one is not exchange]
        except (Unkept, OSError):
            return
        self.broken_off = {who: asked for who, asked in self.broken_off.items() if asked > now - _STILL_WRITING}

    # Saying

    def say(
        self,
        to: Person | Place,
        text: str,
        now: datetime,
        *,
        choices: Mapping[str, str] | None = None,
        exchange: Exchange | None = None,
        subject: str = "",
        attachment: Attachment | None = None,
        reply_to: str = "",
        act: Act = "say",
        prompts: bool = False,
    ) -> None:
        """Say this once the change is committed; `choices` are {token: label}. Sealed until it is sent. Raises Unkept."""
        blob = envelopes.blob(to, choices or {}, attachment, reply_to, act, prompts=prompts)
        with self.change() as tx:
            day = now.astimezone(UTC).date()
            public = self.keys.today(day)
            slip = Slip(id=self._number(), key=day, desk=exchange.id if exchange else "", subject=subject)
            slip.blob, slip.words = sealing.seal(public, blob), sealing.seal(public, text.encode())
            tx.add(slip)
            tx.flush()
            self._hand(envelopes.letter(slip.id, blob, text, attachment.content if attachment else b"", now), exchange)

    def tell(self, to: Person | Place, text: str, now: datetime, event: Hashable) -> None:
        """Answer an event, kept if it can be, else from memory."""
        try:
            with self.change():
                self.done(event)
                self.say(to, text, now)
                self.forget_keys(to, now)
        except Unkept:
            self.whisper(to, text, now)

    def whisper(self, to: Person | Place, text: str, now: datetime) -> None:
        """Say this from memory, keeping nothing: lost if copbot stops before it is sent."""
        self._ready.append(envelopes.letter(self._number(), envelopes.blob(to, {}, None, "", "say"), text, b"", now))

    def remove(self, place: Place, message: str, now: datetime) -> None:
        """Take a message off the platform, where that lets me. From memory, for it is of no use later."""
        blob = envelopes.blob(place, {}, None, message, "remove")
        self._ready.append(envelopes.letter(self._number(), blob, "", b"", now))

    def _hand(self, letter: Letter, exchange: Exchange | None) -> None:
        def hand() -> None:
            if exchange:
                self._belongs[letter.id] = exchange.id
            self._ready.append(letter)

        self.then(hand)

    _last = 0

    def _number(self) -> int:
        """The id of a message: by chance, but after those of the same run, so that they go in order."""
        start = self._last or 2**52 + self.draw(2**52)
        self._last = start + 1 + self.draw(2**10)
        return self._last

    def ready(self) -> list[Letter]:
        """What is to be sent now. Asked once the main transaction is kept."""
        letters, self._ready = self._ready, []
        return letters

    def ended(self, taken: Sequence[tuple[Letter, str]], now: datetime) -> None:
        """The platform has these and calls them so; "" where it never will have one. One commit: each waits for the disk."""
        try:
            self._ended(taken, now)
        except Unkept:
            return  # logged already; should copbot stop before it can be noted, these messages go out once more

    def _ended(self, taken: Sequence[tuple[Letter, str]], now: datetime) -> None:
        arrived = False
        with self.change() as tx:
            for letter, message in taken:
                arrived |= freespeech.drop_slip(tx, letter.id, reached=bool(message) or letter.act != "say")
                self._close(self._belongs.pop(letter.id, ""), message, now)
            idle = arrived and freespeech.is_all_said(tx)
        if idle:
            self.rewrite()

    def _close(self, id: str, message: str, now: datetime) -> None:
        """Once the last word of an exchange is said, take both sides of it off the platform, and its keys."""
        exchange = next((one for one in self._exchanges.values() if one.id == id), None)
        if exchange is None:
            return
        if exchange.stage != "over":
            exchange.messages += [message] if message else []
            return
        self._clear(exchange, now)
        if not exchange.recovered:
            self.drop(exchange)

    def _clear(self, exchange: Exchange, now: datetime) -> None:
        """Take both sides of it off the platform where that lets me, and its keys."""
        for one in filter(None, exchange.messages):
            self.say(exchange.person, "", now, act="remove", reply_to=one)
        exchange.messages = []
        self.forget_keys(exchange.person, now)

    def forget_keys(self, to: Person | Place, now: datetime) -> None:
        """Have the platform's adapter forget the keys of what was said in private so far."""
        if isinstance(to, Person) or to.kind == "private":
            self.say(to, "", now, act="forget")


#: For so long words may still come for an exchange that is over.
_STILL_WRITING = timedelta(days=1)


def _who(person: Person) -> tuple[str, str]:
    return person.platform, person.id
