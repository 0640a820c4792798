"""Welcome: who copbot is, what each member allows it, purpose by purpose, and how they take that back; the charter."""

from collections.abc import Collection
from typing import Any

from copbot.core import commands, door
from copbot.core.commands import command
from copbot.core.context import Answer, Conversation
from copbot.core.door import PURPOSES
from copbot.core.errors import Refusal
from copbot.core.steps import step
from copbot.core.words import Sentence, Text, _, lines
from copbot.letters import fold
from copbot.store import questions
from copbot.store.transactions import savepoint

_NAMES = {"checkins": _("check-ins"), "practices": _("practices"), "reminders": _("reminders")}

#: What each purpose means, said when it is asked for on its own.
_MEANING = {
    "checkins": _("Check-ins: I ask you in private what you tried, keep your answers, and you choose who reads them."),
    "practices": _("Practices: I keep what you share, so that the others in the group find it again."),
    "reminders": _("Reminders: I keep what you want to be reminded of, and write to you on time."),
}

#: What follows from taking it back.
_WITHOUT = {
    "checkins": _("I no longer ask you what you tried, and show none of your answers any more."),
    "practices": _("I keep nothing new that you share. What is already there stays until you withdraw it."),
    "reminders": _("I send you no reminders."),
}

#: The steps of conversations that serve a purpose begin so.
_STEPS = {
    "checkins": ("checkins.", "pause."),
    "practices": ("practices.", "capture.", "trials."),
    "reminders": ("reminders.", "reminders_"),
}

_OFF = {"off", "none", "nothing", "non", "no", "rien", "aucun", "retirer"}
_ALL = {"all", "on", "yes", "tout", "oui"}


@step
def hello(talk: Conversation, _answer: Answer) -> None:
    """Say who copbot is to somebody who has just joined, and ask what it may do."""
    talk.reply(
        lines(
            _(
                "Hello {name}. I am copbot, the companion of {community}. This is what I do, with your agreement.",
                name=talk.member.name,
                community=talk.community.name,
            ),
            *_MEANING.values(),
            _("You can change your mind at any time: /consent. More: /privacy. Do you agree?"),
        ),
        choices={"all": _("I agree to all"), "choose": _("Let me choose"), "none": _("Not now")},
        then=decided,
    )


@step
def renew(talk: Conversation, _answer: Answer) -> None:
    """Ask again because the charter has changed since the member agreed."""
    charter = talk.house.template("charter", talk.reader.language)
    talk.reply(
        lines(
            _("Our charter has changed: {changes}", changes=charter["changes"].get(charter["version"], "/charter")),
            _agreed_to(talk),
            _("Does that stay so?"),
        ),
        choices={"keep": _("Yes, leave it so"), "choose": _("Let me choose"), "none": _("No, nothing any more")},
        then=decided,
    )


@step
def decided(talk: Conversation, answer: Answer) -> None:
    """All, nothing, as it was, or one by one."""
    match answer.choice:
        case "all":
            _settle(talk, PURPOSES)
        case "keep":
            _settle(talk, talk.member.consents)
        case "choose":
            _ask_for(talk, 0, [])
        case _:
            _settle(talk, ())


def _ask_for(talk: Conversation, index: int, agreed: list[str]) -> None:
    talk.ask(
        lines(_MEANING[PURPOSES[index]], _("Do you agree?")),
        one_by_one,
        {"yes": _("Yes"), "no": _("No")},
        index=index,
        agreed=agreed,
    )


@step
def one_by_one(talk: Conversation, answer: Answer, index: int, agreed: list[str]) -> None:
    """Nothing holds before the last purpose is answered; what is skipped is not agreed to."""
    if answer.choice == "yes":
        agreed = [*agreed, PURPOSES[index]]
    if index + 1 < len(PURPOSES):
        _ask_for(talk, index + 1, agreed)
    else:
        _settle(talk, agreed)


