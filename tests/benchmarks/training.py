"""One training run, and the article's loop beside it: 1,000 epochs on the CPU.

python -m tests.benchmarks.training [rounds]
"""

from __future__ import annotations

import sys
from time import perf_counter

from tests.benchmarks.table import print_table
from tests.oracle import article_loop
from tinynet import Settings, train

EPOCHS = 1_000
WIDTHS = (5, 64)


def main(rounds: int = 21) -> None:
    """Train in turn, hold the losses to each other, and print a table."""
    for width in WIDTHS:
        loop, ours = f"the article's loop, {width} hidden units", f"train, {width} hidden units"
        times: dict[str, list[float]] = {loop: [], ours: []}
        for seed in range(rounds):
            start = perf_counter()
            expected = article_loop([width], 0.01, EPOCHS, seed)["losses"]
            between = perf_counter()
            losses = train(Settings((width,), epochs=EPOCHS, seed=seed)).losses.tolist()
            times[ours].append(1_000 * (perf_counter() - between))
            times[loop].append(1_000 * (between - start))
            assert losses == expected, f"{width} hidden units, seed {seed}: other bits"
        print_table(times, unit="ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
