"""What follows when a practice is shared: its number, and word to those who were waiting for something like it."""

from datetime import timedelta

from copbot.core.context import Context
from copbot.features import approach, parts
from copbot.store import attachments, drafts, practices, schedules, search, wishes
from copbot.store.drafts import Draft
from copbot.store.practices import Practice
from copbot.store.schedules import Schedule

#: The author may still change a word before others are told.
_GRACE = timedelta(minutes=10)


def publish(context: Context, draft: Draft) -> Practice:
    """Make the draft a practice that the community can find; the draft is gone."""
    draft.title = draft.title or parts.title_from(draft.did or draft.changed or draft.context or draft.redo)
    practice = practices.shelve(context.tx, context.community, draft.practice(context.now), draft.tags)
    author, writer = draft.author, draft.writer
    attachments.follow(context.tx, draft.id, practice.id)
    drafts.drop(context.tx, draft)
    if author.id != writer.id and not author.left_at:
        approach.begin(context, author, "capture.told", key=f"capture.told:{practice.id}", practice=practice.id)
    _answer_wishes(context, practice)
    return practice


def _answer_wishes(context: Context, practice: Practice) -> None:
    for wish in wishes.of(context.tx, context.community):
        key = f"wishes.answer:{wish.id}"
        if wish.member_id == practice.member_id or schedules.keyed(context.tx, key):
            continue
        if search.answers(context.tx, context.community, wish.words, practice.id):
            schedules.put(
                context.tx,
                Schedule(
                    key=key,
                    kind="wishes.answer",
                    community_id=context.community.id,
                    member_id=wish.member_id,
                    subject=practice.id,
                    state={"wish": wish.id},
                    next_at=approach.moment_for(wish.member, context.now + _GRACE),
                ),
            )
