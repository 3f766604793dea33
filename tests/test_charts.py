"""Charts: they draw the run faithfully, on an honest axis."""

from __future__ import annotations

import numpy as np
import pytest

from tests.loss_charts import BEFORE
from tests.made_up import made_up_run
from tests.oracle import article_loop
from tinynet import Run, Settings, train
from tinynet.charts import Scale, describe_loss_chart, loss_chart
from tinynet.charts.colours import BLUE, GREY, ORANGE


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
    assert figure.layout.annotations[0].yanchor == "bottom"


def test_the_name_of_a_line_at_the_top_stands_below_it() -> None:
    run = train(Settings(data="arms", epochs=5))  # it starts near ln 3, the loss of equal shares
    top = loss_chart(run).layout.yaxis.range[1]

    assert run.baseline_loss > 0.95 * top
    assert loss_chart(run).layout.annotations[0].yanchor == "top"


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
    assert not dot.cliponaxis  # the dot is not clipped at the edge


@pytest.mark.parametrize("scale", Scale)
def test_the_best_constant_guess_is_level_and_its_name_stands_on_it(scale: Scale) -> None:
    layout = loss_chart(made_up_run([0.3, 0.1]), scale=scale).layout
    (line,), (name,) = layout.shapes, layout.annotations

    assert (line.type, line.xref, line.x0, line.x1) == ("line", "paper", 0, 1)
    assert line.y0 == line.y1 == pytest.approx(0.24)
    height = 10**name.y if scale is Scale.LOG else name.y  # as Plotly expects it
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
