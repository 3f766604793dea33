"""The data sets: each a function that a reader can read, and that the script contains as it stands.

Every function returns the inputs x, (rows, inputs), and the targets y, (rows, 1), in float32; of
several classes y holds their numbers, (rows,), in int64, as nn.CrossEntropyLoss takes them. The
inputs reach from about -2 to 2, like the article's. The classes take turns: of two, every second
row is of class 1. `noise` is the standard deviation of what is added to the inputs of classes, or
to the targets of a regression. `start` holds settings to start from, by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tinynet.registry.tasks import TASKS, TaskName

if TYPE_CHECKING:
    import torch
else:
    from tinynet.registry.pytorch import torch

ARTICLE = """\
x = torch.randn(batch_size, n_in)
y = torch.tensor([[1.0], [0.0], [0.0], [1.0], [1.0], [1.0], [0.0], [0.0], [1.0], [1.0]])"""

# Where one starts: every data set here, but for the article's, is learned so, with most seeds.
START: dict[str, Any] = {
    "hidden_units": (16, 16),
    "learning_rate": 0.03,
    "epochs": 200,
    "activation": "tanh",
    "optimizer": "adam",
}


@dataclass(frozen=True)
class DataSet:
    """Where rows come from: `draw(rows, noise, generator)` returns x and y."""

    label: str
    words: str  # for a reader of the script, about the rows
    draw: Callable[..., Any]
    inputs: int = 2
    task: TaskName = "binary"
    classes: int = 2  # of a regression it says nothing
    rows: int | None = None  # None is as many as one asks for, with as much noise
    code: str = ""  # stands in the script in place of the function
    names_sizes: bool = False  # whether that code is written with the names of the layers' widths
    moral: str = ""  # what it means to have learned these rows
    # What brings x and y to a size that a network learns from, once it is known which `rows` are
    # trained on: expressions; "" where they are so as they are drawn.
    x_scaled: str = ""
    y_scaled: str = ""
    input_names: tuple[str, ...] = ()  # where they have names, as those of the classes
    class_names: tuple[str, ...] = ()
    # Settings to start from, by the names of the knobs; all others are the article's.
    start: Mapping[str, Any] = field(default_factory=lambda: START, hash=False)

    @property
    def measures_rows(self) -> bool:
        """Whether the rows to train on decide how x or y is scaled."""
        return "rows" in f"{self.x_scaled}{self.y_scaled}"

    @property
    def outputs(self) -> int:
        """How many outputs a network needs for it."""
        return self.classes if TASKS[self.task].an_output_each else 1


def dummy(generator=None):
    """Return ten rows of random inputs, and answers that follow no rule."""
    x = torch.randn(10, 10, generator=generator)
    y = torch.zeros(10, 1)
    y[[0, 3, 4, 5, 8, 9]] = 1
    return x, y


def xor(rows, noise, generator=None):
    """Class 0 where the two inputs have the same sign, class 1 where they differ."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    x1 = 4 * torch.rand(rows, 1, generator=generator) - 2
    size = 2 * torch.rand(rows, 1, generator=generator)
    x2 = size * x1.sign() * (1 - 2 * y)
    x = torch.cat([x1, x2], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def circles(rows, noise, generator=None):
    """Class 1 on a circle, class 0 on one of twice its size around it."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    angle = 2 * torch.pi * torch.rand(rows, 1, generator=generator)
    radius = 2 - y
    x = radius * torch.cat([angle.cos(), angle.sin()], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def moons(rows, noise, generator=None):
    """Two half moons that reach into each other."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    angle = torch.pi * torch.rand(rows, 1, generator=generator)
    side = 1 - 2 * y  # 1 for the upper moon, -1 for the lower
    x1 = side * (angle.cos() - 0.5)
    x2 = side * (angle.sin() - 0.25)
    x = torch.cat([x1, x2], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def gauss(rows, noise, generator=None):
    """Two round clouds, around (-1, -1) and (1, 1)."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    centre = 2 * y - 1
    return centre + (0.3 + noise) * torch.randn(rows, 2, generator=generator), y


def spiral(rows, noise, generator=None):
    """Two arms that wind around each other one and a half times."""
    y = (torch.arange(rows) % 2).float().reshape(rows, 1)
    way = torch.rand(rows, 1, generator=generator)  # 0 in the middle, 1 at the end
    angle = torch.pi * (3 * way + y)
    x = 2 * way * torch.cat([angle.cos(), angle.sin()], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def blobs(rows, noise, generator=None):
    """Three round clouds, at equal distances from each other."""
    y = torch.arange(rows) % 3
    angle = 2 * torch.pi / 3 * y.float().reshape(rows, 1)
    centre = 1.2 * torch.cat([angle.sin(), angle.cos()], dim=1)
    return centre + (0.3 + noise) * torch.randn(rows, 2, generator=generator), y


def arms(rows, noise, generator=None):
    """Three arms that wind around each other once."""
    y = torch.arange(rows) % 3
    way = torch.rand(rows, 1, generator=generator)  # 0 in the middle, 1 at the end
    angle = 2 * torch.pi * (way + y.float().reshape(rows, 1) / 3)
    x = 2 * way * torch.cat([angle.cos(), angle.sin()], dim=1)
    return x + noise * torch.randn(rows, 2, generator=generator), y


def plane(rows, noise, generator=None):
    """Numbers that rise with both inputs, from -1 to 1."""
    x = 4 * torch.rand(rows, 2, generator=generator) - 2
    y = (x[:, :1] + x[:, 1:]) / 4
    return x, y + noise * torch.randn(rows, 1, generator=generator)


def hills(rows, noise, generator=None):
    """Two hills and two hollows, from -1 to 1."""
    x = 4 * torch.rand(rows, 2, generator=generator) - 2
    y = (1.5 * x[:, :1]).sin() * (1.5 * x[:, 1:]).sin()
    return x, y + noise * torch.randn(rows, 1, generator=generator)


def curve(rows, noise, generator=None):
    """One and a quarter waves over one input, from -1 to 1."""
    x = 4 * torch.rand(rows, 1, generator=generator) - 2
    y = (2 * x).sin()
    return x, y + noise * torch.randn(rows, 1, generator=generator)


DATA_SETS = {
    "dummy": DataSet(
        "The article's batch",
        "Ten rows of random inputs, and the answer that each should get. There is no rule behind "
        "them:\na network can only learn these ten by heart.",
        dummy,
        inputs=10,
        rows=10,
        code=ARTICLE,
        names_sizes=True,
        moral="The inputs are pure noise, so it learned them by heart.",
        start={},
    ),
    "xor": DataSet(
        "Exclusive or",
        "Points of two classes: the class says whether the signs of the two inputs differ.",
        xor,
    ),
    "circles": DataSet("Circles", "Points of two classes, one around the other.", circles),
    "moons": DataSet("Moons", "Points of two classes, as two moons.", moons),
    "gauss": DataSet("Clouds", "Points of two classes, as two round clouds.", gauss),
    "spiral": DataSet("Spiral", "Points of two classes, on the two arms of a spiral.", spiral),
    "blobs": DataSet(
        "Three blobs",
        "Points of three classes, as three round clouds.",
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
    "plane": DataSet("Plane", "Points, and a number for each.", plane, task="regression"),
    "hills": DataSet("Hills", "Points, and a number for each.", hills, task="regression"),
    "curve": DataSet(
        "Curve", "One input, and a number for each of its values.", curve, 1, task="regression"
    ),
}
