"""Where copbot is on Matrix: invitations, private chats, rooms that move or put it out, spaces; and who has a say there."""

import pytest

from copbot.vocabulary import Joined, Outgoing, Person, Place, Unreachable
from tests.matrix.at_work import PLATFORM, Copbot, Copbots
from tests.matrix.members import Member, People

SHARE = "/share Visual planning: each child sees what comes next"


@pytest.fixture
def alice(people: People) -> Member:
    return people("alice")


@pytest.fixture
def bo(people: People) -> Member:
    return people("bo")


def present(member: Member, room: str, who: str) -> bool:
    return bool(member.state(room, "m.room.member", who)["membership"] == "join")


# Invitations


def test_an_allowed_room_is_joined_and_its_community_begins(copbots: Copbots, alice: Member) -> None:
    room = alice.opens()
    copbot = copbots(open_to_all=False, allow=frozenset({f"matrix:{room}"}))
    alice.does("invite", room, copbot.id)
    alice.meets(room, copbot.id)
    private = alice.accepts()
    alice.hears(room=private, by=copbot.id)
    alice.says(room, SHARE)
    alice.hears("It is practice 1", room=room)


def test_another_room_is_asked_for_a_code_and_the_code_opens_it(copbots: Copbots, alice: Member) -> None:
    copbot = copbots(open_to_all=False)
    code = copbot.invites()
    room = alice.opens()
    alice.does("invite", room, copbot.id)
    alice.meets(room, copbot.id)
    alice.hears("I need a code", room=room, by=copbot.id)
    alice.says(room, f"/open {code}")
    private = alice.accepts()
    alice.hears(room=private, by=copbot.id)


