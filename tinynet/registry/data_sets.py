"""The data sets: functions whose source the script contains.

Each function returns inputs x, (rows, inputs), and targets y, (rows, 1), in float32. Multiclass
targets are class indices, (rows,), in int64, as nn.CrossEntropyLoss takes them. The inputs range
from about -2 to 2, like the article's, once they are scaled. The classes alternate from row to row,
but for the rare class. `noise` is the standard deviation of the noise on the inputs of classes or
on the targets of a regression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tinynet.registry.tasks import TASKS, TaskName

if TYPE_CHECKING:
    import torch
else:
    from tinynet.registry.pytorch import torch

ARTICLE = """\
x = torch.randn(batch_size, n_in)
y = torch.tensor([[1.0], [0.0], [0.0], [1.0], [1.0], [1.0], [0.0], [0.0], [1.0], [1.0]])"""

# With these settings and most seeds, a network learns every data set except the article's.
START: dict[str, Any] = {
    "hidden_units": (16, 16),
    "learning_rate": 0.03,
    "epochs": 200,
    "activation": "tanh",
    "optimizer": "adam",
}


class InputColumn(NamedTuple):
    """A column that becomes inputs: numbers, or words with one input each."""

    name: str
    words: tuple[str, ...] = ()  # () for numbers
    source: str = ""  # the column of the file behind it; "" if it is a column of the file
    part: str = ""  # "year", "month" or "weekday" of a date; or "gap": 1 in rows with a gap

    @property
    def needed(self) -> str:
        """The column of the file behind this column."""
        return self.source or self.name


@dataclass(frozen=True)
class DataSet:
    """A source of rows: `draw(rows, noise, generator)` returns x and y."""

    label: str
    words: str  # about the rows, for a reader of the script
    draw: Callable[..., Any]
    inputs: int = 2
    task: TaskName = "binary"
    classes: int = 2  # ignored for a regression
    rows: int | None = None  # a fixed number; None draws as many as asked for, with noise
    code: str = ""  # in the script instead of the function's source
    names_sizes: bool = False  # whether `code` uses the script's names for the layers' widths
    moral: str = ""  # what a network that learns these rows shows
    # Expressions that scale x and y, given the training `rows`; "" for no scaling.
    x_scaled: str = ""
    y_scaled: str = ""
    x_usual: str = ""  # the values that fill gaps of x, given the training `rows`; "" for no gaps
    input_names: tuple[str, ...] = ()  # () if inputs, or classes, have no names
    class_names: tuple[str, ...] = ()
    # The columns of the inputs, numbers first and gaps last; () stands for numbers x1, x2, …
    columns: tuple[InputColumn, ...] = ()
    target: str = "y"  # the name of the answers' column
    class_values: tuple[Any, ...] = ()  # the classes as the file has them; () for 0, 1, …
    # Recommended settings by knob; the other knobs keep the article's values.
    start: Mapping[str, Any] = field(default_factory=lambda: START, hash=False)

    @property
    def has_scales(self) -> bool:
        """Whether x has columns that are standardised."""
        return "standardise" in self.x_scaled

    @property
    def input_columns(self) -> tuple[InputColumn, ...]:
        """The columns that become the network's inputs, in their order."""
        names = (InputColumn(f"x{number}") for number in range(1, self.inputs + 1))
        return self.columns or tuple(names)

    @property
    def sources(self) -> tuple[InputColumn, ...]:
        """The columns of the file, which new rows need, each with its words."""
        columns = self.input_columns
        words = {each.name: each.words for each in columns if not each.part}
        names = dict.fromkeys(each.needed for each in columns)
        return tuple(InputColumn(each, words.get(each, ())) for each in names)

    @property
    def outputs(self) -> int:
        """How many outputs a network needs."""
        return TASKS[self.task].outputs(self.classes)


def dummy(generator=None):
    """Return ten rows of random inputs and targets that follow no rule."""
    x = torch.randn(10, 10, generator=generator)
    y = torch.zeros(10, 1)
    y[[0, 3, 4, 5, 8, 9]] = 1
    return x, y


