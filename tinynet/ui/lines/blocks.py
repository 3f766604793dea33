"""What stands below a line of the loop, block by block: plain data for the browser to draw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from tinynet.run import FloatArray
from tinynet.ui.numbers import Cargo

MOST_ROWS = 10  # of a batch
MOST_CELLS = 1_000  # of a tensor


class Block(Protocol):
    """A part of what stands below a line."""

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return what the browser draws it from; its numbers go into the cargo."""


@dataclass(frozen=True, eq=False)
class Words:
    """A paragraph; what stands between backticks is code."""

    text: str

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return the text."""
        del cargo
        return {"kind": "words", "text": self.text}


@dataclass(frozen=True, eq=False)
class Printed:
    """Lines of code: what one types at Python's prompt and what it prints, or a rule."""

    text: str

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return the text."""
        del cargo
        return {"kind": "printed", "text": self.text}


@dataclass(frozen=True, eq=False)
class HeatMap:
    """A tensor of one or two dimensions; marked are the numbers that were others before.

    Of a large one the first rows are drawn, and a note says so.
    """

    name: str
    tensor: FloatArray
    note: str = ""
    before: FloatArray | None = None
    most_rows: int = MOST_CELLS

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return its name, shape, notes and largest number, and where its numbers stand."""
        notes = [note for note in (self.note, self._which_rows) if note]
        place = cargo.place(self._drawn(self.tensor))
        facts = {
            "name": self.name,
            "shape": self.tensor.shape,
            "note": ", ".join(notes),
            "most": float(np.abs(self.tensor[np.isfinite(self.tensor)]).max(initial=0)),
            "start": place["start"],
            "rows": self._rows,
        }
        if self.before is not None:
            facts["before"] = cargo.place(self._drawn(self.before))["start"]
        return facts

    @property
    def _rows(self) -> int:
        """How many rows are drawn; one of a tensor of one dimension."""
        *rows, columns = self.tensor.shape
        most: int = min(math.prod(rows), self.most_rows, MOST_CELLS // columns)
        return most

    @property
    def _which_rows(self) -> str:
        rows = math.prod(self.tensor.shape[:-1])
        return "" if self._rows == rows else f"first {self._rows} of {rows:,} rows"

    def _drawn(self, tensor: FloatArray) -> FloatArray:
        whole = not self._which_rows
        return tensor if whole else tensor[: self._rows]  # itself: the cargo takes it but once


@dataclass(frozen=True, eq=False)
class HeatMaps:
    """Some tensors, side by side where there is room."""

    maps: tuple[HeatMap, ...]

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return those of each tensor."""
        return {"kind": "maps", "maps": [each.facts(cargo) for each in self.maps]}


@dataclass(frozen=True, eq=False)
class Folded:
    """Tensors behind their name, to be unfolded; one that matters may stand open."""

    name: str
    maps: HeatMaps
    is_open: bool = False

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return the name, and those of the tensors."""
        facts = self.maps.facts(cargo)
        return {"kind": "folded", "name": self.name, "open": self.is_open, "maps": facts["maps"]}


@dataclass(frozen=True, eq=False)
class Shares:
    """Each row's share in the loss: prediction, target, loss and a bar.

    Of many rows, those with the largest shares.
    """

    y_pred: FloatArray  # (rows, 1): or what the loss makes of it, under another heading
    targets: FloatArray  # (rows, 1)
    row_losses: FloatArray  # (rows,)
    name: str  # of a row's loss
    heading: str = "y_pred"

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return the name, which rows they are, and where their columns stand."""
        rows = self._rows
        total = float(self.row_losses.sum(dtype=np.float64)) or 1  # a loss of 0 has no shares
        columns = {
            "y_pred": self.y_pred[rows],
            "y": self.targets[rows],
            "error": self.row_losses[rows],
            "share": (100 * self.row_losses[rows] / total).astype(np.float32),  # in percent
        }
        places = {name: cargo.place(each)["start"] for name, each in columns.items()}
        return {
            "kind": "shares",
            "name": self.name,
            "heading": self.heading,
            "which": rows.tolist(),
            "digits": int(self.are_some),
            **places,
        }

    @property
    def are_some(self) -> bool:
        """Whether there are more rows than are shown."""
        return len(self.row_losses) > MOST_ROWS

    @property
    def _rows(self) -> Any:
        if not self.are_some:
            return np.arange(len(self.row_losses))
        return np.argsort(-self.row_losses, kind="stable")[:MOST_ROWS]


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Blocks on the left and on the right, or below each other where there is no room."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return those of both sides."""
        sides = [[each.facts(cargo) for each in side] for side in (self.left, self.right)]
        return {"kind": "sides", "sides": sides}
