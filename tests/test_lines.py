"""The lines of an epoch: every number and word by PyTorch's own loops, and in a browser."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from torch import nn

from tests.browser import Answers, Server, Shared, settled
from tests.combinations import drawn
from tests.oracle import article_loop
from tests.test_broken_runs import AT_ONCE, SOON, far_beyond
from tinynet import Run, Settings, to_script, train
from tinynet.analysis.epoch import Epoch
from tinynet.analysis.explain import explain
from tinynet.registry.optimizers import OPTIMIZERS, Optimizer
from tinynet.registry.pytorch import evaluate
from tinynet.stage.lines import results
from tinynet.stage.lines.message import packed_lines
from tinynet.stage.lines.rule import Rule
from tinynet.stage.lines.step import _whether_it_holds
from tinynet.training.run import FloatArray

FORWARD, LOSS, ZERO_GRAD, BACKWARD, STEP = range(5)
WITHOUT_CLIP = ("forward", "loss", "zero_grad", "backward", "step")
CODES = (
    *("y_pred = model(x)", "loss = criterion(y_pred, y)", "optimizer.zero_grad()"),
    *("loss.backward()", "optimizer.step()"),
)
NAMES = ("model[0].weight", "model[0].bias", "model[2].weight", "model[2].bias")
RATE = 0.5
BEFORE, GRADIENT = np.array([1.0, -2.0], np.float32), np.array([0.3, 0.7], np.float32)
STEPPED = BEFORE - np.float32(RATE) * GRADIENT
# What stands in the component at every frame, while somebody clicks.
WATCH = """async ([clicks, frames]) => {
  const root = [...document.querySelectorAll("*")]
    .map((each) => each.shadowRoot).find((each) => each?.querySelector(".lines"));
  const seen = [];
  for (let frame = 0; frame < frames; frame += 1) {
    if (frame < clicks) root.querySelector(".next").click();
    await new Promise(requestAnimationFrame);
    seen.push({
      where: root.querySelector(".which").textContent,
      line: [...root.querySelectorAll("input")].findIndex((each) => each.checked),
      does: root.querySelector(".does").textContent,
      printed: root.querySelector("pre")?.textContent ?? "",
    });
  }
  return seen;
}"""


class Sent:
    """What the browser is sent for an epoch, read by hand."""

    def __init__(self, epoch: int, settings: Settings, batch: int = 0) -> None:
        run = train(settings)
        self.bytes = packed_lines(run, explain(run, range(len(run.losses))[epoch], batch))
        length = int.from_bytes(self.bytes[:4], "little")
        self.facts = json.loads(self.bytes[4 : 4 + length])
        self.numbers = np.frombuffer(self.bytes[4 + length :], "<f4")

    def blocks(self, line: int) -> list[dict[str, Any]]:
        """Return what stands below a line, also side by side."""
        blocks: list[dict[str, Any]] = self.facts["lines"][line]["blocks"]
        sides = [each for block in blocks for side in block.get("sides", ()) for each in side]
        return [*blocks, *sides]

    def line(self, name: str) -> int:
        """Return which line it is."""
        return [line["name"] for line in self.facts["lines"]].index(name)

    def words(self, line: int) -> str:
        """Return all that is said below a line."""
        return " ".join(block["text"] for block in self.blocks(line) if "text" in block)

    def maps(self, line: int) -> list[tuple[str, Any]]:
        """Return the tensors below a line, and what is written above each."""
        maps = [each for block in self.blocks(line) for each in block.get("maps", ())]
        return [(f"{each['name']} {each['note']}".strip(), self.tensor(each)) for each in maps]

    def tensor(self, place: dict[str, Any]) -> Any:
        """Return the numbers that stand at a place, as many rows as are drawn."""
        columns = place["shape"][-1]
        flat = self.numbers[place["start"] : place["start"] + place["rows"] * columns]
        return flat.reshape(place["rows"], columns)[
            slice(None) if place["shape"][1:] else 0
        ].tolist()

    def shares(self) -> tuple[list[int], list[list[float]]]:
        """Return the rows in the table of the loss, and its columns."""
        (block,) = (each for each in self.blocks(LOSS) if each["kind"] == "shares")
        rows = len(block["which"])
        starts = (block[name] for name in ("y_pred", "y", "error", "share"))
        return block["which"], [self.numbers[start : start + rows].tolist() for start in starts]


def oracle(epoch: int, rate: float = RATE, *, zero_gradients: bool = True) -> dict[str, Any]:
    """Return what the lines of that epoch made in the article's loop, and what came of it."""
    run = article_loop([5], rate, epoch + 1, 0, zero_gradients=zero_gradients)
    return {**run["last epoch"], "after": run["parameters"], "inputs": run["inputs"]}


