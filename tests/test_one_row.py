"""One row of a table on the stage: any row of the file, with PyTorch's numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from tests.test_dots import facts_of
from tests.test_files import penguins
from tinynet import Run, Settings, train
from tinynet.analysis.measures import row_numbers, row_of
from tinynet.stage.message import PlayerView
from tinynet.training.film import film, predictions_at
from tinynet.training.one_row import OneRow, film_of_row


@pytest.fixture(scope="module")
def run() -> Run:
    return train(replace(penguins(epochs=40), hidden_units=(6, 5), activation="tanh"))


def test_a_row_of_the_first_has_the_bits_of_the_film(run: Run) -> None:
    whole = film(run)
    for place in (0, 9):
        found = film_of_row(run, OneRow(1, place, is_test=False))

        assert found.hidden.tobytes() == whole.hidden[:, place : place + 1].tobytes()
        assert found.predictions.tobytes() == whole.predictions[:, place : place + 1].tobytes()


def test_a_test_row_has_the_values_that_pytorch_computes(run: Run) -> None:
    state, place = 17, 40

    found = film_of_row(run, OneRow(1, place, is_test=True))

    x = torch.tensor(run.test_inputs)
    values: list[torch.Tensor] = []
    for weight, bias in zip(*(run.checkpoints.parameters[at::2] for at in (0, 1)), strict=True):
        x = nn.functional.linear(x, torch.tensor(weight[state]), torch.tensor(bias[state]))
        values.append(x := torch.tanh(x) if len(values) < 2 else x)
    np.testing.assert_array_equal(found.hidden[state, 0], torch.cat(values[:2], 1)[place])
    np.testing.assert_array_equal(
        found.predictions[state], predictions_at(run, state, test=True)[place]
    )


@pytest.mark.parametrize("test", [False, True])
def test_a_row_is_found_by_its_number_in_the_file_and_named_by_it(run: Run, *, test: bool) -> None:
    number = int(row_numbers(run, test=test)[-1])
    place = len(run.test_targets if test else run.targets) - 1
    assert row_of(run, number) == (number, place, test)

    facts = facts_of(run, PlayerView(None, row=number))

    point = place + len(run.targets) * test
    assert facts["only"] == {"name": str(number), "point": point}
    assert (facts["rows"], facts["whose"]) == (1, f"row {number} of the file")
    assert facts["targets"] == (run.test_targets if test else run.targets)[place].tolist()


def test_a_row_that_the_run_does_not_use_leaves_the_film_as_it_is(run: Run) -> None:
    assert row_of(run, 10_000) is None
    assert "only" not in facts_of(run, PlayerView(None, row=10_000))
    points = train(Settings(data="moons", rows=40, test_share=0.5, epochs=2))
    assert facts_of(points, PlayerView(None, row=40))["only"]["name"] == "40"
