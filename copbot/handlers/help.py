"""/help: what can be done here and now, by this person, in a few lines."""

from copbot.core import commands
from copbot.core.commands import Command, Rest, command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, _, lines

#: What matters most, by role and place: first words of English names. Six lines at most.
_FIRST = {
    ("member", "private"): ("checkin", "share", "find", "remind", "pause"),
    ("member", "group"): ("share", "find", "meetings", "remind", "privacy"),
    ("facilitator", "private"): ("checkin open", "meeting add", "recap", "nudge", "find"),
    ("facilitator", "group"): ("checkin open", "meetings", "share", "find", "recap"),
}


@command(
    "help",
    "aide",
    help=_("Says what I can do, or explains one command."),
    examples=[_("/help"), _("/help remind")],
)
def help_(talk: Conversation, about: Rest = "") -> None:
    """Six lines for this role and place, or one command with its examples."""
    if about:
        talk.reply(_explained(talk, _named(talk, about)))
        return
    language = talk.reader.language
    role = "facilitator" if talk.is_facilitator() else "member"
    shown = [
        commands.COMMANDS[tuple(name.split())]
        for name in _FIRST[role, talk.place.kind]
        if tuple(name.split()) in commands.COMMANDS
    ]
    talk.reply(
        lines(
            *(_("{command}: {what}", command=one.name(language), what=one.help) for one in shown),
            _("All commands: {command}", command="/aide tout" if language == "fr" else "/help all"),
        )
    )


@command("help all", "aide tout", help=_("Lists every command."), examples=[_("/help all")])
def help_all(talk: Conversation) -> None:
    """Every command this person can use, names only, one line per family."""
    language = talk.reader.language
    facilitator = talk.is_facilitator()
    heads: dict[str, None] = {}
    for one in commands.all_commands():
        if one.role == "member" or facilitator:
            heads[one.name(language).split()[0]] = None
    talk.reply(
        lines(
            _("Here is all I understand: {names}.", names=", ".join(heads)),
            _("To know more about one: {example}", example="/aide rappel" if language == "fr" else "/help remind"),
        )
    )


@command("start", "bonjour", help=_("Says hello."), examples=[_("/start")])
def start(talk: Conversation, _payload: Rest = "") -> None:
    """What platforms send when somebody opens the private chat."""
    talk.reply(_("Hello. I am copbot, the companion of {community}.", community=talk.community.name))
    help_(talk)


def _named(talk: Conversation, name: str) -> list[Command]:
    typed = "/" + name.lstrip("/!")
    call = commands.find(typed)
    if call is None:
        near = commands.suggestions(typed)
        if not near:
            raise Refusal(_("I do not know that command. To see what I can do: /help"))
        raise Refusal(_("I do not know that command. Did you mean {names}?", names=talk.reader.list(near)))
    return [one for one in commands.all_commands() if one.head == call.command.head]


def _explained(talk: Conversation, family: list[Command]) -> Text:
    language = talk.reader.language
    shown: list[Text] = []
    for one in family:
        shown.append(_("{command}: {what}", command=one.name(language), what=one.help))
        shown.extend(lines(_("For example: {example}", example=example)) for example in one.examples[-1:])
    return lines(*shown)
