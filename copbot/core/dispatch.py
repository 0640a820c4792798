"""One event, once: who speaks, where, what they mean; then the handler, or one clear sentence."""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

import structlog
from sqlalchemy.orm import Session

from copbot.core import answers, commands, door, manners
from copbot.core.commands import Call
from copbot.core.context import CONFIDANTS, LISTENERS, Answer, Context, Conversation
from copbot.core.errors import AskPlatform, AskWork, NotAnAnswer, Refusal
from copbot.core.house import House
from copbot.core.words import _
from copbot.letters import without_traps
from copbot.store import keyboards, outbox, people, questions
from copbot.store.base import savepoint
from copbot.store.people import Community, Member
from copbot.store.questions import Question
from copbot.vocabulary import Chose, Edited, Incoming, Joined, Left, Moved, Place, Quoted, Reacted, Removed, Said

log = structlog.get_logger()

#: Longer messages to copbot are turned down; nothing of them is kept.
LONGEST = 6000

#: A message in a group that is not addressed to copbot may be a choice taken, if it is no longer than this.
_SHORT = 80

#: What copbot puts on its buttons. Anything else came from somebody who tampers with them.
_TOKEN = re.compile(r"\d{1,15}\.\d{1,3}", re.ASCII)

Known = Mapping[Hashable, Any]


