"""Thousands of networks at once against the script's loop: the speed and accuracy of a map.

    python -m tests.benchmarks.sweep [rounds]

Measures the networks x updates per second of the loop and of a sweep on one core; the wait for a
map, and its longest turn; the differences between a sweep and trainings of single cells; and these
differences on a map whose border between training and divergence is ragged at every scale.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isfinite
from statistics import median
from time import perf_counter, thread_time
from typing import Any, NamedTuple

import numpy as np
import torch

from tests.oracle import article_loop
from tinynet import Settings, train
from tinynet.links.maps import SIZES, read_map
from tinynet.sweeping.grid import Sweep
from tinynet.sweeping.turns import Sweeping, sweep
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.loop import Loop

UPDATES = 400  # seconds of the loop in a round
TURN = 0.020  # seconds of a turn, as on the page
NEAR = 0.001  # relative difference of two losses
SAMPLE = 400  # cells
MIDDLE = (32,)  # the mean width of the 64 widths
MOONS = Settings(data="moons", epochs=2, batch_size=2)  # 100 updates per epoch
RAGGED = Settings((2,), data="plane", rows=20, epochs=100, activation="tanh")
PARTS = {
    "two and three decades": "lr~0.1~10~last~0.01~10~loss",
    "32 times nearer": "lr~1.7782794~2.053525~last~0.31622777~0.39241898~loss",
    "1,024 times nearer": "lr~2.0443105~2.053525~last~0.3794037~0.38197176~loss",
}


def rates(count: int) -> list[float]:
    """Return learning rates from end to end of the knob's range."""
    found: list[float] = np.geomspace(0.0001, 10, count).tolist()
    return found


SEEDS: dict[str, Any] = {"learning_rate": rates(64), "seed": range(64)}
WIDTHS: dict[str, Any] = {"learning_rate": rates(64), "hidden_units": range(1, 65)}


