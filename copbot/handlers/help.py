"""/help: what can be done here and now, by this person, in a few lines."""

from copbot.core import commands, reach
from copbot.core.commands import Command, Rest, command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, _, lines
from copbot.store import questions

#: What matters most, by role and place: English names. With the last line, six lines.
_FIRST = {
    ("member", "private"): ("checkin", "share", "find", "remind", "freespeech"),
    ("member", "group"): ("share", "find", "meetings", "remind", "privacy"),
    ("facilitator", "private"): ("checkin open", "meeting add", "recap", "nudge", "find"),
    ("facilitator", "group"): ("checkin open", "meetings", "share", "find", "recap"),
}

_GREETINGS = ["hello", "hi", "hey", "salut", "coucou", "bonsoir"]


@command(
    "help",
    "aide",
    help=_("Says what I can do, or explains one command."),
    examples=[_("/help"), _("/help remind")],
    also=["menu"],
)
def help_(talk: Conversation, about: Rest = "") -> None:
    """Six lines for this role, place and step, or one command with its examples."""
    if about:
        talk.reply(_explained(talk, _named(talk, about)))
    elif waiting := _question(talk):
        talk.reply(_on_the_way(waiting))
    else:
        talk.reply(_overview(talk))


@command("help all", "aide tout", help=_("Lists every command."), examples=[_("/help all")])
def help_all(talk: Conversation) -> None:
    """Every command this person can use, first words only."""
    language, facilitator = talk.reader.language, talk.is_facilitator()
    usable = [one for one in commands.all_commands() if one.role == "member" or facilitator]
    heads = dict.fromkeys(one.name(language).split()[0] for one in usable)
    talk.reply(
        lines(
            _("Here is all I understand: {names}.", names=", ".join(sorted(heads))),
            _("To know more about one: /help remind"),
        )
    )


@command("start", "bonjour", help=_("Says hello."), examples=[_("/start")], also=_GREETINGS)
def start(talk: Conversation, token: Rest = "") -> None:
    """What platforms send when somebody opens the private chat; a token leads to what waits there."""
    if token and reach.redeem(talk, token):
        return
    talk.reply(lines(_("Hello. I am copbot, the companion of {community}.", community=talk.community.name), _overview(talk)))


def _overview(talk: Conversation) -> Text:
    role = "facilitator" if talk.is_facilitator() else "member"
    shown = [commands.COMMANDS[tuple(name.split())] for name in _FIRST[role, talk.place.kind]]
    return lines(*(_line(talk, one) for one in shown), _("All commands: /help all"))


def _question(talk: Conversation) -> str:
    """What copbot asked this person here and still waits for, in the middle of a conversation."""
    room = "" if talk.is_private else talk.place.room
    waiting = next(iter(questions.still_open(talk.tx, talk.member.id, room)), None)
    return waiting.text.rstrip().splitlines()[-1] if waiting and waiting.before else ""


def _on_the_way(question: str) -> Text:
    return lines(
        _("I had asked you: {question}", question=question),
        _("You can answer it now or later."),
        _("/skip passes the question, /back returns to the one before, /stop ends here."),
        _("All commands: /help all"),
    )


def _named(talk: Conversation, name: str) -> list[Command]:
    """The commands that share this first word. Raises Refusal."""
    typed = "/" + name.lstrip("/!").strip()
    if call := commands.find(typed):
        return [one for one in commands.all_commands() if one.head == call.command.head]
    if commands.is_command(typed) and (near := commands.suggestions(typed)):
        raise Refusal(_("I do not know that command. Did you mean {names}?", names=talk.reader.list(near)))
    raise Refusal(_("I do not know that command. To see what I can do: /help"))


def _explained(talk: Conversation, family: list[Command]) -> Text:
    """What each of a family does; with its example, unless the family is large."""
    shown: list[Text] = []
    for one in family:
        shown.append(_line(talk, one))
        shown += [_("For example: {example}", example=example) for example in one.examples[-1:] if len(family) < 4]
    return lines(*shown)


def _line(talk: Conversation, one: Command) -> Text:
    return _("{command}: {what}", command=one.name(talk.reader.language), what=one.help)
