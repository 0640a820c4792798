"""/listener: who listens to what is said in confidence, and what listeners do with it."""

from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import confides, step
from copbot.core.words import _, lines
from copbot.features.parole import listening, writing
from copbot.features.parole.audience import PAUSED, who_listens
from copbot.features.parole.desk import carefully, in_words, is_overtaken, say, vault_for
from copbot.features.parole.exchange import MARK
from copbot.store import listeners, people
from copbot.store.people import Member

_ENOUGH = 2

_RESUME = {"fr": "Reprendre", "en": "Resume"}


@command("listener", "ecoute", help=_("Says who listens to what is said in confidence."), examples=[_("/listener")])
def listener(talk: Conversation) -> None:
    """The same for everyone: who reads is no secret."""
    here = who_listens(talk)
    if not here:
        talk.reply(_("Nobody listens here yet. A facilitator can ask somebody: /listener add and their name"))
        return
    names = talk.reader.list([one.member.name for one in here])
    few = _("Two at least is better: ask a facilitator.") if len(here) < _ENOUGH else None
    talk.reply(lines(_("Those who listen here: {names}.", names=names), few))


@command(
    "listener add",
    "ecoute ajouter",
    help=_("Asks a member to listen to what is said in confidence."),
    examples=[_("/listener add Bea")],
    role="facilitator",
)
def add(talk: Conversation, name: Rest) -> None:
    """The member decides; a facilitator cannot be a listener, and has no right over what listeners read."""
    member = _named(talk, name)
    if member.facilitator:
        raise Refusal(
            _("{name} is a facilitator. Listeners must be others, so that everyone dares to speak.", name=member.name)
        )
    if listeners.asked(talk.tx, member):
        raise Refusal(_("{name} has been asked already.", name=member.name))
    listeners.ask(talk.tx, member)
    talk.begin(member, "listeners.asked")
    talk.reply(_("I am asking {name} in private. The group will know once they agree.", name=member.name))


@step
def asked(talk: Conversation, _answer: Answer) -> None:
    """Ask somebody whether they would listen."""
    talk.ask(
        lines(
            _("You are asked to listen: to read what members say in confidence, under a made-up name, and to answer."),
            _("You never learn who wrote. The group would know that you listen."),
            _("Would you?"),
        ),
        decided,
        {"yes": _("Yes, I listen"), "no": _("No")},
    )


@step
def decided(talk: Conversation, answer: Answer) -> None:
    """Take the decision; the group learns of a new listener before anything reaches them."""
    found = listeners.asked(talk.tx, talk.member)
    if found is None:
        raise Refusal(_("That is settled already."))
    if answer.choice != "yes":
        listeners.dismiss(talk.tx, found)
        talk.reply(_("All right, you do not listen."))
    elif talk.is_facilitator():
        listeners.dismiss(talk.tx, found)
        talk.reply(_("You facilitate or administer the group, so you cannot listen as well."))
    else:
        found.accepted_at = talk.now
        talk.reply(_("Thank you. What is said from now on can reach you, at fixed hours. To seal it to a key: /listener key"))
        talk.announce(_("{name} now listens to what is said in confidence: /freespeech", name=talk.member.name))


@command(
    "listener remove",
    "ecoute retirer",
    help=_("Ends somebody's listening, or your own."),
    examples=[_("/listener remove Bea"), _("/listener remove")],
)
def remove(talk: Conversation, name: Rest = "") -> None:
    """Listeners end it themselves; facilitators can end it for anybody. The group is told."""
    member = _named(talk, name) if name else talk.member
    if member is not talk.member and not talk.is_facilitator():
        raise Refusal(_("Only facilitators can do that for somebody else."))
    found = listeners.asked(talk.tx, member)
    if found is None:
        raise Refusal(_("{name} does not listen.", name=member.name))
    listeners.dismiss(talk.tx, found)
    talk.reply(_("Noted: {name} listens no more, and nothing more reaches them.", name=member.name))
    if found.accepted_at:
        talk.announce(_("{name} no longer listens to what is said in confidence.", name=member.name))


