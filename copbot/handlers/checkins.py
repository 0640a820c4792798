"""/checkin: what a member had meant to try, what came of it, what comes next, and who may read it."""

from copbot.core.commands import command
from copbot.core.context import Answer, Conversation
from copbot.core.steps import step, takes_files
from copbot.core.words import Text, _, lines
from copbot.features import files, questionnaire
from copbot.features.questionnaire import AUDIENCES, EFFECTS, OBSTACLES, OUTCOMES
from copbot.store import attachments, checkins, questions
from copbot.store.checkins import DONE, CheckIn


@command(
    "checkin",
    "bilan",
    help=_("Begins your check-in, goes on with it or changes it."),
    examples=[_("/checkin")],
    consent="checkins",
)
def checkin(talk: Conversation) -> None:
    """Early, in time or late: there is always a check-in to answer."""
    talk.point(_("Your check-in goes on in private: I wrote to you there."))
    begin(talk.in_private(), Answer())


@step
def begin(talk: Conversation, _answer: Answer, *, asked: bool = False) -> None:
    """Ask the member, go on where they stopped, or show what they answered. `asked` where copbot comes to them by itself."""
    _close_questions(talk)
    is_new = not (talk.member.silent_rounds or checkins.has_answered(talk.tx, talk.member))
    mine = checkins.current(talk.tx, talk.member, talk.now)
    if mine.is_done:
        _show(talk, mine)
        return
    round = mine.round
    opening = [
        _("Hello. Our check-in is open until {when}.", when=round.closes_at) if asked and round else None,
        _("Any question can be skipped with /skip; /back goes back. You can also answer later.") if is_new else None,
    ]
    _ask(talk, mine, mine.stage or questionnaire.first(mine), *opening)


@takes_files
@step
def outcome(talk: Conversation, answer: Answer, checkin: int, *, edit: bool = False, words: str = "") -> None:
    """What came of it. Who answers in their own words is asked which of the answers it is, and need not say it again."""
    mine = _mine(talk, checkin)
    if mine is None:
        return
    if edit and answer.skipped:
        _show(talk, mine)
    elif answer.skipped or answer.choice == "pass":
        _pass(talk, mine)
    elif answer.choice:
        questionnaire.keep(mine, "outcome", answer, talk.now)
        stage = "outcome"
        if words and mine.outcome == "tried":
            mine.happened, stage = words, "happened"
        elif words:
            mine.hindered = words
            attachments.refile(talk.tx, mine.id, "happened", "hindered")
        _go_on(talk, mine, stage, _("Noted, thank you."), edit=edit)
    else:
        said = questionnaire.words_of(_with_files(talk, mine, answer, "happened"), "outcome")
        choices = {key: label for key, label in questionnaire.offers(mine, "outcome").items() if key != "pass"}
        text = lines(_("Thank you, I keep your words."), _("So that I put them in the right place, which is it?"))
        talk.reply(text, then=outcome, choices=choices, state={"checkin": mine.id, "edit": edit, "words": said})


@takes_files
@step
def answered(talk: Conversation, answer: Answer, checkin: int, stage: str, *, edit: bool = False) -> None:
    """Every other question: keep the answer and go on to the next."""
    mine = _mine(talk, checkin)
    if mine is None:
        return
    if answer.choice == "pass":
        _pass(talk, mine)
        return
    questionnaire.keep(mine, stage, _with_files(talk, mine, answer, stage), talk.now)
    _go_on(talk, mine, stage, edit=edit)


@step
def change(talk: Conversation, answer: Answer, checkin: int) -> None:
    """What is to be changed in answers that were complete."""
    mine = _mine(talk, checkin)
    if mine is None:
        return
    match answer.choice:
        case "story":
            _ask(talk, mine, questionnaire.first(mine), edit=True)
        case "intention" | "audience":
            _ask(talk, mine, answer.choice, edit=True)
        case "remove":
            _take_back(talk, mine)
        case _:
            talk.reply(_("All right, it stays as it is."))


@step
def offered(talk: Conversation, answer: Answer, checkin: int) -> None:
    """Whether the story is to become a practice."""
    mine = checkins.own(talk.tx, talk.member, checkin)
    if mine and answer.choice == "practice":
        helped = _("What helped: {words}", words=mine.helped) if mine.helped else None
        story = lines(mine.meant or None, mine.happened, helped)
        talk.begin(talk.member, "practices.from_words", text=talk.reader(story))
    else:
        talk.reply(_("All right. Thank you for telling it."))


# On the way


def _with_files(talk: Conversation, mine: CheckIn, answer: Answer, stage: str) -> Answer:
    """Keep what came with it, in place of what answered the question before; say in words what it is if nothing else is."""
    if not answer.skipped:
        attachments.let_go(talk.tx, mine.id, [stage])
        files.keep(talk, mine.member, answer.files, attachments.of_checkin(talk.tx, mine.id), checkin=mine.id, part=stage)
    return files.in_words(answer, talk.reader)


def _ask(talk: Conversation, mine: CheckIn, stage: str, *opening: Text | None, edit: bool = False) -> None:
    if not edit:
        mine.stage = stage
    state = {"checkin": mine.id, "edit": edit}
    offers = questionnaire.offers(mine, stage)
    talk.reply(
        lines(*opening, questionnaire.put(talk, mine, stage)),
        then=outcome if stage == "outcome" else answered,
        choices={key: label for key, label in offers.items() if not (edit and key == "pass")},
        free=questionnaire.takes_words(stage),
        state=state if stage == "outcome" else {**state, "stage": stage},
    )


