"""/freespeech, /reread, /takeback: saying something in confidence, in private, and coming back to it with a code."""

from collections.abc import Callable
from dataclasses import replace

from copbot.core import answers, manners
from copbot.core.commands import Rest, command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import confides, heeds
from copbot.core.words import _
from copbot.features import helplines
from copbot.features.crisis import is_crisis
from copbot.features.parole import returning, writing
from copbot.features.parole.desk import at_home, carefully, elsewhere, say, vault_for
from copbot.features.parole.exchange import Exchange
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
_STAGES = ("words", "card", "thread", "lifting", "over")


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
        elsewhere(talk, vault, told=bool(code))
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
        elsewhere(talk, vault, told=bool(code))
    else:
        carefully(talk, vault, lambda: returning.take_back(talk, vault, code))


@confides
def taken(talk: Conversation, said: str, token: str) -> bool:
    """Go on with the exchange that is under way, if this is for it."""
    vault = vault_for(talk)
    exchange = vault.exchange(talk.member.account.person, talk.now)
    if exchange is None or exchange.stage not in _STAGES:
        return False
    home = at_home(talk, exchange.community)
    if home is None:
        vault.abandon(exchange)
        return False
    chosen = exchange.chosen(said, token)
    if not chosen and (token or exchange.stage == "over"):
        return False
    stopped = exchange.stage != "over" and manners.plain(said.lstrip("/!")) in answers.STOP | answers.SKIP
    carefully(home, vault, lambda: _go_on(home, vault, exchange, "cancel" if stopped else chosen, said))
    return True


@heeds
def danger(talk: Conversation, said: str) -> None:
    """Show who can help to whoever writes words of danger, wherever it is; that they did is noted nowhere."""
    if is_crisis(said, talk.house):
        replace(talk, confidential=True).reply(helplines.fully(talk.house, talk.reader.language))


def _go_on(talk: Conversation, vault: Vault, exchange: Exchange, chosen: str, said: str) -> None:
    if talk.message and talk.message not in exchange.messages:
        exchange.messages.append(talk.message)
    if not said and not chosen:
        raise Refusal(_("Only words, please: I keep no picture and no voice of what is said in confidence."))
    if chosen:
        _CHOICES[chosen](talk, vault, exchange)
    elif exchange.stage == "words":
        writing.draft(talk, vault, exchange, said)
    elif exchange.stage == "card" and said == exchange.text:  # the same event again, after a stop
        writing.show_card(talk, vault, exchange)
    else:
        how = _("Please answer with a number from 1 to {last}, or /stop.", last=len(exchange.offers))
        say(talk, vault, how, exchange, dict(exchange.offers))
