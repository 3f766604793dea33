"""Run and Settings -> what a visitor takes home: the script, the notebook, the weights, the losses.

One template makes both script and notebook: the script is its code cells, the notebook all of it.
Nothing but numbers and names that `Settings` has checked reaches the code.
"""

from __future__ import annotations

import json
from io import BytesIO
from itertools import pairwise
from string import Template
from typing import Literal, NamedTuple

import torch

from tinynet.data import FEATURES, ROWS, TARGETS
from tinynet.fresh import as_in_a_fresh_process
from tinynet.network import OUTPUTS
from tinynet.run import Run
from tinynet.settings import Settings, number_text

Form = Literal["sequential", "class"]

TEMPLATE = Template("""\
# %% [markdown]
# # The smallest useful neural network
#
# Inputs: $inputs; hidden units, with ReLU: $hidden; one sigmoid output; epochs: $epochs; learning
# rate: $learning_rate. Run the cells from top to bottom: they print the losses that TinyNet
# showed, to the last bit on the same PyTorch version and kind of processor.
#
# First PyTorch itself, and two lines that make the run repeatable.
# %%
import torch
import torch.nn as nn

# One thread: with more, PyTorch adds up in another order, and the last digits may change.
torch.set_num_threads(1)
# The dice start here: the same seed draws the same inputs and the same first weights.
torch.manual_seed($seed)
# %% [markdown]
# ## The batch
#
# Ten rows of random inputs, and the answer that each should get. There is no rule behind them:
# a network can only learn these ten by heart.
# %%
$sizes

x = torch.randn(batch_size, n_in)
y = torch.tensor($targets)
# %% [markdown]
# ## The network
#
# Each linear layer multiplies by its weights and adds its biases; ReLU keeps what is above zero;
# the sigmoid squeezes the last sum into a number between 0 and 1.
# %%
$model$to_device
# %% [markdown]
# ## The loss and the optimizer
#
# The loss says how wrong the predictions are; the optimizer will move the weights against the
# slope of the loss.
# %%
criterion = torch.nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=$learning_rate)
# %% [markdown]
# ## The training
#
# Predict, measure, $clearing, step; and again, epoch by epoch.
# %%
${collected}for epoch in range($epochs):
    # Forward: the batch goes in, the predictions come out, with the weights as they are now.
    y_pred = model(x)
    # How wrong are they? The mean squared difference is the one number to make smaller.
    loss = criterion(y_pred, y)
    print('epoch: ', epoch, ' loss: ', loss.item())$collect
$zero_grad
    # Backward: find for every weight which way, and how steeply, the loss changes with it.
    loss.backward()
    # Step: move every weight against its gradient, which should make the next loss smaller.
    optimizer.step()
""")
ZERO_GRAD = """\
    # Clear the last epoch's gradients: PyTorch would add the new ones on top of them.
    optimizer.zero_grad()"""
FORGOTTEN = """\
    # Here optimizer.zero_grad() was forgotten: the gradients of all epochs so far pile up."""
CURVE = """\
# %% [markdown]
# ## The loss, epoch by epoch
#
# Falling means learning, flat means no progress, and jumps mean that the learning rate is too
# large. The drawing needs two more packages: `pip install plotly nbformat`.
# %%
import plotly.graph_objects as go

figure = go.Figure(go.Scatter(y=losses))
figure.update_layout(xaxis_title='epoch', yaxis_title='loss')
figure
"""
SEQUENTIAL = Template("model = nn.Sequential($layers)")
TO_DEVICE = Template("""\n\ndevice = '$device'
x, y, model = x.to(device), y.to(device), model.to(device)""")
CLASS = Template("""\
class TinyNet(nn.Module):
    def __init__(self):
        super().__init__()
        # Numbered as in nn.Sequential: the same weights fit both.
$layers

    def forward(self, x):
        $names = self.children()
$steps
        return torch.sigmoid(output(x))

model = TinyNet()""")


class Cell(NamedTuple):
    """A piece of the story: prose or code."""

    kind: Literal["markdown", "code"]
    text: str


def to_script(settings: Settings, form: Form = "sequential") -> str:
    """Return a complete program, torch only, that prints the losses of these settings."""
    cells = _cells(settings, form, collect=False)
    return "\n\n".join(cell.text for cell in cells if cell.kind == "code") + "\n"


