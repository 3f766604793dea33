"""What stands below a line of the loop, block by block: facts for the browser to draw."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from tinynet.stage.numbers import Start
from tinynet.training.run import FloatArray

MOST_ROWS = 10  # of a batch
MOST_CELLS = 1_000  # of a tensor
Block: TypeAlias = dict[str, Any]


def words(text: str) -> Block:
    """Return a paragraph; what stands between backticks is code."""
    return {"kind": "words", "text": text}


def printed(text: str) -> Block:
    """Return lines of code: what one types at Python's prompt and what it prints, or a rule."""
    return {"kind": "printed", "text": text}


def heat_map(
    name: str,
    tensor: FloatArray,
    note: str = "",
    before: FloatArray | None = None,
    most_rows: int = MOST_CELLS,
) -> dict[str, Any]:
    """Return a tensor of one or two dimensions; marked are the numbers that were others before.

    Of a large one the first rows are drawn, and a note says so.
    """
    *rows, columns = tensor.shape
    of = math.prod(rows)
    drawn = min(of, most_rows, MOST_CELLS // columns)
    which = "" if drawn == of else f"first {drawn} of {of:,} rows"

    def start(whole: FloatArray) -> Start:
        return Start(whole[:drawn] if which else whole)  # itself: it is sent but once

    return {
        "name": name,
        "shape": tensor.shape,
        "note": ", ".join(each for each in (note, which) if each),
        "most": float(np.abs(tensor[np.isfinite(tensor)]).max(initial=0)),
        "start": start(tensor),
        "rows": drawn,
        **({} if before is None else {"before": start(before)}),
    }


def heat_maps(*maps: dict[str, Any]) -> Block:
    """Return some tensors, side by side where there is room."""
    return {"kind": "maps", "maps": maps}


def folded(name: str, block: Block, *, is_open: bool) -> Block:
    """Return tensors behind their name, to be unfolded; one that matters may stand open."""
    return block | {"kind": "folded", "name": name, "open": is_open}


def shares(
    y_pred: FloatArray,
    targets: FloatArray,
    row_losses: FloatArray,
    name: str,
    heading: str = "y_pred",
) -> Block:
    """Return each row's share in the loss: prediction, target, loss and a bar.

    Of many rows, those with the largest shares. The predictions and targets are (rows, 1), or what
    the loss makes of them under another heading; the losses, of that name, (rows,).
    """
    are_some = len(row_losses) > MOST_ROWS
    order = np.argsort(-row_losses, kind="stable")
    rows = order[:MOST_ROWS] if are_some else np.arange(len(row_losses))
    total = float(row_losses.sum(dtype=np.float64)) or 1  # a loss of 0 has no shares
    return {
        "kind": "shares",
        "name": name,
        "heading": heading,
        "which": rows.tolist(),
        "digits": int(are_some),
        "y_pred": Start(y_pred[rows]),
        "y": Start(targets[rows]),
        "error": Start(row_losses[rows]),
        "share": Start((100 * row_losses[rows] / total).astype(np.float32)),  # in percent
    }


def side_by_side(left: list[Block], right: list[Block]) -> Block:
    """Return blocks on the left and on the right, or below each other where there is no room."""
    return {"kind": "sides", "sides": [left, right]}
