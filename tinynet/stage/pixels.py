"""Pixels: what the browser needs to show rows as pictures, and to read a drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tinynet.training.run import Run
from tinynet.user_data import Table

MOST_PICTURES = 600  # rows with their inputs, in a message
MOST_PRODUCTS = 4_000_000  # weights times rows, for the browser to compute at each state
SEEN = 1 / 8  # the share of the range from which a pixel counts as drawn


def pixels_of(
    run: Run, functions: dict[str, Any] | None, *, is_asked: bool
) -> dict[str, Any] | None:
    """Return the side of the pictures; with `is_asked`, also what the pad needs.

    None unless the inputs are pixels and the targets are classes.
    """
    data = run.settings.data
    if not isinstance(data, Table) or not data.pixels or not run.has_classes:
        return None
    side = data.pixels.side
    return {"side": side, "pad": _pad(run, side, functions) if functions and is_asked else None}


def _pad(run: Run, side: int, functions: dict[str, Any]) -> dict[str, Any]:
    inputs, targets = run.inputs, run.targets
    if run.has_test:
        inputs, targets = run.test_inputs, run.test_targets
    most = min(MOST_PICTURES, MOST_PRODUCTS // run.parameter_count)
    first = "" if len(inputs) <= most else "the first "
    return {
        "functions": functions,
        "inputs": inputs[:most],
        "targets": targets[:most],
        "whose": f"{first}{min(most, len(inputs)):,} {'test' if run.has_test else 'training'} rows",
        **_how_drawn(run.inputs.reshape(-1, side, side)),
    }


def _how_drawn(pictures: npt.NDArray[Any]) -> dict[str, Any]:
    """Return what is usual in the pictures: ink on ground, the share of ink, and where it lies."""
    edges = np.concatenate([pictures[:, [0, -1]].ravel(), pictures[:, :, [0, -1]].ravel()])
    is_inverted = bool(edges.mean() > 1 / 2)
    ink = 1 - pictures if is_inverted else pictures
    across, down = (_extent(ink.max(axis=axis)) for axis in (1, 2))
    share = float(ink.mean())
    return {"isInverted": is_inverted, "share": share, "across": across, "down": down}


def _extent(profiles: npt.NDArray[Any]) -> list[float]:
    """Return where ink begins and ends on average, from 0 to 1; a pale pixel counts in part."""
    seen, rows, side = profiles > SEEN, np.arange(len(profiles)), profiles.shape[1]
    first, last = seen.argmax(axis=1), side - 1 - seen[:, ::-1].argmax(axis=1)
    begins, ends = first + 1 - profiles[rows, first], last + profiles[rows, last]
    return [float(begins.mean()) / side, float(ends.mean()) / side]
