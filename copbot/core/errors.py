"""The ways in which a handler may stop."""

from copbot.core.words import Text
from copbot.vocabulary import Person, Place


class Refusal(Exception):
    """Undo what this message did and say this sentence instead: what was not possible, and what works."""

    def __init__(self, text: Text) -> None:
        super().__init__("refused")
        self.text = text


class NotAnAnswer(Exception):
    """Raised by a step: these words do not answer its question; take them as if it had not been asked."""


class AskPlatform(Exception):
    """Whether `person` administers `place` must be asked of the platform, live; then the event is handled anew."""

    def __init__(self, place: Place, person: Person) -> None:
        super().__init__("ask the platform")
        self.place = place
        self.person = person
