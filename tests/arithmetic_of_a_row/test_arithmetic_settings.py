"""One row's arithmetic in other settings, compared with autograd in 64 bits."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from tests.arithmetic import (
    FROM_A_LAYER,
    FROM_THE_OUTPUT,
    OUTPUT,
    UNIT,
    columns,
    numbers,
)
from tests.combinations import drawn
from tests.page_in_app_test import components, opened, with_batch
from tests.test_app import words_of
from tests.visitor import facts_of
from tinynet import Settings, train
from tinynet.analysis.explain import explain
from tinynet.links.address import View, shortened
from tinynet.ui.sidebar.sidebar import MORE

ROW = 14  # a row of a batch; the same row of the whole data has another target


# Other settings, each compared with autograd in 64 bits.

CURVES: dict[str, Any] = {"tanh": torch.tanh, "gelu": nn.functional.gelu, "relu": torch.relu}
CRITERIA: dict[str, Any] = {"mse": nn.MSELoss, "bce": nn.BCELoss, "l1": nn.L1Loss}
SETTINGS = {
    "moons": Settings((8, 8), data="moons", activation="tanh", optimizer="adam", batch_size=20),
    "plane": Settings((), data="plane", loss="l1", optimizer="momentum", l1=0.001),
    "circles": Settings((5,), data="circles", activation="gelu", loss="bce", optimizer="adamw"),
    "hills": Settings((6, 4), data="hills", rows=500),
}


class ByAutograd:
    """One row's sums, outputs and their gradients, layer by layer, in 64 bits."""

    def __init__(self, name: str, epoch: int, batch: int, row: int) -> None:
        settings = SETTINGS[name]
        run = train(settings)
        opened = explain(run, epoch, batch)
        rows = opened.rows
        self.tensors = [torch.tensor(each).double().requires_grad_() for each in opened.before]
        self.x, y = (torch.tensor(each[rows]).double() for each in (run.inputs, run.targets))
        self.row, self.target, self.number_of_row = row, float(y[row]), int(rows[row])
        made: Any = self.x
        self.sums: list[Any] = []
        self.outputs: list[Any] = []
        pairs = list(zip(self.tensors[::2], self.tensors[1::2], strict=True))
        last = torch.sigmoid if run.task == "binary" else torch.clone
        for place, (weight, bias) in enumerate(pairs):
            curve = last if place == len(pairs) - 1 else CURVES[settings.activation]
            self.sums.append(made @ weight.T + bias)
            self.outputs.append(curve(self.sums[-1]))
            made = self.outputs[-1]
        for each in (*self.sums, *self.outputs):
            each.retain_grad()
        criterion = CRITERIA[settings.loss]
        self.loss = float(criterion(reduction="none")(made, y)[row].detach())
        criterion()(made, y).backward()

    def of_the_unit(self, layer: int, unit: int) -> list[float]:
        """Return the products, bias, sum, output and both gradients of a unit."""
        total, output = self.sums[layer], self.outputs[layer]
        bias = self.tensors[2 * layer + 1][unit].item()
        its_sum = total[self.row, unit].item()
        gradients = [each.grad[self.row, unit].item() for each in (output, total)]
        return [its_sum - bias, bias, its_sum, output[self.row, unit].item(), *gradients]


def shown(name: str, **others: str) -> AppTest:
    query = shortened(SETTINGS[name], View(tab="Look inside"))
    return opened(**query, **others)


@pytest.mark.slow
@pytest.mark.parametrize(("layer", "unit"), [(0, 5), (1, 2)])
def test_a_unit_of_any_layer_of_a_batch_is_told_with_autograds_numbers(
    layer: int, unit: int
) -> None:
    made = ByAutograd("moons", 7, 3, ROW)
    page = with_batch(shown("moons", epoch="7"), 3)
    page.number_input(key="row of many").set_value(ROW)
    page.segmented_control(key="layer").set_value(layer)
    page.slider(key="unit").set_value(unit).run()

    curve = {"does": "Tanh squeezes the sum into a number between -1 and 1", "label": "tanh"}
    where = {"whence": FROM_THE_OUTPUT if layer else FROM_A_LAYER, "x": "tanh" if layer else "x"}
    text = UNIT.format(**curve, **where, slope=" (1 - tanh²)")
    assert numbers(page, text) == pytest.approx(made.of_the_unit(layer, unit), abs=5.1e-5, rel=5e-3)
    output = numbers(page, OUTPUT.replace("/ 10", "/ 20").format(target=f"{made.target:.0f}"))
    products, bias, total, prediction, by_prediction, by_sum = made.of_the_unit(2, 0)
    expected = [products, bias, total, prediction, made.loss, prediction, by_prediction]
    assert output == pytest.approx([*expected, prediction, prediction, by_sum], abs=5.1e-5)
    caption = f"This is row {made.number_of_row} of all training rows."
    assert caption in [each.value for each in page.caption]
    assert "In the last hidden layer, each unit's sum goes through tanh" in words_of(page)
    assert "adds the sum over all rows of the batch" in words_of(page)
    weight = made.tensors[2 * layer][unit].tolist()
    x = (made.outputs[layer - 1] if layer else made.x)[ROW].tolist()
    back = made.of_the_unit(layer, unit)[-1]
    assert columns(page, 1) == {
        "unit" if layer else "input": list(range(len(x))),
        "tanh" if layer else "x": pytest.approx(x, abs=1e-6),
        "× weight": pytest.approx(weight, abs=1e-6),
        "= product": pytest.approx(np.multiply(x, weight).tolist(), abs=1e-6),
        "grad of weight": pytest.approx((back * np.array(x)).tolist(), abs=1e-7),
    }


