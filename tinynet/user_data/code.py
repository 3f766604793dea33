"""The lines of the script that create x and y; texts of a file become literals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from inspect import getsource
from typing import TYPE_CHECKING, Any

from tinynet.registry import frames
from tinynet.registry.tasks import TASKS

if TYPE_CHECKING:
    from tinynet.user_data.table import Table

WIDTH = 96  # characters of a line of the script


def code_of(table: Table) -> Iterator[str]:
    """Yield the functions of a table, the lines that read its file, and those that make x and y."""
    for function in _functions(table):
        yield f"{getsource(function)}\n"
    yield f"frame = {table.sheet.call.code(table.sheet.file)}  # next to this file"
    yield from _recipes(table)
    yield f"inputs = {_in_lines(table.inputs)}"
    yield from _x(table)
    yield from _y(table)


def _functions(table: Table) -> list[Callable[..., Any]]:
    used = [each.function for each in table.recipes]
    if table.dates:
        used.append(frames.dates_as)
    if table.pixels and TASKS[table.task].has_classes:  # a regression has it for its target
        used.append(frames.scaled)
    if table.filled:
        used += [frames.columns_with_gaps, frames.usual_of, frames.filled]
    else:
        used.append(frames.columns_of)
    return list(dict.fromkeys(used))


def _recipes(table: Table) -> Iterator[str]:
    """Yield the lines that make numbers, days and classes of words."""
    calls: dict[str, list[str]] = {}
    for each in table.recipes:
        calls.setdefault(each.call, []).append(each.column)
    for call, names in calls.items():
        yield f"for name in {_in_lines(names)}:\n    frame[name] = {call}"


def _x(table: Table) -> Iterator[str]:
    target = repr(table.target)
    dropped = f"subset=[{target}]" if table.fills else ""
    yield f"frame = frame[[*inputs, {target}]].dropna({dropped})"
    columns = "frame[inputs]"
    if table.dates:
        dates, parts = _in_lines(table.dates), list(table.parts)
        yield f"columns = dates_as(frame[inputs], dates={dates}, parts={parts})"
        columns = "columns"
    encode = frames.columns_with_gaps if table.filled else frames.columns_of
    yield f"x = {encode.__name__}({columns}, words={_in_lines(table.words)})"


def _y(table: Table) -> Iterator[str]:
    target, task = repr(table.target), TASKS[table.task]
    if not task.has_classes:
        yield f"y = torch.tensor(frame[[{target}]].to_numpy(dtype=float, copy=True))"
        return
    yield f"classes = {_in_lines(table.classes)}"
    yield f"y = torch.tensor([classes.index(each) for each in frame[{target}]])"
    if not task.has_output_per_class:
        yield "y = y.float().reshape(-1, 1)"


def _in_lines(values: Sequence[Any]) -> str:
    """Return values as the code of a list, on as many lines as needed."""
    texts = list(map(repr, values))
    if sum(len(each) + 2 for each in texts) < WIDTH - 24:
        return f"[{', '.join(texts)}]"
    lines = [""]
    for text in texts:
        if lines[-1] and len(lines[-1]) + len(text) > WIDTH - 8:
            lines.append("")
        lines[-1] += f"{text}, "
    return "[\n" + "".join(f"    {line.rstrip()}\n" for line in lines) + "]"