def _go_on(talk: Conversation, mine: CheckIn, stage: str, *opening: Text, edit: bool) -> None:
    """Ask what comes next. Who changes one part is not asked the others again, save who may read it if that is open."""
    following = questionnaire.following(mine, stage)
    is_through = edit and (following in ("intention", DONE) or (following == "audience" and mine.audience))
    if is_through and mine.has_words and not mine.audience and stage != "audience":
        _ask(talk, mine, "audience", *opening, edit=True)
    elif is_through:
        _tidy(talk, mine)
        _show(talk, mine)
    elif following == DONE:
        _finish(talk, mine)
    else:
        _ask(talk, mine, following, *opening, edit=edit)


def _finish(talk: Conversation, mine: CheckIn) -> None:
    if mine.answered_at is None:
        _pass(talk, mine)
        return
    _tidy(talk, mine)
    mine.stage = DONE
    _close_questions(talk)
    came = attachments.of_checkin(talk.tx, mine.id)
    kept_back = _("What you sent besides your words is not shown: it could tell who you are.")
    hidden = kept_back if came and mine.audience == "nameless" else None
    end = lines(_("Thank you, it is noted."), _who_reads(mine), hidden, _until_when(mine))
    if mine.happened and mine.audience in ("named", "nameless") and talk.member.allows("practices"):
        talk.ask(
            lines(end, _("Your story could become a practice that others find. Shall we write it?")),
            offered,
            {"practice": _("Yes, make it a practice"), "no": _("Not now")},
            checkin=mine.id,
        )
    else:
        talk.reply(end)


def _tidy(talk: Conversation, mine: CheckIn) -> None:
    """Let go of answers that no longer fit, with what came with them."""
    questionnaire.tidy(mine)
    attachments.let_go(talk.tx, mine.id, [part for part in ("happened", "helped", "hindered") if not getattr(mine, part)])


def _who_reads(mine: CheckIn) -> Text:
    match mine.audience:
        case "named":
            return _("The group will read it in the digest, with your name.")
        case "nameless":
            return _("The group will read it without your name, if three people or more choose that.")
        case "facilitators":
            return _("Only the facilitators will read it, with your name.")
    return _("Nobody reads your words: your answer is only counted.") if mine.has_words else _("Your answer is only counted.")


def _until_when(mine: CheckIn) -> Text:
    round = mine.round
    if round and round.closed_at is None:
        return _("You can change it until {when}: /checkin", when=round.closes_at)
    if round:
        return _("The digest is out already: this will be in the next one. To change it: /checkin")
    return _("It will be in the next digest. To change it: /checkin")


def _show(talk: Conversation, mine: CheckIn) -> None:
    """What they answered, and what of it they would like to change."""
    choices = {
        "story": _("Change what came of it"),
        "intention": _("Change what comes next"),
        "audience": _("Change who may read it"),
        "remove": _("Take it all back"),
        "leave": _("Leave it as it is"),
    }
    reads = AUDIENCES.get(mine.audience, _("Nobody"))
    hindered = mine.hindered or mine.obstacle
    talk.reply(
        lines(
            _("Here is your check-in."),
            _("You meant to try: {words}", words=mine.meant) if mine.meant else None,
            OUTCOMES.get(mine.outcome),
            _("What happened: {words}", words=mine.happened) if mine.happened else None,
            _("What helped: {words}", words=mine.helped) if mine.helped else None,
            _("Who felt it: {who}", who=EFFECTS[mine.effect]) if mine.effect else None,
            _("What stood in the way: {words}", words=mine.hindered or OBSTACLES[mine.obstacle]) if hindered else None,
            _("“{question}” {words}", question=mine.question, words=mine.reply) if mine.reply else None,
            _("Until next time: {words}", words=mine.intention) if mine.intention else None,
            _("Who may read it: {who}", who=reads),
        ),
        then=change,
        choices=choices,
        state={"checkin": mine.id},
    )


def _take_back(talk: Conversation, mine: CheckIn) -> None:
    """Erase what they answered; in a round that is open they have then passed this time."""
    round = mine.round
    talk.tx.delete(mine)
    talk.tx.flush()
    if round and round.closed_at is None:
        checkins.current(talk.tx, talk.member, talk.now).passed = True
    talk.reply(_("Erased. To answer again: /checkin"))


def _pass(talk: Conversation, mine: CheckIn) -> None:
    """Note that they pass; what they may have answered before stays."""
    mine.passed, talk.member.silent_rounds = True, 0
    if mine.answered_at is None and (round := mine.round) and round.closed_at:
        talk.tx.delete(mine)
    _close_questions(talk)
    talk.reply(_("All right, not this time. If you change your mind: /checkin"))


def _close_questions(talk: Conversation) -> None:
    """What was asked about check-ins and reminders before is settled by what is said now."""
    questions.close(talk.tx, talk.member.id, "checkins.")
    questions.close(talk.tx, talk.member.id, "pause.")


def _mine(talk: Conversation, number: int) -> CheckIn | None:
    """The check-in that is being answered, if it still can be; else say why not."""
    if not talk.member.allows("checkins"):
        talk.reply(_("You asked me not to keep check-ins, so I did not keep this. To allow it again: /checkin"))
        return None
    mine = checkins.own(talk.tx, talk.member, number) or checkins.current(talk.tx, talk.member, talk.now)
    if mine.told_at:
        talk.reply(_("The digest of that check-in is out, so it stays as it is. To tell something new: /checkin"))
        return None
    return mine
