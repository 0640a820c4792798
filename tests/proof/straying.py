"""C17: what somebody writes to copbot in private that is neither a command nor an answer leaves nothing behind."""

import random
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from copbot.vocabulary import Chose, Edited, Incoming, Person, Place, Quoted, Received, Removed, Said
from tests.proof.canaries import STEM
from tests.proof.lasting import stage
from tests.proof.observing import logged, raw
from tests.proof.scanning import hits
from tests.proof.scenarios import OTHERS, Step, sentence
from tests.proof.world import World

#: What people write when they believe that copbot listens, or when their finger slips.
_FORMS = [
    "{word}",
    "{word} {words}",
    "/parol {word} {words}",
    "/paroles {word}",
    "parole: {word} {words}",
    "@copbot {word}",
    "/ parole {word}",
    "!{word}",
    "3 {word}",
    "oui {word}",
    "{words}\n{word}\n{words}",
    "{words} " * 30 + "{word}",
    "/relire {word} {words}",
    "/{word}",
]


def _strays(count: int, chance: random.Random) -> Iterator[Incoming]:
    for number in range(count):
        name = chance.choice(OTHERS)
        place, person, event = Place("console", name, "private"), Person("console", name, name), f"stray{number}"
        text = chance.choice(_FORMS).format(word=f"{STEM}{number}", words=sentence(chance, 120))
        message = f"9{number:06}"
        yield chance.choice(
            [
                Said(event, place, person, message, text),
                Said(event, place, person, message, text, reply_to=Quoted("1", Person("console", "copbot", "copbot"), text)),
                Said(event, place, person, message, text, forwarded=True),
                Said(event, place, person, message, text, files=(Received("voice", f"{STEM}ref", f"{STEM}.ogg"),)),
                Edited(event, place, person, message, text),
                Chose(event, place, person, f"fs.{STEM}.group", message),
                Removed(event, place, person, message),
            ]
        )


def found(count: int, *, seed: int = 0, keeping: bool = False) -> list[str]:
    """What so many of them left in the databases and the log. `keeping`: one is kept, a planted leak."""
    chance = random.Random(seed)
    world = stage(1, seed)
    _exchanges_that_are_over(world)
    world.rehearsal.passes(timedelta(hours=2))
    with logged() as lines:
        for event in _strays(count, chance):
            world.rehearsal.happens(event)
        if keeping:
            raw(world.main).execute("UPDATE accounts SET name = ? WHERE id = 3", (f"{STEM}1",))
        left = {name: raw(database).serialize() for name, database in _databases(world).items()}
    left["log"] = repr(lines).encode()
    return [
        f"{what} in {name}"
        for name, content in left.items()
        for what in hits(content, {"it": STEM.encode(), "some": STEM[3:].encode()})
    ]


def _exchanges_that_are_over(world: World) -> None:
    """One sent, one cancelled, one left lying."""
    world.take(Step("maia", "posts", "des mots à part"))
    world.take(Step("nour", "thinks better of it", "d'autres mots"))
    world.channel.write("otto", "/parole des mots laissés là")


def _databases(world: World) -> dict[str, sa.Engine]:
    return {"main": world.main, "apart": world.channel.database}
