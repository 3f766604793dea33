"""Records: frozen dataclasses whose arrays cannot be written."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
ByteArray = npt.NDArray[np.uint8]


def frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a copy backed by `bytes`, which stays read-only; return a frozen array itself."""
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if isinstance(owner, bytes) and not array.flags.writeable:  # unpickled arrays are writeable
        return array
    return np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape)


class Record:
    """The base of frozen dataclasses with read-only arrays."""

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for name, value in [*vars(self).items()]:
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, frozen(value))

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by making a new record, which freezes its arrays again."""
        made = [each.name for each in fields(self) if each.init]  # type: ignore[arg-type]
        return type(self), tuple(getattr(self, name) for name in made)

    @property
    def nbytes(self) -> int:
        """The size of the arrays in bytes, including those of nested records."""
        values = vars(self).values()
        return sum(each.nbytes for each in values if isinstance(each, np.ndarray | Record))
