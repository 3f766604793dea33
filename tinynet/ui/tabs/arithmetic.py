"""One row's arithmetic, to check by hand: forward to its loss, and back to the weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from tinynet.analysis.epoch import Epoch
from tinynet.analysis.tables import class_table, output_table, sum_table
from tinynet.registry.activations import ACTIVATIONS, Activation
from tinynet.registry.losses import LOSSES
from tinynet.training.record import FloatArray
from tinynet.training.run import Run
from tinynet.ui.session import change
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import draw_subheading, mirrored

MOST_BUTTONS = 10
SMALL = 0.001  # smaller numbers need more than four decimals
NEARLY_ONE = "1.0000"  # 1 minus this would look like 0
BACK = {"gradient to the weight": "grad of weight", "gradient to the sum": "grad of sum"}
OF_A_SUM = BACK | {"weight": "× weight", "product": "= product"}
OF_THE_OUTPUT = BACK | {
    "weight": "× out. weight",
    "product": "= part",
    "gradient to the weight": "grad of out. weight",
}


def draw_arithmetic(visit: Visit, run: Run, epoch: Epoch) -> None:
    """Let the visitor pick a row, and draw its forward and backward pass."""
    draw_subheading("One row's arithmetic")
    row = _pick(visit, "row", "Row of the batch", len(epoch.y_pred))
    if run.settings.batch_size:
        st.caption(f"This is row {epoch.rows[row]:,} of all training rows.")
    _draw_output(run, epoch, row, _pick(visit, "output", "Output", run.settings.outputs))
    if run.settings.hidden_units:
        layers = len(run.settings.hidden_units)
        layer = _pick(visit, "layer", "Hidden layer", layers, lambda layer: f"{layer + 1}")
        unit = _pick_unit(visit.unit, epoch.layers[layer].gradients[row])
        _draw_unit(run, epoch, row, layer, unit)


def _pick(
    visit: Visit, name: str, label: str, count: int, shown: Callable[[int], str] = str
) -> int:
    """Let the visitor pick a number below `count`; return it."""
    if count == 1:
        return 0
    last = count - 1
    at: int = min(getattr(visit, name), last)
    key = f"{name} of many" if count > MOST_BUTTONS else name
    widget = mirrored(key, at, partial(_note_pick, name))
    if count > MOST_BUTTONS:
        st.number_input(f"{label}, 0 to {last:,}", 0, last, at, width=240, **widget)
    else:
        choices = range(count)
        st.segmented_control(label, choices, default=at, required=True, format_func=shown, **widget)
    return at


def _pick_unit(picked: int | None, gradients: FloatArray) -> int:
    """Let the visitor pick a unit; start with the largest gradient, since many can be 0."""
    last = len(gradients) - 1
    if not last:
        return 0
    unit = int(np.abs(gradients).argmax()) if picked is None else min(picked, last)
    widget = mirrored("unit", unit, partial(_note_pick, "unit"))
    st.slider("Hidden unit", 0, last, unit, **widget)
    return unit


def _note_pick(name: str, at: int) -> None:
    picked = int(at)
    change(lambda visit: visit.picked({name: picked}))


def _draw_output(run: Run, epoch: Epoch, row: int, output: int) -> None:
    """Draw the forward pass through the last layer, the loss, and the gradients of that layer."""
    table = output_table(run.inputs[epoch.rows], epoch, row, output)
    last_hidden = len(epoch.layers) - 2
    if last_hidden < 0:
        st.markdown("**Forward.** Each input times its weight is the input's part of the output.")
        _draw_table(table, "inputs of the output", OF_A_SUM | {"product": "= part"})
    else:
        whose = "In the last hidden layer, each unit's" if last_hidden else "Each hidden unit's"
        label = _activation(run).label
        st.markdown(
            f"**Forward.** {whose} sum goes through {label}. Times its output weight, this is the "
            "unit's part of the output."
        )
        _draw_table(table, "hidden units", OF_THE_OUTPUT | {"output": label})
    if run.settings.task.has_output_per_class:
        _draw_classes(run, epoch, row, output)
        return
    st.markdown(f"{_to_the_loss(run, epoch, row)}\n\n**Back.** {_from_the_loss(run, epoch, row)}")


def _draw_classes(run: Run, epoch: Epoch, row: int, output: int) -> None:
    """Draw the softmax and the loss of a row, and the gradient of each output."""
    last, rows = epoch.layers[-1], len(epoch.rows)
    target = int(run.targets[epoch.rows[row], 0])
    table = class_table(epoch, row, target)
    total, bias = float(last.sums[row, output]), float(epoch.before[-1][output])
    st.markdown(
        f"The parts add up to {number(total - bias)}. With the output's bias, {number(bias)}, "
        f"output {output} is {number(total)}. The exp of each output, divided by the sum of all "
        "these, is its softmax: the probability of its class."
    )
    _draw_table(table, "classes", BACK | {"gradient to the output": "grad of output"})
    softmax = number(float(table["softmax"][output]))
    loss, weight = LOSSES[run.settings.loss], _weight(run, epoch, row)
    formula = loss.derivative_at(float(table["softmax"][output]))
    derivative = formula.format(y_pred=softmax, y=table["y"][output], weight=weight)
    times = f", times {weight}, the weight of its class," if loss.balances else ""
    times_too = ", times the weight" if loss.balances else ""
    back = number(float(last.gradients[row, output]))
    st.markdown(
        f"The target is class {target}. Minus the logarithm of its softmax{times} is the "
        f"{loss.row_label}, {number(float(epoch.row_losses[row]))}.\n\n"
        f"**Back.** The gradient for output {output} is {derivative} / {rows:,} = {back}: its "
        f"softmax, minus 1 for the target class{times_too}. {_to_the_weights(run)} {_in_all(run)}"
    )


def _to_the_loss(run: Run, epoch: Epoch, row: int) -> str:
    output, last = epoch.layers[-1], run.settings.task.last
    total, bias = float(output.sums[row, 0]), float(epoch.before[-1][0])
    prediction = number(float(output.outputs[row, 0]))
    to_prediction = (
        f"the output's sum is {number(total)}. {_capitalised(last.label)} gives {prediction}"
        if last
        else f"the prediction is {prediction}"
    )
    entry, weight = LOSSES[run.settings.loss], _weight(run, epoch, row)
    loss = f"{entry.row_label} is {number(float(epoch.row_losses[row]))}"
    times = f", with the weight of its class, {weight}," if entry.balances else ""
    return (
        f"The parts add up to {number(total - bias)}. With the output's bias, {number(bias)}, "
        f"{to_prediction}. The target is {_target(run, epoch, row)}, so{times} the {loss}."
    )


def _from_the_loss(run: Run, epoch: Epoch, row: int) -> str:
    output, rows, last = epoch.layers[-1], len(epoch.rows), run.settings.task.last
    prediction, target = number(float(output.outputs[row, 0])), _target(run, epoch, row)
    loss, y_pred = LOSSES[run.settings.loss], float(output.outputs[row, 0])
    numbers = {"y_pred": prediction, "y": _in_brackets(target), "weight": _weight(run, epoch, row)}
    derivative = loss.derivative_at(y_pred).format(**numbers)
    is_readable = prediction != NEARLY_ONE
    formula = f"{derivative} / {rows:,} = " if derivative and is_readable else ""
    by_prediction, by_sum = (
        number(float(each[row, 0])) for each in (output.output_gradients, output.gradients)
    )
    text = f"The gradient for this prediction is {formula}{by_prediction}"
    if last:
        total = number(float(output.sums[row, 0]))
        derivative = last.derivative.format(output=prediction, sum=total)
        formula = f"this × {derivative} = " if derivative and is_readable else ""
        text += f"; for the output's sum, {formula}{by_sum}"
    return f"{text}. {_to_the_weights(run)} {_in_all(run)}"


def _to_the_weights(run: Run) -> str:
    if not run.settings.hidden_units:
        return "Times an input, this is the row's gradient for the input's weight."
    label = _activation(run).label
    added = ", added up over all outputs," if run.settings.task.has_output_per_class else ""
    return (
        f"Times a unit's {label}, this is the row's gradient for the unit's output weight. Times "
        f"the output weight{added} and {_derivative(run)}, it is the gradient for the unit's sum."
    )


def _in_all(run: Run) -> str:
    batch = " of the batch" if run.settings.batch_size else ""
    penalty = ", together with the L1 penalty" if run.settings.l1 else ""
    return f"`backward()` adds the sum over all rows{batch} to every `.grad`{penalty}."


def _draw_unit(run: Run, epoch: Epoch, row: int, layer: int, unit: int) -> None:
    """Draw the forward and the backward pass of a hidden unit."""
    values = epoch.layers[layer]
    table = sum_table(run.inputs[epoch.rows], epoch, layer, row, unit)
    activation = _activation(run)
    x = activation.label if layer else "x"
    _draw_table(
        table.rename(columns={"input": "unit"}) if layer else table, "inputs", OF_A_SUM | {"x": x}
    )
    bias, total = float(epoch.before[2 * layer + 1][unit]), float(values.sums[row, unit])
    output, output_gradient, sum_gradient = (
        number(float(each[row, unit]))
        for each in (values.outputs, values.output_gradients, values.gradients)
    )
    does = f"{_capitalised(activation.label)} {activation.words}"
    origin = (
        "the gradient for the output's sum, times the output weight"
        if layer == len(epoch.layers) - 2 and run.settings.outputs == 1
        else "the gradient for each sum in the next layer, times the weight between, all added up"
    )
    st.markdown(
        f"The products add up to {number(total - bias)}. With the unit's bias, {number(bias)}, "
        f"its sum is {number(total)}. {does}: {output}.\n\n**Back.** The gradient for this "
        f"{activation.label} is {output_gradient}: {origin}. Times {_derivative(run)}, this is "
        f"{sum_gradient}, the gradient for the unit's sum. Multiply by each {x} for the weight's "
        "gradient; the bias gets it unchanged."
    )


def _capitalised(label: str) -> str:
    return f"{label[0].upper()}{label[1:]}"


def _activation(run: Run) -> Activation:
    return ACTIVATIONS[run.settings.activation]


def _derivative(run: Run) -> str:
    """Return the name of the activation's derivative, and its formula if it has one."""
    activation = _activation(run)
    formula = activation.derivative.format(output=activation.label, sum="sum")
    return f"the derivative of {activation.label}{f' ({formula})' if formula else ''}"


