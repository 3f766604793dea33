"""Render a large map: `python -m tinynet.atlas --help`."""

from __future__ import annotations

import sys
from time import perf_counter

from tinynet.atlas.arguments import RenderJob, read_job
from tinynet.atlas.atlas import Atlas, compute_here
from tinynet.atlas.cluster import ClusterUnavailable, on_cluster
from tinynet.atlas.picture import write_numbers, write_picture
from tinynet.atlas.progress import progress
from tinynet.atlas.store import TileStore
from tinynet.training.devices import DeviceUnavailable

WIDTH = 79  # characters of a line, to overwrite the previous one
STOPPED = 130  # the exit code of a program that Ctrl-C ended


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    job = read_job(arguments)
    try:
        render(job)
    except KeyboardInterrupt:
        print("\nStopped. Finished tiles are kept: the same command continues from there.")
        return STOPPED
    except (ClusterUnavailable, DeviceUnavailable) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"The result cannot be written: {error}", file=sys.stderr)
        return 1
    return 0


def render(job: RenderJob) -> None:
    """Compute the missing tiles, and write the whole map."""
    job.picture.parent.mkdir(parents=True, exist_ok=True)
    atlas = Atlas(job.plan, TileStore(job.tiles))
    if atlas.missing:
        compute(atlas, job)
    whole = atlas.to_sweep()
    write_numbers(job.numbers, job.plan, whole)
    write_picture(job.picture, job.plan, whole)
    print(f"Wrote {job.picture} and {job.numbers}. You can delete {job.tiles}.")


def compute(atlas: Atlas, job: RenderJob) -> None:
    """Compute the missing tiles, and show the progress."""
    compute_tiles = on_cluster(job.ray) if job.ray else compute_here
    start = perf_counter()
    tiles, missing = len(job.plan.tiles), len(atlas.missing)
    show(progress(tiles - missing, tiles, 0, 0), last=False)
    for count, _ in enumerate(atlas.work(compute_tiles), start=1):
        line = progress(tiles - missing + count, tiles, perf_counter() - start, count)
        show(line, last=count == missing)


def show(line: str, *, last: bool) -> None:
    """Overwrite the previous line; in a file, add a line."""
    if not sys.stdout.isatty():
        print(line, flush=True)
        return
    print(f"\r{line:<{WIDTH}}", end="\n" if last else "", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
