"""Run: immutable facts of a training."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import nn

from tests.oracle import article_loop
from tinynet import Run, Settings, train
from tinynet.charts import loss_chart


def test_its_arrays_have_the_shapes_and_types_of_the_public_face(article_run: Run) -> None:
    assert article_run.losses.shape == (50,)
    assert article_run.predictions.shape == article_run.targets.shape == (10, 1)
    assert article_run.inputs.shape == (10, 10)
    arrays = (article_run.losses, article_run.predictions, article_run.targets, article_run.inputs)
    assert {array.dtype for array in arrays} == {np.dtype("float32")}
    assert type(article_run.final_loss) is float


def test_nothing_of_it_can_be_written() -> None:
    article_run = train(Settings(zero_gradients=False))
    kept = article_run.checkpoints
    assert len(kept.gradients) == 4
    arrays: list[npt.NDArray[Any]] = [
        article_run.losses,
        article_run.inputs,
        article_run.targets,
        article_run.predictions,
    ]
    arrays += [kept.predictions, *kept.parameters, *kept.gradients]
    for array in [*arrays, kept.epochs]:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.setflags(write=True)
    with pytest.raises(FrozenInstanceError):
        article_run.final_loss = 0.0  # type: ignore[misc]


def test_its_printout_is_the_articles_to_the_letter(
    article_run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for epoch, loss in enumerate(article_loop([5], 0.01, 50, 0)["losses"]):
        print("epoch: ", epoch, " loss: ", loss)

    assert "\n".join(article_run.printed(0, 50)) + "\n" == capsys.readouterr().out


def test_a_part_of_the_printout_is_just_that_part(article_run: Run) -> None:
    assert article_run.printed(30, 40) == article_run.printed(0, 50)[30:40]


def test_it_says_where_and_with_what_it_was_trained(article_run: Run) -> None:
    assert article_run.device == "cpu"
    assert article_run.torch_version == torch.__version__
    assert article_run.processor
    assert 0 < article_run.seconds < 60


@pytest.mark.parametrize(("hidden_units", "count"), [((5,), 61), ((64,), 769), ((3, 2), 44)])
def test_it_counts_weights_and_biases(hidden_units: tuple[int, ...], count: int) -> None:
    assert train(Settings(hidden_units, epochs=1)).parameter_count == count


def test_right_answers_are_those_on_the_targets_side_of_one_half(article_run: Run) -> None:
    by_hand = [
        (prediction > 0.5) == (target == 1.0)
        for prediction, target in zip(
            article_run.predictions.ravel().tolist(),
            article_run.targets.ravel().tolist(),
            strict=True,
        )
    ]

    assert article_run.correct.tolist() == by_hand
    assert article_run.correct_by_majority == 6


def test_a_prediction_of_one_half_says_0(article_run: Run) -> None:
    undecided = replace(article_run, predictions=np.full((10, 1), 0.5, np.float32))

    assert undecided.correct.tolist() == (article_run.targets == 0).ravel().tolist()


def test_it_broke_if_its_last_loss_before_an_update_is_no_number(article_run: Run) -> None:
    losses = np.append(article_run.losses[:-1], np.float32("nan"))

    assert replace(article_run, losses=losses).diverged
    assert not replace(article_run, final_loss=float("nan")).diverged
    assert not article_run.diverged


def test_always_answering_the_mean_loses_0_24(article_run: Run) -> None:
    mean = article_run.targets.mean()

    assert article_run.loss_of_the_mean == pytest.approx(np.mean((mean - article_run.targets) ** 2))
    assert article_run.loss_of_the_mean == pytest.approx(0.24, rel=1e-12)


def test_every_loss_is_the_losses_and_then_the_final_one(article_run: Run) -> None:
    assert article_run.every_loss.dtype == np.float32
    assert article_run.every_loss.tolist() == [*article_run.losses.tolist(), article_run.final_loss]


def test_it_is_finished_when_all_epochs_are_trained_or_when_it_broke(article_run: Run) -> None:
    so_far = replace(article_run, losses=article_run.losses[:40])
    broken = replace(so_far, losses=np.append(so_far.losses, np.float32("inf")))

    assert article_run.finished
    assert not so_far.finished
    assert broken.finished


@pytest.mark.parametrize(
    "settings",
    [Settings(), Settings(zero_gradients=False), Settings(batch_size=2, optimizer="adam")],
    ids=["article", "forgotten", "shuffled"],
)
def test_its_size_is_that_of_all_its_numbers(settings: Settings) -> None:
    run = train(settings)
    kept = run.checkpoints
    arrays: list[npt.NDArray[Any]] = [run.inputs, run.targets, run.losses, run.predictions]
    arrays += [kept.epochs, kept.predictions, *kept.parameters, *kept.gradients]
    arrays += [*kept.memory, kept.generator]
    passes = run.passes
    arrays += [passes.checkpoints, passes.losses, passes.gradients, passes.hidden]

    assert run.nbytes == sum(len(each.tobytes()) for each in arrays)


# The best constant prediction

SOME_TARGETS = {  # no two alike: even and uneven counts, outliers, skewed
    "a few": [0.1, -0.4, 2.0, 7.5, 0.3],
    "two far apart": [-3.0, 9.0],
    "skewed": [0.0] * 7 + [1.0, 20.0, 300.0],
    "drawn": np.random.default_rng(0).normal(size=60).tolist(),
}


def of_constant(loss: str, targets: list[float], task: str = "plane") -> Run:
    run = train(Settings((2,), epochs=1, data=task, rows=10, loss=loss))
    column = np.array(targets, np.float32)[:, None]
    return replace(run, targets=column)


def losses_of(criterion: nn.Module, constants: torch.Tensor, y: torch.Tensor) -> list[float]:
    """Return PyTorch's loss of each constant prediction."""
    of_rows = type(criterion)(reduction="none")
    predictions, targets = constants.expand(len(y), -1), y.expand(-1, len(constants))
    losses: list[float] = of_rows(predictions, targets).mean(0).tolist()
    return losses


