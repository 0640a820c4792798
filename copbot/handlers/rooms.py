"""/topic and /room add: where in a group, or in which group, the community is told what; and a further group for it."""

from copbot.core.commands import command
from copbot.core.context import Conversation
from copbot.core.errors import Refusal
from copbot.core.words import Sentence, _, lines
from copbot.letters import fold
from copbot.store import invitations, rooms

_MEANT = {
    "practices": "practices",
    "practice": "practices",
    "fiches": "practices",
    "fiche": "practices",
    "checkins": "checkins",
    "checkin": "checkins",
    "bilans": "checkins",
    "bilan": "checkins",
    "all": "all",
    "tout": "all",
}

_SAID: dict[str, Sentence] = {
    "practices": _("From now on, what I tell about practices comes here."),
    "checkins": _("From now on, what I tell about check-ins comes here."),
    "all": _("From now on, all that I tell the group comes here."),
}


@command(
    "topic",
    "sujet",
    help=_("Makes this place of the group home to practices, to check-ins, or to all I tell."),
    examples=[_("/topic practices"), _("/topic checkins"), _("/topic all")],
    role="facilitator",
)
def topic(talk: Conversation, what: str = "") -> None:
    """Choose the place where it is written, be it a topic of the group, its general one, or another group."""
    if talk.is_private:
        name = "/sujet" if talk.reader.language == "fr" else "/topic"
        raise Refusal(_("Please write {command} in the group.", command=name))
    meant = _MEANT.get(fold(what))
    if meant is None:
        raise Refusal(
            lines(
                _("What shall I tell here? Write in this place one of these:"),
                *(_("/topic practices"), _("/topic checkins"), _("/topic all")),
            )
        )
    rooms.choose_home(talk.community, talk.place, meant)
    talk.reply(_SAID[meant])


@command(
    "room add",
    "salon ajouter",
    help=_("Lets a further group belong to this community."),
    examples=[_("/room add")],
    also=["groupe ajouter", "group add", "room", "salon"],
    role="facilitator",
)
def add(talk: Conversation) -> None:
    """Make a code for one more group, and give it in private."""
    code = invitations.invite(talk.tx, talk.now, community_id=talk.community.id)
    talk.point(_("I wrote to you in private."))
    talk.whisper(
        lines(
            _("Bring me into the other group, and write there: /open {code}", code=code),
            _("It works once, for a week. That group then belongs to {community}.", community=talk.community.name),
            _("What I tell comes where it came until now. To choose another place, write there: /topic all"),
        )
    )
