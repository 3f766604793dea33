"""Trains with autograd everywhere, in a fifth of the speed; imported once by a server."""

from __future__ import annotations

import tinynet.training
from tinynet.loop import Loop
from tinynet.run import Run
from tinynet.settings import Settings


class SlowTraining(tinynet.training.Training):
    """A training with the loop that is kept for other devices."""

    def __init__(self, settings: Settings, *, after: Run | None = None) -> None:
        super().__init__(settings, Loop, after=after)


setattr(tinynet.training, "Training", SlowTraining)  # noqa: B010 - as pytest's monkeypatch does