@pytest.mark.parametrize("targets", SOME_TARGETS.values(), ids=SOME_TARGETS)
@pytest.mark.parametrize(
    ("loss", "criterion"),
    [("mse", nn.MSELoss()), ("l1", nn.L1Loss()), ("huber", nn.HuberLoss())],
)
def test_no_constant_loses_less_than_the_baseline(
    loss: str, criterion: nn.Module, targets: list[float]
) -> None:
    run = of_constant(loss, targets)
    y = torch.tensor(run.targets, dtype=torch.float64)
    grid = torch.linspace(min(targets), max(targets), 20_001, dtype=torch.float64)
    tried = losses_of(criterion, grid, y)

    assert run.baseline_loss <= min(tried) * (1 + 1e-12)
    assert run.baseline_loss == pytest.approx(min(tried), rel=1e-4)


@pytest.mark.parametrize(
    ("loss", "criterion"),
    [
        ("mse", nn.MSELoss()),
        ("l1", nn.L1Loss()),
        ("huber", nn.HuberLoss()),
        ("bce", nn.BCELoss()),
    ],
)
@pytest.mark.parametrize("ones", [0, 1, 3, 5, 9, 10])
def test_of_two_classes_it_is_the_best_of_a_fine_grid_of_shares(
    loss: str, criterion: nn.Module, ones: int
) -> None:
    run = of_constant(loss, [1.0] * ones + [0.0] * (10 - ones), "moons")
    y = torch.tensor(run.targets, dtype=torch.float64)
    grid = torch.linspace(0, 1, 10_001, dtype=torch.float64)
    tried = losses_of(criterion, grid, y)

    assert run.baseline_loss == pytest.approx(min(tried), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(("ones", "guess", "right"), [(50, 0, 950), (950, 1, 950), (500, 1, 500)])
def test_the_guess_of_two_classes_is_the_most_frequent(ones: int, guess: int, right: int) -> None:
    run = of_constant("mse", [1.0] * ones + [0.0] * (1_000 - ones), "moons")

    assert (run.majority_class, run.correct_by_majority) == (guess, right)


def test_the_baseline_keeps_its_old_name(article_run: Run) -> None:
    assert article_run.loss_of_the_mean == article_run.baseline_loss


@pytest.mark.parametrize(
    ("loss", "words"),
    [("mse", "mean): 0.24"), ("l1", "median): 0.40"), ("huber", "best constant): 0.12")],
)
def test_the_chart_names_it(loss: str, words: str) -> None:
    chart = loss_chart(train(Settings(loss=loss)))

    assert chart.layout.annotations[0].text == f"baseline (always the {words}"


def test_what_was_called_otherwise_before_is_still_found_by_its_former_name(
    article_run: Run,
) -> None:
    assert article_run.right.tolist() == article_run.correct.tolist()
    assert article_run.right_by_guessing == article_run.correct_by_majority
    assert article_run.loss_of_the_mean == article_run.baseline_loss
    assert (article_run.broke, article_run.guess) == (
        article_run.diverged,
        article_run.majority_class,
    )
    with pytest.raises(AttributeError, match="has no attribute 'rite'"):
        _ = article_run.rite
