"""Own data: what copbot does with it in plain words, all of it as files, and forgetting it."""

from collections import Counter
from datetime import timedelta

from copbot.core.commands import command
from copbot.core.context import Answer, Conversation
from copbot.core.steps import step
from copbot.core.words import Text, _, _n, lines
from copbot.features import belongings, keeping
from copbot.store import erasure, outbox, people, privacy, schedules
from copbot.store.outbox import Letter
from copbot.store.schedules import Schedule
from copbot.store.transactions import settle
from copbot.vocabulary import Attachment

#: What /privacy says more of, on request.
_PARTS = {"kept": _("What I keep, and how long"), "readers": _("Who can read it"), "rights": _("My rights")}

#: When the last message to somebody who was forgotten is forgotten as well.
_FAREWELL = timedelta(seconds=30)


# In plain words


@command(
    "privacy",
    "confidentialite",
    help=_("Says what I keep, who reads it, and your rights."),
    examples=[_("/privacy")],
    also=["vieprivee", "rgpd", "gdpr"],
)
def privacy_(talk: Conversation) -> None:
    """One short screen; more on request."""
    easy = talk.is_private and talk.member.account.easy
    known = talk.house.controller and talk.house.contact
    talk.ask(
        lines(
            *_page(talk, "responsible" if known else "responsible_unknown"),
            *_page(talk, "easy" if easy else "short"),
            _("What would you like to know more about?"),
        ),
        more,
        _PARTS,
    )


@step
def more(talk: Conversation, answer: Answer) -> None:
    """One part; the others stay on offer."""
    if answer.skipped:
        talk.reply(_("All right. You find all this again at any time: /privacy"))
        return
    talk.ask(
        lines(*_page(talk, answer.choice)),
        more,
        {part: title for part, title in _PARTS.items() if part != answer.choice},
    )


def _page(talk: Conversation, part: str) -> list[str]:
    page = talk.house.template("privacy", talk.reader.language)
    fields = {table: talk.reader(_span(days)) for table, days in keeping.days(talk.house).items()}
    fields |= {name: getattr(talk.house, name) or page[name] for name in ("controller", "contact")}
    return [line.format_map(fields) for line in page[part]]


def _span(days: int) -> Text:
    """A number of days as people say it."""
    if days and days % 365 == 0:
        return _n("a year", "{count} years", days // 365)
    if days and days % 30 == 0:
        return _n("a month", "{count} months", days // 30)
    if days and days % 7 == 0:
        return _n("a week", "{count} weeks", days // 7)
    return _n("a day", "{count} days", days)


# As files


@command("mydata", "mesdonnees", help=_("Gives you all that I hold about you."), examples=[_("/mydata")])
def mydata(talk: Conversation) -> None:
    """A text to read and a JSON file, in private: every row about the person, and no one else's."""
    talk = talk.in_private()
    held = privacy.held(talk.tx, talk.member.account, keeping.touched(talk.house))
    names = {one.community_id: one.community.name for one in people.all_memberships(talk.tx, talk.member.account)}
    text = belongings.readable(talk.house, talk.reader, held, names)
    french = talk.reader.language == "fr"
    talk.reply(
        lines(
            _("Here is all that I hold about you, to read. To correct it: /me. To erase it: /forget"),
            _("What you said in confidence is not in it: I do not know whose it is.") if talk.house.vault else None,
        ),
        attachment=Attachment("mes-donnees.txt" if french else "my-data.txt", "text/plain", text.encode()),
    )
    talk.reply(
        _("The same for a computer, to take with you: every line and every column."),
        attachment=Attachment(
            "mes-donnees.json" if french else "my-data.json", "application/json", belongings.as_json(held, talk.now)
        ),
    )


# Forgetting


@command(
    "forget",
    "oublier",
    help=_("Erases all that I hold about you."),
    examples=[_("/forget")],
    also=["effacer", "delete", "oubliez"],
)
def forget(talk: Conversation) -> None:
    """Show what goes, what stays and why; it happens only on an explicit choice."""
    talk = talk.in_private()
    account = talk.member.account
    given = erasure.gifts(talk.tx, account)
    goes = Counter(privacy.count(talk.tx, account, keeping.touched(talk.house)))
    goes.subtract(given)
    choices: dict[str, Text] = {"keep": _("No, keep everything")}
    if given:
        choices |= {"stay": _("Erase me, and leave that without my name"), "all": _("Erase me, and that too")}
    else:
        choices["stay"] = _("Yes, erase everything about me")
    talk.ask(
        lines(
            _goes(talk, belongings.counted(talk.house, talk.reader, +goes) or _("nothing else")),
            _(
                "What you made for the group can stay without your name, for others may build on it: {rows}.",
                rows=belongings.counted(talk.house, talk.reader, given),
            )
            if given
            else None,
            _("What you said in confidence I cannot find. Take it back first, if you wish: /takeback and your code.")
            if talk.house.vault
            else None,
            _("What others wrote stays theirs, and I cannot take back what stands in the group."),
            _("You are the only facilitator. Better name another first: /facilitator add") if _is_last(talk) else None,
            _("It cannot be undone. Do you want it?"),
        ),
        forgotten,
        choices,
    )


def _goes(talk: Conversation, rows: Text) -> Text:
    names = [one.community.name for one in people.all_memberships(talk.tx, talk.member.account)]
    if len(names) < 2:
        return _("I would erase your account, your settings, what you agreed to, and: {rows}.", rows=rows)
    return _(
        "I would erase your account, your settings and what you agreed to in {names}, and: {rows}.",
        names=talk.reader.list(names),
        rows=rows,
    )


def _is_last(talk: Conversation) -> bool:
    return people.facilitators(talk.tx, talk.community) == [talk.member]


@step
def forgotten(talk: Conversation, answer: Answer) -> None:
    """Erase, say so, and half a minute later forget that it was said."""
    if answer.skipped or answer.choice == "keep":
        talk.reply(_("All right, nothing was erased."))
        return
    words, person, community = talk.reader, talk.member.account.person, talk.community.id
    erasure.erase(talk.tx, talk.member.account, gifts_too=answer.choice == "all")
    farewell = Letter(
        community_id=community,
        platform=person.platform,
        room=person.id,
        private=True,
        text=words(lines(_("It is done: I know nothing about you any more. Thank you for the way we went together."), _BACK)),
        created_at=talk.now,
    )
    outbox.put(talk.tx, farewell)
    settle(talk.tx)
    schedules.put(
        talk.tx,
        Schedule(
            kind="retention.farewell", community_id=community, subject=farewell.id, zone="UTC", next_at=talk.now + _FAREWELL
        ),
    )


_BACK = _("If you ever want to come back, write /start in your group.")
