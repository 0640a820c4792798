"""At the ticks of parole libre: what waited goes out, what has come back can be read, what is over is erased."""

from datetime import datetime

from copbot.core import ticks
from copbot.core.context import Context
from copbot.core.due import is_late, job
from copbot.features.parole.audience import vault_of
from copbot.features.parole.release import invite, release
from copbot.store.schedules import Schedule


@job("freespeech.tick")
def tick(context: Context, schedule: Schedule) -> datetime | None:
    """One community's tick. What copbot slept through waits for the next one: another hour would mean something."""
    invite(context)
    vault = vault_of(context)
    if vault and vault.is_used and not is_late(schedule, context.now):
        release(context, vault)
    return ticks.next_tick(context.house, context.community.zone, context.now)
