"""What a visitor does with the files that the page hands out."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

LOAD_AND_PREDICT = """
for parameter in model.parameters():
    torch.nn.init.zeros_(parameter)
model.load_state_dict(torch.load({file!r}, weights_only=True))
import json
print("predictions", json.dumps(model(x).tolist()))
"""


def run_script(text: str) -> list[str]:
    """Run a script in a fresh Python process, somewhere else; what it prints."""
    return _fresh_python(text)


def predict(script: str, weights: Path) -> Any:
    """Load the weights into a script's model in a fresh process, over zeros; its predictions."""
    last = _fresh_python(script + LOAD_AND_PREDICT.format(file=str(weights)))[-1]
    return json.loads(last.removeprefix("predictions "))


def run_notebook(text: str) -> Any:
    """Validate a notebook and run it in a real kernel; the notebook with its outputs."""
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    return NotebookClient(notebook, timeout=120, kernel_name="python3").execute()


def printed_by(notebook: Any) -> list[str]:
    """Return the lines that an executed notebook printed."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    texts = [output.text for output in outputs if output.output_type == "stream"]
    return "".join(texts).splitlines()


def _fresh_python(text: str) -> list[str]:
    answer = subprocess.run(
        [sys.executable, "-I", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=tempfile.gettempdir(),
        timeout=120,
    )
    return answer.stdout.splitlines()