@command(
    "listener key",
    "ecoute cle",
    help=_("Gives your own key, so that only you can open what comes to you."),
    examples=[_("/listener key age1…"), _("/listener key none")],
    where="private",
)
def key(talk: Conversation, key: str = "") -> None:
    """The public half of an age key; the other half never comes near copbot."""
    found = listeners.asked(talk.tx, talk.member)
    if found is None or not found.accepted_at:
        raise Refusal(_("This is for listeners."))
    if not key:
        talk.reply(_("Make a key on your computer: copbot keys new, or age-keygen. Then write: /listener key age1…"))
    elif key in ("none", "aucune"):
        found.key = ""
        talk.reply(_("Noted: what comes to you is no longer sealed to your key."))
    elif not listening.accepts(key):
        raise Refusal(_("That is no key I know. A public key begins with age1."))
    else:
        found.key = key
        talk.reply(_("Noted. From now on it comes as a file that only you open: copbot keys open, or age. Keep your key safe."))


@command(
    "listener read",
    "ecoute lire",
    help=_("Shows listeners the voices that wait for an answer."),
    examples=[_("/listener read")],
    where="private",
    confidential=True,
)
def read(talk: Conversation) -> None:
    """Each voice with its state; choosing one shows what can be done."""
    vault = vault_for(talk)
    carefully(talk, vault, lambda: listening.overview(talk, vault))


@command(
    "freespeech pause",
    "parole pause",
    help=_("Pauses parole libre in this group."),
    examples=[_("/freespeech pause")],
    confidential=True,
)
def pause(talk: Conversation, words: Rest = "") -> None:
    """Nothing is taken in or let out until it goes on; everyone is told. With words after it, it was the first of them."""
    if words:
        writing.begin(talk, vault_for(talk), f"Pause {words}")
        return
    _set_paused(talk, paused=True)
    talk.announce(_("Parole libre is paused. What waits goes on waiting; nothing new is taken in."))


@command(
    "freespeech resume",
    "parole reprendre",
    help=_("Resumes parole libre."),
    examples=[_("/freespeech resume")],
    confidential=True,
)
def resume(talk: Conversation, words: Rest = "") -> None:
    """It goes on where it stopped. With words after it, it was the first of them."""
    if words:
        writing.begin(talk, vault_for(talk), f"{_RESUME[talk.reader.language]} {words}")
        return
    _set_paused(talk, paused=False)
    talk.announce(_("Parole libre is open again: /freespeech, in private."))


def _set_paused(talk: Conversation, *, paused: bool) -> None:
    """By a listener; where nobody listens, by a facilitator. Raises Refusal."""
    here = [one.member_id for one in who_listens(talk)]
    allowed = talk.member.id in here if here else talk.is_facilitator()
    if not allowed:
        raise Refusal(_("Those who listen here decide that; where nobody listens, the facilitators."))
    talk.community.settings = {**talk.community.settings, PAUSED: paused}


def _named(talk: Conversation, name: str) -> Member:
    found = people.member_named(talk.tx, talk.community, name)
    if len(found) != 1:
        raise Refusal(_("I know nobody of that name here, or more than one: {name}", name=name[:40]))
    return found[0]


@confides
def taken(talk: Conversation, said: str, token: str) -> bool:
    """A listener's button, number or words, if they are for a voice."""
    vault = vault_for(talk)
    return listening.taken(talk, vault, said, token)


@confides
def too_late(talk: Conversation, said: str, token: str) -> bool:
    """A button of an exchange that is over, or words for one that broke off: nothing else is to take them for an answer."""
    vault = vault_for(talk)
    if token.startswith(MARK):
        say(talk, vault, _("That choice is over; nothing was changed."))
        return True
    person = talk.member.account.person
    since = vault.broken_off.get((person.platform, person.id))
    if since is None or not in_words(said) or is_overtaken(talk, since):
        return False
    vault.broken_off.pop((person.platform, person.id))
    say(talk, vault, _("The hour for what is said in confidence is over, and nothing was kept. To begin anew: /freespeech"))
    return True
