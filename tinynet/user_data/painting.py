"""A painting: points that a visitor has put on the plane, each with a class or a number."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain
from typing import Any, ClassVar

from tinynet.registry.data_sets import DataSet
from tinynet.registry.pytorch import torch
from tinynet.registry.tasks import TaskName
from tinynet.user_data.data import DataError, UserData

MOST_POINTS = 200
MOST_CLASSES = 3  # as many colours as everyone can tell apart
BYTES_OF_A_POINT = 3
MIDDLE, HIGHEST = 128, 255  # the middle and the highest value of a byte
# Per unit: a byte is a coordinate from -2.56 to 2.54, or a number from -1.28 to 1.27.
STEPS, STEPS_OF_A_NUMBER = 50, 100

Point = tuple[int, int, int]


@dataclass(frozen=True)
class Painting(UserData):
    """Points in the order in which they were painted; DataError for invalid points.

    A point is x, y, and a class or a number, one byte each, so that a link can hold it. There are
    two classes, or three if the third class has a point.
    """

    points: tuple[Point, ...]
    numbers: bool = False  # whether the points have numbers instead of classes

    kind: ClassVar[str] = "painting"

    def __post_init__(self) -> None:
        """Check all bytes."""
        points = tuple(map(tuple, self.points))
        if not 1 <= len(points) <= MOST_POINTS:
            raise DataError(f"A painting must have 1 to {MOST_POINTS} points, not {len(points)}.")
        most = HIGHEST if self.numbers else MOST_CLASSES - 1
        if not all(_is_point(each, most) for each in points):
            target = "a number" if self.numbers else "a class"
            message = f"A point must be two coordinates from 0 to {HIGHEST} and {target}"
            raise DataError(f"{message} from 0 to {most}, all whole numbers.")
        object.__setattr__(self, "points", points)

    def __repr__(self) -> str:
        """Return the number of points, and a fingerprint."""
        return f"Painting({len(self.points)} points, {self._fingerprint[:12]})"

    @property
    def brief(self) -> str:
        """The number of points, and a short fingerprint."""
        return f"painting of {len(self.points)} points ({self._fingerprint[:4]})"

    @cached_property
    def _fingerprint(self) -> str:
        return sha256(self.text().encode()).hexdigest()

    def word(self) -> str:
        """Return all bytes in base64; the first byte says whether the points have numbers."""
        packed = bytes([self.numbers, *chain.from_iterable(self.points)])
        return urlsafe_b64encode(packed).decode().rstrip("=")

    @cached_property
    def data_set(self) -> DataSet:
        """The points as a data set."""
        target = "a number" if self.numbers else "a class"
        return DataSet(
            "Painting",
            f"Points painted by hand: two inputs and {target} each.",
            self._draw,
            task=self._task,
            classes=MOST_CLASSES if self._has_third_class else 2,
            rows=len(self.points),
            code=self._code(),
        )

    @property
    def _task(self) -> TaskName:
        if self.numbers:
            return "regression"
        return "multiclass" if self._has_third_class else "binary"

    @property
    def _has_third_class(self) -> bool:
        last = MOST_CLASSES - 1
        return not self.numbers and any(answer == last for _, _, answer in self.points)

    def _places(self) -> list[list[float]]:
        """Return the inputs of all points."""
        return [[(each - MIDDLE) / STEPS for each in point[:2]] for point in self.points]

    def _answers(self) -> list[Any]:
        """Return the targets: class indices for three classes, otherwise a column."""
        answers = [answer for _, _, answer in self.points]
        if self.numbers:
            return [[(each - MIDDLE) / STEPS_OF_A_NUMBER] for each in answers]
        return answers if self._has_third_class else [[float(each)] for each in answers]

    def _draw(self, generator: object = None) -> Any:  # noqa: ARG002 - nothing is random
        """Return x and y."""
        dtype = torch.int64 if self._has_third_class else torch.float32
        y = torch.tensor(self._answers(), dtype=dtype)
        return torch.tensor(self._places(), dtype=torch.float32), y

    def _code(self) -> str:
        """Return the lines of the script that create x and y."""
        x, y = _in_lines(self._places(), 6), _in_lines(self._answers(), 12)
        return f"x = torch.tensor([\n{x}])\ny = torch.tensor([\n{y}])"


def _in_lines(values: list[Any], count: int) -> str:
    """Return values as lines of a list, `count` in each."""
    starts = range(0, len(values), count)
    lines = (", ".join(map(repr, values[start : start + count])) for start in starts)
    return "".join(f"    {line},\n" for line in lines)


def _is_point(point: tuple[Any, ...], most: int) -> bool:
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in point)
    bounds = (HIGHEST, HIGHEST, most)
    if not whole or len(point) != BYTES_OF_A_POINT:
        return False
    return all(0 <= each <= bound for each, bound in zip(point, bounds, strict=True))


def read_painting(word: str) -> Painting:
    """Return the painting that a parameter of the address encodes; DataError if it encodes none."""
    longest = 4 * (MOST_POINTS + 1)
    try:
        packed = urlsafe_b64decode(word[:longest].encode("ascii") + b"==")
    except (binascii.Error, UnicodeEncodeError):
        raise DataError("A painting must be encoded in letters, digits, - and _.") from None
    head, body = packed[:1], packed[1:]
    if head not in (b"\0", b"\1") or len(body) % BYTES_OF_A_POINT or len(word) > longest:
        raise DataError("This encodes no painting.")
    points = zip(*(body[each::BYTES_OF_A_POINT] for each in range(BYTES_OF_A_POINT)), strict=True)
    return Painting(tuple(points), numbers=head == b"\1")
