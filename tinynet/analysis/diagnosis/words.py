"""Numbers as a reader wants them."""

from __future__ import annotations

import numpy as np

SMALLEST, LARGEST = 0.001, 1e6  # losses that four digits behind the point can tell
LEAST_SHARE = 0.001  # that is told as a number


def loss_text(loss: float) -> str:
    """Return a loss with the digits that a reader can use: 0.2401, 0.000012, 4.7e+16."""
    is_plain = not np.isfinite(loss) or SMALLEST <= abs(loss) < LARGEST
    return f"{loss:.4f}" if is_plain else f"{loss:.2g}"


def share_text(share: float) -> str:
    """Return a share in per cent: 4.0 %, 62 %, less than 0.1 %."""
    if share < LEAST_SHARE:
        return "less than 0.1 %"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"  # noqa: PLR2004


def count_text(count: int, noun: str) -> str:
    """Return so many of something: 1 epoch, 1,200 epochs."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def r_squared_text(r_squared: float) -> str:
    """Return R²: with the digits that tell a good one from a better one, if it is any good."""
    is_plain = abs(r_squared) < 10  # noqa: PLR2004
    return f"{round(r_squared, 3) + 0.0:.3f}" if is_plain else f"{r_squared:.2g}"
