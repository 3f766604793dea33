"""The chart of several runs."""

from __future__ import annotations

import json

import plotly.graph_objects as go

from tests.made_up import made_up_run
from tinynet.charts import (
    RUN_LINES,
    Scale,
    describe_runs,
    runs_chart_as_json,
)
from tinynet.charts.colours import OF_RUNS
from tinynet.links.pins import MOST_PINS


def test_every_run_has_its_own_line_by_its_place_even_if_others_are_not_trained_yet() -> None:
    runs = {"one": made_up_run([0.3, 0.2]), "two": None, "three": made_up_run([0.4, 0.3, 0.1])}
    figure = json.loads(runs_chart_as_json(runs, Scale.LINEAR))

    lines = [(line["name"], line["line"]["color"], line["line"]["dash"]) for line in figure["data"]]
    assert lines == [("one", *RUN_LINES[0]), ("three", *RUN_LINES[2])]
    assert figure["layout"]["xaxis"]["range"] == [0, 2]
    low, high = figure["layout"]["yaxis"]["range"]
    assert (low, high > 0.4) == (0, True)


def test_plotly_itself_knows_every_word_of_the_chart_of_runs() -> None:
    runs = {str(place): made_up_run([0.3, 0.2]) for place in range(MOST_PINS)}
    scales = (Scale.LINEAR, Scale.LOG)
    charts = [go.Figure(json.loads(runs_chart_as_json(runs, scale))) for scale in scales]
    layout = charts[0].layout

    assert layout.yaxis.title.text == "loss"
    assert layout.showlegend is False
    assert len({chart.layout.uirevision for chart in charts}) == 2  # each scale has its own zoom


def test_there_is_a_line_for_each_pin_and_no_two_are_alike() -> None:
    assert len(RUN_LINES) == len(set(RUN_LINES)) == len(set(OF_RUNS)) == MOST_PINS


def test_runs_are_told_in_words() -> None:
    runs = {"one": made_up_run([0.3, 0.25]), "two": None, "three": made_up_run([0.4, 0.5])}

    assert describe_runs(runs) == (
        "Line chart of the losses of 2 runs. They end at: one: 0.2500; three: 0.5000."
    )
