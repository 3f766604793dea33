"""The scales of the loss chart, and their names."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from tests.loss_charts import BEFORE
from tests.made_up import made_up_run
from tests.node import Module
from tinynet import Run, Settings, train
from tinynet.charts import Scale, describe_loss_chart, loss_chart
from tinynet.stage.message import PlayerView, packed


def test_a_zoom_belongs_to_its_scale() -> None:
    run = made_up_run([0.24, 0.1])
    revisions = {loss_chart(run, scale=scale).layout.uirevision for scale in Scale}

    assert len(revisions) == 3


@pytest.mark.parametrize(
    ("lowest", "bottom", "ticks"),
    [
        (0.2, -1, ["0.1", "0.2", "0.5", "1", "2", "5"]),
        (0.015, -2, ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5"]),
        (0.002, -3, ["0.001", "0.01", "0.1", "1"]),
    ],
)
def test_the_log_axis_has_whole_decades_with_steps_where_they_are_few(
    lowest: float, bottom: int, ticks: list[str]
) -> None:
    axis = loss_chart(made_up_run([0.24, lowest]), scale=Scale.LOG).layout.yaxis

    assert axis.type == "log"
    assert axis.range[0] == bottom
    assert list(axis.ticktext) == ticks
    assert list(axis.tickvals) == pytest.approx([float(tick) for tick in ticks])
    assert 0.3 < 10 ** axis.range[1] < 0.35


def test_a_loss_of_0_leaves_the_log_axis_its_first_decade() -> None:
    assert loss_chart(made_up_run([0.0, 0.0]), scale=Scale.LOG).layout.yaxis.range[0] == -1


def test_the_scales_are_named() -> None:
    assert [str(scale) for scale in Scale] == ["Linear", "Log", "Fit"]


def test_zoomed_leaves_a_twentieth_above_and_below_of_this_run_alone() -> None:
    figure = loss_chart(made_up_run([0.4, 0.2]), made_up_run(BEFORE), Scale.FIT)

    assert list(figure.layout.yaxis.range) == pytest.approx([0.19, 0.41])


def test_zoomed_holds_the_test_rows_too() -> None:
    run = train(Settings(data="moons", test_share=0.3))
    both = np.concatenate([run.every_loss, run.every_test_loss])
    low, high = loss_chart(run, scale=Scale.FIT).layout.yaxis.range

    assert (low, high) == pytest.approx(
        (both.min() - 0.05 * np.ptp(both), both.max() + 0.05 * np.ptp(both))
    )


def test_what_lies_out_of_sight_is_not_named() -> None:
    near, far = made_up_run([0.05, 0.02]), made_up_run([0.24, 0.2])

    def named(run: Run, before: Run, scale: Scale) -> bool:
        figure = loss_chart(run, before, scale)
        return bool(
            next(each for each in figure.data if each.name.startswith("previous")).showlegend
        )

    assert not named(near, far, Scale.FIT)
    assert named(far, made_up_run([0.21, 0.1]), Scale.FIT)
    gone = [0.21, *[0.01] * 98]
    assert not named(made_up_run([0.22, *[0.2] * 98]), made_up_run(gone), Scale.FIT)
    with_test_rows = train(Settings(data="moons", test_share=0.3))
    assert not named(with_test_rows, made_up_run([0.9, 0.8]), Scale.FIT)
    assert named(near, far, Scale.LINEAR)
    assert named(near, far, Scale.LOG)
    assert "Baseline" not in describe_loss_chart(near, Scale.FIT)
    assert "always answering the mean has a loss of 0.2400" in describe_loss_chart(far, Scale.FIT)
    assert "always answering the mean has a loss of 0.2400" in describe_loss_chart(near, Scale.LOG)


def test_the_words_name_what_must_be_beaten_and_losses_that_are_no_numbers() -> None:
    words = describe_loss_chart(made_up_run([0.24, 0.2, float("nan")]))
    lost = describe_loss_chart(made_up_run([float("nan"), float("nan")]))

    assert words.startswith("Line chart of the loss over 2 epochs. It starts at 0.2400, is lowest ")
    assert words.endswith("ends at nan. Baseline: always answering the mean has a loss of 0.2400.")
    assert "is lowest at nan (epoch 0)" in lost


def test_the_loss_on_test_rows_is_a_dotted_line_of_its_own() -> None:
    run = train(Settings(data="moons", test_share=0.3))
    figure = loss_chart(run)
    [line] = [each for each in figure.data if each.name == "test rows"]

    assert list(line.y[:50]) == run.test_losses.tolist()
    assert line.y[50] == run.final_test_loss
    assert line.line.dash == "dot"
    assert figure.layout.showlegend
    assert describe_loss_chart(run).endswith(f"ends at {run.final_test_loss:.4f}.")


def test_the_axis_names_the_loss_and_another_kind_of_loss_is_not_laid_beside_it() -> None:
    run, other = train(Settings(loss="bce")), train(Settings())
    figure = loss_chart(run, other)

    assert figure.layout.yaxis.title.text == "loss (mean cross-entropy)"
    assert len(figure.data) == 2  # the line and its last dot
    assert len(loss_chart(run, train(Settings((6,), loss="bce"))).data) == 3


@pytest.mark.slow
def test_a_run_whose_first_loss_is_no_number_has_a_chart_on_every_scale() -> None:
    run = train(Settings(data="plane", learning_rate=10, batch_size=1))
    assert not np.isfinite(run.every_loss).any()

    for scale in Scale:
        assert loss_chart(run, None, scale).layout.yaxis.range


def test_one_row_has_no_mean_to_beat() -> None:
    run = train(Settings(data="plane", rows=10, test_share=0.9))

    assert not loss_chart(run, None, Scale.LOG).layout.annotations


@pytest.mark.parametrize("scale", Scale)
def test_the_browser_makes_of_what_it_is_sent_what_plotly_itself_would_send(
    module: Module, article_run: Run, scale: Scale
) -> None:
    run = train(Settings(data="moons", test_share=0.3, epochs=20))
    broken = train(Settings((5,), 10.0, 50, data="hills"))
    for each, previous in ((run, None), (article_run, made_up_run(BEFORE)), (broken, None)):
        sent = base64.b64encode(packed(each, PlayerView(None, previous=previous))).decode()
        made = module.evaluate(FIGURE, [sent, scale])
        expected = json.loads(loss_chart(each, previous, scale).to_json())

        assert len(made["data"]) == len(expected["data"])
        for line, plotlys in zip(made["data"], expected["data"], strict=True):
            assert line.keys() == plotlys.keys() - ({"x"} if line["mode"] == "lines" else set())
            for key, value in line.items():
                its = numbers(plotlys[key])
                if key in ("y", "customdata"):
                    assert np.array_equal(np.float64(value), np.float64(its), equal_nan=True)
                else:
                    assert value == its
        layout = json.loads(made["layout"], parse_int=float)
        del layout["template"], expected["layout"]["template"]  # no template
        expected["layout"]["showlegend"] = False  # our legend names the lines
        # Below the network there is less room.
        expected["layout"]["margin"] = {"l": 46, "r": 12, "t": 10, "b": 42}
        expected["layout"]["xaxis"]["title"] = {}
        expected["layout"]["yaxis"] |= {"title": {}, "nticks": 5}
        assert layout == json.loads(json.dumps(expected["layout"]), parse_int=float)


FIGURE = """([bytes, scale]) => {
  const sent = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
  const { data: lines, layout } = pure.figureOn(scale, sent.chart, sent);
  const plain = (value) => (value instanceof Float32Array ? [...value] : value);
  const each = (line) => Object.entries(line).map(([key, value]) => [key, plain(value)]);
  const data = lines.map((line) => Object.fromEntries(each(line)));
  return { data, layout: JSON.stringify(layout) };
}"""


def numbers(value: Any) -> Any:
    """Return an array of plotly's JSON as a list."""
    if not (isinstance(value, dict) and "bdata" in value):
        return value
    return np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"]).tolist()