def _target(run: Run, epoch: Epoch, row: int) -> str:
    """Return a class as 0 or 1, and any other target with its decimals."""
    target = float(run.targets[epoch.rows[row], 0])
    return f"{target:.0f}" if target.is_integer() else number(target)


def _weight(run: Run, epoch: Epoch, row: int) -> str:
    """Return the weight of a row in the loss of its batch."""
    weights = LOSSES[run.settings.loss].weights_of(run.targets[epoch.rows])
    return number(float(weights[row, 0]))


def _in_brackets(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def number(value: float) -> str:
    """Return a number with four decimals, or with three digits if it is small."""
    is_small = value != 0 and abs(value) < SMALL
    return f"{value:.2e}" if is_small else f"{value + 0.0:.4f}"  # + 0.0 makes -0.0 a plain zero


def _format(column: pd.Series[float]) -> str:
    if column.dtype.kind == "i":
        return "%d"
    return "%.2e" if 0 < column.abs().max() < SMALL else "%.4f"


def _draw_table(table: pd.DataFrame, key: str, headings: dict[str, str]) -> None:
    # Short headings and four decimals fit on a phone.
    named = {name: headings.get(name, name) for name in table.columns}
    columns = {
        name: st.column_config.NumberColumn(named[name], format=_format(table[name]))
        for name in table.columns[1:]
    }
    st.dataframe(
        table,
        hide_index=True,
        row_height=30,
        key=key,
        alt=f"Columns: {', '.join(named.values())}.",
        column_config=columns,
    )
