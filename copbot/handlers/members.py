"""Who is here: members, facilitators and how they are named, and the community meant by somebody who is in several."""

from copbot.core.commands import Rest, command
from copbot.core.context import Answer, Conversation
from copbot.core.errors import Refusal
from copbot.core.steps import step
from copbot.core.words import Text, _, _n, lines
from copbot.features import reaching
from copbot.store import names, people
from copbot.store.people import Member

#: So many names fit into a message.
_MOST_NAMES = 30


@command("members", "membres", help=_("Says how many we are."), examples=[_("/members")])
def members(talk: Conversation) -> None:
    """How many for everybody; the names for facilitators, in private."""
    present = people.members(talk.tx, talk.community)
    count = _n(
        "I know one member of {community}.", "I know {count} members of {community}.", len(present), community=_here(talk)
    )
    if not (talk.is_private and talk.is_facilitator()):
        talk.reply(lines(count, _("Who has never spoken to me, I do not know. To meet me: /start")))
        return
    called = sorted((member.name for member in present), key=str.casefold)
    more = len(called) - _MOST_NAMES
    talk.reply(
        lines(
            count,
            talk.reader.list(called[:_MOST_NAMES]),
            _n("And one more person.", "And {count} more people.", more) if more > 0 else None,
            *reaching.told(talk, talk.reader),
        )
    )


@command("facilitators", "animation", help=_("Says who facilitates."), examples=[_("/facilitators")], also=["equipe", "team"])
def facilitators(talk: Conversation) -> None:
    """Those who were named; administrators of the group facilitate besides."""
    called = [member.name for member in people.facilitators(talk.tx, talk.community)]
    talk.reply(
        lines(
            _("{names} facilitate {community}.", names=talk.reader.list(called), community=_here(talk))
            if len(called) > 1
            else _("{name} facilitates {community}.", name=called[0], community=_here(talk))
            if called
            else None,
            _("The administrators of the group can facilitate as well."),
            _("To name somebody: /facilitator add and their name") if talk.is_facilitator() else None,
        )
    )


@command(
    "facilitator add",
    "animation ajouter",
    help=_("Names a facilitator."),
    examples=[_("/facilitator add Bo Martin")],
    also=["animateur ajouter", "animatrice ajouter", "equipe ajouter"],
    role="facilitator",
)
def add(talk: Conversation, name: Rest = "") -> None:
    """By name, or by answering a message of theirs; they are told."""
    member = _meant(talk, name, _("For example: /facilitator add Bo Martin"))
    if member.facilitator:
        raise Refusal(_("{name} facilitates already.", name=member.name))
    member.facilitator = True
    talk.reply(_("{name} facilitates from now on. To take it back: /facilitator remove and their name", name=member.name))
    if member is not talk.member:
        talk.tell(
            member,
            lines(
                _("{who} has named you facilitator of {community}.", who=talk.member.name, community=_here(talk)),
                _("What you can do now: /help"),
            ),
        )


@command(
    "facilitator remove",
    "animation retirer",
    help=_("Takes the role of facilitator back."),
    examples=[_("/facilitator remove Bo Martin")],
    also=["animateur retirer", "animatrice retirer", "equipe retirer"],
    role="facilitator",
)
def remove(talk: Conversation, name: Rest = "") -> None:
    """Somebody else's role, or one's own; never the last one's."""
    member = _meant(talk, name, _("For example: /facilitator remove Bo Martin"))
    if not member.facilitator:
        raise Refusal(_("{name} was not named facilitator. Administrators are changed in the group itself.", name=member.name))
    if len(people.facilitators(talk.tx, talk.community)) == 1:
        raise Refusal(_("{name} is the only facilitator. First name another: /facilitator add", name=member.name))
    member.facilitator = False
    talk.reply(_("{name} no longer facilitates.", name=member.name))
    if member is not talk.member:
        talk.tell(
            member, _("You are no longer a facilitator of {community}. Thank you for what you did.", community=_here(talk))
        )


def _meant(talk: Conversation, name: str, example: Text) -> Member:
    """The member of this name, or whose message is answered. Raises Refusal unless it is one and only one."""
    if not name:
        if talk.quoted is None or talk.quoted.author is None:
            raise Refusal(lines(_("Whom do you mean? Write their name, or answer a message of theirs."), example))
        member = people.member_of(talk.tx, talk.community, talk.quoted.author)
        if member is None:
            raise Refusal(_("I do not know them yet. They write /start in the group, and then it works."))
        return member
    found = people.member_named(talk.tx, talk.community, name)
    if not found:
        raise Refusal(lines(_("I know nobody here called {name}.", name=names.shown(name)), _UNKNOWN))
    if len(found) > 1:
        raise Refusal(
            _("Several people are called {name}. Answer a message of theirs with the same command.", name=found[0].name)
        )
    return found[0]


_UNKNOWN = _("Write the name as the group shows it. Who has never spoken to me writes /start in the group first.")


@command("community", "communaute", help=_("Says which community you are in, and changes it."), examples=[_("/community")])
def community(talk: Conversation) -> None:
    """The community meant by what somebody writes in private; they choose where they are in several."""
    talk = talk.in_private()
    mine = people.memberships(talk.tx, talk.member.account.person)
    if len(mine) < 2:
        talk.reply(_("You are in one community with me: {community}.", community=_here(talk)))
        return
    talk.ask(
        lines(
            _("What you write to me in private is for {community}.", community=_here(talk)),
            _("Which community is it to be from now on?"),
        ),
        chosen,
        {str(one.community_id): one.community.name for one in mine},
    )


@step
def chosen(talk: Conversation, answer: Answer) -> None:
    """Change it, if the person is still a member there."""
    mine = {str(one.community_id): one for one in people.memberships(talk.tx, talk.member.account.person)}
    if answer.skipped:
        talk.reply(_("All right, nothing changes."))
        return
    member = mine.get(answer.choice)
    if member is None:
        raise Refusal(_("You are not in this community any more. To choose anew: /community"))
    talk.member.account.community_id = member.community_id
    talk.reply(_("Noted: what you write to me in private is now for {community}.", community=member.community.name))


def _here(talk: Conversation) -> str:
    return talk.community.name
