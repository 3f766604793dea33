"""The story of a run: its progress, then what happened and why."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.page_in_app_test import opened
from tests.test_app import words_of
from tinynet import Settings, train
from tinynet.analysis.diagnosis import diagnose


def part_of_a_run() -> None:
    from tinynet.ui.place import draw_progress

    draw_progress("Training", 1_200, 5_000)


def test_a_run_in_progress_says_in_words_and_in_a_bar_how_far_it_is() -> None:
    (drawn,) = AppTest.from_function(part_of_a_run).run().html

    assert "<p>Training: epoch 1,200 of 5,000</p>" in drawn.value
    assert dict(re.findall(r'(aria-value\w+)="(\d+)"', drawn.value)) == {
        "aria-valuemin": "0",
        "aria-valuemax": "5000",
        "aria-valuenow": "1200",
    }
    assert re.findall(r"width:([\d.]+)%", drawn.value) == ["24.00"]


@pytest.mark.parametrize("rate", [0.01, 0.5, 1.0])
def test_a_finished_one_is_told_with_why_and_below_it_stands_what_a_good_one_means(
    rate: float,
) -> None:
    diagnosis = diagnose(train(Settings((9,), rate)))
    told = words_of(opened(hidden="9", lr=str(rate)))

    assert f"{diagnosis.sentence} {diagnosis.cause}".strip() in told
    assert diagnosis.moral in told
