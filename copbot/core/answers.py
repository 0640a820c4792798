"""Answers to copbot's questions: reading them, handing them to the step that waits for them, going back, going on."""

from copbot.core import manners
from copbot.core.commands import match_choice
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import STEPS, TAKES_FILES
from copbot.core.words import _
from copbot.store import questions
from copbot.store.questions import Question
from copbot.vocabulary import Received

#: The same in both languages, with or without the slash.
SKIP = {"skip", "passer"}
BACK = {"back", "retour"}
STOP = {"stop", "arreter", "arrete", "j'arrete", "annuler", "annule", "cancel"}

#: Left for another time: the question stays open.
LATER = "later"


def read(question: Question, text: str, *, replying: bool, files: tuple[Received, ...] = ()) -> Answer | None:
    """What the words answer; None if they do not. Own words count only where they are said to copbot alone (`replying`).

    Files without a word are an answer where own words are and the step takes them.
    """
    if question.closed:
        return None
    if not text:
        return Answer(files=files) if files and replying and question.free and question.step in TAKES_FILES else None
    word = manners.plain(text.lstrip("/!"))
    if replying and word in SKIP | BACK | STOP:
        return Answer(text=word, skipped=word in SKIP, control="" if word in SKIP else word)
    labels = [label for _key, label in question.choices]
    index = match_choice(text, labels)
    if index is None and replying:
        index = manners.choice(text, question.choices)
    if index is not None:
        key, label = question.choices[index]
        return Answer(text=label, choice=key)
    if replying and not question.room and asks(question) and (manners.is_put_off(text) or manners.is_passed(text)):
        return Answer(text=text, control=LATER) if manners.is_put_off(text) else Answer(text=text, skipped=True)
    return Answer(text=text, files=files) if question.free and replying and not text.startswith(("/", "!")) else None


def asks(question: Question) -> bool:
    """Tell whether it asks something; below other messages choices are only on offer."""
    return not question.choices or "?" in shortly(question)


def shortly(question: Question) -> str:
    """The question itself, and an example under it; without what came before."""
    written = question.text.rstrip().splitlines() or [""]
    return "\n".join(written[-2:]) if "?" in written[-2:][0] and "?" not in written[-1] else written[-1]


def take(talk: Conversation, question: Question, answer: Answer) -> None:
    """Close the question and let its step go on; then return to a conversation that this one had interrupted."""
    if answer.control == LATER:
        talk.reply(_("All right. The question stays open: answer whenever you like."))
        return
    if question.member_id is not None:
        question.closed = True
    if answer.control in BACK:
        _go_back(talk, question)
        return
    if answer.control in STOP:
        talk.reply(_("All right, we stop here. What you had already answered is kept."))
        return
    STEPS[question.step](talk, answer, **question.state)
    if answer.files and question.step not in TAKES_FILES:
        talk.reply(_("I kept your words, but not the file: I have no use for it here."))
    if talk.is_private:
        _go_on(talk, question)


def _go_back(talk: Conversation, question: Question) -> None:
    before = talk.tx.get(Question, question.before) if question.before else None
    if before is None:
        raise Refusal(_("This is the first question; there is nothing to go back to."))
    talk.ask_again(before)


def _go_on(talk: Conversation, answered: Question) -> None:
    """Ask again what was left open in the middle of an earlier conversation."""
    talk.tx.flush()
    left = next(iter(questions.still_open(talk.tx, talk.member.id, "")), None)
    if left and left.id < answered.id and left.before and asks(left):
        talk.ask_again(left, _("Let us go on where we were."))
