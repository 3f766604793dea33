"""The results of each line except the last, as blocks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tinynet.analysis.epoch import Epoch, Tensors
from tinynet.registry.losses import LOSSES, Loss
from tinynet.settings import Settings, number_text
from tinynet.stage.lines.blocks import (
    MOST_ROWS,
    ResultBlock,
    code_block,
    folded,
    heat_map,
    heat_maps,
    paragraph,
    shares,
    side_by_side,
)
from tinynet.stage.numbers import decimal_text
from tinynet.training.record import FloatArray, IntArray
from tinynet.training.run import Run
from tinynet.training.scores import probabilities

MOST_UNFOLDED = 4  # parameters: of one hidden layer and the output


def of_batch(name: str, settings: Settings) -> str:
    """Return the script's expression for the batch's part of `x` or `y`."""
    return f"{name}[rows]" if settings.batch_size else name


def round_of(settings: Settings) -> str:
    """Return what an update covers: "batch" or "epoch"."""
    return "batch" if settings.batch_size else "epoch"


def forward(run: Run, epoch: Epoch) -> Iterator[ResultBlock]:
    """Show the batch, the outputs of each hidden layer, and the predictions."""
    x, names = of_batch("x", run.settings), epoch.names[::2]
    modules = [int(name[name.index("[") + 1 : name.index("]")]) for name in names]
    # The linear module and its activation: all modules before the next linear module.
    hidden = [f"model[:{following}]({x})" for following in modules[1:]]
    outputs = zip([*hidden, "y_pred"], epoch.layers, strict=True)
    yield heat_maps(
        heat_map(x, run.inputs[epoch.rows], most_rows=MOST_ROWS),
        *(heat_map(name, layer.outputs, most_rows=MOST_ROWS) for name, layer in outputs),
    )


def loss(run: Run, epoch: Epoch) -> Iterator[ResultBlock]:
    """Show how the row losses combine into one number."""
    entry = LOSSES[run.settings.loss]
    if entry.refuses_nan and not np.isfinite(epoch.loss):
        yield paragraph(
            "The predictions are NaN. PyTorch's criterion raises an error, and the script ends "
            "here."
        )
        return
    targets = run.targets[epoch.rows]
    name = "loss" if entry.balances else entry.row_label  # a short heading, for phones
    rows = shares(epoch.y_pred, targets, epoch.row_losses, name)
    if run.settings.task.has_output_per_class:
        softmax = probabilities(run.settings, epoch.y_pred)
        classes, y = targets.astype(np.int64), of_batch("y", run.settings)
        yield from _softmax(softmax, y, classes)
        of_target = np.take_along_axis(softmax, classes, axis=1)
        rows = shares(of_target, targets, epoch.row_losses, name, "softmax of y")
    if entry.balances:
        yield paragraph(_about_weights(entry, targets))
    count, total = len(epoch.row_losses), float(epoch.row_losses.sum(dtype=float))
    which = paragraph(f"The {MOST_ROWS} of {count:,} rows with the largest shares:")
    mean = f"; divided by {count:,} rows, this is the loss:" if count > 1 else ", the loss:"
    sentences = [
        paragraph(f"The {entry.row_label} of all rows adds up to {total:.4f}{mean}"),
        code_block(f">>> loss.item()\n{epoch.loss}"),
        paragraph("`backward()` starts from this single number."),
    ]
    yield side_by_side([which, rows] if count > MOST_ROWS else [rows], sentences)


def _about_weights(loss: Loss, targets: FloatArray) -> str:
    """Say how much the rows weigh, at least and at most."""
    weights, classes = loss.weights_of(targets), len(np.unique(targets))
    least, most = (decimal_text(float(each)) for each in (weights.min(), weights.max()))
    return (
        f"Each row's {loss.plain.row_label} is multiplied by the weight of its class, "
        f"{len(targets):,} rows / ({classes} class{'es' * (classes > 1)} × the rows of its class). "
        f"The weights go from {least} to {most}."
    )


def _softmax(softmax: FloatArray, y: str, targets: IntArray) -> Iterator[ResultBlock]:
    """Show the softmax of the outputs, and the one-hot targets."""
    yield paragraph(
        "The criterion turns each row's outputs into probabilities with the softmax: the `exp` of "
        "each output, divided by the sum of all. The cross-entropy of a row is the negative "
        "logarithm of the probability of its target class."
    )
    one_hot = (np.arange(softmax.shape[1]) == targets).astype(np.float32)
    yield heat_maps(
        heat_map("y_pred.softmax(dim=1)", softmax, most_rows=MOST_ROWS),
        heat_map(f"one_hot({y})", one_hot, most_rows=MOST_ROWS),
    )


def zero_grad(run: Run, epoch: Epoch) -> Iterator[ResultBlock]:
    """Show every `.grad` before the line runs."""
    if not epoch.accumulated:
        yield paragraph(
            "Nothing to clear yet: before the first `backward()`, every `.grad` is `None`."
        )
        return
    yield paragraph(_cleared(run, epoch) if run.settings.zero_gradients else _not_cleared(run))
    yield _gradients(epoch, epoch.accumulated)


def _cleared(run: Run, epoch: Epoch) -> str:
    last = "the last batch" if run.settings.batch_size else f"epoch {epoch.number - 1:,}"
    return f"Cleared: the gradients of {last}, shown here. Every `.grad` is now `None`."


def _not_cleared(run: Run) -> str:
    clipped = ", clipped each time" if run.settings.clip else ""
    each = round_of(run.settings)
    return f"Not cleared: `.grad` holds the sum of the gradients of every {each} so far{clipped}."


def backward(run: Run, epoch: Epoch) -> Iterator[ResultBlock]:
    """Show every `.grad`."""
    if run.settings.l1:
        yield paragraph(
            "The L1 penalty affects only the gradients, not the printed loss: it adds "
            f"{number_text(run.settings.l1)} to the gradient of every positive number, and "
            "subtracts it from the gradient of every negative one."
        )
    if run.settings.task.has_output_per_class:
        balances = LOSSES[run.settings.loss].balances
        times = "times the weight of the target class, " if balances else ""
        yield paragraph(
            "The backward pass begins with the gradient of the loss by each output: the softmax, "
            f"minus 1 for the target class, {times}divided by {len(epoch.y_pred):,} rows."
        )
        gradient = epoch.layers[-1].gradients
        yield heat_maps(heat_map("y_pred.grad", gradient, most_rows=MOST_ROWS))
    yield paragraph(_about_gradients(run, epoch))
    yield _gradients(epoch, epoch.gradients)


def _about_gradients(run: Run, epoch: Epoch) -> str:
    each = round_of(run.settings)
    if not run.settings.zero_gradients and epoch.accumulated:
        return (
            f"These are not this {each}'s gradients alone: they were added to the gradients of "
            f"every earlier {each}, which were not cleared."
        )
    if any(gradient.any() for gradient in epoch.gradients):
        return _steepest(run, epoch)
    pairs = zip(epoch.before, epoch.after, strict=True)
    if any((before != after).any() for before, after in pairs):
        return (
            "Every gradient is 0. `step()` still moves the parameters: by what the optimizer "
            "remembers, or by weight decay."
        )
    return "Every gradient is 0: `step()` will change nothing."


def _steepest(run: Run, epoch: Epoch) -> str:
    """Say which number has the largest gradient, if all are finite."""
    if not are_finite(epoch.gradients):
        return "Some gradients are not finite: with `step()` the training will diverge."
    index, place = largest(epoch.gradients)
    value = float(epoch.gradients[index][place])
    changes = "the loss with its penalty changes" if run.settings.l1 else "the loss changes"
    return (
        f"The largest gradient belongs to `{name_of(epoch, index, place)}`: raise this number a "
        f"little, and {changes} by {decimal_text(value)} times as much."
    )


def clip(run: Run, epoch: Epoch) -> Iterator[ResultBlock]:
    """Show the gradients before and after clipping."""
    yield paragraph(_about_clipping(run, epoch))
    pairs = zip(epoch.names, epoch.gradients, epoch.clipped, strict=True)
    maps = [
        heat_maps(
            heat_map(f"{name}.grad", gradient, "before"),
            heat_map(f"{name}.grad", clipped, "after", gradient),
        )
        for name, gradient, clipped in pairs
    ]
    yield from by_parameter(epoch, maps, largest(epoch.gradients)[0])


def _about_clipping(run: Run, epoch: Epoch) -> str:
    if not are_finite(epoch.clipped):
        return "Some gradients are not finite, and clipping cannot repair them."
    most = number_text(run.settings.clip)
    norm = float(np.sqrt(sum((each.astype(float) ** 2).sum() for each in epoch.gradients)))
    pairs = zip(epoch.gradients, epoch.clipped, strict=True)
    if all((before == after).all() for before, after in pairs):
        return (
            f"The norm of all gradients together is {decimal_text(norm)}, within {most}: none "
            "changes."
        )
    return (
        f"The norm of all gradients together is {decimal_text(norm)}. Each is multiplied by "
        f"{most} / {decimal_text(norm)} = {decimal_text(run.settings.clip / norm)}, which reduces "
        f"the norm to {most}."
    )


def by_parameter(epoch: Epoch, maps: list[ResultBlock], opened: int) -> Iterator[ResultBlock]:
    """Show the tensors of each parameter; if there are many, only one parameter is unfolded."""
    if len(maps) <= MOST_UNFOLDED:
        yield from maps
        return
    for index, (name, block) in enumerate(zip(epoch.names, maps, strict=True)):
        yield folded(name, block, is_open=index == opened)


def are_finite(tensors: Tensors) -> bool:
    """Tell whether all numbers are finite."""
    return all(bool(np.isfinite(each).all()) for each in tensors)


def largest(tensors: Tensors) -> tuple[int, tuple[int, ...]]:
    """Return the place of the number with the largest magnitude: tensor, then index in it."""
    sizes = [np.abs(each) for each in tensors]
    index = max(range(len(sizes)), key=lambda each: float(sizes[each].max()))
    place = np.unravel_index(int(sizes[index].argmax()), sizes[index].shape)
    return index, tuple(int(each) for each in place)


def name_of(epoch: Epoch, index: int, place: tuple[int, ...]) -> str:
    """Return the name of one number of a parameter: "model[0].weight[2][8]"."""
    return epoch.names[index] + "".join(f"[{each}]" for each in place)


def _gradients(epoch: Epoch, tensors: Tensors) -> ResultBlock:
    named = zip(epoch.names, tensors, strict=True)
    return heat_maps(*(heat_map(f"{name}.grad", each) for name, each in named))
