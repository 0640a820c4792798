"""/checkin open, status, close, questions: how facilitators run a round of check-ins."""

import re

from copbot.core.commands import Rest, command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Text, _, _n, lines
from copbot.features import questionnaire, rounds
from copbot.features.questionnaire import QUESTIONS
from copbot.letters import fold
from copbot.store import checkins, schedules
from copbot.store import rounds as kept

#: The longest wording of a question.
_LONGEST = 300

_RESET = {"reset", "retablir", "origine"}


@command(
    "checkin open",
    "bilan ouvrir",
    help=_("Opens a check-in; a question of your own may follow."),
    examples=[_("/checkin open"), _("/checkin open What changed at mealtimes?")],
    role="facilitator",
    also=[
        "bilan lancer",
        "bilan demarrer",
        "bilan commencer",
        "bilan nouveau",
        "bilan ouvert",
        "checkin start",
        "checkin begin",
        "checkin new",
    ],
)
def open_(talk: Conversation, question: Rest = "") -> None:
    """Ask everybody, each in their own hours."""
    if running := kept.running(talk.tx, talk.community.id):
        raise Refusal(
            lines(_("A check-in is open already, until {when}.", when=running.closes_at), _("To close it now: /checkin close"))
        )
    new = rounds.open_round(talk, opener=talk.member, question=_short(question))
    talk.reply(
        lines(
            _("The check-in is open until {when}.", when=new.closes_at),
            _("I ask each of you in private, in your own hours. Two minutes are enough."),
        )
    )
    rounds.ask_everybody(talk, new)


@command(
    "checkin status",
    "bilan état",
    help=_("Tells you in private how many have answered."),
    examples=[_("/checkin status")],
    role="facilitator",
    also=["bilan statut", "bilan situation", "bilan avancement", "bilan point", "bilan reponses", "checkin state"],
)
def status(talk: Conversation) -> None:
    """Figures without names, and when the next round opens."""
    round = kept.running(talk.tx, talk.community.id)
    coming = checkins.next_opening(talk.tx, talk.community)
    talk.whisper(
        lines(
            *(_open_figures(talk, round) if round else [_("No check-in is open. To open one: /checkin open")]),
            _("The next one opens on {when}.", when=coming) if coming else None,
        )
    )


@command(
    "checkin close",
    "bilan fermer",
    help=_("Closes the check-in and brings its digest to the group."),
    examples=[_("/checkin close")],
    role="facilitator",
    also=["bilan clore", "bilan cloturer", "bilan terminer", "bilan finir", "checkin end", "checkin finish"],
)
def close(talk: Conversation) -> None:
    """End the round before its time."""
    round = kept.running(talk.tx, talk.community.id)
    if round is None:
        raise Refusal(_("No check-in is open. To open one: /checkin open"))
    schedules.cancel(talk.tx, f"checkins.close:{round.id}")
    talk.reply(_("The check-in is closed."))
    rounds.close_round(talk, round)


@command(
    "checkin questions",
    "bilan questions",
    help=_("Shows the questions of check-ins, or changes one."),
    examples=[_("/checkin questions"), _("/checkin questions 4 What made it easier?"), _("/checkin questions reset")],
    role="facilitator",
)
def questions(talk: Conversation, number: str = "", wording: Rest = "") -> None:
    """The community's own wording, over the template."""
    if fold(number) in _RESET and not wording:
        questionnaire.reset(talk.community)
        talk.reply(_("The questions are as they were at first. To see them: /checkin questions"))
    elif number and wording:
        key = _key(number)
        questionnaire.reword(talk.community, key, _short(wording))
        talk.reply(_("Noted, question {number} is now: {wording}", number=number, wording=_short(wording)))
    elif number:
        _key(number)
        raise Refusal(
            _("What should question {number} be? For example: /checkin questions 4 What made it easier?", number=number)
        )
    else:
        shown = enumerate((questionnaire.wording(talk, talk.member, key) for key in QUESTIONS), 1)
        listed = [_("{number}. {wording}", number=index, wording=words) for index, words in shown]
        talk.reply(lines(*listed, _("To change one: /checkin questions 4 What made it easier?")))


def _open_figures(talk: Conversation, round: kept.Round) -> list[Text]:
    """How many, never who."""
    asked = checkins.all_in_round(talk.tx, round.id)
    answered = sum(1 for one in asked if one.answered_at)
    return [
        _("A check-in is open until {when}.", when=round.closes_at),
        _n(
            "Of the {count} person asked so far, {answered} answered.",
            "Of the {count} people asked so far, {answered} answered.",
            len(asked),
            answered=answered,
        ),
        _("To close it now: /checkin close"),
    ]


def _key(number: str) -> str:
    digits = number.rstrip(".)")
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= len(QUESTIONS)):
        raise Refusal(_("The questions are numbered from 1 to {last}. To see them: /checkin questions", last=len(QUESTIONS)))
    return QUESTIONS[int(digits) - 1]


def _short(question: str) -> str:
    words = re.sub(r"\s+", " ", question).strip()
    if len(words) > _LONGEST:
        raise Refusal(_("A shorter question, please: {longest} characters at most.", longest=_LONGEST))
    return words