def flat(tensors: list[Any]) -> FloatArray:
    return np.concatenate([np.ravel(each) for each in tensors])


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


# Other settings, each beside a plain loop of PyTorch's own.


@dataclass(frozen=True)
class Case:
    """Settings, an update, and what the plain loop is made of."""

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
    """Run the loop by hand from the first weights to the update, and note what each line made."""
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


@pytest.fixture(scope="module", params=CASES)
def pair(request: pytest.FixtureRequest) -> tuple[Sent, dict[str, Any], Case]:
    """What is sent, what the plain loop made, and of which settings."""
    case = CASES[request.param]
    return Sent(case.epoch, case.settings, case.batch), plain(case), case


Pair = tuple[Sent, dict[str, Any], Case]


def same(shown: Any, tensor: Any) -> bool:
    """Whether the rows that are shown are the first of the tensor's."""
    rows = np.asarray(shown)
    expected = tensor.detach().numpy()
    first = expected[: len(rows)] if expected.ndim > 1 else expected
    return bool(np.allclose(rows, first, rtol=2e-4, atol=2e-7))


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


def test_the_step_shows_the_parameters_and_what_the_optimizer_remembers(pair: Pair) -> None:
    sent, made, _ = pair
    step = sent.line("step")
    expected = []
    rows = zip(made["before"], made["clipped"], made["memory"], made["after"], strict=True)
    for before, gradient, memory, after in rows:
        remembered = [each for name, each in memory.items() if name != "step"]
        expected += [before, gradient, *remembered, after]
    maps = sent.maps(step)

    assert len(maps) == len(expected)
    assert [
        name for (name, shown), each in zip(maps, expected, strict=True) if not same(shown, each)
    ] == []
    names = {name.split(" ")[0] for name, _ in maps}
    assert {name for memory in made["memory"] for name in memory if name != "step"} <= names


def test_the_rule_can_be_followed_with_a_pencil_to_the_number_that_moved_most(pair: Pair) -> None:
    sent, made, case = pair
    words = sent.words(sent.line("step"))
    moves = flat(
        [
            (after - before).numpy()
            for before, after in zip(made["before"], made["after"], strict=True)
        ]
    )
    most = np.abs(moves).argmax()
    (block,) = (each for each in sent.blocks(sent.line("step")) if each["kind"] == "printed")
    lines = block["text"].splitlines()

    for line in lines[1::2]:
        _, formula, result = line.split(" = ")
        by_pencil = eval(formula, {"sqrt": math.sqrt})  # noqa: S307 - our own text
        assert by_pencil == pytest.approx(float(result), rel=2e-4)
    assert lines[-2].startswith("after = before - rate * ")
    after = flat([each.numpy() for each in made["after"]])[most]
    assert float(lines[-1].split(" = ")[-1]) == pytest.approx(after, rel=2e-4)
    assert f"- {made['rate']:.6g} * " in lines[-1]
    assert "holds for all" in words
    assert "32-bit rounding" in words
    if case.settings.schedule == "cosine":
        assert (
            f"The learning rate of this epoch is {made['rate']:.6g}: it falls along half" in words
        )
    assert ("weight_decay=" in words) == bool(case.settings.l2)


