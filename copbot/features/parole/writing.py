"""Writing in confidence: the prompt, the card with who can read it, the sending, the receipt."""

from copbot.core import codes, manners, sealing
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, _, lines
from copbot.features import helplines
from copbot.features.danger import may_be_danger
from copbot.features.parole import intake, threads
from copbot.features.parole.audience import Audience, audience
from copbot.features.parole.card import card, question, receipt, routes
from copbot.features.parole.desk import carefully, elsewhere, in_words, say, today
from copbot.features.parole.exchange import Exchange
from copbot.features.parole.vault import Vault
from copbot.features.traces import personal
from copbot.store import freespeech, people
from copbot.store.freespeech import Thread

_PAUSED = _("Parole libre is paused in this group. Keep your words: nothing was sent.")


def begin(talk: Conversation, vault: Vault, words: str) -> None:
    """Sit down with somebody, in one go or by a prompt; in a group everyone gets the same answer."""
    if talk.is_private:
        carefully(talk, vault, lambda: _begin(talk, vault, words))
        return
    seen: list[Text] = [helplines.fully(talk.house, talk.reader.language)] if may_be_danger(words, talk.house) else []
    if words:
        seen.append(_("Your words stood in the group; where I may, I removed them. Between the two of us: /freespeech"))
    elsewhere(talk, vault, *seen)


def _begin(talk: Conversation, vault: Vault, words: str) -> None:
    try:
        check(talk, vault, audience(talk))
    except Refusal:
        if may_be_danger(words, talk.house):
            say(talk, vault, helplines.fully(talk.house, talk.reader.language))
        raise
    exchange = vault.begin(talk.member.account.person, talk.community.id, "words", talk.now)
    exchange.messages.append(talk.message)
    if words:
        draft(talk, vault, exchange, words)
    else:
        prompt(talk, vault, exchange)


def check(talk: Conversation, vault: Vault, here: Audience) -> None:
    """Say at once what is not possible. Raises Refusal."""
    numbers = helplines.shortly(talk.house, talk.reader.language)
    if here.paused:
        raise Refusal(lines(_PAUSED, numbers))
    if not here.is_open:
        small = _(
            "The group is too small to protect you: {least} members are needed, I count {count}.",
            count=here.members,
            least=here.rules.members,
        )
        raise Refusal(lines(small, _("And nobody listens here yet. A facilitator can ask somebody: /listener add"), numbers))
    person = talk.member.account.person
    if vault.quotas.used(today(talk), ("new", (person.platform, person.id))) >= here.rules.threads_a_day:
        raise Refusal(_("You have begun one today. Tomorrow again; to go on with it: /reread and your code"))
    if vault.quotas.used(today(talk), ("group", talk.community.id)) >= here.rules.messages_a_group:
        raise Refusal(lines(_("I have taken in all I can for today. Please come back tomorrow."), numbers))


def prompt(talk: Conversation, vault: Vault, exchange: Exchange, opening: Text | None = None) -> None:
    """Ask for the words; the numbers stand in every prompt."""
    exchange.stage, exchange.text = "words", ""
    text = lines(
        opening,
        _("I am listening, for an hour. Nothing goes out before you have seen who can read it."),
        helplines.shortly(talk.house, talk.reader.language),
        _("What would you like to say, in your own words?"),
    )
    say(talk, vault, text, exchange, {"cancel": _("Cancel")}, prompts=True)


def told(talk: Conversation, vault: Vault, exchange: Exchange, said: str) -> None:
    """Take what was answered to the prompt, unless it is no wish to say anything."""
    if not in_words(said):
        prompt(talk, vault, exchange, _WORDS_ALONE)
    elif manners.is_passed(said) or manners.is_put_off(said) or manners.plain(said) in ("non", "no"):
        cancel(talk, vault, exchange)
    else:
        notes = [_("Your words: “{words}”", words=said)] if len(said.split()) < _FEW else []
        notes += [_WORDS_ALONE] if talk.files else []
        draft(talk, vault, exchange, said, lines(*notes) if notes else None)


_WORDS_ALONE = _("I keep words only.")

#: Fewer words are shown again, for they may have been meant for something else.
_FEW = 4


def add(talk: Conversation, vault: Vault, exchange: Exchange, said: str) -> None:
    """Take what was written under the card as a part of the words: many write in several messages."""
    draft(talk, vault, exchange, f"{exchange.text}\n{said}", _("I added this to your words."))


