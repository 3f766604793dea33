"""A class of visitors, each of whom moves a slider every few seconds.

    python -m tests.benchmarks.load [visitors] [seconds]

Measures this page and then the plain one, each on its own server, with real websocket sessions on
this machine. Each answer is compared with the article's loop.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import perf_counter, sleep

import numpy as np

from tests.benchmarks.plain import plain_page
from tests.browser import PAGE, Server, served
from tests.oracle import article_loop
from tests.visitor import Answer, run, visiting

WIDTHS, EPOCHS = range(1, 41), (20, 50, 100, 200, 500)
ALL = list(itertools.product(WIDTHS, EPOCHS))  # 200 settings
HEADS = (
    *("reruns", "p50, ms", "p95, ms", "longest, ms", "errors", "equal to the loop", "MB"),
    "processor once all have left",
)
Losses = dict[tuple[int, int], list[float]]


@dataclass
class Tally:
    """The measurements of all visitors."""

    seconds: list[float] = field(default_factory=list)
    wrong: int = 0
    errors: list[str] = field(default_factory=list)

    def take(self, answer: Answer, losses: list[float]) -> None:
        """Record an answer and whether it is correct."""
        self.seconds.append(answer.seconds)
        self.wrong += answer.losses[: len(losses)] != losses
        self.errors += answer.errors


def oracle(settings: Iterable[tuple[int, int]] = ALL) -> Losses:
    """Return the final loss of the article's loop for each of the settings."""
    return {each: article_loop([each[0]], 0.01, each[1], 0)["losses"] for each in settings}


@dataclass(frozen=True)
class Load:
    """The number of visitors, the seconds, and the number of visitors who train long runs."""

    visitors: int
    seconds: float
    thinking: tuple[float, float] = (3.0, 5.0)  # seconds between two moves
    long_runs: int = 0  # 64 units, 10,000 epochs; each visitor leaves in the middle of the last run


ONE_MOVE = Load(1, 0.1, (0, 0))


async def put(load: Load, address: str, losses: Losses) -> Tally:
    """Put a load on a server, with settings whose losses are known."""
    tally = Tally()
    end = perf_counter() + load.seconds
    settings = list(losses)

    async def visit(number: int) -> None:
        generator = random.Random(number)  # noqa: S311 - a measurement, the same each time
        await asyncio.sleep(generator.uniform(0, load.thinking[1]))  # arrivals are spread over time
        async with visiting(address, is_scrolled=number % 4 == 0) as (visitor, _):
            while perf_counter() < end:
                tally.errors += (await visitor.rest(generator.uniform(*load.thinking))).errors
                width, epochs = generator.choice(settings)
                answer = await visitor.move(**{"Hidden units": width, "Epochs": epochs})
                tally.take(answer, losses[width, epochs])

    async def train_on_and_on(number: int) -> None:
        async with visiting(address) as (visitor, _):
            for seed in range(100 * number, 100 * (number + 1)):
                await visitor.move(**{"Hidden units": 64, "Epochs": 10_000, "Seed": seed})

    others = [asyncio.create_task(train_on_and_on(number)) for number in range(load.long_runs)]
    for outcome in await asyncio.gather(*map(visit, range(load.visitors)), return_exceptions=True):
        if outcome is not None:  # every error belongs in the table
            tally.errors.append(repr(outcome))
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    return tally


def measure(server: Server, losses: Losses, load: Load) -> str:
    """Put a load on a server; return a row of the table."""
    run(put(ONE_MOVE, server.address, losses))  # the server has imported torch
    before = server.megabytes
    tally = run(put(load, server.address, losses))
    megabytes = server.megabytes
    sleep(0.5)
    used = server.processor_seconds
    sleep(2)
    count = len(tally.seconds)
    p50, p95, longest = np.percentile(tally.seconds, [50, 95, 100]) * 1_000
    cells = (
        f"{count}",
        f"{p50:.0f}",
        f"{p95:.0f}",
        f"{longest:.0f}",
        f"{len(tally.errors)}",
        f"{count - tally.wrong}",
        f"{before:.0f} to {megabytes:.0f}",
        f"{50 * (server.processor_seconds - used):.0f} %",
    )
    return " | ".join(cells)


def main(visitors: int = 100, seconds: float = 120) -> None:
    """Load this page, alone and beside long runs, and the plain page; print a table."""
    losses = oracle()
    print(f"{visitors} visitors, {seconds:.0f} s, {len(losses)} settings\n")
    print(f"| | {' | '.join(HEADS)} |\n|{'---|' * (len(HEADS) + 1)}")
    usual, beside = Load(visitors, seconds), Load(visitors, seconds, long_runs=5)
    for load, name in ((usual, "this page"), (beside, "this page, beside 5 × 10,000 epochs")):
        with served(PAGE) as server:
            print(f"| {name} | {measure(server, losses, load)} |", flush=True)
    with plain_page() as server:
        print(f"| plain page | {measure(server, losses, usual)} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
