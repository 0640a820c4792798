"""Commands: how features declare them, how they are found in what somebody wrote, and how arguments are read."""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from copbot.core.errors import Refusal
from copbot.core.words import Lines, Sentence, _, lines
from copbot.letters import fold

Rest = Annotated[str, "all the words that remain"]  #: Annotation of the argument that takes all remaining words.

F = TypeVar("F", bound=Callable[..., None])
Where = Literal["anywhere", "group", "private"]
Role = Literal["member", "facilitator"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command, read from the signature of its function."""

    name: str
    type: object
    required: bool
    default: Any


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """A command as people know it. `names` are its English and its French name, each one or two words."""

    names: tuple[str, str]
    run: Callable[..., None]
    help: Sentence
    examples: tuple[Sentence, ...]
    where: Where
    role: Role
    consent: str
    confidential: bool
    parameters: tuple[Parameter, ...]

    def name(self, language: str) -> str:
        """Its name in this language, with the slash."""
        return "/" + self.names[1 if language == "fr" else 0]

    @property
    def head(self) -> str:
        """The first word of its English name."""
        return self.names[0].split()[0]


#: Every command, under each way of writing its name, folded. Filled by the decorator as handlers are imported.
COMMANDS: dict[tuple[str, ...], Command] = {}

#: The same under further names; where both know a name, COMMANDS has it.
ALSO: dict[tuple[str, ...], Command] = {}


def command(
    english: str,
    french: str,
    *,
    help: Sentence,
    examples: Iterable[Sentence] = (),
    where: Where = "anywhere",
    role: Role = "member",
    consent: str = "",
    confidential: bool = False,
    also: Iterable[str] = (),
) -> Callable[[F], F]:
    """Declare a command. English and French may be mixed: /bilan open is /checkin open.

    `consent` names the purpose the member must have agreed to; of a `confidential` one no trace stays in the main database.
    Arguments are read from the function's signature: int, str (one word) or Rest (all remaining words). `also`: further names
    that people try, understood but never shown.
    """

    def register(run: F) -> F:
        new = Command(
            (english, french), run, help, tuple(examples), where, role, consent, confidential, tuple(_parameters(run))
        )
        heads = {fold(name.split()[0]) for name in new.names}
        tails = {tuple(fold(word) for word in name.split()[1:]) for name in new.names}
        COMMANDS.update({(head, *tail): new for head in heads for tail in tails})
        ALSO.update({tuple(fold(name).split()): new for name in also})
        return run

    return register


def all_commands() -> list[Command]:
    """Each command once, in the order the handlers declare them."""
    return list(dict.fromkeys(COMMANDS.values()))


def _parameters(run: Callable[..., None]) -> Iterable[Parameter]:
    for parameter in list(inspect.signature(run).parameters.values())[1:]:
        required = parameter.default is inspect.Parameter.empty
        yield Parameter(parameter.name, parameter.annotation, required, None if required else parameter.default)


@dataclass(frozen=True, slots=True)
class Call:
    """A command found in what somebody wrote, and the words after it."""

    command: Command
    rest: str


#: Said besides, out of kindness or in a hurry.
_POLITE = {"now", "maintenant", "please", "svp", "stp", "merci", "thanks"}

_WORD = re.compile(r"\S+")


def find(text: str) -> Call | None:
    """The command at the start of the text, taking two words of it where the name has two."""
    words = list(_WORD.finditer(text[:200]))[:2]
    if not words or not is_command(text):
        return None
    keys = tuple(fold(word.group().lstrip("/!") if index == 0 else word.group()) for index, word in enumerate(words))
    for length in range(len(keys), 0, -1):
        if found := COMMANDS.get(keys[:length]) or ALSO.get(keys[:length]):
            return Call(found, text[words[length - 1].end() :].strip())
    return None


def find_bare(text: str) -> Call | None:
    """The command whose whole name these words are, without the slash: help, pause, me easy."""
    words = text.strip(" .!?")
    call = find("/" + words) if words[:1].isalpha() else None
    return call if call and (not call.rest or _takes_two(words, call)) else None


def _takes_two(words: str, call: Call) -> bool:
    """Two words of the name, then what it is to be done with: remind me tomorrow 9:00."""
    return len(words[: -len(call.rest)].split()) == 2


def is_command(text: str) -> bool:
    """Tell whether this is meant as a command: a slash or an exclamation mark, then a letter."""
    return len(text) > 1 and text[0] in "/!" and text[1].isalpha()


def suggestions(text: str) -> list[str]:
    """Names of commands a slip or two away from the first word of the text, nearest first, two at most."""
    typed = fold(text.split()[0].lstrip("/!"))[:40]
    heads = {key[0] for key in COMMANDS}  # the names that are shown, not all that are understood
    slips = max(1, len(typed) // 3)
    near = process.extract(typed, sorted(heads), scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=2)
    return ["/" + head for head, _distance, _index in near]


def arguments(call: Call) -> dict[str, Any]:
    """Read the words after the command into its function's arguments. Raises Refusal with an example."""
    found: dict[str, Any] = {}
    rest = call.rest
    for parameter in call.command.parameters:
        if not rest:
            if parameter.required:
                raise Refusal(_usage(call))
            found[parameter.name] = parameter.default
        elif parameter.type == Rest:
            found[parameter.name], rest = rest, ""
        else:
            word, rest = [*rest.split(maxsplit=1), ""][:2]
            found[parameter.name] = _read(word, parameter, call)
    if rest and not set(fold(rest).strip(" .!?").split()) <= _POLITE:
        raise Refusal(_usage(call))
    return found


def _read(word: str, parameter: Parameter, call: Call) -> int | str:
    if parameter.type is not int:
        return word
    digits = word.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Refusal(_usage(call))
    return int(digits)


def _usage(call: Call) -> Lines:
    """A command like the one that was tried, where its second word has a slip in it; else examples."""
    if near := _near(call):
        return lines(_("I did not quite get that. Did you mean {name}?", name=near))
    return lines(_("I did not quite get that. For example:"), *(call.command.examples or (call.command.help,)))


def _near(call: Call) -> str:
    """The name of a command that begins alike and goes on almost as the first word after the command does."""
    heads = {fold(name.split()[0]) for name in call.command.names}
    tails = {key[1]: key for key in COMMANDS if len(key) > 1 and key[0] in heads}
    typed = fold(call.rest.split()[0])[:40] if call.rest else ""
    if len(typed) < 3:
        return ""
    slips = max(1, len(typed) // 3)
    near = process.extract(typed, sorted(tails), scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=1)
    return "/" + _named(COMMANDS[tails[near[0][0]]], near[0][0]) if near else ""


def _named(command: Command, tail: str) -> str:
    """The command's name in the language of this second word, written as it should be."""
    return next(name for name in command.names if fold(name.split()[-1]) == tail)


def match_choice(text: str, labels: Sequence[str]) -> int | None:
    """Which of the numbered answers these words mean: its number, its words, or words that are in no other."""
    answer = fold(text.strip().rstrip(".)").strip())
    if answer.isascii() and answer.isdigit() and len(answer) < 4:
        return int(answer) - 1 if 1 <= int(answer) <= len(labels) else None
    folded = [fold(label.strip().rstrip(".")) for label in labels]
    if answer in folded:
        return folded.index(answer)
    if len(answer) < 3:
        return None
    near = [index for index, label in enumerate(folded) if label.startswith(answer) or f" {answer} " in f" {label} "]
    return near[0] if len(near) == 1 else None
