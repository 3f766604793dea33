"""The tables of the measurements, in which the first row is the reference."""

from __future__ import annotations

import statistics


def print_table(values: dict[str, list[float]], unit: str, digits: int = 0) -> None:
    """Print the median, the middle half and the ratio to the first row's median, as Markdown."""
    print(f"\n| | {unit}, p50 | half of all | ratio |\n|---|---|---|---|")
    measure = statistics.median(next(iter(values.values())))
    for name, each in values.items():
        low, median, high = (f"{q:.{digits}f}" for q in statistics.quantiles(each, n=4))
        ratio = statistics.median(each) / measure
        print(f"| {name} | {median} | {low} to {high} | {ratio:.2f} |", flush=True)
