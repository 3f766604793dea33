"""One row's arithmetic, to follow with a pencil: forward to its loss, and back to the weights."""

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
from tinynet.training.run import FloatArray, Run
from tinynet.ui.session import change, current_visit
from tinynet.ui.widgets import draw_subheading, mirrored

MOST_BUTTONS = 10
SMALL = 0.001  # below it four digits behind the point say too little
NEARLY_ONE = "1.0000"  # a formula with 1 less this number would say 0
BACK = {"gradient to the weight": "grad of weight", "gradient to the sum": "grad of sum"}
OF_A_SUM = BACK | {"weight": "× weight", "product": "= product"}
OF_THE_OUTPUT = BACK | {
    "weight": "× out. weight",
    "product": "= part",
    "gradient to the weight": "grad of out. weight",
}


def draw_arithmetic(run: Run, epoch: Epoch) -> None:
    """Let the visitor pick a row of the batch, and draw its way through the network and back."""
    draw_subheading("One row's arithmetic")
    row = _pick("row", "Row of the batch", len(epoch.y_pred))
    if run.settings.batch_size:
        st.caption(f"It is row {epoch.rows[row]:,} of all training rows.")
    _draw_output(run, epoch, row)
    if run.settings.hidden_units:
        layers = len(run.settings.hidden_units)
        layer = _pick("layer", "Hidden layer", layers, lambda layer: f"{layer + 1}")
        _draw_unit(run, epoch, row, layer)


def _pick(name: str, label: str, count: int, shown: Callable[[int], str] = str) -> int:
    """Let the visitor pick one of so many; return which, counted from 0."""
    if count == 1:
        return 0
    last = count - 1
    at: int = min(getattr(current_visit(), name), last)
    key = f"{name} of many" if count > MOST_BUTTONS else name
    told = mirrored(key, at, partial(_note_pick, name))
    if count > MOST_BUTTONS:
        st.number_input(f"{label}, 0 to {last:,}", 0, last, at, width=240, **told)
    else:
        choices = range(count)
        st.segmented_control(label, choices, default=at, required=True, format_func=shown, **told)
    return at


def _pick_unit(gradients: FloatArray) -> int:
    last = len(gradients) - 1
    if not last:
        return 0
    # It opens on the unit that this row teaches most: one that ReLU shut off has only zeros.
    picked, busiest = current_visit().unit, int(np.abs(gradients).argmax())
    unit = busiest if picked is None else min(picked, last)
    told = mirrored("unit", unit, partial(_note_pick, "unit"))
    st.slider("Hidden unit", 0, last, unit, **told)
    return unit


def _note_pick(name: str, at: int) -> None:
    picked = int(at)
    change(lambda visit: visit.picked({name: picked}))


def _draw_output(run: Run, epoch: Epoch, row: int) -> None:
    """Draw how the prediction comes about, how wrong it is, and what that sends back."""
    output = _pick("output", "Output", run.settings.outputs)
    table = output_table(run.inputs[epoch.rows], epoch, row, output)
    last_hidden = len(epoch.layers) - 2
    if last_hidden < 0:
        st.markdown("**Forward.** Each input, times its weight, is its part in the output.")
        _draw_table(table, "inputs of the output", OF_A_SUM | {"product": "= part"})
    else:
        whose = "In the last hidden layer, each unit's" if last_hidden else "Each hidden unit's"
        label = _activation(run).label
        st.markdown(
            f"**Forward.** {whose} sum goes through {label}, times its output weight: its part in "
            "the output."
        )
        _draw_table(table, "hidden units", OF_THE_OUTPUT | {"output": label})
    if run.settings.task.has_output_per_class:
        _draw_classes(run, epoch, row, output)
        return
    st.markdown(f"{_to_the_loss(run, epoch, row)}\n\n**Back.** {_from_the_loss(run, epoch, row)}")


def _draw_classes(run: Run, epoch: Epoch, row: int, output: int) -> None:
    """Draw how the outputs of a row come to its loss, and what comes back to each of them."""
    last, rows = epoch.layers[-1], len(epoch.rows)
    target = int(run.targets[epoch.rows[row], 0])
    table = class_table(epoch, row, target)
    total, bias = float(last.sums[row, output]), float(epoch.before[-1][output])
    st.markdown(
        f"The parts add up to {number(total - bias)}; with the output's bias, {number(bias)}, that "
        f"is {number(total)}, output {output}. The exp of each output, divided by the sum of all, "
        "is its softmax: how probable its class is."
    )
    _draw_table(table, "classes", BACK | {"gradient to the output": "grad of output"})
    softmax = number(float(table["softmax"][output]))
    slope = LOSSES[run.settings.loss].derivative.format(y_pred=softmax, y=table["y"][output])
    back = number(float(last.gradients[row, output]))
    st.markdown(
        f"The target is class {target}; the logarithm of its softmax, with the sign turned, is the "
        f"{LOSSES[run.settings.loss].row_label} {number(float(epoch.row_losses[row]))}.\n\n"
        f"**Back.** The loss changes with output {output} by {slope} / {rows:,} = {back}: its "
        f"softmax, less 1 if it is the target's. {_to_the_weights(run)} {_in_all(run)}"
    )


