"""Parole libre on a PostgreSQL of its own: taken in, released, and nothing left."""

import sqlalchemy as sa

from copbot.core.sealing import Cost, Keyring
from copbot.features.parole.vault import Vault
from tests.conftest import Bot
from tests.parole import Circle
from tests.postgres import Postgres


def test_it_lives_on_postgresql_as_well(database: sa.Engine, postgres: Postgres) -> None:
    with postgres.fresh("template1") as apart:
        vault = Vault(apart.url.render_as_string(hide_password=False), Keyring.fresh(), cost=Cost(memory=8192, passes=1))
        bot = Bot(database, vault=vault)
        bot.passes(days=7)
        circle = Circle(bot)
        codes = [circle.confides(name, f"Words of {name}") for name in ("cy", "dee", "eli")]
        circle.next_tick()
        assert sum("Words of" in text for _number, text in bot.said("group")) == 3
        circle["cy"].writes(f"/takeback {codes[0]}")
        circle["cy"].hears("Taken back")
        circle.next_tick()
        rows = circle.rows()
        assert (rows["parole_messages"], rows["parole_letters"], rows["parole_desks"], rows["parole_threads"]) == (0, 0, 0, 2)
        vault.engine.dispose()
