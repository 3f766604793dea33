"""Numbers as text."""

from __future__ import annotations

import numpy as np

SMALLEST, LARGEST = 0.001, 1e6  # losses that four decimals can show
LEAST_SHARE = 0.001  # a smaller share is called "less than 0.1 %"


def loss_text(loss: float) -> str:
    """Return a loss with as many digits as a reader needs: 0.2401, 1.2e-05, 4.7e+16."""
    is_plain = not np.isfinite(loss) or SMALLEST <= abs(loss) < LARGEST
    return f"{loss:.4f}" if is_plain else f"{loss:.2g}"


def share_text(share: float) -> str:
    """Return a share in percent: 4.0 %, 62 %, less than 0.1 %."""
    if share < LEAST_SHARE:
        return "less than 0.1 %"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"  # noqa: PLR2004


def count_text(count: int, noun: str) -> str:
    """Return a count and its noun: 1 epoch, 1,200 epochs."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def r_squared_text(r_squared: float) -> str:
    """Return R²: 0.987, or -1.2e+03 where it is far from good."""
    is_plain = abs(r_squared) < 10  # noqa: PLR2004
    return f"{round(r_squared, 3) + 0.0:.3f}" if is_plain else f"{r_squared:.2g}"
