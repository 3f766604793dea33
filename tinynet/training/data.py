"""Settings -> the training rows and the test rows."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from tinynet.registry.features import FEATURES, INPUTS
from tinynet.registry.frames import filled, scale_of, scaled, usual_of
from tinynet.registry.pytorch import evaluate
from tinynet.settings import Settings

Rows = torch.Tensor | slice  # indices; a slice of all rows or none
Number = torch.Tensor | float
Scale = tuple[torch.Tensor, torch.Tensor]  # the mean and the deviation of each column


@dataclass(frozen=True)
class Batch:
    """Inputs, (rows, inputs), and targets, (rows, 1), in float32, on one device.

    Multiclass targets are class indices, (rows,), in int64.
    """

    inputs: torch.Tensor
    targets: torch.Tensor

    def __len__(self) -> int:
        return len(self.inputs)

    def take(self, rows: Rows) -> Batch:
        """Return the rows with these indices, in this order."""
        return Batch(self.inputs[rows], self.targets[rows])

    def to(self, device: torch.device) -> Batch:
        """Return the batch on another device."""
        return Batch(self.inputs.to(device), self.targets.to(device))


@dataclass(frozen=True)
class Data:
    """The training rows and the test rows, with their inputs before features are computed."""

    training: Batch
    test: Batch  # possibly empty
    points: torch.Tensor  # (training rows, 1 or 2); (0, inputs) for more inputs
    test_points: torch.Tensor
    # The places of the training rows and of the test rows among all rows.
    places: torch.Tensor
    test_places: torch.Tensor
    x_scale: Scale | None  # None if the inputs, or the targets, are not scaled
    y_scale: Scale | None
    x_usual: torch.Tensor | None  # fills the gaps of the inputs; None if there are none


def draw_data(settings: Settings, generator: torch.Generator) -> Data:
    """Draw and split the data, in the order of the script."""
    x, y = _draw(settings, generator)
    test: Rows = slice(0)
    training: Rows = slice(None)
    if count := settings.test_rows:
        order = torch.randperm(len(x), generator=generator)
        test, training = order[:count], order[count:]
    usual: torch.Tensor | None = None
    if expression := settings.data_set.x_usual:
        usual = evaluate(expression, x=x, rows=training, usual_of=usual_of)
        x = filled(x, usual)
    x, x_scale = _scaled("x", settings.x_scaled, x, training)
    y, y_scale = _scaled("y", settings.data_set.y_scaled, y, training)
    batch = Batch(features(settings, x), y)
    points = _points(x[training]), _points(x[test])
    places = torch.arange(len(x))
    batches = batch.take(training), batch.take(test)
    scales = x_scale, y_scale
    return Data(*batches, *points, places[training], places[test], *scales, x_usual=usual)


def _draw(settings: Settings, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    data_set = settings.data_set
    sizes = () if data_set.rows else (settings.rows, settings.noise)
    x, y = data_set.draw(*sizes, generator=generator)
    return x, y


def _scaled(
    name: str, expression: str, values: torch.Tensor, rows: Rows
) -> tuple[torch.Tensor, Scale | None]:
    """Scale x or y, given the training rows; return the scale too."""
    if not expression:
        return values, None
    scale: Scale | None = None

    def scaled_by(values: torch.Tensor, mean: Number, deviation: Number) -> torch.Tensor:
        """Do what the script's function does, and keep the scale of each column."""
        nonlocal scale
        each = torch.ones(values.shape[1], dtype=torch.float64)
        scale = each * mean, each * deviation
        result: torch.Tensor = scaled(values, *scale)
        return result

    def standardise(values: torch.Tensor, rows: Rows) -> torch.Tensor:
        """Do what the script's function does, and keep the scale."""
        return scaled_by(values, *scale_of(values, rows))

    names = {"rows": rows, "standardise": standardise, "scaled": scaled_by}
    return evaluate(expression, **{name: values, **names}), scale


def features(settings: Settings, x: torch.Tensor) -> torch.Tensor:
    """Return the features that the network sees, (rows, inputs)."""
    if settings.features == INPUTS:
        return x
    x1, x2 = x[:, :1], x[:, 1:]
    columns = [evaluate(FEATURES[name].code, x1=x1, x2=x2) for name in settings.features]
    return torch.cat(columns, dim=1)


def _points(x: torch.Tensor) -> torch.Tensor:
    return x if x.shape[1] <= len(INPUTS) else x[:0]
