"""Doing what somebody asked for: wholly or not at all, and with a sentence where it cannot be done."""

import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from copbot.core.context import Context, Conversation
from copbot.core.errors import AskPlatform, AskWork, NotAnAnswer, Refusal
from copbot.core.house import House
from copbot.core.steps import CONFIDANTS
from copbot.core.words import _
from copbot.store.people import Community, Member
from copbot.store.transactions import savepoint
from copbot.vocabulary import Place

log = structlog.get_logger()

#: What platforms said of who administers what, by place and person; what was computed, by its key.
Known = Mapping[Hashable, Any]


@dataclass(frozen=True)
class Running:
    """What the handling of every event needs. `known` is what was asked of platforms, and computed, on the way."""

    tx: Session
    now: datetime
    house: House
    known: Known = field(default_factory=dict)

    def _context(self, community: Community) -> Context:
        return Context(self.tx, self.now, community, self.house)

    def _talk(self, community: Community, member: Member, place: Place, **more: Any) -> Conversation:
        speaker = (member.id, place)
        return Conversation(
            self.tx, self.now, community, self.house, member=member, place=place, known=self.known, speaker=speaker, **more
        )

    def _confide(self, talk: Conversation, text: str, token: str) -> bool:
        """Hand it to the conversations that are kept apart; False if it is for none of them."""
        taken = True  # whatever stops it, it was

        def confide() -> None:
            nonlocal taken
            taken = any(confidant(talk, text, token) for confidant in CONFIDANTS)

        self._run(talk, confide)
        return taken

    def _run(self, talk: Conversation, what: Callable[[], None]) -> None:
        """Do it wholly or not at all; what stops it becomes a sentence."""
        try:
            with savepoint(self.tx):
                what()
        except (AskPlatform, AskWork, NotAnAnswer):
            raise
        except Refusal as refusal:
            talk.reply(refusal.text)
        except Exception as problem:
            if self.house.strict:
                raise
            code = secrets.token_hex(2)
            log.error("handler failed", error=type(problem).__name__, code=code)
            talk.reply(
                _(
                    "Something went wrong on my side, and nothing was changed. Whoever runs me can look for code {code}.",
                    code=code,
                )
            )
