"""What the lines made, up to the gradients that the step goes by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tinynet.analysis.epoch import Epoch, Tensors
from tinynet.registry.losses import LOSSES
from tinynet.settings import Settings, number_text
from tinynet.stage.lines.blocks import (
    MOST_ROWS,
    Block,
    folded,
    heat_map,
    heat_maps,
    printed,
    shares,
    side_by_side,
    words,
)
from tinynet.stage.numbers import number
from tinynet.training.run import FloatArray, IntArray, Run
from tinynet.training.scores import probabilities

MOST_UNFOLDED = 4  # parameters: those of one hidden layer and the output


def x_of(settings: Settings) -> str:
    """Return what the script calls the inputs of a batch."""
    return "x[rows]" if settings.batch_size else "x"


def y_of(settings: Settings) -> str:
    """Return what the script calls the targets of a batch."""
    return "y[rows]" if settings.batch_size else "y"


def rounds(settings: Settings) -> str:
    """Return what each update is for: an epoch, or one of its batches."""
    return "batch" if settings.batch_size else "epoch"


def forward(run: Run, epoch: Epoch) -> Iterator[Block]:
    """Show the batch, what each hidden layer makes of it, and the predictions."""
    x, names = x_of(run.settings), epoch.names[::2]
    modules = [int(name[name.index("[") + 1 : name.index("]")]) for name in names]
    # The hidden layer's own module and its activation: all in front of the next linear one.
    hidden = [f"model[:{following}]({x})" for following in modules[1:]]
    made = zip([*hidden, "y_pred"], epoch.layers, strict=True)
    yield heat_maps(
        heat_map(x, run.inputs[epoch.rows], most_rows=MOST_ROWS),
        *(heat_map(name, layer.outputs, most_rows=MOST_ROWS) for name, layer in made),
    )


def loss(run: Run, epoch: Epoch) -> Iterator[Block]:
    """Show how the rows' losses come to one number."""
    its = LOSSES[run.settings.loss]
    if its.refuses_nan and not np.isfinite(epoch.loss):
        yield words(
            "The predictions are no numbers any more. PyTorch's criterion refuses them with an "
            "error, and there the script ends."
        )
        return
    targets = run.targets[epoch.rows]
    rows = shares(epoch.y_pred, targets, epoch.row_losses, its.row_label)
    if run.settings.task.has_output_per_class:
        softmax = probabilities(run.settings, epoch.y_pred)
        yield from _softmax(softmax, y_of(run.settings), its_class := targets.astype(np.int64))
        its_own = np.take_along_axis(softmax, its_class, axis=1)
        rows = shares(its_own, targets, epoch.row_losses, its.row_label, "softmax of y")
    count, total = len(epoch.row_losses), float(epoch.row_losses.sum(dtype=float))
    which = words(f"The {MOST_ROWS} rows with the largest shares, of {count:,}:")
    whole = f"divided by {count:,} rows" if count > 1 else "of one row"
    sentences = [
        words(f"The {its.row_label} of all rows adds up to {total:.4f}; {whole} that is the loss:"),
        printed(f">>> loss.item()\n{epoch.loss}"),
        words("It is a single number, from which `backward()` can start."),
    ]
    yield side_by_side([which, rows] if count > MOST_ROWS else [rows], sentences)


def _softmax(softmax: FloatArray, y: str, targets: IntArray) -> Iterator[Block]:
    """Show what the criterion makes of the outputs, and what it compares that with."""
    yield words(
        "The criterion makes probabilities of each row's outputs: `exp` of each, divided by their "
        "sum, which is the softmax. The cross-entropy of a row is the logarithm of what it gives "
        "to the row's own class, with the sign turned."
    )
    one_hot = (np.arange(softmax.shape[1]) == targets).astype(np.float32)
    yield heat_maps(
        heat_map("y_pred.softmax(dim=1)", softmax, most_rows=MOST_ROWS),
        heat_map(f"one_hot({y})", one_hot, most_rows=MOST_ROWS),
    )


def zero_grad(run: Run, epoch: Epoch) -> Iterator[Block]:
    """Show what stood in every `.grad`."""
    if not epoch.accumulated:
        yield words("Nothing to clear yet: before the first `backward()`, every `.grad` is `None`.")
        return
    yield words(_cleared(run, epoch) if run.settings.zero_gradients else _not_cleared(run))
    yield _gradients(epoch, epoch.accumulated)


def _cleared(run: Run, epoch: Epoch) -> str:
    last = "the last batch" if run.settings.batch_size else f"epoch {epoch.number - 1:,}"
    return f"Cleared: what {last} had left in every `.grad`. Now each is `None`."


