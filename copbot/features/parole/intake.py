"""Taking words in: sealed to whom they are for, once, whatever happens meanwhile."""

from datetime import date

from copbot.core import sealing
from copbot.core.sealing import Derived
from copbot.features.parole.audience import Audience
from copbot.features.parole.exchange import Exchange
from copbot.features.parole.pool import Pooled, opened
from copbot.features.parole.vault import Vault
from copbot.store import freespeech
from copbot.store.freespeech import Message, Thread

#: Longer words are turned down before anything is kept. In bytes: what a sealed message holds, with a line around it.
MOST = sealing.MOST - 190

_LAST_TURN = 999


def promote(
    vault: Vault,
    exchange: Exchange,
    derived: Derived | None,
    route: str,
    audience: Audience,
    pseudonyms: list[str],
    today: date,
) -> Thread | None:
    """Put the words of an exchange on their way, in a new thread or the one it is about. A second time it changes nothing.

    None where the thread is gone meanwhile. Raises Unkept.
    """
    with vault.change() as tx:
        thread = tx.get(Thread, derived.thread if derived else exchange.thread)
        if thread is None and derived:
            thread = Thread(
                id=derived.thread,
                handle=vault.name(),
                community_id=exchange.community,
                pseudonym=_pseudonym(vault, freespeech.pseudonyms(tx, exchange.community), pseudonyms),
                public=derived.public,
                route=route,
                day=today,
            )
            tx.add(thread)
        if thread is None or tx.get(Message, exchange.message) is not None:
            return thread
        thread.route, thread.day = route, today
        if thread.state == "lapsed":  # what listeners see of it changes at a tick: the hour would tell
            thread.state = "received"
        tx.add(_message(vault, exchange, thread, route, audience, today))
        who = exchange.person.platform, exchange.person.id
        if route == "group":
            vault.then(lambda: vault.pooled.setdefault((*who, exchange.community), []).append(exchange.message))
        day, community = today, exchange.community
        vault.then(lambda: vault.quotas.count(day, ("group", community)))
        vault.then(lambda: vault.quotas.count(day, ("thread", thread.id)))
        if derived:
            vault.then(lambda: vault.quotas.count(day, ("new", who)))
        return thread


def _message(vault: Vault, exchange: Exchange, thread: Thread, route: str, audience: Audience, today: date) -> Message:
    words = exchange.text.encode()
    sealed_to = "house"
    readers = [one for one in audience.listening if one.member_id in exchange.readers]  # who still listen of those named
    if route == "listeners" and (keys := [one.key for one in readers if one.key]):
        sealed_to, blob = "listeners", sealing.seal_for(keys, words)
    else:
        if route == "group":
            words = Pooled(vault.run, min(_turn(vault, exchange), _LAST_TURN), exchange.text).closed()
        blob = sealing.seal(sealing.public_of(vault.keys.release), words)
    return Message(
        id=exchange.message,
        thread_id=thread.id,
        community_id=exchange.community,
        kind=route,
        blob=blob,
        sealed_to=sealed_to,
        day=today,
        readers=[one.member_id for one in readers],
    )


def _turn(vault: Vault, exchange: Exchange) -> int:
    """Their turn: after those of the messages of the same person that still wait, so that no two go out together."""
    who = exchange.person.platform, exchange.person.id, exchange.community
    with vault.change() as tx:
        left = [one for one in freespeech.still_there(tx, vault.pooled.get(who, [])) if one.kind == "group"]
        turns = [opened(sealing.unseal(vault.keys.release, one.blob)).turn for one in left]
    vault.pooled[who] = [one.id for one in left]
    return max(turns, default=-1) + 1


def _pseudonym(vault: Vault, taken: set[str], names: list[str]) -> str:
    """One of the names, free if there is any, else one with a number."""
    free = [name for name in names if name not in taken]
    if free:
        return free[vault.draw(len(free))]
    number = 2
    while (name := f"{names[vault.draw(len(names))]} {number}") in taken:
        number += 1
    return name
