"""The table of the predictions, at the state that is shown."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from tinynet.analysis.tables import confusion_matrix, prediction_table
from tinynet.registry.data_sets import DataSet
from tinynet.registry.losses import LOSSES
from tinynet.training.film import nearest_state, predictions_at
from tinynet.training.run import Run
from tinynet.ui.runs import train_on
from tinynet.ui.session import current_visit
from tinynet.ui.widgets import draw_heading_row, draw_switch

ROWS = TRAINING_ROWS, TEST_ROWS = "Training", "Test"
FEW_CLASSES, LONGEST_NAME = 4, 16  # which have room for more words; characters of a name
STANDARDISED = " All numbers in standard deviations of the target from its mean."
MOST_ROWS, ROW_HEIGHT = 10, 30  # in sight; pixels


@st.fragment
def draw_predictions() -> None:
    """Draw what the network answers, row by row; it follows the player where that rests."""
    visit = current_visit()
    if run := train_on(visit.settings):
        _draw(run, visit.state)


def _draw(run: Run, state: int | None) -> None:
    with draw_heading_row("Predictions and targets"):
        test = run.has_test and draw_switch("Which rows", ROWS, "rows shown") == TEST_ROWS
    table = prediction_table(run, test=test, y_pred=predictions_at(run, state, test=test))
    _draw_table(table, run)
    epochs = len(run.losses) if run.finished else run.settings.epochs
    unit = STANDARDISED if run.settings.data_set.y_scaled else ""
    st.caption(f"After {nearest_state(run, state):,} of {epochs:,} epochs.{unit}")
    if run.has_classes:
        _draw_confusion_matrix(table, run.settings.data_set)


def _draw_table(table: pd.DataFrame, run: Run) -> None:
    measure = LOSSES[run.settings.loss].row_label
    columns = {
        "row": st.column_config.NumberColumn("Row", width=42),
        "target": st.column_config.NumberColumn("Target", width=54),
        "prediction": st.column_config.NumberColumn("Prediction", format="%.4f", width=118),
        measure: st.column_config.NumberColumn(_brief(measure), format="%.4f", width=72),
        "correct": st.column_config.TextColumn("Correct", width=64, alignment="center"),
    }
    if run.has_classes:
        table = table.assign(correct=table["correct"].map({True: "✓", False: "✖"}))
        columns |= _COLUMNS_OF_CLASSES[run.settings.outputs > 1]
        if names := run.settings.data_set.class_names:
            per_class = run.settings.task.has_output_per_class
            said = ("target", "prediction") if per_class else ("target",)
            table = table.assign(**{each: table[each].map(names.__getitem__) for each in said})
            columns |= {
                each: st.column_config.TextColumn(each.capitalize(), width=64) for each in said
            }
    else:
        columns["target"] = st.column_config.NumberColumn("Target", format="%.4f", width=72)
    st.dataframe(
        table,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=(1 + min(len(table), MOST_ROWS)) * ROW_HEIGHT + 7,
        key="predictions",
        alt="The prediction and target of each row, in the state that is shown.",
        column_config=columns,
    )


def _probability(label: str, width: int) -> ColumnConfig:
    return st.column_config.ProgressColumn(
        label, min_value=0, max_value=1, format="%.4f", color="blue", width=width
    )


# Of two classes the prediction is the probability of one; of several it is a class, and beside it
# stands its own.
_COLUMNS_OF_CLASSES = {
    False: {"prediction": _probability("Prediction", 118)},
    True: {
        "prediction": st.column_config.NumberColumn("Prediction", width=74),
        "probability": _probability("Probability", 100),
    },
}


def _draw_confusion_matrix(table: pd.DataFrame, data_set: DataSet) -> None:
    """Draw how many rows of each class get which answer; the numbers alone are filled in."""
    counts = confusion_matrix(table, data_set.classes)
    names = [f" {escape(each[:LONGEST_NAME])}" for each in data_set.class_names]
    names = names or [""] * data_set.classes
    few = data_set.classes <= FEW_CLASSES
    says, of, kind = ("Says ", "Target ", "confusion") if few else ("", "", "confusion many")
    rows = "".join(
        f'<tr><th scope="row">{of}{target}{names[target]}</th>'
        + "".join(
            f"<td{' class=right' if each == target else ''}>{counts.loc[target, each]:,}</td>"
            for each in counts.columns
        )
        + "</tr>"
        for target in counts.index
    )
    head = "".join(f'<th scope="col">{says}{each}</th>' for each in counts.columns)
    st.html(f'<table class="{kind}"><tr><td></td>{head}</tr>{rows}</table>')


def _brief(measure: str) -> str:
    """Return the name of a column that leaves room for the others."""
    return measure.capitalize().replace("Squared", "Sq.").replace("Absolute", "Abs.")
