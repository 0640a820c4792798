"""What the group may hear of parole libre: "you said, we did"."""

from datetime import datetime

from copbot.calendar import times
from copbot.core.context import Context
from copbot.core.words import Text, _n, lines
from copbot.features.parole import threads
from copbot.features.parole.audience import vault_of
from copbot.features.parole.rules import rules
from copbot.features.parole.safe import Unkept


def you_said(context: Context, since: datetime) -> Text | None:
    """How many voices were answered since then, and what listeners let the group know; None for fewer than go out at once."""
    vault = vault_of(context)
    if vault is None or not vault.is_used:
        return None
    try:
        done = threads.answered(vault, context.community.id, times.to_wall(since, context.community.zone).date())
    except Unkept:
        return None
    if done.count < rules(context.house).together:
        return None
    count = _n(
        "You said, we did: {count} voice of parole libre was answered.",
        "You said, we did: {count} voices of parole libre were answered.",
        done.count,
    )
    return lines(count, *sorted(done.told))
