"""/share: putting down a practice, in one line, from a message, or step by step in private."""

from typing import Any

from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.steps import step, takes_files
from copbot.core.words import Text, _, lines
from copbot.features import cards, files, parts, sharing
from copbot.store import attachments, drafts, likeness, outbox, questions, trials
from copbot.store.drafts import Draft
from copbot.store.people import Member
from copbot.store.practices import Practice

_QUESTIONS = {
    "title": _("What would you call it, in a few words? For example: visual planning at snack time"),
    "context": _("In what situation was it? For whom, where, how many people? In a sentence or two."),
    "did": _("What was done, step by step? In a few sentences."),
    "changed": _("What did it change, for you or for others? In a sentence or two."),
    "redo": _("What does one need to do it again elsewhere: time, means, people? In a sentence or two."),
    "tags": _("Under which words shall I file it? For example: #meals #autism"),
}

_GONE = _("This draft is gone. To begin another one: /share")


@command(
    "share",
    "fiche",
    help=_("Keeps something you did, so that the others can take it up."),
    examples=[_("/share"), _("/share Visual planning: at snack time each child sees what comes next")],
    consent="practices",
)
def share(talk: Conversation, words: Rest = "") -> None:
    """Everything /share can mean: a number to open, a message to keep, a line, or the start of a conversation in private."""
    if words.lstrip("#").isdecimal() and len(words) < 10:
        cards.show(talk, cards.numbered(talk, int(words.lstrip("#"))))
    elif talk.quoted and not outbox.sent_as(talk.tx, talk.place, talk.quoted.message):
        quoted = talk.quoted
        author = [quoted.author.platform, quoted.author.id, quoted.author.name] if quoted.author else []
        source = [talk.place.platform, talk.place.room, quoted.message]
        came = files.as_state(quoted.files)
        talk.begin(talk.member, "capture.quoted", author=author, text=quoted.text, title=words, source=source, came=came)
        _point_to_private(talk)
    elif line := parts.split(words):
        _one_line(talk, *line)
    elif words or talk.files:
        text = words or files.described(talk.files, talk.words_for(talk.member))
        from_words(talk, Answer(), text, files.as_state(talk.files))
        _point_to_private(talk)
    else:
        _start(talk.in_private())
        _point_to_private(talk)


@command(
    "practice",
    "pratique",
    help=_("Opens a practice by its number."),
    examples=[_("/practice 14")],
)
def practice(talk: Conversation, number: int) -> None:
    """Show it, with what may be done under it."""
    cards.show(talk, cards.numbered(talk, number))


def _point_to_private(talk: Conversation) -> None:
    talk.point(_("I wrote to you in private."))


def _one_line(talk: Conversation, title: str, did: str) -> None:
    draft = drafts.begin(talk.tx, talk.member, talk.now, title=parts.fitting("title", title), did=parts.fitting("did", did))
    draft.reached = drafts.ASKED[-1]
    files.keep(talk, talk.member, talk.files, draft=draft.id)
    if not talk.is_private:
        draft.platform, draft.room, draft.message = talk.place.platform, talk.place.room, talk.message
    _settle(talk, draft)


def _start(talk: Conversation) -> None:
    """Go on with what was begun, if the member likes; else begin."""
    draft = drafts.unfinished(talk.tx, talk.member)
    if draft is None:
        begin(talk, Answer())
        return
    begun = parts.shortened(draft.title or draft.did or draft.context or draft.changed or draft.redo, 80)
    talk.ask(
        _("You had begun to put this down: “{words}”. Shall we go on with it?", words=begun),
        resumed,
        {"go_on": _("Go on with it"), "new": _("Begin another one"), "drop": _("Throw it away")},
        draft=draft.id,
    )


@step
def resumed(talk: Conversation, answer: Answer, draft: int) -> None:
    """Go on with a draft, leave it for later, or throw it away."""
    found = drafts.own(talk.tx, talk.member, draft)
    if answer.choice == "drop":
        if found:
            drafts.drop(talk.tx, found)
        talk.reply(_("It is gone. To begin another one: /share"))
    elif answer.choice == "go_on" and found:
        questions.close(talk.tx, talk.member.id, "practices.")
        _go_on(talk, found)
    else:
        begin(talk, Answer())


@step
def from_words(talk: Conversation, _answer: Answer, text: str, came: list[list[Any]] | None = None) -> None:
    """Begin the guided conversation with `text` as what was done, and the files that came with it."""
    if talk.member.allows("practices"):
        begin(talk, Answer(), text=text, came=came)
    else:
        talk.begin(talk.member, "welcome.consent", purpose="practices", text=f"/share {text}")