def to_notebook(settings: Settings, form: Form = "sequential") -> str:
    """Return the same as a Jupyter notebook (nbformat 4.5), told as a story, not yet executed."""
    cells: list[dict[str, object]] = [
        {
            "cell_type": cell.kind,
            "id": f"cell-{index}",
            "metadata": {},
            "source": cell.text,
            **({"execution_count": None, "outputs": []} if cell.kind == "code" else {}),
        }
        for index, cell in enumerate(_cells(settings, form, collect=True))
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(notebook, indent=1) + "\n"


def to_weights(run: Run) -> bytes:
    """Return the trained weights as a state dict that both forms of the model load.

    `model.load_state_dict(torch.load(file, weights_only=True))`
    """
    file = BytesIO()
    with as_in_a_fresh_process():
        last = [torch.tensor(each[-1]) for each in run.checkpoints.parameters]
        layers = zip(last[::2], last[1::2], strict=True)
        state: dict[str, torch.Tensor] = {}
        for index, (weight, bias) in enumerate(layers):
            state |= {f"{2 * index}.weight": weight, f"{2 * index}.bias": bias}
        torch.save(state, file)
    return file.getvalue()


def to_csv(run: Run) -> str:
    """Return the losses as CSV, with all the digits that the loop prints."""
    lines = (f"{epoch},{loss}" for epoch, loss in enumerate(run.losses.tolist()))
    return "\n".join(("epoch,loss", *lines)) + "\n"


def file_stem(settings: Settings) -> str:
    """Return a file name that says the settings, without its ending."""
    widths = "-".join(map(str, settings.hidden_units))
    device = settings.device.replace(":", "")
    return (
        f"tinynet_hidden{widths}_lr{number_text(settings.learning_rate)}"
        f"_epochs{settings.epochs}_{device}_seed{settings.seed}"
        + ("" if settings.zero_gradients else "_without_zero_grad")
    )


def _cells(settings: Settings, form: Form, *, collect: bool) -> list[Cell]:
    text = TEMPLATE.substitute(
        inputs=FEATURES,
        hidden=" and ".join(map(str, settings.hidden_units)),
        epochs=settings.epochs,
        learning_rate=number_text(settings.learning_rate),
        seed=settings.seed,
        sizes=_sizes(settings),
        targets=[[target] for target in TARGETS],
        to_device=_to_device(settings),
        model=_MODELS[_check_form(form)](settings),
        clearing="clear the old gradients, find the new ones"
        if settings.zero_gradients
        else "add the new gradients to the old ones",
        zero_grad=ZERO_GRAD if settings.zero_gradients else FORGOTTEN,
        collected="losses = []\n" if collect else "",
        collect="\n    losses.append(loss.item())" if collect else "",
    )
    pieces = (text + (CURVE if collect else "")).split("# %%")[1:]
    return [_cell(piece) for piece in pieces]


def _check_form(form: str) -> str:
    if form in _MODELS:
        return form
    raise ValueError(f"form must be {' or '.join(_MODELS)}, not {form!r}.")


def _cell(piece: str) -> Cell:
    head, _, body = piece.strip().partition("\n")
    if head.strip() == "[markdown]":
        prose = [line.removeprefix("#").removeprefix(" ") for line in body.splitlines()]
        return Cell("markdown", "\n".join(prose))
    return Cell("code", piece.strip())


def _widths(settings: Settings) -> list[str]:
    """Return the name of each layer's width, from the inputs to the outputs."""
    count = len(settings.hidden_units)
    hidden = ["n_h"] if count == 1 else [f"n_h{layer}" for layer in range(1, count + 1)]
    return ["n_in", *hidden, "n_out"]


def _linears(settings: Settings) -> list[str]:
    widths = _widths(settings)
    return [f"nn.Linear({n_in}, {n_out})" for n_in, n_out in pairwise(widths)]


def _sizes(settings: Settings) -> str:
    names = [*_widths(settings), "batch_size"]
    values = (FEATURES, *settings.hidden_units, OUTPUTS, ROWS)
    return f"{', '.join(names)} = {', '.join(map(str, values))}"


def _to_device(settings: Settings) -> str:
    return "" if settings.device == "cpu" else TO_DEVICE.substitute(device=settings.device)


def _sequential(settings: Settings) -> str:
    *hidden, output = _linears(settings)
    layers = [layer for linear in hidden for layer in (linear, "nn.ReLU()")]
    indent = ",\n" + " " * len("model = nn.Sequential(")
    return SEQUENTIAL.substitute(layers=indent.join([*layers, output, "nn.Sigmoid()"]))


def _class(settings: Settings) -> str:
    linears = _linears(settings)
    count = len(linears) - 1
    hidden = ["hidden"] if count == 1 else [f"hidden{layer}" for layer in range(1, count + 1)]
    layers = [f"        self.add_module('{2 * i}', {each})" for i, each in enumerate(linears)]
    return CLASS.substitute(
        layers="\n".join(layers),
        names=", ".join([*hidden, "output"]),
        steps="\n".join(f"        x = torch.relu({each}(x))" for each in hidden),
    )


_MODELS = {"sequential": _sequential, "class": _class}
