"""Settings -> script and notebook, from the same cells.

The script consists of the code cells, the notebook of all cells. The code contains only numbers and
names that `Settings` has checked, and texts from the registry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from tinynet.export.cells import Cell, code, prose
from tinynet.export.model import Form, model_cells
from tinynet.export.rows import data_cells, feature_cells, scaling_cells, split_cells
from tinynet.export.training import answer_cells, ending_cells, optimizer_cells, training_cells
from tinynet.settings import Settings, changed, number_text, settings_of
from tinynet.training.network import activations
from tinynet.training.run import Run

CURVE = """\
import plotly.graph_objects as go

figure = go.Figure(go.Scatter(y=losses{name}))
{test}figure.update_layout(xaxis_title='epoch', yaxis_title='loss')
figure"""
TEST_CURVE = "figure.add_scatter(y=test_losses, name='test loss')\n"


def to_script(settings: Settings | Run, form: Form = "sequential") -> str:
    """Return a complete program that needs only torch and prints the losses of these settings."""
    cells = _cells(settings_of(settings), form, collect=False)
    return "\n\n".join(cell.text for cell in cells if cell.kind == "code") + "\n"


def to_loop(settings: Settings) -> str:
    """Return the training loop of the script; its only comment is about a missing line."""
    *_, loop = training_cells(settings, collect=False)
    lines = loop.text.splitlines()
    return "\n".join(each for each in lines if "#" not in each or "Missing" in each)


def to_notebook(settings: Settings | Run, form: Form = "sequential") -> str:
    """Return the script as a Jupyter notebook (nbformat 4.5) with explanations, not executed."""
    settings = settings_of(settings)
    story = [*_cells(settings, form, collect=True), *_curve(settings)]
    cells: list[dict[str, object]] = [
        {
            "cell_type": cell.kind,
            "id": f"cell-{index}",
            "metadata": {},
            "source": cell.text,
            **({"execution_count": None, "outputs": []} if cell.kind == "code" else {}),
        }
        for index, cell in enumerate(story)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(notebook, indent=1) + "\n"


def _cells(settings: Settings, form: Form, *, collect: bool) -> Iterator[Cell]:
    yield from _opening(settings)
    yield from data_cells(settings)
    yield from scaling_cells(settings)
    yield from feature_cells(settings)
    yield from split_cells(settings)
    yield from model_cells(settings, form)
    yield from optimizer_cells(settings)
    yield from training_cells(settings, collect=collect)
    yield from ending_cells(settings)
    yield from answer_cells(settings)


def _opening(settings: Settings) -> Iterator[Cell]:
    yield prose(
        "# The smallest useful neural network",
        f"Inputs: {settings.inputs}; {_layers(settings)}; epochs: {settings.epochs}; learning\n"
        f"rate: {number_text(settings.learning_rate)}. "
        "Run the cells from top to bottom: they print the losses that TinyNet\n"
        "showed, bit for bit on the same PyTorch version and kind of processor.",
        *_what_differs(settings),
        "Import PyTorch first; two more lines make the run repeatable.",
    )
    draws = "inputs and weights" if settings.weight_seed is None else "inputs"
    pandas = "import pandas as pd\n" if "pd." in settings.data_set.code else ""
    yield code(
        f"{pandas}import torch\nimport torch.nn as nn",
        "# Use one thread: with more, PyTorch adds in another order, and the last digits may "
        "change.\n"
        "torch.set_num_threads(1)\n"
        f"# Start the random generator: the same seed draws the same {draws}.\n"
        f"torch.manual_seed({settings.seed})",
    )


def _layers(settings: Settings) -> str:
    *hidden, last = activations(settings)
    output = f"one {last.label} output" if last else "one output"
    if settings.task.has_output_per_class:
        output = f"{settings.outputs} outputs"
    if not hidden or not hidden[0]:
        return f"no hidden units; {output}"
    widths = " and ".join(map(str, settings.hidden_units))
    return f"hidden units, with {hidden[0].label}: {widths}; {output}"


def _what_differs(settings: Settings) -> list[str]:
    """Describe the other differences from the article."""
    others = [
        knob.in_words(getattr(settings, knob.name))
        for knob in changed(settings)
        if not knob.always_named
    ]
    return [f"Differences from the article: {'; '.join(others)}."] if others else []


def _curve(settings: Settings) -> Iterator[Cell]:
    yield prose(
        "## The loss, epoch by epoch",
        "A falling loss means learning, a flat one no progress. Jumps can come from a large\n"
        "learning rate, momentum or small batches. The chart needs two more packages:\n"
        "`pip install plotly nbformat`.",
    )
    has_test = settings.test_rows > 0
    name, test = (", name='loss'", TEST_CURVE) if has_test else ("", "")
    yield code(CURVE.format(name=name, test=test))
