"""/reminders and /cancel: what is still to come, for oneself or for the group, and taking it back."""

from datetime import timedelta

from copbot.core.commands import command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import NotAnAnswer, Refusal
from copbot.core.steps import step
from copbot.core.words import Sentence, Text, Words, _, _n, lines
from copbot.features import reminding
from copbot.store import questions, reminders
from copbot.store.reminders import Reminder
from copbot.store.schedules import Schedule

#: So many are shown at once.
_SHOWN = 6

#: After so long a number no longer puts back what was taken back.
_UNDOABLE = timedelta(days=1)

_NONE = _("No reminder is waiting. To set one: /remind tomorrow 9:00 call Ana")


@command(
    "reminders",
    "rappels",
    help=_("Shows the reminders that are still to come: yours, or the group's when you write it there."),
    examples=[_("/reminders")],
)
def list_(talk: Conversation, page: int = 1) -> None:
    """The member's own in private, the group's in the group, by their numbers."""
    found = sorted(_waiting(talk), key=lambda one: one[0].number)
    shown = found[(page - 1) * _SHOWN : page * _SHOWN] if page else found[:_SHOWN]
    if not shown:
        talk.reply(_NONE)
        return
    left = len(found) - max(1, page) * _SHOWN
    more = "/rappels" if talk.reader.language == "fr" else "/reminders"
    talk.reply(
        lines(
            _("Your reminders:") if talk.is_private else _("Reminders of the group:"),
            *(_line(talk, reminder, schedule) for reminder, schedule in shown),
            _n("One more: {command}", "{count} more: {command}", left, command=f"{more} {max(1, page) + 1}")
            if left > 0
            else None,
            _("To take one back: /cancel {number}", number=shown[0][0].number),
        )
    )


def _waiting(talk: Conversation) -> list[tuple[Reminder, Schedule]]:
    return reminders.of(talk.tx, talk.community.id, talk.member.id if talk.is_private else None)


def _label(talk: Conversation, reminder: Reminder, schedule: Schedule) -> Sentence:
    """Without its number: choices have their own."""
    when = str(Words(talk.reader.locale, schedule.zone, talk.now).write(schedule.next_at))
    return _("{when}: {text}", when=when, text=_shortened(reminder.text))


def _line(talk: Conversation, reminder: Reminder, schedule: Schedule) -> Sentence:
    when = str(Words(talk.reader.locale, schedule.zone, talk.now).write(schedule.next_at))
    said = {"number": reminder.number, "when": when, "text": _shortened(reminder.text)}
    return _("{number}. {when}, then again: {text}", **said) if reminder.rule else _("{number}. {when}: {text}", **said)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


@command(
    "cancel",
    "annuler",
    help=_("Takes a reminder back, by its number."),
    examples=[_("/cancel 3")],
    also=["rappels annuler", "rappels supprimer", "rappels effacer", "reminders cancel", "reminders delete"],
)
def cancel(talk: Conversation, number: int = 0) -> None:
    """Take one back; without a number, ask which one."""
    found = _waiting(talk)
    if not found:
        talk.reply(_NONE)
    elif number:
        reminder = reminders.numbered(talk.tx, talk.community.id, talk.member.id if talk.is_private else None, number)
        if reminder is None:
            raise Refusal(_("No reminder has the number {number}. To see them: /reminders", number=number))
        _take_back(talk, reminder)
    else:
        offered: dict[str, Text] = {str(one.id): _label(talk, one, schedule) for one, schedule in found[:_SHOWN]}
        talk.ask(_("Which one do you want to take back?"), which, offered)


@step
def which(talk: Conversation, answer: Answer) -> None:
    """The reminder that was chosen."""
    if answer.skipped:
        talk.reply(_("All right, nothing is taken back."))
        return
    reminder = reminders.meant(talk.tx, talk.member, int(answer.choice))
    if reminder is None or reminder.closed_at:
        raise Refusal(_("This reminder has come already, or was taken back."))
    _take_back(talk, reminder)


def _take_back(talk: Conversation, reminder: Reminder) -> None:
    """One's own; the group's by whoever set it, or a facilitator."""
    if reminder.member_id is None and reminder.author_id != talk.member.id and not talk.is_facilitator():
        raise Refusal(_("Only the person who set this reminder, or a facilitator, can take it back."))
    reminders.close(talk.tx, reminder, talk.now)
    questions.close(talk.tx, talk.member.id, "reminders", id=reminder.id)
    talk.reply(
        _("Taken back: {text}", text=_shortened(reminder.text)),
        choices={"back": _("Put it back")},
        then=undo,
        state={"id": reminder.id},
    )


@step
def undo(talk: Conversation, answer: Answer, *, id: int) -> None:
    """Put back what was taken back."""
    if answer.skipped:
        talk.reply(_("All right."))
        return
    reminder = reminders.meant(talk.tx, talk.member, id)
    if talk.question and talk.now - talk.question.asked_at > _UNDOABLE:
        raise NotAnAnswer
    zone = talk.member.zone if reminder and reminder.member_id else talk.community.zone
    at = reminding.put_back(talk.tx, reminder, zone, talk.now) if reminder and reminder.closed_at else None
    if at is None:
        raise Refusal(_("Its time is over. To set it anew: /remind tomorrow 9:00 call Ana"))
    talk.reply(_("It comes again: {when}.", when=str(Words(talk.reader.locale, zone, talk.now).write(at))))
