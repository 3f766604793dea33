"""Fresh Python processes at little cost: forks of a process that has only imported torch.

Run as a program, this module is that process: it runs each script that it reads in a new fork, and
answers with the printed text.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
from functools import cache

_turn = threading.Lock()


def run_fresh(script: str) -> list[str]:
    """Run a script in a fresh Python process in another folder; return the printed lines."""
    if not hasattr(os, "fork"):
        return run_anew(script)
    with _turn:
        process = _origin()
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(script) + "\n")
        process.stdin.flush()
        printed, error = json.loads(process.stdout.readline())
    if error:
        raise RuntimeError(error)
    return str(printed).splitlines()


def run_anew(script: str, environment: dict[str, str] | None = None) -> list[str]:
    """Do the same without a fork, within a time limit; add variables to the environment."""
    command = [sys.executable, "-I", "-"]
    folder = tempfile.gettempdir()
    run = subprocess.run(
        command,
        input=script,
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env=os.environ | (environment or {}),
    )
    return run.stdout.splitlines()


@cache
def _origin() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-I", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tempfile.gettempdir(),
    )


def _answer_in_a_fork(script: str) -> None:
    child = os.fork()
    if child == 0:
        printed, error = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(script, "script", "exec"), {"__name__": "__main__"})  # noqa: S102
        except BaseException:  # noqa: BLE001 - told to the one who asked
            error = traceback.format_exc()
        os.write(1, (json.dumps([printed.getvalue(), error]) + "\n").encode())
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    import pandas as pd  # noqa: F401 - half a second, once
    import torch

    torch.optim.SGD([torch.zeros(1)], lr=1)  # the first training imports some 800 modules
    for line in sys.stdin:
        _answer_in_a_fork(json.loads(line))
