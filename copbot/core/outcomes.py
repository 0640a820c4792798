"""What becomes of a message once the platform has it, or will not have it, wherever the message is kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from copbot.core import reach
from copbot.core.house import House
from copbot.store import posted
from copbot.store.outbox import Letter
from copbot.vocabulary import Reason


def sent(tx: Session, taken: Sequence[tuple[Letter, str]], now: datetime, house: House) -> None:
    """The platform has these, and calls them so."""
    posted.all_sent(tx, [(letter, message) for letter, message in taken if not letter.apart], now)
    if apart := [(letter, message) for letter, message in taken if letter.apart]:
        _ended(apart, now, house)


def given_up(tx: Session, letter: Letter, state: str, now: datetime, house: House) -> None:
    """It will not be sent: `state` is expired or failed."""
    if letter.apart:
        _ended([(letter, "")], now, house)
    else:
        posted.given_up(tx, letter, state)


def lost(tx: Session, letter: Letter, reason: Reason, now: datetime, house: House) -> None:
    """The platform cannot bring it to whom it is for. Of what is kept apart not even that is noted."""
    if letter.apart:
        _ended([(letter, "")], now, house)
    else:
        reach.lost(tx, letter, reason, now, house)


def _ended(taken: Sequence[tuple[Letter, str]], now: datetime, house: House) -> None:
    if house.vault:
        house.vault.ended(taken, now)
