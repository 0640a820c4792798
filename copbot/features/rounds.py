"""The life of a round of check-ins: opening it, asking members in their own hours, reminding them twice at most, closing it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from copbot.calendar import times
from copbot.core.context import Context
from copbot.core.words import Text, _, lines
from copbot.features import approach, digest, files
from copbot.store import attachments, checkins, meetings, people, rounds, schedules
from copbot.store.checkins import CheckIn
from copbot.store.people import Member
from copbot.store.rounds import Round
from copbot.store.schedules import Schedule

#: How long a round stays open, and the hour on the community's wall at which it closes.
OPEN_FOR = timedelta(days=7)
CLOSING_HOUR = time(18)

#: After so many rounds without a sign copbot stops asking, until the member comes back.
QUIET_AFTER = 3

#: So long the outcome of a round waits for a facilitator who is on a pause.
_PATIENCE = timedelta(days=60)

_A_DAY = timedelta(days=1)

#: The last reminder comes in the morning of the day before closing.
_EVE = timedelta(hours=32)


def open_round(context: Context, *, opener: Member | None = None, question: str = "", before: datetime | None = None) -> Round:
    """Open a round; to be followed by `ask_everybody`. It closes earlier where the next one opens at `before`."""
    new = rounds.start(context.tx, context.community, context.now, _closing(context, before), opener, question)
    checkins.adopt(context.tx, new)
    _plan(context, f"checkins.close:{new.id}", "checkins.close", new.closes_at, new.id)
    _plan(context, f"checkins.everybody:{new.id}", "checkins.everybody", context.now + _A_DAY, new.id)
    return new


def ask_everybody(context: Context, round: Round) -> datetime | None:
    """Ask those who may be written to now; the others are asked as soon as they may. Answers when to look again.

    Some agree to check-ins after the round opened: they are found the next day. Who joined since then is not asked: they have
    nothing to look back on yet, and may answer by themselves.
    """
    for member in people.members(context.tx, context.community):
        key = f"checkins.ask:{round.id}:{member.id}"
        is_known = checkins.in_round(context.tx, round.id, member) or schedules.keyed(context.tx, key)
        if member.joined_at <= round.opened_at and not is_known and (again := ask(context, round, member)):
            _plan(context, key, "checkins.ask", again, round.id, member)
    tomorrow = context.now + _A_DAY
    return tomorrow if tomorrow < round.closes_at - _EVE else None


def ask(context: Context, round: Round, member: Member) -> datetime | None:
    """Ask this member, or remind them, if it is time for it; answer when to come again, None when there is no more to do."""
    mine = checkins.in_round(context.tx, round.id, member)
    if not _is_open_to(context, round, member) or (mine and (mine.answered_at or mine.passed)):
        return None
    due = _due(context, round, member, mine)
    if due == context.now:
        mine = _remind(context, round, mine) if mine else _ask_first(context, member)
        due = _due(context, round, member, mine)
    return due if due and due < round.closes_at else None


def close_round(context: Context, round: Round) -> None:
    """Close the round, bring its digest to the group, and leave no trace of who was silent."""
    round.closed_at = context.now
    schedules.cancel_for(context.tx, "checkins.ask", round.id)
    schedules.cancel_for(context.tx, "checkins.everybody", round.id)
    answers = checkins.untold(context.tx, context.community)
    met = _has_met(context, since=rounds.closed_before(context.tx, round))
    texts = digest.for_group(context.words, answers, context.house.chance, since_meeting=met)
    for text in texts:
        context.announce(text, about=f"checkins:{round.id}", topic="checkins")
    _show_files(context, answers)
    _tell_facilitators(context, round, answers, posted=bool(texts))
    _settle(context, round, answers)


def _show_files(context: Context, answers: Sequence[CheckIn]) -> None:
    """What came with answers that bear a name. A voice or a picture would tell whose the others are."""
    for one in answers:
        if one.is_done and one.audience == "named":
            for file in attachments.of_checkin(context.tx, one.id):
                context.announce(_("From {name}", name=one.member.name), topic="checkins", **files.given(file, context.words))


def _has_met(context: Context, *, since: datetime | None) -> bool:
    last = meetings.last(context.tx, context.community, context.now)
    held = last.held_at(context.now) if last else None
    return held is not None and (since is None or held > since)


def _tell_facilitators(context: Context, round: Round, answers: Sequence[CheckIn], *, posted: bool) -> None:
    """How many answered is for those who facilitate, and for whoever opened the round."""
    asked = checkins.all_in_round(context.tx, round.id)
    answered = sum(1 for one in asked if one.answered_at)
    for member in people.members(context.tx, context.community):
        if not (member.facilitator or member.id == round.opener_id):
            continue
        moment = approach.moment_for(member, context.now)
        if moment > context.now + _PATIENCE:
            continue
        words = context.words_for(member)
        for text in digest.for_facilitators(words, answers, answered=answered, asked=len(asked), posted=posted):
            context.tell(member, text, not_before=moment)
        for one in answers:
            if posted and one.is_done and one.audience == "facilitators":
                for file in attachments.of_checkin(context.tx, one.id):
                    came_from = _("From {name}", name=one.member.name)
                    context.tell(member, came_from, not_before=moment, **files.given(file, words))


def _settle(context: Context, round: Round, answers: Sequence[CheckIn]) -> None:
    for one in answers:
        one.counted_at = one.counted_at or context.now
        one.told_at = context.now if one.is_done else None
    for one in checkins.all_in_round(context.tx, round.id):
        if one.asked_at and not one.answered_at and not one.passed:
            _note_silence(context, one.member)
    context.tx.flush()
    checkins.forget_silence(context.tx, round.id)


def can_be_asked(member: Member) -> bool:
    """Tell whether check-ins concern this member: present, to be had in private, willing, not left in peace after silence."""
    here = member.left_at is None and not member.account.unreachable
    return here and member.allows("checkins") and member.silent_rounds < QUIET_AFTER


def _closing(context: Context, before: datetime | None) -> datetime:
    day = times.to_wall(context.now, context.community.zone).date()
    latest = times.at(day + OPEN_FOR, CLOSING_HOUR, context.community.zone)
    if before is None or before > latest:
        return latest
    eve = times.to_wall(before, context.community.zone).date() - timedelta(days=1)
    return times.at(eve, CLOSING_HOUR, context.community.zone)


def _is_open_to(context: Context, round: Round, member: Member) -> bool:
    return round.closed_at is None and context.now < round.closes_at and can_be_asked(member)


def _due(context: Context, round: Round, member: Member, mine: CheckIn | None) -> datetime | None:
    """When to speak to them next: at once, half way to the end, on the eve; None if that was enough. Own hours are kept."""
    moment = _next_word(round, mine) if mine else context.now
    return moment and approach.moment_for(member, max(moment, context.now))


def _next_word(round: Round, mine: CheckIn) -> datetime | None:
    eve = round.closes_at - _EVE
    since = mine.asked_at or mine.began_at
    half_way = since + timedelta(days=(round.closes_at - since).days // 2)
    if mine.nudges == 0 and since < half_way < eve:
        return half_way
    return eve if mine.nudges < 2 and eve > since + timedelta(hours=12) else None


def _ask_first(context: Context, member: Member) -> CheckIn:
    mine = checkins.current(context.tx, member, context.now)
    mine.asked_at = context.now
    context.begin(member, "checkins.begin", asked=True)
    return mine


def _remind(context: Context, round: Round, mine: CheckIn) -> CheckIn:
    mine.asked_at = mine.asked_at or context.now
    mine.nudges = 2 if context.now >= round.closes_at - _EVE else mine.nudges + 1
    choices = {"now": _("Answer now"), "pass": _("Skip this time"), "pause": _("Pause for a month")}
    text = _reminder(context, round, mine)
    context.tell(mine.member, text, then="pause.nudged", choices=choices, expires_at=round.closes_at)
    return mine


def _reminder(context: Context, round: Round, mine: CheckIn) -> Text:
    zone = mine.member.zone
    days = (times.to_wall(round.closes_at, zone).date() - times.to_wall(context.now, zone).date()).days
    at = times.to_wall(round.closes_at, zone).time()
    until = _("The check-in closes tomorrow at {time}.", time=at) if days == 1 else None
    meant: Text | None = None
    if mine.meant_at and not until:
        meant = _("On {day} you meant to try: {what}", day=times.to_wall(mine.meant_at, zone).date(), what=mine.meant)
    return lines(
        meant,
        until or _("The check-in is open until {when}.", when=round.closes_at),
        _("Two minutes are enough, even to say “not yet”: that helps the others too."),
    )


def _note_silence(context: Context, member: Member) -> None:
    """Who is away is not silent; who stays silent is asked once what they would like."""
    if member.is_paused(context.now) or not can_be_asked(member):
        return
    member.silent_rounds += 1
    if member.silent_rounds == QUIET_AFTER:
        _plan(context, f"checkins.quiet:{member.id}", "checkins.quiet", approach.moment_for(member, context.now), None, member)


def _plan(context: Context, key: str, kind: str, at: datetime, subject: int | None, member: Member | None = None) -> None:
    new = Schedule(key=key, kind=kind, community_id=context.community.id, subject=subject, next_at=at)
    new.member_id = member.id if member else None
    schedules.put(context.tx, new)
