"""C8 and C9: what is over is gone from the very bytes of the file, and no backup brings it back."""

import random

from tests.proof.observing import raw
from tests.proof.scenarios import LISTENERS, OTHERS, Scenario, Step, sentence
from tests.proof.world import ONE, World

#: Ciphertext is recognised by a piece of this length.
_PIECE = 24


def stage(town: int, seed: int = 0) -> World:
    """A world without a scenario, to be played by hand."""
    return World(Scenario(seed, town, ()), ONE)


def _blobs(world: World) -> set[bytes]:
    """A piece of every sealed thing that lies in the confidential database now."""
    connection = raw(world.channel.database)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = (row for table in tables for row in connection.execute(f'SELECT * FROM "{table}"'))
    return {value[64 : 64 + _PIECE] for row in rows for value in row if isinstance(value, bytes) and len(value) > 100}


def after_expiry(days: int, town: int, *, seed: int = 0, swept: bool = True) -> tuple[int, list[str]]:
    """How many sealed things there were in so many days, and what is left of them at the end. Not swept: a planted leak."""
    world, chance = stage(town, seed), random.Random(seed)
    if not swept:
        raw(world.channel.database).execute("PRAGMA secure_delete = OFF").fetchall()
        world.rehearsal.house.vault.rewrite = lambda: None  # type: ignore[union-attr]
    seen: set[bytes] = set()
    for day in range(days):
        if day < days - 95:
            for name in chance.sample(OTHERS, chance.choice([0, 1, 2, 3])):
                what = chance.choice(["posts", "posts", "posts to listeners", "thinks better of it", "takes back"])
                world.take(Step(name, what, sentence(chance, 2000)))
                seen |= _blobs(world)
            world.take(Step(chance.choice(LISTENERS), "answers", sentence(chance)))
            seen |= _blobs(world)
        world.take(Step("", "passes", "a day"))
    return len(seen), _left(world, seen)


def _left(world: World, seen: set[bytes]) -> list[str]:
    connection = raw(world.channel.database)
    content = connection.serialize()
    rows = {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    pieces = sum(piece in content for piece in seen)
    return [f"{count} rows of {name}" for name, count in rows.items() if count] + ([f"{pieces} pieces"] if pieces else [])


def restored(seed: int, *, with_vault: bool = False) -> list[str]:
    """What comes back after a backup is restored that ought not to. `with_vault` restores what is in no backup: a leak."""
    chance = random.Random(seed)
    world = stage(1 + chance.randrange(4), seed)
    world.take(Step("", "passes", "a tick"))
    texts = {name: f"{sentence(chance)} {name}" for name in chance.sample(OTHERS, 4)}
    for name, text in list(texts.items())[: chance.choice([2, 3, 4])]:
        world.take(Step(name, "posts", text))
    backup = raw(world.main).serialize(), raw(world.channel.database).serialize()
    taken_back = chance.sample(list(texts), chance.randrange(3))
    for name in taken_back:
        world.take(Step(name, "takes back"))
    world.take(Step("", "passes", chance.choice(["a tick", "a tick", "a day"])))
    before = [heard.text for heard in world.observed.heard]
    raw(world.main).deserialize(backup[0])
    if with_vault:
        raw(world.channel.database).deserialize(backup[1])
    world.take(Step("", "restarts"))
    for _tick in range(3):
        world.take(Step("", "passes", "a tick"))
    for name in [name for name in OTHERS if name not in texts][:3]:
        world.take(Step(name, "posts", f"{sentence(chance)} après"))
    world.take(Step("", "passes", "a tick"))
    said = [heard.text for heard in world.observed.heard]
    again = [f"{name} twice" for name, text in texts.items() if sum(text in one for one in said) > 1]
    back = [f"{name} though taken back" for name in taken_back if any(texts[name] in one for one in said[len(before) :])]
    return again + back
