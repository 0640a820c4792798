"""Coming back with a code: reading what has come, going on, being told, lifting confidentiality, taking it all back."""

from collections.abc import Callable
from typing import Never

from copbot.core import codes, sealing
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, _, lines
from copbot.features import helplines
from copbot.features.parole import threads, writing
from copbot.features.parole.audience import audience, who_listens
from copbot.features.parole.desk import at_home, say
from copbot.features.parole.exchange import Exchange
from copbot.features.parole.rules import rules
from copbot.features.parole.vault import Vault
from copbot.store import freespeech, people
from copbot.store.freespeech import Named, Thread

#: What a wrong code costs at least, in seconds; a right one takes as long.
_AT_LEAST = 0.25

_STATES: dict[str, Text] = {
    "received": _("it waits to go out."),
    "discussed": _("it has been read."),
    "answered": _("it has been answered."),
    "closed": _("it is closed."),
    "lapsed": _("it found too few others in time and was erased."),
}


def show(talk: Conversation, vault: Vault, code: str) -> None:
    """Read what has come, each in a message, then what can be done. Raises Refusal."""
    thread, private = opened(talk, vault, code)
    if thread.muted:
        wrong(talk, vault)
    exchange = vault.begin(talk.member.account.person, thread.community_id, "thread", talk.now)
    exchange.messages.append(talk.message)
    exchange.thread = thread.id
    home = at_home(talk, thread.community_id) or talk
    with vault.change() as tx:
        wording = ""
        for came in threads.read(tx, thread, private):
            if came.kind == "wording":
                wording = came.text
                opening = _("{name}, a listener, suggests these words for the group:", name=came.by)
            else:
                opening = _("Answer from {name}, a listener:", name=came.by)
            say(home, vault, lines(opening, came.text), exchange)
        exchange.text = wording
        _menu(home, vault, exchange, thread)


def take_back(talk: Conversation, vault: Vault, code: str) -> None:
    """Erase what was said under this code. Raises Refusal."""
    thread, _private = opened(talk, vault, code, anywhere=True)
    exchange = vault.begin(talk.member.account.person, talk.community.id, "over", talk.now)
    exchange.messages.append(talk.message)
    exchange.thread = thread.id
    _erase(talk, vault, exchange)


def opened(talk: Conversation, vault: Vault, code: str, *, anywhere: bool = False) -> tuple[Thread, bytes]:
    """The thread of this code and the key to it; in a community they left only `anywhere`.

    Raises Refusal, after as long as a right code takes.
    """
    who = talk.member.account.person.platform, talk.member.account.person.id
    if not code:
        raise Refusal(_("Please write me the five words of your code, nothing else."))
    if vault.quotas.tries(who, talk.now) >= rules(talk.house).tries_an_hour:
        raise Refusal(_("That makes too many codes within an hour. Please try later."))
    salt, cost = vault.keys.salt, vault.cost
    derived = talk.worked(
        ("code", talk.event), lambda: sealing.derive(codes.read(code) or code, salt, cost), at_least=_AT_LEAST
    )
    with vault.change() as tx:
        thread = tx.get(Thread, derived.thread)
        if thread:
            tx.expunge(thread)
    mine = {member.community_id for member in people.memberships(talk.tx, talk.member.account.person)}
    if thread is None or not (anywhere or thread.community_id in mine):
        wrong(talk, vault)
    return thread, derived.private


def wrong(talk: Conversation, vault: Vault) -> Never:
    """One sentence whatever the reason. Raises Refusal."""
    if not vault.is_done(talk.event):
        vault.quotas.tried((talk.member.account.person.platform, talk.member.account.person.id), talk.now)
    raise Refusal(
        lines(
            _("I find nothing under these words. Please check them one by one: a code has five."),
            _("A lost code nobody can find again, nor can I; to begin anew: /freespeech"),
        )
    )


# What can be done with a thread


def _menu(talk: Conversation, vault: Vault, exchange: Exchange, thread: Thread, opening: Text | None = None) -> None:
    exchange.stage = "thread"
    offers: dict[str, Text] = {"release": _("Put these words in for the group")} if exchange.text else {}
    offers["more"] = _("Write more")
    if thread.address is None:
        offers["push"] = _("Tell me when an answer comes (less protected)")
    else:
        offers["unpush"] = _("No longer tell me of answers")
    offers |= {"back": _("Take it all back"), "lift": _("Say who I am"), "done": _("That is all")}
    if thread.state == "lapsed":
        offers = {key: label for key, label in offers.items() if key in ("more", "done")}
    state = _("Your voice, {pseudonym}: {state}", pseudonym=thread.pseudonym, state=_state(talk, vault, thread))
    with vault.change():
        if opening:
            say(talk, vault, opening, exchange)
        say(talk, vault, lines(state, _("What shall I do?")), exchange, offers)


