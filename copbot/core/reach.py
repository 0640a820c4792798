"""Who can be written to, and where: what follows when a message finds no way to them, and when the way is open again."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from copbot.core.context import Conversation
from copbot.core.house import House
from copbot.core.words import Words, _
from copbot.store import outbox, people, posted, schedules, tickets
from copbot.store.outbox import Letter
from copbot.store.people import Account, Community, Member
from copbot.store.schedules import Schedule
from copbot.vocabulary import Person, Reason

#: So many messages wait for somebody at most: the newest. More would be a flood when they come.
_MOST_HELD = 3

#: Several people are told of together.
_TOGETHER = timedelta(hours=1)


def lost(tx: Session, letter: Letter, reason: Reason, now: datetime, house: House) -> None:
    """The platform cannot bring this to whom it is for: note it once, and try no more until they show themselves."""
    posted.given_up(tx, letter, "unreachable", keep=letter.private and reason != "deactivated")
    if letter.private:
        _lost_in_private(tx, letter, reason, now, house)
    else:
        _lost_in_group(tx, letter, reason, now)


def _lost_in_private(tx: Session, letter: Letter, reason: Reason, now: datetime, house: House) -> None:
    account = people.account_of_user(tx, letter.platform, letter.room)
    if account is None:
        outbox.end(tx, letter.id, "unreachable")
        return
    shut(tx, account, reason, now)
    for older in outbox.held(tx, account.person)[:-_MOST_HELD]:
        outbox.end(tx, older.id, "unreachable")
    if letter.within and not letter.vanishes:
        _show_the_way(tx, letter, account, now, house)


def shut(tx: Session, account: Account, reason: Reason, now: datetime) -> None:
    """From now on copbot writes to this person only where they ask for it; those who facilitate learn of it."""
    if account.unreachable != reason:
        account.unreachable_at = account.unreachable_at or now
        account.unreachable = reason
        for member in people.all_memberships(tx, account):
            if member.left_at is None:
                _plan(tx, f"reach.people:{member.community_id}", "reach.people", member.community_id, now)


def _show_the_way(tx: Session, letter: Letter, account: Account, now: datetime, house: House) -> None:
    """Where they asked, give them the link that opens the chat in which the answer waits."""
    door = house.doors.get(letter.platform, "")
    community = tx.get(Community, letter.community_id) if letter.community_id else None
    token = tickets.issue(tx, account, letter.id, now) if door and community else None
    if token is None or community is None:
        return
    words = Words(community.language, community.zone, now)
    said = _("{name}, what I have for you waits in our private chat: {link}", name=account.name, link=door.format(token=token))
    way = Letter(
        community_id=community.id,
        member_id=letter.member_id,
        platform=letter.platform,
        room=letter.within,
        thread=letter.thread,
        private=False,
        text=words(said),
        created_at=now,
        expires_at=now + _TOGETHER,
    )
    outbox.put(tx, way)


def _lost_in_group(tx: Session, letter: Letter, reason: Reason, now: datetime) -> None:
    room = people.room_of(tx, letter.platform, letter.room)
    if room is None:
        return
    if reason in ("kicked", "gone"):
        room.left_at = room.left_at or now
    elif not room.unreachable:
        room.unreachable, room.unreachable_at = reason, now
        _plan(tx, f"reach.room:{room.id}", "reach.room", room.community_id, now, room.id)


def _plan(tx: Session, key: str, kind: str, community_id: int, now: datetime, subject: int | None = None) -> None:
    if not schedules.keyed(tx, key):
        new = Schedule(key=key, kind=kind, community_id=community_id, subject=subject, next_at=now + _TOGETHER)
        schedules.put(tx, new)


def opened(tx: Session, account: Account, now: datetime) -> None:
    """They can be written to again: what waited for them goes out, if it is still of use."""
    if not account.unreachable:
        return
    account.unreachable, account.unreachable_at = "", None
    for letter in outbox.held(tx, account.person):
        is_good = now - letter.created_at < tickets.GOOD_FOR and not (letter.expires_at and letter.expires_at <= now)
        if is_good:
            outbox.release(tx, letter)
        else:
            outbox.end(tx, letter.id, "expired")


def opened_by(tx: Session, person: Person, now: datetime) -> None:
    """The same, for whoever opened the private chat; strangers are nobody's business yet."""
    if account := people.account_of(tx, person):
        opened(tx, account, now)


def closed_by(tx: Session, person: Person, now: datetime) -> None:
    """This person closed the private chat."""
    if account := people.account_of(tx, person):
        shut(tx, account, "blocked", now)


def redeem(talk: Conversation, token: str) -> bool:
    """Tell whether this token led the member to something that is on its way to them, so that nothing else need be said."""
    ticket = tickets.spend(talk.tx, talk.member.account, token, talk.now) if talk.is_private else None
    letter = talk.tx.get(Letter, ticket.letter_id) if ticket else None
    return letter is not None and letter.state in ("waiting", "sent")


def unreachable(tx: Session, community: Community) -> list[Member]:
    """Those present who cannot be written to in private."""
    return [member for member in people.members(tx, community) if member.account.unreachable]
