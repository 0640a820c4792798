"""Talking in the terminal: line by line with history and completion, from a pipe, or from a script."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from copbot.adapters.console import GROUP, PLATFORM, Console, Misread, Wait
from copbot.app import App, clock
from copbot.core import commands
from copbot.core.house import House
from copbot.rehearsal import Rehearsal, demo
from copbot.store import inbox, outbox, people
from copbot.vocabulary import Attachment, Batch

if TYPE_CHECKING:  # loaded only when somebody types
    from prompt_toolkit import PromptSession

_ALONE = "The clock only moves by hand when you start with --at, for example: copbot chat --at 2026-03-02T09:00"


async def talk(database: sa.Engine, house: House, *, language: str, zone: str, files: Path | None) -> None:
    """Talk by the real clock until the input ends."""
    console = _console(database, files)
    async with App(database, house, [console]) as app:
        await app.engine.do(partial(demo, now=clock(), language=language, zone=zone, house=house))
        console.facilitators |= await app.engine.do(_facilitators)
        async for line in _typed(console) if sys.stdin.isatty() else _piped():
            try:
                events = console.read(line)
            except Misread as misread:
                print(misread, file=sys.stderr)
                continue
            if any(isinstance(event, Wait) for event in events):
                print(_ALONE, file=sys.stderr)
            for event in events:
                if not isinstance(event, Wait):
                    await app.take(PLATFORM, Batch([event], console.cursor))
                    await app.delivery.idle()


def play(
    database: sa.Engine,
    house: House,
    script: str | None,
    begins: datetime,
    *,
    may_wait: bool,
    language: str,
    zone: str,
    files: Path | None,
) -> bool:
    """Play a script (or what is typed, without one) on a clock moved by hand; answer whether every line was understood."""
    console = _console(database, files)
    rehearsal = Rehearsal(database, house, console, begins)
    rehearsal.open_demo(language, zone)
    console.facilitators |= rehearsal.look(_facilitators)
    clean = True
    for number, line in enumerate(_lines(script, console), 1):
        try:
            if not may_wait and line.startswith("wait "):
                raise Misread(_ALONE)
            rehearsal.line(line)
        except Misread as misread:
            print(f"line {number}: {misread}" if script else misread, file=sys.stderr)
            clean = False
    return clean or script is None


def _lines(script: str | None, console: Console) -> Iterator[str]:
    if script is None and sys.stdin.isatty():
        yield from _prompted(console)
    elif script in (None, "-"):
        yield from sys.stdin
    else:
        yield from Path(str(script)).read_text(encoding="utf-8").splitlines()


def _console(database: sa.Engine, files: Path | None) -> Console:
    """A console that goes on numbering where the last one on this database stopped."""
    with Session(database) as tx:
        numbers = [inbox.position(tx, PLATFORM), *outbox.messages(tx, PLATFORM)]
    return Console(_print, save=partial(_save, files) if files else None, last=max(int(number or 0) for number in numbers))


def _print(line: str) -> None:
    print(line, flush=True)


def _save(folder: Path, file: Attachment) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / Path(file.name).name).write_bytes(file.content)


def _facilitators(tx: Session) -> set[str]:
    community = people.community_of(tx, GROUP)
    return {member.account.user for member in people.facilitators(tx, community)} if community else set()


async def _piped() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line


async def _typed(console: Console) -> AsyncIterator[str]:
    from prompt_toolkit.patch_stdout import patch_stdout

    session = _session(console)
    with patch_stdout():
        while True:
            try:
                yield await session.prompt_async()
            except (EOFError, KeyboardInterrupt):
                return


def _prompted(console: Console) -> Iterator[str]:
    session = _session(console)
    while True:
        try:
            yield session.prompt()
        except (EOFError, KeyboardInterrupt):
            return


def _session(console: Console) -> "PromptSession[str]":
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter

    names = sorted({f"/{key[0]}" for key in commands.COMMANDS})
    return PromptSession(
        lambda: f"{console.speaker or 'nobody'} ({'private' if console.in_private else 'group'})> ",
        completer=WordCompleter(names, pattern=re.compile(r"/\w*")),
        complete_while_typing=False,
    )
