"""Who cannot be written to in private, as those who facilitate are told of it, with a text to share."""

from collections.abc import Sequence

from copbot.core import reach
from copbot.core.context import Context
from copbot.core.words import Text, Words, _, _n
from copbot.store.people import Member

#: So many names are told.
_MOST = 15

#: What stands in the link in place of somebody's own token: it leads in, and to nothing in particular.
_ANYBODY = "hello"


def told(context: Context, reader: Words) -> Sequence[Text]:
    """How many and who, and what to share with them; nothing where everybody can be written to."""
    shut_out = reach.unreachable(context.tx, context.community)
    if not shut_out:
        return []
    names = reader.list(sorted((member.name for member in shut_out), key=str.casefold)[:_MOST])
    few = _n(
        "I cannot write to one of them in private: {names}.",
        "I cannot write to {count} of them in private: {names}.",
        len(shut_out),
        names=names,
    )
    return [few, *_shared(context, shut_out)]


def _shared(context: Context, shut_out: Sequence[Member]) -> Sequence[Text]:
    """A text for each platform on which somebody is to be let in: copbot cannot write first there."""
    platforms = sorted({member.account.platform for member in shut_out})
    links = [context.house.doors[one].format(token=_ANYBODY) for one in platforms if context.house.doors.get(one)]
    invitations = [_("To have my questions and reminders, open our private chat once: {link}", link=link) for link in links]
    return [_("Here is a text you can share:"), *invitations] if links else []
