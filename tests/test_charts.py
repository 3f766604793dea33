"""Charts: what is drawn is the run, on an axis that flatters nobody."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from tests.made_up import made_up_run
from tests.node import Module
from tests.oracle import article_loop
from tinynet import Run, Settings, train
from tinynet.charts import Scale, describe_loss_chart, loss_chart
from tinynet.charts.colours import BLUE, GREY, ORANGE
from tinynet.stage.message import PlayerView, packed

BEFORE = [0.24, 0.5, 0.4]


def test_the_line_is_every_loss_of_the_run(article_run: Run) -> None:
    line = loss_chart(article_run).data[0]

    assert list(line.x) == list(range(51))
    assert list(line.y[:50]) == article_run.losses.tolist()
    assert line.y[50] == article_run.final_loss


def test_hovering_shows_all_digits(article_run: Run) -> None:
    line = loss_chart(article_run).data[0]

    assert list(line.customdata) == list(line.y)
    assert line.hovertemplate.startswith("%{customdata}")


def test_the_axis_starts_at_0_and_reaches_at_least_0_3(article_run: Run) -> None:
    low, high = loss_chart(article_run).layout.yaxis.range

    assert low == 0
    assert 0.3 <= high < 0.32


@pytest.mark.parametrize("losses", [[0.6, 0.2, 0.1], [0.2, 0.7, 0.1]])
def test_the_axis_reaches_the_largest_loss(losses: list[float]) -> None:
    assert max(losses) <= loss_chart(made_up_run(losses)).layout.yaxis.range[1] < 0.75


def test_the_axis_reaches_the_largest_loss_of_the_previous_run_too(article_run: Run) -> None:
    figure = loss_chart(article_run, made_up_run(BEFORE))

    assert 0.5 <= figure.layout.yaxis.range[1] < 0.52


def test_the_previous_run_is_a_thinner_line_behind_with_a_name(article_run: Run) -> None:
    figure = loss_chart(article_run, made_up_run(BEFORE))
    previous, line = figure.data[:2]

    assert list(previous.y) == np.array(BEFORE, np.float32).tolist()
    assert previous.line.width < line.line.width
    assert figure.layout.showlegend
    assert not loss_chart(article_run).layout.showlegend


def test_a_labelled_line_marks_the_loss_of_the_mean(article_run: Run) -> None:
    figure = loss_chart(article_run)

    assert figure.layout.shapes[0].y0 == pytest.approx(0.24)
    assert figure.layout.annotations[0].text == "baseline (always the mean): 0.24"


@pytest.mark.parametrize("scale", Scale)
@pytest.mark.parametrize("losses", [[0.24, 0.235], [0.24, 1e-7], [0.24, 0.0], [0.2, float("nan")]])
def test_every_scale_can_be_drawn(scale: Scale, losses: list[float]) -> None:
    low, high = loss_chart(made_up_run(losses), scale=scale).layout.yaxis.range

    assert np.isfinite([low, high]).all()
    assert low < high


def test_zoomed_shows_just_the_losses(article_run: Run) -> None:
    low, high = loss_chart(article_run, scale=Scale.FIT).layout.yaxis.range

    assert 0.23 < low < article_run.final_loss < article_run.losses[0] < high < 0.25


def test_the_words_say_start_lowest_and_end() -> None:
    words = describe_loss_chart(made_up_run([0.24, 0.1, 0.2]))

    assert "over 2 epochs" in words
    assert "starts at 0.2400" in words
    assert "0.1000 (epoch 1)" in words
    assert "ends at 0.2000" in words


def test_a_spike_of_the_previous_run_that_is_out_of_sight_does_not_stretch_the_axis() -> None:
    previous = made_up_run([0.24] * 11 + [0.9] + [0.2])  # in state 11; the axis ends at 10

    assert loss_chart(made_up_run([0.24] * 11), previous).layout.yaxis.range[1] < 0.32
    assert loss_chart(made_up_run([0.24] * 12), previous).layout.yaxis.range[1] > 0.9


def test_the_log_axis_reaches_down_to_both_runs() -> None:
    previous = made_up_run([0.24, 0.004, 0.003])

    bottom, _ = loss_chart(made_up_run([0.24, 0.2, 0.19]), previous, Scale.LOG).layout.yaxis.range
    assert 10**bottom <= 0.003


def test_the_log_axis_has_ticks_around_the_articles_losses(article_run: Run) -> None:
    axis = loss_chart(article_run, scale=Scale.LOG).layout.yaxis

    assert {"0.1", "0.2"} <= set(axis.ticktext)
    assert axis.tickvals[axis.ticktext.index("0.2")] == pytest.approx(0.2)


def test_the_line_before_is_named_by_the_knob_that_was_moved(article_run: Run) -> None:
    before = made_up_run([0.24, 0.2], settings=Settings(learning_rate=0.5))
    long_before = made_up_run([0.24, 0.2], settings=Settings((7,), 0.5))

    assert loss_chart(article_run, before).data[0].name == "before: learning rate 0.5"
    assert loss_chart(article_run, long_before).data[0].name == "previous run"


def test_the_dot_is_the_loss_after_the_last_update(article_run: Run) -> None:
    _, dot = loss_chart(article_run).data

    assert (dot.mode, list(dot.x)) == ("markers", [50])
    assert list(dot.y) == [article_loop([5], 0.01, 50, 0)["final_loss"]]
    assert not dot.cliponaxis  # all of it is seen, at the edge too


@pytest.mark.parametrize("scale", Scale)
def test_the_best_constant_guess_is_level_and_its_name_stands_on_it(scale: Scale) -> None:
    layout = loss_chart(made_up_run([0.24, 0.1]), scale=scale).layout
    (line,), (name,) = layout.shapes, layout.annotations

    assert (line.type, line.xref, line.x0, line.x1) == ("line", "paper", 0, 1)
    assert line.y0 == line.y1 == pytest.approx(0.24)
    height = 10**name.y if scale is Scale.LOG else name.y  # as Plotly has it for annotations
    assert height == pytest.approx(0.24)
    assert (name.xref, name.x, name.xanchor, name.yanchor) == ("paper", 1, "right", "bottom")
    assert not name.showarrow


@pytest.mark.parametrize(("losses", "side"), [([0.3, 0.25], "top"), ([0.3, 0.23], "bottom")])
def test_its_name_stands_where_the_curve_does_not_end(losses: list[float], side: str) -> None:
    (name,) = loss_chart(made_up_run(losses)).layout.annotations

    assert name.yanchor == side


def test_this_run_is_blue_the_one_before_grey_and_what_must_be_beaten_orange() -> None:
    figure = loss_chart(made_up_run([0.24, 0.1]), made_up_run(BEFORE))
    before, line, dot = figure.data

    assert (before.line.color, line.line.color, dot.marker.color) == (GREY, BLUE, BLUE)
    assert figure.layout.shapes[0].line.color == ORANGE
    assert figure.layout.annotations[0].font.color == ORANGE
    assert (line.name, dot.showlegend) == ("this run", False)
    assert list(before.x) == [0, 1, 2]


def test_the_axes_are_named_and_the_epochs_go_from_0_to_the_last(article_run: Run) -> None:
    layout = loss_chart(article_run).layout

    assert layout.xaxis.title.text == "epoch"
    assert layout.yaxis.title.text == "loss (mean squared error)"
    assert layout.xaxis.unifiedhovertitle.text == "epoch %{x}"
    assert tuple(layout.xaxis.range) == (0, 50)
    assert layout.xaxis.dtick == 10
    assert layout.xaxis.tickformat == ",d"  # 1,000
    assert loss_chart(made_up_run([0.2] * 8)).layout.xaxis.dtick == 2  # 7 epochs, whole steps


def test_while_a_run_trains_the_axis_is_as_long_as_all_of_it_will_be() -> None:
    so_far = made_up_run([0.24, 0.2, 0.1], settings=Settings(epochs=40))

    assert tuple(loss_chart(so_far).layout.xaxis.range) == (0, 40)
    assert tuple(loss_chart(made_up_run([0.24, 0.2, 0.1])).layout.xaxis.range) == (0, 2)


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
    assert len(figure.data) == 2  # its line and its last dot
    assert len(loss_chart(run, train(Settings((6,), loss="bce"))).data) == 3


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
        del layout["template"], expected["layout"]["template"]  # an empty one, in two ways
        expected["layout"]["showlegend"] = False  # the page names the lines itself
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
