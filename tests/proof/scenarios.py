"""Generated stretches of a group's life: who does what, and what somebody, one or the other, says in confidence meanwhile."""

import random
from dataclasses import dataclass, replace

#: The two whose places are swapped. They differ in all that copbot knows of a person: see `town`.
A, B = "an", "barthelemy-tancrede"

FACILITATOR, LISTENERS = "alice", ("lise", "luc")
OTHERS = ("maia", "nour", "otto", "paula", "quentin", "rosa", "sacha", "tom", "ugo", "vera", "walid", "yael")
EVERYBODY = (FACILITATOR, A, B, *LISTENERS, *OTHERS)

#: Slots of a scenario: the author, and the one who is not.
AUTHOR, OTHER = "author", "other"

#: None of them, beside any other, tells of a danger or points to somebody.
WORDS = (
    *("je", "fatigue", "tristesse", "honte", "colère", "réunion", "dossier", "planning", "écoute", "besoin", "répit", "manque"),
    *("temps", "moyens", "équipe", "épuisement", "injuste", "maladroit", "oublié", "silence", "collègue", "trajet", "attente"),
    *("formation", "bruit", "repas", "lever", "coucher", "jardin", "atelier", "couloir", "papier"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody does something, or time passes. `which` is the number of the text of one's own that it is about."""

    who: str
    what: str
    text: str = ""
    which: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps that follow one another; `town` is the number of the community they happen in."""

    seed: int
    town: int
    steps: tuple[Step, ...]
    reminded: bool = False


def sentence(chance: random.Random, most: int = 300) -> str:
    """Words without any of personal data or crisis, so long at most as UTF-8."""
    written = chance.choice(WORDS)
    for _ in range(chance.randrange(6, 40)):
        longer = f"{written}{chance.choice([' ', ' ', ', ', chr(10)])}{chance.choice(WORDS)}"
        if len(longer.encode()) > most:
            break
        written = longer
    return f"{written}."


def scenario(seed: int) -> Scenario:
    """The scenario with this seed."""
    chance = random.Random(seed)
    steps: list[Step] = []
    said = 0
    for _ in range(chance.choice([1, 1, 1, 2])):
        for _others in range(chance.randrange(2)):
            steps += _ordinary(chance)
        steps += _spoken_by_others(chance)
        if said == 0 or chance.random() < 0.5:
            steps += _spoken(chance, said)
            said += 1
        elif said:
            steps.append(_about(chance, said))
        steps += _in_between(chance)
        steps.append(Step("", "passes", chance.choices(["a tick", "a while", "two days", "25 days"], [80, 10, 8, 2])[0]))
    if chance.random() < 0.1:
        steps.append(Step(chance.choice([A, B]), "leaves"))  # last, for who has left has nothing more to say
    steps.append(Step("", "passes", "a tick"))
    return Scenario(seed, seed % 8, tuple(steps))


def _spoken(chance: random.Random, number: int) -> list[Step]:
    """The author says something, in one of the ways there are."""
    speaks = chance.choice(["posts", "posts", "posts to listeners", "is asked and posts", "changes and posts"])
    steps = [Step(AUTHOR, speaks, sentence(chance), number)]
    if chance.random() < 0.25:
        steps.insert(chance.randrange(2), Step(OTHER, "posts", sentence(chance), 0))
    if chance.random() < 0.15:
        steps.insert(0, Step(AUTHOR, "thinks better of it", sentence(chance)))
    return steps


def _about(chance: random.Random, said: int) -> Step:
    """The author comes back to what they said."""
    what = chance.choice(
        ["reads again", "reads again", "takes back", "adds", "mistypes the code", "leaves an address", "takes other words"]
    )
    return Step(AUTHOR, what, sentence(chance), chance.randrange(said))


def _spoken_by_others(chance: random.Random) -> list[Step]:
    """Enough for a batch, most of the time."""
    speakers = chance.sample(OTHERS, chance.choice([0, 1, 2, 2]))
    return [Step(name, chance.choice(["posts", "posts", "posts to listeners"]), sentence(chance)) for name in speakers]


def _ordinary(chance: random.Random) -> list[Step]:
    """What everybody may do besides; the two who are swapped do it as themselves."""
    name = chance.choice([A, B, *OTHERS, FACILITATOR])
    own = [
        "/moi",
        "/mesdonnees",
        "/confidentialite",
        "/rappel demain 9 h trajet",
        "/pause 3 jours",
        "/reprendre",
        "/aide",
        "/bilan",
    ]
    group = ["bonjour", "/membres", "/rencontres", "/parole", "merci"]
    if chance.random() < 0.7:
        return [Step(name, "writes", chance.choice(own))]
    return [Step(name, "says", chance.choice(group))]


def _in_between(chance: random.Random) -> list[Step]:
    """What the others make of it, and what befalls the house."""
    happens = [
        Step(chance.choice(LISTENERS), "answers", sentence(chance)),
        Step(chance.choice(LISTENERS), "suggests", sentence(chance)),
        Step(chance.choice(LISTENERS), "closes", sentence(chance)),
        Step(chance.choice(LISTENERS), "mutes"),
        Step(chance.choice(LISTENERS), "looks"),
        Step("", "restarts"),
        Step(chance.choice(OTHERS), "forgets"),
        Step(chance.choice(OTHERS), "leaves"),
        Step(FACILITATOR, "writes", "/bilan ouvrir"),
        Step(chance.choice((FACILITATOR, LISTENERS[0])), "says", "/parole pause"),
        Step("", "passes", "a while"),
    ]
    return chance.sample(happens, chance.choice([0, 0, 1, 1, 2]))


def other_words(one: Scenario, chance: random.Random) -> Scenario:
    """The same with another text of the same size class from the author."""
    return replace(one, steps=tuple(_reworded(step, chance) for step in one.steps))


def _reworded(step: Step, chance: random.Random) -> Step:
    return replace(step, text=sentence(chance)) if step.who == AUTHOR and step.text else step


def other_times(one: Scenario, chance: random.Random) -> Scenario:
    """The same with what the author does at another place between the same two passings of a tick, where there is another."""
    stretches: list[list[Step]] = [[]]
    for step in one.steps:
        stretches[-1].append(step)
        if _divides(step):
            stretches.append([])
    for _attempt in range(12):
        steps = tuple(step for stretch in stretches for step in _rearranged(stretch, chance))
        if steps != one.steps:
            break
    return replace(one, steps=steps)


def _divides(step: Step) -> bool:
    """A tick, a pause, a restart (a batch is of one run of copbot), and the leaving of who may be the author."""
    return (
        step.text == "/parole pause"
        or step.what in ("restarts", "leaves")
        or (step.what == "passes" and step.text != "a while")
    )


def _rearranged(stretch: list[Step], chance: random.Random) -> list[Step]:
    """What the author does keeps its order, and so does what the others do."""
    end = stretch[-1:] if stretch and _divides(stretch[-1]) else []
    free = stretch[: len(stretch) - len(end)]
    own = [step for step in free if step.who == AUTHOR]
    rest = [step for step in free if step.who != AUTHOR]
    places = sorted(chance.randrange(len(rest) + 1) for _step in own)
    for place, step in reversed(list(zip(places, own, strict=True))):
        rest.insert(place, step)
    return rest + end
