"""Render a large map: `python -m tinynet.atlas --help`."""

from __future__ import annotations

import sys
from time import perf_counter

from tinynet.atlas.arguments import Order, read_order
from tinynet.atlas.atlas import Atlas, computed_here
from tinynet.atlas.cluster import ClusterUnavailable, computed_by
from tinynet.atlas.picture import write_numbers, write_picture
from tinynet.atlas.progress import progress
from tinynet.atlas.store import Store
from tinynet.training.devices import DeviceUnavailable

WIDTH = 79  # of a line: what was there before is written over
STOPPED = 130  # what a shell expects of a program that Ctrl-C ended


def main(words: list[str]) -> int:
    """Do what the words ask for; the exit code of the process."""
    order = read_order(words)
    try:
        render(order)
    except KeyboardInterrupt:
        print("\nStopped. What is done is kept: the same command goes on from there.")
        return STOPPED
    except (ClusterUnavailable, DeviceUnavailable) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"What is computed cannot be written: {error}", file=sys.stderr)
        return 1
    return 0


def render(order: Order) -> None:
    """Compute what is missing, and write the whole."""
    order.picture.parent.mkdir(parents=True, exist_ok=True)
    atlas = Atlas(order.plan, Store(order.tiles))
    if atlas.missing:
        compute(atlas, order)
    whole = atlas.to_sweep()
    write_numbers(order.numbers, order.plan, whole)
    write_picture(order.picture, order.plan, whole)
    print(f"{order.picture} and {order.numbers} are written; {order.tiles} may be deleted.")


def compute(atlas: Atlas, order: Order) -> None:
    """Compute what is missing, and say how far it is."""
    way, start = computed_by(order.ray) if order.ray else computed_here, perf_counter()
    tiles, missing = len(order.plan.tiles), len(atlas.missing)
    show(progress(tiles - missing, tiles, 0, 0), last=False)
    for count, _ in enumerate(atlas.work(way), start=1):
        line = progress(tiles - missing + count, tiles, perf_counter() - start, count)
        show(line, last=count == missing)


def show(line: str, *, last: bool) -> None:
    """Write a line over the one before; in a file, below it."""
    if not sys.stdout.isatty():
        print(line, flush=True)
        return
    print(f"\r{line:<{WIDTH}}", end="\n" if last else "", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