class Case(NamedTuple):
    """A sweep, and the settings of the loop that it is compared with."""

    settings: Settings
    axes: dict[str, Any]
    alone: Settings

    @property
    def updates(self) -> int:
        """The number of updates of all its networks together."""
        one = -(-self.settings.training_rows // (self.settings.batch_size or 1_000))
        cells = int(np.prod([len(values) for values in self.axes.values()]))
        return cells * one * self.settings.epochs


def cases() -> Iterator[tuple[str, Case]]:
    """Yield the sweeps to measure."""
    plain, adam = Settings(), Settings(optimizer="adam")
    long = replace(plain, epochs=500)
    wide, wide_moons = replace(plain, hidden_units=MIDDLE), replace(MOONS, hidden_units=MIDDLE)
    one_seed: dict[str, Any] = {"learning_rate": rates(4_096)}
    yield "article, 4,096 rates", Case(long, one_seed, plain)
    yield "article, 64 rates, 64 seeds", Case(long, SEEDS, plain)
    yield "article, 64 rates, 64 widths", Case(replace(plain, epochs=200), WIDTHS, wide)
    yield "Adam, 64 rates, 64 seeds", Case(replace(adam, epochs=200), SEEDS, adam)
    yield "Adam, 64 rates, 64 widths", Case(adam, WIDTHS, replace(adam, hidden_units=MIDDLE))
    yield "moons in twos, 64 rates, 64 seeds", Case(MOONS, SEEDS, MOONS)
    yield "moons in twos, 64 rates, 64 widths", Case(MOONS, WIDTHS, wide_moons)
    moons = replace(MOONS, batch_size=0, epochs=20)
    yield "moons, all rows, 64 rates, 64 seeds", Case(moons, SEEDS, moons)
    deep = replace(moons, hidden_units=(8, 8), activation="tanh", epochs=5)
    yield "moons, 8-8, tanh, 64 rates, 64 seeds", Case(deep, SEEDS, deep)


def measure(case: Case, rounds: int) -> tuple[float, float]:
    """Return the networks x updates per second of the loop and of the sweep, measured in turn."""
    loops, sweeps = [], []
    for _ in range(rounds):
        loops.append(UPDATES / seconds(lambda: _loop(case.alone)))
        sweeps.append(case.updates / seconds(lambda: sweep(case.settings, case.axes)))
    return median(loops), median(sweeps)


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time in seconds, which excludes other work on the machine."""
    start = thread_time()
    work()
    return thread_time() - start


def _loop(settings: Settings) -> None:
    """Train one network for some updates with its script's loop, or with the article's."""
    if settings == Settings(settings.hidden_units):
        article_loop(list(settings.hidden_units), 0.01, UPDATES, seed=0)
        return
    with fresh_torch_state():
        loop = Loop(replace(settings, epochs=UPDATES))
        while loop.updates < UPDATES:
            loop.train_one_epoch()


def in_turns(settings: Settings, axes: dict[str, Any]) -> tuple[float, float]:
    """Return the milliseconds until a map is complete, and those of its longest turn."""
    start, turns = perf_counter(), []
    sweeping = Sweeping(settings, axes)
    while not sweeping.finished:
        begun = perf_counter()
        sweeping.advance(TURN)
        turns.append(perf_counter() - begun)
    return 1_000 * (perf_counter() - start), 1_000 * max(turns)


Cell = tuple[int, ...]  # its index along each axis


class Apart(NamedTuple):
    """The number of sampled cells that differ from their own training."""

    cells: int
    far: int  # their losses differ by more than 0.1 %
    other_end: int  # only one of the two diverged


def of_rates(result: Sweep, least: float, most: float) -> list[Cell]:
    """Return the cells at these learning rates."""
    return [
        index
        for index in np.ndindex(result.final_losses.shape)
        if least < result.settings_of(index).learning_rate <= most
    ]


def beside_the_border(result: Sweep) -> list[Cell]:
    """Return the cells with a neighbour, along an axis, of the other outcome."""
    diverged, beside = result.diverged, np.zeros_like(result.diverged)
    for ahead, behind in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        differ = diverged[ahead] != diverged[behind]
        beside[ahead] |= differ
        beside[behind] |= differ
    return list(map(tuple, np.argwhere(beside).tolist()))


def apart(result: Sweep, found: list[Cell]) -> Apart:
    """Compare a random sample of these cells with their own training."""
    sample = random.Random(1).sample(found, min(SAMPLE, len(found)))  # noqa: S311 - repeatable
    far = other_end = 0
    for index in sample:
        run, loss = train(result.settings_of(index)), float(result.final_losses[index])
        is_number = not run.diverged and isfinite(run.final_loss)
        other_end += is_number == bool(result.diverged[index])
        far += abs(loss - run.final_loss) > NEAR * abs(run.final_loss)
    return Apart(len(sample), far, other_end)


def maps() -> Iterator[tuple[str, Settings, dict[str, Any]]]:
    """Yield the maps whose cells are compared with their own training."""
    few = {"learning_rate": rates(64)}
    yield "article, widths", Settings(), {**few, "hidden_units": range(1, 65)}
    yield "article, seeds, 500 epochs", Settings(epochs=500), {**few, "seed": range(64)}
    plane = Settings(data="plane", epochs=200)
    yield "plane, ReLU, seeds", plane, {**few, "seed": range(16)}
    yield (
        "plane, tanh, widths",
        replace(plane, activation="tanh"),
        {**few, "hidden_units": range(1, 17)},
    )
    adam = replace(MOONS, optimizer="adam", batch_size=20, epochs=20, hidden_units=(8, 8))
    yield "moons in twenties, 8-8, Adam, seeds", adam, {**few, "seed": range(16)}


def main(rounds: int = 5) -> None:
    """Print four tables, as Markdown."""
    print("\n| | the loop, a second | the sweep, a second | ratio |\n|---|---|---|---|")
    for name, case in cases():
        loop, ours = measure(case, rounds)
        print(f"| {name} | {loop:,.0f} | {ours:,.0f} | {ours / loop:,.0f} |", flush=True)
    print("\n| 50 epochs of the article | ms, p50 | longest turn, ms |\n|---|---|---|")
    for count in (16, 64):
        every = 64 // count
        for name, axes in (("widths", WIDTHS), ("seeds", SEEDS)):
            fewer = {knob: list(values)[::every] for knob, values in axes.items()}
            times = [in_turns(Settings(), fewer) for _ in range(max(2, rounds))]
            whole, turn = (median(each) for each in zip(*times, strict=True))
            print(f"| {count} rates, {count} {name} | {whole:.0f} | {turn:.0f} |", flush=True)
    print("\n| | rates | cells | far | other end |\n|---|---|---|---|---|")
    for name, settings, axes in maps():
        result = sweep(settings, axes)
        for words, least, most in (("to 0.1", 0.0, 0.1), ("to 1", 0.1, 1.0), ("to 10", 1.0, 10.0)):
            cells, far, other_end = apart(result, of_rates(result, least, most))
            print(f"| {name} | {words} | {cells} | {far} | {other_end} |", flush=True)
    print_border(rounds)


def print_border(rounds: int) -> None:
    """Print the table of the ragged border, as Markdown."""
    waits = " | ".join(f"{size} x {size}, ms" for size in SIZES)
    head = f"| | {waits} | diverged | beside the border | other end | of those beside it |"
    print(f"\n{head}\n|{'---|' * head[1:].count('|')}")
    for name, text in PARTS.items():
        view = read_map(text)
        turns = [
            [in_turns(RAGGED, view.axes(size))[0] for _ in range(max(2, rounds))] for size in SIZES
        ]
        result = sweep(RAGGED, view.axes(SIZES[-1]))
        border, every = beside_the_border(result), list(np.ndindex(result.diverged.shape))
        shares = result.diverged.mean(), len(border) / len(every)
        others = (apart(result, cells) for cells in (every, border))
        row = (
            *(f"{median(each):.0f}" for each in turns),
            *(f"{100 * each:.0f} %" for each in shares),
            *(f"{each.other_end} of {each.cells}" for each in others),
        )
        print(f"| {name} | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    torch.optim.SGD([torch.zeros(1)])  # the first sweep imports some 800 modules
    main(*map(int, sys.argv[1:]))
