"""Charts of a landscape: they draw its numbers, on a suitable scale."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from tinynet import Settings, train
from tinynet.analysis.landscape import Directions, Landscape
from tinynet.analysis.survey import landscape
from tinynet.charts import (
    describe_landscape,
    landscape_chart,
    landscape_chart_3d,
    landscape_chart_3d_as_json,
    landscape_chart_as_json,
)
from tinynet.charts.colours import BLUE, GREY, ORANGE

BOTH = [landscape_chart, landscape_chart_3d]


@cache
def land(kind: Directions = "path", *, rate: float = 0.01, epochs: int = 50) -> Landscape:
    return landscape(train(Settings(learning_rate=rate, epochs=epochs)), kind, size=9)


def bold() -> Landscape:
    """Return a landscape whose losses span decades."""
    return land(rate=1.0, epochs=200)


def traces(figure: go.Figure) -> dict[str, Any]:
    return {each.name or "ground": each for each in figure.data}


@pytest.mark.parametrize("chart", BOTH)
def test_the_ground_is_every_loss_at_its_place_with_all_digits(chart: Any) -> None:
    ground = traces(chart(land()))["ground"]

    assert np.array_equal(ground.z, land().losses)
    assert np.array_equal(ground.customdata, land().losses)
    assert ground.customdata.dtype == np.float32
    assert ground.hovertemplate.startswith("loss %{customdata}<br>at %{x")
    assert np.array_equal(ground.x, land().x)
    assert np.array_equal(ground.y, land().y)


@pytest.mark.parametrize("chart", BOTH)
def test_losses_that_span_decades_are_drawn_by_their_logarithm(chart: Any) -> None:
    figure = chart(bold())
    ground = traces(figure)["ground"]

    assert bold().losses.max() > 10 * bold().losses.min()
    assert ground.z == pytest.approx(np.log10(bold().losses.astype(float)))
    ticks = dict(zip(ground.colorbar.ticktext, ground.colorbar.tickvals, strict=True))
    assert ticks["0.01"] == pytest.approx(-2)
    assert not landscape_chart(land()).data[0].colorbar.ticktext


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.2, 5, "0.1 0.2 0.5 1 2 5 10 20 50"),
        (2e-4, 50, "0.0001 0.001 0.01 0.1 1 10 100"),
        (2e-4, 5e8, "0.0001 0.01 1 100 10000 1e+06 1e+08"),
    ],
)
def test_the_more_decades_the_fewer_ticks_of_each(low: float, high: float, ticks: str) -> None:
    losses = np.geomspace(low, high, land().losses.size, dtype=np.float32)
    path = np.full_like(land().ground, low)
    its = replace(land(), losses=losses.reshape(land().losses.shape), ground=path)
    bar = landscape_chart(its).data[0].colorbar

    assert bar.ticktext == tuple(ticks.split())
    assert bar.tickvals == pytest.approx([math.log10(float(each)) for each in ticks.split()])


def test_the_contours_go_evenly_from_the_lowest_loss_to_the_highest() -> None:
    for each in (land(), bold()):
        ground = landscape_chart(each).data[0]
        contours = ground.contours
        drawn = [*ground.z.ravel()]

        assert contours.start == ground.zmin <= min(drawn) + 1e-9
        assert contours.end == ground.zmax >= max(drawn) - 1e-9
        assert contours.size == pytest.approx((contours.end - contours.start) / 20)


@pytest.mark.parametrize("chart", BOTH)
def test_the_path_is_every_kept_state_and_tells_its_own_loss(chart: Any) -> None:
    path = traces(chart(land()))["path"]

    assert np.array_equal(np.column_stack([path.x, path.y]), land().path)
    assert path.customdata[:, 0].tolist() == list(range(51))
    assert path.customdata[:, 1].tolist() == land().path_losses.tolist()
    assert path.hovertemplate.startswith("state %{customdata[0]:,d}<br>loss %{customdata[1]}")
    assert path.mode == "lines+markers"


@pytest.mark.parametrize("chart", BOTH)
@pytest.mark.parametrize(("state", "index"), [(None, 100), (0, 0), (7, 1), (8, 2), (9_999, 100)])
def test_a_mark_is_at_the_state_and_another_at_the_last(
    chart: Any, state: int | None, index: int
) -> None:
    its = land(epochs=400)  # every 2nd state is kept, up to 200 states
    figure = traces(chart(landscape_of_every_fourth(its), state))

    assert [*figure["state"].x, *figure["state"].y] == its.path[2 * index].tolist()
    assert figure["state"].customdata[0][0] == 4 * index
    assert [*figure["last state"].x, *figure["last state"].y] == [0, 0]


def landscape_of_every_fourth(whole: Landscape) -> Landscape:
    """Return a landscape of half the states, so that some states lie between two of its own."""
    names = ("states", "path", "path_losses", "ground")
    return replace(whole, **{name: getattr(whole, name)[::2] for name in names})


def test_in_three_dimensions_the_path_is_a_little_above_the_ground() -> None:
    figure = traces(landscape_chart_3d(bold()))
    ground, path = figure["ground"], figure["path"]
    heights = np.log10(bold().ground.astype(float))

    assert path.z - heights == pytest.approx(0.02 * (ground.cmax - ground.cmin))
    assert figure["state"].z[0] == figure["last state"].z[0] == path.z[-1]
    axis = landscape_chart_3d(bold()).layout.scene.zaxis
    assert axis.ticktext == ground.colorbar.ticktext


@pytest.mark.parametrize("chart", BOTH)
def test_valleys_are_blue_and_the_path_is_orange_on_no_ground_of_its_own(chart: Any) -> None:
    figure = chart(land())
    by_name = traces(figure)

    assert by_name["ground"].colorscale == ((0, BLUE), (1, GREY))
    assert by_name["path"].line.color == by_name["last state"].marker.color == ORANGE
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0, 0, 0, 0)"


def test_the_axes_are_named_and_end_with_the_map() -> None:
    for kind, names in (
        ("path", ["along the path", "second direction"]),
        ("random", ["first random direction", "second random direction"]),
    ):
        its = land(kind)
        layout = landscape_chart(its).layout

        assert [layout.xaxis.title.text, layout.yaxis.title.text] == names
        assert list(layout.xaxis.range) == [its.x[0], its.x[-1]]
        assert list(layout.yaxis.range) == [its.y[0], its.y[-1]]
        scene = landscape_chart_3d(its).layout.scene
        assert [scene.xaxis.title.text, scene.yaxis.title.text] == names
        assert all(axis.nticks <= 4 for axis in (scene.xaxis, scene.yaxis, scene.zaxis))


def test_a_zoom_stays_with_the_landscape_and_goes_with_it() -> None:
    same, other, third = (
        landscape_chart(each, state).layout.uirevision
        for each, state in ((land(), 7), (land("random"), None), (bold(), None))
    )

    assert same == landscape_chart(land()).layout.uirevision
    assert len({same, other, third}) == 3


@pytest.mark.parametrize("losses", ["some", "none", "zeros", "alike"])
@pytest.mark.parametrize("chart", BOTH)
def test_whatever_the_losses_are_it_can_be_drawn(chart: Any, losses: str) -> None:
    made = land().losses.copy()
    made[0, :2] = np.inf, np.nan
    if losses == "none":
        made[:] = np.nan
    if losses in ("zeros", "alike"):
        made[:] = 0 if losses == "zeros" else 0.25
    ground_of_path = np.full_like(land().ground, made[5, 5])
    figure = chart(replace(land(), losses=made, ground=ground_of_path))
    ground = traces(figure)["ground"]

    assert np.isfinite(ground.z).sum() == np.isfinite(made).sum()
    low, high = (
        (ground.zmin, ground.zmax) if chart is landscape_chart else (ground.cmin, ground.cmax)
    )
    assert np.isfinite([low, high]).all()
    assert low < high


def unpacked(figure: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the traces of a figure's JSON with their arrays as lists."""

    def numbers(value: Any) -> Any:
        if not (isinstance(value, dict) and "bdata" in value):
            return value
        array = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        shape = [int(each) for each in value["shape"].split(", ")] if "shape" in value else -1
        return array.reshape(shape).tolist()

    return [{key: numbers(value) for key, value in each.items()} for each in figure["data"]]


