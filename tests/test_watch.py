"""Watched loops: the film of `train` bit for bit, and a loop that notices nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from tests.combinations import draw_one
from tests.exports import FORMS
from tests.watching import watched
from tinynet import Settings, WatchedFilm, to_html, train, watch
from tinynet.training.film import Film, film

X = torch.linspace(-1, 1, 40).reshape(20, 2).sin()
Y = (X[:, :1] > X[:, 1:]).float()


def differing(one: Film, other: Film) -> list[str]:
    """Return the names of the arrays that differ in a bit."""
    pairs = {
        each.name: (getattr(one, each.name), getattr(other, each.name)) for each in fields(one)
    }
    return [
        name
        for name, (a, b) in pairs.items()
        if (a.dtype, a.shape, a.tobytes()) != (b.dtype, b.shape, b.tobytes())
    ]


@pytest.mark.slow
def test_the_film_of_a_watched_script_is_the_film_of_its_run_bit_for_bit() -> None:
    generator, compared = random.Random(5), 0  # noqa: S311 - a repeatable draw
    for place in range(46):
        settings = draw_one(generator, most_updates=40, keep="last")
        run = train(settings)
        if settings.files or run.diverged:  # the bits of NaN can differ
            continue
        # The penalty and the gradients of earlier epochs are in the loop, not in the criterion.
        has_more = bool(settings.l1) or not settings.zero_gradients
        expected = {"gradients"} if has_more else set[str]()
        found = differing(film(run), watched(settings, FORMS[place % 2]).to_film())
        assert set(found) <= expected, settings
        compared += 1

    assert compared >= 36


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        Settings((4,), 0.5, 402, data="moons", test_share=0.3),
        Settings((64,) * 3, 0.1, 70, data="hills"),  # a film without some of its states
    ],
    ids=str,
)
def test_of_a_long_loop_it_keeps_the_states_that_a_run_keeps(settings: Settings) -> None:
    assert differing(film(train(settings)), watched(settings).to_film()) == []


class Functional(nn.Module):
    """A network whose forward pass uses functions."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(2, 3, bias=False), nn.Linear(3, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return one sum for each row."""
        hidden = functional.dropout(self.first(x).clamp(min=0), 0.5, self.training)
        sums: torch.Tensor = self.last(hidden)
        return sums


def normed() -> nn.Sequential:
    layers = (nn.Linear(2, 4), nn.BatchNorm1d(4), nn.ReLU(inplace=True), nn.Dropout(0.5))
    return nn.Sequential(*layers, nn.Linear(4, 2), nn.LogSoftmax(dim=1))


def convolution() -> nn.Sequential:
    layers = (nn.Unflatten(1, (1, 2)), nn.Conv1d(1, 2, 2), nn.Dropout(0.5), nn.Flatten())
    return nn.Sequential(*layers, nn.Linear(2, 1))


LOOPS: dict[str, tuple[Callable[[], nn.Module], Callable[..., Any], torch.Tensor]] = {
    "functional": (Functional, nn.BCEWithLogitsLoss(), Y),
    "normed": (normed, nn.NLLLoss(), Y[:, 0].long()),
    "convolution": (convolution, functional.mse_loss, Y),
}


def state_of(model: nn.Module, optimizer: torch.optim.Optimizer) -> list[Any]:
    """Return everything that a loop could notice, as plain values."""
    of_modules = [
        (each.training, len(each._forward_hooks), len(each._forward_pre_hooks))
        for each in model.modules()
    ]
    tensors = [*model.state_dict().values(), *(each.grad for each in model.parameters())]
    memory = [each for state in optimizer.state.values() for each in state.values()]
    return [of_modules, [None if each is None else each.tolist() for each in [*tensors, *memory]]]


def loop(name: str, *, watches: bool) -> tuple[list[Any], WatchedFilm | None]:
    """Run a loop with batches, random dropout and shuffles; return all that it comes to."""
    make, criterion, y = LOOPS[name]
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = make()
        optimizer = torch.optim.Adam(model.parameters(), 0.05)
        seen = watch(model, X, y, criterion, X[:5], y[:5]) if watches else None
        after = [state_of(model, optimizer), torch.get_rng_state().tolist()]
        for _ in range(12):
            for rows in torch.split(torch.randperm(len(X)), 7):
                optimizer.zero_grad()
                criterion(model(X[rows]), y[rows]).backward()
                optimizer.step()
            if seen:
                seen.record()
            after += [state_of(model, optimizer), torch.get_rng_state().tolist()]
    return after, seen


@pytest.mark.slow
@pytest.mark.parametrize("name", LOOPS)
def test_watching_changes_nothing_in_the_loop(name: str) -> None:
    assert loop(name, watches=True)[0] == loop(name, watches=False)[0]


