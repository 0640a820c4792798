"""Who is let in: groups by the allow list or a code, people by joining a group."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from copbot.core import commands, ticks
from copbot.core.context import Context, Conversation
from copbot.core.house import House
from copbot.core.words import Text, Words, _, lines
from copbot.letters import fold
from copbot.store import invitations, outbox, people, questions, rooms, schedules
from copbot.store.invitations import Invitation
from copbot.store.outbox import Letter
from copbot.store.people import Community, Member
from copbot.store.schedules import Schedule
from copbot.vocabulary import Joined, Person, Place, Said

#: What a member may allow copbot, each on its own.
PURPOSES = ("checkins", "practices", "reminders")

#: How long a group has to show its code.
_PATIENCE = timedelta(hours=1)


def arrive(tx: Session, joined: Joined, community: Community | None, now: datetime, house: House) -> None:
    """Copbot was brought into a group: settle if the group is allowed, else ask for a code and leave in an hour."""
    if community:
        rooms.depart(tx, joined.place, None)
        return
    if house.open_to_all or f"{joined.place.platform}:{joined.place.room}" in house.allow:
        settle(tx, joined.place, joined.person, joined.title, now, house)
        return
    _say(
        tx,
        house,
        joined.place,
        now,
        _("Hello. To work here I need a code from the person who runs me. Write: /open and the code."),
    )
    goodbye = _("No code came, so I am leaving. You can invite me again at any time.")
    _say(tx, house, joined.place, now, goodbye, leave=True, not_before=now + _PATIENCE, dedupe=_door(joined.place))


def knock(tx: Session, said: Said, text: str, now: datetime, house: House) -> None:
    """In a group that is not open yet only /open is heard. A wrong code gets one sentence, nothing else an answer."""
    word, _space, code = text.partition(" ")
    if not commands.is_command(text) or fold(word.lstrip("/!")) not in ("open", "ouvrir", "start"):
        return
    if invitation := Invitation.spend(tx, invitations.digest(code), now):
        outbox.withdraw(tx, _door(said.place))
        if community := tx.get(Community, invitation.community_id) if invitation.community_id else None:
            _join(tx, community, said, now, house)
        else:
            settle(tx, said.place, said.person, "", now, house)
    else:
        _say(
            tx,
            house,
            said.place,
            now,
            _("I do not know this code, or it was used already. The person who runs me can make another."),
        )


def _join(tx: Session, community: Community, said: Said, now: datetime, house: House) -> None:
    """One more group for a community that is there already."""
    rooms.add(tx, community, said.place)
    member = welcome(Context(tx, now, community, house), said.person, asked_in=said.place)
    talk = Conversation(tx, now, community, house, member=member, place=said.place, message=said.message)
    talk.reply(
        lines(
            _("Done: this group belongs to {community}, too.", community=community.name),
            _("Who writes /start here becomes a member. What I tell the group, I tell where I did until now."),
        )
    )


def turn_away(tx: Session, said: Said, now: datetime, house: House) -> None:
    """Somebody who is in no community of copbot's (any more) wrote in private: say so, keep nothing."""
    if member := _last_membership(tx, said.person):
        text = _("You are in no group of mine any more. What I still hold about you: /mydata. To erase it: /forget")
        Context(tx, now, member.community, house).tell(member, text)
        return
    to = Place(said.place.platform, said.person.id, "private")
    _say(
        tx, house, to, now, _("Hello. I only work with members of a community. Write /help in your group, and I will know you.")
    )


def of_the_past(tx: Session, person: Person, text: str = "") -> Member | None:
    """The last membership of somebody who has left, as long as they see to their own data, by command or by answer."""
    member = _last_membership(tx, person)
    if member is None or people.memberships(tx, person):
        return None
    if call := commands.find(text):
        return member if call.command.head in _OWN_DATA else None
    asked = questions.still_open(tx, member.id, "")
    return member if any(question.step.startswith("privacy.") for question in asked) else None


