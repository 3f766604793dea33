"""Epoch -> the message with its five lines."""

from __future__ import annotations

from tinynet.analysis.epoch import Epoch
from tinynet.charts.colours import BLUE, ORANGE
from tinynet.stage.lines.loop_lines import lines_of
from tinynet.stage.numbers import packed
from tinynet.training.run import Run


def packed_lines(run: Run, epoch: Epoch, row: int | None = None) -> bytes:
    """Return the lines of an epoch or batch as bytes for the browser."""
    facts = {
        "run": repr(run.settings),
        "epoch": epoch.number,
        "batch": epoch.batch,
        "row": row,
        "update": epoch.number * epoch.batches + epoch.batch,
        "last": len(run.losses) * epoch.batches - 1,
        "batches": epoch.batches,
        "lines": [
            {**vars(line), "blocks": [*line.blocks], "picture": vars(line.picture)}
            for line in lines_of(run, epoch)
        ],
        "colours": {"positive": BLUE, "negative": ORANGE},
    }
    return packed(facts)
