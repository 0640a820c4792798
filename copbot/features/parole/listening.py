"""What listeners do with a voice: answer it, suggest another wording, close it, hear no more of it."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from copbot.core import answers, manners, sealing, ticks
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, _, lines
from copbot.features.parole import threads
from copbot.features.parole.desk import at_home, carefully, in_words, is_overtaken, say, today
from copbot.features.parole.exchange import MARK, Exchange, choice, marked
from copbot.features.parole.intake import MOST
from copbot.features.parole.release import ACTIONS
from copbot.features.parole.vault import Vault
from copbot.features.parts import shortened
from copbot.store import freespeech, listeners
from copbot.store.freespeech import Thread

#: For so long a number means one of the choices that were shown last.
_AT_HAND = timedelta(days=14)

_STATES: dict[str, Text] = {
    "received": _("waits to reach you"),
    "discussed": _("waits for an answer"),
    "answered": _("answered"),
    "closed": _("closed"),
    "lapsed": _("erased"),
}

#: So many voices are offered at once.
_MOST = 7


def accepts(key: str) -> bool:
    """Tell whether this is a public key that things can be sealed to."""
    return sealing.is_recipient(key)


def overview(talk: Conversation, vault: Vault) -> None:
    """The voices that reached this listener, those that wait first; what was being written is left. Raises Refusal."""
    _check(talk)
    with vault.change() as tx:
        if (exchange := vault.exchange(talk.member.account.person, talk.now)) and exchange.stage in _WRITTEN:
            vault.drop(exchange)
        found = _voices(talk, tx)
        if found:
            _list(talk, vault, found)
        else:
            say(talk, vault, _("No voice has reached you so far."))


def _voices(talk: Conversation, tx: Session) -> list[Thread]:
    """Those that reached this listener, those that wait first."""
    every = [one for one in freespeech.threads(tx, talk.community.id) if talk.member.id in one.readers and not one.muted]
    heard = [one for one in every if one.state != "lapsed"]
    return sorted(heard, key=lambda one: (list(_STATES).index(one.state), one.pseudonym))


def _list(talk: Conversation, vault: Vault, found: list[Thread]) -> None:
    """The first of these to choose from, and a way to the others."""
    offers: dict[str, Text] = {
        f"{MARK}{one.handle}.open": _("{pseudonym}: {state}", pseudonym=one.pseudonym, state=_STATES[one.state])
        for one in found[:_MOST]
    }
    if found[_MOST:]:
        offers[f"{MARK}{found[_MOST].handle}.from"] = _("Other voices")
    _offer(talk, vault, _("Which voice would you like to see to?"), offers)


def taken(talk: Conversation, vault: Vault, said: str, token: str) -> bool:
    """Do what a listener chose, or take their words for it; False if neither is meant."""
    person = talk.member.account.person
    exchange = vault.exchange(person, talk.now)
    if exchange and exchange.comes_again(said, token):
        return True
    if exchange and exchange.stage in _WRITTEN and _is_for(exchange, said, token):
        talking = at_home(talk, exchange.community)
        if talking is None or (not token and not in_words(said) and is_overtaken(talk, exchange.asked)):
            return False
        exchange.last = marked(said, token)
        carefully(talking, vault, lambda: _written(talking, vault, exchange, said, token))
        return True
    token = token or _at_hand(talk, vault, said)
    _mark, handle, action = [*token.split(".", 2), "", "", ""][:3]
    if not token.startswith(MARK) or action not in _ACTIONS:
        return False
    with vault.change() as tx:
        thread = freespeech.handled(tx, handle)
    home = at_home(talk, thread.community_id) if thread else None
    if thread is None or home is None or home.member.id not in thread.readers:
        return False
    carefully(home, vault, lambda: _act(home, vault, thread, action))
    return True


def _is_for(exchange: Exchange, said: str, token: str) -> bool:
    """Tell whether a listener means what they are writing: not another button, nor a command but to stop or skip."""
    if token:
        return bool(exchange.chosen(said, token))
    return not said.startswith("/") or manners.plain(said.lstrip("/")) in answers.STOP | answers.SKIP


def _at_hand(talk: Conversation, vault: Vault, said: str) -> str:
    """The token that a number stands for, unless another question was asked since."""
    person = talk.member.account.person
    since, offers = vault.at_hand.get((person.platform, person.id), (talk.now, []))
    if not offers or since + _AT_HAND < talk.now:
        return ""
    return "" if is_overtaken(talk, since) else choice(said, offers)


def _offer(talk: Conversation, vault: Vault, text: Text, offers: dict[str, Text]) -> None:
    """Choices that stay good for as long as the voice is there."""
    words, person = talk.words_for(talk.member), talk.member.account.person
    written = {token: words(label) for token, label in offers.items()}
    with vault.change():
        vault.say(person, words(text), talk.now, choices=written)
        vault.done(talk.event)
        at_hand = talk.now, list(written.items())
        vault.then(lambda: vault.at_hand.__setitem__((person.platform, person.id), at_hand))


def _check(talk: Conversation) -> None:
    found = listeners.asked(talk.tx, talk.member)
    if found is None or not found.accepted_at:
        raise Refusal(_("This is for listeners."))
    if talk.is_facilitator():
        raise Refusal(_("You facilitate or administer the group, so you cannot listen any more. To end it: /listener remove"))


# What can be done


def _act(talk: Conversation, vault: Vault, thread: Thread, action: str) -> None:
    _check(talk)
    if thread.muted:
        raise Refusal(threads.NOT_HEARD)
    _ACTIONS[action](talk, vault, thread)


def _open(talk: Conversation, vault: Vault, thread: Thread) -> None:
    offers = {f"{MARK}{thread.handle}.{key}": label for key, label in ACTIONS.items()}
    text = lines(
        _("I have the words of this voice no more: they were brought to you."),
        _("{pseudonym}: what would you like to do?", pseudonym=thread.pseudonym),
    )
    _offer(talk, vault, text, offers)


def _from(talk: Conversation, vault: Vault, thread: Thread) -> None:
    with vault.change() as tx:
        found = _voices(talk, tx)
    first = next((place for place, one in enumerate(found) if one.id == thread.id), 0)
    _list(talk, vault, found[first:])


def _ask(talk: Conversation, vault: Vault, thread: Thread, stage: str, text: Text) -> None:
    exchange = vault.begin(talk.member.account.person, talk.community.id, stage, talk.now)
    exchange.thread, exchange.message = thread.handle, vault.name()
    say(talk, vault, text, exchange, {"cancel": _("Cancel")}, prompts=True)


def _answer(talk: Conversation, vault: Vault, thread: Thread) -> None:
    text = lines(
        _("Only the person I call {pseudonym} can read your answer.", **_name(thread)),
        _("What do you answer?"),
    )
    _ask(talk, vault, thread, "answer", text)


def _wording(talk: Conversation, vault: Vault, thread: Thread) -> None:
    text = _("{pseudonym} decides whether your words go to the group. Which words do you suggest?", **_name(thread))
    _ask(talk, vault, thread, "wording", text)


def _close(talk: Conversation, vault: Vault, thread: Thread) -> None:
    text = lines(
        _("To let the group know nothing: /skip"),
        _("What may the group hear of what was done about it, in a sentence or two?"),
    )
    _ask(talk, vault, thread, "close", text)


def _mute(talk: Conversation, vault: Vault, thread: Thread) -> None:
    text = lines(
        _("No listener would hear {pseudonym} again, and the code would be refused. It cannot be undone.", **_name(thread)),
        _("Do you want that?"),
    )
    _offer(talk, vault, text, {f"{MARK}{thread.handle}.open": _("No"), f"{MARK}{thread.handle}.muted": _("Yes, no more of it")})


def _muted(talk: Conversation, vault: Vault, thread: Thread) -> None:
    """Blindly: that code is refused from now on, and nobody learns whose it is."""
    with vault.change() as tx:
        freespeech.mute_thread(tx, tx.get_one(Thread, thread.id))
        say(talk, vault, _("Done: you hear no more of {pseudonym}. Nobody learns who it was.", **_name(thread)))


def _name(thread: Thread) -> dict[str, str]:
    return {"pseudonym": thread.pseudonym}


_ACTIONS: dict[str, Callable[[Conversation, Vault, Thread], None]] = {
    "open": _open,
    "from": _from,
    "answer": _answer,
    "wording": _wording,
    "close": _close,
    "mute": _mute,
    "muted": _muted,
}

#: How far exchanges of listeners get.
_WRITTEN = ("answer", "wording", "close")


def _written(talk: Conversation, vault: Vault, exchange: Exchange, said: str, token: str) -> None:
    """Take a listener's words for the voice they chose. Raises Refusal."""
    _check(talk)
    word = manners.plain(said.lstrip("/!"))
    skipped = word in answers.SKIP or (exchange.stage == "close" and word in _NOTHING)
    if exchange.chosen(said, token) or word in answers.STOP or (skipped and exchange.stage != "close"):
        _over(talk, vault, exchange, _("All right, we stop here. Nothing was kept."))
        return
    if not in_words(said):
        say(talk, vault, _("I keep words only. What do you write?"), exchange, dict(exchange.offers), prompts=True)
        return
    if len(said.encode()) > MOST:
        raise Refusal(_("That is too long for me: {longest} characters at most.", longest=MOST * 9 // 10))
    with vault.change() as tx:
        thread = freespeech.handled(tx, exchange.thread)
        if thread is None:
            raise Refusal(_("This was taken back meanwhile. Nothing was kept."))
        if thread.muted:
            raise Refusal(threads.NOT_HEARD)
        if exchange.stage == "close":
            threads.close(vault, thread, "" if skipped else said)
            _over(talk, vault, exchange, _("Closed. It stays readable with its code for a while."))
        else:
            kind = "reply" if exchange.stage == "answer" else "wording"
            threads.write_back(vault, thread, kind, talk.member.name, said, today(talk), exchange.message)
            when = ticks.next_tick(talk.house, talk.community.zone, talk.now)
            _over(talk, vault, exchange, _("Noted: “{words}”. It goes out on {when}.", words=shortened(said, 60), when=when))


#: What says that the group need not hear of it.
_NOTHING = {"non", "no", "rien", "nothing"}


def _over(talk: Conversation, vault: Vault, exchange: Exchange, text: Text) -> None:
    exchange.stage = "over"
    say(talk, vault, lines(text), exchange)
