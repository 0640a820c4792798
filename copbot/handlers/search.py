"""/find: practices by words; and what can be done where none answers."""

from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import step
from copbot.core.words import Text, _, _n, lines
from copbot.features import cards, parts
from copbot.letters import fold
from copbot.store import questions, search, wishes
from copbot.store.practices import Practice
from copbot.store.search import Found

#: So much of what somebody searched for is said back.
_SHOWN = 80


@command(
    "find",
    "cherche",
    help=_("Finds practices by their words, even mistyped."),
    examples=[_("/find meals"), _("/find event difficult meal")],
)
def find(talk: Conversation, words: Rest) -> None:
    """Five results at most, numbered; the number opens one."""
    if not search.asked(talk.tx, talk.community, words):
        raise Refusal(_("Give me a word or two that matter. For example: /find meals"))
    words = parts.shortened(words, _SHOWN)
    questions.close(talk.tx, talk.member.id, "search.")
    found = search.find(talk.tx, talk.community, words, talk.now)
    if found:
        _show(talk, words, found)
    else:
        _nothing(talk, words, _("Nothing in our practices on “{words}”.", words=words))


def _show(talk: Conversation, words: str, found: list[Found]) -> None:
    choices: dict[str, Text] = {str(one.id): _label(talk, one) for one in found}
    talk.ask(
        _n(
            "One practice on “{words}”. Its number opens it.",
            "{count} practices on “{words}”. A number opens one.",
            len(found),
            words=words,
        ),
        opened,
        {**choices, "none": _("None of these")},
        words=words,
    )


def _label(talk: Conversation, found: Found) -> Text:
    title, day = parts.shortened(found.title, 70), cards.day(found.shared_at, talk.reader)
    if found.tried:
        tried = _n("tried by one person", "tried by {count} people", found.tried)
        first = _("{title} ({day}, {tried})", title=title, day=day, tried=tried)
    else:
        first = _("{title} ({day})", title=title, day=day)
    return lines(first, f"   {found.extract}" if found.extract else None)


@step
def opened(talk: Conversation, answer: Answer, words: str) -> None:
    """Open a result; the others can still be opened afterwards."""
    practice = talk.tx.get(Practice, int(answer.choice)) if answer.choice.isdecimal() else None
    if answer.choice == "none":
        _nothing(talk, words, _("What would help you?"))
    elif practice:
        if talk.question:
            talk.question.closed = False
        cards.show(talk, practice, back=_("Back to the results"))
    elif answer.skipped:
        talk.reply(_("All right."))
    else:
        raise Refusal(_("This practice has been withdrawn."))


def _nothing(talk: Conversation, words: str, opening: Text) -> None:
    talk.reply(
        opening,
        then=wanted,
        choices={"ask": _("Put the question to the group"), "tell": _("Tell me when somebody shares on this")},
        state={"words": words},
        before=None,
    )


@step
def wanted(talk: Conversation, answer: Answer, words: str) -> None:
    """Ask the group without a name, or remember who wants to know."""
    if answer.choice == "ask":
        _ask_group(talk, words)
    elif answer.choice == "tell" and not talk.member.allows("practices"):
        talk.begin(talk.member, "welcome.consent", purpose="practices", text=f"/find {words}")
    elif answer.choice == "tell":
        wishes.add(talk.tx, talk.member, words, talk.now)
        talk.reply(_("Noted. I write to you once, in private, when somebody shares on “{words}”.", words=words))
    else:
        talk.reply(_("All right."))


def _ask_group(talk: Conversation, words: str) -> None:
    day = talk.words.today
    asked = talk.announce(
        lines(
            _("Somebody here is looking for experience with “{words}”.", words=words),
            _("Answers that help can be kept for all: reply to them with /share"),
            _("Who has lived through something like it?"),
        ),
        topic="practices",
        dedupe=f"asked:{talk.community.id}:{day}:{fold(words)}",
    )
    if talk.is_private:
        talk.reply(_("The group is asked, without your name.") if asked else _("The group was asked this today already."))
