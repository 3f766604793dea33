"""The last line, the optimizer's step, in other settings."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.combinations import drawn
from tests.five_lines import CASES, LOSS, STEP, Case, Pair, Sent, flat, plain, same
from tests.test_broken_runs import far_beyond
from tinynet import Settings, train
from tinynet.analysis.explain import explain
from tinynet.registry.optimizers import OPTIMIZERS, Optimizer
from tinynet.registry.pytorch import evaluate
from tinynet.stage.lines import results
from tinynet.stage.lines.rule import Rule


@pytest.fixture(scope="module", params=CASES)
def pair(request: pytest.FixtureRequest) -> tuple[Sent, dict[str, Any], Case]:
    """The data sent to the browser, the values of the plain loop, and their settings."""
    case = CASES[request.param]
    return Sent(case.epoch, case.settings, case.batch), plain(case), case


@pytest.mark.slow
def test_the_step_shows_the_parameters_and_what_the_optimizer_remembers(pair: Pair) -> None:
    sent, made, _ = pair
    step = sent.line("step")
    expected = []
    rows = zip(made["before"], made["clipped"], made["memory"], made["after"], strict=True)
    for before, gradient, memory, after in rows:
        remembered = [each for name, each in memory.items() if name != "step"]
        expected += [before, gradient, *remembered, after]
    maps = sent.maps(step)

    assert len(maps) == len(expected)
    assert [
        name for (name, shown), each in zip(maps, expected, strict=True) if not same(shown, each)
    ] == []
    names = {name.split(" ")[0] for name, _ in maps}
    assert {name for memory in made["memory"] for name in memory if name != "step"} <= names


def test_the_rule_can_be_followed_with_a_pencil_to_the_number_that_moved_most(pair: Pair) -> None:
    sent, made, case = pair
    words = sent.words(sent.line("step"))
    moves = flat(
        [
            (after - before).numpy()
            for before, after in zip(made["before"], made["after"], strict=True)
        ]
    )
    most = np.abs(moves).argmax()
    (block,) = (each for each in sent.blocks(sent.line("step")) if each["kind"] == "printed")
    lines = block["text"].splitlines()

    for line in lines[1::2]:
        _, formula, result = line.split(" = ")
        by_pencil = eval(formula, {"sqrt": math.sqrt})  # noqa: S307 - our own text
        assert by_pencil == pytest.approx(float(result), rel=2e-4)
    assert lines[-2].startswith("after = before - rate * ")
    after = flat([each.numpy() for each in made["after"]])[most]
    assert float(lines[-1].split(" = ")[-1]) == pytest.approx(after, rel=2e-4)
    assert f"- {made['rate']:.6g} * " in lines[-1]
    assert "holds for all" in words
    assert "32-bit rounding" in words
    if case.settings.schedule == "cosine":
        assert (
            f"The learning rate of this epoch is {made['rate']:.6g}: it falls along half" in words
        )
    assert ("weight_decay=" in words) == bool(case.settings.l2)


@pytest.mark.parametrize("l2", [0.0, 0.03])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_rule_of_every_optimizer_is_that_of_pytorch_in_64_bits(
    optimizer: str, l2: float
) -> None:
    """The optimizer's own state is correct, too."""
    entry = OPTIMIZERS[optimizer]
    decay = l2 or entry.weight_decay
    weight = nn.Parameter(torch.linspace(-1, 2, 7, dtype=torch.float64))
    stepping: Any = evaluate(entry.code("0.03", str(l2) if l2 else ""), model=_Of(weight))
    memory = {name: np.zeros(7) for name in entry.remembers}
    for step in range(1, 12):
        weight.grad = torch.sin(step * weight.detach() + step)
        names: dict[str, Any] = {
            "before": weight.detach().numpy().copy(),
            "grad": weight.grad.numpy().copy(),
        }
        names |= {**memory, "rate": 0.03, "step": step, "weight_decay": decay}
        for line in entry.rule_with(decay):
            name, _, formula = line.partition(" = ")
            names[name] = eval(formula, {"sqrt": np.sqrt}, names)  # noqa: S307 - our own text
        memory = {name: names[name] for name in entry.remembers}
        stepping.step()

        assert names["after"] == pytest.approx(weight.detach().numpy(), rel=1e-12)
        for name, each in memory.items():
            assert each == pytest.approx(stepping.state[weight][name].numpy(), rel=1e-12)


