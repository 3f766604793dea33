"""A trained network and new rows -> its answers, in the words and units of the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch

from tinynet.registry.frames import filled, scaled
from tinynet.settings import Settings
from tinynet.training.data import Data, draw_data, features
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.network import build_network
from tinynet.training.record import FloatArray
from tinynet.training.run import Run
from tinynet.training.scores import answers, probabilities
from tinynet.user_data import DataError, UserData
from tinynet.user_data.new_rows import encoded, frame_of, rows_answered, with_parts

if TYPE_CHECKING:
    import pandas as pd

    from tinynet.user_data.new_rows import NewRows

Scale = tuple[tuple[float, ...], tuple[float, ...]]  # the mean and the deviation of each column


@dataclass(frozen=True, eq=False, repr=False)
class Predictor:
    """A trained network, with everything that it needs to answer new rows."""

    settings: Settings
    parameters: tuple[FloatArray, ...]  # weight, bias, layer by layer
    # The scales of the inputs, without the one-hot words, and of the targets; None if not scaled.
    x_scale: Scale | None
    y_scale: Scale | None
    x_usual: tuple[float, ...] | None  # fills the gaps of the inputs; None if they have none
    predictions: FloatArray  # for the training rows

    def __repr__(self) -> str:
        """Return the settings: the weights would fill pages."""
        return f"Predictor({self.settings!r})"

    def predict(self, rows: NewRows) -> pd.DataFrame:
        """Return the answers for new rows, then the probability of each class; see `Run`."""
        data, data_set = self.settings.data, self.settings.data_set
        columns = data_set.input_columns
        readings = data.readings if isinstance(data, UserData) else {}
        frame = with_parts(frame_of(rows, data_set.sources, readings), columns)
        complete = rows_answered(frame, columns)
        found = self._answers(self.outputs(encoded(complete, columns)), complete.index)
        return found.reindex(range(len(frame))).set_axis(frame.index)

    def outputs(self, numbers: npt.NDArray[np.float64]) -> FloatArray:
        """Return the network's outputs for encoded rows, with the bits of the script's model."""
        with fresh_torch_state(autograd=False):
            x: FloatArray = self._scaled(torch.tensor(numbers)).numpy()
        return self.outputs_of(x)

    def outputs_of(self, x: FloatArray) -> FloatArray:
        """Return the network's outputs for scaled rows, before features are computed."""
        with fresh_torch_state(autograd=False):
            rows = features(self.settings, torch.tensor(x))
            outputs: FloatArray = self._network(rows).numpy()
        if not np.isfinite(outputs).all():
            raise DataError("The network has diverged: its outputs are not finite numbers.")
        return outputs

    @cached_property
    def _network(self) -> torch.nn.Module:
        network = build_network(self.settings, torch.Generator())
        for parameter, values in zip(network.parameters(), self.parameters, strict=True):
            parameter.copy_(torch.tensor(values))
        return network

    def _scaled(self, x: torch.Tensor) -> torch.Tensor:
        """Fill the gaps, and scale the numbers, which come before the one-hot words."""
        if self.x_usual is not None:
            x = filled(x, torch.tensor(self.x_usual, dtype=torch.float64))
        if self.x_scale is None:
            return x.float()
        mean, deviation = (torch.tensor(each, dtype=torch.float64) for each in self.x_scale)
        count = len(mean)
        return torch.cat([scaled(x[:, :count], mean, deviation), x[:, count:].float()], dim=1)

    def _answers(self, outputs: FloatArray, index: pd.Index[Any]) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 - half a second to import

        data_set = self.settings.data_set
        if not self.settings.task.has_classes:
            return pd.DataFrame({data_set.target: self.in_units(outputs).ravel()}, index)
        classes = classes_of(self.settings)
        shares = probabilities(self.settings, outputs)
        if shares.shape[1] == 1:
            shares = np.concatenate([1 - shares, shares], axis=1)
        named = [classes[place] for place in answers(self.settings, outputs)]
        columns = {f"probability of {each}": shares[:, at] for at, each in enumerate(classes)}
        target = data_set.target
        name = f"predicted {target}" if target in columns else target
        return pd.DataFrame({name: named, **columns}, index)

    def in_units(self, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Return outputs or targets of a regression in the unit of the data."""
        numbers = values.astype(np.float64)
        if self.y_scale is None:
            return numbers
        (mean,), (deviation,) = self.y_scale
        return numbers * deviation + mean


def predictor_of(run: Run) -> Predictor:
    """Return the network of a run after its training."""
    data = data_of(run.settings)
    last = tuple(each[-1] for each in run.checkpoints.parameters)
    scales = _numbers(data.x_scale), _numbers(data.y_scale)
    usual = None if data.x_usual is None else tuple(data.x_usual.tolist())
    return Predictor(run.settings, last, *scales, usual, run.predictions)


def data_of(settings: Settings) -> Data:
    """Return the rows of these settings, as a training draws them."""
    with fresh_torch_state():
        return draw_data(settings, torch.Generator().manual_seed(settings.seed))


def targets_of(settings: Settings) -> tuple[FloatArray, FloatArray]:
    """Return the targets of the training rows and of the test rows, (rows, 1) each."""
    data = data_of(settings)
    training, test = (
        each.targets.reshape(-1, 1).float().numpy() for each in (data.training, data.test)
    )
    return training, test


def classes_of(settings: Settings) -> tuple[Any, ...]:
    """Return the classes as the file has them, or their numbers."""
    data_set = settings.data_set
    return data_set.class_values or tuple(range(data_set.classes))


def _numbers(scale: tuple[torch.Tensor, torch.Tensor] | None) -> Scale | None:
    if scale is None:
        return None
    mean, deviation = (tuple(each.tolist()) for each in scale)
    return mean, deviation
