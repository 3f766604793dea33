"""The five lines of the loop: what each does, what goes wrong without it, and what it made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from tinynet.epoch import Epoch, Tensors
from tinynet.run import Run
from tinynet.ui.lines.blocks import Block, HeatMap, HeatMaps, Printed, Shares, SideBySide, Words
from tinynet.ui.numbers import number


@dataclass(frozen=True)
class Line:
    """One of the five lines, what it does, what goes wrong without it, and what it made."""

    code: str
    does: str
    without: str
    made: Callable[[Run, Epoch], Iterator[Block]]


def _forward(run: Run, epoch: Epoch) -> Iterator[Block]:
    yield HeatMaps((HeatMap("x", run.inputs), HeatMap("y_pred", epoch.y_pred)))


def _loss(run: Run, epoch: Epoch) -> Iterator[Block]:
    total = float(epoch.row_losses.sum())
    count = len(epoch.row_losses)
    sentences = (
        Words(
            f"The squared errors add up to {total:.4f}; divided by {count} rows that is the loss:"
        ),
        Printed(f">>> loss.item()\n{epoch.loss}"),
        Words("It is a single number, from which `backward()` can start."),
    )
    yield SideBySide((Shares(epoch.y_pred, run.targets, epoch.row_losses),), sentences)


def _zero_grad(run: Run, epoch: Epoch) -> Iterator[Block]:
    if not epoch.standing:
        yield Words("Nothing to clear yet: before the first `backward()`, every `.grad` is `None`.")
        return
    yield Words(
        f"Cleared: what epoch {epoch.number - 1:,} had left in every `.grad`. Now each is `None`."
        if run.settings.zero_gradients
        else "Not cleared: this is what all epochs so far have piled up in every `.grad`."
    )
    yield _gradients(epoch, epoch.standing)


def _backward(run: Run, epoch: Epoch) -> Iterator[Block]:
    if not run.settings.zero_gradients and epoch.number:
        words = (
            "These are not this epoch's gradients alone: they are the sum of all epochs so far, "
            "for what stood there before was not cleared."
        )
    elif not any(each.any() for each in epoch.gradients):
        words = "Every gradient is 0: `step()` will change nothing."
    else:
        words = _steepest(epoch)
    yield Words(words)
    yield _gradients(epoch, epoch.gradients)


def _steepest(epoch: Epoch) -> str:
    """Say which number has the largest gradient, if all are numbers."""
    if not all(np.isfinite(each).all() for each in epoch.gradients):
        return "Some gradients are no numbers any more: `step()` will break the training."
    index, place = _largest(epoch.gradients)
    value = float(epoch.gradients[index][place])
    return (
        f"The largest is that of `{epoch.names[index]}{_brackets(place)}`: raise this number "
        f"a little, and the loss changes by {number(value)} times as much."
    )


def _step(run: Run, epoch: Epoch) -> Iterator[Block]:
    rate = run.settings.learning_rate
    if all(np.isfinite(each).all() for each in epoch.after):
        sentences = (_moved_most(epoch, rate), _whether_it_holds(epoch, rate), _changed(epoch))
        yield Words(" ".join(sentences))
    else:
        yield Words("After this step some are no numbers any more: the training broke here.")
    tensors = zip(epoch.names, epoch.before, epoch.gradients, epoch.after, strict=True)
    for name, before, gradient, after in tensors:
        yield HeatMaps(
            (
                HeatMap(name, before, "before"),
                HeatMap(f"{name}.grad", gradient),
                HeatMap(name, after, "after", before),
            )
        )


def _changed(epoch: Epoch) -> str:
    pairs = list(zip(epoch.before, epoch.after, strict=True))
    count = sum(int((before != after).sum()) for before, after in pairs)
    total = sum(before.size for before, _ in pairs)
    return f"{count:,} of {total:,} numbers changed" + ("; they are underlined." if count else ".")


def _moved_most(epoch: Epoch, rate: float) -> str:
    moves = tuple(after - before for before, after in zip(epoch.before, epoch.after, strict=True))
    if not any(each.any() for each in moves):
        return "Nothing moved: every step is 0, or too small to change a 32-bit number."
    index, place = _largest(moves)
    before, gradient, after = (
        float(each[index][place]) for each in (epoch.before, epoch.gradients, epoch.after)
    )
    return (
        f"`{epoch.names[index]}{_brackets(place)}` moved most: {number(before)} - {rate:g} × "
        f"{_signed(gradient)} = {number(after)}."
    )


def _whether_it_holds(epoch: Epoch, rate: float) -> str:
    """Redo every update in 64 bits, and say how far PyTorch's 32-bit ones are from that."""
    worst, holds, total = 0.0, True, 0
    for before, grad, after in zip(epoch.before, epoch.gradients, epoch.after, strict=True):
        step = rate * grad.astype(np.float64)
        difference = np.abs(after - (before - step))
        rounding = np.finfo(np.float32).eps * (np.abs(before) + np.abs(step))
        holds &= bool((difference <= rounding).all())
        worst, total = max(worst, float(difference.max())), total + before.size
    rule = f"`after = before - {rate:g} * grad`"
    if holds:
        return (
            f"{rule} holds for all {total:,} numbers; the largest difference is {worst:.0e}, "
            "the rounding of 32-bit numbers."
        )
    return f"{rule} does not hold here: the largest difference is {worst:.0e}."


