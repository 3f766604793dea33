"""The waiting times of an ordinary visitor while others flood the server.

    python -m tests.benchmarks.floods [seconds] [part of a flood's name]

Each flood has its own server and its own process, all on this machine. The visitor is measured
before, during and after the flood. Each answer is compared with the article's loop.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from time import perf_counter
from urllib.request import urlopen

import numpy as np

from tests.benchmarks.flooding import FLOODS
from tests.benchmarks.load import Losses, oracle
from tests.browser import PAGE, ROOT, Server, served
from tests.visitor import open_and_leave, run, visiting

SETTINGS = [(width, epochs) for epochs in (50, 20, 100) for width in range(1, 65)]
THINKING = 0.25  # seconds between two moves
BETWEEN_OPENINGS = 1.5  # seconds
PATIENCE = 120  # seconds that a visitor waits at most
AFTERWARDS = 8.0  # seconds of measurement after a flood
HEADS = (
    *("beside", "moves", "p50, ms", "p95, ms", "longest, ms", "p95, ratio to undisturbed"),
    "longest opening, ms",
    *("normal again after, s", "most threads", "most MB", "sent a second", "sender's processor"),
    *("errors", "wrong", "missed"),
)
RATIO = 2  # target: ratio of the 95th percentiles during and before the flood
LONGEST = 2.0  # target: seconds of the longest wait, also for an opening
RECOVERY = 5.0  # target: seconds until the waits are normal again


Waits = list[tuple[float, float]]  # start time of each wait, and its seconds


@dataclass
class Seen:
    """The measurements of ordinary visitors before, during and after a flood."""

    moves: Waits = field(default_factory=list)
    openings: Waits = field(default_factory=list)
    threads: int = 0
    megabytes: float = 0
    wrong: int = 0
    errors: list[str] = field(default_factory=list)
    begins: float = 0  # the measurements of the flood itself
    ends: float = 0
    sender: dict[str, float] = field(default_factory=dict)
    over: bool = False

    @property
    def undisturbed(self) -> list[float]:
        """The waits before the flood."""
        return [wait for began, wait in self.moves if began < self.begins]

    @property
    def flooded(self) -> list[float]:
        """The waits during the flood."""
        return [wait for began, wait in self.moves if self.begins <= began < self.ends]

    @property
    def opening(self) -> float:
        """The longest opening of the page during the flood."""
        return max(wait for began, wait in self.openings if self.begins <= began < self.ends)

    @property
    def recovery(self) -> float:
        """Seconds from the end of the flood to the end of the last wait that is not normal."""
        bound = RATIO * float(np.percentile(self.undisturbed, 95))
        ends = [began + wait for began, wait in self.moves if wait > bound]
        return max(0, *(end - self.ends for end in ends), 0)

    @property
    def ratio(self) -> float:
        """The 95th percentile of the waits during the flood, divided by the one before it."""
        return float(np.percentile(self.flooded, 95) / np.percentile(self.undisturbed, 95))

    @property
    def missed(self) -> list[str]:
        """The missed targets."""
        missed = {
            "ratio": self.ratio > RATIO,
            "longest": max(*self.flooded, self.opening) > LONGEST,
            "recovery": self.recovery > RECOVERY,
            "errors": bool(self.errors),
            "wrong": self.wrong > 0,
        }
        return [name for name in missed if missed[name]]


async def watch(server: Server, name: str, seconds: float, losses: Losses) -> Seen:
    """Measure an ordinary visitor before, during and after a flood."""
    seen = Seen()
    await open_and_leave(server.address)  # the server has imported torch
    watches = asyncio.gather(
        _move(server.address, seen, losses), _open(server.address, seen), _count(server, seen)
    )
    await asyncio.sleep(seconds)
    await _flood(server.address, name, seconds, seen)
    await asyncio.sleep(AFTERWARDS)
    seen.over = True
    await asyncio.wait_for(watches, PATIENCE)
    return seen


async def _flood(address: str, name: str, seconds: float, seen: Seen) -> None:
    command = (sys.executable, "-m", "tests.benchmarks.flooding", name, address, str(seconds))
    sender = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    assert sender.stdout
    await sender.stdout.readline()
    seen.begins = perf_counter()
    seen.sender = json.loads(await sender.stdout.read())
    seen.ends = perf_counter()
    await sender.wait()


async def _move(address: str, seen: Seen, losses: Losses) -> None:
    async with visiting(address) as (visitor, _):
        for width, epochs in itertools.cycle(losses):
            await asyncio.sleep(THINKING)
            if seen.over:
                return
            start = perf_counter()
            answer = await visitor.move(**{"Hidden units": width, "Epochs": epochs})
            seen.moves.append((start, answer.seconds))
            seen.errors += answer.errors
            expected = losses[width, epochs]
            seen.wrong += answer.losses[: len(expected)] != expected


async def _open(address: str, seen: Seen) -> None:
    """Open the page from time to time: its first file, a session, the first load."""
    while not seen.over:
        await asyncio.sleep(BETWEEN_OPENINGS)
        start = perf_counter()
        await asyncio.to_thread(_fetch, address)
        async with visiting(address, open_timeout=PATIENCE) as (_, answer):
            seen.openings.append((start, perf_counter() - start))
            seen.errors += answer.errors


def _fetch(address: str) -> None:
    with urlopen(address, timeout=PATIENCE) as response:  # noqa: S310 - our own server, on loopback
        response.read()


async def _count(server: Server, seen: Seen) -> None:
    while not seen.over:
        seen.threads = max(seen.threads, server.threads)
        seen.megabytes = max(seen.megabytes, server.megabytes)
        await asyncio.sleep(0.1)


def row(name: str, seen: Seen) -> str:
    """Return a row of the table."""
    before = np.percentile(seen.undisturbed, 95)
    p50, p95, longest = np.percentile(seen.flooded, [50, 95, 100])
    cells = (
        name,
        f"{len(seen.flooded)}",
        *(f"{1_000 * each:.0f}" for each in (p50, p95, longest)),
        f"{seen.ratio:.1f} × {1_000 * before:.0f}",
        f"{1_000 * seen.opening:.0f}",
        f"{seen.recovery:.1f}",
        f"{seen.threads}",
        f"{seen.megabytes:.0f}",
        f"{seen.sender['per_second']:.0f}",
        f"{100 * seen.sender['processor']:.0f} %",
        f"{len(seen.errors)}",
        f"{seen.wrong}",
        ", ".join(seen.missed) or "nothing",
    )
    return f"| {' | '.join(cells)} |"


def main(seconds: float = 20, part: str = "") -> None:
    """Measure each flood, and print a table."""
    losses = oracle(SETTINGS)
    print(f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}")
    for name in (each for each in FLOODS if part in each):
        with TemporaryFile() as log, served(PAGE, log=log) as server:
            seen = run(watch(server, name, seconds, losses))
        print(row(name, seen), flush=True)
        for error, count in Counter(seen.errors).items():
            print(f"{count} × {error}", file=sys.stderr)


if __name__ == "__main__":
    main(float("".join(sys.argv[1:2]) or 20), "".join(sys.argv[2:3]))
