"""Settings -> the expressions that stand in the script, and that the core evaluates."""

from __future__ import annotations

from tinynet.parts.losses import LOSSES
from tinynet.parts.optimizers import OPTIMIZERS
from tinynet.parts.schedules import SCHEDULES
from tinynet.settings import Settings, number_text


def criterion(settings: Settings) -> str:
    """Return what makes the loss."""
    return LOSSES[settings.loss].code


def optimizer(settings: Settings) -> str:
    """Return what makes the optimizer of a `model`."""
    decay = number_text(settings.l2) if settings.l2 else ""
    return OPTIMIZERS[settings.optimizer].code(number_text(settings.learning_rate), decay)


def scheduler(settings: Settings) -> str:
    """Return what makes the scheduler of an `optimizer`; "" for a rate that stays as it is."""
    return SCHEDULES[settings.schedule].code(settings.epochs)
