"""Setting up: the first facilitator answers five short questions in private, and copbot says hello to the group."""

from datetime import datetime

from copbot.calendar import dates, times
from copbot.core.commands import command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import step
from copbot.core.words import Text, _, _n, lines
from copbot.features import agenda, reminding
from copbot.store import checkins, meetings, names, people, schedules
from copbot.store.meetings import Meeting

#: A name longer than this does not fit into a sentence.
_LONGEST = 80

#: After how many days check-ins may open by themselves, and when nothing was chosen.
_RHYTHMS = (7, 14, 30)
_USUAL = 14


@command(
    "setup",
    "installer",
    help=_("Sets the name, language, zone and rhythm of the community."),
    examples=[_("/setup")],
    also=["configurer", "reglages", "settings"],
    role="facilitator",
)
def setup(talk: Conversation) -> None:
    """Begin anew; what is skipped stays as it is."""
    talk.point(_("I am writing to you in private."))
    begin(talk.in_private(), Answer())


@step
def begin(talk: Conversation, _answer: Answer) -> None:
    """Ask for the name."""
    talk.reply(
        lines(
            _("Let us set me up: five short questions. Each can be skipped (/skip), and changed later."),
            _("What is the community called? For now I say: {name}", name=talk.community.name),
        ),
        then=name,
    )


@step
def name(talk: Conversation, answer: Answer) -> None:
    """Take the name; ask for the language."""
    _check(talk)
    if not answer.skipped:
        if len(answer.text) > _LONGEST:
            raise Refusal(_("That is a little long: {longest} characters at most, please.", longest=_LONGEST))
        talk.community.name = names.shown(answer.text)
    talk.ask(_("In which language shall I write to the group?"), language, {"fr": "Français", "en": "English"})


@step
def language(talk: Conversation, answer: Answer) -> None:
    """Take the language; ask for the zone, in that language."""
    _check(talk)
    if answer.choice:
        talk.community.language = answer.choice
    known = dates.write_zone(talk.community.zone, talk.reader.language)
    talk.reply(
        _("In which time zone do you meet? Choose, or write the name of a large city."),
        choices={"keep": known},
        free=True,
        then=zone,
    )


@step
def zone(talk: Conversation, answer: Answer) -> None:
    """Take the zone; ask for the rhythm of check-ins."""
    _check(talk)
    if not answer.skipped and answer.choice != "keep":
        chosen = times.find_zone(answer.text)
        if chosen is None:
            raise Refusal(_("I do not know this city. For example: Paris, Montreal, La Réunion."))
        _move_clocks(talk, chosen)
    talk.ask(
        _("After a meeting, I ask each person in private what they tried. How long after?"),
        rhythm,
        {str(days): _rhythm(days) for days in _RHYTHMS} | {"never": _rhythm(None)},
    )


@step
def rhythm(talk: Conversation, answer: Answer) -> None:
    """Take the rhythm; ask for the next meeting."""
    _check(talk)
    if not answer.skipped:
        _set(talk, checkin_after_days=int(answer.choice) if answer.choice.isdigit() else None)
    elif "checkin_after_days" not in talk.community.settings:
        _set(talk, checkin_after_days=_USUAL)
    for meeting in meetings.upcoming(talk.tx, talk.community, talk.now):
        checkins.plan_after_meeting(talk.tx, talk.community, meeting)
    known = next(iter(meetings.upcoming(talk.tx, talk.community, talk.now)), None)
    talk.ask(
        lines(
            _("The next meeting I know of: {meeting}", meeting=agenda.line(known)) if known else None,
            _("When is the meeting after that?") if known else _("When is the next meeting, if you know?"),
            _("For example: Tuesday 14 April 14:00, Welcoming newcomers. If you do not know yet: /skip"),
        ),
        next_meeting,
    )


@step
def next_meeting(talk: Conversation, answer: Answer) -> None:
    """Take the next meeting; then say what is set, and say hello to the group."""
    _check(talk)
    if not answer.skipped:
        _plan(talk, answer.text)
    talk.reply(_summary(talk))
    _greet(talk)
    if talk.house.ask_consent and not talk.member.consented_at:
        talk.begin(talk.member, "welcome.hello")


def _check(talk: Conversation) -> None:
    """Whoever opened the group need not be its administrator; and who was may no longer be."""
    if not talk.is_facilitator():
        raise Refusal(_("Only an administrator of the group can set me up. They write to me: /setup"))
    people.ensure_facilitator(talk.tx, talk.community, talk.member)


def _set(talk: Conversation, **settings: object) -> None:
    talk.community.settings = {**talk.community.settings, **settings}


def _move_clocks(talk: Conversation, chosen: str) -> None:
    """The community's clocks show the same hours as before, in the new zone."""
    reminding.follow_group(talk.tx, talk.community, chosen, talk.now)
    for schedule in schedules.of_group(talk.tx, talk.community.id):
        if schedule.rule and schedule.zone == talk.community.zone:
            schedule.zone = chosen
            starts = datetime.fromisoformat(schedule.starts)
            schedule.next_at = times.next_time(starts, schedule.rule, chosen, talk.now) or schedule.next_at
    talk.community.zone = chosen


def _plan(talk: Conversation, text: str) -> Meeting:
    """The meeting that these words mean; the same answer given twice is one meeting."""
    zone = talk.community.zone
    found = agenda.read(text, now=talk.now, zone=zone, language=talk.reader.language)
    if found.day is None:
        raise Refusal(lines(agenda.odd_date(text), _("For example: Tuesday 14 April 14:00. Or later: /skip")))
    wall = found.day.wall if found.day.has_hour else datetime.combine(found.day.wall.date(), agenda.MORNING)
    starts_at = times.to_instant(wall, zone)
    for known in meetings.upcoming(talk.tx, talk.community, talk.now):
        if known.starts_at == starts_at:
            return known
    new = meetings.add(talk.tx, talk.community, talk.now, starts_at=starts_at, theme=found.theme, place=found.place)
    checkins.plan_after_meeting(talk.tx, talk.community, new)
    return new


def _summary(talk: Conversation) -> Text:
    known = next(iter(meetings.upcoming(talk.tx, talk.community, talk.now)), None)
    chosen = {"fr": "français", "en": "English"}[talk.community.language]
    return lines(
        _("All is set for {name}.", name=talk.community.name),
        _("Language: {language}. Zone: {zone}.", language=chosen, zone=_zone_name(talk)),
        _("Check-ins: {rhythm}.", rhythm=_rhythm(talk.community.settings.get("checkin_after_days"))),
        _("Next: {meeting}", meeting=agenda.line(known)) if known else _("No meeting is planned yet: /meeting add"),
        _("To change this: /setup. To facilitate with somebody: /facilitator add and their name"),
    )


def _zone_name(talk: Conversation) -> str:
    return dates.write_zone(talk.community.zone, talk.reader.language)


def _rhythm(days: int | None) -> Text:
    if days is None:
        return _("only when a facilitator opens one")
    if days % 7 == 0:
        return _n("a week after each meeting", "{count} weeks after each meeting", days // 7)
    return _n("a day after each meeting", "{count} days after each meeting", days)


def _greet(talk: Conversation) -> None:
    """Once in the life of the community."""
    if talk.community.settings.get("greeted"):
        return
    _set(talk, greeted=True)
    talk.announce(
        lines(
            _("Hello everybody. I am copbot, the companion of {community}.", community=talk.community.name),
            _("Between meetings I ask what you tried, keep what you share so that it is found again, and remind."),
            _("What you say to each other I do not keep: I only read commands and answers to my questions."),
            _("To get to know me, write here: /start"),
        )
    )
