"""Seams: undocumented details of plotly that this package depends on."""

from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from tinynet.charts import PLOTLY_VERSION
from tinynet.charts.plotly_seams import PLOTLY_FILES, packed_array


def test_plotly_ships_its_script_for_the_browser() -> None:
    script = PLOTLY_FILES / "plotly.min.js"

    assert script.is_file(), f"plotly {PLOTLY_VERSION} no longer keeps its script at {script}"
    assert script.read_text(encoding="utf-8")[:100].count("plotly.js v") == 1


@pytest.mark.parametrize("kind", ["f4", "f8", "i4"])
@pytest.mark.parametrize("shape", [(6,), (2, 3)])
def test_arrays_are_packed_as_plotly_packs_them(kind: str, shape: tuple[int, ...]) -> None:
    array = np.arange(100_000, 100_006).reshape(shape).astype(kind)
    sent = json.loads(go.Figure(go.Heatmap(z=array)).to_json())["data"][0]["z"]

    assert sent == packed_array(array), f"plotly {PLOTLY_VERSION} sends arrays in another format"