def _state(talk: Conversation, vault: Vault, thread: Thread) -> Text:
    with vault.change() as tx:
        waits = freespeech.is_on_its_way(tx, thread)
    if waits and thread.route == "listeners" and not audience(talk).readers:
        return _("it waits, for nobody listens at the moment.")
    return _STATES["received" if waits else thread.state]


def _with(exchange: Exchange, vault: Vault) -> Thread:
    """The thread the exchange is about. Raises Refusal where it is gone, or muted meanwhile."""
    with vault.change() as tx:
        thread = tx.get(Thread, exchange.thread)
        if thread is None:
            raise Refusal(_("This was taken back meanwhile. Nothing was kept."))
        if thread.muted:
            raise Refusal(threads.NOT_HEARD)
        return thread


def _more(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    writing.check_more(talk, vault, exchange, audience(talk))
    exchange.message = ""
    writing.prompt(talk, vault, exchange)


def _release(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    """The other wording goes the way of the author's own words, as far as the card; nothing is changed before it is sent."""
    exchange.message, exchange.route = "", "group"
    writing.draft(talk, vault, exchange, exchange.text)


def _push(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    """Keep where to tell of answers, sealed to a key that is destroyed in two weeks."""
    with vault.change() as tx:
        thread = tx.get_one(Thread, _with(exchange, vault).id)
        threads.keep_address(vault, thread, talk.member.account.person, talk.now)
        opening = _("Done. For two weeks at most I keep, sealed, where to write to you; then it is erased.")
        _menu(talk, vault, exchange, thread, opening)


def _unpush(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    with vault.change() as tx:
        thread = tx.get_one(Thread, _with(exchange, vault).id)
        thread.address = thread.address_key = None
        _menu(talk, vault, exchange, thread, _("Done: I will not tell you."))


def _lift(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    thread = _with(exchange, vault)
    with vault.change() as tx:
        if freespeech.is_on_its_way(tx, thread):
            raise Refusal(_("Your words have not gone out yet. Once they have, you can say who you are."))
    exchange.stage = "lifting"
    whom = _("the listeners") if thread.route == "listeners" else _("the whole group")
    text = lines(_("I would tell {whom} that this voice is you. It cannot be undone.", whom=whom), _("Do you want that?"))
    say(talk, vault, text, exchange, {"keep": _("No, stay unnamed"), "lift again": _("Yes, go on")})


def _lift_again(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    name = talk.member.name
    text = lines(_("Once more, to be sure."), _("Shall I say that {pseudonym} is {name}?", **_named(exchange, vault, name)))
    say(talk, vault, text, exchange, {"lifted": _("Yes, say my name"), "keep": _("No, stay unnamed")})


def _lifted(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    """Tell those who read the thread, and nobody else, who it is."""
    here = who_listens(talk)
    with vault.change() as tx:
        thread = tx.get_one(Thread, _with(exchange, vault).id)
        tx.merge(Named(community_id=thread.community_id, pseudonym=thread.pseudonym))
        told = _("{pseudonym} wished you to know: it is {name}.", **_named(exchange, vault, talk.member.name))
        if thread.route == "listeners":
            for one in here:
                if one.member_id in thread.readers:
                    vault.say(one.member.account.person, talk.words_for(one.member)(told), talk.now)
        else:
            for room in talk.community.rooms:
                if room.left_at is None:
                    vault.say(room.place, talk.words(told), talk.now)
        writing.end(talk, vault, exchange, _("Done: they know it now."))


def _named(exchange: Exchange, vault: Vault, name: str) -> dict[str, object]:
    return {"pseudonym": _with(exchange, vault).pseudonym, "name": name}


def _keep(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    _menu(talk, vault, exchange, _with(exchange, vault), _("All right, you stay unnamed."))


def _erase(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    with vault.change() as tx:
        if thread := tx.get(Thread, exchange.thread):
            freespeech.empty_thread(tx, thread, vault.name())
        text = _("Taken back: your words and the answers are erased. What has been said already, I cannot take back.")
        writing.end(talk, vault, exchange, text)
    vault.rewrite()


def _done(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    writing.end(talk, vault, exchange, lines(_("All right."), helplines.shortly(talk.house, talk.reader.language)))


#: What each choice does.
CHOICES: dict[str, Callable[[Conversation, Vault, Exchange], None]] = {
    "more": _more,
    "release": _release,
    "push": _push,
    "unpush": _unpush,
    "back": _erase,
    "lift": _lift,
    "lift again": _lift_again,
    "lifted": _lifted,
    "keep": _keep,
    "done": _done,
}
