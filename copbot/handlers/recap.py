"""/recap: the news of the group, drafted for a facilitator, posted by them."""

import re
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from copbot.calendar import lookback, times
from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import step
from copbot.core.words import Text, _, lines
from copbot.features import markdown, news
from copbot.features.news import News
from copbot.features.parole import told
from copbot.letters import fold
from copbot.store import meetings, questions, rounds
from copbot.vocabulary import Attachment

#: How far to look back where no meeting took place.
_DEFAULT = timedelta(weeks=2)

#: Right after a meeting the news are those since the one before.
_FRESH = timedelta(days=2)

#: "since last meeting", "depuis la rencontre 2", as it looks when folded.
_MEETING = re.compile(r"(?:meeting|rencontre|seance)s?(?: (?:n° ?|#)?(\d{1,4}))?")

_EXAMPLE = _("For example: /recap since last meeting, /recap 2 weeks or /recap since 3 March")

#: An introduction is no longer than this.
_LONGEST = 600


@command(
    "recap",
    "recap",
    help=_("Gathers the news of the group, for you to read, change and post."),
    examples=[_("/recap"), _("/recap since last meeting"), _("/recap 2 weeks"), _("/recap since 3 March")],
    role="facilitator",
)
def recap(talk: Conversation, period: Rest = "") -> None:
    """Draft the news since then, in private; nobody else sees anything yet."""
    periods = _periods(talk, period)
    since, meeting = next((one for one in periods if not _gather(talk, one[0].isoformat()).is_empty), periods[0])
    questions.close(talk.tx, talk.member.id, "recap.")
    if not talk.is_private:
        is_empty = _gather(talk, since.isoformat()).is_empty
        talk.point(_("I wrote to you in private.") if is_empty else _("The draft is in your private chat with me."))
    _draft(talk.in_private(), since=since.isoformat(), meeting=meeting)


@step
def decide(talk: Conversation, answer: Answer, mark: str, **draft: Any) -> None:
    """Post what was drafted, change the introduction, or leave it."""
    _only_facilitators(talk)
    if answer.choice == "introduction":
        talk.ask(_("How would you begin? In a sentence or two."), introduce, **draft)
    elif answer.choice == "post":
        _post(talk, mark, draft)
    else:
        talk.reply(_("All right, nothing was posted."))


@step
def introduce(talk: Conversation, answer: Answer, **draft: Any) -> None:
    """Take the new introduction and show the draft with it."""
    _only_facilitators(talk)
    if len(answer.text) > _LONGEST:
        raise Refusal(_("That is long for an introduction: {longest} characters at most.", longest=_LONGEST))
    _draft(talk, **draft if answer.skipped else {**draft, "opening": answer.text})


@step
def ask_group(talk: Conversation, answer: Answer, question: str) -> None:
    """Where there was nothing to tell: put the question to the group, suggest another one, or leave it."""
    _only_facilitators(talk)
    if answer.choice == "ask":
        talk.announce(question)
        talk.reply(_("The group has the question."))
    elif answer.choice == "other":
        _suggest(talk, _("Another one:"), besides=question)
    else:
        talk.reply(_("All right, I ask nothing."))


def _draft(talk: Conversation, *, since: str, meeting: bool, opening: str = "") -> None:
    """Show the messages as they would be posted, then the choices with the file."""
    found = _gather(talk, since)
    if found.is_empty:
        _suggest(talk, _nothing(talk, since, meeting=meeting))
        return
    pages, file = _written(talk, found, since=since, meeting=meeting, opening=opening)
    for page in pages:
        talk.reply(page)
    talk.reply(
        lines(_("This is the draft. Only you see it."), _not_yet(talk), _("What shall I do with it?")),
        choices={"post": _("Post"), "introduction": _("Change the introduction"), "cancel": _("Cancel")},
        then=decide,
        state={"mark": _mark(pages), "since": since, "meeting": meeting, "opening": opening},
        attachment=file,
    )


def _post(talk: Conversation, mark: str, draft: dict[str, Any]) -> None:
    """Post what was drafted, and only that: where it is not true any more, show a new draft instead."""
    found = _gather(talk, draft["since"])
    pages, _file = _written(talk, found, **draft)
    if found.is_empty or _mark(pages) != mark:
        talk.reply(_("Something has changed since the draft. Here is the new one."))
        _draft(talk, **draft)
    elif talk.community.settings.get("recap_posted") == mark:
        talk.reply(_("This recap is in the group already."))
    else:
        talk.community.settings = {**talk.community.settings, "recap_posted": mark}
        for page in pages:
            talk.announce(page)
        talk.reply(_("Posted: the group has the recap."))


