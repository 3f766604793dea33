"""The starting settings: how many seeds learn each data set, and how long that takes.

    python -m tests.benchmarks.starts [seeds]

Learned means 95 % of the training rows correct, or an R² of 0.9. A painting or a table has the same
rows with every seed; the seed decides the first weights and the test rows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from statistics import median

import numpy as np
import pandas as pd

from tinynet import Run, Settings, table, train
from tinynet.registry.data_sets import DATA_SETS
from tinynet.settings import differences
from tinynet.stage.user_data import STARTER
from tinynet.user_data import Painting, UserData

ENOUGH = {True: 0.95, False: 0.9}  # share of correct rows for classes, R² for numbers


def cases() -> dict[str, str | UserData]:
    """Return the data to learn, by name: each built-in data set, paintings and tables."""
    built_in = {entry.label: name for name, entry in DATA_SETS.items() if name != "dummy"}
    return {**built_in, **dict(_paintings()), **dict(_tables())}


def _paintings() -> Iterator[tuple[str, Painting]]:
    generator = np.random.default_rng(1)
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ring = 128 + 80 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    yield "A painting: the points to begin with", STARTER
    yield (
        "A painting: two clusters",
        _painted(generator.normal(90, 14, (20, 2)), generator.normal(165, 14, (20, 2))),
    )
    yield "A painting: a ring", _painted(generator.normal(128, 12, (16, 2)), ring)


def _painted(*classes: np.ndarray) -> Painting:
    points = [(*place, each) for each, places in enumerate(classes) for place in places.round()]
    return Painting(tuple((int(right), int(up), each) for right, up, each in points))


def _tables() -> Iterator[tuple[str, UserData]]:
    """Yield a table for each task: the target depends on two numbers and a word, with noise."""
    generator = np.random.default_rng(1)
    size, height = generator.normal(size=(2, 150))
    colour = generator.choice(["red", "green", "blue"], 150)
    inputs = pd.DataFrame({"size": 50 + 10 * size, "height": 1.7 + 0.1 * height, "colour": colour})
    is_red = colour == "red"
    sums = size + height + is_red + generator.normal(0, 0.05, 150)
    targets = {
        "two classes": np.where((size * height > 0) ^ is_red, "yes", "no"),
        "several classes": np.array(list("abcd"))[np.digitize(sums, [-0.5, 0.3, 1])],
        "numbers": 1_000 + 300 * sums + 200 * height**2,
    }
    for name, target in targets.items():
        yield f"A table: {name}", table(inputs.assign(target=target), target="target")


def learned(run: Run) -> bool:
    """Tell whether the run has learned its training rows."""
    return _score(run.predictions, run.targets, run) >= ENOUGH[_is_of_classes(run)]


def _is_of_classes(run: Run) -> bool:
    return run.settings.data_set.task != "regression"


def _score(predictions: np.ndarray, targets: np.ndarray, run: Run) -> float:
    """Return the share of correct rows, or R²."""
    if not _is_of_classes(run):
        return float(1 - np.mean((predictions - targets) ** 2) / np.var(targets))
    one = predictions.shape[1] == 1
    answers = predictions > 0.5 if one else predictions.argmax(axis=1, keepdims=True)
    return float((answers == targets).mean())


def trained(data: str | UserData, seeds: int, **others: int) -> list[Run]:
    """Train the starting settings with the first seeds, with any given overrides."""
    return [train(Settings.starting(data, seed=seed, **others)) for seed in range(seeds)]


def main(seeds: int = 30) -> None:
    """Print the table."""
    print(
        f"| data | settings to start from | learned, of {seeds} | the least | test rows | seconds |"
    )
    print("|---|---|---|---|---|---|")
    for name, data in cases().items():
        runs = trained(data, seeds)
        words = ", ".join(differences(runs[0].settings, Settings(data=data)))
        least = min(_score(run.predictions, run.targets, run) for run in runs)
        test = [_score(run.test_predictions, run.test_targets, run) for run in runs if run.has_test]
        row = [name, words, str(sum(map(learned, runs))), f"{least:.3f}"]
        row += [f"{median(test):.3f}" if test else "", f"{median(run.seconds for run in runs):.2f}"]
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
