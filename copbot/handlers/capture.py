"""Practices made of messages: only with the agreement of who wrote them, and following what becomes of the message."""

from typing import Any

from copbot.core import commands
from copbot.core.context import Answer, Conversation
from copbot.core.steps import listens, step
from copbot.core.words import _, lines
from copbot.features import approach, cards, files, parts
from copbot.letters import without_traps
from copbot.store import outbox, people, practices, questions
from copbot.store.people import Member
from copbot.store.practices import Practice
from copbot.vocabulary import Edited, Person, Reacted, Removed

#: The emoji by which members mark what is worth keeping.
_PIN = "📌"


@step
def quoted(
    talk: Conversation,
    _answer: Answer,
    author: list[str],
    text: str,
    title: str,
    source: list[str],
    came: list[list[Any]] | None = None,
) -> None:
    """Make a practice of a message: at once if it is the member's own, else once its author agrees."""
    member = people.member_of(talk.tx, talk.community, Person(*author)) if author else None
    known = practices.taken_from(talk.tx, talk.community, *source)
    text = without_traps(text).strip() or files.described(files.from_state(came or []), talk.words)
    if known:
        cards.show(talk, known, _("This message is a practice already:"))
    elif member is None or not text:
        talk.reply(_("I cannot see who wrote this message, or its words. You can tell it in your own: /share"))
    elif member.id == talk.member.id:
        talk.begin(talk.member, "practices.begin", text=text, title=title, source=source, came=came)
    else:
        talk.reply(_("These are words of {name}, so I ask {name} first. I come back to you with the answer.", name=member.name))
        state = {"asker": talk.member.id, "words": text[: parts.LONGEST["message"]], "title": title, "source": source}
        state["came"] = came or []
        approach.begin(talk, member, "capture.consider", key=f"capture:{source[-1]}:{talk.member.id}", **state)


@step
def consider(
    talk: Conversation,
    _answer: Answer,
    asker: int,
    words: str,
    title: str,
    source: list[str],
    came: list[list[Any]] | None = None,
) -> None:
    """Ask the author of a message whether it may become a practice."""
    found = talk.tx.get(Member, asker)
    if found is None or found.left_at or practices.taken_from(talk.tx, talk.community, *source):
        return
    talk.ask(
        lines(
            _("{name} finds that this message of yours could help the others:", name=found.name),
            _("“{words}”", words=parts.shortened(words, 300)),
            _("May I keep it among our practices? {name} would complete it with you as its author.", name=found.name),
        ),
        considered,
        {"named": _("Yes, with my name"), "unnamed": _("Yes, without my name"), "no": _("No, leave it")},
        asker=asker,
        words=words,
        title=title,
        source=source,
        came=came or [],
    )


@step
def considered(
    talk: Conversation,
    answer: Answer,
    asker: int,
    words: str,
    title: str,
    source: list[str],
    came: list[list[Any]] | None = None,
) -> None:
    """With the author's agreement, the one who asked goes on; without it nothing is kept."""
    found = talk.tx.get(Member, asker)
    _drop_words(talk)
    if answer.choice not in ("named", "unnamed"):
        talk.reply(_("All right. I keep nothing of it."))
        if found and not found.left_at:
            approach.begin(talk, found, "capture.declined", key=f"capture.declined:{source[-1]}")
        return
    if not words or found is None or found.left_at:
        talk.reply(_("Thank you. To tell it yourself: /share"))
        return
    talk.reply(_("Thank you. I show it to you once it is done; you can change it or take it back at any time."))
    state = {"author": talk.member.id, "named": answer.choice == "named", "text": words, "title": title, "source": source}
    approach.begin(talk, found, "practices.begin", key=f"capture.agreed:{source[-1]}", came=came, **state)


@step
def declined(talk: Conversation, _answer: Answer) -> None:
    """Tell the one who asked, without making a thing of it."""
    talk.reply(_("The message stays where it is, and no practice is made of it. To tell something of yours: /share"))


@step
def told(talk: Conversation, _answer: Answer, practice: int) -> None:
    """Show the author what was made of their message."""
    if found := talk.tx.get(Practice, practice):
        taken_back = _("If you delete your message, or want it back, tell me: /withdraw {number}", number=found.number)
        cards.show(talk, found, _("This is what was made of your message. Everybody here can now find it."), taken_back)


