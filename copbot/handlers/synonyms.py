"""/synonym: the words and acronyms that mean the same here, so that either finds the other."""

from copbot.core.commands import Rest, command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import _, _n, lines
from copbot.store import synonyms, tokens

#: More are not listed at once; longer ones are no words any more.
_LISTED = 20
_LONGEST = 80


@command(
    "synonym",
    "synonyme",
    help=_("Says that two words mean the same here, so that either finds the other."),
    examples=[_("/synonym IME = institut médico-éducatif"), _("/synonym")],
)
def synonym(talk: Conversation, words: Rest = "") -> None:
    """List them, or add one: two sides with = between them."""
    if not words:
        _list(talk)
        return
    term, equals, meaning = (side.strip() for side in words.partition("="))
    if not equals or "=" in meaning or not all(_tells(talk, side) for side in (term, meaning)):
        raise Refusal(_("Write it like this: /synonym IME = institut médico-éducatif"))
    synonyms.add(talk.tx, talk.community, term, meaning, talk.now)
    talk.reply(_("Noted: searching for “{term}” also finds “{meaning}”, and the other way round.", term=term, meaning=meaning))


@command(
    "synonym remove",
    "synonyme retirer",
    help=_("Takes out the synonyms of a word."),
    examples=[_("/synonym remove IME")],
)
def remove(talk: Conversation, words: Rest) -> None:
    """Take out every pair of which this is one side."""
    gone = synonyms.remove(talk.tx, talk.community, words.partition("=")[0].strip())
    if not gone:
        raise Refusal(_("“{words}” has no synonym here. To see them all: /synonym", words=words))
    talk.reply(lines(_("Taken out:"), *(f"{one.term} = {one.meaning}" for one in gone)))


def _list(talk: Conversation) -> None:
    known = synonyms.known(talk.tx, talk.community)
    if not known:
        talk.reply(_("No synonyms yet. To add one: /synonym IME = institut médico-éducatif"))
        return
    talk.reply(
        lines(
            _("These mean the same here:"),
            *(f"{one.term} = {one.meaning}" for one in known[:_LISTED]),
            _n("and one more", "and {count} more", len(known) - _LISTED) if len(known) > _LISTED else None,
        )
    )


def _tells(talk: Conversation, side: str) -> bool:
    return len(side) <= _LONGEST and any(tokens.words(side, talk.community.language))
