"""The five lines in other settings, each compared with a plain PyTorch loop."""

from __future__ import annotations

import re
from copy import copy
from typing import Any

import numpy as np
import pytest

from tests.five_lines import (
    BACKWARD,
    CASES,
    FORWARD,
    LOSS,
    ZERO_GRAD,
    Case,
    Pair,
    Sent,
    plain,
    same,
)
from tinynet import Settings, to_script

WITHOUT_CLIP = ("forward", "loss", "zero_grad", "backward", "step")


@pytest.fixture(scope="module", params=CASES)
def pair(request: pytest.FixtureRequest) -> tuple[Sent, dict[str, Any], Case]:
    """The data sent to the browser, the values of the plain loop, and their settings."""
    case = CASES[request.param]
    return Sent(case.epoch, case.settings, case.batch), plain(case), case


@pytest.mark.parametrize("name", CASES)
def test_every_line_stands_in_the_script(name: str) -> None:
    sent, script = Sent(0, CASES[name].settings), to_script(CASES[name].settings)
    lines = [line for line in sent.facts["lines"] if not line["forgotten"]]

    places = [
        re.sub(r"^ +", "", script, flags=re.MULTILINE).index(each["code"] + "\n") for each in lines
    ]
    assert places == sorted(places)
    assert len(lines) == 5 + bool(CASES[name].settings.clip) - (
        not CASES[name].settings.zero_gradients
    )


@pytest.mark.slow
def test_the_first_ten_rows_go_through_layer_by_layer(pair: Pair) -> None:
    sent, made, case = pair
    maps = sent.maps(FORWARD)
    count = len(made["x"])
    hidden = [*made["made"][2 : 2 * len(case.settings.hidden_units) + 1 : 2]]

    assert all(name.endswith(f"first 10 of {count} rows") for name, _ in maps)
    assert all(len(rows) == 10 for _, rows in maps)
    tensors = [made["x"], *hidden, made["made"][-1]]
    assert [same(rows, tensor) for (_, rows), tensor in zip(maps, tensors, strict=True)] == [
        True for _ in maps
    ]


def test_a_hidden_layer_is_named_as_one_gets_it_in_pytorch() -> None:
    names = [name.split(" ")[0] for name, _ in Sent(0, CASES["moons"].settings).maps(FORWARD)]

    assert names == ["x[rows]", "model[:2](x[rows])", "model[:4](x[rows])", "y_pred"]


def test_the_largest_shares_are_of_the_whole_loss(pair: Pair) -> None:
    sent, made, case = pair
    criterion: Any = copy(case.criterion)
    criterion.reduction = "none"
    losses = criterion(made["made"][-1], made["y"]).detach().ravel().numpy()
    order = np.argsort(-losses, kind="stable")[:10]
    which, (y_pred, y, error, share) = sent.shares()

    assert error == pytest.approx(losses[order].tolist(), rel=2e-4, abs=2e-7)
    assert losses[which].tolist() == pytest.approx(losses[order].tolist(), rel=2e-4, abs=2e-7)
    assert y == made["y"].ravel()[which].tolist()
    assert y_pred == pytest.approx(made["made"][-1].ravel()[which].tolist(), rel=2e-4, abs=2e-7)
    assert share == pytest.approx((100 * losses[which] / losses.sum()).tolist(), rel=1e-3)
    assert f"The 10 of {len(losses)} rows with the largest shares:" in sent.words(LOSS)
    assert f"divided by {len(losses)} rows, this is the loss" in sent.words(LOSS)


def test_the_loss_has_the_words_of_its_table() -> None:
    def said(name: str) -> str:
        sent = Sent(0, CASES[name].settings)
        (block,) = (each for each in sent.blocks(LOSS) if each["kind"] == "shares")
        return f"{block['name']}: {sent.facts['lines'][LOSS]['does']}"

    assert said("plane").endswith("predictions are: the mean absolute difference.")
    assert said("circles").endswith("predictions are: the mean cross-entropy.")
    assert said("forgotten").endswith("predictions are: the mean Huber difference.")


def test_gradients_are_autograds_and_what_stood_there_is_the_last_updates(pair: Pair) -> None:
    sent, made, case = pair
    for line, key in ((ZERO_GRAD, "accumulated"), (BACKWARD, "gradients")):
        maps = sent.maps(line)
        assert [same(rows, each) for (_, rows), each in zip(maps, made[key], strict=True)] == [
            True for _ in maps
        ]
    words = sent.words(ZERO_GRAD)
    if not case.settings.zero_gradients:
        assert "the gradients of every batch so far, clipped each time" in words
        assert "not this batch's gradients alone" in sent.words(BACKWARD)
    else:
        last = "the last batch" if case.settings.batch_size else f"epoch {case.epoch - 1}"
        assert f"Cleared: the gradients of {last}, shown here" in words


def test_the_penalty_is_said_where_it_counts(pair: Pair) -> None:
    sent, _, case = pair

    assert ("The L1 penalty affects only the gradients" in sent.words(BACKWARD)) == bool(
        case.settings.l1
    )
    assert (" * sum(p.abs()" in sent.facts["lines"][BACKWARD]["code"]) == bool(case.settings.l1)


def test_gradients_are_shown_before_and_after_they_were_shortened(pair: Pair) -> None:
    sent, made, case = pair
    if not case.settings.clip:
        assert [line["name"] for line in sent.facts["lines"]] == list(WITHOUT_CLIP)
        return
    clip, most = sent.line("clip"), case.settings.clip
    maps = sent.maps(clip)
    words = sent.words(clip)

    assert all(
        same(rows, each) for (_, rows), each in zip(maps[::2], made["gradients"], strict=True)
    )
    assert all(
        same(rows, each) for (_, rows), each in zip(maps[1::2], made["clipped"], strict=True)
    )
    ratio = most / made["norm"]
    assert (
        f"is {made['norm']:.4f}. Each is multiplied by {most:g} / {made['norm']:.4f} = {ratio:.4f}"
        in words
    )


def test_gradients_within_the_length_stay() -> None:
    sent = Sent(3, Settings(clip=10.0))

    assert re.search(r"is 0\.\d{4}, within 10: none changes\.", sent.words(sent.line("clip")))