def _last_membership(tx: Session, person: Person) -> Member | None:
    account = people.account_of(tx, person)
    memberships = people.all_memberships(tx, account) if account else []
    return memberships[-1] if memberships else None


#: What somebody may still ask of copbot after they have left.
_OWN_DATA = {"mydata", "forget", "privacy", "takeback"}


def settle(tx: Session, place: Place, host: Person, title: str, now: datetime, house: House) -> Community:
    """Start a community in this group and let the one who opened it set it up in private."""
    name = title or Words(house.language, house.zone, now)(_("Our community"))
    community = people.found(tx, name=name, language=house.language, zone=house.zone, place=place, now=now)
    keep_house(tx, community, now, house)
    context = Context(tx, now, community, house)
    member = welcome(context, host, consent=False)
    context.begin(member, "setup.begin")
    return community


def keep_every_house(tx: Session, now: datetime, house: House) -> None:
    """Set what communities need that were here before this copbot."""
    for community in people.communities(tx):
        _keep_parole(tx, community, now, house)


def keep_house(tx: Session, community: Community, now: datetime, house: House | None = None) -> None:
    """Set the nightly cleaning that every community has, and the ticks of parole libre."""
    if house:
        _keep_parole(tx, community, now, house)
    schedules.put(
        tx,
        Schedule(
            key=f"retention:{community.id}",
            kind="retention.purge",
            community_id=community.id,
            starts="2026-01-01T03:30:00",
            rule="FREQ=DAILY",
            zone=community.zone,
            next_at=now + timedelta(days=1),
        ),
    )


def _keep_parole(tx: Session, community: Community, now: datetime, house: House) -> None:
    """The ticks are there from the beginning: set at the first use, they would tell when that was."""
    key = f"freespeech:{community.id}"
    found = schedules.keyed(tx, key)
    if house.vault is None or (found and found.next_at <= now):
        return
    coming = ticks.next_tick(house, community.zone, now)
    if found:
        found.next_at = coming  # the configuration may name other times than before
    else:
        schedules.put(
            tx,
            Schedule(key=key, kind="freespeech.tick", community_id=community.id, zone=community.zone, next_at=coming),
        )


def welcome(context: Context, person: Person, *, consent: bool = True, asked_in: Place | None = None) -> Member:
    """Make somebody a member and ask, once, what copbot may do for them. `asked_in`: where they spoke to it, if they did."""
    known = people.member_of(context.tx, context.community, person)
    member = people.join(context.tx, context.community, person, context.now)
    if known:
        return member
    if not context.house.ask_consent:
        agree(context, member, PURPOSES)
    elif consent and not member.consented_at:
        _meet(context, member, asked_in)
    return member


def _meet(context: Context, member: Member, asked_in: Place | None) -> None:
    if asked_in is None:
        context.begin(member, "welcome.hello")
        return
    tx, now, community, house = context.tx, context.now, context.community, context.house
    talk = Conversation(tx, now, community, house, member=member, place=asked_in, speaker=(member.id, asked_in))
    talk.begin(member, "welcome.hello")


def agree(context: Context, member: Member, purposes: Iterable[str]) -> None:
    """Note what the member allows from now on, and nothing else, under the charter as it stands."""
    member.consents = [purpose for purpose in PURPOSES if purpose in purposes]
    member.consented_at, member.charter = context.now, charter(context)


def charter(context: Context) -> int:
    """The version of the charter that copbot works under."""
    return int(context.house.template("charter", context.community.language)["version"])


def _door(place: Place) -> str:
    return f"door:{place.platform}:{place.room}"


def _say(
    tx: Session,
    house: House,
    place: Place,
    now: datetime,
    text: Text,
    *,
    leave: bool = False,
    not_before: datetime | None = None,
    dedupe: str | None = None,
) -> None:
    written = Words(house.language, house.zone, now)(text)
    outbox.put(
        tx,
        Letter(
            platform=place.platform,
            room=place.room,
            private=place.kind == "private",
            text=written,
            created_at=now,
            leave=leave,
            not_before=not_before,
            dedupe=dedupe,
        ),
    )
