"""Threads under a code: what has come is opened with it; what listeners do reaches the author through it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.core import sealing
from copbot.core.words import _
from copbot.features.parole.vault import Vault
from copbot.store import freespeech
from copbot.store.freespeech import Message, Thread
from copbot.vocabulary import Person

#: What is said of a muted thread, to whoever was busy with it.
NOT_HEARD = _("Nobody who listens hears this voice any more. Nothing was kept.")


@dataclass(frozen=True, slots=True)
class Came:
    """What a listener wrote back: kind is reply or wording."""

    kind: str
    by: str
    text: str


def read(tx: Session, thread: Thread, private: bytes) -> Iterator[Came]:
    """What waits to be read under the code whose key this is."""
    for message in freespeech.ready(tx, thread):
        content = json.loads(sealing.unseal(private, message.blob))
        yield Came(message.kind, content["by"], content["text"])


def write_back(vault: Vault, thread: Thread, kind: str, by: str, text: str, today: date, id: str) -> None:
    """Seal what a listener answers (reply) or suggests (wording) to the code's key; it can be read from the next tick on."""
    content = json.dumps({"by": by, "text": text}, ensure_ascii=False).encode()
    with vault.change() as tx:
        if tx.get(Message, id) is None:
            blob = sealing.seal(thread.public, content)
            community, named = thread.community_id, thread.id
            tx.add(Message(id=id, thread_id=named, community_id=community, kind=kind, blob=blob, sealed_to="code", day=today))


def drop_wordings(tx: Session, thread_id: str) -> None:
    """The suggestions for the group are dealt with."""
    tx.execute(sa.delete(Message).where(Message.thread_id == thread_id, Message.kind == "wording", Message.state == "ready"))


def keep_address(vault: Vault, thread: Thread, person: Person, now: datetime) -> None:
    """Keep where to tell of answers, sealed to today's passing key."""
    day = now.astimezone(UTC).date()
    content = f"{person.platform}\n{person.id}".encode()
    thread.address, thread.address_key = sealing.seal(vault.keys.today(day), content), day


def route_of(vault: Vault, thread_id: str) -> str:
    """Where this thread goes: group or listeners; "" if it is gone."""
    with vault.change() as tx:
        thread = tx.get(Thread, thread_id)
        return thread.route if thread else ""


def close(vault: Vault, thread: Thread, told: str) -> None:
    """Close it; `told` is what the group may hear of it."""
    thread.state = "closed"
    if told:
        thread.told = sealing.seal(sealing.public_of(vault.keys.release), told.encode())


@dataclass(frozen=True, slots=True)
class Done:
    """What became of what was said: how many voices were answered, and what the group may hear of it."""

    count: int
    told: list[str]


def answered(vault: Vault, community_id: int, since: date) -> Done:
    """The voices that were answered since then."""
    with vault.change() as tx:
        found = [one for one in freespeech.threads(tx, community_id) if one.answered and one.answered >= since]
        told = [sealing.unseal(vault.keys.release, one.told).decode() for one in found if one.told]
        return Done(len(found), told)
