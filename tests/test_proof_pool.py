"""C6, and the outsider: texts go out at ticks, together, in any order, and tell nothing to one who knows who was online."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.proof import order, outsider, proofs
from tests.proof.scenarios import scenario
from tests.proof.world import ONE, TICKS, World


def test_the_order_of_ten_thousand_batches_tells_nothing() -> None:
    mean, wrong = order.mean_tau(10_000)
    assert abs(mean) < 0.02
    assert wrong == 0


def test_an_order_that_is_not_shuffled_is_noticed() -> None:
    assert order.mean_tau(1000, shuffled=False)[0] > 0.9


def test_never_fewer_than_three_voices_never_of_two_runs() -> None:
    assert order.too_few(10_000) == 0


def test_what_is_one_heardin_confidence_is_heard_at_ticks_alone() -> None:
    heard = set()
    for one in map(scenario, range(40)):
        texts = [step.text for step in one.steps if "post" in step.what]
        said = World(one, ONE).play().heard
        heard |= {message.when for message in said if any(text in message.text for text in texts)}
    at = {datetime.fromisoformat(when).astimezone(ZoneInfo("Europe/Paris")) for when in heard}
    assert at
    assert {(moment.hour, moment.minute) for moment in at} <= {(hour, 0) for hour in TICKS}


def test_an_outsider_guesses_hardly_better_than_chance() -> None:
    for rate in proofs.RATES:
        found = outsider.advantage(20, rate, proofs.release_of_pool)
        assert found.points <= proofs.MOST_POINTS, (rate, found)


def test_the_outsider_is_no_fool() -> None:
    """Where texts appear at the moment they are written, the same observer finds most of their authors."""
    assert outsider.advantage(3, 7, proofs.release_of_pool).without_pool > 40
