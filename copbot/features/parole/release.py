"""The ticks of parole libre: what goes to the group and to the listeners, what has come back, and what time has overtaken."""

from dataclasses import replace
from datetime import date, time

from sqlalchemy.orm import Session

from copbot.calendar import times
from copbot.core import sealing, ticks
from copbot.core.context import Context
from copbot.core.sealing import Unsealable
from copbot.core.words import Text, _, _n, lines
from copbot.features.parole import pool
from copbot.features.parole.audience import Audience, audience
from copbot.features.parole.exchange import MARK
from copbot.features.parole.pool import Pending, Pooled
from copbot.features.parole.vault import Vault
from copbot.store import freespeech
from copbot.store.freespeech import Message, Thread
from copbot.store.listeners import Listener
from copbot.vocabulary import Attachment, Person

#: What a listener may do with a thread.
ACTIONS: dict[str, Text] = {
    "answer": _("Answer"),
    "wording": _("Suggest another wording for the group"),
    "close": _("Close"),
    "mute": _("Hear no more of this voice"),
}


def release(context: Context, vault: Vault) -> None:
    """Everything that is due at a tick. Raises Unkept, and then nothing of it has happened."""
    told = 0
    with vault.change() as tx:
        if freespeech.has_voices(tx, context.community.id):
            told = _release(context, vault, tx)
    if told:
        context.announce(_("Answers have come to parole libre. Whoever has a code reads theirs in private with me: /reread"))
    vault.rewrite()


def _release(context: Context, vault: Vault, tx: Session) -> int:
    here = audience(context)
    today = times.to_wall(context.now, context.community.zone).date()
    told = 0
    _forget(vault, tx, context.community.id, here, today)
    if here.paused:
        return 0
    freespeech.take_in_again(tx, context.community.id)
    if freespeech.has_waiting(tx, context.community.id):
        _lapse(context, vault, tx, here, today)
        _to_listeners(context, vault, tx, here)
        _to_group(context, vault, tx, here, today)
        told = _to_authors(context, vault, tx, today)
    _remind(context, vault, tx, here, today)
    return told


# To the group


def _to_group(context: Context, vault: Vault, tx: Session, here: Audience, today: date) -> None:
    rooms = [room.place for room in context.community.rooms if room.left_at is None]
    if not here.has_group or not rooms or here.rules.is_held(today):
        return
    waiting = {one.id: one for one in freespeech.waiting(tx, context.community.id, "group")}
    pooled = {id: pool.opened(sealing.unseal(vault.keys.release, one.blob)) for id, one in waiting.items()}
    pending = [Pending(id, one.run, one.turn) for id, one in pooled.items()]
    chosen = pool.batch(pending, here.rules.together, context.house.chance)
    if not chosen:
        return
    opening = context.words(
        lines(
            _n("Parole libre: {count} message.", "Parole libre: {count} messages.", len(chosen)),
            _("Confided to me one by one, mixed here. Please do not guess who; answer what is said."),
        )
    )
    for place in rooms:
        vault.say(place, opening, context.now)
        for id in chosen:
            thread = tx.get_one(Thread, waiting[id].thread_id)
            vault.say(place, f"{thread.pseudonym}\n{pooled[id].text}", context.now, subject=id)
            thread.state = "discussed"
    _turn(vault, waiting, pooled, chosen)


def _turn(vault: Vault, waiting: dict[str, Message], pooled: dict[str, Pooled], chosen: list[str]) -> None:
    """Those that go out leave; those that wait with the same run of copbot come nearer."""
    run, turn = pooled[chosen[0]].run, pooled[chosen[0]].turn
    of_run = {id: one for id, one in pooled.items() if one.run == run}
    last = max(one.turn for one in of_run.values())
    for id, one in of_run.items():
        moved = replace(one, turn=pool.turn_after(one.turn, turn, last, goes=id in chosen))
        if moved != one:
            waiting[id].blob = sealing.seal(sealing.public_of(vault.keys.release), moved.closed())
        if id in chosen:
            waiting[id].state = "leaving"


def _words(vault: Vault, message: Message) -> str:
    return sealing.unseal(vault.keys.release, message.blob).decode()


# To the listeners


def _to_listeners(context: Context, vault: Vault, tx: Session, here: Audience) -> None:
    """Only to those who were named to the author, and still listen."""
    for message in freespeech.waiting(tx, context.community.id, "listeners"):
        thread = tx.get_one(Thread, message.thread_id)
        readers = _named(here, message)
        if message.sealed_to == "listeners":
            readers = [one for one in readers if one.key]
        for reader in readers:
            _bring(context, vault, message, thread, reader)
        if readers:
            message.state = "leaving"
            thread.readers = sorted({*thread.readers, *(one.member_id for one in readers)})
            thread.state = "discussed"


def _named(here: Audience, message: Message) -> list[Listener]:
    return [one for one in here.listening if one.member_id in (message.readers or [])]


