"""The cursor of the loss chart, and calls that arrive late."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import (
    CHART,
    Server,
    Shared,
    in_motion,
    opened,
    settled,
)
from tests.loss_chart import plot
from tests.oracle import article_loop
from tests.stage import stage_address
from tinynet.stage.assets import SCRIPTS

pytestmark = pytest.mark.usefixtures("no_errors")


def cursor(page: Page) -> tuple[float, float]:
    """Return the place of the cursor's dot, as shares of the plot's width and height."""
    dot, area = page.locator(f"{CHART} .dot").bounding_box(), plot(page)
    assert dot
    x, y = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
    return (x - area["x"]) / area["width"], (area["y"] + area["height"] - y) / area["height"]


@pytest.mark.parametrize("state", [0, 20, 50])
def test_the_cursor_stands_on_the_curve_at_the_state_that_the_player_shows(
    shared: Shared, server: Server, state: int
) -> None:
    page = shared(opened, f"{server.address}?lr=0.5")
    run = article_loop([5], 0.5, 50, 0)
    losses = [*run["losses"], run["final_loss"]]

    page.locator(".player").press("Home")
    for _ in range(state):
        page.locator(".player").press("ArrowRight")
    expect(page.locator(".where")).to_contain_text(f"After {state} of 50 epochs")

    x, y = cursor(page)
    assert x == pytest.approx(state / 50, abs=0.01)
    assert y == pytest.approx(losses[state] / (1.02 * max(0.3, *losses)), abs=0.01)
    label, chart = page.locator(f"{CHART} .at"), page.locator(f"{CHART} .plot").bounding_box()
    expect(label).to_have_text(f"shown: epoch {state}")
    box, area = label.bounding_box(), plot(page)
    assert box
    assert chart
    assert box["x"] <= area["x"] + x * area["width"] <= box["x"] + box["width"]  # at the cursor
    assert box["y"] >= area["y"] + area["height"]  # below the curve, on the axis
    assert chart["x"] <= box["x"] < box["x"] + box["width"] <= chart["x"] + chart["width"]
    expect(page.locator(f"{CHART} .xtitle")).to_be_hidden()  # the label replaces the axis title


def test_a_click_on_the_curve_goes_there_and_the_address_follows(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?lr=0.5")
    area = plot(page)
    x, y = area["x"] + 0.4 * area["width"], area["y"] + 0.5 * area["height"]

    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    expect(page.locator(f"{CHART} .hoverlayer")).to_contain_text("epoch 20")
    page.mouse.click(x, y)

    expect(page.locator(".where")).to_contain_text("After 20 of 50 epochs")
    page.wait_for_url("**epoch=20**")
    assert cursor(page)[0] == pytest.approx(0.4, abs=0.01)
    page.get_by_role("radio", name="Look inside").click()
    expect(page.locator(".lines[data-update='20']")).to_be_visible()


def test_no_step_is_lost_while_the_server_answers_the_one_before(
    page: Page, server: Server
) -> None:
    opened(page, server.address)
    player = page.locator(".player")
    player.press("Home")
    for step in range(12):
        player.press("ArrowRight")
        page.wait_for_timeout((20, 300, 400)[step % 3])  # the answer arrives after a rest

    settled(page)
    expect(page.locator(".where")).to_contain_text("After 12 of 50 epochs")


EPOCHS_READ = """async () => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean);
  const text = (name) => roots.map((root) => root.querySelector(name)).find(Boolean).textContent;
  const pairs = [];
  while (pairs.length < 30) {
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    pairs.push([/After ([\\d,]+)/.exec(text(".where"))[1], /epoch ([\\d,]+)/.exec(text(".at"))[1]]);
  }
  return pairs;
}"""


def test_while_it_plays_the_chart_and_the_player_name_the_same_epoch(
    page: Page, server: Server
) -> None:
    in_motion(opened(page, f"{server.address}?epochs=500&hidden=64"))  # some are kept
    page.get_by_role("button", name="Play").click()

    pairs = page.evaluate(EPOCHS_READ)

    assert len({where for where, _ in pairs}) > 5
    assert [where for where, _ in pairs] == [at for _, at in pairs]


CALLED = """async (html) => {
  document.body.innerHTML = "<div></div>";
  const host = document.querySelector("div"), place = host.attachShadow({ mode: "open" });
  place.innerHTML = html;
  const chart = place.querySelector(".chart"), plot = place.querySelector(".plot");
  const { default: show } = await import("/scripts/streamlit/chart.js");
  window.drawn = []; // the width and the trace of each drawing
  const react = (at, data, layout) => {
    at._fullLayout = layout;
    at.on = () => {};
    drawn.push([layout.width, ...data]);
  };
  window.stub = { react, purge: () => {} };
  const script = "/plotly.js";
  const next = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const frame = async () => { await next(); await next(); };
  const call = async (trace, isOvertaken) => {
    const facts = { script, figure: { data: [trace], layout: { height: 100 } } };
    const data = new TextEncoder().encode(JSON.stringify(facts));
    const leave = show({ data, parentElement: place });
    if (isOvertaken) leave(); // as Streamlit does, at once
    while (!window.Plotly) await next();
    await frame();
    return leave;
  };
  const widen = async (width) => { chart.style.width = `${width}px`; await frame(); };
  chart.style.display = "block";
  await widen(300);
"""


def drawn_after(page: Page, acts: str) -> list[tuple[int, str]]:
    """Call the chart's script as Streamlit does; return the width and trace of each drawing."""
    html = (SCRIPTS / "chart/chart.html").read_text()
    page.goto(stage_address())
    page.evaluate(f"{CALLED}{acts}\n}}", html)
    return [tuple(each) for each in page.evaluate("drawn")]


def test_a_clean_up_of_a_call_that_was_overtaken_takes_nothing_down(page: Page) -> None:
    drawn = drawn_after(
        page,
        """const overtaken = await call("first");
        await call("second");
        overtaken();
        await widen(400);""",
    )

    assert drawn == [(300, "first"), (300, "second"), (400, "second")]


def test_a_call_that_comes_late_and_was_overtaken_draws_nothing(page: Page) -> None:
    drawn = drawn_after(
        page,
        """await call("second");
        await call("first", true);
        await widen(400);""",
    )

    assert drawn == [(300, "second"), (400, "second")]


def test_a_figure_that_comes_while_the_chart_is_out_of_sight_is_drawn_once_it_is_seen(
    page: Page,
) -> None:
    drawn = drawn_after(
        page,
        """await call("first");
        host.style.display = "none";
        await call("second");
        host.style.display = "block";
        await frame();""",
    )

    assert drawn == [(300, "first"), (300, "second")]


def test_a_chart_that_is_taken_down_is_drawn_no_more(page: Page) -> None:
    drawn = drawn_after(
        page,
        """const leave = await call("first");
        host.remove();
        leave();
        document.body.append(host);
        await widen(400);""",
    )

    assert drawn == [(300, "first")]
