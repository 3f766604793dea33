"""The best state so far: the weights with the lowest test loss, as the script keeps them."""

from __future__ import annotations

from math import inf

import torch

from tinynet.training.engine import Engine, Tensors


class BestState:
    """A copy of a loop's weights at its lowest test loss; the earliest, if there are several."""

    def __init__(self, loop: Engine) -> None:
        self._loop = loop
        self._lowest = inf
        self._kept: Tensors = []

    def see(self, test_loss: float) -> None:
        """Keep the present weights if their test loss is the lowest so far."""
        if test_loss < self._lowest:
            self._lowest = test_loss
            self._kept = [each.detach().clone() for each in self._loop.parameters]

    def close(self) -> None:
        """Keep no later state, because the training has diverged."""
        self._lowest = -inf

    def restore(self) -> None:
        """Go back to the kept weights, if there are any."""
        with torch.no_grad():
            for parameter, kept in zip(self._loop.parameters, self._kept, strict=False):
                parameter.copy_(kept)


def best_state_of(loop: Engine) -> BestState | None:
    """Return the best state of a loop, if its settings end with it."""
    return BestState(loop) if loop.settings.keep == "best" else None
