"""The speed of training against the plain autograd loop on the CPU.

    python -m tests.benchmarks.training [rounds]

Three comparisons follow each other:
- 1,000 epochs of `train` and of the article's loop,
- 10,000 epochs from the start, and the second half after a run of 5,000,
- a step with each activation, loss and optimizer, and the same step in autograd.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter, thread_time
from typing import Any

import torch

from tests.benchmarks.table import print_table
from tests.oracle import article_loop
from tinynet import Settings, train
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.training.backpropagation import WrittenOutLoop
from tinynet.training.engine import Engine
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.loop import Loop

EPOCHS = 1_000
WIDTHS = (5, 64)
SHAPE: dict[str, Any] = {"hidden_units": (8, 8), "data": "moons", "rows": 200}
LARGE: dict[str, Any] = {"hidden_units": (64,) * 6, "data": "moons", "rows": 500}
STEPS = 200  # steps of each loop in a round


def measure(width: int, rounds: int) -> dict[str, list[float]]:
    """Train in turn, compare the losses; return the milliseconds, the loop's first."""
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


def train_on(width: int, rounds: int) -> dict[str, list[float]]:
    """Train from the start and from a checkpoint in turn, compare the losses; return the times.

    The times are milliseconds of processor time.
    """
    whole, onward = f"10,000 epochs, {width} hidden units", "after 5,000 of them"
    times: dict[str, list[float]] = {whole: [], onward: []}
    for seed in range(rounds):
        longer = Settings((width,), epochs=10_000, seed=seed)
        half = train(replace(longer, epochs=5_000))
        start = thread_time()
        expected = train(longer).losses.tolist()
        between = thread_time()
        losses = train(longer, after=half).losses.tolist()
        times[onward].append(1_000 * (thread_time() - between))
        times[whole].append(1_000 * (between - start))
        assert losses == expected, f"{width} hidden units, seed {seed}: other bits"
    return times


def ratios(settings: Settings, rounds: int) -> tuple[float, float]:
    """Return the loop's microseconds per step, and the ratio of our time to it.

    Both are measured in turn; the minimum of the rounds counts, because other work only adds time.
    """
    with fresh_torch_state():
        both = Loop(settings), WrittenOutLoop(settings)
    times: tuple[list[float], list[float]] = [], []
    for _ in range(rounds):
        for loop, seen in zip(both, times, strict=True):
            seen.append(_a_step(loop))
    theirs, ours = map(min, times)
    return theirs, ours / theirs


def _a_step(loop: Engine) -> float:
    """Train for some epochs; return the microseconds per step."""
    steps = 0
    with fresh_torch_state(autograd=loop.autograd):
        start = thread_time()  # processor time excludes other work on the machine
        while steps < STEPS:
            for rows in loop.shuffled() if loop.settings.batch_size else (None,):
                loss = loop.forward(None if rows is None else loop.take(rows)).loss
                loop.update(loss)
                steps += 1
            loss.item()
        return 1e6 * (thread_time() - start) / steps


def choices() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each written-out entry of the three tables, combined with tanh, MSE and SGD."""
    plain = {"activation": "tanh"}
    several = {**plain, "data": "blobs"}  # the losses for multiclass tasks
    yield from ((name, {"activation": name}) for name in ACTIVATIONS)
    for name, loss in LOSSES.items():
        if loss.backward:
            yield name, {**(plain if "binary" in loss.tasks else several), "loss": name}
    yield from ((name, {**plain, "optimizer": name}) for name in OPTIMIZERS)


def settings_of(values: dict[str, Any]) -> Settings:
    """Return the settings of a choice, with more epochs than are measured."""
    return Settings(**{**SHAPE, **values}, epochs=10_000)


def print_ratios(rounds: int) -> None:
    """Print a table of the ratios for full batches and for batches of 20."""
    print("\n| | the loop, µs a step | ratio | batches of 20, µs | ratio |\n|---|---|---|---|---|")
    for name, values in choices():
        full = ratios(settings_of(values), rounds)
        mini = ratios(replace(settings_of(values), batch_size=20), rounds)
        print(
            f"| {name} | {full[0]:.0f} | {full[1]:.2f} | {mini[0]:.0f} | {mini[1]:.2f} |",
            flush=True,
        )
    for optimizer in ("sgd", "adam"):
        large = Settings(**LARGE, activation="tanh", optimizer=optimizer, epochs=10_000)
        theirs, ratio = ratios(large, rounds)
        print(
            f"| {optimizer}, 500 rows, 6 layers of 64 | {theirs:.0f} | {ratio:.2f} | | |",
            flush=True,
        )


def main(rounds: int = 21) -> None:
    """Measure a narrow and a wide network, also continued; then each entry of the tables."""
    for width in WIDTHS:
        print_table(measure(width, rounds), unit="ms")
    for width in WIDTHS:
        print_table(train_on(width, rounds), unit="ms of the processor")
    print_ratios(rounds)


if __name__ == "__main__":
    torch.optim.SGD([torch.zeros(1)])  # the first training imports some 800 modules
    main(*map(int, sys.argv[1:]))