@dataclass(frozen=True)
class Dispatch:
    """The handling of one event inside the caller's transaction.

    `known` is what platforms said of who administers what, and what was computed; where more is needed, `handle` raises
    AskPlatform or AskWork.
    """

    tx: Session
    now: datetime
    house: House
    known: Known = field(default_factory=dict)

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
                people.move(self.tx, event.place, event.to)
            case _:
                assert_never(event)
        keyboards.tidy(self.tx, self.now)

    # What somebody wrote

    def _said(self, said: Said) -> None:
        text = without_traps(said.text).strip()
        if said.place.kind == "group":
            addressed = bool(said.mentioned or said.reply_to or commands.is_command(text))
            if not text or not (addressed or len(text) <= _SHORT):
                return
            community = people.community_of(self.tx, said.place)
            if community is None:
                door.knock(self.tx, said, text, self.now, self.house)
                return
            member = people.member_of(self.tx, community, said.person)
            if member is None and addressed and (said.mentioned or commands.find(text)):
                member = door.welcome(self._context(community), said.person)
            if member:
                self._heard(said, text, community, member, addressed=addressed)
            return
        home = self._home(said, text) or door.of_the_past(self.tx, said.person, text)
        if home is None:
            door.turn_away(self.tx, said, self.now, self.house)
        elif text:
            self._heard(said, text, home.community, home, addressed=True)

    def _home(self, said: Said, text: str) -> Member | None:
        """The membership meant in private: whose question is answered, else the one they chose, else the newest."""
        found = people.memberships(self.tx, said.person)
        if len(found) > 1 and commands.find(text) is None:
            quoted = self._question_of(said.place, said.reply_to.message) if said.reply_to else None
            open_ = [one for member in found for one in questions.still_open(self.tx, member.id, "")[:1]]
            asked = quoted or max(open_, key=lambda question: question.id, default=None)
            asking = [member for member in found if asked and member.id == asked.member_id]
            found = asking or found
        chosen = [member for member in found if member.account.community_id == member.community_id]
        return next(iter(chosen or found[::-1]), None)

    def _heard(self, said: Said, text: str, community: Community, member: Member, *, addressed: bool) -> None:
        talk = self._talk(community, member, said.place, message=said.message, quoted=said.reply_to, event=said.event)
        call = commands.find(text)
        if talk.is_private and call is None and self._confided(talk, said, text):
            return
        call = call or self._bare(talk, said, text)
        if call and call.command.confidential:
            talk = replace(talk, confidential=self.house.vault is not None)
        if len(text) > LONGEST:
            if addressed and (talk.is_private or commands.is_command(text)):
                talk.reply(_("That is too long for me: {longest} characters at most. Nothing was kept.", longest=LONGEST))
            return
        if call:
            self._run(talk, lambda: self._command(talk, call, text))
        elif not self._answered(talk, said, text) and addressed:
            self._not_understood(talk, text)

    def _confided(self, talk: Conversation, said: Said, text: str) -> bool:
        """Take the words for a conversation kept apart, unless they answer a message of copbot's about something else."""
        if self.house.vault is None or (said.reply_to and self._question_of(said.place, said.reply_to.message)):
            return False
        return self._confide(replace(talk, confidential=True), text, "")

    def _confide(self, talk: Conversation, text: str, token: str) -> bool:
        taken: list[bool] = [False]

        def confide() -> None:
            taken[0] = True  # whatever stops it, it was taken
            taken[0] = any(confidant(talk, text, token) for confidant in CONFIDANTS)

        self._run(talk, confide)
        return taken[0]

    def _bare(self, talk: Conversation, said: Said, text: str) -> Call | None:
        """A command without its slash, in private: where nothing is asked that takes it for an answer; help always."""
        call = commands.find_bare(text) if talk.is_private and not said.reply_to else None
        question = next(iter(questions.still_open(self.tx, talk.member.id, "")), None) if call else None
        if call is None or question is None or call.command.head == "help":
            return call
        answer = answers.read(question, text, replying=True)
        in_own_words = answer and question.choices and not (answer.choice or answer.skipped or answer.control)
        return call if answer is None or in_own_words else None

    def _command(self, talk: Conversation, call: Call, text: str) -> None:
        command = call.command
        if command.where == "group" and talk.is_private:
            raise Refusal(_("Please write {command} in the group.", command=command.name(talk.reader.language)))
        if command.role == "facilitator" and not talk.is_facilitator():
            raise Refusal(_("Only facilitators can use {command}.", command=command.name(talk.reader.language)))
        if command.role == "facilitator" and self.house.demo:
            people.ensure_facilitator(self.tx, talk.community, talk.member)
        if command.consent and not talk.member.allows(command.consent):
            talk.begin(talk.member, "welcome.consent", purpose=command.consent, text=text)
            if not talk.is_private:
                talk.reply(_("One question first: I wrote to you in private."))
            return
        command.run(talk, **commands.arguments(call))

    # Answers

    def _answered(self, talk: Conversation, said: Said, text: str) -> bool:
        """Take the words as an answer to something copbot asked, if they are one."""
        asked = self._question_of(said.place, said.reply_to.message) if said.reply_to else None
        if asked and asked.member_id in (None, talk.member.id):
            return self._answer(talk, asked, text, replying=True)
        room = "" if talk.is_private else said.place.room
        for question in questions.still_open(self.tx, talk.member.id, room):
            if self._answer(talk, question, text, replying=talk.is_private):
                return True
        return False

    def _question_of(self, place: Place, message: str) -> Question | None:
        letter = outbox.sent_as(self.tx, place, message)
        if letter is None or letter.question_id is None:
            return None
        return self.tx.get(Question, letter.question_id)

    def _answer(self, talk: Conversation, question: Question, text: str, *, replying: bool) -> bool:
        """Give the answer to the question's step; False if the words are no answer to it."""
        answer = answers.read(question, text, replying=replying)
        if answer is None:
            return False
        try:
            self._run(talk.about(question), lambda: answers.take(talk.about(question), question, answer))
        except NotAnAnswer:
            return False
        return True

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
        talk = self._talk(community, member, chose.place).about(question)
        if question.closed and not questions.reopen(self.tx, question):
            talk.reply(_("You have already answered this."))
            return
        key, label = question.choices[int(index)]
        self._run(talk, lambda: answers.take(talk, question, Answer(text=label, choice=key)))

    def _chose_apart(self, chose: Chose) -> None:
        """A button that belongs to no question of the house, in a conversation that is kept apart."""
        member = next(iter(people.memberships(self.tx, chose.person)), None)
        if member and self.house.vault and chose.place.kind == "private":
            talk = self._talk(member.community, member, chose.place, event=chose.event, confidential=True)
            self._confide(talk, "", chose.token)

    # Comings and goings, and what happens before copbot's eyes

    def _joined(self, joined: Joined) -> None:
        community = people.community_of(self.tx, joined.place)
        if joined.me:
            door.arrive(self.tx, joined, community, self.now, self.house)
        elif community:
            member = door.welcome(self._context(community), joined.person)
            self._tell_listeners(joined, community, member)

    def _left(self, left: Left) -> None:
        community = people.community_of(self.tx, left.place)
        if community and left.me:
            people.depart(self.tx, left.place, self.now)
        elif community and (member := people.leave(self.tx, community, left.person, self.now)):
            self._tell_listeners(left, community, member)

    def _notice(self, event: Reacted | Edited | Removed) -> None:
        community = people.community_of(self.tx, event.place)
        member = people.member_of(self.tx, community, event.person) if community else None
        if community and member:
            self._tell_listeners(event, community, member)

    def _tell_listeners(self, event: Incoming, community: Community, member: Member) -> None:
        for listener in LISTENERS.get(type(event), []):
            talk = self._talk(community, member, event.place)
            self._run(talk, lambda listener=listener, talk=talk: listener(talk, event))  # type: ignore[misc]

    # What all of them share

    def _context(self, community: Community) -> Context:
        return Context(self.tx, self.now, community, self.house)

    def _talk(self, community: Community, member: Member, place: Place, **more: Any) -> Conversation:
        return Conversation(self.tx, self.now, community, self.house, member=member, place=place, known=self.known, **more)

    def _run(self, talk: Conversation, what: Callable[[], None]) -> None:
        """Do it wholly or not at all; what stops it becomes a sentence."""
        try:
            with savepoint(self.tx):
                what()
        except (AskPlatform, AskWork, NotAnAnswer):
            raise
        except Refusal as refusal:
            talk.reply(refusal.text)
        except Exception as problem:
            if self.house.strict:
                raise
            code = secrets.token_hex(2)
            log.error("handler failed", error=type(problem).__name__, code=code)
            talk.reply(
                _(
                    "Something went wrong on my side, and nothing was changed. Whoever runs me can look for code {code}.",
                    code=code,
                )
            )

    def _not_understood(self, talk: Conversation, text: str) -> None:
        word = manners.plain(text.lstrip("/!"))
        if talk.is_private and word in answers.SKIP | answers.BACK:
            talk.reply(_("No question is waiting for you. To see what I can do: /help"))
        elif talk.is_private and word in answers.STOP:
            talk.reply(_("Nothing is under way. To have me keep quiet: /pause. To erase all I hold about you: /forget"))
        elif not commands.is_command(text):
            if talk.is_private:
                self._hint(talk, text)
        elif near := commands.suggestions(text):
            talk.reply(_("I do not know that command. Did you mean {names}?", names=talk.reader.list(near)))
        elif talk.is_private:
            talk.reply(_("I do not know that command. To see what I can do: /help"))

    def _hint(self, talk: Conversation, text: str) -> None:
        """Say what would have been an answer; outside a question, say where to begin. The words are not kept."""
        question = next(iter(questions.still_open(self.tx, talk.member.id, "")), None)
        if question and question.choices and answers.asks(question):
            how = _("Please answer with a number from 1 to {last}, or /skip.", last=len(question.choices))
            talk.ask_again(question, how, words=answers.shortly(question))
        elif manners.plain(text) in manners.THANKS:
            talk.reply(_("You are welcome."))
        elif manners.plain(text) in manners.FAREWELLS:
            talk.reply(_("See you soon."))
        else:
            talk.reply(_("I did not keep that: I only read commands and answers to my questions. To see what I can do: /help"))


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
