"""All that a feature may touch: the transaction, the present, the community, and ways to say things."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from copbot.core.errors import AskPlatform, AskWork
from copbot.core.house import House
from copbot.core.steps import STEPS, name_of
from copbot.core.words import Text, Words, lines
from copbot.store import keyboards, outbox, rooms
from copbot.store.outbox import Letter
from copbot.store.people import Community, Member, Room
from copbot.store.questions import Question
from copbot.vocabulary import Attachment, Person, Place, Quoted, Received


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered. `choice` is the key of the choice taken, if one was; `text` is what they wrote, or its label.

    `control` is back or stop, in either language; steps never see it. `files` are for steps that say that they take them.
    """

    text: str = ""
    choice: str = ""
    skipped: bool = False
    control: str = ""
    files: tuple[Received, ...] = ()


T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """What a job gets. Everything it says is in the outbox when the transaction ends, or never was."""

    tx: Session
    now: datetime
    community: Community
    house: House

    @property
    def words(self) -> Words:
        """Writes for the group."""
        return Words(self.community.language, self.community.zone, self.now)

    def words_for(self, member: Member) -> Words:
        """Writes for this member, in their language and zone."""
        return Words(member.locale, member.zone, self.now)

    def tell(self, member: Member, text: Text, **how: Any) -> Letter | None:
        """Write to one member in private. `how` is as for `say`."""
        return self._say(self.words_for(member), member.account.person, text, member=member, **how)

    def announce(self, text: Text, *, topic: str = "", **how: Any) -> list[Letter]:
        """Write to the group, on every platform where it lives; choices may be taken by anybody, more than once. See `say`.

        `topic` is what it is about, practices or checkins: where that has a home of its own, it is said there.
        """
        homes = rooms.homes(self.community, topic)
        said = [self._say(self.words, place, text, **_once_in(room, how)) for room, place in homes]
        return [letter for letter in said if letter]

    def begin(self, member: Member, step: str, **state: Any) -> None:
        """Start a conversation with this member in private, at this step."""
        place = Place(member.account.platform, member.account.user, "private")
        talk = Conversation(self.tx, self.now, self.community, self.house, member=member, place=place)
        STEPS[step](talk, Answer(), **state)

    def _say(
        self,
        words: Words,
        to: Person | Place,
        text: Text,
        *,
        member: Member | None = None,
        choices: Mapping[str, Text] | None = None,
        then: Callable[..., None] | str = "",
        free: bool | None = None,
        state: Mapping[str, Any] | None = None,
        before: int | None = None,
        **how: Any,
    ) -> Letter | None:
        if isinstance(to, Person) and member and member.account.unreachable and not self.is_asked_by(member):
            return None  # they are shown what is new when they come
        written = words(text)
        if not then:
            return self._put(to, written, member, None, **how)
        question = Question(
            community_id=self.community.id,
            member_id=member.id if member else None,
            platform=to.platform,
            room="" if isinstance(to, Person) else to.room,
            step=then if isinstance(then, str) else name_of(then),
            state=dict(state or {}),
            choices=[[key, words(label)] for key, label in (choices or {}).items()],
            free=not choices if free is None else free,
            text=written,
            asked_at=self.now,
            before=before,
        )
        self.tx.add(question)
        self.tx.flush()
        return self._put(to, written, member, question, **how)

    def _put(
        self,
        to: Person | Place,
        written: str,
        member: Member | None,
        question: Question | None,
        *,
        attachment: Attachment | None = None,
        lies_on: str = "",
        otherwise: str = "",
        about: str = "",
        **how: Any,
    ) -> Letter | None:
        letter = Letter(
            community_id=self.community.id,
            member_id=member.id if member else None,
            platform=to.platform,
            room=to.id if isinstance(to, Person) else to.room,
            private=isinstance(to, Person),
            **self._where(to, member),
            text=written,
            choices=question.offers() if question else [],
            pressable=bool(question and question.choices),
            prompts=bool(question and question.room and question.member_id and question.free),
            attachment=_described(attachment, lies_on, otherwise) if attachment else None,
            content=attachment.content if attachment else None,
            about=about,
            question_id=question.id if question else None,
            created_at=self.now,
            **how,
        )
        return outbox.put(self.tx, letter)

    def is_asked_by(self, member: Member) -> bool:  # noqa: ARG002
        """Tell whether what is said now answers something this member did."""
        return False

    def _where(self, to: Person | Place, member: Member | None) -> dict[str, str]:
        """The thread in the group; of a private answer, the group and the thread in which it was asked for."""
        asked_in = self.spoken_in if isinstance(to, Person) and member and self.is_asked_by(member) else None
        if isinstance(to, Place):
            return {"thread": to.thread}
        return {"within": asked_in.room, "thread": asked_in.thread} if asked_in and asked_in.kind == "group" else {}

    @property
    def spoken_in(self) -> Place | None:
        """Where somebody did what this answers, if somebody did."""
        return None


def _described(file: Attachment, lies_on: str, otherwise: str) -> dict[str, str]:
    """The file without its content, as the outbox takes it."""
    place = {"lies_on": lies_on, "otherwise": otherwise} if lies_on else {}
    return {"name": file.name, "media_type": file.media_type, "reference": file.reference, **place}


def _once_in(room: Room, how: dict[str, Any]) -> dict[str, Any]:
    """What is said only once is said once in each room."""
    return {**how, "dedupe": f"{how['dedupe']}:{room.id}"} if how.get("dedupe") else how


