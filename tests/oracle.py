"""The article's loop in plain PyTorch, as the oracle; it imports nothing of tinynet."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn


def article_loop(  # noqa: C901, PLR0913 - the knobs of the article
    hidden_units: list[int],
    learning_rate: float,
    epochs: int,
    seed: int,
    device: str = "cpu",
    *,
    zero_gradients: bool = True,
    last_layer_rate: float = 1.0,
    weight_seed: int | None = None,
    stop_at_nan: bool = False,
) -> Any:
    """Return the article's output, then the loss and predictions after the last update.

    It also contains the values of each line in the last epoch, and each module's outputs.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    x = torch.randn(10, 10)
    y = torch.tensor([[1.0], [0.0], [0.0], [1.0], [1.0], [1.0], [0.0], [0.0], [1.0], [1.0]])
    if weight_seed is not None:
        torch.manual_seed(weight_seed)
    layers, n_in = [], 10
    for n_h in hidden_units:
        layers += [nn.Linear(n_in, n_h), nn.ReLU()]
        n_in = n_h
    model = nn.Sequential(*layers, nn.Linear(n_in, 1), nn.Sigmoid())
    x, y, model = x.to(device), y.to(device), model.to(device)
    criterion = torch.nn.MSELoss()
    optimizer = descent(model, learning_rate, last_layer_rate)
    losses, last, made = [], {}, []
    for epoch in range(epochs):
        if epoch == epochs - 1:
            for module in model:
                module.register_forward_hook(lambda _, __, output: made.append(output))
        y_pred = model(x)
        loss = criterion(y_pred, y)
        losses.append(loss.item())
        if epoch == epochs - 1:
            for output in made:
                output.retain_grad()
            last = {"y_pred": y_pred.tolist(), "loss": loss.item()}
            last["squared errors"] = ((y_pred - y) ** 2).flatten().tolist()
            last["sums"], last["outputs"] = lists(made[::2]), lists(made[1::2])
            last["before"] = lists(model.parameters())
            last["accumulated"] = lists(each.grad for each in model.parameters())
        if zero_gradients:
            optimizer.zero_grad()
        loss.backward()
        if epoch == epochs - 1:
            last["gradients"] = lists(each.grad for each in model.parameters())
            last["slopes"] = lists(each.grad for each in made[::2])
        optimizer.step()
        if stop_at_nan and math.isnan(losses[-1]):
            break
    y_pred = model(x)
    torch.set_num_threads(threads)  # restored for tests that look at threads
    return {
        "losses": losses,
        "final_loss": criterion(y_pred, y).item(),
        "predictions": y_pred.tolist(),
        "inputs": x.tolist(),
        "parameters": lists(model.parameters()),
        "last epoch": last,
    }


def descent(model: nn.Module, rate: float, last_layer_rate: float) -> torch.optim.Optimizer:
    """Return the article's optimizer, with a second group if the last layer has its own rate."""
    if last_layer_rate == 1:
        return torch.optim.SGD(model.parameters(), lr=rate)
    *others, weight, bias = model.parameters()
    last: dict[str, Any] = {"params": [weight, bias], "lr": rate * last_layer_rate}
    return torch.optim.SGD([{"params": others}, last], lr=rate)


def blobs_loop(  # noqa: PLR0913 - the knobs of a loop
    hidden_units: list[int],
    learning_rate: float,
    epochs: int,
    seed: int,
    *,
    rows: int = 200,
    noise: float = 0.1,
) -> Any:
    """Return the output and final values of plain descent on three blobs with CrossEntropyLoss.

    It also contains the values of each line in the last epoch.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    y = torch.tensor([row % 3 for row in range(rows)])
    turn = y.to(torch.float32) * (2 * math.pi / 3)
    centre = torch.stack([torch.sin(turn), torch.cos(turn)], 1) * 1.2
    x = torch.randn(rows, 2) * (0.3 + noise) + centre
    layers, n_in = [], 2
    for n_h in hidden_units:
        layers += [nn.Linear(n_in, n_h), nn.ReLU()]
        n_in = n_h
    model = nn.Sequential(*layers, nn.Linear(n_in, 3))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses, last = [], {}
    for epoch in range(epochs):
        y_pred = model(x)
        loss = criterion(y_pred, y)
        losses.append(loss.item())
        if epoch == epochs - 1:
            y_pred.retain_grad()
            last = {"y_pred": y_pred.tolist(), "loss": loss.item()}
            last["row losses"] = nn.CrossEntropyLoss(reduction="none")(y_pred, y).tolist()
            last["softmax"] = y_pred.softmax(dim=1).tolist()
            last["before"] = lists(model.parameters())
        optimizer.zero_grad()
        loss.backward()
        if epoch == epochs - 1:
            last["gradients"] = lists(each.grad for each in model.parameters())
            last["slope"] = lists([y_pred.grad])[0]
        optimizer.step()
    y_pred = model(x)
    torch.set_num_threads(threads)
    return {
        "losses": losses,
        "final_loss": criterion(y_pred, y).item(),
        "predictions": y_pred.tolist(),
        "answers": y_pred.argmax(dim=1).tolist(),
        "probabilities": y_pred.softmax(dim=1).tolist(),
        "inputs": x.tolist(),
        "targets": y.tolist(),
        "parameters": lists(model.parameters()),
        "last epoch": last,
    }


def article_knobs(settings: Any) -> dict[str, Any]:
    """Return the arguments of the article's loop; all other settings must be the article's."""
    names = "hidden_units learning_rate epochs seed device zero_gradients last_layer_rate"
    return {name: getattr(settings, name) for name in (*names.split(), "weight_seed")}


def lists(tensors: Iterable[torch.Tensor | None]) -> list[Any]:
    """Return the numbers of the tensors, without those that are None."""
    return [each.tolist() for each in tensors if each is not None]


def final_loss(
    hidden_units: int = 5,
    rate: float = 0.01,
    epochs: int = 50,
    seed: int = 0,
    weight_seed: int | None = None,
) -> str:
    """Return the loss after the last update, written as on the page."""
    made = article_loop([hidden_units], rate, epochs, seed, weight_seed=weight_seed)
    return f"{made['final_loss']:.4f}"


def in_a_fresh_process(
    settings: list[dict[str, Any]],
    environment: dict[str, str] | None = None,
    loop: str = "article_loop",
) -> list[dict[str, Any]]:
    """Run the loop of the article, or of the blobs, with each of the settings, in a new process."""
    from tests.forks import run_anew, run_fresh

    loops = f"[{loop}(**each) for each in json.loads({json.dumps(settings)!r})]"
    script = f"{Path(__file__).read_text()}\n\nprint(json.dumps({loops}))"
    printed = run_anew(script, environment) if environment else run_fresh(script)
    runs: list[dict[str, Any]] = json.loads(printed[0])
    return runs
