"""The schedules: how the learning rate changes from epoch to epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi


@dataclass(frozen=True)
class Schedule:
    """`code(epochs)` is the PyTorch expression of the scheduler; "" for a constant rate.

    `left(epochs)` is the share of the learning rate that remains in the last epoch.
    """

    label: str
    words: str
    code: Callable[[int], str]
    left: Callable[[int], float] = lambda _: 1.0


SCHEDULES = {
    "constant": Schedule("Constant", "stays the same", lambda _: ""),
    "step": Schedule(
        "Step",
        "falls to a tenth after each third of the epochs",
        lambda epochs: (
            f"torch.optim.lr_scheduler.StepLR(optimizer, step_size={-(-epochs // 3)}, gamma=0.1)"
        ),
        lambda epochs: 0.1 ** ((epochs - 1) // -(-epochs // 3)),
    ),
    # A fixed factor such as 0.99 does little in 50 epochs, and too much in 10,000.
    "exponential": Schedule(
        "Exponential",
        "falls by the same factor each epoch, to a hundredth after the last",
        lambda epochs: (
            f"torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.01 ** (1 / {epochs}))"
        ),
        lambda epochs: 0.01 ** ((epochs - 1) / epochs),
    ),
    "cosine": Schedule(
        "Cosine",
        "falls along half a cosine wave, to zero after the last epoch",
        lambda epochs: f"torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max={epochs})",
        lambda epochs: (1 + cos(pi * (epochs - 1) / epochs)) / 2,
    ),
}
