"""Shared helpers for the tests of diagnoses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from torch import nn

from tests.made_up import made_up_run
from tinynet import Run, Settings, train
from tinynet.analysis.diagnosis import Diagnosis, Kind, diagnose
from tinynet.training.loop import Loop
from tinynet.user_data import Painting

SEEDS = range(30)
Told = tuple[Run, Diagnosis]


def told(losses: list[float], right: int = 8, **knobs: Any) -> Diagnosis:
    """Return the diagnosis of a made-up run, with settings of the same length."""
    settings = replace(Settings(epochs=len(losses) - 1), **knobs)
    return diagnose(made_up_run(losses, right, settings))


def told_of(settings: Settings, seeds: range = SEEDS) -> list[Diagnosis]:
    """Return the diagnoses of these settings, seed by seed."""
    return [diagnose(train(replace(settings, seed=seed))) for seed in seeds]


# Causes that are checked with PyTorch.


def last_network(run: Run) -> nn.Sequential:
    """Return PyTorch's own network in the run's last state."""
    loop = Loop(run.settings)
    loop.restore(run.checkpoints, -1)
    return loop.network


def learned(*points: tuple[int, int, int], numbers: bool = False, test_share: float = 0) -> str:
    painting = Painting(points, numbers=numbers)
    run = train(Settings((8,), 0.05, 500, data=painting, test_share=test_share, optimizer="adam"))
    diagnosis = diagnose(run)
    assert diagnosis.kind is Kind.LEARNED
    return f"{diagnosis.sentence} {diagnosis.moral}"
