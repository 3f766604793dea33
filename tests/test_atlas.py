"""An atlas: the page's own map, only larger, in tiles; it goes on where it stopped."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image
from plotly.colors import sample_colorscale, unlabel_rgb

from tests.browser import ROOT, free_port
from tinynet import Settings, SettingsError, sweep, train
from tinynet.atlas import Atlas, AtlasPlan, Tile, TileStore, compute_here
from tinynet.atlas.__main__ import main
from tinynet.atlas.arguments import read_job
from tinynet.atlas.atlas import Compute
from tinynet.atlas.picture import cells_of_pixels, pixels
from tinynet.atlas.progress import in_words, progress
from tinynet.atlas.store import KINDS, Arrays
from tinynet.charts import map_chart
from tinynet.links.maps import Axis, read_map

NEAR = 0.001  # of a loss: what no colour shows
PLANE = Settings(data="plane", rows=20, epochs=5, test_share=0.5)
PLAN = AtlasPlan(PLANE, read_map("lr~0.01~10~l2~0~0.5~loss"), 70, 40)
WORDS = "--set data=plane rows=20 epochs=5 test=0.5 --x lr~0.01~10 --y l2~0~0.5 --size 70x40"


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several tiles even of a small map: six of PLAN."""
    monkeypatch.setattr("tinynet.atlas.plan.LARGEST_TILE", 32)


@pytest.fixture
def store(tmp_path: Path) -> TileStore:
    return TileStore(tmp_path)


def stopping_after(most: int) -> Compute:
    """Return a way to compute tiles that someone ends with Ctrl-C."""

    def compute(plan: AtlasPlan, tiles: Iterable[Tile]) -> Iterator[tuple[Tile, Arrays]]:
        yield from compute_here(plan, islice(tiles, most))
        raise KeyboardInterrupt

    return compute


def finished(plan: AtlasPlan, store: TileStore) -> tuple[Atlas, list[Tile]]:
    """Compute what is missing; and say what it was."""
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
    """Change one bit in the middle, as a bad disk does."""
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
    assert str(atlas.to_sweep().final_losses.tolist()) == str(expected)  # NaN is not itself


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


def test_the_command_writes_a_picture_and_its_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "new" / "plane.png"
    code = main([*WORDS.split(), "--out", str(picture)])

    assert code == 0
    assert "6 of 6 tiles" in capsys.readouterr().out
    with Image.open(picture) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (70, 40))
        assert "data='plane'" in image.info["Description"]
    with np.load(picture.with_suffix(".npz"), allow_pickle=False) as numbers:
        assert numbers["final_losses"].shape == (40, 70)
        assert numbers["x"].tolist() == list(PLAN.x)
        assert numbers["y_name"] == "l2"
        assert numbers["settings"] == repr(PLANE)
        linked = read_job(["--link", f"https://host/{numbers['address']}", "--size", "70x40"])
    assert linked.plan == PLAN


def test_ctrl_c_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*WORDS.split(), "--out", str(tmp_path / "map.png")]
    with monkeypatch.context() as patched:
        patched.setattr("tinynet.atlas.__main__.compute_here", stopping_after(2))
        assert main(words) == 130
    stopped = capsys.readouterr().out
    assert main(words) == 0

    assert "the same command continues from there" in stopped
    assert "2 of 6 tiles" in capsys.readouterr().out.splitlines()[0]


