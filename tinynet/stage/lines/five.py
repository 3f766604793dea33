"""The five lines of the loop: what each does, what goes wrong without it, and what it made.

Where gradients are clipped, there is a sixth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinynet.analysis.epoch import Epoch, Tensors
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import number_text
from tinynet.stage.lines import made
from tinynet.stage.lines.blocks import Block
from tinynet.stage.lines.made import rounds, x_of, y_of
from tinynet.stage.lines.step import moves_of, step
from tinynet.training.run import Run


@dataclass(frozen=True, eq=False)
class Picture:
    """What a line lights in the picture of the network, and what its edges show then."""

    words: str
    edges: Tensors | None = None  # no tensors: edges of nothing; None: dimmed
    answers: bool = False  # whether what the network answers is lit


@dataclass(frozen=True)
class Line:
    """One of the lines, what it does, what goes wrong without it, and what it made.

    The browser knows all of it by these names.
    """

    name: str  # the same in every loop
    code: str  # as the script has it
    does: str
    without: str
    blocks: Iterator[Block]
    picture: Picture
    forgotten: bool = False


def lines_of(run: Run, epoch: Epoch) -> list[Line]:
    """Return the lines of an update, in their order."""
    clip = [_clip] if run.settings.clip else []
    lines = [_forward, _loss, _zero_grad, _backward, *clip, _step]
    return [line(run, epoch) for line in lines]


def _forward(run: Run, epoch: Epoch) -> Line:
    return Line(
        "forward",
        f"y_pred = model({x_of(run.settings)})",
        "The batch goes through the network, all rows at once, and a prediction comes out for "
        "each.",
        "there is nothing to compare with the targets, and no trace of how the predictions came "
        "about for `backward()` to follow.",
        made.forward(run, epoch),
        Picture(
            "the weights that the rows go through, from left to right.", epoch.before, answers=True
        ),
    )


def _loss(run: Run, epoch: Epoch) -> Line:
    return Line(
        "loss",
        f"loss = criterion(y_pred, {y_of(run.settings)})",
        f"The mean {LOSSES[run.settings.loss].words} says in one number how wrong the predictions "
        "are.",
        "nobody can say which way is better; `backward()` needs a single number to start from.",
        made.loss(run, epoch),
        Picture(
            "the predictions and their targets; the loss says how far they are apart.",
            answers=True,
        ),
    )


def _zero_grad(run: Run, epoch: Epoch) -> Line:
    before = f"the gradients of the {rounds(run.settings)} before"
    return Line(
        "zero_grad",
        "optimizer.zero_grad()",
        f"It throws away {before}: every `.grad` becomes `None`, and `backward()` starts from "
        "nothing."
        if run.settings.zero_gradients
        else f"Here it is left out. It would throw away {before}, so that `backward()` starts from "
        "nothing.",
        "`backward()` adds the new gradients to all the old ones. With SGD that is momentum "
        "without a brake: on the article's batch the loss mostly falls faster; at the largest "
        "learning rate it often overshoots. The switch in the sidebar lets you see it.",
        made.zero_grad(run, epoch),
        Picture("no gradient, for all are thrown away.", ())
        if run.settings.zero_gradients
        else Picture("what still stands in each .grad, if anything.", epoch.accumulated),
        forgotten=not run.settings.zero_gradients,
    )


def _backward(run: Run, epoch: Epoch) -> Line:
    settings, size = run.settings, "sum(p.abs().sum() for p in model.parameters())"
    what = f"(loss + {number_text(settings.l1)} * {size})" if settings.l1 else "loss"
    return Line(
        "backward",
        f"{what}.backward()",
        f"It walks back from the loss{', the penalty included,' if settings.l1 else ''} and leaves "
        "in every parameter's `.grad` how the loss changes with each of its numbers.",
        "every `.grad` stays `None`, and `step()` has nothing to go by.",
        made.backward(run, epoch),
        Picture(
            "the gradient of each weight, how the loss changes with it."
            if settings.zero_gradients
            else "what has piled up in each .grad.",
            epoch.gradients,
        ),
    )


def _clip(run: Run, epoch: Epoch) -> Line:
    most = number_text(run.settings.clip)
    return Line(
        "clip",
        f"nn.utils.clip_grad_norm_(model.parameters(), {most})",
        f"It shortens the gradients, all together, where they are longer than {most}. Their "
        "direction stays.",
        "`step()` gets the gradients as long as they are.",
        made.clip(run, epoch),
        Picture("the gradients, clipped.", epoch.clipped),
    )


def _step(run: Run, epoch: Epoch) -> Line:
    optimizer = OPTIMIZERS[run.settings.optimizer]
    names = " and ".join(f"`{name}`" for name in optimizer.remembers)
    memory = f", with what the optimizer remembers of earlier steps ({names})," if names else ""
    return Line(
        "step",
        "optimizer.step()",
        f"It moves every parameter {optimizer.how(run.settings.l2)}. Against a gradient it is "
        f"downhill for the loss; what stands in `.grad`{memory} says which way and how far.",
        "the network never changes, and neither does its loss.",
        step(run, epoch),
        Picture("how far the step moves each weight.", moves_of(epoch)),
    )
