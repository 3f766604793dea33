"""How the measurements are printed: one table, its first row the measure of the others."""

from __future__ import annotations

import statistics


def print_table(times: dict[str, list[float]], unit: str) -> None:
    """Print the median, the middle half and the ratio to the first row's median, as Markdown."""
    print(f"| | p50, {unit} | half of all | ratio |\n|---|---|---|---|")
    measure = statistics.median(next(iter(times.values())))
    for name, each in times.items():
        low, median, high = statistics.quantiles(each, n=4)
        print(f"| {name} | {median:.0f} | {low:.0f} to {high:.0f} | {median / measure:.2f} |")
