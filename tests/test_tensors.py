"""Tensors on the page: real tables, with every number, sign and shape."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from tinynet.colours import BLUE, ORANGE, faded
from tinynet.ui.tensors import heat_map, number

TENSOR = np.array([[0.5, -1.0, 0.0], [0.25, 1e-7, float("nan")]], np.float32)


def cells(html: str) -> list[ET.Element]:
    return list(ET.fromstring(html).iter("td"))  # noqa: S314 - our own, and well-formed at that


def test_every_number_stands_in_a_cell_in_order() -> None:
    assert [cell.text for cell in cells(heat_map("w", TENSOR))] == [
        *("0.5000", "-1.0000", "0.0000", "0.2500", "1e-07", "nan")
    ]


def test_the_colour_says_the_sign_and_its_strength_the_size() -> None:
    styles = [cell.attrib["style"] for cell in cells(heat_map("w", TENSOR))]

    assert styles[0] == f"background:{faded(BLUE, 0.3)}"
    assert styles[1] == f"background:{faded(ORANGE, 0.6)}"
    assert styles[2].endswith(",0.00)")
    assert styles[5].endswith(",0.00)")


@pytest.mark.parametrize(
    ("shape", "words"), [((5, 10), "(5, 10)"), ((5,), "(5,)"), ((1, 64), "(1, 64)")]
)
def test_the_shape_is_shown_as_pytorch_writes_it(shape: tuple[int, ...], words: str) -> None:
    html = heat_map("w", np.ones(shape, np.float32))

    assert words in html
    assert len(cells(html)) == np.prod(shape)


def test_changed_numbers_are_marked_and_no_others() -> None:
    changed = np.array([[True, False, False], [False, False, True]])
    marks = [cell.attrib.get("class") for cell in cells(heat_map("w", TENSOR, changed))]

    assert marks == ["changed", None, None, None, None, "changed"]


def test_a_name_cannot_become_markup() -> None:
    assert not re.search("<b>", heat_map("<b>", TENSOR, note="<b>"))


def test_numbers_have_four_digits_or_an_exponent() -> None:
    assert [number(value) for value in (1.23456, -0.0001, 0.00009996, 0.00004, -0.0)] == [
        *("1.2346", "-0.0001", "0.0001", "4e-05", "0.0000")
    ]
