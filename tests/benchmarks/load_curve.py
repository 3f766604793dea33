"""Waiting times and processor time for increasing numbers of visitors.

    python -m tests.benchmarks.load_curve [seconds] [visitors ...]

Each number of visitors gets a fresh server, which also trains the runs. As in `load`, each visitor
moves a slider every 3 to 5 seconds, and each answer is compared with the article's loop.
"""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np

from tests.benchmarks.load import ONE_MOVE, Load, oracle, put
from tests.browser import PAGE, served
from tests.visitor import run

HEADS = (
    *("visitors", "answers", "a second", "p50, ms", "p95, ms", "longest, ms", "errors", "wrong"),
    "ms of processor an answer",
)


def main(seconds: float = 30, *visitors: int) -> None:
    """Measure each number of visitors, and print a table."""
    losses = oracle()
    print(f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}")
    for count in visitors or (20, 60, 100):
        with served(PAGE) as server:
            run(put(ONE_MOVE, server.address, losses))  # the server has imported torch
            used, start = server.processor_seconds, perf_counter()
            tally = run(put(Load(count, seconds), server.address, losses))
            took, used = perf_counter() - start, server.processor_seconds - used
        answers = len(tally.seconds)
        waits = [f"{1_000 * each:.0f}" for each in np.percentile(tally.seconds, [50, 95, 100])]
        cells = (f"{count}", f"{answers}", f"{answers / took:.1f}", *waits)
        cells += (f"{len(tally.errors)}", f"{tally.wrong}", f"{1_000 * used / answers:.0f}")
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
