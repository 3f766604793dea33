"""The server's time for a rerun with a stored run: this page against the plain one.

    python -m tests.benchmarks.rerun [moves]

Measures the processor time of a rerun, and the visitor's wait for its last message, including the
rest of the page that the browser requests.
"""

from __future__ import annotations

import sys

from tests.benchmarks.plain import plain_page
from tests.benchmarks.table import print_table
from tests.browser import PAGE, Server, served
from tests.visitor import Visitor, run, visiting

WIDTHS = (6, 7)  # in turn; each is trained once and then stored
IN_ONE_READING = 10  # the clock of processor time ticks a hundred times a second


async def measure(
    ours: Server, plain: Server, moves: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Move a slider on both pages in turn; return processor and waiting times in milliseconds."""
    waited: dict[str, list[float]] = {}
    used: dict[str, list[float]] = {}
    async with visiting(plain.address) as (one, _), visiting(ours.address) as (other, _):
        pages = {"plain page": (plain, one), "this page": (ours, other)}
        for _, visitor in pages.values():
            await back_and_forth(visitor, 4)
        for _ in range(moves // IN_ONE_READING):
            for name, (server, visitor) in pages.items():
                before = server.processor_seconds
                waited.setdefault(name, []).extend(await back_and_forth(visitor))
                seconds = (server.processor_seconds - before) / IN_ONE_READING
                used.setdefault(name, []).append(1_000 * seconds)
    return used, waited


async def back_and_forth(visitor: Visitor, moves: int = IN_ONE_READING) -> list[float]:
    """Move a slider repeatedly; return the milliseconds until each answer was complete."""
    widths = [WIDTHS[move % 2] for move in range(moves)]
    return [1_000 * (await visitor.move(**{"Hidden units": width})).seconds for width in widths]


def main(moves: int = 400) -> None:
    """Measure, and print both tables."""
    with served(PAGE) as ours, plain_page() as plain:
        used, waited = run(measure(ours, plain, moves))
    print_table(used, unit="ms of processor time")
    print_table(waited, unit="ms until the last message")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