def _to_the_loss(run: Run, epoch: Epoch, row: int) -> str:
    output, last = epoch.layers[-1], run.settings.task.last
    total, bias = float(output.sums[row, 0]), float(epoch.before[-1][0])
    prediction = number(float(output.outputs[row, 0]))
    is_it = (
        f"{number(total)}. The {last.label} makes it {prediction}"
        if last
        else f"{prediction}, the prediction"
    )
    wrong = f"{LOSSES[run.settings.loss].row_label} {number(float(epoch.row_losses[row]))}"
    return (
        f"The parts add up to {number(total - bias)}; with the output's bias, {number(bias)}, that "
        f"is {is_it}; the target is {_target(run, epoch, row)}, the {wrong}."
    )


def _from_the_loss(run: Run, epoch: Epoch, row: int) -> str:
    output, rows, last = epoch.layers[-1], len(epoch.rows), run.settings.task.last
    prediction, target = number(float(output.outputs[row, 0])), _target(run, epoch, row)
    loss, y_pred = LOSSES[run.settings.loss], float(output.outputs[row, 0])
    slope = loss.derivative_at(y_pred).format(y_pred=prediction, y=_behind_a_sign(target))
    can_be_followed = prediction != NEARLY_ONE
    formula = f"{slope} / {rows:,} = " if slope and can_be_followed else ""
    by_prediction, by_sum = (
        number(float(each[row, 0])) for each in (output.output_gradients, output.gradients)
    )
    so_far = f"The loss changes with this prediction by {formula}{by_prediction}"
    if last:
        slope = last.derivative.format(output=prediction, sum=number(float(output.sums[row, 0])))
        formula = f"that × {slope} = " if slope and can_be_followed else ""
        so_far += f", and with the output's sum by {formula}{by_sum}"
    return f"{so_far}. {_to_the_weights(run)} {_in_all(run)}"


def _to_the_weights(run: Run) -> str:
    if not run.settings.hidden_units:
        return "Times an input, that is this row's gradient to its weight."
    label = _activation(run).label
    added = ", added up over all outputs," if run.settings.task.has_output_per_class else ""
    return (
        f"Times a unit's {label}, that is this row's gradient to its output weight; times the "
        f"output weight{added} and {_slope(run)}, its gradient to the unit's sum."
    )


def _in_all(run: Run) -> str:
    batch = " of the batch" if run.settings.batch_size else ""
    penalty = "; the L1 penalty comes on top" if run.settings.l1 else ""
    return (
        f"Summed over all rows{batch}, they are what `backward()` adds to every `.grad`{penalty}."
    )


def _draw_unit(run: Run, epoch: Epoch, row: int, layer: int) -> None:
    """Draw how a hidden unit comes to its sum, and what comes back to it."""
    its = epoch.layers[layer]
    unit = _pick_unit(its.gradients[row])
    table = sum_table(run.inputs[epoch.rows], epoch, layer, row, unit)
    activation = _activation(run)
    x = activation.label if layer else "x"
    _draw_table(
        table.rename(columns={"input": "unit"}) if layer else table, "inputs", OF_A_SUM | {"x": x}
    )
    bias, total = float(epoch.before[2 * layer + 1][unit]), float(its.sums[row, unit])
    made, back, back_to_sum = (
        number(float(each[row, unit]))
        for each in (its.outputs, its.output_gradients, its.gradients)
    )
    does = f"{activation.label[0].upper()}{activation.label[1:]} {activation.words}"
    whence = (
        "that of the output's sum, times the output weight"
        if layer == len(epoch.layers) - 2 and not run.settings.task.has_output_per_class
        else "that of each sum in the next layer, times the weight in between, all added up"
    )
    st.markdown(
        f"The products add up to {number(total - bias)}; with the unit's bias, {number(bias)}, "
        f"that is its sum, {number(total)}. {does}: {made}.\n\n**Back.** The gradient to this "
        f"{activation.label} is {back}: {whence}. Times {_slope(run)}, that is {back_to_sum}, the "
        f"gradient to the unit's sum. Each {x} times that is what this row sends back to the "
        "weight; to the bias it sends that gradient itself."
    )


def _activation(run: Run) -> Activation:
    return ACTIVATIONS[run.settings.activation]


def _slope(run: Run) -> str:
    """Name the slope of the activation, and how it is written."""
    activation = _activation(run)
    written = activation.derivative.format(output=activation.label, sum="sum")
    return f"the slope of {activation.label}{f' ({written})' if written else ''}"


def _target(run: Run, epoch: Epoch, row: int) -> str:
    """Return a class as it is, 0 or 1, and another target with its digits."""
    target = float(run.targets[epoch.rows[row], 0])
    return f"{target:.0f}" if target.is_integer() else number(target)


def _behind_a_sign(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def number(value: float) -> str:
    """Return a number to go on with: four digits behind the point, or the first three."""
    is_small = value != 0 and abs(value) < SMALL
    return f"{value:.2e}" if is_small else f"{value + 0.0:.4f}"  # + 0.0 makes -0.0 a plain zero


def _format(column: pd.Series[float]) -> str:
    if column.dtype.kind == "i":
        return "%d"
    return "%.2e" if 0 < column.abs().max() < SMALL else "%.4f"


def _draw_table(table: pd.DataFrame, key: str, headings: dict[str, str]) -> None:
    # Narrow headings and four digits: as much as fits, on a phone too.
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
