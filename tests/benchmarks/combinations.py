"""Compare random settings with their own script in a fresh process, bit for bit.

python -m tests.benchmarks.combinations [count]
"""

from __future__ import annotations

import sys
from collections import Counter

from tests.combinations import different, drawn
from tinynet import train


def main(count: int = 2_000) -> None:
    """Compare, and print the equal and unequal counts and the values drawn."""
    choices = drawn(count)
    unequal = 0
    for number, settings in enumerate(choices):
        if found := different(settings):
            unequal += 1
            print(f"{settings}: other {', '.join(found)}", flush=True)
        if number % 100 == 99:
            print(f"{number + 1} of {count}: {unequal} unequal", file=sys.stderr, flush=True)
    diverged = sum(train(settings).diverged for settings in choices)
    print(
        f"{count - unequal} of {count} settings equal, bit for bit; {diverged} of them end at NaN"
    )
    for name in ("data", "activation", "loss", "optimizer", "schedule", "initialisation"):
        counts = Counter(getattr(settings, name) for settings in choices)
        print(f"{name}: {', '.join(f'{each} {number}' for each, number in counts.most_common())}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