def _not_cleared(run: Run) -> str:
    clipped = ", clipped each time" if run.settings.clip else ""
    each = "batches" if run.settings.batch_size else "epochs"
    return f"Not cleared: this is what all {each} so far have piled up in every `.grad`{clipped}."


def backward(run: Run, epoch: Epoch) -> Iterator[Block]:
    """Show what stands in every `.grad` then."""
    if run.settings.l1:
        yield words(
            "The L1 penalty counts here alone, not in the loss that is printed: it adds "
            f"{number_text(run.settings.l1)} to the gradient of every number above 0, and takes as "
            "much from that of every number below."
        )
    if run.settings.task.has_output_per_class:
        yield words(
            "The way back begins with the slope of the loss by each output: its softmax, less 1 "
            f"for the row's own class; divided by {len(epoch.y_pred):,} rows."
        )
        slope = epoch.layers[-1].gradients
        yield heat_maps(heat_map("y_pred.grad", slope, most_rows=MOST_ROWS))
    yield words(_about_gradients(run, epoch))
    yield _gradients(epoch, epoch.gradients)


def _about_gradients(run: Run, epoch: Epoch) -> str:
    each = rounds(run.settings)
    if not run.settings.zero_gradients and epoch.accumulated:
        several = "batches" if run.settings.batch_size else "epochs"
        return (
            f"These are not this {each}'s gradients alone: they came on top of what all {several} "
            "so far had left there, which was not cleared."
        )
    if any(gradient.any() for gradient in epoch.gradients):
        return _steepest(run, epoch)
    pairs = zip(epoch.before, epoch.after, strict=True)
    if any((before != after).any() for before, after in pairs):
        return (
            "Every gradient is 0. `step()` moves numbers all the same: by what the optimizer "
            "remembers, or by its weight decay."
        )
    return "Every gradient is 0: `step()` will change nothing."


def _steepest(run: Run, epoch: Epoch) -> str:
    """Say which number has the largest gradient, if all are numbers."""
    if not are_numbers(epoch.gradients):
        return "Some gradients are no numbers any more: `step()` will break the training."
    index, place = largest(epoch.gradients)
    value = float(epoch.gradients[index][place])
    changes = "the loss with its penalty changes" if run.settings.l1 else "the loss changes"
    return (
        f"The largest is that of `{name_of(epoch, index, place)}`: raise this number "
        f"a little, and {changes} by {number(value)} times as much."
    )


def clip(run: Run, epoch: Epoch) -> Iterator[Block]:
    """Show the gradients before and after they were shortened, if they were."""
    yield words(_about_clipping(run, epoch))
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
    if not are_numbers(epoch.clipped):
        return "The gradients are no numbers any more, and no length makes them numbers again."
    most = number_text(run.settings.clip)
    norm = float(np.sqrt(sum((each.astype(float) ** 2).sum() for each in epoch.gradients)))
    pairs = zip(epoch.gradients, epoch.clipped, strict=True)
    if all((before == after).all() for before, after in pairs):
        return f"The norm of all gradients together is {number(norm)}, within {most}: all stay."
    return (
        f"The norm of all gradients together is {number(norm)}. Each is multiplied by "
        f"{most} / {number(norm)} = {number(run.settings.clip / norm)}, and that makes it {most}."
    )


def by_parameter(epoch: Epoch, maps: list[Block], applies: int) -> Iterator[Block]:
    """Show the tensors of each parameter; of many parameters, all but one fold up."""
    if len(maps) <= MOST_UNFOLDED:
        yield from maps
        return
    for index, (name, its) in enumerate(zip(epoch.names, maps, strict=True)):
        yield folded(name, its, is_open=index == applies)


def are_numbers(tensors: Tensors) -> bool:
    """Tell whether all are finite."""
    return all(bool(np.isfinite(each).all()) for each in tensors)


def largest(tensors: Tensors) -> tuple[int, tuple[int, ...]]:
    """Return which tensor holds the largest number by size, and where in it."""
    sizes = [np.abs(each) for each in tensors]
    index = max(range(len(sizes)), key=lambda each: float(sizes[each].max()))
    place = np.unravel_index(int(sizes[index].argmax()), sizes[index].shape)
    return index, tuple(int(each) for each in place)


def name_of(epoch: Epoch, index: int, place: tuple[int, ...]) -> str:
    """Return one number of a parameter as one writes it: "model[0].weight[2][8]"."""
    return epoch.names[index] + "".join(f"[{each}]" for each in place)


def _gradients(epoch: Epoch, tensors: Tensors) -> Block:
    named = zip(epoch.names, tensors, strict=True)
    return heat_maps(*(heat_map(f"{name}.grad", each) for name, each in named))
