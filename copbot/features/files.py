"""Files that come with practices and answers: whether they fit, what they are called, and how they are handed over again."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from copbot.core.context import Answer, Context, Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Sentence, Text, Words, _, _n, lines
from copbot.store import attachments
from copbot.store.attachments import LARGEST, MOST, Attachment
from copbot.store.people import Member
from copbot.vocabulary import Attachment as File
from copbot.vocabulary import Received

#: So many files are put into a group at a time; the others are for those who ask in private.
_MOST_IN_GROUP = 3

_KINDS: Mapping[str, Callable[[int], Sentence]] = {
    "picture": lambda count: _n("a picture", "{count} pictures", count),
    "voice": lambda count: _n("a voice message", "{count} voice messages", count),
    "audio": lambda count: _n("a sound", "{count} sounds", count),
    "video": lambda count: _n("a video", "{count} videos", count),
    "document": lambda count: _n("a document", "{count} documents", count),
}


def described(files: Sequence[Received | Attachment], reader: Words) -> str:
    """ "2 pictures and a voice message"."""
    counts = Counter(file.kind for file in files)
    return reader.list(one(counts[kind]) for kind, one in _KINDS.items() if counts[kind])


def in_words(answer: Answer, reader: Words) -> Answer:
    """The answer with something to read: what the files are, where they came without a word."""
    if answer.text or not answer.files:
        return answer
    return Answer(text=described(answer.files, reader), files=answer.files)


def keep(context: Context, member: Member, files: Sequence[Received], already: Sequence[Attachment] = (), **where: Any) -> None:
    """Note the member's files; `where` and the rest are as for `attachments.keep`. Raises Refusal where they do not fit."""
    if any(file.size > LARGEST for file in files):
        most = LARGEST // 1_000_000
        raise Refusal(_("This file is too large for me: {most} megabytes at most. Nothing of it was kept.", most=most))
    if len(already) + len(files) > MOST:
        raise Refusal(_("That is more files than I can keep with one practice or answer: {most} at most.", most=MOST))
    attachments.keep(context.tx, member, files, context.now, **where)


def hand_over(talk: Conversation, files: Sequence[Attachment], opening: Text) -> None:
    """Give them where the member spoke, one message each; in a group a few."""
    shown = files if talk.is_private else files[:_MOST_IN_GROUP]
    for file in shown:
        talk.reply(lines(opening, file.caption or None), **given(file, talk.reader))
    if len(shown) < len(files):
        talk.reply(_("There is more. To have it all, write to me in private: {what}", what=opening))


def given(file: Attachment, reader: Words) -> dict[str, Any]:
    """A file as `reply`, `tell` and `announce` take it, with what is said in its place where it cannot be brought."""
    name = file.name or f"{file.kind}{_ENDINGS.get(file.media_type, '')}"
    return {
        "attachment": File(name, file.media_type, b"", file.reference),
        "lies_on": file.platform,
        "otherwise": reader(_("I could not bring {what} over from where it lies.", what=described([file], reader))),
    }


_ENDINGS = {"audio/ogg": ".ogg", "audio/mpeg": ".mp3", "image/jpeg": ".jpg", "image/png": ".png", "video/mp4": ".mp4"}


def as_state(files: Sequence[Received]) -> list[list[Any]]:
    """Files as the state of a question keeps them."""
    return [[file.kind, file.reference, file.name, file.media_type, file.size] for file in files]


def from_state(state: Sequence[Sequence[Any]]) -> tuple[Received, ...]:
    """The same back."""
    return tuple(Received(*one) for one in state)
