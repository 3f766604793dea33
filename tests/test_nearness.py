"""The accuracy of a map is measured on its own cells, and its text states that accuracy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.test_map_charts import VIEW, made_up_sweep
from tinynet import Settings, sweep, train
from tinynet.charts import describe_map, map_chart
from tinynet.links.maps import MEASURES, Axis, MapView
from tinynet.sweeping.checking import Checking
from tinynet.sweeping.grid import Sweep
from tinynet.sweeping.nearness import CELLS, ExactEnds, Nearness, spread

# Trained with many others, its loss at a rate of 3 was wrong by a factor of 200.
FAR_OFF = Settings(
    *((8, 5), 3, 20),
    seed=684,
    data="plane",
    rows=50,
    noise=0.3,
    activation="silu",
    loss="huber",
    optimizer="rmsprop",
    last_layer_rate=0.1,
    l1=0.003,
    batch_size=5,
    initialisation="xavier",
    clip=0.1,
)
SMALL = MapView(Axis("learning_rate", 2, 4), Axis("seed", 680, 688))
LOSS, RIGHT = MEASURES["loss"], MEASURES["right"]


def checked(settings: Settings, view: MapView, seconds: float = 60) -> tuple[Sweep, ExactEnds]:
    axes, base = view.axes(16), view.base(settings)
    checking = Checking(base, axes, seconds)
    while not checking.finished:
        assert checking.result() is None
        checking.advance(0.02)
    ends = checking.result()
    assert ends is not None
    return sweep(base, axes), ends


def ends(*losses: float) -> ExactEnds:
    """Return made-up ends of the first cells of a made-up map, whose shares are 1 - loss."""
    array = np.array(losses, np.float32)
    return ExactEnds(np.arange(len(losses)), array, array + 1, 1 - array, 1 - array)


def nearness(*losses: float, measure: Any = LOSS) -> Nearness:
    """Compare made-up ends with a map whose first losses are 0.1, 0.2 and 0.3."""
    return Nearness.of(made_up_sweep(), ends(*losses), measure)


# The selection of cells


@pytest.mark.parametrize("shape", [(16, 16), (64, 64), (256, 256), (9, 16), (2, 2), (1, 5)])
def test_the_cells_lie_all_over_the_map_and_are_the_same_each_time(shape: tuple[int, int]) -> None:
    cells = spread(*shape)
    rows, columns = np.unravel_index(cells, shape)

    assert cells == spread(*shape)
    assert len(set(cells)) == len(cells) <= 8
    for places, length in ((rows, shape[0]), (columns, shape[1])):
        assert len(set(places.tolist())) == min(length, 8)
    assert sorted(CELLS) == list(range(8))


# The measurement


def test_they_end_as_each_does_alone() -> None:
    settings = Settings((4,), epochs=20, data="moons", rows=40, test_share=0.3)
    swept, exact = checked(settings, SMALL)

    assert len(exact.cells) == 8
    for place, cell in enumerate(exact.cells.tolist()):
        index = np.unravel_index(cell, swept.final_losses.shape)
        alone = train(swept.settings_of(tuple(map(int, index))))
        assert exact.final_losses[place] == np.float32(alone.final_loss)
        assert exact.final_test_losses[place] == np.float32(alone.final_test_loss or np.nan)
        assert exact.accuracies[place] == np.float32(alone.accuracy or 0)
        assert exact.test_accuracies[place] == np.float32(alone.test_accuracy or 0)


def test_what_diverges_has_no_numbers() -> None:
    wild = Settings((), 10, 200, data="plane", rows=20)
    view = MapView(Axis("learning_rate", 5, 10), Axis("seed", 0, 3))
    swept, exact = checked(wild, view)

    assert np.isnan(exact.final_losses).all()
    assert swept.diverged.all()
    assert Nearness.of(swept, exact, LOSS).words.endswith("the largest difference is 0 %.")


def test_it_ends_soon_after_its_time_with_what_is_done() -> None:
    long = Settings((64, 64), epochs=10_000, data="moons", rows=1_000)
    checking = Checking(long, SMALL.axes(16), 0.1)
    turns = 0
    while not checking.finished:
        checking.advance(0.02)
        turns += 1
    exact = checking.result()

    assert exact is not None
    assert len(exact.cells) == 0
    assert turns <= 0.1 / 0.02
    found = Nearness.of(made_up_sweep(), replace(exact), LOSS)
    assert found.words == "No cell of this map was trained exactly, because that takes too long."
    assert not found.digits


@pytest.mark.slow
def test_it_says_how_far_off_the_map_of_such_settings_is() -> None:
    swept, exact = checked(FAR_OFF, SMALL)
    near = Nearness.of(swept, exact, LOSS)
    by_hand = []
    for cell in exact.cells.tolist():
        index = tuple(map(int, np.unravel_index(cell, swept.final_losses.shape)))
        pair = float(swept.final_losses[index]), train(swept.settings_of(index)).final_loss
        by_hand.append(max(pair) / min(pair) - 1)

    assert near.largest == pytest.approx(max(by_hand), rel=1e-5)
    assert near.largest > 0.01
    assert "about %{customdata:.2g}" not in str(map_chart(swept, SMALL, FAR_OFF, near).data[0])


# The words


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ([0.1, 0.2], "2 cells trained exactly: the largest difference is 0 %."),
        ([0.1003, 0.2], "2 cells trained exactly: the largest difference is 0.3 %."),
        ([0.1, 0.1], "2 cells trained exactly: the largest difference is a factor of 2."),
        ([24, 0.2, 0.3], "3 cells trained exactly: the largest difference is a factor of 240."),
        (
            [0.0, 0.2],
            "2 cells trained exactly: the largest difference is a factor of more than a million.",
        ),
        (
            [0.1, float("nan")],
            (
                "2 cells trained exactly: 1 ended differently; of the others, the largest "
                "difference is 0 %."
            ),
        ),
        ([float("nan")], "1 cell trained exactly: 1 ended differently."),
    ],
)
def test_the_sentence_says_the_largest_difference(losses: list[float], words: str) -> None:
    assert nearness(*losses).words == words


def test_of_shares_of_rows_it_is_how_far_they_are_apart() -> None:
    near = nearness(0.1, 0.195, measure=RIGHT)

    assert near.words == "2 cells trained exactly: the largest difference is 0.5 % of the rows."

    one_diverged = nearness(0.1, float("nan"), 0.295, measure=RIGHT)
    assert one_diverged.ended_otherwise == 1
    assert one_diverged.largest == pytest.approx(0.005, abs=1e-6)


@pytest.mark.parametrize(
    ("losses", "told"),
    [
        ([0.1, 0.2], "about %{customdata:.2g}"),
        ([0.1005, 0.2], "about %{customdata:.2g}"),
        ([0.102, 0.2], "about %{customdata:.1g}"),
        ([0.12, 0.2], "roughly %{customdata:.2g}<br>(2 cells trained exactly: "),
        ([0.1, float("nan")], "roughly %{customdata:.2g}<br>(2 cells trained exactly: 1 "),
        ([], "roughly %{customdata:.2g}<br>(No cell of this map was trained exactly"),
    ],
)
def test_a_cell_tells_no_more_digits_than_were_found_to_hold(
    losses: list[float], told: str
) -> None:
    near = nearness(*losses)
    cells = map_chart(made_up_sweep(), VIEW, Settings(), near).data[0]

    assert f"final loss {told}" in cells.hovertemplate
    assert ("about" in describe_map(made_up_sweep(), VIEW, near)) == ("about" in told)
    assert near.words in describe_map(made_up_sweep(), VIEW, near)
