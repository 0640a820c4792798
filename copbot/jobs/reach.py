"""Word to those who facilitate that some can no longer be written to, or that copbot may not write in the group."""

from datetime import datetime, timedelta

from copbot.calendar import times
from copbot.core.context import Context
from copbot.core.due import job
from copbot.core.words import Text, _, lines
from copbot.features import approach, reaching
from copbot.store import people
from copbot.store.people import Room
from copbot.store.schedules import Schedule

#: So long those who facilitate are not told again of people who cannot be written to: /members shows it at any time.
_QUIET = timedelta(days=60)

_SETTING = "reach_told"


@job("reach.people", useful_for=timedelta(days=7))
def tell_of_people(context: Context, _schedule: Schedule) -> datetime | None:
    """Once, not each time: who cannot be written to, and what to share with them."""
    today = times.to_wall(context.now, context.community.zone).date()
    before = context.community.settings.get(_SETTING)
    if before and today - datetime.fromisoformat(before).date() < _QUIET:
        return None
    told = False
    for member in people.facilitators(context.tx, context.community):
        if found := reaching.told(context, context.words_for(member)):
            opening = _("Some here have not opened our private chat, or have closed it.")
            _tell(context, member, lines(opening, *found, _("To see who: /members")))
            told = True
    if told:
        context.community.settings = {**context.community.settings, _SETTING: today.isoformat()}
    return None


@job("reach.room", useful_for=timedelta(days=7))
def tell_of_room(context: Context, schedule: Schedule) -> datetime | None:
    """Copbot may not write in the group: only its administrators can help."""
    room = context.tx.get(Room, schedule.subject)
    if room and room.unreachable and room.left_at is None:
        for member in people.facilitators(context.tx, context.community):
            _tell(
                context,
                member,
                lines(
                    _("I may not write in the group of {community} any more.", community=context.community.name),
                    _("An administrator can allow it again, in the settings of the group."),
                ),
            )
    return None


def _tell(context: Context, member: people.Member, text: Text) -> None:
    context.tell(member, text, not_before=approach.moment_for(member, context.now))
