"""C12: a code cannot be guessed, and trying costs the same whatever it opens."""

import pytest

from copbot.core import codes
from copbot.core.dispatch import Dispatch
from copbot.core.errors import AskWork
from copbot.core.sealing import Cost
from copbot.engine import perform
from copbot.vocabulary import Person, Place, Said
from tests.proof import sealed
from tests.proof.lasting import stage
from tests.proof.scenarios import Step
from tests.proof.world import World


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_code_has_more_than_sixty_four_bits(language: str) -> None:
    assert sealed.bits(language) >= 64


def test_a_code_costs_sixty_four_mebibytes_three_times_over() -> None:
    assert Cost() == Cost(memory=64 * 2**20, passes=3)


def _asked(world: World, code: str) -> AskWork:
    """What copbot has to compute before it says anything about this code."""
    who, place = Person("console", "maia", "maia"), Place("console", "maia", "private")
    said = Said(f"e{code}", place, who, f"m{code}", f"/relire {code}")
    with pytest.raises(AskWork) as asked:
        perform(world.main, [lambda tx: Dispatch(tx, world.rehearsal.now, world.rehearsal.house).handle(said)])
    return asked.value


def test_every_code_asks_for_the_same_work() -> None:
    world = stage(1)
    world.take(Step("maia", "posts", "des mots à dire"))
    known = world.channel.codes["maia", 0]
    for code in (known, " ".join(codes.words("fr")[:5]), "pas un code du tout", f"{known} de trop"):
        assert _asked(world, code).at_least >= 0.2


def test_after_five_wrong_codes_within_an_hour_none_is_tried() -> None:
    world = stage(1)
    world.take(Step("maia", "posts", "des mots à dire"))
    known = world.channel.codes["maia", 0]
    for _try in range(5):
        world.take(Step("maia", "mistypes the code"))
    heard = len(world.observed.heard)
    world.channel.write("maia", f"/relire {known}")
    told = [heard for heard in world.observed.heard[heard:] if heard.act == "say"]
    assert len(told) == 1
    assert not told[0].choices, "the right one opens nothing either"
    world.take(Step("", "passes", "a tick"))
    world.take(Step("maia", "reads again"))
    assert any(outgoing.choices for outgoing in world.own)


def test_wrong_taken_back_and_muted_codes_get_the_same_answer() -> None:
    world = stage(1)
    world.take(Step("maia", "posts to listeners", "des mots à dire"))
    world.take(Step("", "passes", "a tick"))
    world.take(Step("lise", "mutes"))
    world.take(Step("nour", "posts", "autre chose", 1))
    world.take(Step("nour", "takes back", "", 1))
    answers = set()
    for step in (Step("maia", "reads again"), Step("nour", "reads again", "", 1), Step("otto", "mistypes the code")):
        world.take(step)
        answers.add(tuple(outgoing.text for outgoing in world.own if outgoing.act == "say"))
    assert len(answers) == 1, answers
