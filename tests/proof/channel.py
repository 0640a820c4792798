"""Parole libre as scenarios use it: what an author and a listener write and press, step by step."""

import itertools
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from copbot.core import codes
from copbot.core.house import House
from copbot.core.sealing import Cost, Keyring
from copbot.features.parole.vault import Vault
from copbot.rehearsal import Rehearsal
from copbot.vocabulary import Chose, Outgoing, Person, Place
from tests.proof.observing import Row, dump, raw
from tests.proof.scenarios import Step
from tests.proof.town import apart_empty

if TYPE_CHECKING:
    from tests.proof.world import World

#: The least that a code may cost. What it costs is proved elsewhere.
CHEAP = Cost(memory=8192, passes=1)

RING = Keyring.fresh()


def code_in(text: str) -> str | None:
    """The code of five words in a receipt, after a colon at the end of a line."""
    known = _known()
    for line in text.replace("\u00a0", " ").split("\n"):
        words = line.rpartition(":")[2].split()
        if len(words) == codes.LENGTH and known.issuperset(words):
            return " ".join(words)
    return None


@lru_cache
def _known() -> frozenset[str]:
    return frozenset(word for language in ("fr", "en") for word in codes.words(language))


class Channel:
    """The vault of a world, and the hands of those who use it."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.database = apart_empty()
        self.ring: Keyring | Path = Keyring(RING.release, RING.salt, dict(RING.passing))
        self.codes: dict[tuple[str, int], str] = {}
        self.offers: dict[str, list[Outgoing]] = {}
        self.pseudonyms: dict[str, str] = {}
        self._events = itertools.count(1)

    def rehearse(self, house: House, now: datetime) -> Rehearsal:
        """Start copbot with what was kept."""
        return Rehearsal(self.world.main, house, self.world.console, now)

    def vault(self, draw: Callable[[int], int]) -> Vault:
        """The vault, opened anew: what it held in memory is gone."""
        return Vault(self.database, self.ring, cost=CHEAP, draw=draw)

    def dump(self) -> tuple[Row, ...]:
        """The database apart. Ids made from codes, and pseudonyms, are called by the handle beside them: they are chance."""
        threads = raw(self.database).execute("SELECT id, handle, pseudonym FROM parole_threads").fetchall()
        self.pseudonyms |= {pseudonym: f"the voice {handle}" for _id, handle, pseudonym in threads}
        names = {id: f"thread {handle}" for id, handle, _pseudonym in threads} | self.pseudonyms
        rows = (
            tuple(names.get(value, value) if isinstance(value, str) else value for value in row) for row in dump(self.database)
        )
        return tuple(sorted(rows, key=repr))

    def hears(self, to: str, outgoing: Outgoing) -> None:
        """Remember the buttons somebody sees."""
        if outgoing.choices:
            self.offers.setdefault(to, []).append(outgoing)

    # What people do

    def take(self, who: str, step: Step) -> None:
        """Do what the step says."""
        _STEPS[step.what](self, who, step)

    def write(self, who: str, text: str) -> None:
        """In private."""
        self.world.rehearsal.line(f"{who}@bot: {text}")

    def press(self, who: str, key: str) -> bool:
        """The newest button with this key, if they see one; to authors only what is shown now."""
        seen = self.world.own if who == self.world.acting else self.offers.get(who, [])
        for outgoing in reversed(seen):
            for choice in outgoing.choices:
                if choice.token.startswith("fs.") and choice.token.rpartition(".")[2] == key:
                    place, person = Place("console", who, "private"), Person("console", who, who)
                    self.world.rehearsal.happens(Chose(f"press{next(self._events)}", place, person, choice.token))
                    return True
        return False

    def posts(self, who: str, step: Step, route: str = "group") -> None:
        """In one go, then the card, then where it goes."""
        self.write(who, f"/parole {step.text}")
        self.send(who, step, route)

    def send(self, who: str, step: Step, route: str = "group") -> None:
        """On the card: send; then keep the code, and say no to what is asked besides."""
        self.press(who, route)
        if code := self._code():
            self.codes[step.who, step.which] = code

    def _code(self) -> str | None:
        """The five words in what was just heard."""
        return next(filter(None, (code_in(outgoing.text) for outgoing in reversed(self.world.own))), None)

    def code(self, step: Step) -> str:
        """The code of a text of one's own; one that opens nothing where there is none."""
        return self.codes.get((step.who, step.which), " ".join(codes.words("fr")[:5]))


def _to_listeners(channel: Channel, who: str, step: Step) -> None:
    channel.posts(who, step, "listeners")


def _asked(channel: Channel, who: str, step: Step) -> None:
    channel.write(who, "/parole")
    if any(outgoing.choices for outgoing in channel.world.own):  # else it was refused, and the words would be meant for nobody
        channel.write(who, step.text)
        channel.send(who, step)


def _changed(channel: Channel, who: str, step: Step) -> None:
    channel.write(who, f"/parole pas encore {step.text}")
    if channel.press(who, "change"):
        channel.write(who, step.text)
        channel.send(who, step)


def _not_after_all(channel: Channel, who: str, step: Step) -> None:
    channel.write(who, f"/parole {step.text}")
    channel.press(who, "cancel")


def _reread(channel: Channel, who: str, step: Step) -> None:
    channel.write(who, f"/relire {channel.code(step)}")


def _added(channel: Channel, who: str, step: Step) -> None:
    _reread(channel, who, step)
    if channel.press(who, "more"):
        channel.write(who, step.text)
        channel.send(who, step)


def _mistyped(channel: Channel, who: str, step: Step) -> None:
    channel.write(who, f"/relire {' '.join(codes.words('fr')[100:105])}")


def _taken_back(channel: Channel, who: str, step: Step) -> None:
    channel.write(who, f"/retirer {channel.code(step)}")


def _addressed(channel: Channel, who: str, step: Step) -> None:
    _reread(channel, who, step)
    channel.press(who, "push")


def _released(channel: Channel, who: str, step: Step) -> None:
    """Another wording, if one came, goes to the group."""
    _reread(channel, who, step)
    if channel.press(who, "release"):
        channel.press(who, "group")


def _answered(channel: Channel, who: str, step: Step) -> None:
    if channel.press(who, "answer"):
        channel.write(who, step.text)


def _reworded(channel: Channel, who: str, step: Step) -> None:
    if channel.press(who, "wording"):
        channel.write(who, step.text)


def _closed(channel: Channel, who: str, step: Step) -> None:
    if channel.press(who, "close"):
        channel.write(who, step.text)


def _muted(channel: Channel, who: str, step: Step) -> None:
    if channel.press(who, "mute"):
        channel.press(who, "muted")


def _looked(channel: Channel, who: str, step: Step) -> None:
    channel.write(who, "/ecoute lire")


_STEPS: dict[str, Callable[[Channel, str, Step], None]] = {
    "posts": Channel.posts,
    "posts to listeners": _to_listeners,
    "is asked and posts": _asked,
    "changes and posts": _changed,
    "thinks better of it": _not_after_all,
    "reads again": _reread,
    "adds": _added,
    "mistypes the code": _mistyped,
    "takes back": _taken_back,
    "leaves an address": _addressed,
    "takes other words": _released,
    "answers": _answered,
    "suggests": _reworded,
    "closes": _closed,
    "mutes": _muted,
    "looks": _looked,
}
