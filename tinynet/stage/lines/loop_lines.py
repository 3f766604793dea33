"""The five lines of the loop: what each does, what goes wrong without it, and its results.

With gradient clipping, there is a sixth line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinynet.analysis.epoch import Epoch, Tensors
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import number_text
from tinynet.stage.lines import results
from tinynet.stage.lines.blocks import ResultBlock
from tinynet.stage.lines.results import of_batch, round_of
from tinynet.stage.lines.step import moves_of, step
from tinynet.training.run import Run


@dataclass(frozen=True, eq=False)
class Picture:
    """The parts of the network's picture that a line highlights, and the values of the edges."""

    words: str
    edges: Tensors | None = None  # None dims the edges; an empty tuple draws none
    answers: bool = False  # whether the predictions are highlighted


@dataclass(frozen=True)
class LoopLine:
    """One line of the loop; the browser receives the fields under these names."""

    name: str  # the same for all settings
    code: str  # as in the script
    does: str
    without: str
    blocks: Iterator[ResultBlock]
    picture: Picture
    forgotten: bool = False


def lines_of(run: Run, epoch: Epoch) -> list[LoopLine]:
    """Return the lines of an update in their order."""
    clip = [_clip] if run.settings.clip else []
    lines = [_forward, _loss, _zero_grad, _backward, *clip, _step]
    return [line(run, epoch) for line in lines]


def _forward(run: Run, epoch: Epoch) -> LoopLine:
    return LoopLine(
        "forward",
        f"y_pred = model({of_batch('x', run.settings)})",
        "It passes all rows of the batch through the network at once, and returns a prediction for "
        "each.",
        "there is nothing to compare with the targets, and `backward()` has no graph to follow.",
        results.forward(run, epoch),
        Picture(
            "the weights that the rows pass through, from left to right.",
            epoch.before,
            answers=True,
        ),
    )


def _loss(run: Run, epoch: Epoch) -> LoopLine:
    return LoopLine(
        "loss",
        f"loss = criterion(y_pred, {of_batch('y', run.settings)})",
        f"It measures in one number how wrong the predictions are: the mean "
        f"{LOSSES[run.settings.loss].words}.",
        "no single number says which is better, and `backward()` needs one to start from.",
        results.loss(run, epoch),
        Picture(
            "the predictions and their targets; the loss measures how far apart they are.",
            answers=True,
        ),
    )


def _zero_grad(run: Run, epoch: Epoch) -> LoopLine:
    before = f"the gradients of the previous {round_of(run.settings)}"
    return LoopLine(
        "zero_grad",
        "optimizer.zero_grad()",
        f"It clears {before}: every `.grad` becomes `None`, and `backward()` starts afresh."
        if run.settings.zero_gradients
        else f"It is left out here. It would clear {before}, so that `backward()` starts afresh.",
        "`backward()` adds the new gradients to all the old ones. With SGD this acts like momentum "
        "that never decays: on the article's batch the loss mostly falls faster, but at the "
        "largest learning rate it often overshoots. Try it with the switch in the sidebar.",
        results.zero_grad(run, epoch),
        Picture("no gradients, because they are now cleared.", ())
        if run.settings.zero_gradients
        else Picture("what each .grad still holds, if anything.", epoch.accumulated),
        forgotten=not run.settings.zero_gradients,
    )


def _backward(run: Run, epoch: Epoch) -> LoopLine:
    settings, size = run.settings, "sum(p.abs().sum() for p in model.parameters())"
    what = f"(loss + {number_text(settings.l1)} * {size})" if settings.l1 else "loss"
    return LoopLine(
        "backward",
        f"{what}.backward()",
        f"It goes back from the loss{' and its penalty' if settings.l1 else ''} to every "
        "parameter, and stores in its `.grad` how the loss changes with each of its numbers.",
        "every `.grad` stays `None`, and `step()` changes nothing.",
        results.backward(run, epoch),
        Picture(
            "the gradient of each weight: how the loss changes with it."
            if settings.zero_gradients
            else "the accumulated gradient in each .grad.",
            epoch.gradients,
        ),
    )


def _clip(run: Run, epoch: Epoch) -> LoopLine:
    most = number_text(run.settings.clip)
    return LoopLine(
        "clip",
        f"nn.utils.clip_grad_norm_(model.parameters(), {most})",
        f"If the norm of all gradients together is above {most}, it scales them down to {most}. "
        "Their direction stays the same.",
        "`step()` uses the gradients however large they are.",
        results.clip(run, epoch),
        Picture("the gradients, clipped.", epoch.clipped),
    )


def _step(run: Run, epoch: Epoch) -> LoopLine:
    optimizer = OPTIMIZERS[run.settings.optimizer]
    names = " and ".join(f"`{name}`" for name in optimizer.remembers)
    memory = f", together with what the optimizer remembers ({names})," if names else ""
    return LoopLine(
        "step",
        "optimizer.step()",
        f"It moves every parameter {optimizer.how(run.settings.l2)}. The opposite of the gradient "
        f"is downhill; `.grad`{memory} gives direction and size.",
        "the network never changes, and neither does its loss.",
        step(run, epoch),
        Picture("how far the step moves each weight.", moves_of(epoch)),
    )
