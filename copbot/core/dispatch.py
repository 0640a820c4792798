"""One event, once: who speaks, where, what they mean; then the handler, or one clear sentence."""

import re
from dataclasses import dataclass, replace
from typing import assert_never

from copbot.core import answers, door, reach
from copbot.core.context import Answer
from copbot.core.hearing import LONGEST, Hearing
from copbot.core.steps import LISTENERS
from copbot.core.words import _
from copbot.letters import without_traps
from copbot.store import keyboards, people, questions, rooms
from copbot.store.people import Community, Member
from copbot.store.questions import Question
from copbot.vocabulary import Chose, Edited, Illegible, Incoming, Joined, Left, Moved, Quoted, Reacted, Removed, Said

#: What copbot puts on its buttons. Anything else came from somebody who tampers with them.
_TOKEN = re.compile(r"\d{1,15}\.\d{1,3}", re.ASCII)


@dataclass(frozen=True)
class Dispatch(Hearing):
    """The handling of one event inside the caller's transaction.

    Where more must be known than `known`, `handle` raises AskPlatform or AskWork, to be called anew with it.
    """

    def handle(self, event: Incoming) -> None:
        """Find out what the event is and do it."""
        event = _cleaned(event)
        match event:
            case Said():
                self._said(event)
            case Chose():
                self._chose(event)
            case Joined():
                self._joined(event)
            case Left():
                self._left(event)
            case Reacted() | Edited() | Removed():
                self._notice(event)
            case Moved():
                rooms.move(self.tx, event.place, event.to)
            case Illegible():
                self._illegible(event)
            case _:
                assert_never(event)
        keyboards.tidy(self.tx, self.now)

    def _chose(self, chose: Chose) -> None:
        if not _TOKEN.fullmatch(chose.token):
            self._chose_apart(chose)
            return
        number, _dot, index = chose.token.partition(".")
        question = self.tx.get(Question, int(number))
        community = self.tx.get(Community, question.community_id) if question else None
        member = people.member_of(self.tx, community, chose.person) if community else None
        if member is None and question and question.member_id:
            member = door.of_the_past(self.tx, chose.person)  # sees to their own data, and to nothing else
        if question is None or community is None or member is None or int(index) >= len(question.choices):
            return
        if question.member_id not in (None, member.id):
            return
        if chose.place.kind == "private":
            reach.opened(self.tx, member.account, self.now)
        talk = self._talk(community, member, chose.place)
        talk = (talk if question.room else talk.in_private()).about(question)  # what was asked in private goes on there
        if question.closed and not questions.reopen(self.tx, question):
            talk.reply(_("You have already answered this."))
            return
        key, label = question.choices[int(index)]
        self._run(talk, lambda: answers.take(talk, question, Answer(text=label, choice=key)))

    def _chose_apart(self, chose: Chose) -> None:
        """A button that belongs to no question of the house, in a conversation that is kept apart."""
        member = next(iter(people.memberships(self.tx, chose.person)), None)
        if member and self.house.vault and chose.place.kind == "private":
            talk = self._talk(
                member.community, member, chose.place, event=(chose.place.platform, chose.event), confidential=True
            )
            self._confide(talk, "", chose.token)

    # Comings and goings, and what happens before copbot's eyes

    def _joined(self, joined: Joined) -> None:
        if joined.place.kind == "private":
            reach.opened_by(self.tx, joined.person, self.now)
            return
        community = people.community_of(self.tx, joined.place)
        if joined.me:
            door.arrive(self.tx, joined, community, self.now, self.house)
        elif community:
            member = door.welcome(self._context(community), joined.person)
            self._tell_listeners(joined, community, member)

    def _left(self, left: Left) -> None:
        if left.place.kind == "private":
            reach.closed_by(self.tx, left.person, self.now)
            return
        community = people.community_of(self.tx, left.place)
        if community and left.me:
            rooms.depart(self.tx, left.place, self.now)
        elif community and not rooms.is_oldest(community, left.place):
            return  # they may still be in the one by which they are known
        elif community and (member := people.leave(self.tx, community, left.person, self.now)):
            self._tell_listeners(left, community, member)

    def _notice(self, event: Reacted | Edited | Removed) -> None:
        community = people.community_of(self.tx, event.place)
        member = people.member_of(self.tx, community, event.person) if community else None
        if community and member:
            self._tell_listeners(event, community, member)
        elif isinstance(event, Edited) and event.place.kind == "private":
            self._edited_apart(event)

    def _edited_apart(self, edited: Edited) -> None:
        """What was said in confidence is taken as it was first written: whoever mends a message is to know."""
        member = next(iter(people.memberships(self.tx, edited.person)), None)
        if member and self.house.vault and self.house.vault.exchange(edited.person, self.now):
            talk = self._talk(member.community, member, edited.place, confidential=True)
            talk.reply(_("I do not see what is changed in a message afterwards. Please write it to me anew."))

    def _tell_listeners(self, event: Incoming, community: Community, member: Member) -> None:
        for listener in LISTENERS.get(type(event), []):
            talk = self._talk(community, member, event.place)
            self._run(talk, lambda listener=listener, talk=talk: listener(talk, event))  # type: ignore[misc]


def _cleaned(event: Incoming) -> Incoming:
    """The same, with nothing hidden in its words or in those that are quoted."""
    match event:
        case Said(reply_to=Quoted() as quoted):
            return replace(event, reply_to=replace(quoted, text=_clean(quoted.text)))
        case Reacted(quoted=quoted):
            return replace(event, quoted=replace(quoted, text=_clean(quoted.text)))
        case Edited(text=text):
            return replace(event, text=_clean(text))
        case _:
            return event


def _clean(text: str) -> str:
    return without_traps(text).strip()[:LONGEST]
