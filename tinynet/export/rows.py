"""The cells about the rows: the data, the features and the split."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getsource
from itertools import pairwise

from tinynet.export.cells import Cell, code, prose
from tinynet.registry.features import FEATURES, INPUTS
from tinynet.registry.frames import scale_of, scaled, standardise
from tinynet.settings import Settings, number_text

ORDER = "order = torch.randperm(len(x))\n"


def data_cells(settings: Settings) -> Iterator[Cell]:
    """Describe the data."""
    data_set = settings.data_set
    if data_set.names_sizes:
        yield prose("## The batch", data_set.words)
        yield code(sizes(settings), data_set.code)
        return
    yield prose("## The data", data_set.words)
    if data_set.code:
        yield code(data_set.code)
        return
    arguments = f"rows={settings.rows}, noise={number_text(settings.noise)}"
    yield code(source(data_set.draw), f"x, y = {data_set.draw.__name__}({arguments})")


def scaling_cells(settings: Settings) -> Iterator[Cell]:
    """Describe the scaling of the data, if there is any."""
    count = settings.test_rows
    data_set = settings.data_set
    fill = [("usual", data_set.x_usual), ("x", "filled(x, usual)")] if data_set.x_usual else []
    both = (*fill, ("x", settings.x_scaled), ("y", data_set.y_scaled))
    lines = [f"{name} = {expression}" for name, expression in both if expression]
    if not settings.measures_rows:
        yield from [code(*lines)] if lines else []
        return
    yield prose(
        "## The scale",
        "Numbers are standardised with the mean and deviation of the training rows: all columns "
        "get similar\nsizes, and the test rows stay unknown.",
    )
    rows = f"{ORDER}rows = order[{count}:]" if count else "rows = slice(None)"
    functions = map(source, (scale_of, scaled, standardise))
    yield code(*functions, "\n".join([rows, *lines]))


def feature_cells(settings: Settings) -> Iterator[Cell]:
    """Describe the features, if they are not just the two inputs."""
    if settings.features == INPUTS:
        return
    columns = ", ".join(FEATURES[name].code for name in settings.features)
    yield prose("## The features", "The inputs that the network gets for each point.")
    yield code(f"x1, x2 = x[:, :1], x[:, 1:]\nx = torch.cat([{columns}], dim=1)")


def split_cells(settings: Settings) -> Iterator[Cell]:
    """Describe the test rows, if there are any."""
    if not (count := settings.test_rows):
        return
    yield prose(
        "## The test rows",
        "Some random rows are held out from training: they show whether the network generalises "
        "beyond\nits training rows.",
    )
    yield code(
        ("" if settings.measures_rows else ORDER)
        + f"x_test, y_test = x[order[:{count}]], y[order[:{count}]]\n"
        f"x, y = x[order[{count}:]], y[order[{count}:]]"
    )


def sizes(settings: Settings) -> str:
    """Return the line that names the widths of the layers, and the article's batch size."""
    names, values = _widths(settings), [settings.inputs, *settings.hidden_units, settings.outputs]
    if settings.data_set.names_sizes:
        names, values = [*names, "batch_size"], [*values, settings.all_rows]
    return f"{', '.join(names)} = {', '.join(map(str, values))}"


def linears(settings: Settings) -> list[str]:
    """Return the code of each linear layer."""
    return [f"nn.Linear({n_in}, {n_out})" for n_in, n_out in pairwise(_widths(settings))]


def source(function: object) -> str:
    """Return the source of a function that the core itself calls."""
    return getsource(function).strip()  # type: ignore[arg-type]


def _widths(settings: Settings) -> list[str]:
    """Return the names of the widths, from the inputs to the outputs."""
    count = len(settings.hidden_units)
    hidden = ["n_h"] if count == 1 else [f"n_h{layer}" for layer in range(1, count + 1)]
    return ["n_in", *hidden, "n_out"]
