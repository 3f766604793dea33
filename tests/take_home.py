"""Uses the exported files as a visitor would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from tests.forks import run_fresh

LOAD_AND_PREDICT = """
for parameter in model.parameters():
    torch.nn.init.zeros_(parameter)
model.load_state_dict(torch.load({file!r}, weights_only=True))
import json
print("predictions", json.dumps(model(x).tolist()))
"""


def predict(script: str, weights: Path) -> Any:
    """Load the weights into a script's zeroed model in a fresh process; return its predictions."""
    last = run_fresh(script + LOAD_AND_PREDICT.format(file=str(weights)))[-1]
    return json.loads(last.removeprefix("predictions "))


def run_notebook(text: str) -> Any:
    """Validate a notebook and run it in a real kernel; return the notebook with its outputs."""
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    return NotebookClient(notebook, timeout=120, kernel_name="python3").execute()


def run_cells(text: str) -> list[str]:
    """Validate a notebook and run its code in a fresh process; return the printed lines.

    This is faster than the real kernel, which takes three seconds.
    """
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    return run_fresh("\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code"))


def printed_by(notebook: Any) -> list[str]:
    """Return the printed lines of an executed notebook."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    texts = [output.text for output in outputs if output.output_type == "stream"]
    return "".join(texts).splitlines()
