"""Film -> a film that compresses better and in which every number still prints the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tinynet.stage.numbers import SMALLEST
from tinynet.training.film import Film
from tinynet.training.record import FloatArray

FRACTION = 23  # bits of a 32-bit float after the point
DECIMALS = 1e-4  # the last digit of a number that is not tiny
COARSE = 7  # bits of a weight that is not drawn
MOST_EDGES = 1300  # that layout.js draws
NAMED = 3  # the largest weights of a state, which words.js names
NEAR = 0.99  # of the weakest drawn weight, since the browser ranks rounded weights
CLEAR = 0.001  # of the last digit; a number that is closer to a tie keeps all its bits


def rounded(reel: Film, widths: Sequence[int]) -> Film:
    """Return a film with as few bits as possible for a network with layers of these widths.

    If a layer has too many weights to draw, its other weights only tint the plane.
    """
    drawn = _drawn(reel.parameters, widths)
    coarse = _with_bits(reel.parameters, COARSE)
    return replace(
        reel,
        parameters=np.where(drawn, _rounded(reel.parameters), coarse),
        gradients=np.where(drawn, _rounded(reel.gradients), np.float32(0)),
        hidden=_rounded(reel.hidden),
    )


def _drawn(parameters: FloatArray, widths: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Tell which parameters are shown: biases, and the strongest weights of a layer or a state."""
    sizes = np.abs(np.where(np.isfinite(parameters), parameters, 0))
    peaks = sizes.max(axis=0)
    drawn, start, most = np.ones(len(peaks), bool), 0, MOST_EDGES // (len(widths) - 1)
    for inputs, units in pairwise(widths):
        weights = slice(start, start + inputs * units)
        if inputs * units > most:
            weakest = np.partition(peaks[weights], -most)[-most]
            drawn[weights] = peaks[weights] >= NEAR * weakest
        start += (inputs + 1) * units
    drawn[np.argsort(sizes, axis=1)[:, -NAMED:]] = True
    return drawn


def _rounded(numbers: FloatArray) -> FloatArray:
    """Round each number to the fewest bits with which it prints the same."""
    made = numbers.astype(np.float32)
    with np.errstate(all="ignore"):  # numbers that are 0 or not finite stay as they are
        for bits in range(FRACTION - 1, 0, -1):
            fewer = _with_bits(numbers, bits)
            made = np.where(_print_the_same(numbers, fewer), fewer, made)
    return made


def _with_bits(numbers: FloatArray, bits: int) -> FloatArray:
    unit = np.uint32(1 << (FRACTION - bits))
    words = np.ascontiguousarray(numbers, np.float32).view(np.uint32)
    fewer: FloatArray = ((words + unit // 2) & ~(unit - 1)).view(np.float32)
    return fewer


def _print_the_same(one: FloatArray, other: FloatArray) -> npt.NDArray[np.bool_]:
    """Tell which numbers certainly print the same last digit."""
    scale = _scale(one)
    digits, others = one / scale, other / scale
    is_clear = np.abs(digits - np.floor(digits) - 0.5) > CLEAR
    is_other_clear = np.abs(others - np.floor(others) - 0.5) > CLEAR
    is_same = (np.rint(digits) == np.rint(others)) & (scale == _scale(other))
    same: npt.NDArray[np.bool_] = is_same & is_clear & is_other_clear & np.isfinite(digits)
    return same


def _scale(numbers: FloatArray) -> npt.NDArray[np.float64]:
    """Return the last printed digit: the fourth decimal; of a tiny number, the first digit."""
    size = np.abs(numbers.astype(np.float64))
    return np.where(size < SMALLEST, 10.0 ** np.floor(np.log10(size)), DECIMALS)
