"""Settings -> the expressions that stand in the script, and that the core evaluates."""

from __future__ import annotations

from dataclasses import replace

from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES
from tinynet.settings import Settings, number_text


def criterion(settings: Settings) -> str:
    """Return what makes the loss."""
    return LOSSES[settings.loss].code


def optimizer(settings: Settings) -> str:
    """Return what makes the optimizer of a `model`."""
    rate, times = number_text(settings.learning_rate), number_text(settings.last_layer_rate)
    optimizer = OPTIMIZERS[settings.optimizer]
    decay = number_text(settings.l2) if settings.l2 != optimizer.weight_decay else ""
    last_layer = times if len(settings.rates) > 1 else ""
    return optimizer.code(rate, decay, last_layer)


def scheduler(settings: Settings) -> str:
    """Return what makes the scheduler of an `optimizer`; "" for a rate that stays as it is."""
    return SCHEDULES[settings.schedule].code(settings.epochs)


def begins_as(settings: Settings, shorter: Settings) -> bool:
    """Tell whether the run of these settings is that of the shorter ones, and then goes on."""
    if settings.epochs <= shorter.epochs:
        return False
    is_longer = settings == replace(shorter, epochs=settings.epochs)
    return is_longer and scheduler(settings) == scheduler(shorter)
