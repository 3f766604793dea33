"""The lines of an epoch: every number and word checked with plain PyTorch loops."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.five_lines import (
    BACKWARD,
    BEFORE,
    FORWARD,
    GRADIENT,
    LOSS,
    RATE,
    STEP,
    ZERO_GRAD,
    Sent,
    epoch,
    flat,
    oracle,
)
from tests.oracle import article_loop
from tests.test_broken_runs import AT_ONCE, SOON, far_beyond
from tinynet import Settings
from tinynet.stage.lines.rule import Rule
from tinynet.stage.lines.step import _whether_it_holds
from tinynet.training.record import FloatArray

CODES = (
    *("y_pred = model(x)", "loss = criterion(y_pred, y)", "optimizer.zero_grad()"),
    *("loss.backward()", "optimizer.step()"),
)
NAMES = ("model[0].weight", "model[0].bias", "model[2].weight", "model[2].bias")
STEPPED = BEFORE - np.float32(RATE) * GRADIENT


@pytest.mark.slow
@pytest.mark.parametrize("zero_gradients", [True, False])
@pytest.mark.parametrize("epoch", [0, 7])
def test_every_tensor_is_that_of_the_articles_loop(epoch: int, zero_gradients: bool) -> None:
    sent = Sent(epoch, Settings(learning_rate=RATE, zero_gradients=zero_gradients))
    made = oracle(epoch, zero_gradients=zero_gradients)
    named = [
        list(zip(NAMES, made[part], strict=False)) for part in ("before", "gradients", "after")
    ]

    assert [line["code"] for line in sent.facts["lines"]] == list(CODES)
    hidden = ("model[:2](x)", made["outputs"][0])
    assert sent.maps(FORWARD) == [("x", made["inputs"]), hidden, ("y_pred", made["y_pred"])]
    accumulated = zip(NAMES, made["accumulated"], strict=False)
    assert sent.maps(ZERO_GRAD) == [(f"{name}.grad", each) for name, each in accumulated]
    assert sent.maps(BACKWARD) == [(f"{name}.grad", each) for name, each in named[1]]
    assert sent.maps(STEP) == [
        (name, tensor)
        for (name, before), (_, gradient), (_, after) in zip(*named, strict=True)
        for name, tensor in (
            (f"{name} before", before),
            (f"{name}.grad", gradient),
            (f"{name} after", after),
        )
    ]


def test_the_loss_is_the_mean_of_the_row_losses_and_is_printed_as_pytorch_does() -> None:
    sent, made = Sent(7, Settings(learning_rate=RATE)), oracle(7)

    assert f"adds up to {sum(made['squared errors']):.4f}; divided by 10 rows" in sent.words(LOSS)
    assert f">>> loss.item()\n{made['loss']}" in sent.words(LOSS)


def test_what_zero_grad_clears_or_leaves_is_said() -> None:
    assert "Nothing to clear yet" in Sent(0, Settings()).words(ZERO_GRAD)
    assert "Cleared: the gradients of epoch 6" in Sent(7, Settings()).words(ZERO_GRAD)
    forgotten = Sent(7, Settings(zero_gradients=False))
    assert "the sum of the gradients of every epoch so far" in forgotten.words(ZERO_GRAD)
    assert forgotten.facts["lines"][ZERO_GRAD]["forgotten"]
    assert not Sent(7, Settings()).facts["lines"][ZERO_GRAD]["forgotten"]


@pytest.mark.parametrize("epoch", [0, 7, 49])
def test_the_largest_gradient_is_named_and_is_how_the_loss_changes(epoch: int) -> None:
    sent, made = Sent(epoch, Settings(learning_rate=RATE)), oracle(epoch)
    named = re.search(r"belongs to `model(\S+)`: .* the loss changes by (\S+) times", sent.words(3))
    assert named
    tensor = made["gradients"][NAMES.index("model" + re.split(r"(?<=t|s)(?=\[)", named[1])[0])]
    for place in re.findall(r"\[(\d+)\]", named[1].partition("]")[2]):
        tensor = tensor[int(place)]

    assert named[2] == f"{tensor:.4f}"
    assert abs(tensor) == np.abs(flat(made["gradients"])).max()


def test_accumulated_gradients_are_said_to_be_so_after_backward() -> None:
    assert "not this epoch's gradients alone" in Sent(7, Settings(zero_gradients=False)).words(
        BACKWARD
    )
    assert "not this epoch's gradients alone" not in Sent(0, Settings(zero_gradients=False)).words(
        BACKWARD
    )
    assert "not this epoch's gradients alone" not in Sent(7, Settings()).words(BACKWARD)


def test_the_step_that_moved_most_is_told_with_its_numbers() -> None:
    words, made = Sent(7, Settings(learning_rate=RATE)).words(STEP), oracle(7)
    before, gradients, after = (flat(made[part]) for part in ("before", "gradients", "after"))
    most = np.abs(after - before).argmax()
    gradient = f"{gradients[most]:.6g}" if gradients[most] > 0 else f"({gradients[most]:.6g})"

    assert f"moved most, from {before[most]:.4f} to {after[most]:.4f}:" in words
    by_hand = before[most] - 0.5 * gradients[most]
    assert (
        f"= {before[most]:.6g} - 0.5 * {gradient} = {by_hand:.6g} Recomputed in 64 bits, this rule"
        in words
    )
    assert f"{(before != after).sum()} of 61 numbers changed; they are underlined." in words
    worst = re.search(r"largest difference is (\S+), which is 32-bit rounding", words)
    assert worst
    differences = np.abs(after - (before - RATE * gradients))
    assert worst[1] == f"{differences.max():.0e}"


def test_where_every_gradient_is_0_nothing_moves_and_both_are_said() -> None:
    still = Sent(29, far_beyond((5,), 1e4, epochs=30))

    assert not flat(article_loop([5], 1e4, 30, 0)["last epoch"]["gradients"]).any()
    assert "Every gradient is 0" in still.words(BACKWARD)
    assert "Nothing moved" in still.words(STEP)
    assert "0 of 61 numbers changed." in still.words(STEP)


@pytest.mark.parametrize("zero_gradients", [True, False])
@pytest.mark.parametrize("epoch", [0, 7])
def test_each_line_lights_the_numbers_of_the_articles_loop(
    epoch: int, zero_gradients: bool
) -> None:
    sent = Sent(epoch, Settings(learning_rate=RATE, zero_gradients=zero_gradients))
    made = oracle(epoch, zero_gradients=zero_gradients)

    def lit(line: int) -> list[float]:
        places = sent.facts["lines"][line]["picture"]["edges"]
        starts = [(each["start"], int(np.prod(each["shape"]))) for each in places]
        return [n for start, size in starts for n in sent.numbers[start : start + size].tolist()]

    changes = flat(made["after"]).astype(np.float32) - flat(made["before"]).astype(np.float32)
    assert lit(FORWARD) == flat(made["before"]).tolist()
    assert sent.facts["lines"][LOSS]["picture"]["edges"] is None
    accumulated = [] if zero_gradients or not epoch else flat(made["accumulated"]).tolist()
    assert lit(ZERO_GRAD) == accumulated
    assert lit(BACKWARD) == flat(made["gradients"]).tolist()
    assert lit(STEP) == changes.tolist()
    answers = [line["picture"]["answers"] for line in sent.facts["lines"]]
    assert answers == [True, True, False, False, False]
    said = [line["picture"]["words"] for line in sent.facts["lines"]]
    assert said == [
        "the weights that the rows pass through, from left to right.",
        "the predictions and their targets; the loss measures how far apart they are.",
        "no gradients, because they are now cleared."
        if zero_gradients
        else "what each .grad still holds, if anything.",
        "the gradient of each weight: how the loss changes with it."
        if zero_gradients
        else "the accumulated gradient in each .grad.",
        "how far the step moves each weight.",
    ]


def test_64_units_are_a_few_kilobytes_and_the_largest_network_is_bounded() -> None:
    largest = {"data": "moons", "rows": 1_000, "optimizer": "adam", "clip": 1.0}

    assert len(Sent(7, Settings((64,))).bytes) < 30_000
    assert len(Sent(1, Settings((64,) * 6, epochs=2, **largest)).bytes) < 700_000  # type: ignore[arg-type]


def said_of(after: FloatArray) -> str:
    rule = Rule(("after = before - rate * grad",), {}, (RATE,), ())
    return " ".join(_whether_it_holds(epoch(after), rule))


def test_the_rule_holds_where_every_number_followed_it() -> None:
    assert "holds for all 2 numbers" in said_of(STEPPED)


def test_one_number_that_did_not_follow_the_rule_is_noticed() -> None:
    strayed = STEPPED + np.array([0, 0.01], np.float32)

    assert "does not hold here: the largest difference is 1e-02" in said_of(strayed)


@pytest.mark.parametrize("settings", [AT_ONCE, SOON], ids=["at once", "soon"])
def test_a_step_that_breaks_the_training_is_said_to_do_so(settings: Settings) -> None:
    words = Sent(-1, settings).words(STEP)

    assert words == "After this step some numbers are not finite: the training diverged here."
