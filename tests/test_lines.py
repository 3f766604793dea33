"""The five lines of an epoch: every number and word by the article's loop, and in a browser."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser import Server, settled
from tests.oracle import article_loop
from tests.test_broken_runs import AT_ONCE, SOON, far_beyond
from tests.visitor import is_the_end
from tinynet import Settings, train
from tinynet.epoch import Epoch
from tinynet.explain import explain
from tinynet.run import FloatArray
from tinynet.ui.lines import packed_lines
from tinynet.ui.lines.five import _whether_it_holds

FORWARD, LOSS, ZERO_GRAD, BACKWARD, STEP = range(5)
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

    def __init__(self, epoch: int, settings: Settings) -> None:
        run = train(settings)
        self.bytes = packed_lines(run, explain(run, range(len(run.losses))[epoch]))
        length = int.from_bytes(self.bytes[:4], "little")
        self.facts = json.loads(self.bytes[4 : 4 + length])
        self.numbers = np.frombuffer(self.bytes[4 + length :], "<f4")

    def blocks(self, line: int) -> list[dict[str, Any]]:
        """Return what stands below a line, also side by side."""
        blocks: list[dict[str, Any]] = self.facts["lines"][line]["blocks"]
        sides = [each for block in blocks for side in block.get("sides", ()) for each in side]
        return [*blocks, *sides]

    def words(self, line: int) -> str:
        """Return all that is said below a line."""
        return " ".join(block["text"] for block in self.blocks(line) if "text" in block)

    def maps(self, line: int) -> list[tuple[str, Any]]:
        """Return the tensors below a line, and what is written above each."""
        maps = [each for block in self.blocks(line) for each in block.get("maps", ())]
        return [(f"{each['name']} {each['note']}".strip(), self.tensor(each)) for each in maps]

    def tensor(self, place: dict[str, Any]) -> Any:
        """Return the numbers that stand at a place."""
        size = int(np.prod(place["shape"]))
        flat = self.numbers[place["start"] : place["start"] + size]
        return flat.reshape(place["shape"]).tolist()


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
    assert sent.maps(FORWARD) == [("x", made["inputs"]), ("y_pred", made["y_pred"])]
    standing = zip(NAMES, made["standing"], strict=False)
    assert sent.maps(ZERO_GRAD) == [(f"{name}.grad", each) for name, each in standing]
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


def test_the_loss_is_the_mean_of_the_squared_errors_and_is_printed_as_pytorch_does() -> None:
    sent, made = Sent(7, Settings(learning_rate=RATE)), oracle(7)

    assert f"add up to {sum(made['squared errors']):.4f}; divided by 10 rows" in sent.words(LOSS)
    assert f">>> loss.item()\n{made['loss']}" in sent.words(LOSS)


def test_what_zero_grad_clears_or_leaves_is_said() -> None:
    assert "Nothing to clear yet" in Sent(0, Settings()).words(ZERO_GRAD)
    assert "Cleared: what epoch 6 had left" in Sent(7, Settings()).words(ZERO_GRAD)
    forgotten = Sent(7, Settings(zero_gradients=False))
    assert "Not cleared: this is what all epochs so far have piled up" in forgotten.words(ZERO_GRAD)
    assert forgotten.facts["lines"][ZERO_GRAD]["forgotten"]
    assert not Sent(7, Settings()).facts["lines"][ZERO_GRAD]["forgotten"]


@pytest.mark.parametrize("epoch", [0, 7, 49])
def test_the_largest_gradient_is_named_and_is_how_the_loss_changes(epoch: int) -> None:
    sent, made = Sent(epoch, Settings(learning_rate=RATE)), oracle(epoch)
    named = re.search(r"that of `model(\S+)`: .* the loss changes by (\S+) times", sent.words(3))
    assert named
    tensor = made["gradients"][NAMES.index("model" + re.split(r"(?<=t|s)(?=\[)", named[1])[0])]
    for place in re.findall(r"\[(\d+)\]", named[1].partition("]")[2]):
        tensor = tensor[int(place)]

    assert named[2] == f"{tensor:.4f}"
    assert abs(tensor) == np.abs(flat(made["gradients"])).max()


def test_piled_up_gradients_are_said_to_be_so_after_backward() -> None:
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
    gradient = f"{gradients[most]:.4f}" if gradients[most] > 0 else f"({gradients[most]:.4f})"

    assert f"{before[most]:.4f} - 0.5 × {gradient} = {after[most]:.4f}." in words
    assert f"{(before != after).sum()} of 61 numbers changed; they are underlined." in words
    worst = re.search(r"largest difference is (\S+), the rounding", words)
    assert worst
    differences = np.abs(after - (before - RATE * gradients))
    assert worst[1] == f"{differences.max():.0e}"


def test_where_every_gradient_is_0_nothing_moves_and_both_are_said() -> None:
    still = Sent(29, far_beyond((5,), 1e4, epochs=30))

    assert not flat(article_loop([5], 1e4, 30, 0)["last epoch"]["gradients"]).any()
    assert "Every gradient is 0" in still.words(BACKWARD)
    assert "Nothing moved" in still.words(STEP)
    assert "0 of 61 numbers changed." in still.words(STEP)


def test_64_units_are_a_few_kilobytes() -> None:
    assert len(Sent(7, Settings((64,))).bytes) < 20_000


def epoch(after: FloatArray) -> Epoch:
    return Epoch(
        number=0,
        names=("model[0].bias",),
        layers=(),
        loss=0.25,
        squared_errors=np.array([0.25], np.float32),
        standing=(),
        gradients=(GRADIENT,),
        before=(BEFORE,),
        after=(after,),
    )


def test_the_rule_holds_where_every_number_followed_it() -> None:
    assert "holds for all 2 numbers" in _whether_it_holds(epoch(STEPPED), RATE)


def test_one_number_that_did_not_follow_the_rule_is_noticed() -> None:
    strayed = STEPPED + np.array([0, 0.01], np.float32)

    sentence = _whether_it_holds(epoch(strayed), RATE)
    assert "does not hold here: the largest difference is 1e-02" in sentence


@pytest.mark.parametrize("settings", [AT_ONCE, SOON], ids=["at once", "soon"])
def test_a_step_that_breaks_the_training_is_said_to_do_so(settings: Settings) -> None:
    words = Sent(-1, settings).words(STEP)

    assert words == "After this step some are no numbers any more: the training broke here."


# In the browser.


def opened(page: Page, server: Server, query: str) -> Locator:
    page.goto(f"{server.address}?tab=Look+inside&{query}")
    expect(page.get_by_text("One row's arithmetic")).to_be_visible()
    expect(page.locator(".lines .which")).to_contain_text("In epoch")
    settled(page)
    return page.locator(".lines")


def cells(lines: Locator, table: int) -> list[str]:
    return lines.get_by_role("table").nth(table).locator("td").all_inner_texts()


@pytest.mark.parametrize("width", [1280, 375])
def test_four_quick_clicks_are_four_steps_and_ask_nothing(
    page: Page, server: Server, width: int
) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    page.set_viewport_size({"width": width, "height": 900})
    lines = opened(page, server, "epoch=7&lr=0.5&hidden=64")
    sent.clear()

    page.get_by_role("button", name="Next line").evaluate(
        "each => { for (let click = 0; click < 4; click += 1) each.click(); }"
    )

    expect(lines.get_by_role("radio").nth(STEP)).to_be_checked()
    expect(page.get_by_text("holds for all 769 numbers")).to_be_visible()
    expect(lines.get_by_role("table")).to_have_count(12)  # before, grad, after; four parameters
    assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert sent == []


def test_clicks_are_counted_from_epoch_to_epoch_and_each_changes_all_at_once(
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
        loss = f">>> loss.item()\n{losses[number]}" if each["line"] == LOSS else ""
        assert each["printed"] == loss


def test_an_answer_that_comes_late_takes_no_click_back(page: Page, server: Server) -> None:
    held: list[bytes] = []
    routes: list[WebSocketRoute] = []

    def connect(browser: WebSocketRoute) -> None:
        def take_in(message: str | bytes) -> None:
            if holding:
                assert isinstance(message, bytes)
                held.append(message)
            else:
                browser.send(message)

        routes.append(browser)
        browser.connect_to_server().on_message(take_in)

    holding = False
    page.route_web_socket(re.compile("_stcore/stream"), connect)
    lines = opened(page, server, "epoch=7&lr=0.5")
    holding = True
    for answers in (1, 2):  # to epoch 8, then to epoch 9: two clicks more than a whole epoch each
        page.get_by_role("button", name="Next line").evaluate(
            "each => { for (let click = 0; click < 6; click += 1) each.click(); }"
        )
        while sum(is_the_end(ForwardMsg.FromString(each)) for each in held) < answers:
            page.wait_for_timeout(20)
    holding = False
    for message in held:
        routes[-1].send(message)

    expect(lines.locator(".which")).to_have_text("In epoch 9, look at")
    expect(lines.get_by_role("radio").nth(ZERO_GRAD)).to_be_checked()


def test_after_the_last_line_of_the_last_epoch_comes_its_first(page: Page, server: Server) -> None:
    lines = opened(page, server, "epoch=49")
    lines.get_by_role("radio").nth(STEP).check()

    page.get_by_role("button", name="Next line").click()

    expect(lines.get_by_role("radio").nth(FORWARD)).to_be_checked()
    expect(lines.locator(".which")).to_have_text("In epoch 49, look at")


def test_the_slider_leads_to_another_epoch_and_the_line_stays(page: Page, server: Server) -> None:
    lines = opened(page, server, "epoch=46&lr=0.5")
    lines.get_by_role("radio").nth(FORWARD).press("ArrowDown")
    expect(lines.get_by_role("radio").nth(LOSS)).to_be_checked()

    page.locator(".st-key-epoch").get_by_role("slider").press("ArrowLeft")
    expect(lines.locator(".which")).to_have_text("In epoch 45, look at")
    expect(lines.locator("pre")).to_contain_text(str(oracle(45)["loss"]))

    page.get_by_role("tab", name="Code").click()
    page.get_by_text("import torch").first.wait_for()
    page.get_by_role("tab", name="Look inside").click()
    expect(lines.get_by_role("radio").nth(LOSS)).to_be_checked()
    expect(lines.locator(".which")).to_have_text("In epoch 45, look at")


def test_every_number_stands_in_its_cell_on_a_ground_of_its_sign_and_size(
    page: Page, server: Server
) -> None:
    lines, made = opened(page, server, "epoch=7&lr=0.5"), oracle(7)
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


def test_the_bars_are_the_rows_shares_in_the_loss(page: Page, server: Server) -> None:
    lines, made = opened(page, server, "epoch=7&lr=0.5"), oracle(7)
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


def test_a_forgotten_line_is_struck_through(page: Page, server: Server) -> None:
    lines = opened(page, server, "epoch=3&forget=true")

    expect(lines.locator("s")).to_have_text("optimizer.zero_grad()")
    lines.get_by_role("radio", name="optimizer.zero_grad() forgotten").check()
    expect(page.get_by_text("have piled up in every .grad")).to_be_visible()