@dataclass(frozen=True)
class Conversation(Context):
    """What a handler gets: the context, and who speaks to copbot, where, and in answer to what."""

    member: Member = field(kw_only=True)
    place: Place = field(kw_only=True)
    message: str = field(default="", kw_only=True)
    quoted: Quoted | None = field(default=None, kw_only=True)
    files: tuple[Received, ...] = field(default=(), kw_only=True)
    question: Question | None = field(default=None, kw_only=True)
    known: Mapping[Hashable, Any] = field(default_factory=dict, kw_only=True)
    event: Hashable = field(default="", kw_only=True)
    confidential: bool = field(default=False, kw_only=True)  #: what is replied leaves no trace in the main database
    speaker: tuple[int, Place] | None = field(default=None, kw_only=True)  #: the member who did what this answers, and where

    def is_asked_by(self, member: Member) -> bool:
        """Tell whether what is said now answers something this member did."""
        return self.speaker is not None and self.speaker[0] == member.id

    @property
    def spoken_in(self) -> Place | None:
        """Where somebody did what this answers, if somebody did."""
        return self.speaker[1] if self.speaker else None

    @property
    def is_private(self) -> bool:
        """Tell whether only this member reads what is replied."""
        return self.place.kind == "private"

    @property
    def reader(self) -> Words:
        """Writes for those who read here: the member in private, the group in a group."""
        return self.words_for(self.member) if self.is_private else self.words

    def reply(self, text: Text, *, anyone: bool = False, **how: Any) -> Letter | None:
        """Say something where the member spoke; with `anyone`, choices said in a group may be taken by all. Keywords:

        choices: answers offered, {key: label}; then: the step (function or name) that takes the answer; state: what to call it
        with besides; free: whether own words are an answer too (default: only where there are no choices); about: what the
        message is about, such as "practice:14"; attachment, with `lies_on` (the platform that holds it, if one does) and
        `otherwise` (what is said if it cannot be brought from there); dedupe: a key under which it is said once; expires_at.
        """
        if self.confidential and self.house.vault:
            self.house.vault.tell(self._here(), self.reader(text), self.now, self.event)
            return None
        if "then" in how:
            how.setdefault("before", self.question.id if self.question else None)
        member = None if anyone and not self.is_private else self.member
        return self._say(self.reader, self._here(), text, member=member, **self._threaded(how))

    def ask(self, text: Text, then: Callable[..., None] | str, choices: Mapping[str, Text] | None = None, **state: Any) -> None:
        """Ask the member something here; `then` is called with the answer and `state`."""
        self.reply(text, then=then, choices=choices, state=state)

    def ask_again(self, question: Question, opening: Text | None = None, *, words: Text | None = None) -> Letter | None:
        """Ask a question that was asked before, in the words it was asked in or in `words`, after `opening`."""
        question.closed = False
        written = self.reader(lines(opening, question.text if words is None else words))
        letter = self._put(self._here(), written, self.member, question, **self._threaded({}))
        keyboards.replace(self.tx, self.now, question)
        return letter

    def _here(self) -> Person | Place:
        return self.member.account.person if self.is_private else self.place

    def _threaded(self, how: dict[str, Any]) -> dict[str, Any]:
        return how if self.is_private else {"reply_to": self.message, **how}

    def whisper(self, text: Text, **how: Any) -> Letter | None:
        """Say it to the member alone, wherever they spoke."""
        return self.tell(self.member, text, **how)

    def point(self, text: Text) -> None:
        """Say in the group that it goes on in private. Who cannot be written to is shown the way there instead, by `reach`."""
        if not self.is_private and not self.member.account.unreachable:
            self.reply(text)

    def in_private(self) -> "Conversation":
        """The same conversation, going on in private."""
        place = Place(self.member.account.platform, self.member.account.user, "private")
        return self if self.is_private else replace(self, place=place, message="", question=None)

    def about(self, question: Question) -> "Conversation":
        """The same conversation, as the answer to this question."""
        return replace(self, question=question)

    def begin(self, member: Member, step: str, **state: Any) -> None:
        """Start a conversation with this member in private; what platforms said of rights holds there as well."""
        place = Place(member.account.platform, member.account.user, "private")
        STEPS[step](replace(self, member=member, place=place, message="", quoted=None, question=None), Answer(), **state)

    def is_facilitator(self) -> bool:
        """Tell whether whoever speaks facilitates. See `facilitating`."""
        return bool(self.facilitating([self.member]))

    def facilitating(self, members: Sequence[Member]) -> list[Member]:
        """Those of these members who facilitate: named by a facilitator, or an administrator of a room as of now.

        May raise AskPlatform; the event is then handled anew with the platform's word.
        """
        rooms = {member.id: [] if member.facilitator else self._rooms_of(member) for member in members}
        asked = [(place, member.account.person) for member in members for place in rooms[member.id]]
        if unknown := [question for question in asked if question not in self.known]:
            raise AskPlatform(unknown)
        return [
            member
            for member in members
            if member.facilitator or any(self.known[place, member.account.person] for place in rooms[member.id])
        ]

    def _rooms_of(self, member: Member) -> list[Place]:
        """The community's rooms on this member's platform."""
        platform = member.account.platform
        return [room.place for room in self.community.rooms if room.platform == platform and room.left_at is None]

    def worked(self, key: Hashable, work: Callable[[], T], *, at_least: float = 0.0) -> T:
        """The result of something slow. Raises AskWork at first; the event is then handled anew, and finds it.

        What went wrong in it is raised then.
        """
        try:
            result: T | Exception = self.known[key]
        except KeyError:
            raise AskWork(key, work, at_least) from None
        if isinstance(result, Exception):
            raise result
        return result