def test_without_hidden_layers_the_output_is_the_only_unit_and_no_sigmoid_is_told() -> None:
    made = ByAutograd("plane", 49, 0, 150)
    page = shown("plane")
    page.number_input(key="row of many").set_value(150).run()
    words = words_of(page)

    text = (
        "The parts add up to #. With the output's bias, #, the prediction is #. The target is #, "
        "so the absolute error is #.\n\n**Back.** The gradient for this prediction is "
    )
    products, bias, total, _, by_prediction, _ = made.of_the_unit(0, 0)
    told = numbers(page, text)
    assert told == pytest.approx([products, bias, total, made.target, made.loss], abs=5.1e-5)
    sign = re.search(r"is sign\((\S+) - \(?(-?[\d.]+)\)?\) / 200 = (\S+?)\. Times an input", words)
    assert sign
    assert float(sign[3]) == pytest.approx(by_prediction, abs=5.1e-5)
    assert float(sign[1]) - float(sign[2]) == pytest.approx(total - made.target, abs=1.1e-4)
    assert "sigmoid" not in words
    assert "together with the L1 penalty" in words
    assert {each.key for each in page.slider} & {"unit", "layer"} == set()


def test_cross_entropy_and_gelu_are_told_by_their_own_names_and_slopes() -> None:
    made = ByAutograd("circles", 49, 0, 8)
    page = shown("circles")
    page.number_input(key="row of many").set_value(8)
    page.slider(key="unit").set_value(3).run()

    curve = {
        "does": "GELU multiplies the sum by the share of a normal distribution that lies below it"
    }
    slope = " (Φ(sum) + sum × φ(sum), of the normal distribution)"
    text = UNIT.format(**curve, label="GELU", slope=slope, whence=FROM_THE_OUTPUT, x="x")
    assert numbers(page, text) == pytest.approx(made.of_the_unit(0, 3), abs=5.1e-5, rel=5e-3)
    prediction, by_prediction = made.of_the_unit(1, 0)[3:5]
    told = numbers(
        page, "the cross-entropy is #.\n\n**Back.** The gradient for this prediction is (#"
    )
    assert told == pytest.approx([made.loss, prediction], abs=5.1e-5)
    told = numbers(page, "× (1 - #)) / 200 = #; for the output's sum, this")
    assert told == pytest.approx([prediction, by_prediction], abs=5.1e-5, rel=5e-3)


def test_one_row_of_500_is_picked_by_its_number() -> None:
    made = ByAutograd("hills", 49, 0, 432)
    page = shown("hills")
    page.number_input(key="row of many").set_value(432).run()

    products, bias, total, _, by_prediction, _ = made.of_the_unit(2, 0)
    text = "The parts add up to #. With the output's bias, #, the prediction is #"
    assert numbers(page, text) == pytest.approx([products, bias, total], abs=5.1e-5)
    slope = re.search(r"is 2 × \(.*?\) / 500 = (\S+?)\. Times a unit's ReLU", words_of(page))
    assert slope
    assert float(slope[1]) == pytest.approx(by_prediction, rel=5e-3)


@pytest.mark.slow
def test_choices_of_another_run_are_brought_to_the_last_of_the_one_shown() -> None:
    page = shown("moons", epoch="7")
    page.session_state[MORE] = True
    with_batch(page, 9)
    page.number_input(key="row of many").set_value(19)
    page.segmented_control(key="layer").set_value(1)
    page.slider(key="unit").set_value(7).run()

    page.select_slider(key="batch").set_value(50)
    page.slider(key="hidden 2").set_value(3).run()
    assert not page.exception
    assert facts_of(components(page)["tinynet_lines"])["batch"] == 3
    assert page.number_input(key="row of many").value == 19
    assert page.slider(key="unit").value == 2

    page.select_slider(key="batch").set_value(10).run()
    assert page.segmented_control(key="row").value == 9  # few rows have another widget
    page.select_slider(key="batch").set_value(5).run()
    assert page.segmented_control(key="row").value == 4

    page.button(key="back").click().run()
    assert not page.exception
    assert "The parts add up to" in words_of(page)


def test_tiny_numbers_are_told_with_three_digits() -> None:
    words = words_of(shown("moons"))

    assert re.search(r"\d\.\d\de-\d\d", words)
    assert not re.search(r"(?<![.\d])\de-\d\d", words)


def test_a_column_of_tiny_numbers_is_shown_with_three_digits_and_others_with_four() -> None:
    page = shown("moons")

    for table in page.dataframe[:2]:
        labels = json.loads(table.proto.columns)
        for name, column in list(table.value.items())[1:]:
            shows = labels[name]["type_config"]["format"]
            assert shows == ("%.4f" if np.abs(column).max() >= 0.001 else "%.2e")
    assert "%.2e" in page.dataframe[1].proto.columns


@pytest.mark.slow
@pytest.mark.parametrize("settings", drawn(20, seed=31), ids=lambda each: str(each)[:60])
def test_no_drawn_settings_break_the_tab(settings: Settings) -> None:
    page = opened(**shortened(settings, View(tab="Look inside")))

    assert not page.exception
    assert "The parts add up to" in words_of(page)


@pytest.mark.slow
def test_no_formula_takes_a_number_that_is_nearly_one_from_one() -> None:
    page = opened(tab="Look inside", data="gauss", loss="bce", lr="10", epochs="200")
    told = [words_of(page.number_input(key="row of many").set_value(row).run()) for row in range(6)]

    assert any("Sigmoid gives 1.0000" in each for each in told)
    assert not any("1 - 1.0000" in each for each in told)
