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


def measure(width: int, rounds: int) -> dict[str, list[float]]:
    """Train in turn, hold the losses to each other; return the milliseconds, the loop's first."""
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
    return times


def main(rounds: int = 21) -> None:
    """Measure a narrow network and a wide one, and print a table of each."""
    for width in WIDTHS:
        print_table(measure(width, rounds), unit="ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
