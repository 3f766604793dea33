"""Numbers sent to the browser, and numbers in a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.node import Module
from tinynet.stage.numbers import ArrayPacker, decimal_text, read_count


def test_numbers_have_four_digits_or_an_exponent() -> None:
    assert [decimal_text(value) for value in (1.23456, -0.0001, 0.00009996, 0.00004, -0.0)] == [
        *("1.2346", "-0.0001", "0.0001", "4e-05", "0.0000")
    ]


def test_the_browser_writes_numbers_as_python_does(module: Module) -> None:
    sizes = 10 ** np.random.default_rng(3).uniform(-12, 12, size=2_000)
    values = np.concatenate([sizes, -sizes, [0.0, np.nan, np.inf, -np.inf, 0.00005, 0.00004999]])
    values = values.astype(np.float32).astype(float)
    written: list[str] = module.evaluate("(all) => all.map(pure.format)", values.tolist())

    assert written == [decimal_text(value) for value in values.tolist()]


def test_each_array_travels_once_and_is_found_where_it_stands() -> None:
    one, other = np.arange(6, dtype=np.float32).reshape(2, 3), np.array([7.5], np.float32)
    cargo = ArrayPacker()
    places = [cargo.add(each) for each in (one, other, one)]

    assert [place["start"] for place in places] == [0, 6, 0]
    assert [tuple(place["shape"]) for place in places] == [(2, 3), (1,), (2, 3)]
    assert np.frombuffer(cargo.to_bytes(), "<f4").tolist() == [0, 1, 2, 3, 4, 5, 7.5]


@pytest.mark.parametrize("forged", [None, True, -1, 1.5, "1", [1], {}, float("nan")])
def test_what_the_browser_has_counted_is_a_whole_number_from_0_or_nothing(forged: Any) -> None:
    assert read_count(forged) is None
    assert [read_count(each) for each in (0, 7, 10**9)] == [0, 7, 10**9]
