"""Fresh: the bits do not depend on the caller's PyTorch settings, and the settings stay."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import torch

from tests.hostile import CALLERS, CHOICES, Outcome
from tests.oracle import article_knobs, in_a_fresh_process
from tests.test_explain import made
from tinynet import Settings, train
from tinynet.training import fresh
from tinynet.training.fresh import fresh_torch_state


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """The core's results for each of the callers."""
    program = [sys.executable, "-W", "ignore", "-c", "from tests import hostile; hostile.main()"]
    root = Path(__file__).parents[1]
    answer = subprocess.run(program, cwd=root, capture_output=True, check=True)
    return pickle.loads(answer.stdout)  # type: ignore[no-any-return]  # noqa: S301 - our own


@pytest.fixture(scope="module")
def by_the_article() -> list[dict[str, Any]]:
    choices = [article_knobs(settings) for settings in CHOICES]
    return in_a_fresh_process(choices)


@pytest.mark.slow
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
    assert outcomes[name].at_first != outcomes[name].untouched


# Some of these settings change no bit on some processors, or without a GPU.
@pytest.mark.parametrize(
    "name",
    [
        *("no gradients", "inference mode", "with a device", "autocast", "autocast on a GPU"),
        *("denormals flushed", "rough products", "rough by another name", "no oneDNN"),
        *("deterministic", "anomaly detection"),
    ],
)
def test_the_core_works_as_if_nobody_had_set_it(name: str, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[name].inside == outcomes[name].untouched


@pytest.fixture
def two_threads() -> Iterator[None]:
    """PyTorch as it starts on a machine with two cores, whatever this machine has."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def in_a_new_thread(work: Callable[[], object]) -> object:
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result()


@pytest.mark.usefixtures("two_threads")
def test_a_thread_born_meanwhile_gets_the_callers_number_of_threads() -> None:
    with fresh_torch_state():
        patience = perf_counter() + 20
        while in_a_new_thread(torch.get_num_threads) != 2:
            assert perf_counter() < patience

        assert torch.get_num_threads() == 1
        assert in_a_new_thread(torch.get_num_threads) == 2
    assert torch.get_num_threads() == 2
    assert in_a_new_thread(torch.get_num_threads) == 2


@pytest.mark.usefixtures("two_threads")
def test_a_number_set_afterwards_is_not_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    late: list[Callable[[], None]] = []
    monkeypatch.setattr(fresh, "start_new_thread", lambda work, _: late.append(work))
    with fresh_torch_state():
        pass
    torch.set_num_threads(3)
    late[0]()

    assert torch.get_num_threads() == 3
    assert in_a_new_thread(torch.get_num_threads) == 3


@pytest.mark.usefixtures("two_threads")
def test_a_caller_with_one_thread_leaves_the_others_alone() -> None:
    def work() -> object:
        torch.get_num_threads()  # a setting does not last before the first query
        torch.set_num_threads(1)
        another_thread.submit(torch.set_num_threads, 2).result()
        with fresh_torch_state():
            inside = in_a_new_thread(torch.get_num_threads)
        return torch.get_num_threads(), inside, in_a_new_thread(torch.get_num_threads)

    with ThreadPoolExecutor(1) as another_thread:
        assert in_a_new_thread(work) == (1, 2, 2)


def test_where_no_thread_can_be_had_one_can_train(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(fresh, "start_new_thread", refuse)

    assert len(train(Settings()).losses) == 50


def test_of_two_at_once_the_last_gives_the_process_its_settings_back() -> None:
    first, second = fresh_torch_state(), fresh_torch_state()
    seen = []
    torch.set_anomaly_enabled(True)
    try:
        with ThreadPoolExecutor(1) as another_thread:
            with first:
                another_thread.submit(second.__enter__).result()
            seen.append(torch.is_anomaly_enabled())
            another_thread.submit(second.__exit__, None, None, None).result()
            seen.append(torch.is_anomaly_enabled())
    finally:
        torch.set_anomaly_enabled(False)

    assert seen == [False, True]


def test_an_error_gives_all_back() -> None:
    before = torch.get_num_threads(), torch.is_grad_enabled(), torch.is_inference_mode_enabled()
    with pytest.raises(ZeroDivisionError), fresh_torch_state(autograd=False):
        1 / 0  # noqa: B018 - it raises

    after = torch.get_num_threads(), torch.is_grad_enabled(), torch.is_inference_mode_enabled()
    assert after == before


def flat(tensors: list[Any]) -> list[float]:
    return [number for each in tensors for number in torch.tensor(each).ravel().tolist()]
