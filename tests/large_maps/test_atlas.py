"""An atlas: a larger version of the page's map, computed in tiles and resumable."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plotly.colors import sample_colorscale, unlabel_rgb

from tests.tiles import PLAN, PLANE, stopping_after
from tinynet import sweep, train
from tinynet.atlas import Atlas, AtlasPlan, Tile, TileStore
from tinynet.atlas.picture import cells_of_pixels, pixels
from tinynet.atlas.store import KINDS
from tinynet.charts import map_chart
from tinynet.links.maps import Axis, read_map

NEAR = 0.001  # relative difference of losses, too small for a colour to show


@pytest.fixture
def store(tmp_path: Path) -> TileStore:
    return TileStore(tmp_path)


def finished(plan: AtlasPlan, store: TileStore) -> tuple[Atlas, list[Tile]]:
    """Compute the missing tiles; return the atlas and these tiles."""
    atlas = Atlas(plan, store)
    return atlas, list(atlas.work())


def test_the_tiles_make_the_map_of_one_sweep(store: TileStore) -> None:
    atlas, tiles = finished(PLAN, store)
    whole, once = atlas.to_sweep(), sweep(PLANE, {"l2": PLAN.y, "learning_rate": PLAN.x})

    assert len(tiles) == 6
    assert whole.axes == once.axes
    assert whole.diverged.tolist() == once.diverged.tolist()
    assert 0 < whole.diverged.sum() < whole.diverged.size
    assert whole.final_losses == pytest.approx(once.final_losses, rel=NEAR, nan_ok=True)
    assert whole.final_test_losses == pytest.approx(once.final_test_losses, rel=NEAR, nan_ok=True)
    difference = pixels(PLAN, whole).astype(int) - pixels(PLAN, once)
    assert np.abs(difference).max() <= 1


def test_a_cell_is_its_own_training(store: TileStore) -> None:
    whole = finished(PLAN, store)[0].to_sweep()

    for index in [(0, 0), (39, 0), (0, 30), (20, 31), (32, 33)]:
        run = train(replace(PLANE, l2=PLAN.y[index[0]], learning_rate=PLAN.x[index[1]]))
        assert whole.settings_of(index) == run.settings
        assert whole.final_losses[index] == pytest.approx(run.final_loss, rel=NEAR)
        assert whole.final_test_losses[index] == pytest.approx(run.final_test_loss, rel=NEAR)


def test_its_cells_are_those_of_the_page_at_any_size() -> None:
    plan = replace(PLAN, width=256, height=64)

    assert list(plan.x) == plan.view.x.cells(256)
    assert list(plan.y) == plan.view.y.cells(64)
    assert len(set(replace(PLAN, width=4_096).x)) == 4_096


def test_it_goes_on_where_it_stopped(store: TileStore) -> None:
    first = Atlas(PLAN, store)
    with pytest.raises(KeyboardInterrupt):
        list(first.work(stopping_after(4)))
    atlas, others = finished(PLAN, store)

    assert others == list(PLAN.tiles[4:])
    assert len(others) == 2
    assert finished(PLAN, store)[1] == []
    assert not atlas.missing
    with pytest.raises(ValueError, match="2 tiles are still missing"):
        first.to_sweep()


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def turned_over(path: Path) -> None:
    """Flip a bit in the middle of a file, as a bad disk does."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def with_other_arrays(path: Path) -> None:
    arrays: dict[str, Any] = {name: np.zeros((3, 3), kind) for name, kind in KINDS.items()}
    np.savez(path, **arrays)


def pickled(path: Path) -> None:
    arrays: dict[str, Any] = dict.fromkeys(KINDS, np.array([path], dtype=object))
    np.savez(path, **arrays)


def of_another_kind(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoil", [torn, emptied, turned_over, with_other_arrays, pickled, of_another_kind, Path.unlink]
)
def test_a_tile_that_is_not_whole_is_made_again(spoil: object, store: TileStore) -> None:
    expected = finished(PLAN, store)[0].to_sweep().final_losses.tolist()
    tile = PLAN.tiles[3]
    assert callable(spoil)
    spoil(store.path(PLAN, tile))
    atlas, tiles = finished(PLAN, store)

    assert tiles == [tile]
    assert str(atlas.to_sweep().final_losses.tolist()) == str(expected)  # NaN does not equal itself


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAN, settings=replace(PLANE, seed=1)),
        replace(PLAN, view=read_map("lr~0.01~9~l2~0~0.5~loss")),
        replace(PLAN, width=69),
    ],
    ids=["settings", "axes", "size"],
)
def test_another_plan_in_the_same_folder_does_not_mix(other: AtlasPlan, store: TileStore) -> None:
    finished(PLAN, store)

    assert len(finished(other, store)[1]) == len(other.tiles)
    assert finished(PLAN, store)[1] == []


def test_another_colour_computes_nothing_again(store: TileStore) -> None:
    finished(PLAN, store)
    other = replace(PLAN, view=replace(PLAN.view, measure="test"))

    assert finished(other, store)[1] == []


def test_a_file_that_could_not_be_written_leaves_nothing_behind(
    store: TileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        finished(PLAN, store)

    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_the_picture_has_the_colours_of_the_page_from_above(store: TileStore) -> None:
    whole = finished(PLAN, store)[0].to_sweep()
    made = pixels(PLAN, whole)
    cells, diverged = map_chart(whole, PLAN.view, PLANE).data[:2]
    stops = [list(stop) for stop in cells.colorscale]

    assert made.shape == (40, 70, 3)
    for row, column in [(0, 0), (39, 0), (5, 44), (17, 3)]:
        (expected,) = sample_colorscale(stops, [float(cells.z[row, column])])
        assert made[39 - row, column] == pytest.approx(unlabel_rgb(expected), abs=1)
    broken = np.isfinite(diverged.z)[::-1]
    assert broken.any()
    orange = [0xC0, 0x76, 0x2B]
    assert (made[broken] == orange).all()
    assert not (made[~broken] == orange).all(-1).any()


def test_a_whole_number_is_as_wide_as_its_share_of_the_axis() -> None:
    def runs(name: str, low: int, high: int, size: int) -> list[int]:
        axis = Axis(name, low, high)
        values = tuple(axis.cells(size))
        counts = np.bincount(cells_of_pixels(axis, values, size), minlength=len(values))
        return [int(each) for each in counts]

    assert runs("hidden_units", 1, 4, 32) == [8, 8, 8, 8]
    assert runs("seed", 0, 99, 100) == [1] * 100
    widths = runs("epochs", 1, 1_000, 3_000)
    assert sum(widths) == 3_000
    assert widths[1] > 5 * widths[20] > 5 * widths[200]
