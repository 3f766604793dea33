"""Training: equal to the article's loop bit for bit, from any thread, in turns or in one go."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import tinynet.training.turns
from tests.combinations import drawn
from tests.oracle import article_knobs, article_loop, in_a_fresh_process
from tinynet import Run, Settings, train
from tinynet.settings import EPOCHS, LEARNING_RATE
from tinynet.training.backpropagation import fastest_loop
from tinynet.training.engine import Engine
from tinynet.training.film import film
from tinynet.training.history import History
from tinynet.training.loop import Loop
from tinynet.training.train import Training

WIDTHS = [Settings((width,), 0.5, 60, seed=width) for width in range(1, 65)]
RATES = [Settings((6,), rate, 100, seed=1) for rate in LEARNING_RATE.stops]
LENGTHS = [Settings((20,), 0.1, epochs) for epochs in EPOCHS.stops if epochs <= 500]
SEEDS = [Settings((17,), 0.2, 20, seed=seed) for seed in range(0, 1_000, 9)]
LAYERS = [Settings(layers, 0.5, 60) for layers in ((8, 3), (33, 17, 5), (64, 64))]
FORGOTTEN = [
    Settings((width,), rate, 250, seed=width, zero_gradients=False)
    for width in (1, 5, 16, 17, 33, 64)
    for rate in (0.01, 0.1, 1.0)
]
LAST_LAYER = [
    Settings(layers, 0.05, 60, last_layer_rate=times)
    for layers in ((1,), (5,), (17,), (64,), (8, 3), (33, 17, 5))
    for times in (0, 0.02, 0.5, 3, 10, 1_000)
]
WEIGHT_SEEDS = [
    Settings(layers, 0.5, 60, seed=seed, weight_seed=weight_seed)
    for layers in ((5,), (17,), (8, 3), ())
    for seed in (0, 7)
    for weight_seed in (0, 7, 999)
]
OTHERS = [*FORGOTTEN, *LAST_LAYER, *WEIGHT_SEEDS]
ALL = [Settings(), *WIDTHS, *RATES, *LENGTHS, *SEEDS, *LAYERS, *OTHERS]


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    """PyTorch as it starts on a machine with several cores, whatever this machine has."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def knobs(settings: Settings) -> dict[str, Any]:
    return {name: value for name, value in article_knobs(settings).items() if name != "device"}


@pytest.fixture(scope="module")
def by_the_article() -> list[dict[str, Any]]:
    return in_a_fresh_process([knobs(settings) for settings in ALL])


def differing(runs: list[Run], oracle: list[dict[str, Any]]) -> list[Settings]:
    pairs = zip(runs, oracle, strict=True)
    return [run.settings for run, expected in pairs if run.losses.tolist() != expected["losses"]]


@pytest.mark.slow
def test_the_losses_are_the_articles_bit_for_bit(by_the_article: list[dict[str, Any]]) -> None:
    runs = [train(settings) for settings in ALL]

    assert differing(runs, by_the_article) == []
    assert [run.final_loss for run in runs] == [each["final_loss"] for each in by_the_article]
    for run, expected in zip(runs, by_the_article, strict=True):
        assert run.predictions.tolist() == expected["predictions"]
        assert run.inputs.tolist() == expected["inputs"]
        for parameter, last in zip(run.checkpoints.parameters, expected["parameters"], strict=True):
            assert parameter[-1].tolist() == last


def test_a_seed_of_the_weights_keeps_the_data_and_draws_other_weights() -> None:
    runs = [train(Settings((5,), epochs=1, weight_seed=each)) for each in (None, 0, 1, 2)]

    assert len({run.inputs.tobytes() for run in runs}) == 1
    assert len({run.checkpoints.parameters[0][0].tobytes() for run in runs}) == len(runs)
    of_other_data = train(Settings((5,), epochs=1, seed=1, weight_seed=2))
    for ours, others in zip(
        runs[-1].checkpoints.parameters, of_other_data.checkpoints.parameters, strict=True
    ):
        assert ours[0].tobytes() == others[0].tobytes()


