"""Shared helpers for the tests of the painted plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from tests.drawn import Strokes, of
from tinynet import Settings
from tinynet.training.run import Run

OF_THE_PLANE: dict[str, Callable[[tuple[torch.Tensor, torch.Tensor]], torch.Tensor]] = {
    "x1": lambda x: x[0],
    "x2": lambda x: x[1],
    "x1^2": lambda x: x[0] ** 2,
    "x2^2": lambda x: x[1] ** 2,
    "x1*x2": lambda x: x[0] * x[1],
    "sin(x1)": lambda x: x[0].sin(),
    "sin(x2)": lambda x: x[1].sin(),
}
DEEPEST = 0.85


def layers_of(run: Run, places: np.ndarray[Any, Any], module: Any) -> list[torch.Tensor]:
    """Return the output of every layer at places in the plane, or on the line, by PyTorch."""
    x = torch.tensor(places, dtype=torch.float32)
    columns = x[:, :1], x[:, -1:]
    made = torch.cat([OF_THE_PLANE[name](columns) for name in run.settings.features], dim=1)
    made = x if x.shape[1] == 1 else made
    parameters = [torch.tensor(each[-1]) for each in run.checkpoints.parameters]
    outputs: list[torch.Tensor] = []
    for weight, bias in zip(parameters[::2], parameters[1::2], strict=True):
        made = torch.nn.functional.linear(made, weight, bias)
        is_last = len(outputs) == len(parameters) // 2 - 1
        if not is_last:
            made = module(made)
        elif run.task == "binary":
            made = torch.sigmoid(made)
        outputs.append(made)
    return outputs


MOONS = Settings((8,), 0.1, 60, data="moons", activation="tanh", optimizer="adam", test_share=0.3)


RING = 6  # pixels of its radius


def ringed(drawn: Strokes) -> int:
    """Count the rings around points."""
    return sum(
        [point.get("radius") for point in each["path"]] == [RING] for each in of(drawn, "stroke")
    )
