"""The questions of a check-in: their wording, the answers offered, which comes after which, and how an answer is kept."""

from collections.abc import Mapping
from datetime import datetime

from copbot.calendar import times
from copbot.core.context import Answer, Context
from copbot.core.errors import Refusal
from copbot.core.house import DEFAULTS, House
from copbot.core.words import Sentence, Text, _, lines
from copbot.letters import fold
from copbot.store.checkins import DONE, CheckIn
from copbot.store.people import Community, Member

#: The questions whose wording a community may change, in the order they are numbered.
QUESTIONS = ("where", "tried", "happened", "helped", "effect", "obstacle", "intention")

#: An answer is a sentence or two; a story may be a long paragraph. All of them together must fit into one message.
_LONGEST = {"happened": 1000, "outcome": 1000}
_USUAL = 500

OUTCOMES: Mapping[str, Sentence] = {"tried": _("I tried it"), "not_yet": _("Not yet"), "dropped": _("I dropped it")}
EFFECTS: Mapping[str, Sentence] = {
    "me": _("Me"),
    "team": _("My team or organisation"),
    "network": _("The network"),
    "early": _("Too early to say"),
}
OBSTACLES: Mapping[str, Sentence] = {
    "time": _("Time"),
    "means": _("Means"),
    "priority": _("It was not the priority"),
    "knowhow": _("I did not know how to go about it"),
    "other": _("Something else"),
}
AUDIENCES: Mapping[str, Sentence] = {
    "named": _("The group, with my name"),
    "nameless": _("The group, without my name"),
    "facilitators": _("Only the facilitators, with my name"),
}

#: Words that mean: nothing to say here.
_NOTHING = {"rien", "aucun", "aucune", "non", "nothing", "none", "no", "-"}

_SETTING = "checkin_questions"


# Which comes after which


def first(checkin: CheckIn) -> str:
    """Where a check-in begins: with what they had meant to try, else with this round's own question."""
    return "reply" if checkin.question and not checkin.meant else "outcome"


def following(checkin: CheckIn, stage: str) -> str:
    """The stage after this one. Stages are named after the fields of CheckIn that they fill, and end with DONE."""
    match stage:
        case "outcome" if checkin.outcome == "tried":
            return "happened"
        case "outcome" if checkin.outcome == "not_yet":
            return "obstacle"
        case "happened":
            return "helped"
        case "helped":
            return "effect"
        case "obstacle" if checkin.obstacle == "other" and not checkin.hindered:
            return "hindered"
        case "outcome" | "effect" | "obstacle" | "hindered" if checkin.question and first(checkin) == "outcome":
            return "reply"
        case "outcome" | "effect" | "obstacle" | "hindered" | "reply":
            return "intention"
        case "intention" if checkin.has_words:
            return "audience"
    return DONE


# How they are put


def put(context: Context, checkin: CheckIn, stage: str) -> Text:
    """The question of this stage, as it is put to the member who answers."""
    match stage:
        case "outcome" if checkin.meant:
            return lines(meant(checkin), wording(context, checkin.member, "where"))
        case "outcome":
            return wording(context, checkin.member, "tried")
        case "hindered":
            return _("What was it, in a few words?")
        case "reply":
            return lines(_("A sentence or two is enough."), checkin.question)
        case "audience":
            return lines(
                _("Words without a name are shown only if three people or more choose that."),
                _("Who may read what you wrote?"),
            )
    return wording(context, checkin.member, stage)


def meant(checkin: CheckIn) -> Text:
    """What the member had said they would try, and when."""
    day = times.to_wall(checkin.meant_at or checkin.began_at, checkin.member.zone).date()
    return _("On {day} you meant to try: {what}", day=day, what=checkin.meant)


def offers(checkin: CheckIn, stage: str) -> Mapping[str, Text]:
    """The answers offered at this stage, by key; none where only the member's own words will do."""
    match stage:
        case "outcome" if checkin.meant:
            return {**OUTCOMES, "pass": _("Skip this time")}
        case "outcome":
            return {"tried": _("Yes, I tried something"), "not_yet": _("Not yet"), "pass": _("Skip this time")}
        case "reply" if not checkin.meant:
            return {"pass": _("Skip this time")}
        case "effect":
            return EFFECTS
        case "obstacle":
            return OBSTACLES
        case "intention" if checkin.meant and checkin.outcome in ("tried", "not_yet"):
            return {"same": _("The same again")}
        case "audience":
            return AUDIENCES
    return {}


def takes_words(stage: str) -> bool:
    """Tell whether the member's own words are an answer at this stage."""
    return stage not in ("effect", "audience")


# How an answer is kept


def keep(checkin: CheckIn, stage: str, answer: Answer, now: datetime) -> None:
    """Put the answer into the check-in. Raises Refusal where it cannot be kept; what was skipped stays as it was."""
    if answer.skipped or (stage in ("helped", "intention") and fold(answer.text) in _NOTHING):
        return
    if answer.choice == "same":
        checkin.intention = checkin.meant
    elif answer.choice:
        setattr(checkin, stage, answer.choice)
    elif stage == "obstacle":
        said = "" if checkin.obstacle else checkin.hindered  # what they had said at the question before is kept
        checkin.obstacle, checkin.hindered = "other", "; ".join(filter(None, (said, words_of(answer, stage))))
    else:
        setattr(checkin, stage, words_of(answer, stage))
    checkin.answered_at, checkin.passed, checkin.member.silent_rounds = now, False, 0


def words_of(answer: Answer, stage: str) -> str:
    """What was written, on one line. Raises Refusal where that is no word, or too many."""
    words, longest = " ".join(answer.text.split()), _LONGEST.get(stage, _USUAL)
    if not any(letter.isalpha() for letter in words):
        raise Refusal(_("In words, please: a sentence or two. Or /skip."))
    if len(words) > longest:
        raise Refusal(
            _("A shorter version, please: this has {count} characters, and {longest} fit.", count=len(words), longest=longest)
        )
    return words


def tidy(checkin: CheckIn) -> None:
    """Let go of answers that no longer fit, as when they went back and chose otherwise."""
    if checkin.outcome != "tried":
        checkin.happened = checkin.helped = checkin.effect = ""
    if checkin.outcome not in ("not_yet", "dropped"):
        checkin.hindered = ""
    if checkin.outcome != "not_yet":
        checkin.obstacle = ""


# The community's own wording


def wording(context: Context, member: Member, key: str) -> str:
    """How this question is put to this member: in the community's words, else in the template's, easy to read if they like."""
    own: Mapping[str, str] = context.community.settings.get(_SETTING, {})
    language, variant = member.locale.partition("@")[::2]
    return own.get(key) or _template(context.house, language, "easy" if variant else "questions", key)


def reword(community: Community, key: str, words: str) -> None:
    """Put a community's own words in place of the template's."""
    community.settings = {**community.settings, _SETTING: {**community.settings.get(_SETTING, {}), key: words}}


def reset(community: Community) -> None:
    """Go back to the template's words."""
    community.settings = {name: value for name, value in community.settings.items() if name != _SETTING}


def _template(house: House, language: str, section: str, key: str) -> str:
    """The deployer's template may leave out what it does not change."""
    for folder in (house.config, DEFAULTS):
        template = House(config=folder).template("checkin", language)
        for name in dict.fromkeys((section, "questions")):
            if found := template.get(name, {}).get(key):
                return str(found)
    raise KeyError(key)
