"""The five lines of the loop: what each does, what goes wrong without it, and what it made.

Where gradients are clipped, there is a sixth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tinynet.epoch import Epoch, Tensors
from tinynet.parts.losses import LOSSES
from tinynet.parts.optimizers import OPTIMIZERS
from tinynet.run import Run
from tinynet.settings import Settings, number_text
from tinynet.ui.lines import made
from tinynet.ui.lines.blocks import Block
from tinynet.ui.lines.made import rounds, x_of, y_of
from tinynet.ui.lines.step import step


@dataclass(frozen=True)
class Picture:
    """What a line lights in the picture of the network, and what its edges show then."""

    words: str
    edges: Callable[[Epoch], Tensors] | None = None  # no tensors: edges of nothing; None: dimmed
    answers: bool = False  # whether what the network answers is lit


@dataclass(frozen=True)
class Line:
    """One of the lines, what it does, what goes wrong without it, and what it made."""

    name: str  # the same in every loop
    code: str  # as the script has it
    does: str
    without: str
    made: Callable[[Run, Epoch], Iterator[Block]]
    picture: Picture
    forgotten: bool = False


def lines_of(settings: Settings) -> tuple[Line, ...]:
    """Return the lines of an update, in their order."""
    before = (_forward(settings), _loss(settings), _zero_grad(settings), _backward(settings))
    clip = (_clip(settings),) if settings.clip else ()
    return (*before, *clip, _step(settings))


def _forward(settings: Settings) -> Line:
    return Line(
        "forward",
        f"y_pred = model({x_of(settings)})",
        "The batch goes through the network, all rows at once, and a prediction comes out for "
        "each.",
        "there is nothing to compare with the targets, and no trace of how the predictions came "
        "about for `backward()` to follow.",
        made.forward,
        Picture(
            "the weights that the rows go through, from left to right.",
            lambda epoch: epoch.before,
            answers=True,
        ),
    )


def _loss(settings: Settings) -> Line:
    return Line(
        "loss",
        f"loss = criterion(y_pred, {y_of(settings)})",
        f"The mean {LOSSES[settings.loss].words} says in one number how wrong the predictions are.",
        "nobody can say which way is better; `backward()` needs a single number to start from.",
        made.loss,
        Picture(
            "the predictions and their targets; the loss says how far they are apart.",
            answers=True,
        ),
    )


def _zero_grad(settings: Settings) -> Line:
    before = f"the gradients of the {rounds(settings)} before"
    return Line(
        "zero_grad",
        "optimizer.zero_grad()",
        f"It throws away {before}: every `.grad` becomes `None`, and `backward()` starts from "
        "nothing."
        if settings.zero_gradients
        else f"Here it is left out. It would throw away {before}, so that `backward()` starts from "
        "nothing.",
        "`backward()` adds the new gradients to all the old ones: momentum without a brake. On "
        "the article's batch the loss mostly falls faster; at the largest learning rate it often "
        "overshoots. The switch in the sidebar lets you see it.",
        made.zero_grad,
        Picture("no gradient, for all are thrown away.", lambda _: ())
        if settings.zero_gradients
        else Picture("what still stands in each .grad, if anything.", lambda each: each.standing),
        forgotten=not settings.zero_gradients,
    )


def _backward(settings: Settings) -> Line:
    size = "sum(p.abs().sum() for p in model.parameters())"
    what = f"(loss + {number_text(settings.l1)} * {size})" if settings.l1 else "loss"
    return Line(
        "backward",
        f"{what}.backward()",
        f"It walks back from the loss{', the penalty included,' if settings.l1 else ''} and leaves "
        "in every parameter's `.grad` how the loss changes with each of its numbers.",
        "every `.grad` stays `None`, and `step()` has nothing to go by.",
        made.backward,
        Picture(
            "the gradient of each weight, how the loss changes with it."
            if settings.zero_gradients
            else "what has piled up in each .grad.",
            lambda epoch: epoch.gradients,
        ),
    )


def _clip(settings: Settings) -> Line:
    most = number_text(settings.clip)
    return Line(
        "clip",
        f"nn.utils.clip_grad_norm_(model.parameters(), {most})",
        f"It shortens the gradients, all together, where they are longer than {most}. Their "
        "direction stays.",
        "`step()` gets the gradients as long as they are.",
        made.clip,
        Picture("the gradients, clipped.", lambda epoch: epoch.clipped),
    )


def _step(settings: Settings) -> Line:
    optimizer = OPTIMIZERS[settings.optimizer]
    names = " and ".join(f"`{name}`" for name in optimizer.remembers)
    memory = f", with what the optimizer remembers of earlier steps ({names})," if names else ""
    return Line(
        "step",
        "optimizer.step()",
        f"It moves every parameter {optimizer.words}. Against a gradient it is downhill for the "
        f"loss; what stands in `.grad`{memory} says which way and how far.",
        "the network never changes, and neither does its loss.",
        step,
        Picture(
            "how far the step moves each weight.",
            lambda epoch: tuple(
                after - before for after, before in zip(epoch.after, epoch.before, strict=True)
            ),
        ),
    )
