"""How a practice is shown: its words, who shared it, what others made of it, and what may be done under it."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.parts import shortened
from copbot.core.words import Sentence, Text, Words, _, _n, lines
from copbot.store import practices
from copbot.store.practices import Echo, Practice
from copbot.vocabulary import Attachment

#: A practice with more characters than this is shown in extracts, with the whole as a file.
_LONGEST = 3000
_EXTRACT = 400

#: So many of others' words are shown under a practice, the newest.
_VOICES = 3


def show(talk: Conversation, practice: Practice, *opening: Text, back: Text | None = None) -> None:
    """Show it where the member spoke; in a group anybody may then say that they tried it. `back` leads to the question before."""
    mine = talk.is_private and practice.member_id == talk.member.id
    offered = offers(practice, talk.reader, mine=mine)
    if back and talk.is_private:
        offered["choices"] = {**offered["choices"], "back": back}
    talk.reply(lines(*opening, card(talk.tx, practice, talk.reader)), anyone=True, **offered)


def offers(practice: Practice, reader: Words, *, mine: bool) -> dict[str, Any]:
    """What may be done under it, as `reply` and `tell` take it; its author may change it."""
    choices = {"change": _("Change or complete it"), "withdraw": _("Withdraw it")} if mine else _TRIED
    return {
        "choices": choices,
        "then": "trials.made",
        "state": {"practice": practice.id},
        "about": f"practice:{practice.number}",
        "attachment": _whole(practice, reader),
    }


_TRIED = {"worked": _("I tried it"), "failed": _("It didn't work for me")}


def card(tx: Session, practice: Practice, reader: Words) -> Text:
    """Its words, who shared it and when, and what others made of it."""
    echo = practices.echo(tx, practice)
    most = None if _size(practice) <= _LONGEST else _EXTRACT
    return lines(
        _("Practice {number}: {title}", number=practice.number, title=practice.title),
        *_parts(practice, most),
        " ".join(f"#{tag.label}" for tag in practice.tags) or None,
        _byline(practice, reader),
        *_echo(echo),
    )


def number(practice: Practice) -> Sentence:
    """The practice as it is spoken of in a sentence."""
    return _("practice {number}, “{title}”", number=practice.number, title=practice.title)


def day(practice: Practice, reader: Words) -> date:
    """When it was shared, where the reader lives."""
    return practice.created_at.astimezone(ZoneInfo(reader.zone)).date()


def numbered(talk: Conversation, number: int) -> Practice:
    """The practice that the community knows by this number. Raises Refusal where there is none."""
    practice = practices.numbered(talk.tx, talk.community, number)
    if practice is None:
        raise Refusal(_("There is no practice {number} here. To see them all: /practices", number=number))
    return practice


def _parts(practice: Practice, most: int | None) -> Iterator[Text]:
    def fit(words: str) -> str:
        return shortened(words, most) if most else words

    if practice.context:
        yield _("Situation: {words}", words=fit(practice.context))
    if practice.did:
        yield _("What was done: {words}", words=fit(practice.did))
    if practice.changed:
        yield _("What it changed: {words}", words=fit(practice.changed))
    if practice.redo:
        yield _("To do it again: {words}", words=fit(practice.redo))


def _byline(practice: Practice, reader: Words) -> Text:
    when = day(practice, reader)
    if practice.named and practice.author:
        return _("Shared by {name} on {day}.", name=practice.author.name, day=when)
    return _("Shared on {day}.", day=when)


def _echo(echo: Echo) -> Iterator[Text]:
    if echo.worked:
        yield _n("It worked for one person.", "It worked for {count} people.", echo.worked)
    if echo.failed:
        yield _n("It did not work for one person.", "It did not work for {count} people.", echo.failed)
    for trial in [trial for trial in echo.trials if trial.words][:_VOICES]:
        yield _("{name}: {words}", name=trial.member.name, words=shortened(trial.words, 200))


def _size(practice: Practice) -> int:
    return sum(len(getattr(practice, part)) for part in practices.PARTS)


def _whole(practice: Practice, reader: Words) -> Attachment | None:
    if _size(practice) <= _LONGEST:
        return None
    text = reader(lines(practice.title, "", *_parts(practice, None)))
    return Attachment(f"practice-{practice.number}.txt", "text/plain", text.encode())
