"""The weekly word to the group: a practice brought to light, the next date, an open question."""

from datetime import timedelta

from copbot.core.context import Context
from copbot.core.due import job
from copbot.core.words import Text, _, lines
from copbot.features import agenda
from copbot.store import meetings, practices
from copbot.store.schedules import Schedule


@job("nudges.weekly", useful_for=timedelta(days=1))
def weekly(context: Context, _schedule: Schedule) -> None:
    """Say it in the group. A week missed is passed over: late, it would only be noise."""
    practice = practices.spotlight(context.tx, context.community, context.house.chance)
    coming = next(iter(meetings.upcoming(context.tx, context.community, context.now)), None)
    found: list[Text | None] = [
        _(
            "To read again: practice {number}, “{title}”. It is here: /practice {number}",
            number=practice.number,
            title=practice.title,
        )
        if practice
        else None,
        _("Our next date: {meeting}", meeting=agenda.line(coming)) if coming else None,
        _("A question for the week: {question}", question=_question(context)),
    ]
    context.announce(lines(*found), about=f"practice:{practice.number}" if practice else "", topic="practices")


def _question(context: Context) -> str:
    """The next of the list, beginning again after the last."""
    listed = context.house.template("weekly", context.community.language)["questions"]
    index = int(context.community.settings.get("weekly_question", 0)) % len(listed)
    context.community.settings = {**context.community.settings, "weekly_question": index + 1}
    return str(listed[index])
