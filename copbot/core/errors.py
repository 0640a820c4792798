"""The ways in which a handler may stop."""

from collections.abc import Callable, Hashable, Sequence

from copbot.core.words import Text
from copbot.store.transactions import Undone
from copbot.vocabulary import Person, Place


class Refusal(Exception):
    """Undo what this message did and say this sentence instead: what was not possible, and what works."""

    def __init__(self, text: Text) -> None:
        super().__init__("refused")
        self.text = text


class NotAnAnswer(Exception):
    """Raised by a step: these words do not answer its question; take them as if it had not been asked."""


class AskPlatform(Undone):
    """Whether these people administer these places must be asked of the platform, live; then the event is handled anew."""

    def __init__(self, questions: Sequence[tuple[Place, Person]]) -> None:
        super().__init__("ask the platform")
        self.questions = questions


class AskWork(Undone):
    """Something slow must be computed first, away from the database; then the event is handled anew with its result.

    One such piece of work is done at a time, and takes `at_least` so many seconds whatever comes of it.
    """

    def __init__(self, key: Hashable, work: Callable[[], object], at_least: float) -> None:
        super().__init__("do the work")
        self.key = key
        self.work = work
        self.at_least = at_least
