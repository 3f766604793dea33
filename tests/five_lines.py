"""Shared helpers for the tests of an epoch's five lines."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Locator, Page, expect
from torch import nn

from tests.browser import Server, settled
from tests.oracle import article_loop
from tinynet import Run, Settings, train
from tinynet.analysis.epoch import Epoch
from tinynet.analysis.explain import explain
from tinynet.stage.lines.message import packed_lines
from tinynet.training.record import FloatArray

FORWARD, LOSS, ZERO_GRAD, BACKWARD, STEP = range(5)
RATE = 0.5
BEFORE, GRADIENT = np.array([1.0, -2.0], np.float32), np.array([0.3, 0.7], np.float32)


class Sent:
    """The browser's data of an epoch, decoded by hand."""

    def __init__(self, epoch: int, settings: Settings, batch: int = 0) -> None:
        run = train(settings)
        self.bytes = packed_lines(run, explain(run, range(len(run.losses))[epoch], batch))
        length = int.from_bytes(self.bytes[:4], "little")
        self.facts = json.loads(self.bytes[4 : 4 + length])
        self.numbers = np.frombuffer(self.bytes[4 + length :], "<f4")

    def blocks(self, line: int) -> list[dict[str, Any]]:
        """Return all blocks below a line, including those side by side."""
        blocks: list[dict[str, Any]] = self.facts["lines"][line]["blocks"]
        sides = [each for block in blocks for side in block.get("sides", ()) for each in side]
        return [*blocks, *sides]

    def line(self, name: str) -> int:
        """Return the name of the line."""
        return [line["name"] for line in self.facts["lines"]].index(name)

    def words(self, line: int) -> str:
        """Return all texts below a line."""
        return " ".join(block["text"] for block in self.blocks(line) if "text" in block)

    def maps(self, line: int) -> list[tuple[str, Any]]:
        """Return the tensors below a line, with their titles."""
        maps = [each for block in self.blocks(line) for each in block.get("maps", ())]
        return [(f"{each['name']} {each['note']}".strip(), self.tensor(each)) for each in maps]

    def tensor(self, place: dict[str, Any]) -> Any:
        """Return the numbers of a tensor, one array row per drawn row."""
        columns = place["shape"][-1]
        flat = self.numbers[place["start"] : place["start"] + place["rows"] * columns]
        return flat.reshape(place["rows"], columns)[
            slice(None) if place["shape"][1:] else 0
        ].tolist()

    def shares(self) -> tuple[list[int], list[list[float]]]:
        """Return the rows and the columns of the loss table."""
        (block,) = (each for each in self.blocks(LOSS) if each["kind"] == "shares")
        rows = len(block["which"])
        starts = (block[name] for name in ("y_pred", "y", "error", "share"))
        return block["which"], [self.numbers[start : start + rows].tolist() for start in starts]


def oracle(epoch: int, rate: float = RATE, *, zero_gradients: bool = True) -> dict[str, Any]:
    """Return the values of each line of that epoch in the article's loop, and the results."""
    run = article_loop([5], rate, epoch + 1, 0, zero_gradients=zero_gradients)
    return {**run["last epoch"], "after": run["parameters"], "inputs": run["inputs"]}


def flat(tensors: list[Any]) -> FloatArray:
    return np.concatenate([np.ravel(each) for each in tensors])


def epoch(after: FloatArray) -> Epoch:
    return Epoch(
        number=0,
        names=("model[0].bias",),
        layers=(),
        loss=0.25,
        row_losses=np.array([0.25], np.float32),
        accumulated=(),
        gradients=(GRADIENT,),
        before=(BEFORE,),
        after=(after,),
    )


# Other settings, each compared with a plain PyTorch loop.


@dataclass(frozen=True)
class Case:
    """Settings, an update, and the parts of the plain loop."""

    settings: Settings
    epoch: int
    batch: int
    activation: type[nn.Module]
    criterion: nn.Module
    optimizer: Callable[[Any], torch.optim.Optimizer]
    rate: Callable[[int], float] = lambda _: 0.01


