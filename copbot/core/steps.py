"""What features declare besides commands and jobs: steps of conversations, listeners, confidants, heeders."""

from collections.abc import Callable
from typing import TypeVar

#: What features do when something is not said to copbot but happens before its eyes: a reaction, an edit, a newcomer.
LISTENERS: dict[type, list[Callable[..., None]]] = {}

#: Steps of conversations by name, such as "checkins.where"; filled by the decorator as handlers are imported.
STEPS: dict[str, Callable[..., None]] = {}

#: Features that keep conversations of their own, apart from the questions of the house.
CONFIDANTS: list[Callable[..., bool]] = []

#: Features that heed what is said in private, whatever becomes of it.
HEEDERS: list[Callable[..., bool]] = []

#: The steps that take files as well as words.
TAKES_FILES: set[str] = set()

S = TypeVar("S", bound=Callable[..., None])
C = TypeVar("C", bound=Callable[..., bool])


def step(function: S) -> S:
    """Declare a step: `def where(talk: Conversation, answer: Answer, **state)`. Its name is module.function.

    A step is called with what somebody answered and the state that was given to `ask`. `Context.begin` calls it with an empty
    answer, so that jobs may start a conversation without knowing handlers.
    """
    STEPS[name_of(function)] = function
    return function


def takes_files(function: S) -> S:
    """Declare that this step sees to the files of an answer, which may come without a word."""
    TAKES_FILES.add(name_of(function))
    return function


def listens(event: type) -> Callable[[S], S]:
    """Declare a listener: `def pinned(talk: Conversation, event: Reacted)`; called for members of a community only."""

    def register(function: S) -> S:
        LISTENERS.setdefault(event, []).append(function)
        return function

    return register


def confides(function: C) -> C:
    """Declare a confidant: `def taken(talk: Conversation, said: str, token: str) -> bool`; says whether it was for it.

    Called with what somebody says in private outside a command, or with the token of a button that belongs to no question.
    """
    CONFIDANTS.append(function)
    return function


def heeds(function: C) -> C:
    """Declare who heeds words: `def danger(talk: Conversation, said: str) -> bool`; says whether it had something to say.

    Called with what somebody writes in private that is not confidential, when it was dealt with; before copbot says that it
    did not understand, which it then leaves unsaid.
    """
    HEEDERS.append(function)
    return function


def name_of(function: Callable[..., None]) -> str:
    """What a step is called in the database: module.function."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
