"""A file of new rows -> the same rows behind their answers, as CSV."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tinynet.training.prediction import Predictor
from tinynet.user_data.sheet import Sheet

if TYPE_CHECKING:
    import pandas as pd

# Spreadsheets calculate a cell that begins so, unless it is a number.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"\s*[+-]?[\d.,]+([eE][+-]?\d+)?\s*%?\s*")


def answered(predictor: Predictor, sheet: Sheet) -> pd.DataFrame:
    """Return the answers and probabilities, then the columns of the file as they are written."""
    import pandas as pd  # noqa: PLC0415 - half a second to import

    answers = predictor.predict(sheet)
    if predictor.settings.task.has_classes:  # a gap would turn whole numbers into decimals
        answers[answers.columns[0]] = answers.iloc[:, 0].convert_dtypes()
    given = sheet.written
    names = {each: _new_name(str(each), set(given.columns)) for each in answers.columns}
    return pd.concat([answers.rename(columns=names), given], axis=1)


def to_answers(predictor: Predictor, sheet: Sheet) -> bytes:
    """Return the same as CSV in which no word is a formula."""
    frame = answered(predictor, sheet).map(_harmless).rename(columns=_harmless)
    return frame.to_csv(index=False).encode("utf-8-sig")  # Excel would guess another encoding


def _new_name(name: str, taken: set[str]) -> str:
    """Return the name of an answer that no column of the file has."""
    while name in taken:
        name = f"predicted {name}"
    return name


def _harmless(cell: object) -> object:
    """Return a cell that a spreadsheet shows as it is: an apostrophe makes a formula a text."""
    if not isinstance(cell, str) or not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"
