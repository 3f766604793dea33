"""The seeds on which the answers of the lessons hold.

    python -m tests.benchmarks.lessons [seeds]

Trains both runs of each lesson on seeds 0 to 129, or on the given number of seeds.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from tinynet import train
from tinynet.analysis.lessons import LESSONS, Lesson

SEEDS = 130


def fails(lesson: Lesson, seeds: int) -> list[int]:
    """Return the seeds on which the lesson's claim does not hold."""
    return [seed for seed in range(seeds) if not holds(lesson, seed)]


def holds(lesson: Lesson, seed: int) -> bool:
    """Tell whether the claim holds on the two runs of a seed."""
    run, beside = (train(replace(each, seed=seed)) for each in (lesson.settings, lesson.beside))
    return lesson.holds(run, beside)


def main() -> None:
    """Print a table."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    print(f"| lesson | holds, of {seeds} | not on seeds |\n|---|---|---|")
    for lesson in LESSONS.values():
        found = fails(lesson, seeds)
        print(
            f"| {lesson.title} | {seeds - len(found)} | {', '.join(map(str, found))} |", flush=True
        )


if __name__ == "__main__":
    main()
