"""Bringing to Telegram what copbot says: one message after the other, and what to do where Telegram refuses.

Telegram knows no message twice: what is sent again is read again. So where no answer came, which mostly means that the message
arrived, it is sent again only once the server has answered something else, and once only; a message that got no answer twice on
a connection that works counts as sent. Where no connection stood, nothing was sent, and it is tried as often as need be.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError, TimedOut

from copbot.adapters.telegram import faults, outgoing
from copbot.adapters.telegram.incoming import PLATFORM
from copbot.adapters.telegram.outgoing import divide
from copbot.adapters.telegram.request import Api
from copbot.vocabulary import Attachment, Outgoing, Person, Place, Unreachable

log = structlog.get_logger()

#: Seconds that an upload may take.
_UPLOAD = 120.0


class Sender:
    """Sends; `moved` is called with a group's old address and its new one when that is learnt on the way."""

    def __init__(self, api: Api, moved: Callable[[str, str], None]) -> None:
        self._api = api
        self._tell_moved = moved
        self._moves: dict[str, str] = {}
        self._unanswered: set[int] = set()
        self._shows_to_one: bool | None = None

    async def send(self, said: Outgoing) -> str:
        """Do it, and answer the id of the message, of the last one where it takes several."""
        try:
            match said.act:
                case "say":
                    return await self._say_all(said)
                case "strip":
                    await self._strip(said)
                case "remove":
                    await self._remove(said)
                case "forget":
                    pass
        except TelegramError as problem:
            raise faults.translated(problem, private=isinstance(said.to, Person)) from None
        return ""

    async def _say_all(self, said: Outgoing) -> str:
        now, later = divide(said)
        message = await self._say(now)
        while later is not None:
            now, later = divide(later)
            message = await self._say(now)
        if said.leave and isinstance(said.to, Place):
            await self._gently("leaveChat", chat_id=self.chat(said.to))
        return message

    async def _say(self, said: Outgoing) -> str:
        if not (said.attachment or said.choices or said.text.strip()):
            return ""
        try:
            return await self._once(said)
        except ChatMigrated as problem:
            self.has_moved(self.chat(said.to), str(problem.new_chat_id))
            return await self._once(said)
        except (BadRequest, Forbidden) as problem:
            return await self._otherwise(said, problem)

    async def _otherwise(self, said: Outgoing, problem: TelegramError) -> str:
        """What can be done where Telegram does not take it as it is."""
        if isinstance(said.to, Place) and said.to.thread and faults.is_about_the_topic(problem):
            _warn(said, "topic closed", error=type(problem).__name__)
            return await self._say(replace(said, to=replace(said.to, thread="")))
        if said.attachment and isinstance(problem, BadRequest) and faults.is_about_the_file(problem):
            return await self._plainly(said, said.attachment)
        refusal = faults.translated(problem, private=isinstance(said.to, Person))
        unknown = isinstance(refusal, Unreachable) and refusal.reason == "never started"
        if unknown and said.within and not said.confidential and isinstance(said.to, Person):
            return await self._show_to_one(said, said.to, said.within)
        raise problem

    async def _plainly(self, said: Outgoing, file: Attachment) -> str:
        """Send a picture or a voice as a document; what Telegram takes in no way, or holds no more, is left out."""
        method, parameters = outgoing.request(said, self.chat(said.to))
        if file.content and method != "sendDocument":
            with suppress(BadRequest):
                return _id_of(await self._api.call("sendDocument", **outgoing.as_document(parameters, file)))
        _warn(said, "file left out")
        return await self._say(replace(said, attachment=None))

    async def _once(self, said: Outgoing) -> str:
        """Send it; after a time-out, see first that the server answers at all."""
        again = said.id in self._unanswered
        if again:
            await self._api.call("getMe")
        method, parameters = outgoing.request(said, self.chat(said.to))
        try:
            sent = await self._api.call(method, within=_UPLOAD if said.attachment else None, **parameters)
        except TimedOut:
            self._unanswered ^= {said.id}
            if again:
                _warn(said, "taken for sent")
                return ""
            raise
        self._unanswered.discard(said.id)
        return _id_of(sent)

    # What only one member of a group sees

    async def _show_to_one(self, said: Outgoing, person: Person, group: Place) -> str:
        """Show it in the group to the person alone, where the server can.

        A server that does not know of such messages would show it to all: it is asked first for something harmless.
        """
        chat, receiver = self.chat(group), int(person.id)
        if not await self._can_show_to_one(chat, receiver):
            raise Unreachable("never started")
        method, parameters = outgoing.request(said, chat)
        parameters.pop("reply_parameters", None)
        try:
            sent = await self._api.call(method, **parameters, ephemeral_message_parameters={"receiver_user_id": receiver})
        except (BadRequest, Forbidden):
            raise Unreachable("never started") from None
        if "ephemeral_message_id" in sent:
            return f"{chat}/{sent['ephemeral_message_id']}"
        self._shows_to_one = False
        await self._gently("deleteMessage", chat_id=chat, message_id=sent["message_id"])
        log.error("shown to all and removed", platform=PLATFORM)
        raise Unreachable("never started")

    async def _can_show_to_one(self, chat: str, receiver: int) -> bool:
        if self._shows_to_one is None:
            try:
                await self._api.call("deleteEphemeralMessage", chat_id=chat, receiver_user_id=receiver, ephemeral_message_id=1)
                self._shows_to_one = True
            except BadRequest:
                self._shows_to_one = True
            except InvalidToken:  # what it answers to a name it does not know
                self._shows_to_one = False
        return self._shows_to_one

    # Other acts

    async def _strip(self, said: Outgoing) -> None:
        """Take the choices off; where they are gone already, all is well."""
        group, slash, number = said.reply_to.partition("/")
        if slash and isinstance(said.to, Person):
            where = _seen_by_one(group, said.to, number)
            await self._gently("editEphemeralMessageReplyMarkup", **where)
        elif said.reply_to.isdecimal():
            await self._gently("editMessageReplyMarkup", chat_id=self.chat(said.to), message_id=int(said.reply_to))

    async def _remove(self, said: Outgoing) -> None:
        """Delete it, where Telegram lets a bot: its own for two days, those of others as an administrator.

        Where it is gone already, or stays, nothing is logged: what is removed was said in confidence, and a line has a date.
        """
        group, slash, number = said.reply_to.partition("/")
        if slash and isinstance(said.to, Person):
            where = _seen_by_one(group, said.to, number)
            await self._gently("deleteEphemeralMessage", **where)
        else:
            number = said.reply_to if said.reply_to.isdecimal() else "0"
            await self._gently("deleteMessage", chat_id=self.chat(said.to), message_id=int(number))

    async def _gently(self, method: str, **parameters: Any) -> None:
        """Do it if it can be done."""
        with suppress(BadRequest, Forbidden, ChatMigrated):
            await self._api.call(method, **parameters)

    # Addresses

    def chat(self, to: Person | Place) -> str:
        """Where that is by now."""
        if isinstance(to, Person):
            return to.id
        return self._moves.get(to.room, to.room)

    def has_moved(self, room: str, to: str) -> None:
        """A group lives elsewhere now; it is told once."""
        if room not in self._moves:
            self._moves[room] = to
            self._tell_moved(room, to)


def _warn(said: Outgoing, event: str, **of: str) -> None:
    """Log what became of a message; of what is confidential nothing, for a line would tell when it was said."""
    if not said.confidential:
        log.warning(event, platform=PLATFORM, **of)


def _id_of(sent: Any) -> str:
    return str(sent["message_id"])


def _seen_by_one(group: str, person: Person, number: str) -> dict[str, Any]:
    return {"chat_id": group, "receiver_user_id": int(person.id), "ephemeral_message_id": int(number)}
