"""The seeds on which the claims of the lessons hold.

    python -m tests.benchmarks.lessons [seeds] [lesson …]

Trains the three runs of each lesson on seeds 0 to 129, or on the given number of seeds.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from tinynet import train
from tinynet.analysis.lessons import LESSONS, TestedLesson

SEEDS = 130


def answer_holds(lesson: TestedLesson, seed: int) -> bool:
    """Tell whether the answer holds on the two runs of a seed."""
    runs = (train(replace(each, seed=seed)) for each in (lesson.settings, lesson.beside))
    return lesson.holds(*runs)


def experiment_holds(lesson: TestedLesson, seed: int) -> bool:
    """Tell whether the effect is gone in a seed's run without the cause."""
    runs = (train(replace(each, seed=seed)) for each in (lesson.without, lesson.beside))
    return lesson.holds_without(*runs)


def main() -> None:
    """Print a table."""
    count, *names = sys.argv[1:] or [str(SEEDS)]
    seeds = range(int(count))
    print(f"| lesson | answer, of {count} | not on seeds | experiment | not on seeds |")
    print("|---|---|---|---|---|")
    for lesson in [LESSONS[name] for name in names or LESSONS]:
        print(f"| {lesson.title} |", end="")
        for holds in (answer_holds, experiment_holds):
            fails = [seed for seed in seeds if not holds(lesson, seed)]
            print(f" {len(seeds) - len(fails)} | {', '.join(map(str, fails))} |", end="")
        print(flush=True)


if __name__ == "__main__":
    main()