def _bring(context: Context, vault: Vault, message: Message, thread: Thread, reader: Listener) -> None:
    words = context.words_for(reader.member)
    person = reader.member.account.person
    choices = {f"{MARK}{thread.handle}.{key}": words(label) for key, label in ACTIONS.items()}
    question = words(_("{pseudonym}: what would you like to do?", pseudonym=thread.pseudonym))
    if message.sealed_to == "listeners":
        opening = words(_("Parole libre, {pseudonym}, {day}. Only your key opens this file.", **_when(thread, message)))
        text = f"{opening}\n{question}"
        name = f"{sealing_name(thread.pseudonym)}-{message.day.isoformat()}.age"
        file = Attachment(name, "application/octet-stream", sealing.emptied(message.blob))
        vault.say(person, text, context.now, choices=choices, subject=message.id, attachment=file)
    else:
        opening = words(_("Parole libre, {pseudonym}, {day}:", **_when(thread, message)))
        vault.say(person, f"{opening}\n{_words(vault, message)}", context.now, subject=message.id)
        vault.say(person, question, context.now, choices=choices)
    vault.forget_keys(person, context.now)
    at_hand = context.now, list(choices.items())
    vault.then(lambda: vault.at_hand.__setitem__((person.platform, person.id), at_hand))


def _when(thread: Thread, message: Message) -> dict[str, object]:
    return {"pseudonym": thread.pseudonym, "day": message.day}


def sealing_name(pseudonym: str) -> str:
    """The pseudonym as a file may be called."""
    return "".join(letter for letter in pseudonym if letter.isalnum()) or "message"


# To the authors


def _to_authors(context: Context, vault: Vault, tx: Session, today: date) -> int:
    """Answers can be read from now on; those who wished to be told are."""
    came = [one for kind in ("reply", "wording") for one in freespeech.waiting(tx, context.community.id, kind)]
    heard = [(message, thread) for message in came if not (thread := tx.get_one(Thread, message.thread_id)).muted]
    for message, thread in heard:
        message.state = "ready"
        if message.kind == "reply" and thread.state != "closed":
            thread.state, thread.answered = "answered", thread.answered or today
    for thread in {thread.id: thread for _message, thread in heard}.values():
        _push(context, vault, thread)
    return len(heard)


def _push(context: Context, vault: Vault, thread: Thread) -> None:
    if thread.address is None or thread.address_key is None:
        return
    try:
        address = sealing.unseal(vault.keys.of(thread.address_key), thread.address).decode()
    except Unsealable:
        thread.address = thread.address_key = None
        return
    platform, user = address.split("\n", 1)
    vault.say(
        Person(platform, user, ""),
        context.words(_("Something has come for you. To read it: /reread and your code")),
        context.now,
    )


# What time brings


def _lapse(context: Context, vault: Vault, tx: Session, here: Audience, today: date) -> None:
    """What found no company for too long goes to the listeners who were named for that case, else it is erased."""
    for message in freespeech.waiting(tx, context.community.id, "group"):
        if message.day + here.rules.cap > today:
            continue
        thread = tx.get_one(Thread, message.thread_id)
        readers = _named(here, message)
        keys = [one.key for one in readers if one.key]
        if not readers:
            thread.state = "lapsed"
            tx.delete(message)
        elif keys:
            words = pool.opened(sealing.unseal(vault.keys.release, message.blob)).text.encode()
            message.blob, message.sealed_to = sealing.seal_for(keys, words), "listeners"
        else:
            words = pool.opened(sealing.unseal(vault.keys.release, message.blob)).text.encode()
            message.blob = sealing.seal(sealing.public_of(vault.keys.release), words)
        if readers:
            message.kind = thread.route = "listeners"
    tx.flush()


def _remind(context: Context, vault: Vault, tx: Session, here: Audience, today: date) -> None:
    """Once a week the listeners, and nobody else, are told how many wait for an answer."""
    every = here.rules.reply_within.days
    last = times.to_wall(ticks.last_tick(context.house, context.community.zone, context.now), context.community.zone).date()
    waiting = [one for one in freespeech.threads(tx, context.community.id) if one.state == "discussed" and not one.muted]
    for one in here.listening:
        ages = [(today - thread.day).days for thread in waiting if one.member_id in thread.readers]
        if not any(age // every > max(0, age - (today - last).days) // every for age in ages):
            continue
        count = sum(age >= every for age in ages)
        words = context.words_for(one.member)
        text = _n(
            "{count} voice has waited for an answer for a week or more. To see which: /listener read",
            "{count} voices have waited for an answer for a week or more. To see which: /listener read",
            count,
        )
        vault.say(one.member.account.person, words(text), context.now)


def _forget(vault: Vault, tx: Session, community_id: int, here: Audience, today: date) -> None:
    """Threads that are old or were taken back, addresses that nothing opens any more, messages nobody was there to take."""
    for thread in freespeech.threads(tx, community_id):
        if thread.day + here.rules.keep < today:
            freespeech.drop_thread(tx, thread)
        elif thread.address_key and thread.address_key not in vault.keys.passing:
            thread.address = thread.address_key = None
    for message in freespeech.waiting(tx, community_id, "listeners"):
        if message.day + here.rules.cap + here.rules.cap < today and not here.paused:
            tx.get_one(Thread, message.thread_id).state = "lapsed"
            tx.delete(message)


def invite(context: Context) -> None:
    """In the month's temps de parole everyone is invited once, all alike."""
    here = audience(context)
    today = times.to_wall(context.now, context.community.zone).date()
    week = here.rules.week(today)
    if week and week[0] <= today < week[1] and here.has_group and not here.paused:
        ends = ticks.next_tick(context.house, context.community.zone, times.at(week[1], time(), context.community.zone))
        context.announce(
            lines(
                _("This week is our temps de parole: what weighs, what nobody says aloud."),
                _(
                    "Write to me in private: /freespeech. If there is enough, all comes out together on {day}, without names.",
                    day=times.to_wall(ends, context.community.zone).date(),
                ),
            ),
            dedupe=f"parole:{context.community.id}:{week[0].isoformat()}",
        )
