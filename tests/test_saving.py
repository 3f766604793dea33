"""Saved networks: they answer as before, load in PyTorch, and a forged file gets a sentence."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.numpy import load as read_tensors
from safetensors.numpy import save as to_bytes

from tests.frames import MIXED, mixed
from tinynet import DataError, Settings, load, save, train
from tinynet.export import saving
from tinynet.user_data import Painting

NEW = pd.DataFrame(
    {"on": [True, False], "colour": ["red", "blue"], "size": [4.0, -2.5], "price": [1, 99]}
)
DOTS = Painting(((0, 0, 0), (90, 9, 1), (9, 90, 2), (200, 9, 0)))


@pytest.mark.parametrize("data", [mixed(), mixed("on"), mixed("colour", inputs=["size"])], ids=repr)
def test_a_saved_network_of_a_file_answers_as_before(data: Any, tmp_path: Path) -> None:
    run = train(Settings((4, 3), 0.1, 9, data=data, test_share=0.3))
    save(run, tmp_path / "net.safetensors")

    network = load(tmp_path / "net.safetensors")

    pd.testing.assert_frame_equal(network.predict(NEW), run.predict(NEW))
    assert network.predictions.tobytes() == run.predictions.tobytes()
    kept = {knob: getattr(network.settings, knob) for knob in ("hidden_units", "epochs", "loss")}
    assert kept == {knob: getattr(run.settings, knob) for knob in kept}
    with pytest.raises(DataError, match=r"The rows of mixed\.csv are not a part"):
        train(network.settings)


@pytest.mark.parametrize(
    "settings",
    [
        Settings((9, 4), 0.05, 6, seed=6, weight_seed=3),
        Settings((), 0.1, 2, data="moons", features=("x2", "x1*x2"), optimizer="adamw"),
        Settings(data=DOTS, epochs=2),
    ],
    ids=repr,
)
def test_other_data_come_back_whole(settings: Settings, tmp_path: Path) -> None:
    run = train(settings)
    save(run, tmp_path / "net")

    network = load(tmp_path / "net")

    assert network.settings == settings
    points = run.points if len(run.points) else run.inputs
    pd.testing.assert_frame_equal(network.predict(points), run.predict(points))


def test_the_weights_load_in_a_plain_model_of_pytorch(tmp_path: Path) -> None:
    run = train(Settings((4,), 0.1, 20))
    save(run, tmp_path / "net")

    tensors = read_tensors((tmp_path / "net").read_bytes())
    model = torch.nn.Sequential(
        torch.nn.Linear(10, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1), torch.nn.Sigmoid()
    )
    predictions = tensors.pop("predictions")
    model.load_state_dict({name: torch.tensor(each) for name, each in tensors.items()})

    with torch.no_grad():
        assert model(torch.tensor(run.inputs)).numpy().tobytes() == predictions.tobytes()


def test_no_row_is_in_the_file() -> None:
    meaning = json.loads(meaning_of(saving.to_network(train(Settings(data=mixed(), epochs=1)))))
    for reference in (meaning["table"].pop("reference"), meaning["settings"].pop("data")):
        assert "mixed.csv.21." in reference  # its hash of the rows may look like anything

    names = [line.split(";")[0] for line in MIXED.splitlines()[1:]]
    assert not [each for each in names if each in json.dumps(meaning)]


class Harmful:
    """An object whose pickle would end the process."""

    def __reduce__(self) -> Any:
        return exit, (1,)


def changed(**changes: Any) -> Callable[[bytes], bytes]:
    """Return a function that replaces parts of a saved network's JSON."""

    def change(content: bytes) -> bytes:
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        meaning = json.loads(header["__metadata__"]["tinynet"])
        for path, value in changes.items():
            *parents, last = path.split("__")
            place = meaning
            for parent in parents:
                place = place[parent]
            place[last] = value
        return to_bytes(read_tensors(content), {"tinynet": json.dumps(meaning)})

    return change


@pytest.mark.slow
@pytest.mark.parametrize(
    "forge",
    [
        lambda _: b"",
        lambda content: content[:7],
        lambda content: content[:200],
        lambda content: content[:-1],
        lambda content: content + b"0",
        lambda content: b"\xff" * 8 + content[8:],
        lambda _: pickle.dumps(Harmful()),
        lambda content: to_bytes(read_tensors(content)),
        lambda content: to_bytes({}, {"tinynet": "[" * 100_000}),  # noqa: ARG005
        lambda content: to_bytes(  # float64
            {name: each.astype(float) for name, each in read_tensors(content).items()},
            {"tinynet": meaning_of(content)},
        ),
        changed(version=2),
        changed(settings=[]),
        changed(settings__hidden="64-64"),
        changed(settings__hidden="65"),
        changed(settings__hidden=5),
        changed(settings__nonsense="1"),
        changed(table=None),
        changed(table__columns=[["size", []]]),
        changed(table__columns=[["colour", ["red"]], ["size", []]]),
        changed(table__columns=[["size", [[]]]]),
        changed(table__task="eval"),
        changed(table__columns=[["size", [], "day", "eval"]]),
        changed(table__columns=[["size", [], "size", "gap"], ["colour", ["red"]]]),
        changed(table__recipes=[["size", "eval", []]]),
        changed(table__recipes=[["size", "number", [["converters", "x"]]]]),
        changed(table__recipes=[["size", "number", [["gaps", [1]]]]]),
        changed(table__recipes=[["size", "number", [["decimal", None]]]]),
        changed(x_usual=[0.0]),
        changed(table__rows=10**9),
        changed(table__rows=-1),
        changed(table__classes=[{}]),
        changed(x_scale=[[0.0], [0.0]]),
        changed(x_scale=[[float("nan")], [1.0]]),
        changed(x_scale=[[0.0, 0.0], [1.0, 1.0]]),
        changed(x_scale="no"),
        changed(y_scale=7),
    ],
)
def test_any_other_file_gets_a_sentence(forge: Callable[[bytes], bytes], tmp_path: Path) -> None:
    content = saving.to_network(train(Settings(data=mixed(), epochs=1)))
    file = tmp_path / "net.safetensors"
    file.write_bytes(content)
    load(file)
    file.write_bytes(forge(content))

    with pytest.raises(DataError, match=r"^net\.safetensors is not a network that tinynet\.save"):
        load(file)


def meaning_of(content: bytes) -> str:
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return str(header["__metadata__"]["tinynet"])


def test_a_huge_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "MOST_BYTES", 1_000_000)
    (tmp_path / "net").write_bytes(bytes(3_000_000))

    with pytest.raises(DataError, match="net has 3 MB; a network has 1 MB at most"):
        load(tmp_path / "net")


def test_a_loaded_network_is_short_in_print(tmp_path: Path) -> None:
    run = train(Settings(data=mixed(), epochs=1))
    save(run, tmp_path / "net")

    assert "data=AbsentTable(mixed.csv, 19 rows)" in repr(load(tmp_path / "net"))
    assert np.isfinite(load(tmp_path / "net").predictions).all()
