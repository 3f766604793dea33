"""All rows of a script -> the data that TinyNet has, or a stand-in."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tinynet.export.rows import data_cells, scaling_cells
from tinynet.reading.findings import Findings
from tinynet.reading.known import DATA, known_functions, made_from
from tinynet.reading.rows import Rows, Split, bare
from tinynet.reading.statements import Statements
from tinynet.reading.values import Made, Value, constant, is_made
from tinynet.registry.data_sets import ARTICLE, DATA_SETS
from tinynet.registry.scales import SCALES
from tinynet.registry.tasks import TaskName
from tinynet.settings import Settings
from tinynet.user_data import DataError, Painting, Table, table
from tinynet.user_data.examples import EXAMPLES
from tinynet.user_data.painting import MIDDLE, STEPS, STEPS_OF_A_NUMBER

# The data sets of scikit-learn that resemble ours; the points differ.
ALIKE = {"make_moons": "moons", "make_circles": "circles", "make_blobs": "blobs"}
SKLEARN_ROWS = 100  # unless the script says how many
WHOLE = 1e-9  # how far a number may lie from a step of a painting


def take_data(
    split: Split, inputs: Value, task: TaskName, tables: Iterable[Table], findings: Findings
) -> None:
    """Take the data, the rows and the noise; take a stand-in for unknown data."""
    for reader in (_article, _built_in, _alike, _painted):
        if reader(split.rows, task, findings):
            break
    else:
        if not _scaled(split, findings) and not _from_file(split, tables, findings):
            _stand_in(split.rows, inputs, task, findings)


def _article(rows: Rows, _: TaskName, findings: Findings) -> bool:
    """Take the article's batch, which has random inputs and literal targets."""
    sizes = {"batch_size": 10, "n_in": 10}
    x, y = (made_from(line.partition(" = ")[2], **sizes) for line in ARTICLE.splitlines())
    if not is_made(rows.x, x.name) or rows.x != x:
        return False
    findings.take("data", "dummy", rows.x.lines)
    if _numbers(rows.y) == constant(y.parts[0]):
        findings.understand(rows.y.lines, "the article's targets")
    else:
        line = rows.y.line if is_made(rows.y) else rows.x.line
        findings.refuse(line, "The article's batch has other targets.")
    return True


def _built_in(rows: Rows, _: TaskName, findings: Findings) -> bool:
    drawn = rows.x.parts[0] if is_made(rows.x, "[]") else None
    if not is_made(drawn) or not drawn.name.startswith(DATA):
        return False
    if DATA_SETS[drawn.name.removeprefix(DATA)].x_scaled:
        return False
    _take_drawn(drawn, findings)
    return True


def _take_drawn(drawn: Made, findings: Findings) -> None:
    """Take the data set, the rows and the noise from a call of one of our own data sets."""
    findings.take("data", drawn.name.removeprefix(DATA), drawn.lines)
    given = {**dict(zip(("rows", "noise"), drawn.parts, strict=False)), **dict(drawn.named)}
    for name in ("rows", "noise"):
        if name in given:
            findings.take(name, given[name], drawn.lines)


def _scaled(split: Split, findings: Findings) -> bool:
    """Take one of our own data sets with scaled inputs, and the scale."""
    drawn = next((each for each in split.rows.made if each.name.startswith(DATA)), None)
    if drawn is None:
        return False
    _take_drawn(drawn, findings)
    names = ("data", "rows", "noise")
    known = {name: findings.values[name] for name in names if name in findings.values}
    if not _take_scale(split, known, findings):
        findings.refuse(drawn.line, "TinyNet scales these inputs in its own way.")
    return True


def _take_scale(split: Split, known: Mapping[str, Any], findings: Findings) -> bool:
    """Take the scale with which our own script for these settings makes the same rows."""
    for scale in SCALES:
        if split.rows == _rows_of(replace(Settings(**known), scale=scale), split.count):
            lines = split.rows.x.lines if is_made(split.rows.x) else {1}
            findings.take("scale", scale, lines)
            return True
    return False


