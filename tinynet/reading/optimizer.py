"""The optimizer and the scheduler of a script -> learning rates, weight decay, schedule."""

from __future__ import annotations

from tinynet.reading.findings import Findings
from tinynet.reading.known import Match, arguments_of, made_from, match, parameters_of
from tinynet.reading.values import Made, Value, everything_in, is_made, items_of
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES


def take_optimizer(made: Made, findings: Findings) -> None:
    """Take the optimizer, its learning rates and its weight decay."""
    codes = {name: each.code("0.1") for name, each in OPTIMIZERS.items()}
    found = match(made, codes, {"params", "lr", "weight_decay"})
    if not found:
        name = made.name.rpartition(".")[2]
        findings.refuse(made.line, f"TinyNet has no optimizer {name}, or not with these arguments.")
        return
    findings.take("optimizer", found.name, made.lines)
    if found.differing:
        findings.refuse(made.line, f"TinyNet has this optimizer {found.difference}.")
    given = arguments_of(made) or {}
    rate = given.get("lr", parameters_of(made.name)["lr"].default)
    findings.take("learning_rate", rate, made.lines)
    if "weight_decay" in given:
        findings.take("l2", given["weight_decay"], made.lines)
    _take_groups(made, given.get("params"), rate, found, findings)


def _take_groups(made: Made, params: Value, rate: Value, found: Match, findings: Findings) -> None:
    """Take the last layer's own learning rate, if the parameter groups give it one."""
    groups = items_of(params)
    if groups is None:
        return
    rates = [dict(each.named).get("lr", rate) for each in groups if is_made(each, "dict")]
    owners = [each.parts[0] for each in everything_in(params) if each.name == ".parameters()"]
    numbers = [each for each in (rate, *rates) if isinstance(each, int | float)]
    if rate and owners and len(numbers) == len(rates) + 1 == 3:  # noqa: PLR2004 - two groups
        times = times_of(rate, numbers[-1])
        ours = OPTIMIZERS[found.name].code(repr(rate), last_layer=repr(times))
        if made_from(ours, model=owners[0]).parts[0] == params:
            findings.take("last_layer_rate", times, made.lines)
            return
    findings.refuse(made.line, "In TinyNet, only the last layer may have its own learning rate.")


def times_of(rate: float, product: float) -> float:
    """Return the factor with the fewest digits that turns a rate into a product."""
    factors = (float(f"{product / rate:.{digits}g}") for digits in range(1, 18))
    return next((each for each in factors if rate * each == product), product / rate)


def take_schedule(made: Made, epochs: int, findings: Findings) -> None:
    """Take the schedule; its arguments may depend on the number of epochs."""
    codes = {name: each.code(epochs) for name, each in SCHEDULES.items()}
    found = match(made, codes, {"optimizer"})
    if not found:
        name = made.name.rpartition(".")[2]
        findings.refuse(made.line, f"TinyNet has no schedule {name}.")
        return
    findings.take("schedule", found.name, made.lines)
    if found.differing:
        words = f"With {epochs} epochs, TinyNet has this schedule"
        findings.refuse(made.line, f"{words} {found.difference}.")