@step
def begin(
    talk: Conversation,
    _answer: Answer,
    text: str = "",
    title: str = "",
    author: int = 0,
    source: list[str] | None = None,
    came: list[list[Any]] | None = None,
    **more: Any,
) -> None:
    """Begin the guided conversation; `author` is whose words `text` are, `source` their message, `came` its files."""
    talk = talk.in_private()
    questions.close(talk.tx, talk.member.id, "practices.")
    member = talk.tx.get(Member, author) if author else None
    more |= dict(zip(("platform", "room", "message"), source or [], strict=False))
    did, title = text[: parts.LONGEST["message"]], parts.shortened(title, parts.LONGEST["title"])
    draft = drafts.begin(talk.tx, talk.member, talk.now, author=member, did=did, title=title, **more)
    files.keep(talk, member or talk.member, files.from_state(came or []), draft=draft.id)
    opening: list[Text] = [_("{name} agrees.", name=member.name)] if member and member.id != talk.member.id else []
    if text:
        opening.append(_("I start from: “{words}”", words=parts.shortened(text, 120)))
    opening.append(_("A few short questions. To leave one out: /skip. To return to the one before: /back."))
    _go_on(talk, draft, *opening)


@takes_files
@step
def told(talk: Conversation, answer: Answer, draft: int, part: str) -> None:
    """Keep what was answered to one question, and ask the next."""
    found = drafts.own(talk.tx, talk.member, draft)
    if found is None:
        talk.reply(_GONE)
        return
    answer = answer if part == "tags" else files.in_words(answer, talk.reader)
    files.keep(talk, found.author, answer.files, attachments.of_draft(talk.tx, found.id), draft=found.id, part=part)
    if part == "tags" and answer.text and not answer.skipped:
        found.tags = parts.tags_in(answer.text)
    elif part != "tags" and not answer.skipped:
        setattr(found, part, parts.fitting(part, answer.text))
    found.reached, found.changed_at = part, talk.now
    talk.tx.flush()
    _go_on(talk, found)


def _go_on(talk: Conversation, draft: Draft, *opening: Text) -> None:
    part = draft.next_part()
    if part:
        talk.ask(lines(*opening, _QUESTIONS[part]), told, draft=draft.id, part=part)
    elif draft.is_empty:
        drafts.drop(talk.tx, draft)
        talk.reply(_("There is nothing to keep yet, and that is fine. Whenever you like: /share"))
    else:
        _settle(talk, draft)


def _settle(talk: Conversation, draft: Draft) -> None:
    """Keep the practice, after showing those that look like it, if any do."""
    alike = likeness.alike(talk.tx, talk.community, draft)
    if not alike:
        _publish(talk, draft)
        return
    _point_to_private(talk)
    talk.in_private().ask(
        _("Before I keep it: this looks like something that is there already. What would you like?"),
        compared,
        {"keep": _("Keep mine as well")}
        | {str(one.id): _("Open “{title}”", title=parts.shortened(one.title, 60)) for one in alike}
        | {"later": _("Leave mine as a draft")},
        draft=draft.id,
    )


@step
def compared(talk: Conversation, answer: Answer, draft: int) -> None:
    """Keep the new practice, or look at the one that is like it first."""
    found = drafts.own(talk.tx, talk.member, draft)
    if found is None:
        talk.reply(_GONE)
        return
    similar = talk.tx.get(Practice, int(answer.choice)) if answer.choice.isdecimal() else None
    if similar:
        others = {"same": _("It is the same: I tried it")} if similar.member_id != talk.member.id else {}
        talk.ask(
            lines(cards.card(talk.tx, similar, talk.reader), "", _("And yours?")),
            decided,
            {"keep": _("Keep mine as well"), **others, "later": _("Leave mine as a draft")},
            draft=draft,
            similar=similar.id,
        )
    elif answer.choice == "keep":
        _publish(talk, found)
    else:
        talk.reply(_("Your draft waits for you: /share"))


@step
def decided(talk: Conversation, answer: Answer, draft: int, similar: int) -> None:
    """The new practice is another one, or turns out to be a trial of the one that was there."""
    found, theirs = drafts.own(talk.tx, talk.member, draft), talk.tx.get(Practice, similar)
    if answer.choice == "same" and found and theirs:
        trial = trials.note(talk.tx, theirs.id, talk.member, talk.now, worked=True)
        trial.words = parts.shortened(found.did or found.title, parts.LONGEST["words"])
        drafts.drop(talk.tx, found)
        talk.reply(_("Thank you. Your words now stand under {practice}.", practice=cards.number(theirs)))
    else:
        compared(talk, answer, draft)


def _publish(talk: Conversation, draft: Draft) -> None:
    practice = sharing.publish(talk, draft)
    if talk.is_private:
        cards.show(talk, practice, _("Thank you. Everybody here can now find it."))
    else:
        thanks = _("Thank you {name}. It is {practice}.", name=talk.member.name, practice=cards.number(practice))
        talk.reply(thanks, about=f"practice:{practice.number}")
