"""Word to those who searched in vain, once somebody has shared what they were looking for."""

from datetime import datetime, timedelta

from copbot.core.context import Context
from copbot.core.due import job
from copbot.core.words import _, lines
from copbot.features import approach, cards
from copbot.store.practices import Practice
from copbot.store.schedules import Schedule
from copbot.store.wishes import Wish


@job("wishes.answer", useful_for=timedelta(days=60))
def answer(context: Context, schedule: Schedule) -> datetime | None:
    """Show the practice in private, once. If it was withdrawn meanwhile, the wish waits for the next."""
    wish = context.tx.get(Wish, schedule.state["wish"])
    practice = context.tx.get(Practice, schedule.subject)
    if wish is None or practice is None or wish.member.left_at or wish.member.account.unreachable:
        return None
    if (moment := approach.moment_for(wish.member, context.now)) > context.now:
        return moment
    reader = context.words_for(wish.member)
    opening = _("You were looking for “{words}”. Somebody has shared this.", words=wish.words)
    offered = cards.offers(practice, reader, mine=False)
    shown = context.tell(wish.member, lines(opening, cards.card(context.tx, practice, reader)), **offered)
    cards.keep_short(context, shown, practice, reader)
    context.tx.delete(wish)
    return None