def xor(rows, noise, generator=None):
    """Return points: class 0 where the signs of the two inputs agree, class 1 where they differ."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    x1 = 4 * torch.rand(rows, 1, generator=generator) - 2
    size = 2 * torch.rand(rows, 1, generator=generator)
    x2 = size * x1.sign() * (1 - 2 * y)
    x = torch.cat([x1, x2], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def circles(rows, noise, generator=None):
    """Return points: class 1 on a circle, class 0 on a circle of twice the radius."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    angle = 2 * torch.pi * torch.rand(rows, 1, generator=generator)
    radius = 2 - y
    x = radius * torch.cat([angle.cos(), angle.sin()], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def moons(rows, noise, generator=None):
    """Return points of two classes, on two interlocking half moons."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    angle = torch.pi * torch.rand(rows, 1, generator=generator)
    side = 1 - 2 * y  # 1 for the upper moon, -1 for the lower
    x1 = side * (angle.cos() - 0.5)
    x2 = side * (angle.sin() - 0.25)
    x = torch.cat([x1, x2], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def gauss(rows, noise, generator=None):
    """Return points of two classes, in round clouds around (-1, -1) and (1, 1)."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    centre = 2 * y - 1
    return centre + (0.3 + noise) * torch.randn(rows, 2, generator=generator), y


def rare(rows, noise, generator=None):
    """Return points of two classes: every twentieth is of class 1, at the edge of class 0."""
    y = (torch.arange(rows) % 20 == 0).float().reshape(rows, 1)
    centre = 1.4 * y - 0.5
    spread = 0.5 - 0.2 * y + noise
    return centre + spread * torch.randn(rows, 2, generator=generator), y


def spiral(rows, noise, generator=None):
    """Return points of two classes, on arms that wind around each other one and a half times."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    way = torch.rand(rows, 1, generator=generator)  # 0 in the centre, 1 at the end
    angle = torch.pi * (3 * way + y)
    x = 2 * way * torch.cat([angle.cos(), angle.sin()], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def blobs(rows, noise, generator=None):
    """Return points of three classes, in round clouds at equal distances."""
    y = torch.arange(rows) % 3
    angle = 2 * torch.pi / 3 * y.float().reshape(rows, 1)
    centre = 1.2 * torch.cat([angle.sin(), angle.cos()], dim=1)
    return centre + (0.3 + noise) * torch.randn(rows, 2, generator=generator), y


def arms(rows, noise, generator=None):
    """Return points of three classes, on arms that wind around each other once."""
    y = torch.arange(rows) % 3
    way = torch.rand(rows, 1, generator=generator)  # 0 in the centre, 1 at the end
    angle = 2 * torch.pi * (way + y.float().reshape(rows, 1) / 3)
    x = 2 * way * torch.cat([angle.cos(), angle.sin()], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def plane(rows, noise, generator=None):
    """Return points with numbers from -1 to 1 that rise with both inputs."""
    x = 4 * torch.rand(rows, 2, generator=generator) - 2
    y = (x[:, :1] + x[:, 1:]) / 4
    return x, y + noise * torch.randn(rows, 1, generator=generator)


def flats(rows, noise, generator=None):
    """Return flats, by area and year, with numbers from -1 to 1 that rise with both."""
    x = 4 * torch.rand(rows, 2, generator=generator) - 2
    y = (x[:, :1] + x[:, 1:]) / 4
    area, year = 80 + 30 * x[:, :1], 1960 + 30 * x[:, 1:]
    return torch.cat([area, year], dim=1), y + noise * torch.randn(rows, 1, generator=generator)


def hills(rows, noise, generator=None):
    """Return points with numbers from -1 to 1: two hills and two valleys."""
    x = 4 * torch.rand(rows, 2, generator=generator) - 2
    y = (1.5 * x[:, :1]).sin() * (1.5 * x[:, 1:]).sin()
    return x, y + noise * torch.randn(rows, 1, generator=generator)


def curve(rows, noise, generator=None):
    """Return one input with numbers from -1 to 1: one and a quarter waves."""
    x = 4 * torch.rand(rows, 1, generator=generator) - 2
    y = (2 * x).sin()
    return x, y + noise * torch.randn(rows, 1, generator=generator)


DATA_SETS = {
    "dummy": DataSet(
        "The article's batch",
        "Ten rows of random inputs and their targets. No rule connects them:\n"
        "a network can only memorise these ten rows.",
        dummy,
        inputs=10,
        rows=10,
        code=ARTICLE,
        names_sizes=True,
        moral="The inputs are pure noise, so it learned them by heart.",
        start={},
    ),
    "xor": DataSet(
        "XOR",
        "Points of two classes: class 1 where the signs of the two inputs differ.",
        xor,
    ),
    "circles": DataSet(
        "Circles", "Points of two classes, on an inner and an outer circle.", circles
    ),
    "moons": DataSet("Moons", "Points of two classes, on two half moons.", moons),
    "gauss": DataSet("Clouds", "Points of two classes, in two round clouds.", gauss),
    "rare": DataSet(
        "A rare class", "Points of two classes: one row in twenty is of class 1.", rare
    ),
    "spiral": DataSet("Spiral", "Points of two classes, on the two arms of a spiral.", spiral),
    "blobs": DataSet(
        "Three blobs",
        "Points of three classes, in three round clouds.",
        blobs,
        task="multiclass",
        classes=3,
    ),
    "arms": DataSet(
        "Three arms",
        "Points of three classes, on the three arms of a spiral.",
        arms,
        task="multiclass",
        classes=3,
    ),
    "plane": DataSet("Plane", "Points with a number each.", plane, task="regression"),
    "flats": DataSet(
        "Flats",
        "Flats with their area and year, and a price for each, scaled to -1 to 1.",
        flats,
        task="regression",
        x_scaled="standardise(x, rows)",
        input_names=("area", "year"),
    ),
    "hills": DataSet("Hills", "Points with a number each.", hills, task="regression"),
    "curve": DataSet(
        "Curve", "One input with a number for each value.", curve, 1, task="regression"
    ),
}
