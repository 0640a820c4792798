"""What the one who runs copbot decided, as features see it: no paths, no secrets, no environment."""

import random
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import yaml

from copbot.store.outbox import Letter
from copbot.vocabulary import Person, Place

#: Packaged beside the code in a wheel, beside the package in a checkout.
DEFAULTS = next(
    (folder for folder in (Path(__file__).parent.parent / "config", Path(__file__).parents[2] / "config") if folder.is_dir()),
    Path("config"),
)


class Confidant(Protocol):
    """What the house must know of parole libre, which is kept apart: that it has things to say, and when it has said them."""

    def start(self, now: datetime) -> list[Letter]:
        """Go on after a stop; answer what was still to be said."""

    def ready(self) -> list[Letter]:
        """What is to be said now that the main transaction is kept."""

    def ended(self, taken: Sequence[tuple[Letter, str]], now: datetime) -> None:
        """The platform has these and calls them so; "" where it never will have one."""

    def sweep(self, now: datetime) -> None:
        """Forget what nobody went on with."""

    def exchange(self, person: Person, now: datetime) -> object | None:
        """What is under way with this person, if anything is."""

    def tell(self, to: Person | Place, text: str, now: datetime, event: Hashable) -> None:
        """Answer an event without leaving a trace of it in the main database."""


@dataclass(frozen=True)
class House:
    """The deployer's decisions. `config` is the folder whose files may replace the ones that copbot brings."""

    chance: random.Random = field(default_factory=random.Random)
    config: Path = DEFAULTS
    ask_consent: bool = True
    demo: bool = False  #: the community of the terminal: the first to facilitate stays facilitator
    strict: bool = False  #: let exceptions through instead of apologising, so that tests show them
    allow: frozenset[str] = frozenset()
    open_to_all: bool = False
    language: str = "fr"
    zone: str = "Europe/Paris"
    controller: str = ""
    contact: str = ""
    doors: Mapping[str, str] = field(default_factory=dict)  #: by platform, the address that opens a private chat; see Adapter
    keep_days: Mapping[str, int] = field(default_factory=dict)
    vault: Confidant | None = None  #: parole libre, where there is any; only its own feature knows more of it

    def template(self, name: str, language: str) -> dict[str, Any]:
        """The YAML template `name` in this language, such as checkin.fr.yaml, the deployer's own before copbot's."""
        return _read(self.config, f"{name}.{language}.yaml")

    def listing(self, name: str) -> dict[str, Any]:
        """The YAML file `name`, which is the same in every language, the deployer's own before copbot's."""
        return _read(self.config, f"{name}.yaml")


@lru_cache(maxsize=64)
def _read(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not path.exists():
        path = DEFAULTS / name
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{name} must be a mapping of names to texts")
    return content
