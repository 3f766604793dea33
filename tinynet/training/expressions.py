"""Settings -> the expressions that the script contains and the core evaluates."""

from __future__ import annotations

from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES
from tinynet.settings import KEEP, Settings, number_text, set_to


def criterion(settings: Settings) -> str:
    """Return the expression that creates the criterion."""
    return LOSSES[settings.loss].code


def optimizer(settings: Settings) -> str:
    """Return the expression that creates the optimizer of a `model`."""
    rate, times = number_text(settings.learning_rate), number_text(settings.last_layer_rate)
    optimizer = OPTIMIZERS[settings.optimizer]
    decay = number_text(settings.l2) if settings.l2 != optimizer.weight_decay else ""
    last_layer = times if len(settings.rates) > 1 else ""
    return optimizer.code(rate, decay, last_layer)


def scheduler(settings: Settings) -> str:
    """Return the expression that creates the scheduler of an `optimizer`; "" for none."""
    return SCHEDULES[settings.schedule].code(settings.epochs)


def begins_as(settings: Settings, shorter: Settings) -> bool:
    """Return whether a run of these settings begins with the whole run of `shorter`."""
    if settings.epochs <= shorter.epochs:
        return False
    if settings.keep != KEEP.article:
        return False  # the shorter run ends with a state other than its last
    is_longer = settings == set_to(shorter, {"epochs": settings.epochs})
    return is_longer and scheduler(settings) == scheduler(shorter)
