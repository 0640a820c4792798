"""What the tests of reminders share: what came, when it came, and copbot being away."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.conftest import Actor, Bot

PARIS = ZoneInfo("Europe/Paris")


def is_away(bot: Bot, **span: float) -> None:
    """copbot is switched off for a while, and on again."""
    bot.rehearsal.now += timedelta(**span)
    bot.passes(seconds=0)


def came(actor: Actor) -> list[str]:
    """What the actor was reminded of, without the choices."""
    shown = [text for text in actor.heard() if text.startswith(("Reminder", "Rappel"))]
    return [text.split("\n1)")[0] for text in shown]


def moments(bot: Bot, actor: Actor, days: int) -> list[str]:
    """The moments, on the wall in Paris, at which the actor hears something in so many days, minute by quarter of an hour."""
    found = []
    for _quarter in range(days * 96):
        before = len(actor.heard())
        bot.passes(minutes=15)
        found += [f"{bot.now.astimezone(PARIS):%m-%d %H:%M}"] * (len(actor.heard()) - before)
    return found