@pytest.mark.slow
def test_a_fresh_thread_gets_the_same(by_the_article: list[dict[str, Any]]) -> None:
    runs: list[Run] = []
    thread = threading.Thread(target=lambda: runs.extend(train(settings) for settings in WIDTHS))
    thread.start()
    thread.join()

    assert differing(runs, by_the_article[1 : 1 + len(WIDTHS)]) == []


@pytest.mark.slow
def test_eight_threads_at_once_get_what_one_gets(by_the_article: list[dict[str, Any]]) -> None:
    with ThreadPoolExecutor(8) as threads:
        runs = list(threads.map(train, WIDTHS))

    assert differing(runs, by_the_article[1 : 1 + len(WIDTHS)]) == []


def test_the_callers_number_of_threads_is_left_as_it_was() -> None:
    train(Settings())

    assert torch.get_num_threads() == 2


def test_turns_of_any_length_and_thread_add_up_to_the_same_run(
    by_the_article: list[dict[str, Any]],
) -> None:
    training = Training(ALL[1 + 63])
    while not training.finished:
        turn = threading.Thread(target=training.advance, kwargs={"seconds": 0.001})
        turn.start()
        turn.join()

    assert differing([training.to_run()], by_the_article[64:65]) == []


def numbers(record: Any) -> list[bytes]:
    """Return the bits of all arrays and numbers of a record, except the training time."""
    values = [getattr(record, each.name) for each in fields(record) if each.name != "seconds"]
    arrays = [part for each in values for part in (each if isinstance(each, tuple) else (each,))]
    return [
        np.asarray(each).tobytes() for each in arrays if isinstance(each, np.ndarray | float | int)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("open_loop", [fastest_loop, Loop])
def test_a_training_looked_at_in_every_turn_ends_in_the_bits_of_one_that_was_not(
    open_loop: Callable[[Settings], Engine],
) -> None:
    for settings in drawn(6, seed=21):
        looked_at, alone = Training(settings, open_loop), Training(settings, open_loop)
        while not alone.finished:
            alone.advance(seconds=1)
        while not looked_at.finished:
            looked_at.advance(seconds=0)
            looked_at.to_run()
        one, other = looked_at.to_run(), alone.to_run()

        for name in ("checkpoints", "passes"):
            assert numbers(getattr(one, name)) == numbers(getattr(other, name)), settings
        assert numbers(film(one)) == numbers(film(other)), settings
        assert numbers(one) == numbers(other), settings


def test_the_global_random_state_is_neither_read_nor_written() -> None:
    torch.manual_seed(123)
    before = torch.get_rng_state()
    one = train(Settings(epochs=3))

    assert torch.equal(torch.get_rng_state(), before)

    torch.manual_seed(321)
    assert train(Settings(epochs=3)).losses.tolist() == one.losses.tolist()


def test_a_caller_without_gradients_gets_the_same_run(article_run: Run) -> None:
    with torch.no_grad():
        assert train(Settings()).losses.tolist() == article_run.losses.tolist()
    with torch.inference_mode():
        assert train(Settings()).losses.tolist() == article_run.losses.tolist()


def test_another_default_type_changes_nothing(article_run: Run) -> None:
    torch.set_default_dtype(torch.float64)
    try:
        run = train(Settings())
    finally:
        torch.set_default_dtype(torch.float32)

    assert run.losses.dtype == np.float32
    assert run.losses.tolist() == article_run.losses.tolist()


@pytest.mark.parametrize("epochs", [1, 2, 199, 200, 201, 500, 1_000])
def test_checkpoints_are_every_state_of_a_short_run_and_some_200_of_a_long_one(epochs: int) -> None:
    states = train(Settings(epochs=epochs)).checkpoints.epochs

    assert (states[0], states[-1]) == (0, epochs)
    assert len(states) == epochs + 1 if epochs <= 200 else 100 < len(states) <= 201
    assert len(set(np.diff(states)[:-1])) <= 1


def test_what_a_longer_training_keeps_of_its_first_epochs_a_shorter_one_keeps_too() -> None:
    for settings in (Settings(), Settings((64,) * 6, data="hills", optimizer="adam")):
        loop, kept, shown = fastest_loop(settings), {0}, {0}
        for epochs in range(2, 700):
            history = History(loop, epochs)
            states = set(range(0, epochs, history.stride))
            in_film = set(range(0, epochs, history.stride * history.film_stride))

            assert states - {epochs - 1} <= kept
            assert in_film - {epochs - 1} <= shown
            kept, shown = states, in_film


def test_a_checkpoint_is_the_network_that_the_articles_loop_has_then() -> None:
    run = train(Settings(hidden_units=(9,), learning_rate=0.5, epochs=300, seed=4))
    for index in (0, 1, 70, len(run.checkpoints.epochs) - 1):
        state = int(run.checkpoints.epochs[index])
        expected = article_loop([9], 0.5, state, 4)

        assert run.checkpoints.predictions[index].tolist() == expected["predictions"]
        for kept, now in zip(run.checkpoints.parameters, expected["parameters"], strict=True):
            assert kept[index].tolist() == now


def test_no_epoch_asks_the_device_for_a_number() -> None:
    asked = []

    class Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            asked.append(str(func))
            return func(*args, **(kwargs or {}))

    training = Training(Settings(), Loop)  # as on a GPU
    with Watch():  # type: ignore[no-untyped-call]
        training._train_one_epoch()

    assert "aten.addmm.default" in asked
    assert not {"aten._local_scalar_dense.default", "aten.nonzero.default"} & set(asked)


def test_its_seconds_are_those_of_all_its_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    training = Training(Settings())
    # A clock that ends a turn at each look: at the start, ten times, and at the end.
    monkeypatch.setattr(tinynet.training.turns, "perf_counter", itertools.count().__next__)
    for turn in (1, 2, 3):
        training.advance(seconds=9.5)

        assert training.epoch == 10 * turn
        assert training.seconds == 11 * turn


@pytest.mark.parametrize("zero_gradients", [True, False])
def test_its_size_is_that_of_its_numbers(*, zero_gradients: bool) -> None:
    settings = Settings((64,), epochs=1_500, zero_gradients=zero_gradients)
    training, run = Training(settings), train(settings)
    states, copies = 189, 1 if zero_gradients else 2  # every 8th and the last
    checkpoints = 4 * states * (10 + copies * 769)
    passes = 4 * states * (1 + 769 + 10 * 64)  # the loss, the gradients, the hidden layer

    assert len(run.checkpoints.epochs) == states
    assert training.nbytes == 4 * 1_500 + checkpoints + passes + training.loop.nbytes
    assert run.nbytes == 4 * (1_500 + 100 + 10 + 10) + 2 * 8 * states + checkpoints + passes


def test_the_losses_of_test_rows_take_as_much_room_as_the_others() -> None:
    settings = Settings(data="moons", epochs=1_000)
    without, with_test = Training(settings), Training(replace(settings, test_share=0.5))
    rest = [each.nbytes - each.loop.nbytes - each._history.nbytes for each in (without, with_test)]

    assert rest == [4 * 1_000, 2 * 4 * 1_000]


def test_a_turn_whose_time_is_over_at_once_trains_an_epoch() -> None:
    training = Training(Settings(epochs=2))
    training.advance(seconds=0)

    assert (training.epoch, training.share) == (1, 0.5)
    assert training.to_run().losses.tolist() == article_loop([5], 0.01, 1, 0)["losses"]


def test_a_turn_ends_soon_after_its_time() -> None:
    training = Training(Settings(epochs=10_000))
    training.advance(seconds=0.02)

    assert 0 < training.epoch < 5_000
    assert training.seconds < 0.2
    assert not training.finished
