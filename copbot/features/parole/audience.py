"""Who would read what is said here: the group, if it is large enough, and the listeners, with their keys if they have any."""

from dataclasses import dataclass

from copbot.core.context import Context, Conversation
from copbot.features.parole.rules import Rules, counted, rules
from copbot.features.parole.vault import Vault
from copbot.store import listeners, people
from copbot.store.listeners import Listener

#: The setting of a community that pauses parole libre.
PAUSED = "parole_paused"


@dataclass(frozen=True)
class Audience:
    """The readers of a community, now."""

    rules: Rules
    members: int
    listening: list[Listener]
    paused: bool

    @property
    def has_group(self) -> bool:
        """Tell whether the group is large enough to protect whoever writes to it."""
        return self.members >= self.rules.members

    @property
    def keys(self) -> list[str]:
        """The listeners' own keys. As soon as one has one, nothing goes to those who have none."""
        return [one.key for one in self.listening if one.key]

    @property
    def readers(self) -> list[Listener]:
        """The listeners who would get it."""
        return [one for one in self.listening if one.key] if self.keys else self.listening

    @property
    def is_open(self) -> bool:
        """Tell whether there is anybody to write to."""
        return not self.paused and bool(self.has_group or self.readers or self.rules.external)


def audience(context: Context) -> Audience:
    """The readers of this community."""
    known = listeners.active(context.tx, context.community)
    every = people.members(context.tx, context.community)
    return Audience(
        rules(context.house),
        counted(every, {one.member_id for one in known}),
        _still(context, known),
        bool(context.community.settings.get(PAUSED)),
    )


def who_listens(context: Context) -> list[Listener]:
    """Those who listen now. In a conversation nobody who has come to administer the group: may raise AskPlatform.

    Ticks cannot ask; what they bring goes to those who were named to its author then.
    """
    return _still(context, listeners.active(context.tx, context.community))


def _still(context: Context, known: list[Listener]) -> list[Listener]:
    gone = context.facilitating([one.member for one in known]) if isinstance(context, Conversation) else []
    return [one for one in known if one.member not in gone]


def vault_of(context: Context) -> Vault | None:
    """The vault of this house, if it has one."""
    found = context.house.vault
    return found if isinstance(found, Vault) else None
