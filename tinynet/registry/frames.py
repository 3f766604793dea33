"""From a pandas frame to tensors: functions whose source the script contains."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tinynet.registry.pytorch import LazyModule

if TYPE_CHECKING:
    import pandas as pd
    import torch
else:
    from tinynet.registry.pytorch import torch

    pd: Any = LazyModule(lambda: import_module("pandas"))  # takes half a second to import


def numbers_in(words, decimal=".", drop=(), gaps=()):
    """Return the numbers that words write; empty words and `gaps` become gaps."""
    words = words.astype(str).fillna("").str.strip()
    words = words.mask(words.isin(["", *gaps]))
    for mark in drop:
        words = words.str.replace(mark, "", regex=False)
    words = words.str.replace(decimal, ".", regex=False).str.replace(
        "[\u2212\u2013]", "-", regex=True
    )
    return pd.to_numeric(words.str.strip())


def words_in(words, gaps=(), *, exact=False):
    """Write words that differ in case or outer blanks alike, as most rows do, unless `exact`."""
    words = words.astype(str).fillna("")
    if not exact:
        words = words.str.strip()
        counts = words.value_counts().sort_index(ascending=False).sort_values(kind="stable")
        usual = {word.casefold(): word for word in counts.index}
        words = words.map(lambda word: usual[word.casefold()])
    return words.mask(words.isin(["", *gaps]))


def days_in(words, written=None, gaps=()):
    """Return the days since 1970 of dates, or of words in which dates are `written`."""
    if written:
        words = words.astype(str).fillna("").str.strip()
        words = words.mask(words.isin(["", *gaps]))
    dates = pd.to_datetime(words, format=written, utc=True)
    return (dates - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(days=1)


def dates_as(frame, dates, parts):
    """Replace each column of `dates`, in days since 1970, by these parts of its dates."""
    for name in dates:
        date = pd.to_datetime(frame[name] // 1, unit="D")
        if "year" in parts:
            frame = frame.assign(**{f"{name} (year)": date.dt.year})
        if "month" in parts:
            frame = frame.assign(**{f"{name} (month)": date.dt.month_name()})
        if "weekday" in parts:
            frame = frame.assign(**{f"{name} (weekday)": date.dt.day_name()})
        if "days" not in parts:
            frame = frame.drop(columns=name)
    return frame


def columns_of(frame, words):
    """Return the columns as numbers; one-hot encode the columns in `words`."""
    frame = pd.get_dummies(frame, columns=words, dtype=float)
    return torch.tensor(frame.to_numpy(dtype=float, copy=True))


def columns_with_gaps(frame, words):
    """Return the same columns with gaps as nan, then a column of 0 and 1 for each that has gaps."""
    columns = [frame.drop(columns=words)]
    for name in words:
        encoded = pd.get_dummies(frame[[name]], columns=[name], dtype=float)
        encoded.loc[frame[name].isna()] = float("nan")
        columns.append(encoded)
    gaps = frame.isna()
    columns.append(gaps.loc[:, gaps.any()])
    return torch.tensor(pd.concat(columns, axis=1).to_numpy(dtype=float, copy=True))


def scale_of(x, rows):
    """Return the mean and the deviation of each column over these rows; 1 if it is constant."""
    known = x[rows]
    mean, deviation = known.mean(dim=0), known.std(dim=0, correction=0)
    # The deviation of tiny numbers may be 0 too: their squares are too small for a float.
    deviation[(known.amin(dim=0) == known.amax(dim=0)) | (deviation == 0)] = 1
    return mean, deviation


def scaled(x, mean, deviation):
    """Scale each column; keep rows that lie far away within a million deviations."""
    return ((x - mean) / deviation).clamp(-1e6, 1e6).float()


def standardise(x, rows):
    """Scale each column to mean 0 and deviation 1 over these rows, unless it is constant there."""
    return scaled(x, *scale_of(x, rows))


def usual_of(x, rows, numbers, words):
    """Return what fills the gaps of each column: the mean or the most frequent word of these rows.

    The first columns are `numbers`; `words` holds how many columns each column of words has become.
    """
    usual = x[rows].nanmean(dim=0).nan_to_num()
    start = numbers
    for count in words:
        most = usual[start : start + count].argmax()
        usual[start : start + count] = 0
        usual[start + most] = 1
        start += count
    return usual


def filled(x, usual):
    """Fill the gaps of each column."""
    return torch.where(x.isnan(), usual, x)
