"""/freespeech, /reread, /takeback: saying something in confidence, in private, and coming back to it with a code."""

from collections.abc import Callable
from dataclasses import replace

from copbot.core import answers, codes, manners
from copbot.core.commands import Rest, command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import confides, heeds
from copbot.core.words import _
from copbot.features import helplines
from copbot.features.crisis import is_crisis
from copbot.features.parole import returning, writing
from copbot.features.parole.desk import at_home, carefully, elsewhere, in_words, is_overtaken, say, vault_for
from copbot.features.parole.exchange import WRITING, Exchange, marked
from copbot.features.parole.vault import Vault

Choice = Callable[[Conversation, Vault, Exchange], None]

#: What each choice does, in whichever exchange it is on offer.
_CHOICES: dict[str, Choice] = {
    "group": lambda talk, vault, exchange: writing.send(talk, vault, exchange, "group"),
    "listeners": lambda talk, vault, exchange: writing.send(talk, vault, exchange, "listeners"),
    "external": writing.external,
    "change": writing.change,
    "cancel": writing.cancel,
    **returning.CHOICES,
}

#: How far exchanges of authors get; those of listeners are dealt with elsewhere.
_STAGES = ("words", "card", "thread", "lifting")

_CODE_SEEN = _(
    "Your code stood in the group: whoever saw it can use it. To take everything back, in private: /takeback and the code"
)


@command(
    "freespeech",
    "parole",
    help=_("Lets you say what weighs, confidentially, in private."),
    examples=[_("/freespeech"), _("/freespeech I am at the end of my tether")],
    confidential=True,
    also=["parolelibre", "free speech", "parole libre"],
)
def freespeech(talk: Conversation, words: Rest = "") -> None:
    """In one go, or by a prompt. In a group everyone gets the same answer."""
    writing.begin(talk, vault_for(talk), words)


@command(
    "reread",
    "relire",
    help=_("Reads the answers to what you said in confidence, with your code."),
    examples=[_("/reread and the five words of your code")],
    confidential=True,
)
def reread(talk: Conversation, code: Rest = "") -> None:
    """Show what has come, and what can be done."""
    vault = vault_for(talk)
    if not talk.is_private:
        elsewhere(talk, vault, *([_CODE_SEEN] if code else []))
    else:
        carefully(talk, vault, lambda: returning.show(talk, vault, code))


@command(
    "takeback",
    "retirer",
    help=_("Takes back what you said in confidence, with your code."),
    examples=[_("/takeback and the five words of your code")],
    confidential=True,
)
def takeback(talk: Conversation, code: Rest = "") -> None:
    """Erase the thread and all that is on its way."""
    vault = vault_for(talk)
    if not talk.is_private:
        elsewhere(talk, vault, *([_CODE_SEEN] if code else []))
    else:
        carefully(talk, vault, lambda: returning.take_back(talk, vault, code))


@confides
def taken(talk: Conversation, said: str, token: str) -> bool:
    """Go on with the exchange that is under way, if this is for it."""
    vault = vault_for(talk)
    exchange = vault.exchange(talk.member.account.person, talk.now)
    writes = exchange is not None and exchange.stage in WRITING
    if codes.is_told(said, alone=writes):  # never an answer to anything else, lest it be kept
        carefully(talk, vault, lambda: returning.show(talk, vault, said))
        return True
    if exchange and exchange.comes_again(said, token):
        return True
    if exchange is None or exchange.stage not in _STAGES:
        return False
    home = at_home(talk, exchange.community)
    if home is None:
        vault.abandon(exchange)
        return False
    chosen = "cancel" if _stops(said) else exchange.chosen(said, token)
    if not _is_for(talk, exchange, chosen, said, token):
        return False
    exchange.last = marked(said, token)
    carefully(home, vault, lambda: _go_on(home, vault, exchange, chosen, said))
    return True


def _stops(said: str) -> bool:
    return manners.plain(said.lstrip("/!")) in answers.STOP | answers.SKIP


def _is_for(talk: Conversation, exchange: Exchange, chosen: str, said: str, token: str) -> bool:
    """Tell whether this is for the exchange: its own button; words; a choice or a number, unless something was asked since."""
    if token or (said.startswith("/") and not chosen):
        return bool(chosen)
    return (in_words(said) and not chosen) or not is_overtaken(talk, exchange.asked)


@heeds
def danger(talk: Conversation, said: str) -> bool:
    """Show who can help to whoever writes words of danger, wherever it is; that they did is noted nowhere."""
    told = is_crisis(said, talk.house)
    if told:
        replace(talk, confidential=True).reply(helplines.fully(talk.house, talk.reader.language))
    return told


def _go_on(talk: Conversation, vault: Vault, exchange: Exchange, chosen: str, said: str) -> None:
    if talk.message and talk.message not in exchange.messages:
        exchange.messages.append(talk.message)
    if not said and not chosen:
        raise Refusal(_("Only words, please: I keep no picture and no voice of what is said in confidence."))
    if chosen:
        _CHOICES[chosen](talk, vault, exchange)
    elif exchange.stage == "words":
        writing.told(talk, vault, exchange, said)
    elif exchange.stage == "card" and len(said.split()) >= _MORE:
        writing.add(talk, vault, exchange, said)
    elif exchange.stage == "lifting":  # whatever is not plainly a yes
        returning.CHOICES["keep"](talk, vault, exchange)
    else:
        how = _("Please answer with a number from 1 to {last}, or /stop.", last=len(exchange.offers))
        say(talk, vault, how, exchange, dict(exchange.offers))


#: So many words under the card go on with what was said; fewer were meant for a choice.
_MORE = 3
