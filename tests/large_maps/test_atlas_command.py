"""The command that draws a large map, and the cluster that computes it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from tests.browser import ROOT, free_port
from tests.tiles import PLAN, PLANE, stopping_after
from tinynet import Settings, SettingsError
from tinynet.atlas import AtlasPlan
from tinynet.atlas.__main__ import main
from tinynet.atlas.arguments import read_job
from tinynet.atlas.progress import in_words, progress
from tinynet.links.maps import read_map

WORDS = "--set data=plane rows=20 epochs=5 test=0.5 --x lr~0.01~10 --y l2~0~0.5 --size 70x40"


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


@pytest.mark.slow
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


@pytest.mark.filterwarnings("ignore")  # a warning of Ray's own
def test_a_cluster_computes_the_same_tiles(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is an optional dependency: requirements-ray.txt")
    here, there = tmp_path / "here.png", tmp_path / "there.png"

    assert main([*WORDS.split(), "--out", str(here)]) == 0
    assert main([*WORDS.split(), "--out", str(there), "--ray", "local"]) == 0
    assert here.read_bytes() == there.read_bytes()
    assert here.with_suffix(".npz").read_bytes() == there.with_suffix(".npz").read_bytes()
