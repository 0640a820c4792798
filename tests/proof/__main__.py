"""`make proof`: every proof at its nightly size, a line for each, and proof.json. `--share 0.05` runs a part of that size."""

import argparse
import logging
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import structlog

from copbot import handlers, jobs, store
from tests.proof import swaps
from tests.proof.proofs import PROOFS, SWAPS, scenarios_of, swapped
from tests.proof.results import Result, line, write

_IDS = [*SWAPS, *PROOFS]


def load() -> None:
    """Once in each process. What copbot logs when things fail on purpose is not for those who read the results."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    store.load()
    handlers.load()
    jobs.load()


def run(id: str, share: float) -> Result:
    """One proof, in a process of its own."""
    return PROOFS[id](share)


def results(ids: list[str], share: float, workers: int) -> Iterator[tuple[str, Result]]:
    """Of all of them; each is told as soon as those before it are. The swaps, which take longest, come last."""
    with ProcessPoolExecutor(workers, initializer=load) as pool:
        running = {id: pool.submit(run, id, share) for id in ids if id in PROOFS}
        wanted = [id for id in ids if id in SWAPS]
        parts = [pool.submit(swaps.search, seeds) for seeds in (scenarios_of(share) if wanted else [])]
        yield from ((id, future.result()) for id, future in running.items())
        if wanted:
            found = pool.submit(swapped, [part.result() for part in parts]).result()
            yield from ((id, found[id]) for id in wanted)


def main() -> int:
    """Run, tell, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("ids", nargs="*", default=_IDS, metavar="ID", help=f"of {', '.join(_IDS)}; all by default")
    parser.add_argument("--share", type=float, default=1.0, help="share of the nightly size")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    began, found = time.monotonic(), {}
    for id, result in results(asked.ids, asked.share, asked.workers):
        found[id] = result
        sys.stdout.write(line(id, result) + "\n")
        sys.stdout.flush()
    write(found, Path("proof.json"))
    sys.stdout.write(f"{time.monotonic() - began:.0f} s; proof.json written\n")
    return int(not all(result.holds for result in found.values()))


if __name__ == "__main__":
    sys.exit(main())
