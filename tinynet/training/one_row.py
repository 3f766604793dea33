"""A training row or test row of a run -> a film of the values of this row."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from tinynet.training.film import Film, film
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.network import build_network
from tinynet.training.outputs import numbers
from tinynet.training.record import FloatArray
from tinynet.training.run import Run


class OneRow(NamedTuple):
    """A row: its number in the file, and its place among the training rows or the test rows."""

    number: int
    place: int
    is_test: bool

    def inputs(self, run: Run) -> FloatArray:
        """Return the inputs of all training rows; for a test row, of all test rows."""
        return run.test_inputs if self.is_test else run.inputs

    def targets(self, run: Run) -> FloatArray:
        """Return the targets of all training rows; for a test row, of all test rows."""
        return run.test_targets if self.is_test else run.targets


def film_of_row(run: Run, row: OneRow) -> Film:
    """Return the film of a run with the values of one row in place of the first rows."""
    whole, kept = film(run), run.checkpoints
    states = np.searchsorted(kept.epochs, whole.epochs)
    predictions = kept.test_predictions if row.is_test else kept.predictions
    return replace(
        whole, hidden=_hidden(run, whole, row), predictions=predictions[states, row.place]
    )


def _hidden(run: Run, whole: Film, row: OneRow) -> FloatArray:
    """Return the outputs of the hidden units for a row in each state, (states, 1, units).

    All training or test rows pass together, as in training: a row alone would round differently.
    """
    with fresh_torch_state(autograd=False):
        network = build_network(run.settings, torch.Generator())
        hidden = 2 * len(run.settings.hidden_units)  # layers and activations
        x = torch.tensor(row.inputs(run))
        found = [_of_state(network, hidden, each, x)[row.place] for each in whole.parameters]
    return np.array(found, np.float32).reshape(len(whole.epochs), 1, -1)


def _of_state(
    network: nn.Sequential, hidden: int, parameters: FloatArray, x: torch.Tensor
) -> FloatArray:
    nn.utils.vector_to_parameters(torch.tensor(parameters), network.parameters())
    found = [x[:, :0]]
    for module in [*network][:hidden]:
        x = module(x)
        found += [] if isinstance(module, nn.Linear) else [x]
    return numbers(torch.cat(found, dim=1))
