"""The tiles as tasks of a Ray cluster; Ray sends a task again where a worker or a machine dies."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from socket import create_connection
from typing import Any

import tinynet
from tinynet.atlas.atlas import Compute, computed
from tinynet.atlas.plan import Plan, Tile
from tinynet.atlas.store import Arrays

TRIES = 20  # of a tile whose worker dies
PATIENCE = 10.0  # seconds
AHEAD = 2  # tiles for each core, so that none waits for the next


class ClusterUnavailable(RuntimeError):  # noqa: N818 - the name says what happened
    """There is no cluster that could compute the tiles; the message says why."""


def computed_by(address: str) -> Compute:
    """Return the way to compute tiles on the cluster at an address; "local" starts one here."""

    def compute(plan: Plan, tiles: Iterable[Tile]) -> Iterator[tuple[Tile, Arrays]]:
        with _connected(address) as ray:
            try:
                yield from _results(ray, plan, iter(tiles))
            except ray.exceptions.RayTaskError as error:  # our own error, there
                raise error.cause from None
            except ray.exceptions.RayError as error:
                raise ClusterUnavailable(_first_line("The cluster failed", error)) from error

    return compute


def _results(ray: Any, plan: Plan, tiles: Iterator[Tile]) -> Iterator[tuple[Tile, Arrays]]:
    """Have no more tiles under way than keep all cores busy; there may be thousands."""
    task = ray.remote(num_cpus=1, num_gpus=_graphics_cards(ray, plan), max_retries=TRIES)(computed)
    under_way: dict[Any, Tile] = {}
    while True:
        room = AHEAD * int(ray.cluster_resources().get("CPU", 1)) - len(under_way)
        for tile in islice(tiles, max(room, not under_way)):
            under_way[task.remote(plan, tile)] = tile
        if not under_way:
            return
        done, _ = ray.wait(list(under_way))
        for each in done:
            yield under_way.pop(each), ray.get(each)


def _graphics_cards(ray: Any, plan: Plan) -> int:
    """Return how many a tile takes: one, if it runs on it; a task that none can take would wait."""
    wanted = int(plan.settings.device.startswith("cuda"))
    if wanted and not ray.cluster_resources().get("GPU"):
        raise ClusterUnavailable(f"No machine of the cluster has {plan.settings.device}.")
    return wanted


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Give Ray, connected; the cluster is sent this package, so that all compute with the same."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a local one would tell its makers
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
    """Ask first whether anyone answers there: Ray itself would try for minutes."""
    host, _, port = address.rpartition("//")[2].rpartition(":")
    if not port.isdecimal():
        return  # no place on the net: "local", "auto"
    try:
        create_connection((host.strip("[]"), int(port)), PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise ClusterUnavailable(_first_line(f"No cluster at {address}", error)) from error


def _first_line(what: str, error: Exception) -> str:
    return f"{what}: {(str(error).strip() or type(error).__name__).splitlines()[0]}"
