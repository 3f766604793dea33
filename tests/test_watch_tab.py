"""The first view: each figure, note and table row, checked with the article's loop."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from tests.node import Module
from tests.oracle import article_loop, blobs_loop
from tests.page_in_app_test import components, opened, plain_text
from tests.test_app import words_of
from tests.visitor import facts_of
from tinynet import Settings, train
from tinynet.training.devices import processor

TARGETS = (1, 0, 0, 1, 1, 1, 0, 0, 1, 1)
KNOBS: dict[str, Any] = {"hidden_units": [9], "learning_rate": 0.5, "epochs": 20, "seed": 3}
LABELS = ("Loss", "Correct", "Parameters", "Training time")


@pytest.fixture(scope="module")
def page() -> AppTest:
    return opened(hidden="9", lr="0.5", epochs="20", seed="3")


@pytest.fixture(scope="module")
def article() -> Any:
    return article_loop([9], 0.5, 20, 3)


def figures(module: Module, page: AppTest, state: int = -1) -> dict[str, SimpleNamespace]:
    """Return the figures that the browser shows in a state, by default the last."""
    message = base64.b64encode(components(page)["tinynet_player"]).decode()
    said = module.evaluate(
        """([bytes, state]) => {
          const data = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
          const film = pure.decode(data);
          const losses = data.epochs.map((_, state) => film.loss(state)[0]);
          return pure.figuresAt(state < 0 ? data.epochs.length + state : state, data, losses);
        }""",
        [message, state],
    )
    return {each["label"]: SimpleNamespace(**each) for each in said}


def test_of_three_classes_all_numbers_are_those_of_the_plain_loop(module: Module) -> None:
    run = blobs_loop([9], 0.5, 20, 3, rows=50)
    targets, said = run["targets"], run["answers"]
    pairs = list(zip(targets, said, strict=True))
    page = opened(data="blobs", rows="50", hidden="9", lr="0.5", epochs="20", seed="3")
    shown = figures(module, page)

    assert not page.exception
    assert shown["Loss"].value == f"{run['final_loss']:.4f}"
    assert shown["Parameters"].value == str(3 * 9 + 10 * 3)
    assert shown["Parameters"].note == "2-9-3"
    assert shown["Correct"].value == f"{sum(one == other for one, other in pairs)} of 50"
    assert shown["Correct"].note == "always class 0: 17"
    table = page.dataframe[0].value
    assert table["target"].tolist() == targets
    assert table["prediction"].tolist() == said
    likely = [max(each) for each in run["probabilities"]]
    assert table["probability"].tolist() == pytest.approx(likely, abs=1e-6)
    assert table["correct"].tolist() == ["✓" if one == other else "✖" for one, other in pairs]
    bodies = [each.proto.body for each in page.get("html")]
    counts = next(each for each in bodies if each.startswith('<table class="confusion">'))
    cells = re.findall(r"<td( class=correct)?>(\d+)</td>", counts)
    expected = [(target, says) for target in range(3) for says in range(3)]
    assert [int(count) for _, count in cells] == [pairs.count(each) for each in expected]
    assert [bool(right) for right, _ in cells] == [one == other for one, other in expected]


def test_there_are_four_figures(module: Module, page: AppTest) -> None:
    assert tuple(figures(module, page)) == LABELS


@pytest.mark.parametrize(
    ("query", "settings", "judgement"),
    [
        ({"lr": "0.5"}, ([5], 0.5, 50, 0), "better"),
        ({"lr": "10", "epochs": "3", "seed": "8"}, ([5], 10.0, 3, 8), "worse"),
        ({"lr": "0.0001", "epochs": "1"}, ([5], 0.0001, 1, 0), ""),
    ],
)
def test_the_change_since_epoch_0_has_its_sign_and_less_is_good(
    module: Module, query: dict[str, str], settings: Any, judgement: str
) -> None:
    run = article_loop(*settings)
    change = run["final_loss"] - run["losses"][0]
    shown = figures(module, opened(**query))["Loss"]

    assert {"better": change < -5e-5, "worse": change > 5e-5, "": abs(change) < 5e-5}[judgement]
    assert shown.value == f"{run['final_loss']:.4f}"
    assert shown.note == f"{change:+.4f} since epoch 0"
    assert shown.judgement == judgement


def test_right_answers_are_counted_beside_those_of_always_guessing_1(
    module: Module, page: AppTest, article: Any
) -> None:
    right = sum(
        (prediction > 0.5) == (target == 1)
        for (prediction,), target in zip(article["predictions"], TARGETS, strict=True)
    )
    shown = figures(module, page)["Correct"]

    assert shown.value == f"{right} of 10"
    assert shown.note == f"always class 1: {sum(TARGETS)}"


def test_parameters_are_those_of_such_a_network(module: Module, page: AppTest) -> None:
    shown = figures(module, page)["Parameters"]
    widths = [int(each) for each in shown.note.split("-")]
    linears = [torch.nn.Linear(*each) for each in pairwise(widths)]

    assert widths == [10, 9, 1]
    assert shown.value == str(sum(each.numel() for one in linears for each in one.parameters()))


def test_the_training_time_is_that_of_the_run_with_where_it_ran(module: Module) -> None:
    page, run = opened(hidden="9"), train(Settings((9,)))
    shown = figures(module, page)["Training time"]
    milliseconds = int(shown.value.removesuffix(" ms"))

    assert run.seconds / 50 < milliseconds / 1000 < 50 * run.seconds  # roughly, for such a run
    assert shown.note == "on cpu"
    assert shown.meaning.endswith(
        f"in one thread, with PyTorch {torch.__version__} on {processor()}. "
        "Each run is trained once and then kept for everyone."
    )


def test_what_the_figures_mean_is_said(module: Module, page: AppTest) -> None:
    said = figures(module, page)

    assert said["Loss"].meaning == "The mean squared error in the current state."
    assert said["Correct"].meaning.startswith("A prediction above 0.5 means class 1.")
    assert said["Parameters"].meaning.startswith("The weights and biases that training adjusts")


def test_the_table_shows_row_target_prediction_error_and_whether_it_is_right(
    page: AppTest, article: Any
) -> None:
    table = page.dataframe[0].value
    predictions = [each for (each,) in article["predictions"]]
    pairs = list(zip(predictions, TARGETS, strict=True))

    assert table["row"].tolist() == list(range(10))
    assert table["target"].tolist() == list(TARGETS)
    assert table["prediction"].tolist() == predictions
    assert table["squared error"].tolist() == pytest.approx([(p - t) ** 2 for p, t in pairs])
    assert table["correct"].tolist() == ["✓" if (p > 0.5) == (t == 1) else "✖" for p, t in pairs]


@pytest.mark.parametrize("state", [0, 7, 19])
def test_table_and_counts_are_those_of_the_state_that_is_shown(state: int) -> None:
    page = opened(hidden="9", lr="0.5", epochs="20", seed="3", epoch=str(state))
    epoch = article_loop(**{**KNOBS, "epochs": state + 1})["last epoch"]
    predictions = [each for (each,) in epoch["y_pred"]]
    if state == 19:  # in the last epoch, the page shows the state after it
        predictions = [each for (each,) in article_loop(**KNOBS)["predictions"]]
    counts = [
        sum((p > 0.5) == says and y == target for p, y in zip(predictions, TARGETS, strict=True))
        for target in (0, 1)
        for says in (0, 1)
    ]

    assert page.dataframe[0].value["prediction"].tolist() == predictions
    assert f"{20 if state == 19 else state} of 20 epochs done." in [
        each.value for each in page.caption
    ]
    assert [int(each) for each in re.findall(r"<td[^>]*>(\d+)</td>", html_of(page))] == counts


def html_of(page: AppTest) -> str:
    """Return the confusion matrix."""
    texts = [str(getattr(each, "value", "")) for each in page.get("html")]
    [found] = [each for each in texts if '<table class="confusion"' in each]
    return found


def test_its_columns_are_named_and_a_bar_is_full_at_1(page: AppTest) -> None:
    columns = json.loads(page.dataframe[0].proto.columns)
    bar = columns["prediction"]["type_config"]

    labels = {name: each["label"] for name, each in columns.items() if each.get("label")}
    assert labels == {
        "row": "Row",
        "target": "Target",
        "prediction": "Prediction",
        "squared error": "Sq. error",
        "correct": "Correct",
    }
    assert set(labels) == set(page.dataframe[0].value)
    assert (bar["min_value"], bar["max_value"], bar["format"]) == (0, 1, "%.4f")


@pytest.mark.parametrize("forget", ["false", "true"])
def test_the_loop_that_is_shown_prints_what_stands_beside_it(forget: str) -> None:
    page = opened(lr="0.5", epochs="20", forget=forget)
    torch.manual_seed(0)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    x, model = torch.randn(10, 10), torch.nn.Sequential(*layers())
    given = {
        "x": x,
        "y": torch.tensor(TARGETS, dtype=torch.float32).reshape(10, 1),
        "model": model,
        "criterion": torch.nn.MSELoss(),
        "optimizer": torch.optim.SGD(model.parameters(), lr=0.5),
    }

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(plain_text(page, "for epoch"), given)  # noqa: S102 - it is what the page shows
    torch.set_num_threads(threads)

    assert printed.getvalue().strip() == plain_text(page, "epoch:").strip()
    assert len(printed.getvalue().splitlines()) == 20


def layers() -> list[torch.nn.Module]:
    return [torch.nn.Linear(10, 5), torch.nn.ReLU(), torch.nn.Linear(5, 1), torch.nn.Sigmoid()]


def test_what_this_is_names_the_articles_numbers(module: Module) -> None:
    page = opened()
    about = re.sub(r"\s+", " ", words_of(page))

    assert (
        "ten inputs, five hidden units with ReLU, one sigmoid output, mean squared error, plain "
        "gradient descent, fifty epochs on a batch of ten random rows."
    ) in about
    assert "the article sets no seed, and the page starts with 0." in about
    assert plain_text(page, "epoch:").splitlines()[-1].startswith("epoch:  49 ")  # fifty
    assert figures(module, page)["Parameters"].note == "10-5-1"
    assert any("last dot is the loss after the final update" in each.value for each in page.caption)


def test_what_is_no_number_or_beyond_all_measure_fits_its_place(module: Module) -> None:
    plane = {"data": "plane", "activation": "tanh", "hidden": "8"}
    for rate, epochs in ((10, 60), (1, 9)):
        page = opened(**plane, lr=str(rate), epochs=str(epochs))
        run = train(Settings((8,), rate, epochs, data="plane", activation="tanh"))

        assert run.r_squared is not None
        assert run.r_squared < -10_000
        said = figures(module, page)
        assert said["R²"].value == f"{run.r_squared:.1e}"
        assert (said["Loss"].note == "no number") == run.diverged


def test_what_it_says_of_counting_is_how_the_page_counts(module: Module) -> None:
    page = opened(tab="Look inside", data="moons", hidden="3-2", batch="20", epoch="0")
    opened_up = facts_of(components(page)["tinynet_lines"])
    shape = {"widths": [2, 3, 2, 3], "names": []}
    names = [
        module.evaluate("([column, shape]) => pure.nameOf(column, 0, shape)", [column, shape])
        for column in (0, 1, 2, 3)
    ]

    assert (opened_up["epoch"], opened_up["batch"], opened_up["update"]) == (0, 0, 0)
    assert "Hidden units, layer 1" in [each.label for each in page.slider]
    assert names == ["input 0", "hidden layer 1, unit 0", "hidden layer 2, unit 0", "output 0"]
    about = " ".join(words_of(opened()).split())
    assert (
        "As in Python, counting starts at 0: epochs, rows, inputs, units, outputs and classes. "
        "Layers and batches, which have no number in Python, count from 1."
    ) in about
