"""Members whose client nobody here wrote, matrix-js-sdk under Node: driven line by line, they speak as the other members do."""

import asyncio
import contextlib
import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.matrix.loop import PATIENCE, Bell, Loop
from tests.matrix.synapse import Account, Synapse, needed

FOLDER = Path(__file__).with_name("client")


class OtherMember:
    """One Node process with one client in it. What it cannot read is in `unreadable`, not in `heard`."""

    def __init__(self, loop: Loop, synapse: Synapse, name: str) -> None:
        self.account: Account = synapse.register(name)
        self.id = self.account.id
        self.heard: list[dict[str, Any]] = []
        self.unreadable: list[str] = []
        self.compared: list[str] = []
        self._invitations: list[str] = []
        self._loop = loop
        self._bell = Bell()
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        loop.run(self._start(synapse.url))

    def opens(self, *others: str) -> str:
        """A new encrypted room, with these people invited."""
        return str(self._does("create", invite=others))

    def accepts(self) -> str:
        """Joins the next room they are invited to."""
        wanted = lambda: self._invitations[0] if self._invitations else None  # noqa: E731
        room = self._loop.run(self._bell.until(wanted, "an invitation"))
        self._invitations.remove(room)
        return str(self._does("join", room=room))

    def meets(self, room: str, who: str) -> None:
        """Waits until that person is in the room and can be written to."""
        self._does("meets", room=room, who=who)

    def says(self, room: str, text: str) -> str:
        return str(self._does("send", room=room, content={"msgtype": "m.text", "body": text}))

    def reacts(self, room: str, event: str, emoji: str) -> str:
        return str(self._does("react", room=room, event=event, key=emoji))

    def hears(self, *parts: str, room: str = "", after: int = 0) -> dict[str, Any]:
        """The first message from somebody else, from number `after` on, that holds each part."""

        def wanted() -> dict[str, Any] | None:
            for one in self.heard[after:]:
                body = str(one["content"].get("body", "")).replace("\u00a0", " ")
                if one["sender"] != self.id and (not room or one["room"] == room) and all(part in body for part in parts):
                    return one
            return None

        return self._loop.run(self._bell.until(wanted, " … ".join(parts)))

    def trusts(self, who: str, device: str) -> dict[str, Any]:
        """What the client thinks of a device: signedByOwner, crossSigningVerified, isVerified."""
        return dict(self._does("trust", user=who, device=device))

    def comes_to_trust(self, who: str, device: str) -> dict[str, Any]:
        """The same, once it is verified; where it never is, as it stays."""

        async def look() -> dict[str, Any]:
            end = asyncio.get_running_loop().time() + PATIENCE / 3
            while True:
                trust = await self._ask("trust", user=who, device=device)
                if trust["crossSigningVerified"] or asyncio.get_running_loop().time() > end:
                    return dict(trust)
                await asyncio.sleep(0.1)

        return self._loop.run(look())

    def verifies(self, who: str, device: str = "", room: str = "") -> list[str]:
        """Compares emojis with this device, or with this person in their private room; answers those it showed."""
        return list(self._does("verify", user=who, device=device, room=room)["emoji"])

    def _does(self, verb: str, **what: Any) -> Any:
        return self._loop.run(self._ask(verb, **what))

    async def _ask(self, verb: str, **what: Any) -> Any:
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"number": number, "verb": verb, **what}).encode() + b"\n")
        return await asyncio.wait_for(self._answers[number], PATIENCE)

    async def _start(self, url: str) -> None:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            "node", str(FOLDER / "member.mjs"), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, limit=2**20
        )
        self._reading = asyncio.create_task(self._read())
        account = self.account
        await self._ask("start", url=url, user=account.id, token=account.token, device=account.device)

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            self._take(json.loads(line))
            self._bell.ring()
        for future in self._answers.values():
            if not future.done():
                future.set_exception(RuntimeError("the other client ended"))

    def _take(self, told: dict[str, Any]) -> None:
        match told:
            case {"heard": _, "readable": True}:
                self.heard.append(told)
            case {"unreadable": event}:
                self.unreadable.append(event)
            case {"invited": room}:
                self._invitations.append(room)
            case {"compare": emoji}:
                self.compared = emoji
            case {"answer": answer, "number": number}:
                self._answers.pop(number).set_result(answer)
            case {"failed": problem, "number": number}:
                self._answers.pop(number).set_exception(RuntimeError(problem))

    async def stop(self) -> None:
        with contextlib.suppress(Exception):
            await self._ask("stop")
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reading


class OtherPeople:
    """Makes such members: `others("dee")`."""

    def __init__(self, loop: Loop, synapse: Synapse) -> None:
        self._loop, self._synapse = loop, synapse
        self._made: list[OtherMember] = []

    def __call__(self, name: str) -> OtherMember:
        self._made.append(OtherMember(self._loop, self._synapse, name))
        return self._made[-1]

    def go_home(self) -> None:
        for member in self._made:
            self._loop.run(member.stop())


@pytest.fixture
def others(loop: Loop, synapse: Synapse) -> Iterator[OtherPeople]:
    """Members of this test whose client is matrix-js-sdk."""
    needed(shutil.which("node"), "Node, for the client that others wrote, is not installed")
    needed((FOLDER / "node_modules").is_dir(), "the client that others wrote is not installed (make .venv/dev)")
    others = OtherPeople(loop, synapse)
    yield others
    others.go_home()
