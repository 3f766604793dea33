"""What the step made: the rule that it follows, what the optimizer remembers, all that moved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tinynet.analysis.epoch import Epoch, Tensors
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES
from tinynet.settings import number_text
from tinynet.stage.lines.blocks import Block, heat_map, heat_maps, printed, words
from tinynet.stage.lines.made import are_numbers, by_parameter, largest, name_of
from tinynet.stage.lines.rule import Rule
from tinynet.stage.numbers import number
from tinynet.training import expressions
from tinynet.training.run import Run


def step(run: Run, epoch: Epoch) -> Iterator[Block]:
    """Show how the number that moved most did so, and every parameter before and after."""
    if besides := " ".join(_besides_the_gradient(run, epoch)):
        yield words(besides)
    if are_numbers(epoch.after):
        yield from _moves(epoch, Rule.of(run.settings, epoch))
    else:
        yield words("After this step some are no numbers any more: the training broke here.")
    yield from by_parameter(epoch, _parameters(epoch), largest(moves_of(epoch))[0])


def _besides_the_gradient(run: Run, epoch: Epoch) -> Iterator[str]:
    """Say what else the step goes by; nothing of the article's."""
    settings, optimizer = run.settings, OPTIMIZERS[run.settings.optimizer]
    if expressions.scheduler(settings):
        falls = SCHEDULES[settings.schedule].words
        yield f"The learning rate of this epoch is {epoch.rates[0]:.6g}: it {falls}."
    if len(settings.rates) > 1:
        times = number_text(settings.last_layer_rate)
        yield f"The last layer's rate is {times} times the others': {epoch.rates[-1]:.6g}."
    if settings.l2:
        how = "makes every number smaller by that share of the rate"
        if not optimizer.decays_weights:
            how = "adds so many times every number to its gradient"
        yield f"`weight_decay={number_text(settings.l2)}` {how}."
    if optimizer.remembers and not epoch.memory:
        yield "It is the first step: the optimizer remembers nothing yet."


def _moves(epoch: Epoch, rule: Rule) -> Iterator[Block]:
    moves = moves_of(epoch)
    if any(each.any() for each in moves):
        yield from _moved_most(epoch, rule, *largest(moves))
    else:
        yield words("Nothing moved: every step is 0, or too small to change a 32-bit number.")
    yield words(" ".join((*_whether_it_holds(epoch, rule), _changed(epoch))))


def _moved_most(epoch: Epoch, rule: Rule, index: int, place: tuple[int, ...]) -> Iterator[Block]:
    before, after = (float(each[index][place]) for each in (epoch.before, epoch.after))
    yield words(
        f"`{name_of(epoch, index, place)}` moved most, from {number(before)} to {number(after)}"
        f"{':' if rule.lines else '.'}"
    )
    if rule.lines:
        yield printed(rule.written_out(epoch, index, place))


def _whether_it_holds(epoch: Epoch, rule: Rule) -> Iterator[str]:
    """Redo every update in 64 bits, and say how far PyTorch's 32-bit ones are from that."""
    if not rule.lines:
        return
    total = sum(each.size for each in epoch.after)
    difference, is_rounding = rule.difference(epoch)
    yield (
        f"This rule, redone in 64 bits, holds for all {total:,} numbers; the largest difference "
        f"is {difference:.0e}, the rounding of 32-bit numbers."
        if is_rounding
        else f"This rule, redone in 64 bits, does not hold here: the largest difference is "
        f"{difference:.0e}."
    )


def _changed(epoch: Epoch) -> str:
    pairs = list(zip(epoch.before, epoch.after, strict=True))
    count = sum(int((before != after).sum()) for before, after in pairs)
    total = sum(before.size for before, _ in pairs)
    return f"{count:,} of {total:,} numbers changed" + ("; they are underlined." if count else ".")


def moves_of(epoch: Epoch) -> Tensors:
    """Return how far the step moves each number."""
    pairs = zip(epoch.before, epoch.after, strict=True)
    with np.errstate(invalid="ignore"):  # where the training breaks
        return tuple(after - before for before, after in pairs)


def _parameters(epoch: Epoch) -> list[Block]:
    """Return each parameter, what the step found beside it, and what it made of it."""
    gradients = epoch.clipped or epoch.gradients
    return [
        heat_maps(
            heat_map(name, epoch.before[index], "before"),
            heat_map(f"{name}.grad", gradients[index]),
            *(heat_map(key, each[index], "before") for key, each in epoch.memory.items()),
            heat_map(name, epoch.after[index], "after", epoch.before[index]),
        )
        for index, name in enumerate(epoch.names)
    ]
