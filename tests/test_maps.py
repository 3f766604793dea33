"""Maps: the part of the plane that is shown, its cells, and its word in an address."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.test_address import JUNK
from tinynet import Settings, SettingsError
from tinynet.links.address import View, beside, permalink, read_address
from tinynet.links.maps import (
    MEASURES,
    OPENING,
    ORDERED,
    Axis,
    MapView,
    ordered,
    position,
    read_map,
    whole_axis,
)
from tinynet.settings import KNOBS, LAYERS, LEARNING_RATE

ZOOMED = MapView(Axis("learning_rate", 0.02, 0.03), Axis("seed", 4, 9), "right")


def test_the_map_opens_on_the_learning_rate_and_the_hidden_units_as_far_as_they_go() -> None:
    assert MapView(Axis("learning_rate", 0.0001, 10), Axis("hidden_units", 1, 64)) == OPENING


def test_a_knob_whose_stops_span_two_decades_unevenly_has_a_logarithmic_axis() -> None:
    logarithmic = {name for name in ORDERED if whole_axis(name).is_logarithmic}

    assert set(ORDERED) - logarithmic == {
        *("seed", "weight_seed", "noise", "test_share", "hidden_units"),
    }


@pytest.mark.parametrize("name", ORDERED)
@pytest.mark.parametrize("size", [16, 64, 256])
def test_every_cell_is_a_value_that_its_knob_can_have_in_order_and_each_once(
    name: str, size: int
) -> None:
    axis = whole_axis(name)
    cells = axis.cells(size)

    assert cells == sorted(set(cells))
    assert [ORDERED[name].check(cell) for cell in cells] == cells
    assert len(cells) == size or axis.knob.whole
    assert axis.low <= cells[0] <= cells[-1] <= axis.high


def test_a_knob_that_reaches_over_decades_has_equal_factors_between_its_cells() -> None:
    cells = whole_axis("learning_rate").cells(64)
    factor = (10 / 0.0001) ** (1 / 64)

    for before, after in pairwise(cells):
        assert after / before == pytest.approx(factor, rel=0.02)  # the rates are rounded


def test_an_axis_of_whole_numbers_ends_with_every_one_of_them() -> None:
    assert OPENING.y.cells(16)[:3] == [1, 5, 9]
    assert OPENING.y.cells(64) == OPENING.y.cells(256) == list(range(1, 65))
    assert OPENING.sizes() == [16, 64, 256]
    few = MapView(Axis("seed", 3, 5), Axis("hidden_units", 2, 4))
    assert few.sizes() == [16]
    assert Axis("epochs", 1, 16).cells(16) == list(range(1, 17))
    assert len(Axis("seed", 0, 16).cells(16)) == 16


@pytest.mark.parametrize("name", ["learning_rate", "noise"])
@pytest.mark.parametrize("zoom", [1, 10, 1_000, 10_000])
def test_however_far_one_zooms_in_neighbours_are_told_apart(zoom: int, name: str) -> None:
    axis = Axis(name, 0.5, 0.5 * (1 + 1 / zoom)).within()
    cells = axis.cells(256)

    assert len(set(cells)) == 256
    steps = [after - before for before, after in pairwise(cells)]
    assert min(steps) > 0.8 * max(steps) * (axis.low / axis.high)


def test_a_cell_has_no_more_digits_than_tell_it_from_the_next() -> None:
    assert OPENING.x.cells(16)[:3] == [0.000143, 0.000294, 0.000604]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (Axis("learning_rate", 0, 99), Axis("learning_rate", 0.0001, 10)),
        (Axis("learning_rate", 2, 1), Axis("learning_rate", 1, 2)),
        (Axis("hidden_units", 3.2, 9.8), Axis("hidden_units", 3, 10)),
        (Axis("hidden_units", 70, 99), Axis("hidden_units", 63, 64)),
        (Axis("seed", 5, 5), Axis("seed", 5, 6)),
        (Axis("l1", 0, 1), Axis("l1", 0.0001, 1)),
        (Axis("learning_rate", 5, 5), Axis("learning_rate", 4.99975, 5.00025)),
        (Axis("learning_rate", 1 / 3, 2 / 3), Axis("learning_rate", 0.33333333, 0.66666667)),
    ],
)
def test_what_goes_too_far_is_brought_back(asked: Axis, shown: Axis) -> None:
    assert asked.within() == shown


@pytest.mark.parametrize(("low", "high"), [(9, 9.0009005), (1, 1.00015)])
def test_what_is_hardly_wide_enough_stays_as_it_is(low: float, high: float) -> None:
    axis = Axis("learning_rate", low, high)

    assert axis.within() == axis


@pytest.mark.parametrize("name", ORDERED)
def test_nothing_is_narrower_than_makes_sense_and_what_is_shown_can_be_asked_for_again(
    name: str,
) -> None:
    low, high = whole_axis(name).low, whole_axis(name).high
    for end in (low, high, (low + high) / 2, math.sqrt(max(low, 1e-9) * high)):
        axis = Axis(name, end, end).within()

        assert low <= axis.low < axis.high <= high
        assert len(axis.cells(16)) > 1
        assert axis.within() == axis


@pytest.mark.parametrize("view", [OPENING, ZOOMED])
def test_a_map_is_one_word_of_an_address_and_reads_back(view: MapView) -> None:
    assert read_map(view.text()) == view
    link = permalink("http://host/", Settings(), View(map=view))
    assert read_address(parse_qs(urlsplit(link).query)).view.map == view


def test_the_opening_map_is_not_in_the_address() -> None:
    assert beside(View()) == {}
    assert beside(View(map=ZOOMED)) == {"map": ["lr~0.02~0.03~seed~4~9~right"]}


WRONG = [
    *JUNK,
    "lr~1~2",
    "lr~1~2~hidden~1~2~colour",
    "lr~1~2~lr~1~2~loss",
    "data~1~2~lr~1~2~loss",
    "lr~nan~2~hidden~1~2~loss",
    "lr~1e999~2~hidden~1~2~loss",
    "lr~-1~2~hidden~1~2~loss",
    "lr~1~2~hidden~1~2~loss~more",
    "lr~" + "9" * 5_000 + "~2~hidden~1~2~loss",
    "~~~~~~",
]


@pytest.mark.parametrize("text", WRONG)
def test_a_hostile_map_is_refused_in_a_sentence_and_the_page_opens(text: str) -> None:
    with pytest.raises(SettingsError, match=r"\.$"):
        read_map(text)
    address = read_address({"map": [text]})
    assert address.view.map == OPENING
    assert [each[:30] for each in address.notices] == ["The link has an invalid map. I"]


def test_only_knobs_that_have_a_meaning_can_be_an_axis() -> None:
    assert "noise" not in ordered(Settings())
    assert "noise" in ordered(Settings(data="moons"))
    assert "last_layer_rate" not in ordered(Settings(()))

    noise = MapView(whole_axis("noise"), whole_axis("seed"))
    assert noise.suited_to(Settings(data="moons")) == noise
    assert noise.suited_to(Settings()) == OPENING


def test_a_colour_that_the_data_cannot_have_is_the_loss() -> None:
    assert not MEASURES["right"].fits(Settings(data="plane"))
    assert ZOOMED.measures(Settings(data="moons")) == ["loss", "right"]
    assert ZOOMED.suited_to(Settings(data="plane")).measure == "loss"
    assert ZOOMED.suited_to(Settings()) == ZOOMED
    shares = MapView(ZOOMED.x, whole_axis("test_share"), "tests")
    assert shares.suited_to(Settings(data="moons")) == shares  # some of its cells have test rows
    tested = MapView(ZOOMED.x, ZOOMED.y, "tests")
    assert tested.suited_to(Settings(data="moons", test_share=0.3)) == tested
    assert tested.suited_to(Settings(data="moons")).measure == "loss"
    one = Settings(data="moons", rows=10, test_share=0.1)
    assert (one.test_rows, tested.suited_to(one)) == (1, tested)


def test_the_page_stands_on_a_map_where_its_settings_are() -> None:
    assert position(Settings((7, 7)), LAYERS.name) == position(Settings((7,)), LAYERS.name) == 7
    assert math.isnan(position(Settings((7, 3)), LAYERS.name))  # the layers differ in width
    assert math.isnan(position(Settings(()), LAYERS.name))
    assert position(Settings(learning_rate=0.3), LEARNING_RATE.name) == 0.3


def test_a_picked_place_is_the_nearest_value() -> None:
    assert OPENING.y.nearest(7.4) == 7
    assert OPENING.x.nearest(0.0123) == 0.0123
    with pytest.raises(SettingsError):
        OPENING.x.nearest(11.0)
    with pytest.raises(SettingsError):
        OPENING.y.nearest(0.2)


@pytest.mark.parametrize("name", ORDERED)
def test_what_a_picture_shows_is_what_it_was_drawn_for(name: str) -> None:
    for axis in (whole_axis(name), Axis(name, *whole_axis(name).cells(16)[3:6:2]).within()):
        assert axis.moved_to(*axis.ends) == axis


def test_weights_without_a_seed_of_their_own_stand_nowhere_on_its_axis() -> None:
    assert position(Settings(weight_seed=7), "weight_seed") == 7
    assert math.isnan(position(Settings(), "weight_seed"))
    view = MapView(whole_axis("weight_seed"), whole_axis("learning_rate"))
    assert view.base(Settings(weight_seed=7)) == view.base(Settings())
    assert read_map(view.text()) == view


def test_a_cell_that_is_seen_in_part_is_shown_whole() -> None:
    assert OPENING.y.moved_to(2.4, 9.6) == Axis("hidden_units", 2, 10)
    assert OPENING.y.moved_to(2.5, 9.5) == Axis("hidden_units", 3, 9)


def test_a_picked_place_is_that_of_the_nearest_cell() -> None:
    assert OPENING.y.nearest_cell(7.4, 64) == 7
    assert OPENING.y.nearest_cell(7.4, 16) == 9
    assert OPENING.y.nearest_cell(2.9, 16) == 1
    cells = OPENING.x.cells(16)
    assert OPENING.x.nearest_cell(0, 16) == cells[0]
    for before, after in pairwise(cells):
        assert OPENING.x.nearest_cell(math.sqrt(before * after) * 0.99, 16) == before
        assert OPENING.x.nearest_cell(math.sqrt(before * after) * 1.01, 16) == after


@pytest.mark.parametrize("name", ORDERED)
def test_the_narrowest_picture_is_that_of_the_narrowest_axis(name: str) -> None:
    high = whole_axis(name).high
    low, high = Axis(name, high, high).within().ends
    size = math.log10(high / low) if whole_axis(name).is_logarithmic else high - low

    narrowest = Axis(name, high, high).within().narrowest
    assert size == pytest.approx(narrowest, rel=0.01)


@pytest.mark.parametrize(
    ("view", "settings"),
    [
        (MapView(whole_axis("rows"), whole_axis("seed")), {"rows": 1_000, "batch_size": 500}),
        (MapView(whole_axis("seed"), whole_axis("rows")), {"rows": 1_000, "test_share": 0.002}),
        (MapView(whole_axis("epochs"), whole_axis("rows")), {"schedule": "cosine"}),
        (OPENING, {"hidden_units": (9, 3), "last_layer_rate": 3.0, "activation": "tanh"}),
    ],
)
def test_the_networks_of_a_map_have_the_sidebars_other_settings(
    view: MapView, settings: dict[str, Any]
) -> None:
    page = Settings(**{"data": "moons", **settings})
    base = view.base(page)

    for knob in KNOBS:
        if knob.name not in (view.x.name, view.y.name):
            assert getattr(base, knob.name) == getattr(page, knob.name)


def test_the_networks_of_a_map_are_the_same_wherever_the_page_stands_on_it() -> None:
    assert OPENING.base(Settings((7,), 0.3)) == OPENING.base(Settings((64,), 10.0)) == Settings()
    assert OPENING.base(Settings(device="cuda")) == Settings()
