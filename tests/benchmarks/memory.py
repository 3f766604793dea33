"""The server's memory after many settings, under load, and with many large runs open.

python -m tests.benchmarks.memory [settings] [seconds]
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from time import sleep

from tests.benchmarks.load import Load, oracle, put
from tests.browser import PAGE, Server, served
from tests.visitor import run, visiting
from tinynet.serving.store import BUDGET

WIDTHS, EPOCHS = (64, 63), 200  # at 0.6 MB per run, 2,000 runs exceed the store's budget nine times
LONG = 256  # epochs
LARGEST = f"?data=moons&hidden=64-64-64-64-64-64&epochs={LONG}&seed="  # a run takes over 6 MB
AT_ONCE = 4
CROWD = 100  # visitors, each on a different run of the largest size
OF_A_SESSION = 1.5  # MB
UNTIL_FORGOTTEN = 150  # seconds; Streamlit keeps a disconnected session for 120


async def go_through(address: str, settings: int) -> int:
    """Request many different runs from a few visitors at once; return the number of answers."""
    waiting = itertools.islice(itertools.product(WIDTHS, range(1_000)), settings)

    async def visit() -> int:
        came = 0
        async with visiting(address) as (visitor, _):
            for width, seed in waiting:
                values = {"Hidden units": width, "Epochs": EPOCHS, "Seed": seed}
                came += len((await visitor.move(**values)).losses) == EPOCHS + 1
        return came

    return sum(await asyncio.gather(*(visit() for _ in range(AT_ONCE))))


async def stay_on_the_largest(address: str, count: int, done: Callable[[], None]) -> None:
    """Open pages on different large runs, a few at a time; close them after `done`."""
    opening, all_open = asyncio.Semaphore(AT_ONCE), asyncio.Barrier(count)

    async def visit(seed: int) -> None:
        async with AsyncExitStack() as stay:
            async with opening:
                _, answer = await stay.enter_async_context(visiting(f"{address}{LARGEST}{seed}"))
            assert len(answer.losses) == LONG + 1, answer.errors
            if await all_open.wait() == 0:
                done()
            await all_open.wait()

    await asyncio.gather(*map(visit, range(count)))


def growth_with_a_crowd(server: Server, count: int) -> float:
    """Return the MB by which the server grows while the visitors stay on the largest runs."""
    before, with_all = settled_megabytes(server), []
    run(stay_on_the_largest(server.address, count, lambda: with_all.append(server.megabytes)))
    return with_all[0] - before


def settled_megabytes(server: Server) -> float:
    """Return the server's memory with torch imported and a first run trained."""
    run(go_through(server.address, 1))
    return server.megabytes


def main(settings: int = 2_000, seconds: float = 300) -> None:
    """Measure each case on a fresh server."""
    with served(PAGE) as server:
        before = settled_megabytes(server)
        came = run(go_through(server.address, settings))
        growth = server.megabytes - before
        print(
            f"{came} settings: {before:.0f} MB and {growth:.0f} more, of which the runs'", end=" "
        )
        print(f"budget is {BUDGET / 1e6:.0f}", flush=True)
    with served(PAGE) as server:
        before = settled_megabytes(server)
        run(put(Load(100, seconds), server.address, oracle()))
        loaded = server.megabytes
        sleep(UNTIL_FORGOTTEN)
        print(f"{seconds:.0f} s of 100 visitors: {before:.0f} MB before, {loaded:.0f} at the end,")
        print(f"{server.megabytes:.0f} after {UNTIL_FORGOTTEN} idle seconds", flush=True)
    with served(PAGE) as server:
        growth, most = growth_with_a_crowd(server, CROWD), BUDGET / 1e6 + CROWD * OF_A_SESSION
        print(f"{CROWD} visitors on {CROWD} of the largest runs: {growth:.0f} MB more,", end=" ")
        print(f"of at most {most:.0f};", flush=True)
        sleep(UNTIL_FORGOTTEN)
        print(f"{server.megabytes:.0f} in all, {UNTIL_FORGOTTEN} seconds after they have left")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