@pytest.mark.parametrize("l2", [0.0, 0.03])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_rule_of_every_optimizer_is_that_of_pytorch_in_64_bits(
    optimizer: str, l2: float
) -> None:
    """And so is what it remembers on the way."""
    entry = OPTIMIZERS[optimizer]
    decay = l2 or entry.weight_decay
    weight = nn.Parameter(torch.linspace(-1, 2, 7, dtype=torch.float64))
    stepping: Any = evaluate(entry.code("0.03", str(l2) if l2 else ""), model=_Of(weight))
    memory = {name: np.zeros(7) for name in entry.remembers}
    for step in range(1, 12):
        weight.grad = torch.sin(step * weight.detach() + step)
        names: dict[str, Any] = {
            "before": weight.detach().numpy().copy(),
            "grad": weight.grad.numpy().copy(),
        }
        names |= {**memory, "rate": 0.03, "step": step, "weight_decay": decay}
        for line in entry.rule_with(decay):
            name, _, formula = line.partition(" = ")
            names[name] = eval(formula, {"sqrt": np.sqrt}, names)  # noqa: S307 - our own text
        memory = {name: names[name] for name in entry.remembers}
        stepping.step()

        assert names["after"] == pytest.approx(weight.detach().numpy(), rel=1e-12)
        for name, each in memory.items():
            assert each == pytest.approx(stepping.state[weight][name].numpy(), rel=1e-12)


@dataclass(frozen=True)
class _Of:
    """A model of one parameter."""

    weight: nn.Parameter

    def parameters(self) -> list[nn.Parameter]:
        return [self.weight]


