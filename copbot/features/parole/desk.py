"""Where somebody sits down to write in confidence: the vault, the right community, and saying things without a trace."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from copbot.calendar import times
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, _
from copbot.features.parole.audience import vault_of
from copbot.features.parole.exchange import LASTS, Exchange
from copbot.features.parole.safe import Unkept
from copbot.features.parole.vault import Vault
from copbot.store import people, questions
from copbot.store.people import Community


def vault_for(talk: Conversation) -> Vault:
    """The vault of this house. Raises Refusal where there is none."""
    found = vault_of(talk)
    if found is None:
        raise Refusal(_("Parole libre is not set up here. Whoever runs me can do it."))
    return found


def today(talk: Conversation) -> date:
    """Today's date where the community lives."""
    return times.to_wall(talk.now, talk.community.zone).date()


def at_home(talk: Conversation, community_id: int) -> Conversation | None:
    """The same conversation in the community it is about; None if this person is not in it any more."""
    if talk.community.id == community_id:
        return talk
    community = talk.tx.get(Community, community_id)
    member = people.member_of(talk.tx, community, talk.member.account.person) if community else None
    return replace(talk, community=member.community, member=member) if member else None


def elsewhere(talk: Conversation, vault: Vault, *slipped: Text) -> None:
    """In a group: alike for everyone. Words that slipped in are taken away where the platform lets me, and that is said."""
    talk.reply(_("Parole libre is for two: write to me in private, /freespeech. What is written here, everyone reads."))
    if slipped and talk.message:
        vault.remove(talk.place, talk.message, talk.now)
        for text in slipped:
            say(talk, vault, text)


def is_overtaken(talk: Conversation, since: datetime) -> bool:
    """Tell whether copbot asked something else since, or at that moment: a number is for that."""
    return any(question.asked_at >= since for question in questions.still_open(talk.tx, talk.member.id, ""))


def in_words(said: str) -> bool:
    """Tell whether it says something, rather than a number or an emoji."""
    return any(letter.isalpha() for letter in said)


def say(
    talk: Conversation,
    vault: Vault,
    text: Text,
    exchange: Exchange | None = None,
    offers: Mapping[str, Text] | None = None,
    *,
    prompts: bool = False,
) -> None:
    """Say it in private; what is on offer is kept with the exchange, which goes on from there. Raises Unkept."""
    words = talk.words_for(talk.member)
    with vault.change():
        choices: dict[str, str] = {}
        if exchange:
            exchange.offers = [(key, words(label)) for key, label in (offers or {}).items()]
            choices = {exchange.token(key): label for key, label in exchange.offers}
            exchange.asked, exchange.until = talk.now, talk.now + LASTS
            vault.keep(exchange, talk.now)
        person = talk.member.account.person
        vault.say(person, words(text), talk.now, choices=choices, exchange=exchange, prompts=prompts)
        vault.done(talk.event)


def carefully(talk: Conversation, vault: Vault, do: Callable[[], None]) -> None:
    """Do it; where something cannot be kept safely, keep nothing of the whole exchange and let the author know."""
    if vault.is_done(talk.event):
        return
    try:
        with vault.unless_undone(talk.member.account.person):
            do()
    except Unkept:
        if exchange := vault.exchange(talk.member.account.person, talk.now):
            vault.abandon(exchange)
        raise
