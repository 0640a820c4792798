"""The programme of meetings: who may change it, and how it is shown, all of it in a few lines or one meeting whole."""

from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, Words, _, _n, lines
from copbot.features import agenda
from copbot.store.meetings import Meeting

#: How many meetings are shown: with a word before and after them a message has eight lines.
_PAST = 2
_COMING = 5


def only_facilitators(talk: Conversation) -> None:
    """Refuse to change the programme for anybody else. Asked anew at every step: somebody may have stopped facilitating."""
    if not talk.is_facilitator():
        raise Refusal(_("Only facilitators change the programme. To read it: /meetings"))


def overview(past: list[Meeting], coming: list[Meeting], reader: Words) -> Text:
    """The latest that took place in one line, then those to come, seven lines at most."""
    return lines(
        _behind(past, reader) if past else None,
        *(agenda.line(one) for one in coming[:_COMING]),
        _more(coming[_COMING:]),
        None if coming else _("No date is set yet for the next meeting."),
    )


def card(meeting: Meeting, reader: Words, zone: str) -> Text:
    """All about one meeting; `zone` is the community's."""
    return lines(
        _("Meeting {number}", number=meeting.number),
        _("Theme: {theme}", theme=meeting.theme or _("to be decided together")),
        _("Date: {when}", when=meeting.starts_at or meeting.done_at or _("to be decided")),
        agenda.elsewhere(meeting, reader, zone),
        _("Place: {place}", place=meeting.place or _("to be decided")),
        _state(meeting, reader),
    )


def _behind(past: list[Meeting], reader: Words) -> Text:
    names = reader.list(agenda.name(one) for one in past[-_PAST:])
    earlier = len(past) - _PAST
    if earlier > 0:
        return _n("Behind us: {names}, and one before.", "Behind us: {names}, and {count} before.", earlier, names=names)
    return _("Behind us: {names}.", names=names)


def _more(further: list[Meeting]) -> Text | None:
    if not further:
        return None
    first = further[0].number
    return _n("And one more: /meeting {first}", "And {count} more, from /meeting {first} on.", len(further), first=first)


def _state(meeting: Meeting, reader: Words) -> Text | None:
    if meeting.cancelled_at:
        return _("It was cancelled.")
    return _("It took place.") if meeting.held_at(reader.now) else None