CASES = {
    "moons": Case(
        Settings((8, 8), data="moons", activation="tanh", optimizer="adam", batch_size=20),
        *(1, 3, nn.Tanh, nn.MSELoss()),
        lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    ),
    "plane": Case(
        Settings((), data="plane", loss="l1", optimizer="momentum", l1=0.001),
        *(4, 0, nn.ReLU, nn.L1Loss()),
        lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9),
    ),
    "spiral": Case(
        Settings((16, 8, 4), data="spiral", optimizer="rmsprop", clip=0.02, schedule="cosine"),
        *(20, 0, nn.ReLU, nn.MSELoss()),
        lambda parameters: torch.optim.RMSprop(parameters, lr=0.01),
        lambda epoch: 0.01 * (1 + math.cos(math.pi * epoch / 50)) / 2,
    ),
    "circles": Case(
        Settings((5,), data="circles", activation="gelu", loss="bce", optimizer="adamw", l2=0.1),
        *(3, 0, nn.GELU, nn.BCELoss()),
        lambda parameters: torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.1),
    ),
    "forgotten": Case(
        Settings(
            data="hills",
            rows=500,
            batch_size=200,
            zero_gradients=False,
            optimizer="nesterov",
            loss="huber",
            l1=0.003,
            l2=0.01,
            clip=0.1,
        ),
        *(2, 2, nn.ReLU, nn.HuberLoss()),
        lambda parameters: torch.optim.SGD(
            parameters, lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.01
        ),
    ),
}


def plain(case: Case) -> dict[str, Any]:
    """Run the loop by hand up to the update, and record the values of each line."""
    settings, run = case.settings, train(case.settings)
    model = _plain_model(case, run)
    parameters = list(model.parameters())
    optimizer = case.optimizer(parameters)
    for epoch in range(case.epoch + 1):
        for batch in range(explain(run, epoch).batches):
            rows = torch.tensor(explain(run, epoch, batch).rows)
            x, y = torch.tensor(run.inputs)[rows], torch.tensor(run.targets)[rows]
            made = [x]
            for module in model:
                made.append(module(made[-1]))
            loss = case.criterion(made[-1], y)
            noted = {"x": x, "y": y, "made": made, "loss": loss, "rate": case.rate(epoch)}
            noted["accumulated"] = _copies(each.grad for each in parameters)
            if settings.zero_gradients:
                optimizer.zero_grad()
            penalty = settings.l1 * sum(each.abs().sum() for each in parameters)
            (loss + penalty).backward()
            noted["gradients"] = _copies(each.grad for each in parameters)
            if settings.clip:
                noted["norm"] = nn.utils.clip_grad_norm_(parameters, settings.clip).item()
            noted["clipped"] = _copies(each.grad for each in parameters)
            noted["before"] = _copies(parameters)
            noted["memory"] = [dict(optimizer.state[each]) for each in parameters]
            noted["memory"] = [
                {key: each.clone() for key, each in state.items()} for state in noted["memory"]
            ]
            optimizer.param_groups[0]["lr"] = case.rate(epoch)
            optimizer.step()
            noted["after"] = _copies(parameters)
            if (epoch, batch) == (case.epoch, case.batch):
                return noted
    raise AssertionError("There is no such update.")


def _plain_model(case: Case, run: Run) -> nn.Sequential:
    modules: list[nn.Module] = []
    states = iter(torch.tensor(each[0]) for each in run.checkpoints.parameters)
    for weight, bias in zip(states, states, strict=True):
        linear = nn.Linear(weight.shape[1], weight.shape[0])
        linear.load_state_dict({"weight": weight, "bias": bias})
        modules += [linear, case.activation()]
    last = [nn.Sigmoid()] if run.task == "binary" else []
    return nn.Sequential(*modules[:-1], *last)


def _copies(tensors: Any) -> list[Any]:
    return [each.detach().clone() for each in tensors if each is not None]


Pair = tuple[Sent, dict[str, Any], Case]


def same(shown: Any, tensor: Any) -> bool:
    """Tell whether the displayed rows are the first rows of the tensor."""
    rows = np.asarray(shown)
    expected = tensor.detach().numpy()
    first = expected[: len(rows)] if expected.ndim > 1 else expected
    return bool(np.allclose(rows, first, rtol=2e-4, atol=2e-7))


# In the browser.


def opened(page: Page, server: Server, query: str) -> Locator:
    page.goto(f"{server.address}?tab=Look+inside&{query}")
    expect(page.get_by_text("One row's arithmetic")).to_be_visible()
    expect(page.locator(".lines[data-update]")).to_be_visible()
    settled(page)
    return page.locator(".lines")
