"""The memory of files of nearly the largest size, in each format: counted, and of the process.

    python -m tests.benchmarks.file_memory

Each format has a process of its own. It reads files until the budget of all visitors is used up.
"""

from __future__ import annotations

import gc
import gzip
import io
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from tinynet.ui.sidebar.shelf import BUDGET
from tinynet.user_data import read_sheet
from tinynet.user_data.limits import PAGE

# Columns of numbers and of words, in 10,000 rows, that come near a limit.
SHAPES = {"csv": (26, 4), "csv.gz": (50, 50), "xlsx": (10, 3), "parquet": (36, 10), "json": (7, 4)}
PAGES = 4096  # bytes


def largest(kind: str) -> bytes:
    """Return a file of a format."""
    draw, (numbers, words) = np.random.default_rng(0), SHAPES[kind]
    columns = {f"c{at}": draw.normal(size=PAGE.rows).round(3) for at in range(numbers)}
    columns |= {f"w{at}": draw.choice(["alpha", "beta"], PAGE.rows) for at in range(words)}
    frame, out = pd.DataFrame(columns), io.BytesIO()
    if kind == "xlsx":
        frame.to_excel(out, index=False)
    elif kind == "parquet":
        frame.astype(dict.fromkeys(frame.columns[:numbers], "float32")).to_parquet(out)
    elif kind == "json":
        frame.to_json(out, orient="records")
    else:
        text = frame.round(2).to_csv(index=False).encode()
        return gzip.compress(text) if kind == "csv.gz" else text
    return out.getvalue()


def measured(kind: str) -> str:
    """Read files of a format, and return a row of the table."""
    content, (kept, counted) = largest(kind), ([], 0)
    read_sheet(content, kind, PAGE)  # imports what it needs
    gc.collect()
    before = _megabytes()
    while counted < BUDGET:
        kept.append(read_sheet(content, kind, PAGE))
        counted += kept[-1].nbytes
    gc.collect()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    sizes = f"{len(content) / 1e6:.1f} | {len(kept)} | {counted / 1e6:.0f}"
    return f"| {kind} | {sizes} | {_megabytes() - before:.0f} | {peak - before:.0f} |"


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGES / 1e6


def main() -> None:
    """Print a row for each format."""
    print("| | MB of the file | files | MB counted | MB of the process | MB at most |")
    print("|---|---|---|---|---|---|", flush=True)
    for kind in SHAPES:
        subprocess.run([sys.executable, "-m", "tests.benchmarks.file_memory", kind], check=True)


if __name__ == "__main__":
    print(measured(sys.argv[1])) if len(sys.argv) > 1 else main()