def _suggest(talk: Conversation, opening: Text, besides: str = "") -> None:
    """Offer one of the questions of the house for the group."""
    every = talk.house.template("weekly", talk.community.language)["questions"]
    question = talk.house.chance.choice([one for one in every if one != besides])
    talk.reply(
        lines(opening, _("“{question}”", question=question)),
        choices={"ask": _("Ask the group"), "other": _("Another question"), "leave": _("Not now")},
        then=ask_group,
        state={"question": question},
    )


def _nothing(talk: Conversation, since: str, *, meeting: bool) -> Text:
    day = _day(talk, since)
    return lines(
        _("Since our meeting of {day} there is nothing to tell yet.", day=day)
        if meeting
        else _("Since {day} there is nothing to tell yet.", day=day),
        _not_yet(talk),
        _("A question to the group may bring something up. For example:"),
    )


def _not_yet(talk: Conversation) -> Text | None:
    """What is answered in an open check-in can still be changed, so that it is no news yet."""
    running = rounds.running(talk.tx, talk.community.id)
    return _("The check-in is open until {when}; its answers count from then on.", when=running.closes_at) if running else None


def _gather(talk: Conversation, since: str) -> News:
    return news.gather(talk.tx, talk.community, datetime.fromisoformat(since), talk.now)


def _written(talk: Conversation, found: News, *, since: str, meeting: bool, opening: str) -> tuple[list[str], Attachment]:
    """The messages for the group in its own language, and the same as a file."""
    words, day = talk.words, _day(talk, since)
    if not opening:
        opening = words(
            _("Here is what happened since our meeting of {day}.", day=day)
            if meeting
            else _("Here is what happened since {day}.", day=day)
        )
    if heard := told.you_said(talk, datetime.fromisoformat(since)):
        opening = words(lines(heard, "", opening))
    title = _("{community}: recap of {day}", community=markdown.escape(talk.community.name), day=words.today)
    text = news.document(found, opening, words, title)
    return news.pages(found, opening, words), Attachment(f"recap-{words.today}.md", "text/markdown", text.encode())


def _periods(talk: Conversation, words: str) -> list[tuple[datetime, bool]]:
    """From when on, and whether that is a meeting; several to be tried in turn where the facilitator left it open."""
    wanted = fold(words)
    held = _held(talk)
    if number := _MEETING.search(wanted):
        return [(_moment(talk, held, int(number[1] or 0)), True)]
    if wanted:
        since = lookback.read(words, now=talk.now, zone=talk.community.zone)
        if since is None:
            raise Refusal(lines(_("I did not understand “{text}” as a day in the past.", text=words[:40]), _EXAMPLE))
        return [(since, False)]
    # Right after a meeting there is nothing new since then: then what led to it is told.
    fresh = [moment for moment in held if moment > talk.now - _FRESH]
    older = [moment for moment in held if moment not in fresh]
    default = [(older[-1], True)] if older else [(talk.now - _DEFAULT, False)]
    return [(moment, True) for moment in fresh[-1:]] + default


def _held(talk: Conversation) -> list[datetime]:
    every = [one.held_at(talk.now) for one in meetings.held(talk.tx, talk.community, talk.now)]
    return [moment for moment in every if moment]


def _moment(talk: Conversation, held: list[datetime], number: int) -> datetime:
    """When the meeting with this number took place, or the last one."""
    if not number and held:
        return held[-1]
    found = meetings.numbered(talk.tx, talk.community, number)
    moment = found.held_at(talk.now) if found else None
    if moment is None:
        raise Refusal(lines(_("That meeting has not taken place yet, as far as I know."), _EXAMPLE))
    return moment


def _mark(pages: list[str]) -> str:
    return sha256("\f".join(pages).encode()).hexdigest()


def _day(talk: Conversation, since: str) -> date:
    return times.to_wall(datetime.fromisoformat(since), talk.community.zone).date()


def _only_facilitators(talk: Conversation) -> None:
    if not talk.is_facilitator():
        raise Refusal(_("Only facilitators can use {command}.", command="/recap"))
