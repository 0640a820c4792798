"""The practices of a community as a list; changing one, withdrawing one."""

from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import step
from copbot.core.words import Text, _, _n, lines
from copbot.features import approach, cards, parts
from copbot.store import practices, trials
from copbot.store.practices import Practice

#: Practices on one page of the list.
_PAGE = 6

_PARTS = {
    "title": _("The title"),
    "context": _("The situation"),
    "did": _("What was done"),
    "changed": _("What it changed"),
    "redo": _("What one needs to do it again"),
    "tags": _("The words it is filed under"),
}


@command(
    "practices",
    "fiches",
    help=_("Lists the practices, or those filed under one word."),
    examples=[_("/practices"), _("/practices #meals")],
)
def listed(talk: Conversation, tag: Rest = "") -> None:
    """The newest practices, a page at a time."""
    _page(talk, tag.strip(), 0)


def _page(talk: Conversation, tag: str, offset: int) -> None:
    found = practices.listed(talk.tx, talk.community, tag, limit=_PAGE + 1, offset=offset)
    if not found:
        raise Refusal(_nothing(talk, tag))
    tried = trials.counts(talk.tx, [one.id for one in found])
    shown = lines(
        _("Filed under #{tag}:", tag=tag.lstrip("#")) if tag else _("Our practices, newest first:"),
        *(_entry(one, sum(tried.get(one.id, (0, 0)))) for one in found[:_PAGE]),
        _tags(talk) if not tag and not offset else None,
        _("To open one: /practice {number}", number=found[0].number),
    )
    if len(found) > _PAGE:
        talk.ask(shown, older, {"older": _("Show older ones")}, tag=tag, offset=offset + _PAGE)
    else:
        talk.reply(shown)


@step
def older(talk: Conversation, answer: Answer, tag: str, offset: int) -> None:
    """The next page."""
    if answer.choice == "older":
        _page(talk, tag, offset)
    else:
        talk.reply(_("All right."))


def _entry(practice: Practice, tried: int) -> Text:
    title = parts.shortened(practice.title, 70)
    if tried:
        many = _n("tried by one person", "tried by {count} people", tried)
        return _("{number}. {title} ({tried})", number=practice.number, title=title, tried=many)
    return _("{number}. {title}", number=practice.number, title=title)


def _tags(talk: Conversation) -> Text | None:
    tags = practices.tags_of(talk.tx, talk.community, 6)
    return _("Filed under: {tags}", tags=" ".join(f"#{label}" for label, _count in tags)) if tags else None


def _nothing(talk: Conversation, tag: str) -> Text:
    if not practices.listed(talk.tx, talk.community, limit=1):
        return _("No practice yet. The first one takes two minutes: /share")
    return _("Nothing is filed under #{tag}. To see them all: /practices", tag=tag.lstrip("#"))


# Changing


@step
def change(talk: Conversation, _answer: Answer, practice: int) -> None:
    """Ask which part is to be changed."""
    if found := _mine(talk, practice):
        talk.ask(_("What shall we change in {practice}?", practice=cards.number(found)), chosen, _PARTS, practice=practice)


@step
def chosen(talk: Conversation, answer: Answer, practice: int) -> None:
    """Ask for the new words of that part."""
    found = _mine(talk, practice)
    if found is None:
        return
    if answer.choice not in _PARTS:
        talk.reply(_("All right, it stays as it is."))
        return
    part = answer.choice
    now = " ".join(f"#{tag.label}" for tag in found.tags) if part == "tags" else getattr(found, part)
    talk.ask(
        lines(
            _("There it says now: “{words}”", words=parts.shortened(now, 300)) if now else _("Nothing stands there yet."),
            _("What shall it say? To leave it so: /skip"),
        ),
        rewritten,
        practice=practice,
        part=part,
    )


@step
def rewritten(talk: Conversation, answer: Answer, practice: int, part: str) -> None:
    """Put the new words in place of the old ones."""
    found = _mine(talk, practice)
    if found is None:
        return
    if answer.skipped:
        talk.reply(_("All right, it stays as it is."))
        return
    if part == "tags":
        practices.change(talk.tx, found, talk.now, tags=parts.tags_in(answer.text))
    else:
        practices.change(talk.tx, found, talk.now, **{part: parts.fitting(part, answer.text)})
    cards.show(talk, found, _("Changed. It now reads:"))


def _mine(talk: Conversation, id: int) -> Practice | None:
    practice = talk.tx.get(Practice, id)
    if practice and practice.member_id == talk.member.id:
        return practice
    talk.reply(_("This practice has been withdrawn."))
    return None


# Withdrawing


@command(
    "withdraw",
    "supprimer",
    help=_("Takes back a practice of yours. Facilitators can take back any."),
    examples=[_("/withdraw 14")],
    also=["fiche supprimer", "fiche retirer", "fiche effacer", "practice withdraw", "practice delete"],
)
def withdraw_(talk: Conversation, number: int) -> None:
    """Ask once, then erase it with all that was said under it."""
    withdraw(talk, Answer(), practice=cards.numbered(talk, number).id)


@step
def withdraw(talk: Conversation, _answer: Answer, practice: int) -> None:
    """Make sure."""
    found = _allowed(talk, practice)
    talk.ask(
        lines(
            _("Withdraw {practice}? It goes for good, with what the others said of it.", practice=cards.number(found)),
        ),
        gone,
        {"yes": _("Withdraw it"), "no": _("Keep it")},
        practice=practice,
    )


@step
def gone(talk: Conversation, answer: Answer, practice: int) -> None:
    """Erase it. An author whose practice a facilitator took back is told, and gets the words."""
    found = _allowed(talk, practice)
    if answer.choice != "yes":
        talk.reply(_("All right, it stays as it is."))
        return
    said, author = cards.number(found), found.author
    if author and author.id != talk.member.id and not author.left_at:
        words = talk.words_for(author)(cards.card(talk.tx, found, talk.words_for(author)))
        approach.begin(talk, author, "shelf.returned", key=f"shelf.returned:{practice}", words=words)
    practices.withdraw(talk.tx, found)
    talk.reply(_("Withdrawn: {practice}. Nothing of it is left here.", practice=said))


@step
def returned(talk: Conversation, _answer: Answer, words: str) -> None:
    """Give an author back the words of a practice that a facilitator withdrew."""
    talk.reply(lines(_("A facilitator has withdrawn a practice of yours. Here are its words, to keep:"), words))


def _allowed(talk: Conversation, id: int) -> Practice:
    practice = talk.tx.get(Practice, id)
    if practice is None or practice.community_id != talk.community.id:
        raise Refusal(_("This practice has been withdrawn."))
    if practice.member_id != talk.member.id and not talk.is_facilitator():
        raise Refusal(_("Only its author or a facilitator can withdraw a practice."))
    return practice