def test_where_no_code_comes_copbot_says_goodbye_and_leaves(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    copbot.says(Outgoing(21, Place(PLATFORM, room, "group"), "No code came, so I am leaving.", leave=True))
    alice.hears("No code came", room=room)
    alice.sees(
        lambda one: one.kind == "m.room.member" and one.state_key == copbot.id and one.content["membership"] == "leave",
        "copbot leaves",
    )


# Private chats


def test_a_private_chat_is_made_once_and_used_again_even_after_a_restart(copbot: Copbot, alice: Member) -> None:
    person = Person(PLATFORM, alice.id, "alice")
    copbot.says(Outgoing(31, person, "One"))
    room = alice.accepts()
    copbot.says(Outgoing(32, person, "Two"))
    copbot.stops()
    copbot.starts()
    copbot.says(Outgoing(33, person, "Three"))
    alice.hears("Three", room=room)
    assert alice.texts(room, by=copbot.id)[-3:] == ["One", "Two", "Three"]
    assert not alice.invitations
    assert not alice.unread()


def test_a_private_chat_that_a_person_opened_is_used(copbot: Copbot, alice: Member) -> None:
    copbot.meets(alice)
    private = alice.opens(copbot.id, is_direct=True)
    alice.meets(private, copbot.id)
    alice.says(private, "/help")
    alice.hears(room=private, by=copbot.id)
    copbot.syncs_past(alice)
    copbot.says(Outgoing(34, Person(PLATFORM, alice.id, "alice"), "Here as well"))
    alice.hears("Here as well", room=private)
    assert not alice.invitations


def test_plain_words_are_understood_in_private(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice)
    alice.says(room, SHARE)
    alice.hears("It is practice 1", room=room)
    private = alice.opens(copbot.id, is_direct=True)
    alice.meets(private, copbot.id)
    alice.says(private, "thank you")
    alice.hears("You are welcome", room=private)


def test_a_refused_private_chat_is_noticed_and_not_forced(copbot: Copbot, alice: Member) -> None:
    person = Person(PLATFORM, alice.id, "alice")
    copbot.says(Outgoing(35, person, "One"))
    room = alice.waits(lambda: alice.invitations and alice.invitations[0], "an invitation")
    alice.leaves(room)
    copbot.syncs_past(alice)
    with pytest.raises(Unreachable) as gone:
        copbot.says(Outgoing(36, person, "Two"))
    assert gone.value.reason == "blocked"
    assert alice.invitations == [room]


def test_a_private_chat_that_was_left_is_closed_until_the_person_opens_it_again(copbot: Copbot, alice: Member) -> None:
    person = Person(PLATFORM, alice.id, "alice")
    copbot.says(Outgoing(37, person, "One"))
    room = alice.accepts()
    alice.hears("One", room=room)
    alice.leaves(room)
    copbot.syncs_past(alice)
    with pytest.raises(Unreachable):
        copbot.says(Outgoing(38, person, "Two"))
    first = len(copbot.adapter.happened)
    private = alice.opens(copbot.id, is_direct=True)
    alice.meets(private, copbot.id)
    copbot.keeps(lambda event: isinstance(event, Joined) and event.place.kind == "private", "an open door", after=first)
    copbot.says(Outgoing(39, person, "Three"))
    alice.hears("Three", room=private)


# Rooms that change


@pytest.mark.parametrize(("before", "after"), [("11", "12"), ("11", "11")])
def test_a_room_that_is_upgraded_is_followed_with_all_that_is_kept(
    copbot: Copbot, alice: Member, bo: Member, before: str, after: str
) -> None:
    room = copbot.meets(alice, bo, version=before)
    bo.says(room, SHARE)
    bo.hears("It is practice 1", room=room)
    moved = alice.upgrades(room, after)
    alice.does("invite", moved, copbot.id)
    alice.waits(lambda: moved in alice.client.rooms, "the new room")
    alice.meets(moved, copbot.id)
    alice.says(moved, "/practice 1")
    alice.hears("Practice 1: Visual planning", room=moved)
    assert copbot.rows("select count(*) from communities") == [(1,)]


@pytest.mark.parametrize("what", ["kick", "ban"])
def test_put_out_of_a_room_copbot_falls_silent_there_and_lives_on(copbot: Copbot, alice: Member, what: str) -> None:
    room, other = copbot.meets(alice), copbot.meets(alice)
    alice.does(what, room, copbot.id)
    copbot.syncs_past(alice, other)
    with pytest.raises(Unreachable) as gone:
        copbot.says(Outgoing(41, Place(PLATFORM, room, "group"), "Hello?"))
    assert gone.value.reason == "kicked"
    alice.says(other, SHARE)
    alice.hears("It is practice 1", room=other)


def test_where_copbot_may_not_write_the_house_is_told(copbot: Copbot, alice: Member) -> None:
    room = copbot.meets(alice, version="11")
    levels = alice.state(room, "m.room.power_levels")
    alice.sets(room, "m.room.power_levels", {**levels, "events_default": 50})
    with pytest.raises(Unreachable) as gone:
        copbot.says(Outgoing(42, Place(PLATFORM, room, "group"), "Hello?"))
    assert gone.value.reason == "not allowed"


def test_a_space_is_joined_and_is_no_group_itself(copbot: Copbot, alice: Member) -> None:
    space = alice.opens(encrypted=False, creation_content={"type": "m.space"}, name="Our space")
    alice.does("invite", space, copbot.id)
    alice.meets(space, copbot.id)
    room = copbot.meets(alice)
    alice.sets(space, "m.space.child", {"via": ["localhost"]}, key=room)
    alice.says(room, SHARE)
    alice.hears("It is practice 1", room=room)
    assert not alice.texts(space, by=copbot.id)


def test_people_who_come_and_go_are_members_or_not(copbot: Copbot, alice: Member, bo: Member) -> None:
    room = copbot.meets(alice, bo)
    bo.says(room, SHARE)
    bo.hears("It is practice 1", room=room)
    bo.leaves(room)
    copbot.syncs_past(alice, room)
    assert copbot.rows("select count(*) from members where left_at is not null") == [(1,)]


# Who has a say


@pytest.mark.parametrize("version", ["11", "12"])
def test_power_is_looked_up_at_the_moment_it_is_used(copbot: Copbot, alice: Member, bo: Member, version: str) -> None:
    """Creators have it in every version; whoever is given it has it, and whoever loses it has it no more."""
    room = copbot.meets(alice, bo, version=version)
    bo.says(room, "/checkin open")
    bo.hears("Only facilitators can use /checkin open", room=room)
    levels = alice.state(room, "m.room.power_levels")
    alice.sets(room, "m.room.power_levels", {**levels, "users": {**levels["users"], bo.id: 50}})
    bo.says(room, "/checkin open")
    bo.hears("The check-in is open", room=room)
    alice.sets(room, "m.room.power_levels", levels)
    first = len(bo.heard)
    bo.says(room, "/checkin close")
    bo.hears("Only facilitators can use /checkin close", room=room, after=first)
    alice.says(room, "/checkin close")
    alice.hears("closed", room=room)


def test_the_same_name_on_another_account_has_no_power(copbot: Copbot, people: People, alice: Member) -> None:
    double = people("alice", shown="alice")
    room = copbot.meets(alice, double)
    double.says(room, "/checkin open")
    double.hears("Only facilitators can use /checkin open", room=room)
