"""Fresh: whatever the caller has set in PyTorch, the bits are the same, and the settings stay."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.hostile import CALLERS, CHOICES, Outcome
from tests.oracle import in_a_fresh_process
from tests.test_explain import made


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """What the core made for each of the callers."""
    program = [sys.executable, "-W", "ignore", "-m", "tests.hostile"]
    root = Path(__file__).parents[1]
    answer = subprocess.run(program, cwd=root, capture_output=True, check=True)
    return pickle.loads(answer.stdout)  # type: ignore[no-any-return]  # noqa: S301 - our own


@pytest.fixture(scope="module")
def by_the_article() -> list[dict[str, Any]]:
    choices = [asdict(settings) for settings in CHOICES]
    return in_a_fresh_process(choices)


@pytest.mark.parametrize("name", CALLERS)
def test_whatever_the_caller_has_set_all_is_the_articles_bit_for_bit(
    name: str, outcomes: dict[str, Outcome], by_the_article: list[dict[str, Any]]
) -> None:
    outcome = outcomes[name]
    assert outcome.error == ""

    for (run, reel, opened, proof, weights), article in zip(
        outcome.made, by_the_article, strict=True
    ):
        assert run.losses.tolist() == article["losses"]
        assert run.final_loss == article["final_loss"]
        assert run.predictions.tolist() == article["predictions"]
        epoch = article["last epoch"]
        assert reel.losses.tolist() == [*article["losses"], article["final_loss"]]
        assert reel.gradients[-2].tolist() == flat(epoch["gradients"])
        assert reel.parameters[-1].tolist() == flat(article["parameters"])
        assert (
            reel.hidden[-2].tolist()
            == torch.cat([torch.tensor(each) for each in epoch["outputs"][:-1]], dim=1).tolist()
        )
        assert made(opened) == {**epoch, "after": article["parameters"]}
        assert proof.differing == ()
        state = torch.load(BytesIO(weights), weights_only=True)
        assert [each.tolist() for each in state.values()] == article["parameters"]


@pytest.mark.parametrize("name", CALLERS)
def test_the_callers_own_setting_is_as_it_was(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name].seen == {outcomes[name].at_first}


@pytest.mark.parametrize("name", list(CALLERS)[1:])
def test_each_caller_has_indeed_set_something(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name].at_first != str(CALLERS[name].look())


def flat(tensors: list[Any]) -> list[float]:
    return [number for each in tensors for number in torch.tensor(each).ravel().tolist()]
