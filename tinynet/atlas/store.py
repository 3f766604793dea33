"""The tiles that are done, a file each; what is torn or strange counts as not there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile
from zlib import error as BadCompression  # noqa: N812 - a class, as all errors are

import numpy as np
import numpy.typing as npt

from tinynet.atlas.plan import Plan, Tile
from tinynet.sweeping.grid import Sweep

Arrays = dict[str, npt.NDArray[Any]]  # of cells, by the fields of a `Sweep`
KINDS: dict[str, type[np.generic]] = {
    "final_losses": np.float32,
    "final_test_losses": np.float32,
    "accuracies": np.float32,
    "test_accuracies": np.float32,
    "diverged": np.bool_,
}

# What NumPy says of a file that is none of ours; that it would have to be unpickled, too.
NOT_WHOLE = (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, BadCompression)


def arrays_of(sweep: Sweep) -> Arrays:
    """Return what came of each cell; NaN where a sweep has no such thing."""
    found = {name: getattr(sweep, name) for name in KINDS}
    nothing = np.full_like(sweep.final_losses, np.nan)
    return {name: nothing if each is None else each for name, each in found.items()}


@dataclass(frozen=True)
class Store:
    """A folder for all plans, with one for each of them in it."""

    folder: Path

    def path(self, plan: Plan, tile: Tile) -> Path:
        """Return where a tile is kept."""
        return self.folder / plan.fingerprint / f"{tile.top:04}-{tile.left:04}.npz"

    def keep(self, plan: Plan, tile: Tile, arrays: Arrays) -> None:
        """Write a tile; whoever looks meanwhile finds all of it or nothing."""
        path = self.path(plan, tile)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: np.savez_compressed(file, allow_pickle=False, **arrays))

    def read(self, plan: Plan, tile: Tile) -> Arrays | None:
        """Return a tile; None if it is not there, or not whole."""
        try:
            with self.path(plan, tile).open("rb") as file, np.load(file, allow_pickle=False) as npz:
                arrays = {name: npz[name] for name in KINDS}
        except NOT_WHOLE:
            return None
        fits = all(
            each.shape == tile.shape and each.dtype == KINDS[name] for name, each in arrays.items()
        )
        return arrays if fits else None


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file under another name first: a power cut leaves all of it or nothing."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