def draft(talk: Conversation, vault: Vault, exchange: Exchange, words: str, opening: Text | None = None) -> None:
    """Take the words and show who can read them."""
    if len(words.encode()) > intake.MOST:
        longest = intake.MOST * 9 // 10
        raise Refusal(
            _(
                "That is too long for me: {longest} characters at most. Nothing of it was kept; in two parts it fits.",
                longest=longest,
            )
        )
    exchange.stage, exchange.text = "card", words
    exchange.message = exchange.message or vault.name()
    if not exchange.thread:
        exchange.code = exchange.code or codes.make(talk.reader.language, vault.draw)
    show_card(talk, vault, exchange, opening)


def show_card(talk: Conversation, vault: Vault, exchange: Exchange, opening: Text | None = None) -> None:
    """Who can read it, and where it can go; where words tell of a danger, the help numbers before that."""
    here = audience(talk)
    crisis = may_be_danger(exchange.text, talk.house)
    names = [member.name for member in people.members(talk.tx, talk.community)]
    again = exchange.route or (threads.route_of(vault, exchange.thread) if exchange.thread else "")
    exchange.readers = [one.member_id for one in here.readers]
    with vault.change():
        if crisis:
            say(talk, vault, helplines.fully(talk.house, talk.reader.language))
        traces = personal(exchange.text, names, talk.house)
        text = card(talk, here, traces=traces, crisis=crisis, again=again)
        say(talk, vault, lines(opening, text), exchange)
        say(talk, vault, question(talk, crisis=crisis), exchange, routes(talk, here, crisis=crisis, again=again))


def send(talk: Conversation, vault: Vault, exchange: Exchange, route: str) -> None:
    """Take the words in, and give the receipt. Coming again, it gives the same one."""
    here = audience(talk)
    if here.paused:
        raise Refusal(_PAUSED)
    if route == "group" and not here.has_group:
        show_card(talk, vault, exchange, _("The group has changed meanwhile."))
        return
    if route == "listeners" and not any(one.member_id in exchange.readers for one in here.readers):
        show_card(talk, vault, exchange, _("Those who listen have changed meanwhile."))
        return
    if vault.quotas.used(today(talk), ("group", talk.community.id)) >= here.rules.messages_a_group:
        raise Refusal(_("I have taken in all I can for today. Please come back tomorrow."))
    derived = None
    if not exchange.thread:
        salt, cost, code = vault.keys.salt, vault.cost, exchange.code
        derived = talk.worked(("code", exchange.id), lambda: sealing.derive(code, salt, cost))
    else:
        check_more(talk, vault, exchange, here)
    names = here.rules.pseudonyms[talk.community.language]
    with vault.change() as tx:
        thread = intake.promote(vault, exchange, derived, route, here, names, today(talk))
        if thread is None:
            raise Refusal(_("This was taken back meanwhile. Nothing was kept."))
        if exchange.route:
            threads.drop_wordings(tx, exchange.thread)
        exchange.stage, exchange.text = "over", ""
        say(talk, vault, receipt(talk, here, route, exchange.code), exchange)


def check_more(talk: Conversation, vault: Vault, exchange: Exchange, here: Audience) -> None:
    """Say at once that no more can be said under this code, today or at all. Raises Refusal."""
    if here.paused:
        raise Refusal(_PAUSED)
    with vault.change() as tx:
        thread = tx.get(Thread, exchange.thread)
        if thread and thread.muted:
            raise Refusal(threads.NOT_HEARD)
        if thread and freespeech.is_named(tx, thread):
            raise Refusal(_("Those who read this voice know who you are. For other words in confidence: /freespeech"))
    if vault.quotas.used(today(talk), ("thread", exchange.thread)) >= here.rules.messages_a_thread:
        raise Refusal(_("That makes {count} today under this code. Please go on tomorrow.", count=here.rules.messages_a_thread))


def cancel(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    """Forget what was under way."""
    if exchange.stage in ("thread", "lifting"):
        text = _("All right, we stop here. Your voice stays as it is.")
    elif exchange.thread:
        text = _("Those words are not kept. Your voice stays as it is.")
    else:
        text = _("Nothing of it is kept.")
    end(talk, vault, exchange, lines(text, helplines.shortly(talk.house, talk.reader.language)))


def end(talk: Conversation, vault: Vault, exchange: Exchange, text: Text) -> None:
    """Say the last word; what was said before it is then taken away where the platform lets me."""
    exchange.stage, exchange.text, exchange.code = "over", "", ""
    say(talk, vault, text, exchange)


def change(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    """Begin the words anew."""
    prompt(talk, vault, exchange, _("All right, I have forgotten those words."))


def external(talk: Conversation, vault: Vault, exchange: Exchange) -> None:
    """Show where else it can be said, and keep nothing."""
    address = audience(talk).rules.external
    end(
        talk,
        vault,
        exchange,
        _("The outside service is here: {address} Nothing of your words is kept with me.", address=address),
    )