@pytest.mark.parametrize(
    ("chart", "as_json"),
    [(landscape_chart, landscape_chart_as_json), (landscape_chart_3d, landscape_chart_3d_as_json)],
)
def test_the_browser_is_sent_what_plotly_itself_would_send(chart: Any, as_json: Any) -> None:
    holes = land().losses.copy()
    holes[0, :2] = np.inf, np.nan
    for each in (land(), bold(), land("random"), replace(land(), losses=holes)):
        sent, plotlys = json.loads(as_json(each, 7)), json.loads(chart(each, 7).to_json())

        for trace, expected in zip(unpacked(sent), unpacked(plotlys), strict=True):
            assert trace.keys() == expected.keys()
            for key, value in expected.items():  # as text, for NaN != NaN
                assert json.dumps(trace[key], sort_keys=True) == json.dumps(value, sort_keys=True)
        del sent["layout"]["template"], plotlys["layout"]["template"]  # no template
        assert sent["layout"] == plotlys["layout"]


def test_a_map_of_the_whole_size_is_sent_in_50_kilobytes() -> None:
    whole = landscape(train(Settings(epochs=200)))

    assert len(landscape_chart_as_json(whole)) < 50_000
    assert len(landscape_chart_3d_as_json(whole)) < 50_000


def test_the_words_say_the_heights_the_path_and_what_the_plane_tells() -> None:
    losses, its = bold().losses, bold()
    words = describe_landscape(its)

    assert words == (
        "Map of the loss over a plane through the weights, along the run's path. "
        f"The loss on it lies between {losses.min():.2g} and {losses.max():.4f}. "
        "From state 0 to state 200 the path leads from a loss of "
        f"{its.path_losses[0]:.4f} to {its.path_losses[-1]:.4f}; "
        f"the plane explains {100 * its.explained_variance:.1f} % of the path's variance."
    )
    assert " weights, in two random directions." in describe_landscape(land("random"))


def test_the_words_say_what_is_no_number_and_what_never_moved() -> None:
    holes = np.full_like(land().losses, np.nan)
    still = replace(land(), moved=False)

    assert ". The loss is not finite anywhere on it. " in describe_landscape(
        replace(land(), losses=holes)
    )
    holes[1, 1] = 0.25
    assert "0.2500. It is empty where the loss is not finite. " in describe_landscape(
        replace(land(), losses=holes)
    )
    assert (
        f" never moved: it stayed at a loss of {land().path_losses[-1]:.4f}."
        in describe_landscape(still)
    )
