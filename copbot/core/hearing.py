"""What somebody wrote: a command, an answer to what copbot asked, or neither."""

from dataclasses import dataclass, replace

from copbot.core import answers, commands, door, manners, reach
from copbot.core.commands import Call
from copbot.core.context import Answer, Conversation
from copbot.core.errors import NotAnAnswer, Refusal
from copbot.core.running import Running
from copbot.core.steps import HEEDERS
from copbot.core.words import _
from copbot.letters import without_traps
from copbot.store import outbox, people, questions
from copbot.store.people import Community, Member
from copbot.store.questions import Question
from copbot.vocabulary import Illegible, Place, Said

#: Longer messages to copbot are turned down; nothing of them is kept.
LONGEST = 6000

_FORWARDED = _("You forwarded this, so I do not take it for a request of yours. If it is one, please write it to me.")

#: A message in a group that is not addressed to copbot may be a choice taken, if it is no longer than this.
_SHORT = 80


@dataclass(frozen=True)
class Hearing(Running):
    """Finds out what is meant and by whom, and has it done."""

    def _said(self, said: Said) -> None:
        text = without_traps(said.text).strip()
        if said.place.kind == "group":
            self._said_in_group(said, text)
            return
        home = self._home(said, text) or door.of_the_past(self.tx, said.person, text)
        if home is None:
            door.turn_away(self.tx, said, self.now, self.house)
            return
        reach.opened(self.tx, home.account, self.now)
        if text or said.files:
            self._heard(said, text, home.community, home, addressed=True)

    def _said_in_group(self, said: Said, text: str) -> None:
        """What was written elsewhere, or to others, is none of copbot's business."""
        addressed = bool(said.mentioned or said.reply_to or commands.is_command(text))
        if said.forwarded or not (addressed or text) or not (addressed or len(text) <= _SHORT):
            return
        community = people.community_of(self.tx, said.place)
        if community is None:
            door.knock(self.tx, said, text, self.now, self.house)
            return
        member = people.member_of(self.tx, community, said.person)
        if member is None and addressed and (said.mentioned or commands.find(text)):
            member = door.welcome(self._context(community), said.person, asked_in=said.place)
        if member and (text or said.files):
            self._heard(said, text, community, member, addressed=addressed)

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
        talk = self._talk(community, member, said.place, message=said.message, quoted=said.reply_to, files=said.files)
        call = commands.find(text)
        talk = replace(talk, event=(said.place.platform, said.event), confidential=self._is_confidential(call))
        if talk.is_private and (call is None or _stops(text)) and self._confided(talk, said, text):
            return
        if len(text) > LONGEST:
            if addressed and (talk.is_private or commands.is_command(text)):
                talk.reply(_("That is too long for me: {longest} characters at most. Nothing was kept.", longest=LONGEST))
            return
        if said.forwarded:
            self._passed_on(talk, text)
        elif call := call or self._bare(talk, said, text):
            talk = replace(talk, confidential=self._is_confidential(call))
            self._run(talk, lambda: self._command(talk, call, text))
        elif not self._answered(talk, said, text) and addressed:
            if not self._heeded(talk, text):
                self._not_understood(talk, text)
            return
        self._heeded(talk, text)

    def _heeded(self, talk: Conversation, text: str) -> bool:
        return talk.is_private and not talk.confidential and any(heed(talk, text) for heed in HEEDERS)

    def _is_confidential(self, call: Call | None) -> bool:
        return bool(call and call.command.confidential and self.house.vault)

    def _confided(self, talk: Conversation, said: Said, text: str) -> bool:
        """Take the words for a conversation kept apart, unless they answer a message of copbot's about something else."""
        if self.house.vault is None or (said.reply_to and self._question_of(said.place, said.reply_to.message)):
            return False
        if said.forwarded and self.house.vault.exchange(said.person, self.now):
            replace(talk, confidential=True).reply(_FORWARDED)
            return True
        return self._confide(replace(talk, confidential=True), text, "")

    def _passed_on(self, talk: Conversation, text: str) -> None:
        """What was forwarded may be somebody else's words: never a command or a choice, at most what is being told."""
        question = next(iter(questions.still_open(self.tx, talk.member.id, "")), None)
        if question and question.free and not commands.is_command(text):
            alone = answers.read(question, "", replying=True, files=talk.files)
            answer = Answer(text=text, files=talk.files) if text else alone
            if answer and self._given(talk, question, answer):
                return
        talk.reply(_FORWARDED)

    def _bare(self, talk: Conversation, said: Said, text: str) -> Call | None:
        """A command without its slash, in private or to copbot by name, unless it answers a question; help always."""
        to_copbot = talk.is_private or said.mentioned
        call = commands.find_bare(text) if to_copbot and not said.reply_to else None
        room = "" if talk.is_private else said.place.room
        question = next(iter(questions.still_open(self.tx, talk.member.id, room)), None) if call else None
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
            talk.point(_("One question first: I wrote to you in private."))
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
        answer = answers.read(question, text, replying=replying, files=talk.files)
        return answer is not None and self._given(talk, question, answer)

    def _given(self, talk: Conversation, question: Question, answer: Answer) -> bool:
        """Hand it to the step; False if the step finds that it is no answer."""
        try:
            self._run(talk.about(question), lambda: answers.take(talk.about(question), question, answer))
        except NotAnAnswer:
            return False
        return True

    def _illegible(self, event: Illegible) -> None:
        """Say how to be read, to those who may have written to copbot."""
        if event.place.kind == "group":
            community = people.community_of(self.tx, event.place)
            member = people.member_of(self.tx, community, event.person) if community else None
        else:
            member = next(iter(people.memberships(self.tx, event.person)[::-1]), None)
        if member:
            talk = self._talk(member.community, member, event.place, message=event.message)
            talk.reply(
                _(
                    "I could not read your last message: its key never reached me. If it was for me, please write it again. "
                    "Should that fail too, close your app and open it again first."
                )
            )

    def _not_understood(self, talk: Conversation, text: str) -> None:
        if not text:
            self._not_asked_for(talk)
            return
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

    def _not_asked_for(self, talk: Conversation) -> None:
        """Files alone, where nothing takes them."""
        if talk.is_private and next(iter(questions.still_open(self.tx, talk.member.id, "")), None):
            talk.reply(_("I kept nothing of that: this question needs words, or a number."))
        elif talk.is_private:
            talk.reply(_("I kept nothing of that. To make a practice of a picture or a voice message, write first: /share"))

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


def _stops(text: str) -> bool:
    return manners.plain(text.lstrip("/!")) in answers.STOP
