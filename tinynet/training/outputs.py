"""Outputs: what the outputs of a watched model mean, judged by its criterion and its targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tinynet.registry.activations import SIGMOID
from tinynet.registry.tasks import TASKS, TaskName
from tinynet.training.chain import Chain
from tinynet.training.chain_parts import Undrawable
from tinynet.training.record import FloatArray
from tinynet.training.scores import r_squared_of

Criterion = Callable[[Any, Any], torch.Tensor]
OF_CLASSES = (nn.CrossEntropyLoss, nn.NLLLoss)


class Rows(NamedTuple):
    """Rows of data as a loop has them."""

    x: torch.Tensor
    y: torch.Tensor

    @property
    def inputs(self) -> FloatArray:
        """The inputs, (rows, inputs)."""
        return numbers(self.x.reshape(len(self.x), -1))

    @property
    def targets(self) -> FloatArray:
        """The targets or class indices, (rows, 1)."""
        are_shares = self.y.dim() > 1 and self.y.shape[1] > 1  # a share of each class
        return numbers((self.y.argmax(1) if are_shares else self.y).reshape(len(self.y), 1))


class Outputs(NamedTuple):
    """The task, the code of the last activation, and whether the criterion applies a sigmoid."""

    task: TaskName
    activation: str
    are_logits: bool

    def predictions(self, outputs: torch.Tensor) -> torch.Tensor:
        """Return the outputs of the last layer as the page has them: a probability for classes."""
        return torch.sigmoid(outputs) if self.are_logits else outputs

    def score(self, predictions: FloatArray, targets: FloatArray) -> float:
        """Return the number of correct rows; for a regression R², NaN if undefined."""
        if answers := TASKS[self.task].answers:
            return float(np.equal(answers(predictions), targets).sum())
        r_squared = r_squared_of(predictions, targets)
        return float("nan") if r_squared is None else float(r_squared)


def outputs_of(chain: Chain, criterion: Criterion, rows: Rows) -> Outputs:
    """Return the meaning of a chain's outputs; Undrawable if a picture has no place for them."""
    outputs, activation = chain.widths[-1], chain.activations[-1]
    if outputs > 1:
        if isinstance(criterion, OF_CLASSES) or not rows.y.is_floating_point():
            return Outputs("multiclass", activation, are_logits=False)
        raise Undrawable(f"Its {outputs} outputs are no classes; a picture has room for one.")
    are_logits = isinstance(criterion, nn.BCEWithLogitsLoss)
    code = SIGMOID.code if are_logits else activation
    is_binary = code == SIGMOID.code and set(np.unique(rows.targets)) <= {0, 1}
    return Outputs("binary" if is_binary else "regression", code, are_logits)


def fitting(output: Any, criterion: Criterion, y: torch.Tensor) -> Any:
    """Return an output (rows, 1) as (rows,) for a loss of PyTorch if the targets are (rows,).

    A loop does the same with `squeeze()`; a criterion of the user's own takes the output as it is.
    """
    module = getattr(criterion, "__module__", None) or ""  # None where code was made by exec
    is_column = (
        y.dim() == 1 and y.is_floating_point() and getattr(output, "shape", ()) == (len(y), 1)
    )
    return output.squeeze(1) if module.startswith("torch.nn.") and is_column else output


def numbers(tensor: torch.Tensor) -> npt.NDArray[np.float32]:
    """Return a tensor as an array of 32-bit floats."""
    array: FloatArray = tensor.detach().to("cpu", torch.float32).numpy()
    return array
