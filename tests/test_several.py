"""Multiclass tasks: PyTorch's CrossEntropyLoss, softmax and argmax are the oracles."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.combinations import different
from tests.oracle import in_a_fresh_process
from tests.several import LEARNED, OTHERS, PLAIN, settings_of
from tinynet import Run, Settings, train
from tinynet.analysis.explain import explain
from tinynet.analysis.tables import (
    class_table,
    output_table,
    prediction_table,
)
from tinynet.charts import describe_loss_chart, loss_chart
from tinynet.stage.lines.message import packed_lines
from tinynet.training.backpropagation import is_written_out
from tinynet.training.film import predictions_at
from tinynet.training.scores import answers, are_correct, probabilities


@pytest.fixture(scope="module")
def plain() -> list[dict[str, Any]]:
    """The results of the plain loop, in a process without tinynet."""
    return in_a_fresh_process(PLAIN, loop="blobs_loop")


@pytest.fixture(scope="module")
def learned() -> Run:
    return train(LEARNED)


def test_a_run_is_the_plain_loops_bit_for_bit(plain: list[dict[str, Any]]) -> None:
    with ThreadPoolExecutor(4) as threads:
        runs = list(threads.map(train, map(settings_of, PLAIN)))
    for run, expected in zip(runs, plain, strict=True):
        assert run.losses.tolist() == expected["losses"]
        assert run.final_loss == expected["final_loss"]
        assert run.inputs.tolist() == expected["inputs"]
        assert run.targets.tolist() == [[each] for each in expected["targets"]]
        assert run.predictions.tolist() == expected["predictions"]
        assert [each[-1].tolist() for each in run.checkpoints.parameters] == expected["parameters"]
        assert {run.targets.dtype, run.predictions.dtype} == {np.dtype(np.float32)}


@pytest.mark.slow
@pytest.mark.parametrize("settings", OTHERS, ids=str)
def test_any_other_run_is_its_scripts_bit_for_bit(settings: Settings) -> None:
    assert is_written_out(settings)
    assert different(settings) == []


def test_its_answers_are_the_largest_outputs_and_its_probabilities_their_softmax(
    plain: list[dict[str, Any]],
) -> None:
    for knobs, expected in zip(PLAIN, plain, strict=True):
        run = train(settings_of(knobs))

        assert run.answers.tolist() == expected["answers"]
        assert run.probabilities == pytest.approx(np.array(expected["probabilities"]), abs=1e-6)
        right = [one == other for one, other in zip(run.answers, expected["targets"], strict=True)]
        assert run.correct.tolist() == right
        assert run.accuracy == sum(right) / len(right)


def test_rows_without_numbers_are_answered_as_pytorch_answers_them() -> None:
    logits = np.array([[np.nan] * 3, [1, np.nan, 3], [2, 2, 1], [-np.inf, 0, 0]], np.float32)
    expected = torch.tensor(logits).argmax(dim=1).tolist()
    settings = Settings(data="blobs")

    assert answers(settings, logits).tolist() == expected
    assert np.isnan(probabilities(settings, logits)[:2]).all()
    assert are_correct(settings, logits, np.array([[0], [1], [0], [2]])).tolist() == [
        *(True, True, True, False)
    ]


def test_large_outputs_have_probabilities_too() -> None:
    logits = np.array([[900.0, -900.0, 890.0], [-3e38, -3e38, -3e38]], np.float32)
    expected = torch.tensor(logits).softmax(1).numpy()

    assert probabilities(Settings(data="blobs"), logits) == pytest.approx(expected, abs=1e-6)


def test_a_regression_has_neither_answers_nor_probabilities() -> None:
    run = train(Settings(data="plane", epochs=2))
    for name in ("answers", "probabilities", "right", "guess"):
        with pytest.raises(ValueError, match="A regression has no right and wrong"):
            getattr(run, name)


def test_of_two_classes_they_are_the_predictions_and_their_side_of_one_half(
    article_run: Run,
) -> None:
    assert article_run.probabilities.tolist() == article_run.predictions.tolist()
    assert article_run.answers.tolist() == (article_run.predictions > 0.5).ravel().tolist()


@pytest.mark.parametrize("share", [0.0, 0.35])
def test_who_has_learned_nothing_guesses_the_most_frequent_class_or_the_shares(
    share: float,
) -> None:
    run = train(Settings(data="arms", epochs=1, test_share=share))
    counts = Counter(run.targets.ravel().astype(int).tolist())
    logits = torch.tensor([[counts[each] / len(run.targets) for each in range(3)]]).log()
    y = torch.tensor(run.targets.ravel(), dtype=torch.int64)
    expected = nn.CrossEntropyLoss()(logits.expand(len(y), 3), y).item()

    assert run.loss_of_the_mean == pytest.approx(expected, rel=1e-6)
    assert counts[run.majority_class] == max(counts.values())
    assert run.correct_by_majority == max(counts.values())
    assert f"baseline (always the share of each class): {expected:.2f}" in str(
        loss_chart(run).layout.annotations
    )
    assert "always answering the share of each class has a loss of" in describe_loss_chart(run)


def test_a_class_without_a_row_stands_in_nobodys_way() -> None:
    run = train(Settings(data="arms", epochs=1))
    of_two = replace(run, targets=np.minimum(run.targets, 1))

    assert of_two.loss_of_the_mean == pytest.approx(
        -sum(share * np.log(share) for share in (67 / 200, 133 / 200))
    )


def test_an_epoch_opened_up_is_what_autograd_makes(plain: list[dict[str, Any]]) -> None:
    for knobs, expected in zip(PLAIN, plain, strict=True):
        run = train(settings_of(knobs))
        opened, last = explain(run, knobs["epochs"] - 1), expected["last epoch"]

        assert opened.y_pred.tolist() == last["y_pred"]
        assert opened.loss == last["loss"]
        assert opened.row_losses.tolist() == last["row losses"]
        assert [each.tolist() for each in opened.before] == last["before"]
        assert [each.tolist() for each in opened.gradients] == last["gradients"]
        assert opened.layers[-1].gradients.tolist() == last["slope"]
        assert [each.tolist() for each in opened.after] == expected["parameters"]


@pytest.mark.parametrize("settings", OTHERS[:3], ids=str)
def test_a_batch_opened_up_leads_to_the_next_state(settings: Settings) -> None:
    run = train(settings)
    last = -(-settings.training_rows // (settings.batch_size or 200)) - 1
    opened = explain(run, settings.epochs - 1, last)

    assert [each.tolist() for each in opened.after] == [
        each[-1].tolist() for each in run.checkpoints.parameters
    ]


def test_every_rows_arithmetic_is_softmax_less_one_hot(plain: list[dict[str, Any]]) -> None:
    run, last = train(settings_of(PLAIN[0])), plain[0]["last epoch"]
    opened = explain(run, 49)
    for row, target in enumerate(plain[0]["targets"]):
        table = class_table(opened, row, target)
        one_hot = [float(each == target) for each in range(3)]

        assert list(table) == ["output", "sum", "exp", "softmax", "y", "gradient to the output"]
        assert table["sum"].tolist() == last["y_pred"][row]
        assert table["softmax"].tolist() == pytest.approx(last["softmax"][row], abs=1e-6)
        assert table["y"].tolist() == one_hot
        assert (table["exp"] / table["exp"].sum()).tolist() == pytest.approx(
            last["softmax"][row], abs=1e-6
        )
        slope = (np.array(last["softmax"][row]) - one_hot) / 200
        assert table["gradient to the output"].tolist() == pytest.approx(slope, abs=1e-8)
        assert opened.row_losses[row] == pytest.approx(-np.log(table["softmax"][target]), abs=1e-5)


@pytest.mark.parametrize("output", [0, 1, 2])
def test_an_outputs_sum_is_made_of_its_own_weights(output: int) -> None:
    run = train(settings_of(PLAIN[0]))
    opened = explain(run, 49)
    weight, bias = opened.before[2:]

    table = output_table(run.inputs, opened, 11, output)
    assert table["weight"].tolist() == weight[output].tolist()
    assert table["product"].sum() + bias[output] == pytest.approx(
        opened.y_pred[11, output], abs=1e-6
    )
    slope = opened.layers[-1].gradients[11]
    assert table["gradient to the weight"].tolist() == pytest.approx(
        slope[output] * opened.layers[0].outputs[11], abs=1e-9
    )
    back = weight.T @ slope * (opened.layers[0].sums[11] > 0)
    assert table["gradient to the sum"].tolist() == pytest.approx(back, abs=1e-8)


def test_the_lines_show_the_softmax_the_one_hot_targets_and_the_slope() -> None:
    run = train(settings_of({**PLAIN[2], "rows": 10}))
    opened = explain(run, 5)
    sent = packed_lines(run, opened)
    length = int.from_bytes(sent[:4], "little")
    facts, numbers = json.loads(sent[4 : 4 + length]), np.frombuffer(sent[4 + length :], "<f4")
    lines = {line["name"]: str(line["blocks"]) for line in facts["lines"]}
    maps = {
        each["name"]: numbers[each["start"] :][: np.prod(each["shape"])].reshape(each["shape"])
        for line in facts["lines"]
        for block in line["blocks"]
        if block["kind"] == "maps"
        for each in block["maps"]
    }
    logits = torch.tensor(opened.y_pred, requires_grad=True)
    y = torch.arange(10) % 3
    nn.CrossEntropyLoss()(logits, y).backward()

    assert logits.grad is not None
    assert maps["y_pred"].tolist() == opened.y_pred.tolist()
    assert maps["y_pred.softmax(dim=1)"] == pytest.approx(logits.softmax(1).detach().numpy())
    assert maps["one_hot(y)"].tolist() == nn.functional.one_hot(y, 3).tolist()
    assert maps["y_pred.grad"].tolist() == logits.grad.tolist()
    assert "'heading': 'softmax of y'" in lines["loss"]
    assert "divided by 10 rows" in lines["backward"]


@pytest.mark.parametrize("test", [False, True])
def test_the_table_tells_the_class_its_probability_the_loss_and_whether_it_is_right(
    learned: Run, *, test: bool
) -> None:
    logits = torch.tensor(learned.test_predictions if test else learned.predictions)
    targets = learned.test_targets if test else learned.targets
    y = torch.tensor(targets.ravel(), dtype=torch.int64)

    table = prediction_table(learned, test=test)
    assert list(table) == [
        *("row", "target", "prediction", "probability", "cross-entropy", "correct")
    ]
    assert table["target"].tolist() == y.tolist()
    assert table["prediction"].tolist() == logits.argmax(1).tolist()
    assert table["probability"].tolist() == pytest.approx(logits.softmax(1).amax(1).tolist())
    losses = nn.CrossEntropyLoss(reduction="none")(logits, y)
    assert table["cross-entropy"].tolist() == pytest.approx(losses.tolist(), abs=1e-6)
    assert table["correct"].tolist() == (logits.argmax(1) == y).tolist()
    assert predictions_at(learned, None, test=test).tolist() == logits.tolist()
