"""The card "Who can read me?": made from what is so in this community, on this platform, today."""

from collections.abc import Sequence

from copbot.calendar import times
from copbot.core import ticks
from copbot.core.context import Conversation
from copbot.core.words import Text, _, lines
from copbot.features import helplines
from copbot.features.parole.audience import Audience
from copbot.store import people

_PLATFORMS = {
    "telegram": _("Confidential: who can read you? Telegram can, in clear and with your name."),
    "matrix": _("Reinforced confidentiality where our chat is encrypted: your server sees that you wrote to me, not what."),
}


def card(talk: Conversation, here: Audience, *, traces: Sequence[str], crisis: bool, again: str = "") -> Text:
    """What to know before sending; `again` is the route of a thread that is gone on with."""
    return lines(
        _pointed_out(traces),
        _PLATFORMS.get(talk.place.platform, _("Who can read you? Whoever sees this screen.")),
        _("Never your name: neither the group, nor the facilitators, nor an employer gets it from me."),
        _group(here) if not crisis and again != "listeners" else None,
        _listeners(talk, here, crisis=crisis) if again != "group" or crisis else None,
        _("Your style, and details only you know, can still give you away."),
    )


def question(talk: Conversation, *, crisis: bool) -> Text:
    """What stands above the choices; the numbers too, unless they were shown in full just before."""
    numbers = None if crisis else helplines.shortly(talk.house, talk.reader.language)
    return lines(numbers, _("What shall I do?"))


def routes(talk: Conversation, here: Audience, *, crisis: bool, again: str = "") -> dict[str, Text]:
    """The choices under the card: where the words can go, and not."""
    found: dict[str, Text] = {}
    if here.has_group and not crisis and again != "listeners":
        found["group"] = _("Send to the group, mixed with others")
        if len(people.memberships(talk.tx, talk.member.account.person)) > 1:
            found["group"] = _("Send to the group {name}, mixed with others", name=talk.community.name)
    if here.readers and (again != "group" or crisis):
        found["listeners"] = _("Send to the listeners: {names}", names=_names(talk, here))
    if here.rules.external and not again:
        found["external"] = _("See the address of an outside service")
    return {**found, "change": _("Write it anew"), "cancel": _("Cancel")}


def receipt(talk: Conversation, here: Audience, route: str, code: str) -> Text:
    """What happens next, and the code, if it is a new one."""
    when = ticks.next_tick(talk.house, talk.community.zone, talk.now)
    while route == "group" and here.rules.is_held(times.to_wall(when, talk.community.zone).date()):
        when = ticks.next_tick(talk.house, talk.community.zone, when)
    return lines(
        _("I have it. The listeners get it on {when} at the earliest.", when=when)
        if route == "listeners"
        else _(
            "I have it. It goes to the group on {when} at the earliest, once there are {least} together.",
            when=when,
            least=here.rules.together,
        ),
        _("Your code: {code}", code=code) if code else None,
        _("Copy it on paper, then delete this message. Nobody can give it to you again.") if code else None,
        _("To read answers: /reread and the code. To take it back: /takeback and the code."),
        helplines.shortly(talk.house, talk.reader.language),
    )


def _pointed_out(traces: Sequence[str]) -> Text | None:
    if not traces:
        return None
    shown = ", ".join(traces)
    return _("First: this may point to somebody: {traces}", traces=shown if len(shown) < _SHOWN else shown[:_SHOWN] + "…")


#: So much of what may point to somebody is shown.
_SHOWN = 120


def _group(here: Audience) -> Text:
    if not here.has_group:
        return _(
            "The group is too small to protect you: {least} members are needed, I count {count}.",
            count=here.members,
            least=here.rules.members,
        )
    days = here.rules.cap.days
    if here.readers:
        return _(
            "In the group: your words under a made-up name, {least} at least, mixed. Alone for {days} days: to the listeners.",
            least=here.rules.together,
            days=days,
        )
    return _(
        "In the group: your words under a made-up name, {least} at least, mixed. Alone for {days} days: erased.",
        least=here.rules.together,
        days=days,
    )


def _listeners(talk: Conversation, here: Audience, *, crisis: bool) -> Text | None:
    if here.readers:
        names = _names(talk, here)
        if here.keys:
            read = _("Listeners, {names}: your words, a made-up name and the day, in a file only they open.", names=names)
        else:
            read = _("Listeners, {names}: your words, a made-up name and the day.", names=names)
        return lines(read, None if here.has_group else _("You are few: the listeners could guess who writes."))
    if crisis:
        return _("Words like these I do not put before the group. Some of those above can answer you now; nobody listens here.")
    return None


def _names(talk: Conversation, here: Audience) -> str:
    return talk.reader.list([one.member.name for one in here.readers])
