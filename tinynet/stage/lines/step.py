"""The results of the step: the rule, the optimizer's memory, and every parameter that moved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tinynet.analysis.epoch import Epoch, Tensors
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES
from tinynet.settings import number_text
from tinynet.stage.lines.blocks import ResultBlock, code_block, heat_map, heat_maps, paragraph
from tinynet.stage.lines.results import are_finite, by_parameter, largest, name_of
from tinynet.stage.lines.rule import Rule
from tinynet.stage.numbers import decimal_text
from tinynet.training import expressions
from tinynet.training.run import Run


def step(run: Run, epoch: Epoch) -> Iterator[ResultBlock]:
    """Show the rule for the number that moves most, and every parameter before and after."""
    if besides := " ".join(_besides_the_gradient(run, epoch)):
        yield paragraph(besides)
    if are_finite(epoch.after):
        yield from _moves(epoch, Rule.of(run.settings, epoch))
    else:
        yield paragraph("After this step some numbers are not finite: the training diverged here.")
    yield from by_parameter(epoch, _parameters(epoch), largest(moves_of(epoch))[0])


def _besides_the_gradient(run: Run, epoch: Epoch) -> Iterator[str]:
    """Say what the step depends on besides the gradient; nothing for the article's settings."""
    settings, optimizer = run.settings, OPTIMIZERS[run.settings.optimizer]
    if expressions.scheduler(settings):
        falls = SCHEDULES[settings.schedule].words
        yield f"The learning rate of this epoch is {epoch.rates[0]:.6g}: it {falls}."
    if len(settings.rates) > 1:
        times = number_text(settings.last_layer_rate)
        yield f"The last layer's rate is {times} times the others': {epoch.rates[-1]:.6g}."
    if settings.l2:
        how = "shrinks every number by the rate times this share"
        if not optimizer.decays_weights:
            how = "adds this multiple of every number to its gradient"
        yield f"`weight_decay={number_text(settings.l2)}` {how}."
    if optimizer.remembers and not epoch.memory:
        yield "This is the first step, so the optimizer remembers nothing yet."


def _moves(epoch: Epoch, rule: Rule) -> Iterator[ResultBlock]:
    moves = moves_of(epoch)
    if any(each.any() for each in moves):
        yield from _moved_most(epoch, rule, *largest(moves))
    else:
        yield paragraph("Nothing moved: every step is 0, or too small to change a 32-bit number.")
    yield paragraph(" ".join((*_whether_it_holds(epoch, rule), _changed(epoch))))


def _moved_most(
    epoch: Epoch, rule: Rule, index: int, place: tuple[int, ...]
) -> Iterator[ResultBlock]:
    before, after = (float(each[index][place]) for each in (epoch.before, epoch.after))
    yield paragraph(
        f"`{name_of(epoch, index, place)}` moved most, from {decimal_text(before)} to "
        f"{decimal_text(after)}{':' if rule.lines else '.'}"
    )
    if rule.lines:
        yield code_block(rule.written_out(epoch, index, place))


def _whether_it_holds(epoch: Epoch, rule: Rule) -> Iterator[str]:
    """Redo every update in 64 bits, and say how far PyTorch's 32-bit results differ."""
    if not rule.lines:
        return
    total = sum(each.size for each in epoch.after)
    difference, is_rounding = rule.difference(epoch)
    yield (
        f"Recomputed in 64 bits, this rule holds for all {total:,} numbers; the largest difference "
        f"is {difference:.0e}, which is 32-bit rounding."
        if is_rounding
        else f"Recomputed in 64 bits, this rule does not hold here: the largest difference is "
        f"{difference:.0e}."
    )


def _changed(epoch: Epoch) -> str:
    pairs = list(zip(epoch.before, epoch.after, strict=True))
    count = sum(int((before != after).sum()) for before, after in pairs)
    total = sum(before.size for before, _ in pairs)
    return f"{count:,} of {total:,} numbers changed" + ("; they are underlined." if count else ".")


def moves_of(epoch: Epoch) -> Tensors:
    """Return the change of each number in the step."""
    pairs = zip(epoch.before, epoch.after, strict=True)
    with np.errstate(invalid="ignore"):  # where the training diverges
        return tuple(after - before for before, after in pairs)


def _parameters(epoch: Epoch) -> list[ResultBlock]:
    """Return each parameter before and after the step, its gradient and the optimizer's memory."""
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
