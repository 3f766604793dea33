"""Trains with autograd everywhere, at a fifth of the speed; a server imports it once."""

from __future__ import annotations

import tinynet.training.train
from tinynet.settings import Settings
from tinynet.training.loop import Loop
from tinynet.training.run import Run


class SlowTraining(tinynet.training.train.Training):
    """Return a training with the loop for other devices."""

    def __init__(self, settings: Settings, *, after: Run | None = None) -> None:
        super().__init__(settings, Loop, after=after)


setattr(tinynet.training.train, "Training", SlowTraining)  # noqa: B010 - as pytest's monkeypatch does
