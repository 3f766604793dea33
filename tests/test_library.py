"""The library: a wrong call gets a sentence that leads to the right one."""

from __future__ import annotations

import copy
import pickle
import pydoc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import tinynet
from tests.exports import OTHERS
from tests.frames import mixed
from tinynet import Settings, table, to_notebook, to_script, train

FRAME = pd.DataFrame({"sepal length": [1.5, 2.5, 3.5, 4.5], "species": ["a", "b", "a", "b"]})
library: Any = tinynet  # without types, as wrong calls are made
WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "a table": (lambda: library.train(mixed()), r"not a Table: write Settings\(data=…\) around it"),
    "a file": (
        lambda: library.train("x.csv"),
        r"'x.csv': .*write Settings\(data=table\(file, target=…\)",
    ),
    "a class": (
        lambda: library.train(Settings),
        r"their class: write Settings\(\), with parentheses",
    ),
    "a dict": (
        lambda: library.to_script({"epochs": 5}),
        r"a dict: write Settings\(\*\*…\) around it",
    ),
    "a frame": (lambda: library.sweep(FRAME, {}), r"write Settings\(data=table\(frame, target=…\)"),
    "a number": (lambda: library.to_notebook(3), "Settings are needed, not a value of type int"),
    "an array": (
        lambda: library.table(np.zeros((4, 2)), target="y"),
        r"pandas.DataFrame\(rows, columns",
    ),
    "a file as data": (
        lambda: library.Settings(data="my.csv"),
        r"'my.csv'; .*data=table\(…, target=…\)",
    ),
    "a frame as data": (
        lambda: library.Settings(data=FRAME),
        r"DataFrame; .*data=table\(…, target=…\)",
    ),
    "a column": (
        lambda: library.table(FRAME, target="Species"),
        "it has “sepal length” and “species”",
    ),
    "an alias": (lambda: library.Settings(lr=0.1), r"no 'lr': did you mean learning_rate\?"),
    "a slip": (
        lambda: library.Settings(optimiser="adam"),
        r"no 'optimiser': did you mean optimizer\?",
    ),
    "no knob": (
        lambda: library.Settings(qqq=1),
        "no 'qqq': there are hidden_units, learning_rate, ",
    ),
    "a loss": (
        lambda: library.Settings(loss="mse", data="blobs"),
        "loss must be cross_entropy or balanced_cross_entropy with data",
    ),
}


@pytest.mark.parametrize(("call", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_gets_a_sentence_that_leads_on(call: Callable[[], Any], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words) as error:
        call()
    assert str(error.value)[-1] in ".?"


def test_what_is_meant_is_taken() -> None:
    run = train(Settings(epochs=2))

    assert to_script(run) == to_script(run.settings)
    assert to_notebook(run) == to_notebook(run.settings)
    assert table(FRAME, target="species", inputs="sepal length").inputs == ("sepal length",)
    assert replace(Settings(), data="blobs").loss == "cross_entropy"


def test_tab_and_help_show_what_there_is() -> None:
    shown = pydoc.plain(pydoc.render_doc(tinynet))

    assert {"train", "sweep", "read_script", "to_script", "Painting"} <= {*dir(tinynet)}
    for name in tinynet.__all__:
        assert f"    {name}(" in shown or f"    class {name}(" in shown


def pickled(run: Any) -> Any:
    return pickle.loads(pickle.dumps(run))  # noqa: S301 - made a moment ago


@pytest.mark.parametrize("made", [copy.copy, copy.deepcopy, pickled])
def test_a_copy_of_a_run_is_as_read_only_as_the_run(made: Callable[[Any], Any]) -> None:
    run = train(Settings(**{**OTHERS[2], "epochs": 3, "optimizer": "adam"}))
    other = made(run)

    assert other is not run
    assert other.settings == run.settings
    assert other.losses.tobytes() == run.losses.tobytes()
    arrays = [other.losses, other.inputs, other.test_predictions, other.passes.gradients]
    kept = other.checkpoints
    arrays += [kept.epochs, kept.flat_parameters, *kept.parameters, *kept.memory, kept.generator]
    for array in arrays:
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    longer = replace(run.settings, epochs=6)
    assert train(longer, after=other).losses.tobytes() == train(longer).losses.tobytes()


def test_a_callback_sees_every_epoch_and_can_stop() -> None:
    seen: list[tuple[int, float]] = []

    def stop_at_7(epoch: int, loss: float) -> bool:
        seen.append((epoch, loss))
        return epoch == 7

    whole, stopped = train(Settings()), train(Settings(), callback=stop_at_7)

    assert seen == list(enumerate(whole.losses[:7].tolist(), 1))
    assert stopped.losses.tolist() == whole.losses[:7].tolist()
    assert stopped.predictions.tolist() == train(Settings(epochs=7)).predictions.tolist()
    assert not stopped.finished


def test_a_bar_shows_the_progress(capsys: pytest.CaptureFixture[str]) -> None:
    run = train(Settings(), progress=True)
    shown = capsys.readouterr().err

    assert "50/50" in shown
    assert f"loss={run.losses[-1]:.4g}" in shown
    train(Settings())
    assert capsys.readouterr().err == ""


def test_without_tqdm_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)

    with pytest.raises(ImportError, match="progress=True needs tqdm: pip install tqdm"):
        train(Settings(), progress=True)