def test_the_rule_holds_for_drawn_settings() -> None:
    for settings in drawn(40, seed=23):
        run = train(settings)
        opened = explain(run, len(run.losses) // 2)
        if all(np.isfinite(each).all() for each in opened.after):
            difference, is_rounding = Rule.of(settings, opened).difference(opened)
            assert is_rounding, (settings, difference)


@pytest.mark.parametrize(
    ("times", "layer", "rate"), [(20, "model[2]", "0.2"), (0.05, "model[0]", "0.01")]
)
def test_a_number_of_the_last_layer_goes_by_that_layers_rate(
    times: float, layer: str, rate: str
) -> None:
    words = Sent(3, Settings(optimizer="adam", last_layer_rate=times)).words(STEP)

    last = f"{0.01 * times:.6g}"
    assert f"The last layer's rate is {times} times the others': {last}." in words
    assert re.search(rf"`{re.escape(layer)}\S+` moved most", words)
    assert f" - {rate} * " in words
    assert "holds for all 61 numbers" in words


def test_a_step_by_another_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(OPTIMIZERS["rmsprop"], rule=("after = before - rate * grad",))
    monkeypatch.setitem(OPTIMIZERS, "rmsprop", wrong)
    sent = Sent(20, CASES["spiral"].settings)

    assert "does not hold here" in sent.words(sent.line("step"))


def test_an_optimizer_without_a_rule_is_shown_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    adamax = Optimizer("Adamax", "somehow", "Adamax", remembers=("exp_avg", "exp_inf"))
    monkeypatch.setitem(OPTIMIZERS, "adamax", adamax)
    sent = Sent(3, Settings(optimizer="adamax"))
    words = sent.words(STEP)

    assert "moved most, from" in words
    assert "rule" not in words
    assert "61 of 61 numbers changed" in words
    assert {"exp_avg before", "exp_inf before"} <= {name for name, _ in sent.maps(STEP)}


def test_of_many_parameters_all_fold_up_but_the_one_that_moved_most() -> None:
    sent = Sent(20, CASES["spiral"].settings)
    blocks = [each for each in sent.blocks(sent.line("step")) if each["kind"] == "folded"]
    moved = re.search(r"`(\S+?t|\S+?s)\[\d+\]\S*` moved most", sent.words(sent.line("step")))
    assert moved

    assert len(blocks) == 8
    assert [each["name"] for each in blocks if each["open"]] == [moved[1]]


def test_predictions_that_the_criterion_refuses_are_said_to_end_the_script() -> None:
    settings = far_beyond(
        (64, 64), 1e20, data="circles", loss="bce", epochs=30, activation="linear"
    )
    run = train(settings)
    assert run.diverged

    sent = Sent(-1, settings)
    assert "raises an error, and the script ends here" in sent.words(LOSS)


def test_gradients_of_0_can_still_move_what_has_momentum() -> None:
    run = train(Settings(optimizer="momentum"))
    opened = explain(run, 7)
    still = replace(opened, gradients=tuple(0 * each for each in opened.gradients))

    words = " ".join(each.get("text", "") for each in results.backward(run, still))
    assert "`step()` still moves the parameters" in words


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_into_no_numbers_is_shown_whatever_the_optimizer(optimizer: str) -> None:
    for clip in (0.0, 1.0):
        settings = far_beyond((8, 3), 1e30, optimizer=optimizer, clip=clip, activation="linear")
        for epoch in range(len(train(settings).losses)):
            sent = Sent(epoch, settings)

            diverged = any(
                not np.isfinite(rows).all()
                for name, rows in sent.maps(sent.line("step"))
                if name.endswith("after")
            )
            assert ("the training diverged here" in sent.words(sent.line("step"))) == diverged


# In the browser.


def opened(page: Page, server: Server, query: str) -> Locator:
    page.goto(f"{server.address}?tab=Look+inside&{query}")
    expect(page.get_by_text("One row's arithmetic")).to_be_visible()
    expect(page.locator(".lines .which")).to_contain_text("In epoch")
    settled(page)
    return page.locator(".lines")


def cells(lines: Locator, table: int) -> list[str]:
    return lines.get_by_role("table").nth(table).locator("td").all_inner_texts()


def test_four_quick_clicks_are_four_steps_and_ask_nothing(page: Page, server: Server) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    lines = opened(page, server, "epoch=7&lr=0.5&hidden=64")
    sent.clear()

    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        lines.get_by_role("radio").nth(FORWARD).check()
        page.get_by_role("button", name="Next line").evaluate(
            "each => { for (let click = 0; click < 4; click += 1) each.click(); }"
        )

        expect(lines.get_by_role("radio").nth(STEP)).to_be_checked()
        expect(page.get_by_text("holds for all 769 numbers")).to_be_visible()
        expect(lines.get_by_role("table")).to_have_count(12)  # before, grad, after; four parameters
        main = page.locator("[data-testid=stMain]")
        assert main.evaluate("e => e.scrollWidth - e.clientWidth") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert sent == []


def test_clicks_are_counted_from_epoch_to_epoch_up_to_the_last_and_each_changes_all_at_once(
    page: Page, server: Server
) -> None:
    lines = opened(page, server, "epoch=46&lr=0.5")
    losses = article_loop([5], 0.5, 50, 0)["losses"]

    seen = page.evaluate(WATCH, [16, 60])
    expect(lines.locator(".which")).to_have_text("In epoch 49, look at")

    expect(lines.get_by_role("radio").nth(LOSS)).to_be_checked()  # 16 steps from epoch 46, line 0
    page.wait_for_url(re.compile(r"^[^#]*\?(?!.*epoch=)"))  # the last epoch needs no mention
    words = [line["does"].replace("`", "") for line in Sent(46, Settings()).facts["lines"]]
    assert [each["line"] for each in seen[:4]] == [1, 2, 3, 4]
    for each in seen:
        assert each["does"] == words[each["line"]]
        number = int(each["where"].split()[2].rstrip(","))
        loss = f">>> loss.item()\n{losses[number]}"
        assert (each["printed"] == loss) == (each["line"] == LOSS)

    # Behind the last line of the last epoch comes nothing.
    settled(page)
    step = page.get_by_role("button", name="Next line")
    lines.get_by_role("radio").nth(STEP - 1).check()
    step.click()

    end = page.get_by_role("button", name="The training ends here")
    expect(end).to_have_attribute("aria-disabled", "true")
    end.press("Enter")
    expect(lines.get_by_role("radio").nth(STEP)).to_be_checked()
    expect(lines.locator(".which")).to_have_text("In epoch 49, look at")

    lines.get_by_role("radio").nth(FORWARD).check()
    expect(step).to_have_attribute("aria-disabled", "false")


def test_an_answer_that_comes_late_takes_no_click_back(page: Page, server: Server) -> None:
    answers = Answers(page)
    lines = opened(page, server, "epoch=7&lr=0.5")
    answers.hold()
    for clicked in (1, 2):  # to epoch 8, then to epoch 9: two clicks more than a whole epoch each
        page.get_by_role("button", name="Next line").evaluate(
            "each => { for (let click = 0; click < 6; click += 1) each.click(); }"
        )
        answers.wait_for(clicked)
    answers.let_go()

    expect(lines.locator(".which")).to_have_text("In epoch 9, look at")
    expect(lines.get_by_role("radio").nth(ZERO_GRAD)).to_be_checked()


def at_epoch_7(shared: Shared, server: Server) -> Locator:
    """Return the lines of epoch 7 of a run, on a page of several tests."""
    lines: Locator = shared(opened, server, "epoch=7&lr=0.5")
    lines.page.get_by_role("radio", name="Look inside").click()
    box = lines.page.locator(".st-key-epoch").get_by_role("spinbutton")
    box.fill("7")
    box.press("Enter")
    expect(lines.locator(".which")).to_have_text("In epoch 7, look at")
    settled(lines.page)
    return lines


def test_the_slider_leads_to_another_epoch_and_the_line_stays(
    shared: Shared, server: Server
) -> None:
    lines = at_epoch_7(shared, server)
    page = lines.page
    lines.get_by_role("radio").nth(FORWARD).check()
    lines.get_by_role("radio").nth(FORWARD).press("ArrowDown")
    expect(lines.get_by_role("radio").nth(LOSS)).to_be_checked()

    page.locator(".st-key-epoch").get_by_role("spinbutton").press("ArrowDown")
    expect(lines.locator(".which")).to_have_text("In epoch 6, look at")
    expect(lines.locator("pre")).to_contain_text(str(oracle(6)["loss"]))

    page.get_by_role("radio", name="Code").click()
    page.get_by_text("import torch").first.wait_for()
    page.get_by_role("radio", name="Look inside").click()
    expect(lines.get_by_role("radio").nth(LOSS)).to_be_checked()
    expect(lines.locator(".which")).to_have_text("In epoch 6, look at")


def test_every_number_stands_in_its_cell_on_a_ground_of_its_sign_and_size(
    shared: Shared, server: Server
) -> None:
    lines, made = at_epoch_7(shared, server), oracle(7)
    lines.get_by_role("radio").nth(STEP).check()
    before, gradients, after = (
        np.array(made[part][0]).ravel() for part in ("before", "gradients", "after")
    )

    for table, tensor in enumerate((before, gradients, after)):
        written = [float(each) for each in cells(lines, table)]
        assert written == pytest.approx(tensor, abs=5.001e-5)
    grounds = lines.get_by_role("table").nth(2).locator("td")
    styles = grounds.evaluate_all("all => all.map((each) => each.getAttribute('style'))")
    for style, value in zip(styles, after, strict=True):
        strength = 60 * abs(value) / np.abs(after).max()
        assert float(re.findall(r"([\d.]+)%", style)[0]) == pytest.approx(strength, abs=0.06)
        assert ("#2f7fc1" if value > 0 else "#c0762b") in style
    marks = grounds.evaluate_all("all => all.map((each) => each.className)")
    assert [mark == "changed" for mark in marks] == (before != after).tolist()


def test_the_bars_are_the_rows_shares_in_the_loss(shared: Shared, server: Server) -> None:
    lines, made = at_epoch_7(shared, server), oracle(7)
    lines.get_by_role("radio").nth(LOSS).check()
    errors = np.array(made["squared errors"])
    shares = 100 * errors / errors.sum()
    targets = [1, 0, 0, 1, 1, 1, 0, 0, 1, 1]

    rows = np.array(cells(lines, 0)).reshape(10, 4).tolist()
    assert rows == [
        [f"{prediction:.4f}", str(target), f"{error:.4f}", f"{share:.0f} %"]
        for (prediction,), target, error, share in zip(
            made["y_pred"], targets, errors, shares, strict=True
        )
    ]
    widths = lines.locator(".shares i").evaluate_all(
        "all => all.map((e) => 100 * e.clientWidth / e.parentElement.clientWidth)"
    )
    assert widths == pytest.approx(shares, abs=2)


def test_behind_the_last_line_of_a_batch_comes_the_next_batch_and_then_the_next_epoch(
    page: Page, server: Server
) -> None:
    lines = opened(page, server, "data=moons&batch=50&epoch=7")
    which = lines.locator(".which")
    box = page.get_by_role("spinbutton", name="Batch, 1 to 4")
    expect(which).to_have_text("In epoch 7 of 0 to 49, batch 1 of 1 to 4, look at")

    box.fill("3")
    box.press("Enter")
    expect(which).to_have_text("In epoch 7 of 0 to 49, batch 3 of 1 to 4, look at")
    lines.get_by_role("radio").nth(STEP).check()
    page.get_by_role("button", name="Next line").click()

    expect(which).to_have_text("In epoch 7 of 0 to 49, batch 4 of 1 to 4, look at")
    expect(lines.get_by_role("radio").nth(FORWARD)).to_be_checked()
    expect(box).to_have_value("4")
    lines.get_by_role("radio").nth(STEP).check()
    page.get_by_role("button", name="Next line").click()
    expect(which).to_have_text("In epoch 8 of 0 to 49, batch 1 of 1 to 4, look at")
    expect(box).to_have_value("1")
    page.wait_for_url(re.compile("epoch=8"))


def test_the_step_stays_in_sight_when_a_line_goes_and_a_forgotten_line_is_struck_through(
    page: Page, server: Server
) -> None:
    lines = opened(page, server, "clip=0.1")
    expect(lines.get_by_role("radio")).to_have_count(6)
    lines.get_by_role("radio", name="optimizer.step()").check()

    page.get_by_role("button", name="Back to the article").click()

    expect(lines.get_by_role("radio")).to_have_count(5)
    expect(lines.get_by_role("radio", name="optimizer.step()")).to_be_checked()
    expect(page.get_by_text("moved most")).to_be_visible()

    page.get_by_text("Forget zero_grad()").click()
    expect(lines.locator("s")).to_have_text("optimizer.zero_grad()")
    lines.get_by_role("radio", name="optimizer.zero_grad() forgotten").check()
    expect(page.get_by_text(".grad holds the sum of the gradients")).to_be_visible()


def test_what_was_unfolded_stays_so_from_epoch_to_epoch(page: Page, server: Server) -> None:
    lines = opened(page, server, "hidden=3-2&epoch=7&lr=0.5")
    lines.get_by_role("radio", name="optimizer.step()").check()
    expect(lines.get_by_role("table")).to_have_count(3)
    lines.locator("details:not([open]) summary").last.click()
    expect(lines.get_by_role("table")).to_have_count(6)
    name = lines.locator("details[open] summary").last.inner_text()

    page.locator(".st-key-epoch").get_by_role("spinbutton").press("ArrowDown")

    expect(lines.locator(".which")).to_have_text("In epoch 6, look at")
    expect(lines.locator("details[open] summary").filter(has_text=name)).to_be_visible()
