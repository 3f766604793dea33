"""PyTorch for the tables: fetched when first used, and float32 where nothing else is said.

The settings know the tables, and the page shows the settings before PyTorch is there, which takes
seconds to import. A caller may have set another default dtype, for the whole process; in a fresh
process, where the script runs, it is float32.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

_MAKES_NUMBERS = {"empty", "full", "linspace", "ones", "rand", "randn", "zeros"}


class _Later:
    """A module that is imported when something of it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        module = import_module(self._name)
        value = getattr(module, attribute)
        return partial(value, dtype=module.float32) if attribute in _MAKES_NUMBERS else value


torch: Any = _Later("torch")
nn: Any = _Later("torch.nn")


def evaluate(code: str, **names: object) -> Any:
    """Return what an entry's expression makes; never hand it a text that is in no table."""
    return eval(code, {"torch": torch, "nn": nn, **names})  # noqa: S307 - our own texts
