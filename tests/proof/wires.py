"""C11 with real adapters: neither a wire to Telegram in trouble nor malformed Matrix events bring a word into the log."""

import asyncio
from collections.abc import Iterator
from typing import Any

import structlog
from nio.events import Event

from copbot.adapters.matrix.incoming import to_incoming
from copbot.adapters.matrix.reading import whole
from copbot.adapters.matrix.rooms import Room
from copbot.adapters.telegram import Telegram
from copbot.vocabulary import Outgoing, Person
from tests.proof.failing import CODE, ID, NAME, SECRETS, WORD, logged
from tests.telegram import TOKEN
from tests.telegram.refusals import bad
from tests.telegram.server import Server
from tests.telegram.wired import connected

log = structlog.get_logger()

#: Somebody on Matrix.
USER = f"@{ID}:example.org"

Json = dict[str, Any]


def on_telegram(failures: int) -> tuple[int, int, list[str]]:
    """So many sendings of confidential words: how many failed, how often that was logged, and what of it is secret."""
    with logged() as written:
        raised, id = asyncio.run(_failed(failures))
    secrets = [*SECRETS, TOKEN, TOKEN.partition(":")[2], str(id)]
    lines = written.getvalue()
    return raised, lines.count("sending failed"), [secret for secret in secrets if secret in lines]


async def _failed(failures: int) -> tuple[int, int]:
    async with Server() as server:
        alice = server.person(NAME)
        alice.chat.standing = "member"
        async with connected(server) as adapter:
            raised = 0
            for number in range(failures):
                match number % 3:
                    case 0:
                        server.faults.refuse("sendMessage", bad(f"{WORD} of {NAME}, {CODE}"))
                    case 1:
                        server.faults.add("break", "sendMessage")
                    case 2:
                        server.faults.add("cut", "sendMessage")
                raised += await _fails(adapter, Outgoing(number, Person("telegram", str(alice.id), NAME), f"{WORD} {CODE}"))
                server.faults.heal()
            return raised, alice.id


async def _fails(adapter: Telegram, outgoing: Outgoing) -> bool:
    try:
        await adapter.send(outgoing)
    except Exception as problem:  # whatever it is: what counts is what was logged on the way
        log.warning("sending failed", platform="telegram", error=type(problem).__name__)
        return True
    return False


def _malformed() -> Iterator[Json]:
    """What a homeserver or a client may hand on that no specification allows, with words in it."""
    told: list[Any] = [
        WORD,
        [WORD],
        {"body": [WORD]},
        {"msgtype": "m.text", "body": {WORD: CODE}},
        {"msgtype": [NAME], "body": WORD},
    ]
    told += [
        {"membership": [NAME]},
        {"m.relates_to": {"event_id": [WORD], "key": NAME}},
        {"algorithm": WORD, "ciphertext": [CODE]},
    ]
    for kind in (
        "m.room.message",
        "m.room.encrypted",
        "m.reaction",
        "m.room.redaction",
        "m.room.member",
        "m.room.power_levels",
    ):
        for content in told:
            event = {"type": kind, "content": content, "sender": USER, "event_id": f"${WORD}", "origin_server_ts": 1}
            yield event
            yield event | {"state_key": [NAME]}
            yield event | {"sender": [USER], "unsigned": WORD}


def on_matrix() -> tuple[int, int, list[str]]:
    """Malformed events, read by copbot and by its library: how many, how often that was logged, and what of it is secret."""
    room = Room("!room", "@copbot:example.org")
    events = list(_malformed())
    with logged() as written:
        for event in events:
            try:
                Event.parse_event(event)
                for kept in whole([event]):
                    room.apply(kept)
                    to_incoming(kept, room, None)
            except Exception as problem:  # whatever it is, as the app does
                log.error("listening failed", platform="matrix", error=type(problem).__name__)
    lines = written.getvalue()
    return len(events), lines.count("\n"), [secret for secret in (*SECRETS, USER) if secret in lines]
