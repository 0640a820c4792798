"""Plays a scenario to a copbot, with one person or another in the place of the author, and notes all that can be observed."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from copbot.adapters.console import Console
from copbot.core import sealing
from copbot.core.house import House
from copbot.vocabulary import Attachment, Outgoing, Person, Place
from tests.proof.channel import Channel
from tests.proof.observing import Heard, Row, dump, logged, pages, size
from tests.proof.rules import OFTEN, config
from tests.proof.scenarios import AUTHOR, FACILITATOR, OTHER, A, B, Scenario, Step
from tests.proof.town import BEGINS, main_with, town

#: Knows who said what, and lets it be seen: planted to see whether it is found out.
Leak = Callable[["World", str, str], None]

#: Who is in which place.
ONE, THE_OTHER = {AUTHOR: A, OTHER: B}, {AUTHOR: B, OTHER: A}

SPANS = {
    "a while": timedelta(minutes=40),
    "a day": timedelta(days=1),
    "two days": timedelta(days=2),
    "25 days": timedelta(days=25),
}

#: As in `rules.OFTEN`.
TICKS, ZONE = (12, 16, 20), ZoneInfo("Europe/Paris")


def until_after_a_tick(now: datetime) -> timedelta:
    """How long it is until shortly after the next tick."""
    local = now.astimezone(ZONE)
    ticks = [local.replace(hour=hour, minute=0) + timedelta(days=day) for day in (0, 1) for hour in TICKS]
    return next(tick for tick in ticks if tick > local) + timedelta(minutes=5) - local


#: What an author is told at a tick who left an address: by their own wish, and said to be less protected.
_NOTICE = "Quelque chose vous attend."


@dataclass
class Observed:
    """What a thief, a facilitator, a member and the platform's other users can know, in the order of the steps."""

    databases: list[tuple[Row, ...]] = field(default_factory=list)
    sizes: list[object] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    log: list[Row] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    looks: list[bool] = field(default_factory=list)  #: of each look at the databases, whether it was after a tick

    def after_ticks(self) -> "Observed":
        """The same for one who looks at the databases after ticks alone, and to whom what is heard at one moment has no order.

        Between two ticks what was written is there, and before it was not: that much a look tells. Ids of messages kept apart
        are drawn by chance, after one another.
        """
        kept = {name: [seen for seen, after in zip(getattr(self, name), self.looks, strict=True) if after] for name in _KEPT}
        heard = [replace(heard, id=min(heard.id, 2**52)) for heard in self.heard]
        return replace(self, **kept, heard=sorted(heard, key=lambda heard: (heard.when, heard.to, heard.text)))

    def differences(self, other: "Observed") -> list[str]:
        """The kinds of things by which two runs can be told apart, with the first instance of each."""
        found = []
        for kind in (*_KEPT, "log", "heard"):
            mine, theirs = getattr(self, kind), getattr(other, kind)
            if mine != theirs:
                found.append(f"{kind}: {_first(mine, theirs)}")
        return found


#: What is looked at after a step.
_KEPT = ("databases", "sizes", "pages")


def _first(mine: list[object], theirs: list[object]) -> str:
    for number, (one, another) in enumerate(zip(mine, theirs, strict=False)):
        if one != another:
            if isinstance(one, tuple) and isinstance(another, tuple) and one and isinstance(one[0], tuple):
                return (
                    f"at {number}: {sorted(map(repr, {*one} - {*another}))[:3]} / {sorted(map(repr, {*another} - {*one}))[:3]}"
                )
            return f"at {number}: {one!r} / {another!r}"
    return f"{len(mine)} / {len(theirs)}"


class Draw:
    """Numbers by chance. Those below one number do not depend on how many below another were drawn before."""

    def seed(self, seed: str) -> None:
        """Begin anew."""
        self._seed, self._streams = seed, dict[int, random.Random]()

    def __call__(self, below: int) -> int:
        """The next one."""
        stream = self._streams.setdefault(below, random.Random(f"{self._seed} {below}"))
        return int(stream.random() * below)


#: What nobody does in confidence: of these all is observed, what listeners see and do included.
_OPENLY = {"passes", "restarts", "says", "writes", "leaves", "forgets", "answers", "suggests", "closes", "mutes", "looks"}


