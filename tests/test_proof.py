"""Proof: a script run here prints the same as elsewhere, and leaves no trace."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch

import tinynet.export.proof
from tests.forks import run_fresh
from tests.stores import finish
from tinynet import Run, Settings, train
from tinynet.export import to_script
from tinynet.export.proof import Proof, prove
from tinynet.serving.store import RunStore

WIDE = Settings((40,), 0.5, 120, seed=8)


def rest(_: int) -> None:
    """Do not rest."""


def test_what_it_prints_here_is_what_a_fresh_process_prints() -> None:
    proof = prove(to_script(WIDE), train(WIDE), rest)

    assert list(proof.printed) == run_fresh(to_script(WIDE))
    assert (proof.differing, proof.after, proof.error) == ((), 0, "")
    assert proof.verdict == "120 of 120 losses identical to the chart."


def test_a_script_whose_weights_have_a_seed_of_their_own_is_proved_likewise() -> None:
    knobs = {"data": "moons", "weight_seed": 3, "batch_size": 20, "test_share": 0.2}
    settings = Settings((9,), 0.5, 20, seed=3, **knobs)  # type: ignore[arg-type]
    proof = prove(to_script(settings), train(settings), rest)

    assert list(proof.printed) == run_fresh(to_script(settings))
    assert proof.verdict == "20 of 20 losses identical to the chart."


def test_lines_that_differ_are_named(article_run: Run) -> None:
    tampered = to_script(Settings()).replace("optimizer.step()", "epoch == 7 or optimizer.step()")
    proof = prove(tampered, article_run, rest)

    assert proof.differing == tuple(range(8, 50))
    assert "8 of 50 losses identical" in proof.verdict
    assert "epoch 8, 9, 10, 11, 12 and 37 more" in proof.verdict


@pytest.mark.parametrize(
    ("differing", "words"),
    [
        ((7,), "different in epoch 7."),
        ((1, 2, 3, 4, 1_005), "different in epoch 1, 2, 3, 4, 1,005."),
        ((1, 2, 3, 4, 5, 6), "different in epoch 1, 2, 3, 4, 5 and 1 more."),
    ],
)
def test_a_few_are_named_and_more_are_counted(differing: tuple[int, ...], words: str) -> None:
    same = 2_000 - len(differing)

    verdict = Proof("", (), 2_000, differing).verdict

    assert verdict == f"{same:,} of 2,000 losses identical to the chart; {words}"


@pytest.mark.parametrize(
    ("after", "times"), [(1, "once more"), (2, "2 times more"), (1_200, "1,200 times more")]
)
def test_lines_after_the_end_are_counted(after: int, times: str) -> None:
    assert Proof("", (), 9, (), after=after).verdict == (
        "9 of 9 losses identical to the chart. The run ended there, at nan; "
        f"the script prints nan {times}."
    )


def test_without_lines_after_the_end_there_is_nothing_to_say_of_them() -> None:
    assert Proof("", (), 9, ()).verdict == "9 of 9 losses identical to the chart."


def test_after_a_run_that_did_not_break_nan_is_a_difference(article_run: Run) -> None:
    so_far = replace(article_run, losses=article_run.losses[:40])
    script = to_script(Settings()).replace("loss.item()", "loss.item() if epoch < 40 else 'nan'")

    assert prove(script, so_far, rest).differing == tuple(range(40, 50))


def test_it_rests_after_the_first_line_and_then_about_every_millisecond(
    article_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each look at the clock advances it by 0.4 ms: once for each line, and after each rest.
    monkeypatch.setattr(tinynet.export.proof, "perf_counter", itertools.count(0, 0.0004).__next__)
    rests: list[int] = []

    prove(to_script(Settings()), article_run, rests.append)

    assert rests == list(range(1, 51, 3))


@pytest.mark.parametrize("epochs", [40, 60])
def test_lines_that_are_missing_or_too_many_differ(article_run: Run, epochs: int) -> None:
    proof = prove(to_script(Settings(epochs=epochs)), article_run, rest)

    assert proof.differing == tuple(range(min(epochs, 50), max(epochs, 50)))
    assert f"{min(epochs, 50)} of 50" in proof.verdict


def test_the_random_state_and_the_threads_are_as_before(article_run: Run) -> None:
    threads = torch.get_num_threads()
    torch.manual_seed(5)
    torch.set_num_threads(2)
    before = torch.get_rng_state()
    while_resting = set()

    prove(to_script(Settings()), article_run, lambda _: while_resting.add(torch.get_num_threads()))
    afterwards = torch.get_num_threads()
    torch.set_num_threads(threads)

    assert torch.equal(torch.get_rng_state(), before)
    assert while_resting == {afterwards} == {2}


def test_they_are_as_before_from_the_first_rest_on_and_when_it_is_stopped(article_run: Run) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()

    def stop(_: int) -> None:
        assert torch.equal(torch.get_rng_state(), before)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        prove(to_script(Settings()), article_run, stop)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.slow
def test_eight_at_once_in_turns_do_not_disturb_each_other_nor_the_store() -> None:
    store = RunStore(turn=0.001)
    choices = [Settings((width,), 0.5, 60, seed=width) for width in range(17, 25)]
    runs = [train(settings) for settings in choices]

    def prove_in_turns(run: Run) -> tuple[int, ...]:
        with store.in_turns() as rest_if_over:
            return prove(to_script(run.settings), run, lambda _: rest_if_over()).differing

    with ThreadPoolExecutor(16) as visitors:
        proofs = [visitors.submit(prove_in_turns, run) for run in runs]
        trained = visitors.submit(finish, store, WIDE)
        assert [proof.result() for proof in proofs] == [()] * 8
        assert trained.result().losses.tolist() == train(WIDE).losses.tolist()
