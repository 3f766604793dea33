"""The five lines of the loop: what each does, what goes wrong without it, and what it made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from tinynet.epoch import Epoch, Tensors
from tinynet.run import Run
from tinynet.tables import loss_table
from tinynet.ui.tensors import heat_map, number, side_by_side


@dataclass(frozen=True)
class Line:
    """One of the five lines, what it does, what goes wrong without it, and how to draw it."""

    code: str
    does: str
    without: str
    draw: Callable[[Run, Epoch], None]


def _draw_forward(run: Run, epoch: Epoch) -> None:
    st.html(side_by_side(heat_map("x", run.inputs), heat_map("y_pred", epoch.y_pred)))


def _draw_loss(run: Run, epoch: Epoch) -> None:
    left, right = st.columns([11, 9], gap="medium")
    left.dataframe(
        loss_table(run, epoch),
        hide_index=True,
        row_height=30,
        key="loss shares",
        alt="Each row's squared error, and its share in the loss.",
        column_config={
            "row": st.column_config.NumberColumn("Row", width=42),
            "y_pred": st.column_config.NumberColumn("y_pred", format="%.4f", width=70),
            "y": st.column_config.NumberColumn("y", width=40),
            "squared error": st.column_config.NumberColumn("(y_pred - y)²", format="%.4f"),
            "share": st.column_config.ProgressColumn(
                "Share", format="%.0f %%", min_value=0, max_value=100, color="blue", width=118
            ),
        },
    )
    total = float(epoch.squared_errors.sum())
    count = len(epoch.squared_errors)
    right.markdown(
        f"The squared errors add up to {total:.4f}; divided by {count} rows that is the loss:"
    )
    right.code(f">>> loss.item()\n{epoch.loss}", language=None)
    right.markdown("It is a single number, from which `backward()` can start.")


def _draw_zero_grad(run: Run, epoch: Epoch) -> None:
    if not epoch.standing:
        st.markdown("Nothing to clear yet: before the first `backward()`, every `.grad` is `None`.")
    elif run.settings.zero_gradients:
        left_by = epoch.number - 1
        st.markdown(
            f"Cleared: what epoch {left_by:,} had left in every `.grad`. Now each is `None`."
        )
    else:
        st.markdown(
            "**Not** cleared: this is what all epochs so far have piled up in every `.grad`."
        )
    _draw_tensors(epoch, ".grad", epoch.standing)


def _draw_backward(run: Run, epoch: Epoch) -> None:
    if not run.settings.zero_gradients and epoch.number:
        st.markdown(
            "These are not this epoch's gradients alone: they are the sum of all epochs so far, "
            "for what stood there before was not cleared."
        )
    elif not any(each.any() for each in epoch.gradients):
        st.markdown("Every gradient is 0: `step()` will change nothing.")
    else:
        index, place = _largest(epoch.gradients)
        value = float(epoch.gradients[index][place])
        st.markdown(
            f"The largest is that of `{epoch.names[index]}{_brackets(place)}`: raise this number "
            f"a little, and the loss changes by {number(value)} times as much."
        )
    _draw_tensors(epoch, ".grad", epoch.gradients)


def _draw_step(run: Run, epoch: Epoch) -> None:
    rate = run.settings.learning_rate
    pairs = list(zip(epoch.before, epoch.after, strict=True))
    changed = [before != after for before, after in pairs]
    count, total = sum(int(each.sum()) for each in changed), sum(each.size for each in changed)
    moves = tuple(after - before for before, after in pairs)
    index, place = _largest(moves)
    before, grad, after = (
        float(each[index][place]) for each in (epoch.before, epoch.gradients, epoch.after)
    )
    most = (
        f"`{epoch.names[index]}{_brackets(place)}` moved most: {number(before)} - {rate:g} × "
        f"{_signed(grad)} = {number(after)}."
        if count
        else "Nothing moved: every step is 0, or too small to change a 32-bit number."
    )
    changes = f"{count:,} of {total:,} numbers changed" + (
        "; they are underlined." if count else "."
    )
    st.markdown(f"{most} {_whether_it_holds(epoch, rate)} {changes}")
    for index, name in enumerate(epoch.names):
        st.html(
            side_by_side(
                heat_map(name, epoch.before[index], note="before"),
                heat_map(f"{name}.grad", epoch.gradients[index]),
                heat_map(name, epoch.after[index], changed[index], note="after"),
            )
        )


def _whether_it_holds(epoch: Epoch, rate: float) -> str:
    """Redo every update in 64 bits, and say how far PyTorch's 32-bit ones are from that."""
    if not all(np.isfinite(each).all() for each in epoch.after):
        return "After this step some are no numbers any more: the training broke here."
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


def _draw_tensors(epoch: Epoch, suffix: str, tensors: Tensors) -> None:
    maps = (heat_map(name + suffix, each) for name, each in zip(epoch.names, tensors, strict=False))
    st.html(side_by_side(*maps))


LINES = (
    Line(
        "y_pred = model(x)",
        "The batch goes through the network, all rows at once, and a prediction comes out for "
        "each.",
        "there is nothing to compare with the targets, and no trace of how the predictions came "
        "about for `backward()` to follow.",
        _draw_forward,
    ),
    Line(
        "loss = criterion(y_pred, y)",
        "The mean of the squared differences says in one number how wrong the predictions are.",
        "nobody can say which way is better; `backward()` needs a single number to start from.",
        _draw_loss,
    ),
    Line(
        "optimizer.zero_grad()",
        "It throws away the gradients of the epoch before: every `.grad` becomes `None`, and "
        "`backward()` starts from nothing.",
        "`backward()` adds the new gradients to all the old ones: momentum without a brake. On "
        "this batch the loss mostly falls faster; at the largest learning rate it often "
        "overshoots. The switch in the sidebar lets you see it.",
        _draw_zero_grad,
    ),
    Line(
        "loss.backward()",
        "It walks back from the loss and leaves in every parameter's `.grad` how the loss changes "
        "with each of its numbers.",
        "every `.grad` stays `None`, and `step()` has nothing to go by.",
        _draw_backward,
    ),
    Line(
        "optimizer.step()",
        "It moves every parameter a little against its gradient, which is downhill for the loss. "
        "What `backward()` left in `.grad` says which way and how far.",
        "the network never changes, and each epoch prints the same loss.",
        _draw_step,
    ),
)
ZERO_GRAD = 2
FORGOTTEN = (
    "Here it is left out. It would throw away the gradients of the epoch before, so that "
    "`backward()` starts from nothing."
)
LEGEND = (
    "Blue is positive, orange is negative; the strongest colour is its tensor's largest number."
)
