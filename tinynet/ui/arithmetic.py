"""One row's arithmetic, to follow with a pencil: forward to its error, and back to the weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from tinynet.epoch import Epoch
from tinynet.run import Run
from tinynet.tables import hidden_unit_table, input_table
from tinynet.ui.numbers import number

ROW, UNIT = "row", "unit"
HEADINGS = {
    "output weight": "× out. weight",
    "part": "= part",
    "gradient to the output weight": "grad of out. weight",
    "gradient to the sum": "grad of sum",
    "gradient to the weight": "grad of weight",
    "product": "= product",
    "weight": "× weight",
}


def draw_arithmetic(run: Run, epoch: Epoch) -> None:
    """Let the visitor pick a row, and draw its way through the network and back."""
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
