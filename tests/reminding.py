"""What the tests of reminders share: what came, when it came, and copbot being away."""

from datetime import UTC, datetime, timedelta
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
    """The moments, on the wall in Paris, at which something is said to the actor in so many days."""
    query = f"select created_at from outbox where room = '{actor.name}' order by id"
    before = len(bot.keeps(query))
    bot.passes(days=days)
    said = [datetime.fromisoformat(str(at)).replace(tzinfo=UTC) for (at,) in bot.keeps(query)[before:]]
    return [f"{moment.astimezone(PARIS):%m-%d %H:%M}" for moment in said]
