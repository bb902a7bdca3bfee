"""The truth score: `python -m bench.truth [--days 400] [--seed N] [--put-aside]`.

Without a seed: the tuning seeds and kinds, then what was put aside before any tuning (other seeds,
and a third of the kinds of mistakes), then a run without mistakes. With one: that seed alone.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.truth.faults import KINDS, PUT_ASIDE, Kind
from bench.truth.report import report
from bench.truth.run import runs
from bench.warehouse import empty_home

# Seeds that were put aside are replaced once it was looked at what they came to:
# 11, 12; 21, 22; 31, 32, 33; 41, 42; 51, 52; 61, 62; 71, 72; 81, 82; 91 to 96.
TUNING_SEEDS, SEEDS_PUT_ASIDE = (1, 2, 3, 4, 5, 6), (101, 102)
TUNING_KINDS = [kind for kind in KINDS if kind.name not in PUT_ASIDE]
KINDS_PUT_ASIDE = [kind for kind in KINDS if kind.name in PUT_ASIDE]
GROUPS: dict[str, tuple[Sequence[Kind], Sequence[int]]] = {
    "Tuning: seeds and kinds that were looked at": (TUNING_KINDS, TUNING_SEEDS),
    "Put aside: seeds that were never looked at": (TUNING_KINDS, SEEDS_PUT_ASIDE),
    "Put aside: kinds that were never looked at": (KINDS_PUT_ASIDE, SEEDS_PUT_ASIDE),
    "No mistakes at all": ([], SEEDS_PUT_ASIDE[:1]),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--days", type=int, default=400)
    options.add_argument("--seed", type=int)
    options.add_argument("--put-aside", action="store_true", help="leave the tuning group out")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="trigpoint-bench-") as folder:
        home = empty_home(Path(folder))
        for title, (kinds, seeds) in list(GROUPS.items())[asked.put_aside :]:
            start = time.perf_counter()
            chosen = seeds if asked.seed is None else [asked.seed]
            print(report(title, runs(home, kinds, asked.days, chosen)))
            seconds = time.perf_counter() - start
            print(f"\n{asked.days} days, seeds {chosen}: {seconds:.0f} s\n", flush=True)


if __name__ == "__main__":
    main()
