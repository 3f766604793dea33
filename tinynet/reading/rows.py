"""The rows that a script trains on -> batches, test rows, features."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet.reading.findings import Findings
from tinynet.reading.known import made_from
from tinynet.reading.values import Made, Value, everything_in, is_made, items_of
from tinynet.registry.features import FEATURES

LOADER, TENSORS = "torch.utils.data.DataLoader", "torch.utils.data.TensorDataset"
SPLITS = ("sklearn.model_selection.train_test_split",)
SHUFFLES = ("torch.randperm", "numpy.random.permutation")
ARRAYS = {"torch.tensor", "torch.Tensor", "torch.FloatTensor", "torch.LongTensor", "numpy.array"}
# Functions and methods that change the form of the rows, but none of their numbers.
FORMS = {*ARRAYS, "torch.from_numpy", "torch.as_tensor", "numpy.asarray", ".reshape()"}
FORMS |= {".view()", ".unsqueeze()", ".long()", ".astype()", ".values", ".to_numpy()"}
A_QUARTER = 0.25  # the default share of test rows in train_test_split


@dataclass(frozen=True)
class Rows:
    """The inputs and targets of one batch in a script."""

    x: Value
    y: Value

    @property
    def made(self) -> list[Made]:
        """All made values in the inputs and the targets."""
        return [*everything_in(self.x), *everything_in(self.y)]


def bare(value: Value) -> Value:
    """Return rows as they are before the script changes their form."""
    while is_made(value) and value.name in FORMS and value.parts:
        value = value.parts[0]
    return value


def without_batches(rows: Rows, findings: Findings) -> Rows:
    """Take the size of the batches, if there are any; return all rows."""
    each = next((each for each in everything_in(rows.x) if each.name == "each"), None)
    if each is None:
        return rows
    (source,) = each.parts
    if is_made(source, LOADER):
        return _from_loader(source, findings)
    size = _size(source)
    if size is None:
        return rows
    findings.take("batch_size", size, source.lines)
    if not any(part.name in SHUFFLES for part in everything_in(rows.x)):
        findings.refuse(each.line, "TinyNet shuffles the rows in each epoch.")
    return Rows(*(value.parts[0] if is_made(value, "[]") else value for value in (rows.x, rows.y)))


def _size(source: Value) -> Value:
    """Return the size of a batch; the loop over the batches iterates over `source`."""
    if is_made(source, ".split()", "torch.split") and len(source.parts) > 1:
        return source.parts[1]
    if is_made(source, "range") and len(source.parts) == 3:  # noqa: PLR2004 - start, stop, step
        return source.parts[2]
    return None


def _from_loader(loader: Made, findings: Findings) -> Rows:
    named = dict(loader.named)
    parts = dict(zip(("dataset", "batch_size", "shuffle"), loader.parts, strict=False))
    given = {"batch_size": 1, "shuffle": False, **parts, **named}
    findings.take("batch_size", given["batch_size"], loader.lines)
    if given["shuffle"] is not True:
        findings.refuse(loader.line, "TinyNet shuffles the rows in each epoch.")
    data = given.get("dataset")
    pair = data.parts if is_made(data, TENSORS) else (items_of(data) or ())
    return Rows(*pair[:2]) if len(pair) > 1 else Rows(data, data)


@dataclass(frozen=True)
class Split:
    """All rows, and how many of them are test rows: a number, or a share."""

    rows: Rows
    count: int = 0
    share: float = 0.0
    lines: frozenset[int] = frozenset()


def without_test_rows(rows: Rows, findings: Findings) -> Split:
    """Return all rows, and the number or the share of the test rows."""
    x, y = bare(rows.x), bare(rows.y)
    if not (is_made(x, "[]") and is_made(y, "[]")):
        return Split(rows)
    source, index = x.parts
    if is_made(source, *SPLITS) and len(source.parts) > 1:
        findings.refuse(source.line, "TinyNet draws other test rows, as many.")
        share = dict(source.named).get("test_size", A_QUARTER)
        all_rows = Rows(*source.parts[:2])
        if isinstance(share, float):
            return Split(all_rows, share=share, lines=source.lines)
        return Split(all_rows, count=share if isinstance(share, int) else 0, lines=source.lines)
    is_drawn = is_made(index, "[]") and is_made(index.parts[0], *SHUFFLES)
    count = _start(index.parts[1]) if is_drawn else None
    if count is None:
        return Split(rows)
    return Split(Rows(source, y.parts[0]), count, lines=frozenset({x.line}))


def _start(index: Value) -> int | None:
    """Return the number of rows that an index such as [60:] leaves out."""
    start, *others = index.parts if is_made(index, "slice") else (None,)
    return start if isinstance(start, int) and not any(others) else None


def without_features(x: Value, findings: Findings) -> Value:
    """Take the features, if the inputs consist of known features; return the points."""
    joined = dict(zip(("columns", "dim"), x.parts, strict=False)) if is_made(x, "torch.cat") else {}
    columns = items_of(joined.get("columns"))
    if not columns:
        return x
    points = _points(columns)
    x1, x2 = (made_from(code, x=points) for code in ("x[:, :1]", "x[:, 1:]"))
    known = {name: made_from(each.code, x1=x1, x2=x2) for name, each in FEATURES.items()}
    names = [name for column in columns for name, made in known.items() if made == column]
    if points is None or len(names) != len(columns):
        return x
    findings.take("features", tuple(names), x.lines)
    return points


def _points(columns: list[Value]) -> Value:
    """Return the points from which these columns are computed."""
    for column in columns:
        for each in everything_in(column):
            if each.name == "[]" and is_made(each.parts[1], "tuple"):
                return each.parts[0]
    return None
