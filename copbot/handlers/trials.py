"""What members made of a practice: said under it, with a word of context if they like; its author may change it there."""

from copbot.core.context import Answer, Conversation
from copbot.core.steps import step
from copbot.core.words import _, lines
from copbot.features import cards, parts
from copbot.store import trials
from copbot.store.practices import Practice
from copbot.store.questions import Question


@step
def made(talk: Conversation, answer: Answer, practice: int, results: int = 0) -> None:
    """Note what was chosen under a practice; the word of context is asked for in private."""
    found = talk.tx.get(Practice, practice)
    if found is None:
        talk.whisper(_("This practice has been withdrawn."))
        return
    if answer.choice in ("change", "withdraw"):
        talk.begin(talk.member, f"shelf.{answer.choice}", practice=practice)
        return
    if answer.choice == "back" and (before := talk.tx.get(Question, results)):
        talk.ask_again(before)
        return
    if answer.choice not in ("worked", "failed"):
        talk.in_private().reply(_("All right."))
        return
    if not talk.member.allows("practices"):
        talk.begin(talk.member, "welcome.consent", purpose="practices", text=f"/practice {found.number}")
        return
    if found.member_id == talk.member.id:
        talk.whisper(_("It is your own practice. To change or complete it: /practice {number}", number=found.number))
        return
    worked = answer.choice == "worked"
    trial = trials.note(talk.tx, found.id, talk.member, talk.now, worked=worked)
    talk.in_private().ask(
        lines(
            _("Noted under {practice}, thank you.", practice=cards.number(found)),
            _("Your words there so far: “{words}”", words=parts.shortened(trial.words, 150)) if trial.words else None,
            _("A word for the others, who read it with your name: with whom, how did it go? Or /skip")
            if worked
            else _("A word for the others, who read it with your name: where was it, what was missing? Or /skip"),
        ),
        said,
        practice=practice,
    )


@step
def said(talk: Conversation, answer: Answer, practice: int) -> None:
    """Keep the word of context under the practice."""
    found = talk.tx.get(Practice, practice)
    trial = trials.of(talk.tx, found.id, talk.member) if found else None
    if found is None:
        talk.reply(_("This practice has been withdrawn."))
        return
    if answer.skipped or trial is None:
        talk.reply(_("All right, without words. Thank you for saying it."))
        return
    trial.words, trial.at = parts.fitting("words", answer.text), talk.now
    talk.reply(_("Thank you. Your words now stand under {practice}.", practice=cards.number(found)))
