"""Tensors as small heat maps with their numbers: tables that any screen reader can read."""

from __future__ import annotations

from html import escape

import numpy as np
import numpy.typing as npt

from tinynet.colours import BLUE, ORANGE, faded
from tinynet.run import FloatArray

DARKEST = 0.6  # of a cell's colour: the number in it must stay legible
SMALLEST = 0.00005  # below it four digits would show nothing, and an exponent is written


def heat_map(
    name: str, tensor: FloatArray, changed: npt.NDArray[np.bool_] | None = None, note: str = ""
) -> str:
    """Return a tensor of one or two dimensions as HTML; changed cells are marked.

    Blue is positive and orange is negative; the strongest is the largest number of this tensor.
    """
    rows = np.atleast_2d(tensor)
    marks = np.zeros(rows.shape, bool) if changed is None else np.atleast_2d(changed)
    largest = float(np.max(np.abs(rows), where=np.isfinite(rows), initial=0)) or 1.0
    head = "".join(f"<th>{column}</th>" for column in range(rows.shape[1]))
    body = "".join(
        f"<tr><th>{index if tensor.ndim > 1 else ''}</th>{_cells(values, changes, largest)}</tr>"
        for index, (values, changes) in enumerate(zip(rows.tolist(), marks.tolist(), strict=True))
    )
    shape = ", ".join(map(str, tensor.shape)) + ("," if tensor.ndim == 1 else "")
    return (
        f'<figure class="tensor"><figcaption><code>{escape(name)}</code> ({shape}) {escape(note)}'
        f'</figcaption><div tabindex="0"><table><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></figure>"
    )


def side_by_side(*figures: str) -> str:
    """Return heat maps in a row, or below each other where there is no room."""
    return f'<div class="tensors">{"".join(figures)}</div>'


def number(value: float) -> str:
    """Return a number with four digits behind the point, or an exponent if it is tiny."""
    tiny = value != 0 and abs(value) < SMALLEST
    return f"{value:.0e}" if tiny else f"{value + 0.0:.4f}"  # + 0.0 makes -0.0 a plain zero


def _cells(values: list[float], changes: list[bool], largest: float) -> str:
    cells = []
    for value, change in zip(values, changes, strict=True):
        strength = DARKEST * abs(value) / largest if np.isfinite(value) else 0
        colour = faded(BLUE if value > 0 else ORANGE, strength)
        mark = ' class="changed"' if change else ""
        cells.append(f'<td{mark} style="background:{colour}">{number(value)}</td>')
    return "".join(cells)
