"""The table of predictions, at the state on the stage."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from tinynet.analysis.tables import confusion_matrix, prediction_table
from tinynet.registry.data_sets import DataSet
from tinynet.registry.losses import LOSSES
from tinynet.training.film import nearest_state, predictions_at
from tinynet.training.run import Run
from tinynet.ui.runs import train_on
from tinynet.ui.session import current_visit
from tinynet.ui.widgets import draw_heading_row, draw_switch

ROWS = TRAINING_ROWS, TEST_ROWS = "Training", "Test"
FEW_CLASSES = 4  # with more classes, the headings have no room for words
LONGEST_NAME = 16  # characters of a class name
STANDARDISED = " All values are standardised: in standard deviations from the target's mean."
MOST_ROWS = 10  # visible without scrolling
ROW_HEIGHT = 30  # pixels


@st.fragment
def draw_predictions() -> None:
    """Draw the prediction of each row, at the state where the player rests."""
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
    st.caption(f"{nearest_state(run, state):,} of {epochs:,} epochs done.{unit}")
    if run.has_classes:
        _draw_confusion_matrix(table, run.settings.data_set)


def _draw_table(table: pd.DataFrame, run: Run) -> None:
    measure = LOSSES[run.settings.loss].row_label
    columns = {
        "row": st.column_config.NumberColumn("Row", width=40),
        "target": st.column_config.NumberColumn("Target", width=54),
        "prediction": st.column_config.NumberColumn("Prediction", format="%.4f", width=118),
        measure: st.column_config.NumberColumn(_brief(measure), format="%.4f", width=72),
        "correct": st.column_config.TextColumn("Correct", width=62, alignment="center"),
    }
    if run.has_classes:
        table = table.assign(correct=table["correct"].map({True: "✓", False: "✖"}))
        columns |= _COLUMNS_OF_CLASSES[run.settings.task.has_output_per_class]
        if names := run.settings.data_set.class_names:
            named = ("target", "prediction") if run.settings.outputs > 1 else ("target",)
            table = table.assign(**{each: table[each].map(names.__getitem__) for each in named})
            columns |= {
                each: st.column_config.TextColumn(label, width=64)
                for each, label in zip(named, ("Target", "Pred."), strict=False)
            }
    else:
        columns["target"] = st.column_config.NumberColumn("Target", format="%.4f", width=72)
    st.dataframe(
        table,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=(1 + min(len(table), MOST_ROWS)) * ROW_HEIGHT + 7,
        key="predictions",
        alt="The prediction and target of each row, at the state shown.",
        column_config=columns,
    )


_probability = partial(
    st.column_config.ProgressColumn, min_value=0, max_value=1, format="%.4f", color="blue"
)
# A binary prediction is a probability. A multiclass prediction is a class, with its probability.
_COLUMNS_OF_CLASSES = {
    False: {"prediction": _probability("Prediction", width=118)},
    True: {
        "prediction": st.column_config.NumberColumn("Pred.", width=64),
        "probability": _probability("Probability", width=86),
    },
}


def _draw_confusion_matrix(table: pd.DataFrame, data_set: DataSet) -> None:
    """Draw the confusion matrix."""
    counts = confusion_matrix(table, data_set.classes)
    named = data_set.class_names or map(str, range(data_set.classes))
    names = [
        "" if each == str(place) else f" {escape(each[:LONGEST_NAME])}"
        for place, each in enumerate(named)
    ]
    few = data_set.classes <= FEW_CLASSES
    says, of, kind = ("Pred. ", "Target ", "confusion") if few else ("", "", "confusion many")
    rows = "".join(
        f'<tr><th scope="row">{of}{target}{names[target]}</th>'
        + "".join(
            f"<td{' class=correct' if each == target else ''}>{counts.loc[target, each]:,}</td>"
            for each in counts.columns
        )
        + "</tr>"
        for target in counts.index
    )
    head = "".join(f'<th scope="col">{says}{each}</th>' for each in counts.columns)
    st.html(f'<table class="{kind}"><tr><td></td>{head}</tr>{rows}</table>')


def _brief(measure: str) -> str:
    """Return a short heading for a loss."""
    if "cross-entropy" in measure:
        return "Loss"
    return measure.capitalize().replace("Squared", "Sq.").replace("Absolute", "Abs.")
