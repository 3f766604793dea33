"""The player in a real browser: it plays by itself, and shows PyTorch's numbers."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server, in_motion, settled
from tests.node import Module
from tests.player import opened, where
from tinynet import Settings, train
from tinynet.analysis.diagnosis import loss_text
from tinynet.stage.message import packed
from tinynet.training.film import film

FRAMES = """async () => {
  let frames = 0;
  const end = performance.now() + 1500;
  await new Promise((done) => {
    const next = () => {
      frames += 1;
      performance.now() < end ? requestAnimationFrame(next) : done();
    };
    requestAnimationFrame(next);
  });
  return frames / 1.5;
}"""


@pytest.mark.parametrize("hidden", [(), (7,), (4, 9, 2)], ids=str)
def test_what_is_unpacked_in_the_browser_is_the_film(
    module: Module, hidden: tuple[int, ...]
) -> None:
    run = train(Settings(hidden, 0.5, 30))
    reel = film(run)
    read: dict[str, Any] = module.evaluate(
        """(bytes) => {
          const data = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
          const reel = pure.decode(data);
          const parts = ["loss", "parameters", "gradients", "hidden", "predictions"];
          return { name: data.name, epochs: data.epochs, widths: data.widths,
                   state: Object.fromEntries(parts.map((part) => [part, [...reel[part](12)]])) };
        }""",
        base64.b64encode(packed(run, None)).decode(),
    )

    assert read["name"] == repr(run.settings)
    assert read["epochs"] == list(range(31))
    assert read["widths"] == [10, *hidden, 1]
    assert read["state"]["loss"] == [reel.losses[12]]
    assert read["state"]["parameters"] == reel.parameters[12].tolist()
    assert read["state"]["gradients"] == reel.gradients[12].tolist()
    assert read["state"]["hidden"] == reel.hidden[12].ravel().tolist()
    assert read["state"]["predictions"] == reel.predictions[12].tolist()


@pytest.mark.parametrize("hidden", [(), (7,), (4, 9, 2)], ids=str)
def test_a_weight_is_found_where_pytorch_keeps_it(module: Module, hidden: tuple[int, ...]) -> None:
    run = train(Settings(hidden, epochs=1))
    parameters = [each[0] for each in run.checkpoints.parameters]
    flat = film(run).parameters[0]
    for layer, (weight, bias) in enumerate(zip(parameters[::2], parameters[1::2], strict=True)):
        unit, i = len(bias) - 1, weight.shape[1] - 2
        places = module.evaluate(
            """([widths, layer, unit, i]) => {
              const each = pure.layersOf(widths)[layer];
              return [pure.indexOf(each, unit, i), pure.indexOf(each, unit)];
            }""",
            [[10, *hidden, 1], layer, unit, i],
        )

        assert flat[places].tolist() == np.array([weight[unit, i], bias[unit]]).tolist()


def test_a_loss_has_the_digits_of_the_figures_below() -> None:
    losses = [0.2401, 0.001, 0.00096, 0.00012, 0.000099999, 4.53e-5, 4e-5, 0.0, 2e6, 4.7e16]
    expected = [f"{loss:.4f}" if 0.001 <= loss < 1e6 else f"{loss:.2g}" for loss in losses]

    assert [loss_text(loss) for loss in losses] == expected
    assert [loss_text(float(loss)) for loss in ("nan", "inf")] == ["nan", "inf"]


def test_the_scales_are_those_of_all_states_and_pass_over_what_is_no_number(module: Module) -> None:
    settings = Settings((3, 2), 10.0, 50, data="hills")
    run = train(settings)
    assert run.diverged
    reel = film(run)
    weights, biases = (
        np.concatenate([each.reshape(len(reel.epochs), -1) for each in parameters], axis=1)
        for parameters in (run.checkpoints.parameters[::2], run.checkpoints.parameters[1::2])
    )
    read = module.evaluate(
        """(bytes) => {
          const data = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
          const { peaks, ...scales } = pure.scalesOf(pure.decode(data), data);
          return scales;
        }""",
        base64.b64encode(packed(run, None)).decode(),
    )

    def largest(numbers: Any) -> float:
        return float(np.abs(numbers[np.isfinite(numbers)]).max())

    ends = [0, *run.targets[:10].ravel(), *reel.predictions[np.isfinite(reel.predictions)]]
    assert {name: float(value) for name, value in read.items()} == {
        "weight": largest(weights),
        "bias": largest(biases),
        "input": largest(run.inputs[:10]),
        "activation": largest(reel.hidden),
        "low": min(ends),
        "high": max(ends),
    }


def test_a_step_that_leads_nowhere_new_is_over_and_playing_and_scrubbing_send_nothing(
    page: Page, server: Server
) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    opened(page, server, "&lr=0.5")
    number = page.get_by_label("Epoch, 0 to")
    page.locator(".player").press("End")  # the player is already there
    number.fill("0")
    number.press("Enter")
    # Wait, by the page's own clock, longer than the player waits for another step.
    page.evaluate("() => new Promise((over) => setTimeout(over, 400))")
    settled(page)
    expect(number).to_have_value("0")
    expect(page.locator(".where")).to_have_text(where(0, rate=0.5))

    in_motion(page)
    sent.clear()
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1_500)
    assert page.evaluate(FRAMES) > 5  # 60 on an idle machine
    scrub = page.get_by_label("State of the network")
    scrub.evaluate(
        "e => [3, 30, 12].forEach((v) => { e.value = v; e.dispatchEvent(new Event('input')); })"
    )
    expect(page.locator(".where")).to_have_text(where(12, rate=0.5))
    assert sent == []

    scrub.evaluate("e => e.dispatchEvent(new Event('change'))")
    expect(page.locator(".lines[data-update='12']")).to_be_visible()
    expect(number).to_have_value("12")
    page.wait_for_url("**epoch=12**")
    assert len(sent) == 1
