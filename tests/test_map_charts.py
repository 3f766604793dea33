"""Charts of many runs: the colours of a map, and the overlaid runs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from tinynet import Settings
from tinynet.charts import (
    describe_map,
    map_chart,
    map_chart_as_json,
    map_frame_as_json,
)
from tinynet.charts.colour_scale import ColourScale
from tinynet.charts.colours import BLUE, DEEP, LIGHT, ORANGE
from tinynet.links.maps import MEASURES, Axis, MapView
from tinynet.sweeping.grid import Sweep

VIEW = MapView(Axis("learning_rate", 0.01, 1), Axis("hidden_units", 2, 4))
RATES, WIDTHS = (0.02, 0.1, 0.5), (2, 3, 4)
LOSSES = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]


def made_up_sweep(losses: Any = LOSSES, **known: Any) -> Sweep:
    final = np.array(losses, np.float32)
    return Sweep(
        **{
            "settings": Settings(),
            "axes": (("hidden_units", WIDTHS), ("learning_rate", RATES)),
            "final_losses": final,
            "final_test_losses": final + 1,
            "diverged": ~np.isfinite(final),
            "seconds": 0.1,
            "accuracies": 1 - final,
            **known,
        }
    )


def test_every_cell_stands_at_its_settings_and_tells_its_loss() -> None:
    cells = map_chart(made_up_sweep(), VIEW, Settings()).data[0]

    assert (tuple(cells.x), tuple(cells.y)) == (RATES, WIDTHS)
    assert cells.customdata.tolist() == np.array(LOSSES, np.float32).tolist()
    assert cells.hovertemplate == (
        "Learning rate %{x}<br>Hidden units %{y}<br>final loss roughly "
        "%{customdata:.2g}<extra></extra>"
    )


def test_the_colours_follow_the_losses_from_the_lowest_to_the_highest() -> None:
    cells = map_chart(made_up_sweep(), VIEW, Settings()).data[0]
    places = cells.z

    assert places[0, 0] == cells.zmin == 0
    assert places[-1, -1] == cells.zmax == 1
    assert (np.diff(places.ravel()) >= 0).all()


def test_losses_over_decades_have_equal_steps_of_colour_for_equal_factors() -> None:
    losses = 10.0 ** np.array([[-6, -5, -4], [-3, -2, -1], [-1, -1, -1]])
    places = map_chart(made_up_sweep(losses), VIEW, Settings()).data[0].z

    assert np.diff(places.ravel()[:6]) == pytest.approx([0.2] * 5, abs=1e-3)


def test_few_losses_beyond_all_others_do_not_hide_the_rest() -> None:
    losses = np.full((30, 30), 0.1)
    losses[:, ::2] = 0.2
    losses[0, 0] = 1e30
    axes = (("hidden_units", tuple(range(1, 31))), ("seed", tuple(range(30))))
    places = map_chart(made_up_sweep(losses, axes=axes), VIEW, Settings()).data[0].z

    assert places[1, 0] == 1
    assert places[1, 1] == 0


def test_losses_that_are_about_to_diverge_do_not_hide_the_others() -> None:
    losses = np.geomspace(0.01, 0.02, 100).reshape(10, 10)
    losses[5:, 5:] = 1e32
    axes = (("hidden_units", tuple(range(1, 11))), ("seed", tuple(range(10))))
    places = map_chart(made_up_sweep(losses, axes=axes), VIEW, Settings()).data[0].z

    assert (places[5:, 5:] == 1).all()
    assert np.diff(places[0]).min() > 0.0001


@pytest.mark.parametrize(
    ("losses", "low", "high", "is_log"),
    [
        ([], 0, 1, False),
        ([np.nan, np.inf], 0, 1, False),
        ([0.0, 0.0], 0, 1, False),
        ([0.25, 0.25], 0.125, 0.25, False),  # all equal: the last colour
        ([0.0] * 99 + [0.5], 5e-7, 0.5, True),  # mostly 0: up to the maximum
        ([0.5, 0.5, 5.0, 5.0], 0.5, 5, False),
        ([0.5, 0.5, 5.5, 5.5], 0.5, 5.5, True),  # over more than a decade, the scale is logarithmic
        ([*range(1, 102)], 1, 99, True),  # the 98th percentile gets the last colour
        ([1.0] * 3 + [1e6] * 2, 1, 1e3, True),  # at most 1,000 times the median
        ([1e-9, *[1.0] * 9], 1e-6, 1, True),  # at least a millionth of the last colour
    ],
)
def test_the_scale_of_losses_reaches_from_the_lowest_as_far_as_most_of_them(
    losses: list[float], low: float, high: float, is_log: bool
) -> None:
    scale = ColourScale.of(np.array(losses, np.float32), MEASURES["loss"])

    assert (scale.low, scale.high) == pytest.approx((low, high))
    assert scale.is_log == is_log


@pytest.mark.parametrize(
    ("low", "high", "is_log", "numbers"),
    [
        (0, 1, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.1, 0.9, False, [0.2, 0.4, 0.6, 0.8]),
        (0.1, 0.36, False, [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]),
        (0, 1.3, False, [0, 0.5, 1]),
        (30, 36, False, [30, 31, 32, 33, 34, 35, 36]),
        (0.01, 0.5, True, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5]),
        (0.003, 30, True, [0.01, 0.1, 1, 10]),
        (0.1, 10, True, [0.1, 1, 10]),
        (1e-45, 1e-43, True, [1e-45, 1e-44, 1e-43]),
        (1e36, 1e38, True, [1e36, 1e37, 1e38]),
    ],
)
def test_the_bar_has_few_numbers_that_one_can_read(
    low: float, high: float, is_log: bool, numbers: list[float]
) -> None:
    found = ColourScale(low, high, is_log).round_numbers()

    assert found == pytest.approx(numbers, rel=1e-9, abs=0)


@pytest.mark.parametrize("colour", ["loss", "right"])
def test_the_best_is_dark_blue_and_the_worst_light(colour: str) -> None:
    stops = ColourScale.of(np.array([0.1, 0.2], np.float32), MEASURES[colour]).stops
    from_best = stops if colour == "loss" else stops[::-1]

    assert [name for _, name in from_best] == [DEEP, BLUE, LIGHT]
    assert (stops[0][0], stops[-1][0]) == (0, 1)


def test_what_diverged_is_no_number_and_has_a_colour_and_a_name_of_its_own() -> None:
    losses = [[0.1, 0.2, np.nan], *LOSSES[1:]]
    figure = map_chart(made_up_sweep(losses), VIEW, Settings())
    cells, diverged, _ = figure.data

    assert np.isnan(cells.z[0, 2])
    assert not cells.hoverongaps
    assert np.argwhere(np.isfinite(diverged.z)).tolist() == [[0, 2]]
    assert {colour for _, colour in diverged.colorscale} == {ORANGE}
    assert diverged.hovertemplate.endswith("diverged<extra></extra>")
    (name,) = figure.layout.annotations
    assert (name.text, name.showarrow) == ("■ diverged", False)
    assert not map_chart(made_up_sweep(), VIEW, Settings()).layout.annotations
    assert not diverged.hoverongaps
    assert diverged.showscale is False  # the colour bar covers only numbers


def test_where_all_diverged_there_is_still_a_map() -> None:
    json.loads(map_chart_as_json(made_up_sweep(np.full((3, 3), np.nan)), VIEW, Settings()))


@pytest.mark.parametrize(
    ("measure", "field", "name", "can_be_logarithmic"),
    [
        ("loss", "final_losses", "final loss", True),
        ("test", "final_test_losses", "final test loss", True),
        ("right", "accuracies", "correct rows", False),
        ("tests", "test_accuracies", "correct test rows", False),
    ],
)
def test_each_colour_tells_its_own_numbers_and_only_losses_can_be_logarithmic(
    measure: str, field: str, name: str, can_be_logarithmic: bool
) -> None:
    values = 10.0 ** -np.arange(9, dtype=np.float32).reshape(3, 3)
    sweep = made_up_sweep(**{field: values})
    cells = map_chart(sweep, replace(VIEW, measure=measure), Settings()).data[0]

    assert np.array_equal(cells.customdata, values)
    assert f">{name} roughly" in cells.hovertemplate
    assert (cells.z[1, 1] > 0.1) == can_be_logarithmic


def test_a_share_of_rows_has_the_whole_scale_and_no_logarithm() -> None:
    view = replace(VIEW, measure="right")
    cells = map_chart(made_up_sweep(), view, Settings()).data[0]

    assert cells.z.ravel().tolist() == pytest.approx([1 - loss for row in LOSSES for loss in row])
    assert cells.colorbar.title.text == "correct rows"


def test_a_cross_stands_at_the_settings_of_the_page() -> None:
    cross = map_chart(made_up_sweep(), VIEW, Settings((3,), 0.05)).data[-1]

    assert (cross.x[0], cross.y[0]) == (0.05, 3)
    assert (cross.type, cross.mode, cross.marker.symbol) == ("scatter", "markers", "cross")
    assert cross.hoverinfo == "skip"


def test_the_numbers_beside_the_bar_stand_where_their_colour_is() -> None:
    bar = map_chart(made_up_sweep(), VIEW, Settings()).data[0].colorbar
    low, high = 0.1, np.quantile(np.array(LOSSES, np.float32), 0.98)

    assert bar.ticktext == ("0.2", "0.4", "0.6", "0.8")
    assert bar.tickvals == pytest.approx(
        [(float(each) - low) / (high - low) for each in bar.ticktext]
    )


def test_a_zoom_stays_while_the_knobs_of_the_axes_do() -> None:
    zoomed = replace(VIEW, x=Axis("learning_rate", 0.1, 1), measure="right")
    changed = MapView(Axis("seed", 1, 3), VIEW.y)
    kept, same, other = (
        map_chart(made_up_sweep(), view, Settings()).layout for view in (VIEW, zoomed, changed)
    )

    assert kept.uirevision == same.uirevision != other.uirevision
    assert (kept.dragmode, kept.hovermode, kept.showlegend) == ("pan", "closest", False)


def test_the_axes_end_where_the_map_does_and_go_no_further_than_their_knobs() -> None:
    layout = map_chart(made_up_sweep(), VIEW, Settings()).layout

    assert layout.xaxis.type == "log"
    assert layout.xaxis.range == pytest.approx((-2, 0))
    assert [layout.xaxis.title.text, layout.yaxis.title.text] == ["learning rate", "hidden units"]
    assert layout.yaxis.type == "linear"
    assert (layout.xaxis.minallowed, layout.xaxis.maxallowed) == pytest.approx((-4, 1))
    assert layout.yaxis.range == (1.5, 4.5)
    assert (layout.yaxis.minallowed, layout.yaxis.maxallowed) == (0.5, 64.5)


def test_the_frame_of_a_map_stands_before_its_cells_and_is_the_same() -> None:
    frame = json.loads(map_frame_as_json(VIEW, "256 networks: 9 %"))
    whole = json.loads(map_chart_as_json(made_up_sweep(), VIEW, Settings()))

    assert frame["data"] == []
    (words,) = go.Figure(frame).layout.annotations
    assert frame["layout"].pop("annotations")
    assert (words.text, words.x, words.y, words.showarrow) == ("256 networks: 9 %", 0.5, 0.5, False)
    assert words.xref == words.yref == "paper"  # in the middle of the picture
    assert frame["layout"] == whole["layout"]


def test_a_map_is_told_in_words() -> None:
    assert describe_map(made_up_sweep(), VIEW) == (
        "Map of the final loss from roughly 0.1 to 0.9, over learning rate from 0.01 to 1 "
        "and hidden units from 2 to 4."
    )
    some = made_up_sweep([[np.nan, 0.2, 0.3], *LOSSES[1:]])
    assert describe_map(some, VIEW).endswith(
        " hidden units from 2 to 4. 11 % of the cells diverged."
    )
    none = describe_map(made_up_sweep(np.full((3, 3), np.nan)), VIEW)
    assert none.startswith("Map of the final loss, over learning rate")
    assert none.endswith(" 100 % of the cells diverged.")