def _alike(rows: Rows, _: TaskName, findings: Findings) -> bool:
    """Take our own data set in place of a similar data set of scikit-learn."""
    for each in rows.made:
        name = each.name.removeprefix("sklearn.datasets.")
        if name in ALIKE:
            first = {"n_samples": each.parts[0]} if each.parts else {}
            given = {"n_samples": SKLEARN_ROWS, **first, **dict(each.named)}
            findings.take("data", ALIKE[name], each.lines)
            findings.take("rows", given["n_samples"], each.lines)
            if "noise" in given:
                findings.take("noise", given["noise"], each.lines)
            label = DATA_SETS[ALIKE[name]].label
            findings.refuse(each.line, f"TinyNet's own data set {label} stands in: other points.")
            return True
    return False


def _painted(rows: Rows, task: TaskName, findings: Findings) -> bool:
    """Take rows of two inputs that the script contains as numbers; they become a painting."""
    x, y = _numbers(rows.x), _numbers(rows.y)
    if x is None or y is None:
        return False
    per_unit, zero = (STEPS_OF_A_NUMBER, MIDDLE) if task == "regression" else (1, 0)
    try:
        points = [
            (_byte(x1, STEPS, MIDDLE), _byte(x2, STEPS, MIDDLE), _byte(_one(each), per_unit, zero))
            for (x1, x2), each in zip(x, y, strict=True)
        ]
        painting = Painting(tuple(points), numbers=task == "regression")
    except (DataError, OverflowError, TypeError, ValueError):
        return False
    findings.take("data", painting, {*rows.x.lines, *rows.y.lines})
    return True


def _byte(number: Any, steps: int, zero: int) -> int:
    """Return the byte that encodes a number in a painting; ValueError if no byte does."""
    byte: int = round(number * steps) + zero
    if abs((byte - zero) / steps - number) > WHOLE:
        raise ValueError(number)
    return byte


def _one(answer: Any) -> Any:
    """Return the number of a target, which may be a list of one number."""
    if not isinstance(answer, list):
        return answer
    (number,) = answer
    return number


def _numbers(value: Value) -> Any:
    """Return the rows as lists if the script contains them as numbers; None otherwise."""
    try:
        numbers = constant(bare(value))
    except ValueError:
        return None
    return numbers if isinstance(numbers, list) else None


def _from_file(split: Split, tables: Iterable[Table], findings: Findings) -> bool:
    """Take the table of the file that the script reads, if TinyNet has it."""
    made = split.rows.made
    read = [each for each in made if each.name == "pandas.read_csv" and each.parts]
    if not read:
        return False
    name, line = read[0].parts[0], read[0].line
    found = next(
        (each for each in _with_examples(tables) if name in (each.sheet.file, each.sheet.name)),
        None,
    )
    if not found:
        findings.refuse(line, "TinyNet does not have this file: give its table to read_script.")
        return False
    findings.take("data", found, {line for each in made for line in each.lines})
    if not _take_scale(split, {"data": found}, findings):
        findings.refuse(line, "TinyNet prepares the rows of this file in its own way.")
    return True


def _with_examples(tables: Iterable[Table]) -> Iterator[Table]:
    yield from tables
    for each in EXAMPLES:
        yield table(each.sheet, target=each.target, inputs=each.inputs)


def _rows_of(settings: Settings, count: int) -> Rows:
    """Return the rows as our own script for these settings makes them."""
    rows = settings.data_set.rows or settings.rows
    settings = replace(settings, test_share=share_of(count, rows))
    cells = [*data_cells(settings), *scaling_cells(settings)]
    text = "\n".join(
        ["import pandas as pd, torch", *(each.text for each in cells if each.kind == "code")]
    )
    scope = Statements(known_functions()).read(ast.parse(text))
    return Rows(scope["x"][0], scope["y"][0])


def share_of(count: int, all_rows: int) -> float:
    """Return the share with the fewest digits that gives `count` test rows."""
    shares = (round(count / all_rows, digits) for digits in range(1, 17))
    return next((each for each in shares if round(all_rows * each) == count), count / all_rows)


def _stand_in(rows: Rows, inputs: Value, task: TaskName, findings: Findings) -> None:
    """Take another data set for the same task, with the same number of inputs if possible."""
    alike = [name for name, each in DATA_SETS.items() if each.task == task]
    name = next((each for each in alike if DATA_SETS[each].inputs == inputs), alike[0])
    lines = {line for each in rows.made for line in each.lines} or {1}
    findings.values["data"] = name
    label = DATA_SETS[name].label
    words = f"TinyNet does not have these rows; the data set {label} stands in for them."
    findings.refuse(max(lines), words)
