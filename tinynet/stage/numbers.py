"""Numbers for the browser: packed into bytes, and as text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tinynet.training.record import FloatArray

SMALLEST = 0.00005  # below it four decimals would show 0, so an exponent is written


@dataclass(frozen=True, eq=False)
class Offset:
    """An array whose shape the browser knows, so that it needs only the offset."""

    array: FloatArray


class ArrayPacker:
    """A packer of arrays, which stores each array once."""

    def __init__(self) -> None:
        self._offsets: dict[int, int] = {}
        self._arrays: list[FloatArray] = []  # kept alive, because offsets are looked up by identity
        self._count = 0

    def add(self, each: FloatArray | Offset) -> Any:
        """Store an array; return its offset (in numbers) and shape, or only the offset."""
        if isinstance(each, Offset):
            return self.add(each.array)["start"]
        if id(each) not in self._offsets:
            self._offsets[id(each)] = self._count
            self._arrays.append(each)
            self._count += each.size
        return {"start": self._offsets[id(each)], "shape": each.shape}

    def to_bytes(self) -> bytes:
        """Return all arrays as 32-bit numbers."""
        return b"".join(each.astype("<f4").tobytes() for each in self._arrays)


def packed(facts: dict[str, Any], first: bytes = b"") -> bytes:
    """Return the length of the facts (4 bytes), the facts as JSON, and the numbers.

    A component takes either JSON or bytes, so the facts travel before the numbers. Arrays among
    the facts become offsets into the numbers, counted from the end of `first`.
    """
    packer = ArrayPacker()
    head = json.dumps(facts, default=packer.add).encode()
    head += b" " * (-len(head) % 4)  # aligns the 32-bit numbers
    return len(head).to_bytes(4, "little") + head + first + packer.to_bytes()


def read_count(value: object) -> int | None:
    """Return a count that the browser sent; None if it is forged."""
    return value if type(value) is int and value >= 0 else None


def decimal_text(value: float) -> str:
    """Return a number with four decimals, or with an exponent if it is tiny."""
    tiny = value != 0 and abs(value) < SMALLEST
    return f"{value:.0e}" if tiny else f"{value + 0.0:.4f}"  # + 0.0 turns -0.0 into 0.0