def test_words_of_the_command_go_over_those_of_the_link() -> None:
    link = "https://host/?v=1&tab=Code&data=moons&lr=0.5&utm_source=x&map=l2~0~1~hidden~2~9~right"
    job = read_job(["--link", link, "--set", "lr=0.1", "epochs=7", "--x", "noise~0~1"])

    assert job.plan.settings == Settings(data="moons", learning_rate=0.1, epochs=7)
    assert job.plan.view == read_map("noise~0~1~hidden~2~9~right")
    assert (job.plan.width, job.plan.height) == (1024, 1024)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--size 1", "must have 2 to 8,192 cells, not 1"),
        ("--size 99999", "not 99,999"),
        ("--size big", "--size must be 4096 or 4096x2048, not 'big'"),
        ("--set lr=99", "learning_rate must be a number from 0.0001 to 10, not 99"),
        ("--set lr", "--set must hold NAME=VALUE, not 'lr'"),
        ("--set colour=1", "There is no setting 'colour'"),
        ("--set data=plane loss=bce", "loss must be mse"),
        ("--x lr~1", "An axis must be NAME~LOW~HIGH"),
        ("--x lr~0.1~1 --y lr~0.1~1", "must name two different knobs"),
        ("--x noise~0~1", "noise has no effect with these settings"),
        ("--measure test", "These settings have no final test loss"),
        ("--measure beauty", "invalid choice: 'beauty'"),
        ("--link nonsense", "--link must be an address of the page"),
        ("--link http://[", "--link must be an address of the page"),
        ("--out map.jpg", "--out must name a picture that ends in .png"),
        ("--device abacus", "device must be cpu, cuda, mps or xpu"),
        ("--colour", "unrecognized arguments: --colour"),
    ],
)
def test_words_that_make_no_sense_are_answered_with_a_sentence(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(words.split())
    told = capsys.readouterr().err

    assert end.value.code == 2
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_process_of_its_own_says_it_too() -> None:
    command = [sys.executable, "-m", "tinynet.atlas", "--size", "1"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert answer.stderr.startswith("Each side of the map must have")


def test_a_plan_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(SettingsError, match="no correct rows"):
        replace(PLAN, view=replace(PLAN.view, measure="right"))


def test_tiles_are_smaller_where_a_training_takes_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinynet.atlas.plan.LARGEST_TILE", 256)
    view = PLAN.view

    def side(settings: Settings) -> int:
        return AtlasPlan(settings, view, 4_096, 4_096).side

    assert side(Settings()) == 256
    assert 32 <= side(Settings(data="moons", epochs=500)) < 256
    assert side(Settings((64,) * 6, data="moons", epochs=10_000)) == 32


def test_progress_tells_what_is_left() -> None:
    assert progress(0, 4, 0, 0) == f"[{'.' * 30}] 0 of 4 tiles"
    assert progress(2, 4, 60, 1) == f"[{'#' * 15}{'.' * 15}] 2 of 4 tiles, 2 min to go"
    assert progress(4, 4, 60, 4) == f"[{'#' * 30}] 4 of 4 tiles"
    assert [in_words(each) for each in (5, 600, 9_000)] == ["5 s", "10 min", "2.5 h"]


def test_without_ray_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    code = main([*WORDS.split(), "--ray", "local", "--out", str(tmp_path / "map.png")])

    assert code == 2
    assert capsys.readouterr().err == "Ray is not installed: pip install -r requirements-ray.txt\n"


def test_a_device_that_is_not_here_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*WORDS.split(), "--device", "cuda:9", "--out", str(tmp_path / "map.png")]

    assert main(words) == 2
    assert capsys.readouterr().err.startswith("There is no cuda:9 here")


def test_a_cluster_that_does_not_answer_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", ModuleType("ray"))
    address = f"127.0.0.1:{free_port()}"

    assert main([*WORDS.split(), "--ray", address, "--out", str(tmp_path / "map.png")]) == 2
    assert capsys.readouterr().err.startswith(f"No cluster at {address}: ")


@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_cluster_computes_the_same_tiles(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is an optional dependency: requirements-ray.txt")
    here, there = tmp_path / "here.png", tmp_path / "there.png"

    assert main([*WORDS.split(), "--out", str(here)]) == 0
    assert main([*WORDS.split(), "--out", str(there), "--ray", "local"]) == 0
    assert here.read_bytes() == there.read_bytes()
    assert here.with_suffix(".npz").read_bytes() == there.with_suffix(".npz").read_bytes()
