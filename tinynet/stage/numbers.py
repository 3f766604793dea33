"""Numbers for the browser: as it is sent them, and as they are written in a sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tinynet.training.run import FloatArray

SMALLEST = 0.00005  # below it four digits would show nothing, and an exponent is written


@dataclass(frozen=True, eq=False)
class Start:
    """An array to send, of which the browser knows all but where it starts."""

    array: FloatArray


class Cargo:
    """Arrays to send, each of them once; who needs one says where it stands."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}
        self._arrays: list[FloatArray] = []  # kept, for a place is known by its array's identity
        self._count = 0

    def place(self, each: FloatArray | Start) -> Any:
        """Take an array in; return where it starts, in numbers, and its shape if that is wanted."""
        if isinstance(each, Start):
            return self.place(each.array)["start"]
        if id(each) not in self._places:
            self._places[id(each)] = self._count
            self._arrays.append(each)
            self._count += each.size
        return {"start": self._places[id(each)], "shape": each.shape}

    def to_bytes(self) -> bytes:
        """Return all that was taken in, as 32-bit numbers."""
        return b"".join(each.astype("<f4").tobytes() for each in self._arrays)


def packed(facts: dict[str, Any], first: bytes = b"") -> bytes:
    """Return the length of the facts (4 bytes), the facts as JSON, and the numbers.

    A component takes either JSON or bytes, so the few facts travel in front of the many numbers. An
    array among the facts says where its numbers start, counted from behind those that come first.
    """
    cargo = Cargo()
    head = json.dumps(facts, default=cargo.place).encode()
    head += b" " * (-len(head) % 4)  # the numbers start where a 32-bit number may
    return len(head).to_bytes(4, "little") + head + first + cargo.to_bytes()


def counted(value: object) -> int | None:
    """Return what the browser has counted, from 0; None if it is no such number, but forged."""
    return value if type(value) is int and value >= 0 else None


def number(value: float) -> str:
    """Return a number with four digits behind the point, or an exponent if it is tiny."""
    tiny = value != 0 and abs(value) < SMALLEST
    return f"{value:.0e}" if tiny else f"{value + 0.0:.4f}"  # + 0.0 makes -0.0 a plain zero
