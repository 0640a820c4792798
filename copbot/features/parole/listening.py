"""What listeners do with a voice: answer it, suggest another wording, close it, hear no more of it."""

from collections.abc import Callable
from datetime import timedelta

from copbot.core import answers, manners, sealing
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, _, lines
from copbot.features.parole import threads
from copbot.features.parole.desk import at_home, carefully, say, today
from copbot.features.parole.exchange import MARK, Exchange, choice
from copbot.features.parole.release import ACTIONS
from copbot.features.parole.vault import Vault
from copbot.store import freespeech, listeners, questions
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
    """The voices that reached this listener, those that wait first. Raises Refusal."""
    _check(talk)
    with vault.change() as tx:
        every = [one for one in freespeech.threads(tx, talk.community.id) if talk.member.id in one.readers and not one.muted]
        every = [one for one in every if one.route == "listeners" and one.state != "lapsed"]
        found = sorted(every, key=lambda one: (list(_STATES).index(one.state), one.pseudonym))[:_MOST]
        if not found:
            say(talk, vault, _("No voice has reached you so far."))
            return
        offers: dict[str, Text] = {
            f"{MARK}{one.handle}.open": _("{pseudonym}: {state}", pseudonym=one.pseudonym, state=_STATES[one.state])
            for one in found
        }
        _offer(talk, vault, _("Which voice would you like to see to?"), offers)


def taken(talk: Conversation, vault: Vault, said: str, token: str) -> bool:
    """Do what a listener chose, or take their words for it; False if neither is meant."""
    person = talk.member.account.person
    exchange = vault.exchange(person, talk.now)
    if exchange and exchange.stage in _WRITTEN and not token:
        talking = at_home(talk, exchange.community)
        if talking is None:
            return False
        carefully(talking, vault, lambda: _written(talking, vault, exchange, said))
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


def _at_hand(talk: Conversation, vault: Vault, said: str) -> str:
    """The token that a number stands for, unless another question was asked since."""
    person = talk.member.account.person
    since, offers = vault.at_hand.get((person.platform, person.id), (talk.now, []))
    if not offers or since + _AT_HAND < talk.now:
        return ""
    if any(question.asked_at > since for question in questions.still_open(talk.tx, talk.member.id, "")):
        return ""
    return choice(said, offers)


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
    if all(one.member_id != talk.member.id for one in listeners.active(talk.tx, talk.community)):
        raise Refusal(_("This is for listeners."))


# What can be done


def _act(talk: Conversation, vault: Vault, thread: Thread, action: str) -> None:
    _check(talk)
    _ACTIONS[action](talk, vault, thread)


def _open(talk: Conversation, vault: Vault, thread: Thread) -> None:
    offers = {f"{MARK}{thread.handle}.{key}": label for key, label in ACTIONS.items()}
    _offer(talk, vault, _("{pseudonym}: what would you like to do?", pseudonym=thread.pseudonym), offers)


def _ask(talk: Conversation, vault: Vault, thread: Thread, stage: str, text: Text) -> None:
    exchange = vault.begin(talk.member.account.person, talk.community.id, stage, talk.now)
    exchange.thread, exchange.message = thread.handle, vault.name()
    say(talk, vault, text, exchange, prompts=True)


def _answer(talk: Conversation, vault: Vault, thread: Thread) -> None:
    text = _("Your answer goes out at the next fixed hour; only {pseudonym} can read it. What do you answer?", **_name(thread))
    _ask(talk, vault, thread, "answer", text)


def _wording(talk: Conversation, vault: Vault, thread: Thread) -> None:
    text = _("{pseudonym} decides whether your words go to the group. Which words do you suggest?", **_name(thread))
    _ask(talk, vault, thread, "wording", text)


def _close(talk: Conversation, vault: Vault, thread: Thread) -> None:
    text = _("What may the group hear of what was done about it, in a sentence or two? To say nothing: /skip")
    _ask(talk, vault, thread, "close", text)


def _mute(talk: Conversation, vault: Vault, thread: Thread) -> None:
    """Blindly: that code is refused from now on, and nobody learns whose it is."""
    with vault.change() as tx:
        tx.get_one(Thread, thread.id).muted = True
        say(talk, vault, _("Done: you hear no more of {pseudonym}. Nobody learns who it was.", **_name(thread)))


def _name(thread: Thread) -> dict[str, str]:
    return {"pseudonym": thread.pseudonym}


_ACTIONS: dict[str, Callable[[Conversation, Vault, Thread], None]] = {
    "open": _open,
    "answer": _answer,
    "wording": _wording,
    "close": _close,
    "mute": _mute,
}

#: How far exchanges of listeners get.
_WRITTEN = ("answer", "wording", "close")


def _written(talk: Conversation, vault: Vault, exchange: Exchange, said: str) -> None:
    """Take a listener's words for the voice they chose."""
    word = manners.plain(said.lstrip("/!"))
    skipped = word in answers.SKIP
    if word in answers.STOP or (skipped and exchange.stage != "close"):
        _over(talk, vault, exchange, _("All right, we stop here."))
        return
    with vault.change() as tx:
        thread = freespeech.handled(tx, exchange.thread)
        if thread is None:
            raise Refusal(_("This was taken back meanwhile. Nothing was kept."))
        if exchange.stage == "close":
            threads.close(vault, thread, "" if skipped else said)
            _over(talk, vault, exchange, _("Closed. It stays readable with its code for a while."))
        else:
            kind = "reply" if exchange.stage == "answer" else "wording"
            threads.write_back(vault, thread, kind, talk.member.name, said, today(talk), exchange.message)
            _over(talk, vault, exchange, _("Noted. It goes out at the next fixed hour."))


def _over(talk: Conversation, vault: Vault, exchange: Exchange, text: Text) -> None:
    exchange.stage = "over"
    say(talk, vault, lines(text), exchange)
