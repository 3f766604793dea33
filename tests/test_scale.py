"""The scale of the inputs: standardised as ever, or the raw numbers; with pandas as the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tinynet import Settings, table, train
from tinynet.export import to_script
from tinynet.export.proof import prove
from tinynet.links.address import View, permalink, read_address

FRAME = pd.DataFrame(
    {
        "age": [20.0, 31.5, 44.0, 58.25, 63.0, 27.0, 39.0, 51.0],
        "income": [12_000.0, 48_000, 51_000, 90_000, 70_500, 23_000, 39_999, 64_000],
        "city": ["a", "b", "a", "c", "b", "c", "a", "b"],
        "buys": ["no", "no", "yes", "yes", "yes", "no", "no", "yes"],
        "spends": [1.0, 5.0, 6.0, 9.0, 7.0, 2.0, 4.0, 6.5],
    }
)
NUMBERS = ["age", "income"]
BUYS = table(FRAME, target="buys", inputs=[*NUMBERS, "city"])
SPENDS = table(FRAME, target="spends", inputs=NUMBERS)


@pytest.mark.parametrize("test_share", [0.0, 0.25])
@pytest.mark.parametrize("data", [BUYS, SPENDS, "flats"], ids=repr)
def test_the_script_has_the_line_and_prints_the_same_losses(data: Any, test_share: float) -> None:
    settings = Settings(
        (4,), 0.01, 5, data=data, scale="raw", optimizer="adam", test_share=test_share
    )
    script = to_script(settings)

    assert "\nx = x.float()\n" in script
    assert prove(script, train(settings), lambda _: None).differing == ()


def test_raw_inputs_are_the_numbers_of_the_file_and_the_words_stay_one_hot() -> None:
    run = train(Settings(data=BUYS, scale="raw"))

    assert np.array_equal(run.inputs[:, :2], FRAME[NUMBERS].to_numpy(np.float32))
    assert np.array_equal(run.inputs[:, 2:], pd.get_dummies(FRAME["city"]).to_numpy(np.float32))


def test_standardised_is_the_default_and_the_target_stays_standardised() -> None:
    raw, scaled = (train(Settings(data=SPENDS, scale=each)) for each in ("raw", "standardised"))
    expected = (FRAME[NUMBERS] - FRAME[NUMBERS].mean()) / FRAME[NUMBERS].std(ddof=0)

    assert Settings(data=SPENDS).scale == "standardised"
    assert scaled.inputs == pytest.approx(expected.to_numpy(), abs=1e-6)
    assert np.array_equal(raw.targets, scaled.targets)


@pytest.mark.parametrize(
    "data", ["dummy", "moons", "plane", table(FRAME, target="buys", inputs=["city"])], ids=repr
)
def test_where_nothing_is_standardised_the_knob_has_no_effect(data: Any) -> None:
    assert Settings(data=data, scale="raw") == Settings(data=data)


def test_an_address_holds_the_scale_and_one_without_it_means_standardised() -> None:
    raw = Settings(data="flats", scale="raw")

    assert "scale=raw" in permalink("", raw, View())
    assert read_address({"data": ["flats"], "scale": ["raw"]}).settings == raw
    assert read_address({"data": ["flats"]}).settings == Settings(data="flats")
