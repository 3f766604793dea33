"""The two undocumented details of plotly that this package relies on.

When a new version changes one of them, `tests/test_plotly_seams.py` says which.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy.typing as npt
import plotly
from plotly.offline import get_plotlyjs_version

# The folder of plotly.min.js, which the server hands to the browser.
PLOTLY_FILES = Path(plotly.__file__).parent / "package_data"
# Where Plotly's own `write_html` finds the same script with include_plotlyjs="cdn".
PLOTLY_ADDRESS = f"https://cdn.plot.ly/plotly-{get_plotlyjs_version()}.min.js"


def packed_array(array: npt.NDArray[Any]) -> dict[str, str]:
    """Return an array as plotly.py sends it to plotly.js: a third of the characters of a list.

    `plotly.io.to_json` does this itself only for a `go.Figure`, which takes ten times as long.
    """
    kind = f"f{array.itemsize}" if array.dtype.kind == "f" else "i4"
    numbers = b64encode(array.astype(f"<{kind}").tobytes()).decode()
    shape = {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {}
    return {"dtype": kind, "bdata": numbers, **shape}
