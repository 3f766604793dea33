"""Blocks: the pieces of content below a line of the loop, for the browser to draw."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from tinynet.stage.numbers import Offset
from tinynet.training.record import FloatArray

MOST_ROWS = 10  # of a batch
MOST_CELLS = 1_000  # of a tensor
ResultBlock: TypeAlias = dict[str, Any]


def paragraph(text: str) -> ResultBlock:
    """Return a paragraph; text between backticks is code."""
    return {"kind": "words", "text": text}


def code_block(text: str) -> ResultBlock:
    """Return lines of code: input and output at Python's prompt, or an update rule."""
    return {"kind": "printed", "text": text}


def heat_map(
    name: str,
    tensor: FloatArray,
    note: str = "",
    before: FloatArray | None = None,
    most_rows: int = MOST_CELLS,
) -> dict[str, Any]:
    """Return a tensor of one or two dimensions; numbers that differ from `before` are underlined.

    A large tensor shows only its first rows, and a note says so.
    """
    *rows, columns = tensor.shape
    count = math.prod(rows)
    drawn = min(count, most_rows, MOST_CELLS // columns)
    which = "" if drawn == count else f"first {drawn} of {count:,} rows"

    def start(whole: FloatArray) -> Offset:
        return Offset(whole[:drawn] if which else whole)  # not a copy, so that it is sent once

    return {
        "name": name,
        "shape": tensor.shape,
        "note": ", ".join(each for each in (note, which) if each),
        "most": float(np.abs(tensor[np.isfinite(tensor)]).max(initial=0)),
        "start": start(tensor),
        "rows": drawn,
        **({} if before is None else {"before": start(before)}),
    }


def heat_maps(*maps: dict[str, Any]) -> ResultBlock:
    """Return tensors, side by side where there is room."""
    return {"kind": "maps", "maps": maps}


def folded(name: str, block: ResultBlock, *, is_open: bool) -> ResultBlock:
    """Return tensors that a click on their name unfolds."""
    return block | {"kind": "folded", "name": name, "open": is_open}


def shares(
    y_pred: FloatArray,
    targets: FloatArray,
    row_losses: FloatArray,
    name: str,
    heading: str = "y_pred",
) -> ResultBlock:
    """Return each row's share of the loss: prediction, target, loss and a bar.

    A large batch shows only the rows with the largest shares. Predictions (or the values that
    `heading` names) and targets are (rows, 1); row losses, which `name` names, are (rows,).
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
        "y_pred": Offset(y_pred[rows]),
        "y": Offset(targets[rows]),
        "error": Offset(row_losses[rows]),
        "share": Offset((100 * row_losses[rows] / total).astype(np.float32)),  # in percent
    }


def side_by_side(left: list[ResultBlock], right: list[ResultBlock]) -> ResultBlock:
    """Return blocks in two columns, or below each other where there is no room."""
    return {"kind": "sides", "sides": [left, right]}
