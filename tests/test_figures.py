"""The figures below the network: in every state, computed by NumPy from the stored run."""

from __future__ import annotations

import base64
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser import CHART, Server, advised, figure, opened, settled
from tests.node import Module
from tinynet import Run, Settings, train
from tinynet.analysis.diagnosis import loss_text
from tinynet.charts import Scale, describe_loss_chart
from tinynet.stage.message import packed

BELOW_THE_MEAN = 8  # with this seed, all losses are below that of the mean
SAID = """(bytes) => {
  const data = pure.unpack(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
  const film = pure.decode(data), losses = data.epochs.map((_, state) => film.loss(state)[0]);
  const words = (state) => pure.figuresAt(state, data, losses).slice(0, 2);
  return data.epochs.map((_, state) => words(state).map(({ value, note }) => [value, note]));
}"""


def said(module: Module, run: Run) -> Any:
    """Return the value and note of the loss and of the score, state by state."""
    return module.evaluate(SAID, base64.b64encode(packed(run)).decode())


def test_right_answers_of_each_state_are_those_of_its_predictions(module: Module) -> None:
    run = train(Settings((6,), 0.5, 40, data="moons"))
    ones = run.targets == 1
    right = [int(((each > 0.5) == ones).sum()) for each in run.checkpoints.predictions]
    shown = said(module, run)

    assert len(set(right)) > 3
    assert [score for _, (score, _) in shown] == [f"{each} of 200" for each in right]
    assert {note for _, (_, note) in shown} == {f"always class 1: {ones.sum()}"}
    assert [loss for (loss, _), _ in shown] == [f"{each:.4f}" for each in run.every_loss]
    changes = run.every_loss - run.every_loss[0]
    assert [note for (_, note), _ in shown] == [f"{each:+.4f} since epoch 0" for each in changes]


def test_of_several_classes_the_largest_output_counts(module: Module) -> None:
    run = train(Settings((6,), 0.5, 300, data="blobs"))
    answers = run.checkpoints.predictions.argmax(axis=2)
    right = (answers == run.targets.ravel()).sum(axis=1)
    rows = len(run.targets)

    assert [score for _, (score, _) in said(module, run)] == [f"{each} of {rows}" for each in right]


@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_of_numbers_the_share_of_the_variance_is_told(module: Module, rate: float) -> None:
    run = train(Settings((8,), rate, 9, data="plane", activation="tanh"))
    y = run.targets.astype(np.float64)
    shares = [1 - ((each - y) ** 2).mean() / y.var() for each in run.checkpoints.predictions]
    expected = [f"{each:.3f}" if abs(each) < 1e4 else f"{each:.1e}" for each in shares]

    assert [score for _, (score, _) in said(module, run)] == expected


def test_test_rows_have_their_loss_and_their_answers_in_every_state(
    module: Module,
) -> None:
    run = train(Settings((6,), 0.5, 40, data="moons", test_share=0.3))
    shown = said(module, run)
    predictions = run.checkpoints.test_predictions
    right = ((predictions > 0.5) == (run.test_targets == 1)).sum(axis=(1, 2))

    assert [note for (_, note), _ in shown] == [
        f"on test rows: {loss_text(each)}" for each in run.every_test_loss
    ]
    assert [note for _, (_, note) in shown] == [f"of test rows: {each} of 60" for each in right]


def test_they_follow_the_player_and_say_what_they_mean(page: Page, server: Server) -> None:
    opened(page, f"{server.address}?data=moons&lr=0.5")
    run = train(Settings(data="moons", learning_rate=0.5))
    page.locator(".player").press("Home")
    for state in range(4):
        right = ((run.checkpoints.predictions[state] > 0.5) == (run.targets == 1)).sum()
        expect(page.locator("[data-figure=loss]")).to_have_text(loss_text(run.losses[state]))
        expect(figure(page, "Correct")).to_have_text(f"{right} of 200")
        page.locator(".player").press("ArrowRight")

    explained = page.get_by_role("group", name="Loss", exact=True)
    expect(explained).to_have_accessible_description("The mean squared error in the current state.")


def test_one_message_brings_a_run_and_a_switch_of_the_scale_none(
    page: Page, server: Server
) -> None:
    sent: list[bytes | str] = []
    brought: list[bytes | str] = []

    def note_sent(message: bytes | str) -> None:
        sent.append(message)

    def note_brought(message: bytes | str) -> None:
        brought.append(message)

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", note_sent)
        socket.on("framereceived", note_brought)

    page.on("websocket", listen)
    opened(page, f"{server.address}?hidden=6")
    advised(page)  # by then the coach has made its request
    settled(page)
    sent.clear()
    brought.clear()

    ticks = page.locator(f"{CHART} .ytick text")
    for _ in range(2):
        page.get_by_role("radio", name="Fit").check()
        expect(ticks.first).not_to_have_text("0")
        page.get_by_role("radio", name="Log").check()
        expect(ticks).to_have_text(["0.1", "0.2"])
    settled(page)
    assert not sent
    assert not brought

    page.get_by_role("slider", name="Hidden units").press("ArrowRight")
    expect(figure(page, "Parameters")).to_have_text("85")
    settled(page)
    messages = [ForwardMsg.FromString(each) for each in brought if isinstance(each, bytes)]
    components = [each.delta.new_element.bidi_component for each in messages]
    finished = [each for each in components if b" until " not in each.bytes[:200]]
    names = [each.component_name for each in finished]
    assert names.count("tinynet_player") == 1
    assert "tinynet_chart" not in names
    expect(page.get_by_role("radio", name="Log")).to_be_checked()  # while runs change
    expect(page.locator(f"{CHART} .legend li").first).to_have_text("before: hidden units 6")


def test_the_words_for_the_chart_are_those_of_its_scale(page: Page, server: Server) -> None:
    run = train(Settings(learning_rate=0.5, seed=BELOW_THE_MEAN))
    plot = page.locator(f"{CHART} .plot")
    opened(page, f"{server.address}?lr=0.5&seed={BELOW_THE_MEAN}")
    words = {scale: describe_loss_chart(run, scale) for scale in Scale}

    assert "Baseline" in words[Scale.LOG]
    assert "Baseline" not in words[Scale.FIT]
    for scale in (Scale.FIT, Scale.LOG, Scale.LINEAR):
        page.get_by_role("radio", name=scale).check()
        expect(plot).to_have_attribute("aria-label", words[scale])


FRAMES = """() => {
  const host = [...document.querySelectorAll(".st-key-player *")].find((e) => e.shadowRoot);
  const find = (name) => host.shadowRoot.querySelector(name);
  window.frames = [];
  const look = () => {
    requestAnimationFrame(look);
    const curve = [...host.shadowRoot.querySelectorAll(".scatterlayer .js-line")].pop();
    window.frames.push([
      find(".stage").toDataURL(), find("[data-figure=loss]").textContent, curve.getAttribute("d"),
    ]);
  };
  look();
}"""


def test_network_loss_and_curve_of_a_run_are_seen_in_the_same_frame(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?lr=0.5")
    page.evaluate(FRAMES)
    for units in (6, 7, 8):
        page.get_by_role("slider", name="Hidden units").press("ArrowRight")
        expect(figure(page, "Parameters")).to_have_text(str(12 * units + 1))
        settled(page)

    changes = [
        [one != other for one, other in zip(before, after, strict=True)]
        for before, after in pairwise(page.evaluate("window.frames"))
    ]
    assert [each for each in changes if any(each)] == [[True] * 3] * 3
