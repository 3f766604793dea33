"""Backpropagation written out: equal to autograd bit for bit, epoch by epoch, and faster."""

from __future__ import annotations

import pytest
import torch

from tinynet import Settings, train
from tinynet.settings import LEARNING_RATE, SEED
from tinynet.training import backpropagation
from tinynet.training.backpropagation import WrittenOutLoop, fastest_loop
from tinynet.training.devices import Device
from tinynet.training.engine import Engine
from tinynet.training.flat import FlatTensors
from tinynet.training.fresh import fresh_torch_state
from tinynet.training.loop import Loop
from tinynet.training.train import Training

EPOCHS = 12
WIDTHS = [Settings((width,), 0.5, EPOCHS) for width in range(1, 65)]
RATES = [Settings((11,), rate, EPOCHS, seed=5) for rate in LEARNING_RATE.stops]
SEEDS = [Settings((23,), 0.3, EPOCHS, seed=seed) for seed in range(0, SEED.maximum, 37)]
LAYERS = [Settings(layers, 0.5, EPOCHS) for layers in ((2, 3), (64, 1), (31, 17, 64, 5))]
TWO_RATES = [Settings((width,), 0.5, EPOCHS, last_layer_rate=0.3) for width in (1, 16, 33, 64)]
FORGOTTEN = [Settings((width,), 1.0, EPOCHS, zero_gradients=False) for width in (1, 16, 33, 64)]


def states(loop: Engine, epochs: int, spoilt: float | None = None) -> list[list[torch.Tensor]]:
    """Train, and copy all values of each epoch; a weight can be spoiled in epoch 3."""
    seen = []
    with fresh_torch_state(autograd=loop.autograd):
        for epoch in range(epochs):
            if epoch == 3 and spoilt is not None:
                loop.parameters[0].data[2, 1] = spoilt
            hidden, y_pred, loss = loop.forward()
            made = [each.detach().clone() for each in (*hidden, y_pred, loss)]
            loop.update(loss)
            left = (*loop.gradients, *loop.parameters)
            seen.append([*made, *(each.detach().clone() for each in left)])
    return seen


@pytest.mark.slow
@pytest.mark.parametrize(
    "choices",
    [WIDTHS, RATES, SEEDS, LAYERS, TWO_RATES, FORGOTTEN],
    ids=["widths", "rates", "seeds", "layers", "two rates", "zero_grad forgotten"],
)
def test_every_tensor_of_every_epoch_is_autograds_bit_for_bit(choices: list[Settings]) -> None:
    for settings in choices:
        compare(settings)


@pytest.mark.parametrize("spoilt", [float("nan"), float("inf")])
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_what_is_no_number_spreads_as_it_does_in_autograd(
    spoilt: float, *, zero_gradients: bool
) -> None:
    compare(Settings((17,), 0.5, EPOCHS, zero_gradients=zero_gradients), spoilt)


def compare(settings: Settings, spoilt: float | None = None) -> None:
    """Train with both loops, and compare all tensors of each epoch."""
    with fresh_torch_state():
        by_hand, by_autograd = WrittenOutLoop(settings), Loop(settings)
    pairs = zip(states(by_hand, EPOCHS, spoilt), states(by_autograd, EPOCHS, spoilt), strict=True)
    for epoch, (ours, autograds) in enumerate(pairs):
        assert len(ours) == len(autograds) == 2 + 5 * len(settings.hidden_units) + 4
        for number, (one, other) in enumerate(zip(ours, autograds, strict=True)):
            same = torch.equal(one.view(torch.int32), other.view(torch.int32))
            assert same, f"{settings}: tensor {number} of epoch {epoch}"


def test_it_is_the_loop_on_the_cpu_and_there_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(fastest_loop(Settings())) is WrittenOutLoop

    monkeypatch.setattr(backpropagation, "find_device", lambda _: Device("cuda", "Fast"))
    assert type(fastest_loop(Settings())) is Loop


def test_a_training_with_autograd_ends_in_the_same_run() -> None:
    one_number = Settings((1,), 0.5, 3, data="moons", rows=10, batch_size=1, clip=0.1)
    for settings in (Settings(), Settings((17,), 1.0, 300, zero_gradients=False), one_number):
        training = Training(settings, Loop)
        while not training.finished:
            training.advance(seconds=1)
        reference, run = training.to_run(), train(settings)

        assert run.losses.tobytes() == reference.losses.tobytes()
        assert run.predictions.tobytes() == reference.predictions.tobytes()
        for name in ("parameters", "gradients"):
            ours, autograds = (getattr(each.checkpoints, name) for each in (run, reference))
            assert [each.tobytes() for each in ours] == [each.tobytes() for each in autograds]


@pytest.mark.parametrize("open_loop", [WrittenOutLoop, Loop])
@pytest.mark.parametrize("batch_size", [0, 30])
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_from_a_state_that_was_kept_it_goes_on_as_it_went_on(
    open_loop: type[Engine], batch_size: int, *, zero_gradients: bool
) -> None:
    settings = Settings(
        *((4,), 0.5, 6),
        data="moons",
        rows=100,
        optimizer="adam",
        schedule="step",
        batch_size=batch_size,
        zero_gradients=zero_gradients,
    )
    kept = train(settings).checkpoints
    with fresh_torch_state():
        loop = open_loop(settings)
    with fresh_torch_state(autograd=loop.autograd):
        loop.train_one_epoch()
        for state in (3, 0):
            loop.restore(kept, state)
            assert loop.updates == state * (4 if batch_size else 1)
            for index in (state, state + 1):
                now = [each.tolist() for each in (*loop.parameters, *loop.memory)]
                assert now == [each[index].tolist() for each in (*kept.parameters, *kept.memory)]
                loop.train_one_epoch()


def test_tensors_in_one_each_begin_on_a_border_of_64_bytes_with_zeros_in_between() -> None:
    flat = FlatTensors([torch.Size(shape) for shape in ((5, 10), (5,), (16,), ())])
    starts = [part.data_ptr() - flat.whole.data_ptr() for part in flat.views]

    assert [start / 64 for start in starts] == [0, 4, 5, 6]  # 50, 5 and 16 numbers of 4 bytes
    assert len(flat.whole) == 7 * 16
    flat.copy([torch.ones_like(part) for part in flat.views])
    assert flat.whole.sum() == 50 + 5 + 16 + 1
    assert [len(half) for half in flat.split(2)] == [5 * 16, 2 * 16]
    flat.copy([torch.ones(5, 10)])
    assert flat.whole.sum() == 50
