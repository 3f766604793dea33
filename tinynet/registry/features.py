"""The features: the columns that the network sees, made from the two inputs x1 and x2."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """A column of the network's inputs, (rows, 1), computed from the columns x1 and x2."""

    label: str
    code: str
    # JavaScript that computes it from the numbers x1 and x2; "" for no pictures.
    javascript: str = ""


FEATURES = {
    "x1": Feature("x₁", "x1", "x1"),
    "x2": Feature("x₂", "x2", "x2"),
    "x1^2": Feature("x₁²", "x1 ** 2", "x1 * x1"),
    "x2^2": Feature("x₂²", "x2 ** 2", "x2 * x2"),
    "x1*x2": Feature("x₁x₂", "x1 * x2", "x1 * x2"),
    "sin(x1)": Feature("sin x₁", "torch.sin(x1)", "Math.sin(x1)"),
    "sin(x2)": Feature("sin x₂", "torch.sin(x2)", "Math.sin(x2)"),
}
INPUTS = ("x1", "x2")  # the default
