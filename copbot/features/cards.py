"""How a practice is shown: its words, who shared it, what others made of it, and what may be done under it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from copbot.core.context import Context, Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Sentence, Text, Words, _, _n, lines
from copbot.features import files
from copbot.features.parts import shortened
from copbot.store import attachments, practices
from copbot.store.outbox import Letter
from copbot.store.practices import Echo, Practice
from copbot.store.questions import Question
from copbot.vocabulary import Attachment

#: A practice with more characters than this is shown in extracts, with the whole as a file.
_LONGEST = 3000
_EXTRACT = 400

#: So many of others' words are shown under a practice, the newest.
_VOICES = 3


def show(talk: Conversation, practice: Practice, *opening: Text, back: Text | None = None) -> None:
    """Show it where the member spoke; in a group anybody may say that they tried it. `back` leads to the question before."""
    mine = talk.is_private and practice.member_id == talk.member.id
    offered = offers(practice, talk.reader, mine=mine)
    if back and talk.is_private and talk.question:
        offered["choices"] = {**offered["choices"], "back": back}
        offered["state"] = {**offered["state"], "results": talk.question.id}
    shown = talk.reply(lines(*opening, card(talk.tx, practice, talk.reader)), anyone=True, **offered)
    keep_short(talk, shown, practice, talk.reader)
    files.hand_over(talk, attachments.of_practice(talk.tx, practice.id), _("With practice {number}", number=practice.number))


def keep_short(context: Context, shown: Letter | None, practice: Practice, reader: Words) -> None:
    """Of a card that was shown, the question under it remembers the title alone: the words stay in one place."""
    if shown and (question := context.tx.get(Question, shown.question_id)):
        question.text = reader(_title(practice))


def offers(practice: Practice, reader: Words, *, mine: bool) -> dict[str, Any]:
    """What may be done under it, as `reply` and `tell` take it; its author may change it."""
    choices = {"change": _("Change or complete it"), "withdraw": _("Withdraw it")} if mine else _TRIED
    return {
        "choices": choices,
        "then": "trials.made",
        "state": {"practice": practice.id},
        "about": f"practice:{practice.number}",
        "before": None,  # nobody is reminded of a card that they only read
        "attachment": _whole(practice, reader),
    }


_TRIED = {"worked": _("I tried it"), "failed": _("It didn't work for me")}


def card(tx: Session, practice: Practice, reader: Words) -> Text:
    """Its words, who shared it and when, and what others made of it."""
    echo, given = practices.echo(tx, practice), attachments.of_practice(tx, practice.id)
    most = None if _size(practice) <= _LONGEST else _EXTRACT
    return lines(
        _title(practice),
        *_parts(practice, most),
        _("With it: {files}", files=files.described(given, reader)) if given else None,
        " ".join(f"#{tag.label}" for tag in practice.tags) or None,
        _byline(practice, reader),
        *_echo(echo),
    )


def _title(practice: Practice) -> Sentence:
    return _("Practice {number}: {title}", number=practice.number, title=practice.title)


def number(practice: Practice) -> Sentence:
    """The practice as it is spoken of in a sentence."""
    return _("practice {number}, “{title}”", number=practice.number, title=practice.title)


def day(shared_at: datetime, reader: Words) -> date:
    """The day it was shared, where the reader lives."""
    return shared_at.astimezone(ZoneInfo(reader.zone)).date()


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
    when = day(practice.created_at, reader)
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