# What happens to messages


@listens(Reacted)
def pinned(talk: Conversation, event: Reacted) -> None:
    """A pin under a message: offer, in private, to make a practice of it."""
    message = event.quoted
    if _PIN not in event.emoji or not talk.member.allows("practices"):
        return
    if outbox.sent_as(talk.tx, event.place, message.message):
        return
    if not (message.text or message.files) or message.author is None:
        talk.whisper(_("To make a practice of the message you pinned, reply to it in the group with /share"))
        return
    mine = message.author.id == talk.member.account.user
    shown = parts.shortened(without_traps(message.text), 200) or files.described(message.files, talk.words_for(talk.member))
    private = talk.in_private()
    questions.close(talk.tx, talk.member.id, "capture.picked")
    private.ask(
        lines(
            _("You pinned this: “{words}”", words=shown),
            _("Shall we make a practice of it?")
            if mine
            else _("Shall we make a practice of it? {name} is asked first.", name=message.author.name),
        ),
        picked,
        {"yes": _("Yes"), "no": _("No")},
        author=[message.author.platform, message.author.id, message.author.name],
        words=message.text[: parts.LONGEST["message"]],
        came=files.as_state(message.files),
        source=[event.place.platform, event.place.room, message.message],
    )


@step
def picked(
    talk: Conversation, answer: Answer, author: list[str], words: str, source: list[str], came: list[list[Any]] | None = None
) -> None:
    """Go on with a message that was pinned, or leave it."""
    _drop_words(talk)
    if answer.choice == "yes" and (words or came):
        quoted(talk, Answer(), author, words, "", source, came)
    else:
        talk.reply(_("All right. I keep nothing of it."))


@listens(Edited)
def edited(talk: Conversation, event: Edited) -> None:
    """The message that a practice was made of was rewritten: offer its author to follow."""
    practice = _made_of(talk, event)
    title, text = _words_in(event.text)
    if practice is None or not text or " ".join(text.split()) == " ".join(practice.did.split()):
        return
    questions.close(talk.tx, talk.member.id, "capture.followed")
    talk.in_private().ask(
        lines(
            _("You have changed the message that became {practice}.", practice=cards.number(practice)),
            _("Shall I put the new words into the practice, too?"),
        ),
        followed,
        {"yes": _("Yes"), "no": _("No, leave the practice")},
        practice=practice.id,
        title=title,
        words=text,
    )


@step
def followed(talk: Conversation, answer: Answer, practice: int, title: str, words: str) -> None:
    """Put the new words of the message into the practice, or leave it."""
    found = talk.tx.get(Practice, practice)
    _drop_words(talk)
    if answer.choice != "yes" or found is None or found.member_id != talk.member.id or not words:
        talk.reply(_("All right, it stays as it is."))
        return
    practices.change(talk.tx, found, talk.now, did=words, **({"title": title} if title else {}))
    cards.show(talk, found, _("Changed. It now reads:"))


@listens(Removed)
def removed(talk: Conversation, event: Removed) -> None:
    """The message that a practice was made of was deleted: offer its author to withdraw the practice, too."""
    if practice := _made_of(talk, event):
        talk.in_private().reply(_("You have deleted the message that became {practice}.", practice=cards.number(practice)))
        talk.begin(talk.member, "shelf.withdraw", practice=practice.id)


def _made_of(talk: Conversation, event: Edited | Removed) -> Practice | None:
    practice = practices.taken_from(talk.tx, talk.community, event.place.platform, event.place.room, event.message)
    return practice if practice and practice.member_id == talk.member.id else None


def _words_in(text: str) -> tuple[str, str]:
    """Title and text of a message: of /share Title: text both, of anything else the text."""
    text = without_traps(text).strip()[: parts.LONGEST["message"]]
    if not commands.is_command(text):
        return "", text
    call = commands.find(text)
    line = parts.split(call.rest) if call else None
    return (parts.shortened(line[0], parts.LONGEST["title"]), line[1]) if line else ("", "")


def _drop_words(talk: Conversation) -> None:
    """Others' words are not kept longer than the question about them: what is left of it is its last line."""
    if talk.question:
        talk.question.state = {**talk.question.state, "words": "", "came": []}
        talk.question.text = talk.question.text.rpartition("\n")[2]