class World:
    """One copbot, a scenario and those who take its places."""

    def __init__(self, scenario: Scenario, cast: Mapping[str, str], leak: Leak | None = None) -> None:
        self.scenario, self.cast, self.leak = scenario, cast, leak
        self.chance, self.draw = random.Random(), Draw()
        self.taken: Counter[tuple[str, str, int]] = Counter()
        self.observed = Observed()
        settled = town(scenario.town)
        self.main = main_with(settled.content)
        self.console = Listening(self)
        self.console._present |= settled.present
        self.console.facilitators.add(FACILITATOR)
        self.channel = Channel(self)
        self.acting = ""
        self.own: list[Outgoing] = []
        self._reseed(Step("", "begins"))
        self.begin(BEGINS)

    def begin(self, now: datetime) -> None:
        """Start copbot, or start it anew: what it held in memory is gone."""
        vault = self.channel.vault(self.draw)
        rules = config(OFTEN)
        house = House(chance=self.chance, ask_consent=False, demo=True, strict=True, config=rules, vault=vault)
        self.rehearsal = self.channel.rehearse(house, now)

    def _reseed(self, step: Step) -> None:
        """Chance depends on the step alone, not on what came before it: two runs differ in what they should alone."""
        key = step.who, step.what, step.which
        self.taken[key] += 1
        seed = f"{self.scenario.seed} {key} {self.taken[key]}"
        self.chance.seed(seed)
        self.draw.seed(seed)

    def play(self) -> Observed:
        """Do all the steps."""
        with logged() as lines:
            others = 0
            for step in self.scenario.steps:
                others += step.who != AUTHOR  # a line tells its moment by what else happened before it
                before = len(lines)
                self.take(step)
                self.observed.log += [(self.rehearsal.now.isoformat(), others, *line) for line in lines[before:]]
                self._look(after_tick=step.what == "passes" and step.text != "a while")
        self.observed.heard = [heard.renamed(self.channel.pseudonyms) for heard in self.observed.heard]
        return self.observed

    def take(self, step: Step) -> None:
        """Do one step."""
        self._reseed(step)
        who = self.cast.get(step.who, step.who)
        if who and who not in self.console._present:
            return
        self.acting = who if step.what not in _OPENLY else ""
        self.own.clear()
        match step.what:
            case "passes":
                self.rehearsal.passes(SPANS.get(step.text) or until_after_a_tick(self.rehearsal.now))
            case "restarts":
                self.begin(self.rehearsal.now)
            case "says" | "writes" | "leaves":
                self.rehearsal.line(
                    {"says": f"{who}: ", "writes": f"{who}@bot: ", "leaves": f"{who} leaves"}[step.what] + step.text
                )
            case "forgets":
                self.rehearsal.line(f"{who}@bot: /oublier")
                self.rehearsal.line(f"{who}@bot: 2")
            case _:
                self.channel.take(who, step)
        if self.leak and step.who == AUTHOR:
            self.leak(self, who, step.text)
        self.acting = ""

    def _look(self, *, after_tick: bool) -> None:
        self.observed.looks.append(after_tick)
        self.observed.databases.append((*dump(self.main), *self.channel.dump()))
        self.observed.sizes.append([size(database) for database in (self.main, self.channel.database)])
        self.observed.pages.append(pages(self.main))

    def hears(self, outgoing: Outgoing) -> None:
        """Note what somebody hears; what the author hears in private in answer, or asked to be told, is theirs alone."""
        private = isinstance(outgoing.to, Person)
        to = outgoing.to.id if isinstance(outgoing.to, Person) else outgoing.to.room
        self.channel.hears(to, outgoing)
        if private and to == self.acting:
            self.own.append(outgoing)
            return
        if private and to == self.cast[AUTHOR] and outgoing.text.startswith(_NOTICE):
            return
        if private and to in self.cast.values() and outgoing.act != "say":  # what becomes of their own private chat
            return
        attached = outgoing.attachment
        self.observed.heard.append(
            Heard(
                to=f"@{to}" if private else to,
                when=self.rehearsal.now.isoformat(),
                id=outgoing.id,
                text=outgoing.text,
                choices=tuple((choice.label, choice.token) for choice in outgoing.choices),
                files=((attached.name, _seen(attached)),) if attached else (),
                act=outgoing.act,
                confidential=outgoing.confidential,
            )
        )


def _seen(attached: Attachment) -> object:
    """A file as it is; of a sealed one its size class, for age adds some noise of its own, whatever the text."""
    if not attached.name.endswith(".age"):
        return attached.content
    return next(size for size in sealing.SIZES if len(attached.content) < 1.2 * size + 600)


class Listening(Console):
    """The terminal, with somebody who notes what is said to whom."""

    def __init__(self, world: World) -> None:
        super().__init__(lambda _line: None)
        self._world = world
        self._times: Counter[str] = Counter()

    def _print(self, place: Place, person: Person, text: str) -> str:
        """Number messages as platforms do whose ids tell nothing of other messages."""
        said = f"{place.room} {person.id} {text}"
        self._times[said] += 1
        self._last = int.from_bytes(hashlib.blake2b(f"{said} {self._times[said]}".encode(), digest_size=6).digest(), "big")
        return super()._print(place, person, text)

    async def send(self, outgoing: Outgoing) -> str:
        """Say it, and note it."""
        self._world.hears(outgoing)
        return await super().send(outgoing)
