"""The words of a column -> how its dates are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tinynet.user_data.shapes import FEWEST_NUMBERS

_DAYS = {  # patterns of dates, and how dates of a pattern may be written
    r"\d{4}-\d\d?-\d\d?": ("%Y-%m-%d",),
    r"\d{4}/\d\d?/\d\d?": ("%Y/%m/%d",),
    r"\d\d?\.\d\d?\.\d{4}": ("%d.%m.%Y",),
    r"\d\d?\.\d\d?\.\d{2}": ("%d.%m.%y",),
    r"\d\d?/\d\d?/\d{4}": ("%m/%d/%Y", "%d/%m/%Y"),
    r"\d\d?/\d\d?/\d{2}": ("%m/%d/%y", "%d/%m/%y"),
    r"\d\d?-\d\d?-\d{4}": ("%d-%m-%Y", "%m-%d-%Y"),
    r"\d\d? [A-Za-z]{3} \d{4}": ("%d %b %Y",),
    r"\d\d?-[A-Za-z]{3}-\d{4}": ("%d-%b-%Y",),
    r"\d\d?-[A-Za-z]{3}-\d{2}": ("%d-%b-%y",),
    r"\d\d? ([A-Za-z]{4,9}|May) \d{4}": ("%d %B %Y",),
    r"[A-Za-z]{3} \d\d?,? \d{4}": ("%b %d, %Y", "%b %d %Y"),
    r"[A-Za-z]{3}-\d\d?-\d{4}": ("%b-%d-%Y",),
    r"([A-Za-z]{4,9}|May) \d\d?, \d{4}": ("%B %d, %Y",),
}
_TIMES = {
    "": "",
    r" \d\d?:\d\d": " %H:%M",
    r" \d\d?:\d\d:\d\d": " %H:%M:%S",
    r" \d\d?:\d\d [AaPp][Mm]": " %I:%M %p",
    r" \d\d?:\d\d:\d\d [AaPp][Mm]": " %I:%M:%S %p",
}
_DATES: dict[str, tuple[str, ...]] = {
    r"\d{4}-\d\d?-\d\d?[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?": ("ISO8601",),
    r"\d{4}-\d\d": ("%Y-%m",),
    r"(1[789]|20)\d{6}": ("%Y%m%d",),
    r"[A-Za-z]{3}[ -]\d{4}": ("%b %Y", "%b-%Y"),
    **{
        day + time: tuple(f"{each}{clock}" for each in ways)
        for time, clock in _TIMES.items()
        for day, ways in _DAYS.items()
    },
}


def ways_of_dates(words: Sequence[str]) -> list[str]:
    """Return how these dates may be written, as pandas' formats; [] if they are no dates."""
    import pandas as pd  # noqa: PLC0415 - half a second to import

    for pattern, ways in _DATES.items():
        if not words or not re.fullmatch(pattern, words[0], re.ASCII):
            continue
        is_few = words[0].isdigit() and len(words) < FEWEST_NUMBERS  # they may be numbers
        if is_few or not all(re.fullmatch(pattern, each, re.ASCII) for each in words):
            continue
        return [
            way
            for way in ways
            if pd.to_datetime(pd.Series(words), format=way, errors="coerce", utc=True).notna().all()
        ]
    return []
