"""Run -> weights and losses; Settings -> file name."""

from __future__ import annotations

from io import BytesIO

import torch

from tinynet.settings import ARTICLE, KNOBS, Settings
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.run import Run


def to_weights(run: Run) -> bytes:
    """Return the trained weights as a state dict that both forms of the model load.

    `model.load_state_dict(torch.load(file, weights_only=True))`
    """
    file = BytesIO()
    with fresh_torch_state():
        last = [torch.tensor(each[-1]) for each in run.checkpoints.parameters]
        layers = zip(last[::2], last[1::2], strict=True)
        state: dict[str, torch.Tensor] = {}
        for index, (weight, bias) in enumerate(layers):
            state |= {f"{2 * index}.weight": weight, f"{2 * index}.bias": bias}
        torch.save(state, file)
    return file.getvalue()


def to_csv(run: Run) -> str:
    """Return the losses as CSV, with all digits that the loop prints."""
    columns = [run.losses.tolist()]
    heading = "epoch,loss"
    if run.has_test:
        columns.append(run.test_losses.tolist())
        heading += ",test loss"
    rows = zip(range(len(run.losses)), *columns, strict=True)
    return "\n".join((heading, *(",".join(map(str, row)) for row in rows))) + "\n"


def file_stem(settings: Settings) -> str:
    """Return a file name that describes the settings, without its ending."""
    parts = [
        knob.in_a_file_name(value)
        for knob in KNOBS
        if (value := getattr(settings, knob.name)) != getattr(ARTICLE, knob.name)
        or knob.always_named
    ]
    return "_".join(("tinynet", *parts))
