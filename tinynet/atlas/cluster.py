"""The tiles as tasks on a Ray cluster; Ray repeats a task when its worker or machine dies."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from socket import create_connection
from typing import Any

import tinynet
from tinynet.atlas.atlas import Compute, compute_tile
from tinynet.atlas.plan import AtlasPlan, Tile
from tinynet.atlas.store import Arrays

TRIES = 20  # of a tile whose worker dies
TIMEOUT = 10.0  # seconds
QUEUED = 2  # tiles per core, so that no core waits for work


class ClusterUnavailable(RuntimeError):  # noqa: N818 - the name says what happened
    """No cluster can compute the tiles; the message says why."""


def on_cluster(address: str) -> Compute:
    """Return a function that computes tiles on the cluster at an address; "local" starts one."""

    def compute(plan: AtlasPlan, tiles: Iterable[Tile]) -> Iterator[tuple[Tile, Arrays]]:
        with _connected(address) as ray:
            try:
                yield from _results(ray, plan, iter(tiles))
            except ray.exceptions.RayTaskError as error:  # raised by our own code on the cluster
                raise error.cause from None
            except ray.exceptions.RayError as error:
                raise ClusterUnavailable(_first_line("The cluster failed", error)) from error

    return compute


def _results(ray: Any, plan: AtlasPlan, tiles: Iterator[Tile]) -> Iterator[tuple[Tile, Arrays]]:
    """Submit just enough of the tiles, which may be thousands, to keep all cores busy."""
    task = ray.remote(num_cpus=1, num_gpus=_graphics_cards(ray, plan), max_retries=TRIES)(
        compute_tile
    )
    pending: dict[Any, Tile] = {}
    while True:
        room = QUEUED * int(ray.cluster_resources().get("CPU", 1)) - len(pending)
        for tile in islice(tiles, max(room, not pending)):
            pending[task.remote(plan, tile)] = tile
        if not pending:
            return
        done, _ = ray.wait(list(pending))
        for each in done:
            yield pending.pop(each), ray.get(each)


def _graphics_cards(ray: Any, plan: AtlasPlan) -> int:
    """Return the GPUs per tile, 0 or 1; ClusterUnavailable if the cluster lacks a needed GPU."""
    gpus = int(plan.settings.device.startswith("cuda"))
    if gpus and not ray.cluster_resources().get("GPU"):
        raise ClusterUnavailable(f"No machine of the cluster has {plan.settings.device}.")
    return gpus


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Connect to Ray and send it this package, so that all workers run the same code."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report usage to its makers
    try:
        import ray  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        message = "Ray is not installed: pip install -r requirements-ray.txt"
        raise ClusterUnavailable(message) from error
    _reach(address)
    package = str(Path(tinynet.__file__).parent)
    try:
        ray.init(
            address,
            runtime_env={"py_modules": [package]},
            logging_level="ERROR",
            log_to_driver=False,
        )
    except (ray.exceptions.RayError, RuntimeError, ValueError, OSError) as error:
        raise ClusterUnavailable(_first_line(f"No cluster at {address}", error)) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """Check that a server answers there; Ray itself would retry for minutes."""
    host, _, port = address.rpartition("//")[2].rpartition(":")
    if not port.isdecimal():
        return  # not a network address: "local", "auto"
    try:
        create_connection((host.strip("[]"), int(port)), TIMEOUT).close()
    except (OSError, OverflowError) as error:
        raise ClusterUnavailable(_first_line(f"No cluster at {address}", error)) from error


def _first_line(what: str, error: Exception) -> str:
    return f"{what}: {(str(error).strip() or type(error).__name__).splitlines()[0]}"
