"""Sentences on how a table is read and used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tinynet.registry.tasks import TASKS
from tinynet.user_data.giveaways import doubt_of, tells_alone
from tinynet.user_data.words import counted, quoted, shortened

if TYPE_CHECKING:
    from tinynet.user_data.table import Table

_MOST_NAMED = 4  # columns with gaps that a sentence names


def story_of(table: Table) -> str:
    """Describe everything that was done to a file, in plain words."""
    told = [table.sheet.told[each] for each in table.columns if each in table.sheet.told]
    sentences = [*table.sheet.sentences, *(line for each in told for line in each.sentences)]
    sentences += [*_on_gaps(table), *_on_inputs(table), _on_target(table), *_on_answers(table)]
    return " ".join([*sentences, *_left_out(table)])


def _on_gaps(table: Table) -> Iterator[str]:
    if table.gaps:
        rows = f"{counted(table.gaps, 'row')} of {len(table.sheet):,}"
        columns = [table.target] if table.fills else table.columns
        counts = {each: table.sheet.column(each).gaps for each in columns}
        most = sorted((each for each in counts if counts[each]), key=lambda each: -counts[each])
        which = ", ".join(f"{counts[each]:,} in {shortened(each)}" for each in most[:_MOST_NAMED])
        more = f" and {len(most) - _MOST_NAMED} more columns" if len(most) > _MOST_NAMED else ""
        yield f"{rows} left out because of gaps: {which}{more}."
    if filled := table.filled:
        yield (
            f"Gaps of {quoted(filled)} filled with the mean or the most frequent word of the "
            f"training rows; {counted(len(filled), 'input')} more "
            f"{'says' if len(filled) == 1 else 'say'} where."
        )


def _on_inputs(table: Table) -> Iterator[str]:
    numbers, words = table.count_of_numbers, len(table.words)
    if table.dates:
        yield f"Of dates, {', '.join(table.parts)} are inputs."
    if pixels := table.pixels:
        side, ends = pixels.side, f"{pixels.low:g} to {pixels.high:g}"
        yield (
            f"The {numbers} inputs are the pixels of a picture, {side} × {side}, row by row; their "
            f"values, {ends}, become 0 to 1."
        )
    elif numbers:
        scaled = "standardised (mean and deviation of the training rows)"
        yield f"{counted(numbers, 'numeric column')} {scaled}."
    if words:
        columns = f"{counted(words, 'text column')} one-hot encoded"
        yield f"{columns} into {sum(table.widths)}."


def _on_target(table: Table) -> str:
    target = shortened(table.target)
    if TASKS[table.task].has_classes:
        return f"The target {target} is one of {len(table.class_names)} classes."
    sentence = f"The target {target} is a number, standardised too."
    doubt = doubt_of(table.sheet, table.sheet.column(table.target))
    return f"{sentence} {doubt} Then there is nothing to learn." if doubt else sentence


def _on_answers(table: Table) -> Iterator[str]:
    """Point out inputs that give the target away."""
    for each in table.inputs:
        doubt = doubt_of(table.sheet, table.sheet.column(each))
        if doubt:
            yield f"{doubt} Where rows are sorted by the target, that gives the answer away."
    classes = TASKS[table.task].has_classes
    if alone := tells_alone(table.frame, table.inputs, table.target, classes=classes):
        tells = "tells" if len(alone) == 1 else "each tell"
        yield f"{quoted(alone)} alone {tells} the target of every row: is it known before?"


def _left_out(table: Table) -> Iterator[str]:
    """Yield a sentence for each unused column on why it is not an input."""
    sheet = table.sheet
    for each in sheet.columns:
        if each.name in table.columns:
            continue
        if each.input_refusal:
            told = sheet.told[each.name].sentences if each.name in sheet.told else ()
            yield " ".join([f"Left out: {each.input_refusal}", *told])
        elif sheet.is_mostly_gaps(each):
            rows = f"{each.gaps:,} of {len(sheet):,} rows"
            yield f"Left out: {shortened(each.name)} has a gap in {rows}."
        elif doubt := doubt_of(sheet, each):
            yield f"Left out: {doubt}"