def test_its_states_are_what_the_model_answers_in_evaluation_mode() -> None:
    for name in ("functional", "normed"):
        _, criterion, y = LOOPS[name]
        _, seen = loop(name, watches=True)
        assert seen
        model, reel = seen.model.eval(), seen.to_film()
        output = model(X)
        loss = criterion(output, y)
        model.zero_grad()
        loss.backward()
        gradients: list[torch.Tensor] = []
        for linear in model.modules():
            if isinstance(linear, nn.Linear):
                for parameter in (linear.weight, linear.bias):
                    gradient = parameter.grad if isinstance(parameter, nn.Parameter) else None
                    gradients.append(torch.zeros(3) if gradient is None else gradient.ravel())
        right = (output.argmax(1) if name == "normed" else output[:, 0] > 0) == Y[:, 0]

        assert reel.losses[-1] == pytest.approx(loss.item(), rel=1e-6)
        assert reel.gradients[-1] == pytest.approx(torch.cat(gradients).numpy(), abs=1e-7)
        assert reel.scores[-1] == right.sum().item()
        assert reel.test_scores[-1] == right[:5].sum().item()


def test_at_most_201_states_are_kept_spread_over_the_loop() -> None:
    model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
    seen = watch(model, X, Y, nn.MSELoss())
    for epoch in range(1, 1_001):
        seen.record()
        assert len(seen._kept) <= 201
        if epoch in (200, 201, 999, 1_000):
            epochs = [*seen._kept]
            assert epochs[0] == 0
            assert epochs[-1] == epoch
            gaps = np.diff(epochs)[:-1]
            assert len(set(gaps.tolist())) == 1
            assert len(epochs) > 100


class Skipping(nn.Module):
    """A network with a skip connection."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the inputs and the outputs, added."""
        sums: torch.Tensor = x + self.linear(x)
        return sums


@pytest.mark.parametrize(
    ("model", "x", "sentence"),
    [
        (nn.Conv2d(1, 1, 2), torch.ones(3, 1, 2, 2), "Conv2d cannot be drawn"),
        (nn.Sequential(nn.LSTM(2, 1)), torch.ones(3, 2), "LSTM (0) cannot be drawn"),
        (Skipping(), torch.ones(3, 2), "Skipping cannot be drawn (it computes add)"),
        (
            nn.Sequential(nn.Linear(2, 2), nn.GELU("tanh"), nn.Linear(2, 1)),
            torch.ones(3, 2),
            "gelu",
        ),
        (nn.Linear(2, 3), torch.ones(3, 2), "3 outputs are no classes"),
        (nn.Linear(30_000, 1), torch.ones(3, 30_000), "30,001 weights and biases"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_cannot_be_drawn_is_named_and_its_losses_are_shown(
    model: nn.Module, x: torch.Tensor, sentence: str
) -> None:
    def criterion(y_pred: Any, y: torch.Tensor) -> torch.Tensor:
        first = y_pred[0] if isinstance(y_pred, tuple) else y_pred
        squared: torch.Tensor = (first.mean() - y.mean()) ** 2
        return squared

    seen = watch(model, x, torch.ones(3), criterion)
    seen.record()
    page = to_html(seen, include_plotlyjs="cdn")

    assert sentence in seen.obstacle
    assert seen.every_loss == pytest.approx([criterion(model(x), torch.ones(3)).item()] * 2)
    assert "The loss hardly moved" in page
    assert sentence in page
    with pytest.raises(ValueError, match=re.escape(sentence)):
        seen.to_film()


CRITERIA = [nn.BCEWithLogitsLoss(), functional.mse_loss]


@pytest.mark.parametrize("criterion", CRITERIA, ids=["module", "function"])
def test_a_loop_may_squeeze_its_single_output(criterion: Callable[..., torch.Tensor]) -> None:
    torch.manual_seed(0)
    x = torch.randn(30, 2)
    y = (x[:, 0] > 0).float()
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    optimizer = torch.optim.SGD(model.parameters(), 0.5)
    losses, reel = [], watch(model, x, y, criterion, x, y)
    for _ in range(5):
        loss = criterion(model(x).squeeze(), y)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        reel.record()
        losses.append(loss.item())

    assert reel.every_loss[:-1].tolist() == losses == reel.every_test_loss[:-1].tolist()
    torch.testing.assert_close(
        torch.tensor(reel.to_film().gradients[4]),
        torch.cat([each.grad.reshape(-1) for each in model.parameters() if each.grad is not None]),
    )


def test_wrong_calls_get_a_sentence() -> None:
    model = nn.Linear(2, 1)
    wrong: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
        ((model.weight, X, Y), {}, "model must be a torch.nn.Module, not Parameter"),
        ((model, X.numpy(), Y), {}, "x must be a tensor of rows, not ndarray"),
        ((model, X, Y[:3]), {}, "x and y must have the same rows, not 20 and 3"),
        ((model, X, Y), {"x_test": X}, "x_test and y_test belong together"),
        ((model, X, Y), {"names": ["a"]}, "names must be 2 texts"),
    ]
    for (of, x, y), others, sentence in wrong:
        with pytest.raises((TypeError, ValueError), match=sentence):
            watch(of, x, y, nn.MSELoss(), **others)
    with pytest.raises(ValueError, match="criterion must return one number for all rows"):
        watch(model, X, Y, nn.MSELoss(reduction="none"))


def test_hostile_names_of_inputs_and_models_stay_text() -> None:
    hostile = type("Net</script><img src=x>", (nn.Sequential,), {})
    seen = watch(hostile(nn.Linear(2, 1)), X, Y, nn.MSELoss(), names=["</script><b>", "b"])
    seen.record()

    assert "<img" not in to_html(seen)
    assert "<b>" not in to_html(seen)
    assert "\n" not in repr(seen)
