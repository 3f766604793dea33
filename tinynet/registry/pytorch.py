"""PyTorch for the tables: imported at its first use, with float32 as the default dtype.

Settings need the tables, and the page shows the settings before PyTorch is imported, which takes
seconds. A caller may have set another default dtype for the process; the script runs with float32.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

_FACTORIES = {"empty", "full", "linspace", "ones", "rand", "randn", "zeros"}


class LazyModule:
    """A module that is imported when an attribute is first read."""

    def __init__(self, fetch: Callable[[], Any]) -> None:
        self._fetch = fetch

    def __getattr__(self, name: str) -> Any:
        module = self._fetch()
        value = getattr(module, name)
        if name in _FACTORIES:
            value = partial(value, dtype=module.float32)
        setattr(self, name, value)  # later reads skip this method
        return value


torch: Any = LazyModule(lambda: import_module("torch"))
nn: Any = LazyModule(lambda: import_module("torch.nn"))


def evaluate(code: str, **names: object) -> Any:
    """Evaluate an entry's expression; never pass a text from outside the tables."""
    return eval(code, {"torch": torch, "nn": nn, **names})  # noqa: S307 - our own texts
