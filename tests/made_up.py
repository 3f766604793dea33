"""Made-up runs, for code that only reads runs: no training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinynet.settings import Settings
from tinynet.training.run import Checkpoints, Passes, Run

TARGETS = np.array([[1], [0], [0], [1], [1], [1], [0], [0], [1], [1]], np.float32)
SHAPES = ((5, 10), (5,), (1, 5), (1,))  # weights and biases, layer by layer


def made_up_run(losses: Sequence[float], right: int = 6, settings: Settings | None = None) -> Run:
    """Return a run with these losses (the last is the final one), and this many correct rows."""
    wrong = np.arange(len(TARGETS)) >= right
    predictions = np.where(wrong[:, None], 1 - TARGETS, TARGETS) * 0.8 + 0.1
    epochs = len(losses) - 1
    return Run(
        settings=settings or Settings(epochs=max(1, epochs)),
        inputs=np.zeros((10, 10), np.float32),
        targets=TARGETS,
        losses=np.array(losses[:-1], np.float32),
        final_loss=float(np.float32(losses[-1])),
        predictions=predictions.astype(np.float32),
        checkpoints=Checkpoints(
            epochs=np.array([0, epochs]),
            parameters=tuple(np.zeros((2, *shape), np.float32) for shape in SHAPES),
            gradients=(),
            predictions=np.stack([predictions, predictions]).astype(np.float32),
        ),
        passes=Passes(
            checkpoints=np.array([0, 1]),
            losses=np.array([losses[0], losses[-1]], np.float32),
            gradients=np.zeros((2, 61), np.float32),
            hidden=np.zeros((2, 10, 5), np.float32),
        ),
        seconds=0.02,
        device="cpu",
        torch_version="0",
        processor="none",
    )
