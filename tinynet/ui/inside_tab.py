"""One epoch opened up: the five lines of the loop, with the real tensors beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from tinynet.address import EPOCH
from tinynet.epoch import Epoch, Tensors
from tinynet.run import FloatArray, Run
from tinynet.tables import hidden_unit_table, input_table, loss_table
from tinynet.ui.controls import SHOWN_STATE, keep_state_within
from tinynet.ui.tensors import heat_map, number, side_by_side

LINE, ROW, UNIT, LAST = "line", "row", "unit", "last epoch"
HEADINGS = {
    "output weight": "× out. weight",
    "part": "= part",
    "gradient to the output weight": "grad of out. weight",
    "gradient to the sum": "grad of sum",
    "gradient to the weight": "grad of weight",
    "product": "= product",
    "weight": "× weight",
}


@dataclass(frozen=True)
class Line:
    """One of the five lines, what it does, what goes wrong without it, and how to draw it."""

    code: str
    does: str
    without: str
    draw: Callable[[Run, Epoch], None]


def draw_moving_network(run: Run) -> None:
    """Draw the player; where it comes to rest is the epoch that the lines below show."""
    from tinynet.ui.player import draw_player  # noqa: PLC0415 - torch is slow

    draw_player(run, st.session_state.get(SHOWN_STATE), _show_state_of_player)


def draw_inside_tab(run: Run, number_of_epoch: int) -> None:
    """Draw the line of an epoch that the visitor has picked, and one row's arithmetic."""
    from tinynet.explain import explain  # noqa: PLC0415 - torch is slow

    epoch = explain(run, number_of_epoch)
    left, right = st.columns([9, 11], gap="medium")
    with left:
        index = _pick_line(run, epoch)
    line = LINES[index]
    with right:
        forgotten = index == ZERO_GRAD and not run.settings.zero_gradients
        st.markdown(f"{FORGOTTEN if forgotten else line.does}\n\n*Without it:* {line.without}")
    line.draw(run, epoch)
    st.caption(LEGEND)
    st.divider()
    _draw_arithmetic(run, epoch)


def pick_epoch(run: Run) -> int:
    """Draw the slider of the epochs, also in a closed tab: undrawn, it would leave the address."""
    last = st.session_state[LAST] = len(run.losses) - 1
    keep_state_within(len(run.losses))  # a run that broke has fewer epochs than its settings
    if last == 0:
        st.caption("This run has one epoch, number 0.")
        return 0
    epoch: int = st.slider(
        "Epoch",
        0,
        last,
        last,
        key=EPOCH,
        help="The epoch to open up: its five lines lead from the network before it to the next.",
        on_change=_show_epoch_of_slider,
        args=(last,),
        bind="query-params",
    )
    return epoch


def _show_state_of_player() -> None:
    from tinynet.ui.player import state_at_rest  # noqa: PLC0415 - torch is slow

    state = state_at_rest()
    if state is None:
        return
    last = st.session_state[LAST]
    st.session_state[SHOWN_STATE] = None if state > last else state
    st.session_state[EPOCH] = min(state, last)


def _show_epoch_of_slider(last: int) -> None:
    epoch = st.session_state[EPOCH]
    st.session_state[SHOWN_STATE] = None if epoch == last else epoch


def _pick_line(run: Run, epoch: Epoch) -> int:
    line: int = st.radio(
        f"In epoch {epoch.number:,}, look at",
        range(len(LINES)),
        format_func=lambda line: _code_of(line, run),
        key=LINE,
        persist_state="session",
    )
    st.button(
        "Next line",
        key="next line",
        icon=":material/keyboard_arrow_down:",
        on_click=_go_to_next_line,
        args=(epoch.number, len(run.losses)),
    )
    return line


def _code_of(line: int, run: Run) -> str:
    if line == ZERO_GRAD and not run.settings.zero_gradients:
        return f"~~`{LINES[line].code}`~~ forgotten"
    return f"`{LINES[line].code}`"


def _go_to_next_line(epoch: int, epochs: int) -> None:
    line = (st.session_state[LINE] + 1) % len(LINES)
    if line == 0 and epoch + 1 < epochs:
        st.session_state[EPOCH] = epoch + 1
        _show_epoch_of_slider(epochs - 1)
    st.session_state[LINE] = line


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
    right.code(f"tensor({epoch.loss})", language=None)
    right.markdown("Its shape is `()`: a single number, from which `backward()` can start.")


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
    name, place, value = _largest(epoch, epoch.gradients)
    st.markdown(
        f"The largest stands in `{name}.grad{place}`: raise that number a little, and the loss "
        f"changes by {number(value)} times as much."
    )
    _draw_tensors(epoch, ".grad", epoch.gradients)


def _draw_step(run: Run, epoch: Epoch) -> None:
    rate = run.settings.learning_rate
    pairs = list(zip(epoch.before, epoch.after, strict=True))
    changed = [before != after for before, after in pairs]
    count, total = sum(int(each.sum()) for each in changed), sum(each.size for each in changed)
    index, place = _most_moved(epoch)
    before, grad, after = (
        float(each[index][place]) for each in (epoch.before, epoch.gradients, epoch.after)
    )
    st.markdown(
        f"`{epoch.names[index]}{_brackets(place)}` moved most: {number(before)} - {rate:g} × "
        f"{_signed(grad)} = {number(after)}. {_whether_it_holds(epoch, rate)} {count:,} of "
        f"{total:,} numbers changed; they are underlined."
    )
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


