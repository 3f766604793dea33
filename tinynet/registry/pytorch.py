"""PyTorch for the tables: fetched when first used, and float32 where nothing else is said.

The settings know the tables, and the page shows the settings before PyTorch is there, which takes
seconds to import. A caller may have set another default dtype, for the whole process; in a fresh
process, where the script runs, it is float32.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

_MAKES_NUMBERS = {"empty", "full", "linspace", "ones", "rand", "randn", "zeros"}


class Later:
    """A module that is fetched when something of it is first asked for."""

    def __init__(self, fetch: Callable[[], Any]) -> None:
        self._fetch = fetch

    def __getattr__(self, name: str) -> Any:
        module = self._fetch()
        value = getattr(module, name)
        if name in _MAKES_NUMBERS:
            value = partial(value, dtype=module.float32)
        setattr(self, name, value)  # so that it is not asked for again
        return value


torch: Any = Later(lambda: import_module("torch"))
nn: Any = Later(lambda: import_module("torch.nn"))
aten: Any = Later(lambda: import_module("torch").ops.aten)  # the operations that autograd calls


def evaluate(code: str, **names: object) -> Any:
    """Return what an entry's expression makes; never hand it a text that is in no table."""
    return eval(code, {"torch": torch, "nn": nn, **names})  # noqa: S307 - our own texts
