"""Planted leaks: what other copbots kept of authors, texts and hours without a second thought. Each must be found out."""

import hashlib
import hmac

import structlog

from copbot.vocabulary import Choice, Outgoing, Person
from tests.proof.observing import raw
from tests.proof.scenarios import FACILITATOR
from tests.proof.world import Leak, World

log = structlog.get_logger()


def _keep(world: World, *values: object) -> None:
    """In a table of the confidential database."""
    connection = raw(world.channel.database)
    columns = ", ".join(f"c{number}" for number in range(len(values)))
    connection.execute(f"CREATE TABLE IF NOT EXISTS kept ({columns})")
    connection.execute(f"INSERT INTO kept VALUES ({', '.join('?' * len(values))})", values)


def user_id(world: World, who: str, text: str) -> None:
    _keep(world, who)


def sha256(world: World, who: str, text: str) -> None:
    _keep(world, hashlib.sha256(who.encode()).hexdigest())


def keyed_hash(world: World, who: str, text: str) -> None:
    _keep(world, hmac.digest(b"a key that nobody has", who.encode(), "sha256").hex())


def consent_at_use(world: World, who: str, text: str) -> None:
    raw(world.main).execute(
        "UPDATE members SET consented_at = ? WHERE account_id = (SELECT id FROM accounts WHERE user = ?)",
        (world.rehearsal.now.replace(tzinfo=None), who),
    )


def last_seen(world: World, who: str, text: str) -> None:
    connection = raw(world.main)
    connection.execute("CREATE TABLE IF NOT EXISTS seen (account INTEGER PRIMARY KEY, at TEXT)")
    query = "INSERT OR REPLACE INTO seen SELECT id, ? FROM accounts WHERE user = ?"
    connection.execute(query, (world.rehearsal.now.isoformat(), who))


def counter(world: World, who: str, text: str) -> None:
    query = "UPDATE members SET silent_rounds = silent_rounds + 1 WHERE account_id = (SELECT id FROM accounts WHERE user = ?)"
    raw(world.main).execute(query, (who,))


def log_line(world: World, who: str, text: str) -> None:
    log.info("spoke", code=who)


def button_data(world: World, who: str, text: str) -> None:
    number = raw(world.main).execute("SELECT id FROM accounts WHERE user = ?", (who,)).fetchone()
    choices = (Choice("Vu", f"{number}.1"),)
    world.hears(Outgoing(0, Person("console", FACILITATOR, FACILITATOR), "Quelqu'un a écrit.", choices))


def length_of_text(world: World, who: str, text: str) -> None:
    _keep(world, b"\0" * len(text.encode()))


def hash_of_text(world: World, who: str, text: str) -> None:
    _keep(world, hashlib.sha256(text.encode()).hexdigest())


def first_word(world: World, who: str, text: str) -> None:
    _keep(world, text[:1])


def hour(world: World, who: str, text: str) -> None:
    _keep(world, world.rehearsal.now.isoformat())


def place_in_the_order(world: World, who: str, text: str) -> None:
    """A number from the counter that everything else shares: the gap tells between which two other messages somebody wrote."""
    raw(world.main).execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'outbox'")


def line_at_the_moment(world: World, who: str, text: str) -> None:
    log.info("somebody spoke")


OF_AUTHORS: dict[str, Leak] = {
    "user id": user_id,
    "sha256": sha256,
    "HMAC": keyed_hash,
    "consent at use": consent_at_use,
    "last seen": last_seen,
    "counter": counter,
    "log line": log_line,
    "button data": button_data,
}
OF_TEXTS: dict[str, Leak] = {"length": length_of_text, "hash": hash_of_text, "first word": first_word}
OF_TIMES: dict[str, Leak] = {"hour": hour, "place in the order": place_in_the_order, "log line": line_at_the_moment}