@dataclass(frozen=True)
class _Of:
    """A model of one parameter."""

    weight: nn.Parameter

    def parameters(self) -> list[nn.Parameter]:
        return [self.weight]


@pytest.mark.slow
def test_the_rule_holds_for_drawn_settings() -> None:
    for settings in drawn(15, seed=23):
        run = train(settings)
        opened = explain(run, len(run.losses) // 2)
        if all(np.isfinite(each).all() for each in opened.after):
            difference, is_rounding = Rule.of(settings, opened).difference(opened)
            assert is_rounding, (settings, difference)


@pytest.mark.parametrize(
    ("times", "layer", "rate"), [(20, "model[2]", "0.2"), (0.05, "model[0]", "0.01")]
)
def test_a_number_of_the_last_layer_goes_by_that_layers_rate(
    times: float, layer: str, rate: str
) -> None:
    words = Sent(3, Settings(optimizer="adam", last_layer_rate=times)).words(STEP)

    last = f"{0.01 * times:.6g}"
    assert f"The last layer's rate is {times} times the others': {last}." in words
    assert re.search(rf"`{re.escape(layer)}\S+` moved most", words)
    assert f" - {rate} * " in words
    assert "holds for all 61 numbers" in words


def test_a_step_by_another_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(OPTIMIZERS["rmsprop"], rule=("after = before - rate * grad",))
    monkeypatch.setitem(OPTIMIZERS, "rmsprop", wrong)
    sent = Sent(20, CASES["spiral"].settings)

    assert "does not hold here" in sent.words(sent.line("step"))


def test_an_optimizer_without_a_rule_is_shown_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    adamax = Optimizer("Adamax", "somehow", "Adamax", remembers=("exp_avg", "exp_inf"))
    monkeypatch.setitem(OPTIMIZERS, "adamax", adamax)
    sent = Sent(3, Settings(optimizer="adamax"))
    words = sent.words(STEP)

    assert "moved most, from" in words
    assert "rule" not in words
    assert "61 of 61 numbers changed" in words
    assert {"exp_avg before", "exp_inf before"} <= {name for name, _ in sent.maps(STEP)}


def test_of_many_parameters_all_fold_up_but_the_one_that_moved_most() -> None:
    sent = Sent(20, CASES["spiral"].settings)
    blocks = [each for each in sent.blocks(sent.line("step")) if each["kind"] == "folded"]
    moved = re.search(r"`(\S+?t|\S+?s)\[\d+\]\S*` moved most", sent.words(sent.line("step")))
    assert moved

    assert len(blocks) == 8
    assert [each["name"] for each in blocks if each["open"]] == [moved[1]]


def test_predictions_that_the_criterion_refuses_are_said_to_end_the_script() -> None:
    settings = far_beyond(
        (64, 64), 1e20, data="circles", loss="bce", epochs=30, activation="linear"
    )
    run = train(settings)
    assert run.diverged

    sent = Sent(-1, settings)
    assert "raises an error, and the script ends here" in sent.words(LOSS)


def test_gradients_of_0_can_still_move_what_has_momentum() -> None:
    run = train(Settings(optimizer="momentum"))
    opened = explain(run, 7)
    still = replace(opened, gradients=tuple(0 * each for each in opened.gradients))

    words = " ".join(each.get("text", "") for each in results.backward(run, still))
    assert "`step()` still moves the parameters" in words


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_into_no_numbers_is_shown_whatever_the_optimizer(optimizer: str) -> None:
    for clip in (0.0, 1.0):
        settings = far_beyond((8, 3), 1e30, optimizer=optimizer, clip=clip, activation="linear")
        for epoch in range(len(train(settings).losses)):
            sent = Sent(epoch, settings)

            diverged = any(
                not np.isfinite(rows).all()
                for name, rows in sent.maps(sent.line("step"))
                if name.endswith("after")
            )
            assert ("the training diverged here" in sent.words(sent.line("step"))) == diverged
