"""What stands below a line of the loop, block by block: plain data for the browser to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from tinynet.run import FloatArray
from tinynet.ui.numbers import Cargo


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
    """What one types at Python's prompt, and what it prints."""

    text: str

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return the text."""
        del cargo
        return {"kind": "printed", "text": self.text}


@dataclass(frozen=True, eq=False)
class HeatMap:
    """A tensor of one or two dimensions; marked are the numbers that were others before."""

    name: str
    tensor: FloatArray
    note: str = ""
    before: FloatArray | None = None

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return its name, its note, and where its numbers stand."""
        facts = {"name": self.name, "note": self.note, **cargo.place(self.tensor)}
        if self.before is not None:
            facts["before"] = cargo.place(self.before)["start"]
        return facts


@dataclass(frozen=True, eq=False)
class HeatMaps:
    """Some tensors, side by side where there is room."""

    maps: tuple[HeatMap, ...]

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return those of each tensor."""
        return {"kind": "maps", "maps": [each.facts(cargo) for each in self.maps]}


@dataclass(frozen=True, eq=False)
class Shares:
    """Each row's share in the loss: prediction, target, squared error and a bar."""

    y_pred: FloatArray
    targets: FloatArray
    squared_errors: FloatArray

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return where its columns stand."""
        columns = {"y_pred": self.y_pred, "y": self.targets, "error": self.squared_errors}
        places = {name: cargo.place(each)["start"] for name, each in columns.items()}
        return {"kind": "shares", "rows": len(self.squared_errors), **places}


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Blocks on the left and on the right, or below each other where there is no room."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]

    def facts(self, cargo: Cargo) -> dict[str, Any]:
        """Return those of both sides."""
        sides = [[each.facts(cargo) for each in side] for side in (self.left, self.right)]
        return {"kind": "sides", "sides": sides}
