"""The finished tiles, one file each; a damaged or foreign file counts as missing."""

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

from tinynet.atlas.plan import AtlasPlan, Tile
from tinynet.sweeping.grid import Sweep

Arrays = dict[str, npt.NDArray[Any]]  # by the fields of a `Sweep`
KINDS: dict[str, type[np.generic]] = {
    "final_losses": np.float32,
    "final_test_losses": np.float32,
    "accuracies": np.float32,
    "test_accuracies": np.float32,
    "diverged": np.bool_,
}

# The errors that NumPy raises for a damaged or foreign file, or one that needs unpickling.
DAMAGED = (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, BadCompression)


def arrays_of(sweep: Sweep) -> Arrays:
    """Return the results of each cell; NaN for results that the sweep lacks."""
    results = {name: getattr(sweep, name) for name in KINDS}
    missing = np.full_like(sweep.final_losses, np.nan)
    return {name: missing if each is None else each for name, each in results.items()}


@dataclass(frozen=True)
class TileStore:
    """A folder with one folder for each plan."""

    folder: Path

    def path(self, plan: AtlasPlan, tile: Tile) -> Path:
        """Return the path of a tile."""
        return self.folder / plan.fingerprint / f"{tile.top:04}-{tile.left:04}.npz"

    def keep(self, plan: AtlasPlan, tile: Tile, arrays: Arrays) -> None:
        """Write a tile; readers see either the whole file or no file."""
        path = self.path(plan, tile)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: np.savez_compressed(file, allow_pickle=False, **arrays))

    def read(self, plan: AtlasPlan, tile: Tile) -> Arrays | None:
        """Return a tile; None if it is missing or damaged."""
        try:
            with self.path(plan, tile).open("rb") as file, np.load(file, allow_pickle=False) as npz:
                arrays = {name: npz[name] for name in KINDS}
        except DAMAGED:
            return None
        fits = all(
            each.shape == tile.shape and each.dtype == KINDS[name] for name, each in arrays.items()
        )
        return arrays if fits else None


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file under a temporary name first, so that a power cut leaves no partial file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