def _largest(tensors: Tensors) -> tuple[int, tuple[int, ...]]:
    """Return which tensor holds the largest number by size, and where in it."""
    sizes = [np.abs(each) for each in tensors]
    index = max(range(len(sizes)), key=lambda each: float(sizes[each].max()))
    place = np.unravel_index(int(sizes[index].argmax()), sizes[index].shape)
    return index, tuple(int(each) for each in place)


def _brackets(place: tuple[int, ...]) -> str:
    return "".join(f"[{each}]" for each in place)


def _signed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)


def _gradients(epoch: Epoch, tensors: Tensors) -> HeatMaps:
    named = zip(epoch.names, tensors, strict=True)
    return HeatMaps(tuple(HeatMap(f"{name}.grad", each) for name, each in named))


LINES = (
    Line(
        "y_pred = model(x)",
        "The batch goes through the network, all rows at once, and a prediction comes out for "
        "each.",
        "there is nothing to compare with the targets, and no trace of how the predictions came "
        "about for `backward()` to follow.",
        _forward,
    ),
    Line(
        "loss = criterion(y_pred, y)",
        "The mean of the squared differences says in one number how wrong the predictions are.",
        "nobody can say which way is better; `backward()` needs a single number to start from.",
        _loss,
    ),
    Line(
        "optimizer.zero_grad()",
        "It throws away the gradients of the epoch before: every `.grad` becomes `None`, and "
        "`backward()` starts from nothing.",
        "`backward()` adds the new gradients to all the old ones: momentum without a brake. On "
        "this batch the loss mostly falls faster; at the largest learning rate it often "
        "overshoots. The switch in the sidebar lets you see it.",
        _zero_grad,
    ),
    Line(
        "loss.backward()",
        "It walks back from the loss and leaves in every parameter's `.grad` how the loss changes "
        "with each of its numbers.",
        "every `.grad` stays `None`, and `step()` has nothing to go by.",
        _backward,
    ),
    Line(
        "optimizer.step()",
        "It moves every parameter a little against its gradient, which is downhill for the loss. "
        "What `backward()` left in `.grad` says which way and how far.",
        "the network never changes, and each epoch prints the same loss.",
        _step,
    ),
)
ZERO_GRAD = 2
FORGOTTEN = (
    "Here it is left out. It would throw away the gradients of the epoch before, so that "
    "`backward()` starts from nothing."
)
