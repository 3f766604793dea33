"""The schedules: how the learning rate changes from epoch to epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi


@dataclass(frozen=True)
class Schedule:
    """`code(epochs)` is the expression that makes it, in PyTorch; "" where nothing changes.

    `left(epochs)` is the share of the rate that is left in the last of so many epochs.
    """

    label: str
    words: str
    code: Callable[[int], str]
    left: Callable[[int], float] = lambda _: 1.0


SCHEDULES = {
    "constant": Schedule("Constant", "stays as it is", lambda _: ""),
    "step": Schedule(
        "Step",
        "falls to a tenth after each third of the epochs",
        lambda epochs: (
            f"torch.optim.lr_scheduler.StepLR(optimizer, step_size={-(-epochs // 3)}, gamma=0.1)"
        ),
        lambda epochs: 0.1 ** ((epochs - 1) // -(-epochs // 3)),
    ),
    # A fixed factor, such as 0.99, would do little in 50 epochs, and all in the first of 10,000.
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
        "falls along half a wave of the cosine, to zero after the last epoch",
        lambda epochs: f"torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max={epochs})",
        lambda epochs: (1 + cos(pi * (epochs - 1) / epochs)) / 2,
    ),
}