def _settle(talk: Conversation, purposes: Collection[str]) -> None:
    """From now on these and no others; what no longer holds is told, with what follows from it."""
    before = set(talk.member.consents)
    door.agree(talk, talk.member, purposes)
    for purpose in before.difference(purposes):
        for steps in _STEPS[purpose]:
            questions.close(talk.tx, talk.member.id, steps)
    taken_back = [_WITHOUT[purpose] for purpose in PURPOSES if purpose in before.difference(purposes)]
    talk.reply(lines(_agreed_to(talk), *taken_back, _and_now(talk, taken_back)))


def _agreed_to(talk: Conversation) -> Text:
    named = [_NAMES[purpose] for purpose in PURPOSES if talk.member.allows(purpose)]
    if not named:
        return _("For now you have agreed to nothing.") if talk.member.consented_at else _("You have not decided yet.")
    return _("You agreed to: {purposes}.", purposes=talk.reader.list(named))


def _and_now(talk: Conversation, taken_back: list[Sentence]) -> Text:
    if taken_back:
        return _("What I hold already stays: /mydata shows it, /forget erases it. To change your mind: /consent")
    if talk.member.consents:
        return _("Thank you. To see what I can do: /help. To change your mind: /consent")
    return _("Then I do nothing for you, and that is fine. If you change your mind: /consent")


@step
def consent(talk: Conversation, _answer: Answer, purpose: str, text: str) -> None:
    """Ask for the one purpose that a command needs; then do what `text` said."""
    talk.reply(
        lines(_("For this I need your agreement."), _MEANING[purpose], _("Do you agree? To take it back later: /consent off")),
        choices={"yes": _("Yes"), "no": _("No")},
        then=agreed,
        state={"purpose": purpose, "text": text},
    )


@step
def agreed(talk: Conversation, answer: Answer, purpose: str, text: str) -> None:
    """Store the agreement and carry the command out; without it nothing of the command is kept."""
    _drop_words(talk)
    if answer.choice != "yes":
        talk.reply(_("All right. Nothing was done, and nothing of it was kept."))
        return
    door.agree(talk, talk.member, {*talk.member.consents, purpose})
    try:
        with savepoint(talk.tx):
            _carry_out(talk, text)
    except Refusal as refusal:  # the agreement holds even where the command could not be done
        talk.reply(refusal.text)


def _drop_words(talk: Conversation) -> None:
    if talk.question:
        talk.question.state = {**talk.question.state, "text": ""}


def _carry_out(talk: Conversation, text: str) -> None:
    call = commands.find(text)
    if call is None:
        raise Refusal(_("Thank you. Now write it to me once more, please."))
    if call.command.where == "group":
        raise Refusal(_("Thank you. Now write it in the group once more, please."))
    if call.command.role == "facilitator" and not talk.is_facilitator():
        raise Refusal(_("Only facilitators can use {command}.", command=call.command.name(talk.reader.language)))
    call.command.run(talk, **commands.arguments(call))


@command(
    "consent",
    "consentement",
    help=_("Shows what you allow me, and changes it."),
    examples=[_("/consent"), _("/consent off")],
)
def consent_(talk: Conversation, what: str = "") -> None:
    """Show and change what the member allows; off takes all of it back at once."""
    talk = talk.in_private()
    if fold(what) in _OFF:
        _settle(talk, ())
        return
    if fold(what) in _ALL:
        _settle(talk, PURPOSES)
        return
    choices: dict[str, Any] = {"keep": _("Leave it so"), "choose": _("Let me choose"), "all": _("I agree to all")}
    if talk.member.consents:
        choices["none"] = _("Nothing any more")
    talk.ask(
        lines(
            _agreed_to(talk),
            _("You said so on {day}.", day=talk.member.consented_at) if talk.member.consented_at else None,
            _("What would you like?"),
        ),
        changed,
        choices,
    )


@step
def changed(talk: Conversation, answer: Answer) -> None:
    """Take what /consent offered; skipping leaves everything as it is."""
    if answer.skipped or answer.choice == "keep":
        talk.reply(_("All right, nothing changes."))
    else:
        decided(talk, answer)


@command("charter", "charte", help=_("Shows the charter of the community."), examples=[_("/charter")])
def charter(talk: Conversation) -> None:
    """The rules everybody here agreed to."""
    talk.reply(lines(*talk.house.template("charter", talk.reader.language)["lines"]))
