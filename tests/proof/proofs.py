"""Every id of the table of proofs, as something that can be run at any size; the swaps in parts, the others whole."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from copbot.features.parole.pool import Pending, batch
from tests.postgres import running
from tests.proof import canaries, corpora, failing, lasting, order, outsider, refusing, sealed, straying, swaps, timing, wires
from tests.proof.results import Result, of_leaks
from tests.proof.scanning import plant, scan

#: A proof: given what share of the nightly size to run.
Proof = Callable[[float], Result]

#: So many points at most may an outsider be better than chance.
MOST_POINTS = 4.0


def _seeds(nightly: int, share: float) -> range:
    return range(max(1, round(nightly * share)))


#: The swaps share their plays, so that they are searched together; and the scenarios are spread over all workers.
SWAPS = {"C1": ("C1",), "C2": ("C2 text", "C2 time")}

_TOGETHER = 100


def scenarios_of(share: float) -> list[range]:
    """The scenarios of the swaps, in parts."""
    seeds = _seeds(20_000, share)
    return [seeds[start : start + _TOGETHER] for start in range(0, len(seeds), _TOGETHER)]


def swapped(parts: Iterable[Mapping[str, swaps.Tally]]) -> dict[str, Result]:
    """C1 and C2: what came of all the parts, and of the planted leaks."""
    tallies = {which: swaps.Tally() for which in swaps.PLANTED}
    for part in parts:
        for which, tally in part.items():
            tallies[which].add(tally)
    return {id: _swapped({which: tallies[which] for which in kinds}) for id, kinds in SWAPS.items()}


def _swapped(tallies: Mapping[str, swaps.Tally]) -> Result:
    failures = {seed: found for tally in tallies.values() for seed, found in tally.failures.items()}
    caught = {name: found for which in tallies for name, found in swaps.plant(which).items()}
    failed = sum(len(tally.failures) for tally in tallies.values())
    return replace(of_leaks(sum(tally.runs for tally in tallies.values()), failures, caught), failures=failed)


def canary_scan(share: float) -> Result:
    """C3, on SQLite and, with a fifth of the texts, on PostgreSQL."""
    texts, on_server = max(50, round(500 * share)), max(25, round(100 * share))
    with TemporaryDirectory() as folder, canaries.on_sqlite(Path(folder)) as files:
        look = canaries.Look(files, [files.folder], ["copbot.db", "backup.db", "mes-donnees"])
        canaries.played(files, texts, look)
    with TemporaryDirectory() as folder, running() as server, canaries.on_postgres(Path(folder), server) as (files, data):
        there = canaries.Look(files, [files.folder, data], [])
        there.ids = []  # one server writes both databases to the same log
        canaries.played(files, on_server, there)
    planted = plant(canaries.STEM, canaries.IDS[0])
    with TemporaryDirectory() as folder:
        for number, content in enumerate(planted.values()):
            Path(folder, f"{number}.db").write_bytes(random.Random(number).randbytes(999) + content + b"after")
        found = {name for name, _what, _how in scan([canaries.STEM], canaries.IDS[:1], Path(folder))}
    hits, stages = len(look.hits) + len(there.hits), len(set(look.stages))
    return Result(texts + on_server, hits, len(planted), len(found), f"{stages} stages, {on_server} texts on PostgreSQL")


def refusals(share: float) -> Result:
    """C5."""
    runs = [(fault, seed) for fault in refusing.FAULTS for seed in _seeds(20, share)]
    failures = [wrong for fault, seed in runs if (wrong := refusing.refused(fault, seed))]
    return Result(len(runs), len(failures))


def ticks_and_order(share: float) -> Result:
    """C6."""
    batches = max(10_000, round(10_000 * share))
    mean, wrong = order.mean_tau(batches)
    leaking, _wrong = order.mean_tau(1000, shuffled=False)
    failures = wrong + order.too_few(batches) + (abs(mean) > 0.02)
    return Result(batches, failures, 1, int(abs(leaking) > 0.02), f"mean tau {mean:+.4f}")


def expiry(share: float) -> Result:
    """C8."""
    runs = [lasting.after_expiry(120, town, seed=town) for town in (0, 1, 2, 5)[: max(1, round(4 * share))]]
    failures = sum(bool(left) for _seen, left in runs)
    leak = lasting.after_expiry(120, 1, seed=1, swept=False)[1]
    return Result(len(runs), failures, 1, int(bool(leak)), f"{sum(seen for seen, _left in runs)} sealed things, 120 days")


def backups(share: float) -> Result:
    """C9."""
    failures = {seed: wrong for seed in _seeds(200, share) if (wrong := lasting.restored(seed))}
    leak = any(lasting.restored(seed, with_vault=True) for seed in range(30))
    return of_leaks(len(_seeds(200, share)), failures, {"the vault in the backup": leak})


def exceptions(share: float) -> Result:
    """C11."""
    raised, found = failing.hits(max(300, round(300 * share)))
    failed, _told, on_the_wire = wires.on_telegram(max(150, round(150 * share)))
    malformed, _told, in_events = wires.on_matrix()
    found += on_the_wire + in_events
    return Result(raised + failed + malformed, len(found), 1, int(bool(failing.hits(5, leaking=True)[1])))


def codes_of_five_words(share: float) -> Result:
    """C12."""
    medians = timing.medians(max(3, round(15 * share)))
    spread = max(medians.values()) / min(medians.values()) - 1
    failures = sum(sealed.bits(language) < 64 for language in ("fr", "en")) + (spread > 0.05) + (min(medians.values()) < 0.2)
    return Result(len(medians), failures, notes=f"{sealed.bits('fr'):.1f} bits, medians within {spread:.1%}")


def sizes(_share: float) -> Result:
    """C13."""
    found, listeners = sealed.sizes(5000), sealed.listeners_sizes(5000)
    return Result(10_000, (len(found) != 3) + (len(listeners) != 3), notes=f"sizes {sorted(found)} and {sorted(listeners)}")


def _found(found: corpora.Found, **others: corpora.Found) -> Result:
    missed = (found.recall < 0.95) + (found.false_alarms > 0.10)
    told = (f"{name.replace('_', ' ')}: {_rates(other)}" for name, other in others.items())
    return Result(200 + 200 * len(others), missed, notes="; ".join([_rates(found), *told]))


def _rates(found: corpora.Found) -> str:
    return f"recall {found.recall:.0%}, false alarms {found.false_alarms:.0%}"


def crisis_words(_share: float) -> Result:
    """C15."""
    return _found(
        corpora.crisis(),
        blind=corpora.crisis("crisis.blind"),
        unseen=corpora.crisis("crisis.unseen"),
        unseen_in_English=corpora.crisis("crisis.unseen", "en"),
    )


def personal_data(_share: float) -> Result:
    """C16."""
    return _found(corpora.personal(), blind=corpora.personal("personal.blind"))


def strays(share: float) -> Result:
    """C17."""
    count = max(200, round(2000 * share))
    left = straying.found(count)
    return Result(count, len(left), 1, int(bool(straying.found(20, keeping=True))))


def release_of_pool(chance: random.Random) -> outsider.Release:
    """The pool as it is, for the outsider to look at."""

    def release(waiting: list[int]) -> list[int]:
        pending = [Pending(f"{number:016x}", "run", 0) for number in waiting]
        return [int(id, 16) for id in batch(pending, 3, chance)]

    return release


#: Texts a week in a group of fifteen for which the promise is made; beyond these it is only told what would be.
RATES, BEYOND = (1, 3, 7), 21


def simulated_outsider(share: float) -> Result:
    """What one who knows who was online makes of when texts appear."""
    years = max(20, round(60 * share))
    seen = {rate: outsider.advantage(years, rate, release_of_pool) for rate in (*RATES, BEYOND)}
    told = ", ".join(f"{seen[rate].points:+.1f} at {rate} a week" for rate in seen)
    without = min(one.without_pool for one in seen.values())
    failures = sum(seen[rate].points > MOST_POINTS for rate in RATES)
    return Result(years, failures, 1, int(without > MOST_POINTS), f"points above chance: {told}; without a pool {without:+.0f}")


PROOFS: dict[str, Proof] = {
    "C3": canary_scan,
    "C5": refusals,
    "C6": ticks_and_order,
    "C8": expiry,
    "C9": backups,
    "C11": exceptions,
    "C12": codes_of_five_words,
    "C13": sizes,
    "C15": crisis_words,
    "C16": personal_data,
    "C17": strays,
    "outsider": simulated_outsider,
}