def _most_moved(epoch: Epoch) -> tuple[int, tuple[int, ...]]:
    moves = [
        np.abs(after - before) for before, after in zip(epoch.before, epoch.after, strict=True)
    ]
    index = max(range(len(moves)), key=lambda each: float(moves[each].max()))
    return index, _place(moves[index])


def _largest(epoch: Epoch, tensors: Tensors) -> tuple[str, str, float]:
    """Return the name, the place in brackets and the value of the largest number by size."""
    index = max(range(len(tensors)), key=lambda each: float(np.abs(tensors[each]).max()))
    place = _place(np.abs(tensors[index]))
    return epoch.names[index], _brackets(place), float(tensors[index][place])


def _place(sizes: FloatArray) -> tuple[int, ...]:
    return tuple(int(each) for each in np.unravel_index(int(sizes.argmax()), sizes.shape))


def _brackets(place: tuple[int, ...]) -> str:
    return "".join(f"[{each}]" for each in place)


def _signed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)


def _draw_tensors(epoch: Epoch, suffix: str, tensors: Tensors) -> None:
    maps = (heat_map(name + suffix, each) for name, each in zip(epoch.names, tensors, strict=False))
    st.html(side_by_side(*maps))


def _draw_arithmetic(run: Run, epoch: Epoch) -> None:
    st.subheader("One row's arithmetic", anchor=False)
    row: int = st.segmented_control(
        "Row of the batch",
        range(len(run.inputs)),
        default=0,
        required=True,
        key=ROW,
        persist_state="session",
    )
    _draw_hidden_units(run, epoch, row)
    _draw_inputs(run, epoch, row)


def _draw_hidden_units(run: Run, epoch: Epoch, row: int) -> None:
    output = epoch.layers[-1]
    table = hidden_unit_table(epoch, row)
    total, bias = float(output.sums[row, 0]), float(epoch.before[-1][0])
    prediction, target = float(output.outputs[row, 0]), float(run.targets[row, 0])
    rows = len(run.inputs)
    st.markdown(
        "**Forward.** Each hidden unit's sum goes through ReLU, times its output weight: "
        "its part in the output."
    )
    _draw_table(table, "hidden units", "Each hidden unit's sum, ReLU, part and gradients.")
    st.markdown(
        f"The parts add up to {number(total - bias)}; with the output's bias, {number(bias)}, that "
        f"is {number(total)}. The sigmoid makes it {number(prediction)}; the target is "
        f"{target:.0f}, the squared error {number((prediction - target) ** 2)}.\n\n"
        f"**Back.** The loss changes with this prediction by 2 × ({number(prediction)} - "
        f"{target:.0f}) / {rows} = {number(2 * (prediction - target) / rows)}, and with the "
        f"output's sum by that × {number(prediction)} × (1 - {number(prediction)}) = "
        f"{number(float(output.gradients[row, 0]))}. Times a unit's ReLU, that is this row's "
        "gradient to its output weight; times the output weight, its gradient to the unit's sum, "
        "or 0 where ReLU let nothing through. Summed over all rows, they are what `backward()` "
        "adds to every `.grad`."
    )


def _draw_inputs(run: Run, epoch: Epoch, row: int) -> None:
    units = len(epoch.before[1])
    if st.session_state.get(UNIT, 0) >= units:
        st.session_state[UNIT] = units - 1
    # It opens on the unit that this row teaches most: one that ReLU shut off has only zeros.
    busiest = int(np.abs(epoch.layers[0].gradients[row]).argmax())
    unit = (
        0
        if units == 1
        else st.slider("Hidden unit", 0, units - 1, busiest, key=UNIT, persist_state="session")
    )
    table = input_table(run, epoch, row, unit)
    bias, total = float(epoch.before[1][unit]), float(epoch.layers[0].sums[row, unit])
    back = float(epoch.layers[0].gradients[row, unit])
    _draw_table(table, "inputs", "Each input, its weight, their product, the weight's gradient.")
    st.markdown(
        f"The products add up to {number(total - bias)}; with the unit's bias, {number(bias)}, "
        f"that is its sum, {number(total)}. Each x times the gradient to that sum, {number(back)}, "
        "is what this row sends back to the weight; to the bias it sends that gradient itself."
    )


def _draw_table(table: pd.DataFrame, key: str, alt: str) -> None:
    # Narrow headings and four digits: as much as fits, on a phone too.
    columns = {
        name: st.column_config.NumberColumn(HEADINGS.get(name, name), format="%.4f")
        for name in table.columns[1:]
    }
    st.dataframe(table, hide_index=True, row_height=30, key=key, alt=alt, column_config=columns)


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
        "`backward()` adds the new gradients to the old, the steps grow, and the loss begins to "
        "swing. The switch in the sidebar lets you see it.",
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
LEGEND = "Blue is positive, orange is negative; the darkest cell is its tensor's largest number."
